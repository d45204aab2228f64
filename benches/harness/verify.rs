//! How many tokens `keyfob verify` judges per second on one core, beside a bare check of the same
//! signatures: `verify <keyfob binary>` prints a Markdown table.
//!
//! Three things in turn, round after round in one run, so that a noisy machine hits them alike: the
//! signature alone (ring, key ready, input already split), every check of the library, and the whole
//! program fed through a pipe. The best round of each counts.

use std::env;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use keyfob::base::{Issuer, Timestamp, TokenIssuers};
use keyfob::jwt::checks::{Detail, Outcome, Terms, check};
use keyfob::jwt::{AccessTokenTypes, Algorithm, KeySet};
use ring::rand::SystemRandom;
use ring::signature as rs;
use rs::KeyPair as _;
use rsa::pkcs8::EncodePrivateKey as _;
use serde_json::{Value, json};

const ISSUER: &str = "https://id.example.com";
const TOKENS: usize = 20_000;
const ROUNDS: usize = 7;

struct Signer {
    name: &'static str,
    jwk: Value,
    bare: rs::UnparsedPublicKey<Vec<u8>>,
    sign: Box<dyn Fn(&[u8]) -> Vec<u8>>,
}

fn main() {
    let binary = env::args().nth(1).expect("the path of keyfob");
    println!(
        "| algorithm | bare signatures/s | all checks/s | share | `verify --ndjson`/s | share |"
    );
    println!("|---|---|---|---|---|---|");
    for signer in [rsa(), ecdsa(), ed25519()] {
        measure(&signer, &binary);
    }
}

fn measure(signer: &Signer, binary: &str) {
    let tokens: Vec<String> = (0..TOKENS).map(|number| token(signer, number)).collect();
    let parts: Vec<(String, Vec<u8>)> = tokens
        .iter()
        .map(|token| {
            let (input, signature) = token.rsplit_once('.').unwrap();
            (input.to_owned(), BASE64.decode(signature).unwrap())
        })
        .collect();
    let document = json!({ "keys": [signer.jwk] }).to_string();
    let keys = KeySet::parse(document.as_bytes()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("keys.json");
    std::fs::write(&file, &document).unwrap();
    let lines = tokens.join("\n");
    let mut best = [Duration::MAX; 3];
    for _ in 0..ROUNDS {
        let began = Instant::now();
        for (input, signature) in &parts {
            signer.bare.verify(input.as_bytes(), signature).unwrap();
        }
        best[0] = best[0].min(began.elapsed());
        let began = Instant::now();
        for token in &tokens {
            assert_eq!(judge(token, &keys), Outcome::Holds);
        }
        best[1] = best[1].min(began.elapsed());
        let began = Instant::now();
        piped(binary, &file, &lines);
        best[2] = best[2].min(began.elapsed());
    }
    let rate = |span: Duration| TOKENS as f64 / span.as_secs_f64();
    let share = |span: Duration| 100.0 * best[0].as_secs_f64() / span.as_secs_f64();
    println!(
        "| {} | {:.0} | {:.0} | {:.0} % | {:.0} | {:.0} % |",
        signer.name,
        rate(best[0]),
        rate(best[1]),
        share(best[1]),
        rate(best[2]),
        share(best[2]),
    );
}

fn judge(token: &str, keys: &KeySet) -> Outcome {
    let issuers = TokenIssuers::Exact(Issuer::parse(ISSUER).unwrap());
    let terms = Terms {
        kind: None,
        issuers: &issuers,
        audiences: &["api://orders".to_owned()],
        client_id: None,
        clients: &[],
        tenants: &[],
        scopes: &["orders.read".to_owned()],
        roles: &[],
        classes: &[],
        contexts: &[],
        algorithms: &[Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa],
        types: AccessTokenTypes::Any,
        ahead: None,
        now: now(),
        leeway: Duration::from_secs(60),
        detail: Detail::Exceptions,
    };
    check(token, Some(keys), &terms).outcome
}

/// One process, pinned to one core as the loops above are.
fn piped(binary: &str, keys: &std::path::Path, lines: &str) {
    let mut child = Command::new(binary)
        .args(["verify", "-", "--ndjson", "--offline", "--jwks"])
        .arg(keys)
        .args(["--issuer", ISSUER, "--audience", "api://orders"])
        .args(["--scope", "orders.read", "--store", "memory"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(lines.as_bytes()).unwrap();
    drop(stdin);
    assert!(child.wait().unwrap().success(), "every token holds");
}

/// A token as real ones are: some twenty claims, a kilobyte or so.
fn token(signer: &Signer, number: usize) -> String {
    let now = now().0;
    let header = json!({ "alg": signer.name, "kid": "one", "typ": "JWT" });
    let claims = json!({
        "aud": "api://orders", "iss": ISSUER, "iat": now, "nbf": now, "exp": now + 3600,
        "aio": "AXQAi/8TAAAAq2r0Q7b1c2d3e4f5g6h7i8j9k0l1m2n3o4p5q6r7s8t9u0v1w2x3y4z5",
        "azp": "0f3b8a52-6a3f-4b1e-9d52-0c7a3f1e2d4b", "azpacr": "0", "name": "Amara Okafor",
        "oid": format!("5d0c1f3e-0000-4000-8000-{number:012}"), "roles": ["Reader", "Writer"],
        "preferred_username": "amara@practice.example", "rh": "0.ARoAv4j5cvGGr0GRqy180BHbR3",
        "scp": "orders.read orders.write", "sub": format!("subject-{number}"),
        "tid": "8eaef023-2b34-4da1-9baa-8bc8c9d6a490", "uti": "cBfvK2OiDk6hJ4lN8pQrAA",
        "ver": "2.0", "xms_ftd": "q8nM9bV0cX1zL2kJ3hG4fD5sA6pO7iU8yT9rE0wQ",
    });
    let input = format!(
        "{}.{}",
        BASE64.encode(header.to_string()),
        BASE64.encode(claims.to_string())
    );
    let signature = (signer.sign)(input.as_bytes());
    format!("{input}.{}", BASE64.encode(signature))
}

fn rsa() -> Signer {
    let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
    let pkcs8 = key.to_pkcs8_der().unwrap();
    let pair = rs::RsaKeyPair::from_pkcs8(pkcs8.as_bytes()).unwrap();
    let public = rs::RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
    Signer {
        name: "RS256",
        jwk: json!({ "kty": "RSA", "kid": "one", "use": "sig",
            "n": BASE64.encode(public.n), "e": BASE64.encode(public.e) }),
        bare: rs::UnparsedPublicKey::new(
            &rs::RSA_PKCS1_2048_8192_SHA256,
            pair.public().as_ref().to_vec(),
        ),
        sign: Box::new(move |message| {
            let mut signature = vec![0; pair.public().modulus_len()];
            let random = SystemRandom::new();
            pair.sign(&rs::RSA_PKCS1_SHA256, &random, message, &mut signature)
                .unwrap();
            signature
        }),
    }
}

fn ecdsa() -> Signer {
    let (random, kind) = (SystemRandom::new(), &rs::ECDSA_P256_SHA256_FIXED_SIGNING);
    let pkcs8 = rs::EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
    let pair = rs::EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random).unwrap();
    let point = pair.public_key().as_ref().to_vec();
    Signer {
        name: "ES256",
        jwk: json!({ "kty": "EC", "kid": "one", "crv": "P-256",
            "x": BASE64.encode(&point[1..33]), "y": BASE64.encode(&point[33..]) }),
        bare: rs::UnparsedPublicKey::new(&rs::ECDSA_P256_SHA256_FIXED, point),
        sign: Box::new(move |message| {
            let random = SystemRandom::new();
            pair.sign(&random, message).unwrap().as_ref().to_vec()
        }),
    }
}

fn ed25519() -> Signer {
    let pkcs8 = rs::Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let pair = rs::Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
    let point = pair.public_key().as_ref().to_vec();
    Signer {
        name: "EdDSA",
        jwk: json!({ "kty": "OKP", "kid": "one", "crv": "Ed25519", "x": BASE64.encode(&point) }),
        bare: rs::UnparsedPublicKey::new(&rs::ED25519, point),
        sign: Box::new(move |message| pair.sign(message).as_ref().to_vec()),
    }
}

fn now() -> Timestamp {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp(i64::try_from(now.as_secs()).unwrap())
}
