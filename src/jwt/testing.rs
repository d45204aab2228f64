//! Keys and signed tokens for tests; made once per test binary, never written down.

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use p521::ecdsa::signature::Signer as _;
use p521::elliptic_curve::Generate as _;
use ring::rand::SystemRandom;
use ring::signature::{self as rs, KeyPair as _};
use rsa::pkcs8::EncodePrivateKey as _;
use serde_json::{Value, json};

use super::{Algorithm, KeySet};

/// A private key, its public half, and the algorithm it signs with.
pub(super) struct Signer {
    pub(super) algorithm: Algorithm,
    pub(super) jwk: Value,
    sign: Sign,
}

type Sign = Box<dyn Fn(&[u8]) -> Vec<u8> + Send + Sync>;

/// One signer per algorithm; the RSA ones share a key.
pub(super) static SIGNERS: LazyLock<Vec<Signer>> = LazyLock::new(|| {
    let mut signers = rsa_signers();
    signers.push(ring_ec(
        Algorithm::Es256,
        "P-256",
        &rs::ECDSA_P256_SHA256_FIXED_SIGNING,
    ));
    signers.push(ring_ec(
        Algorithm::Es384,
        "P-384",
        &rs::ECDSA_P384_SHA384_FIXED_SIGNING,
    ));
    signers.push(p521());
    signers.push(ed25519());
    signers
});

pub(super) fn signer(algorithm: Algorithm) -> &'static Signer {
    let mut signers = SIGNERS.iter();
    signers
        .find(|signer| signer.algorithm == algorithm)
        .expect("there is one per algorithm")
}

/// A new P-256 key, unlike that of [`SIGNERS`].
pub(super) fn stranger() -> Signer {
    ring_ec(
        Algorithm::Es256,
        "P-256",
        &rs::ECDSA_P256_SHA256_FIXED_SIGNING,
    )
}

impl Signer {
    /// Signs any header and claims, also absurd ones.
    pub(super) fn raw(&self, header: &str, claims: &str) -> String {
        let input = format!("{}.{}", encode(header), encode(claims));
        let signature = (self.sign)(input.as_bytes());
        format!("{input}.{}", encode(signature))
    }

    /// Signs claims under the header that a provider would write.
    pub(super) fn token(&self, claims: &Value) -> String {
        let header = json!({"alg": self.algorithm.name(), "kid": self.kid(), "typ": "JWT"});
        self.raw(&header.to_string(), &claims.to_string())
    }

    pub(super) fn with_header(&self, header: &Value, claims: &Value) -> String {
        self.raw(&header.to_string(), &claims.to_string())
    }

    pub(super) fn kid(&self) -> &str {
        self.jwk["kid"].as_str().unwrap()
    }

    /// The key set with this key alone.
    pub(super) fn keys(&self) -> KeySet {
        key_set(std::slice::from_ref(&self.jwk))
    }
}

pub(super) fn key_set(jwks: &[Value]) -> KeySet {
    KeySet::parse(json!({ "keys": jwks }).to_string().as_bytes()).unwrap()
}

pub(super) fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn rsa_signers() -> Vec<Signer> {
    let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
    let pkcs8 = key.to_pkcs8_der().unwrap();
    let pair = rs::RsaKeyPair::from_pkcs8(pkcs8.as_bytes()).unwrap();
    let public = rs::RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
    let jwk = json!({"kty": "RSA", "kid": "rsa", "use": "sig",
        "n": encode(public.n), "e": encode(public.e)});
    let pair = std::sync::Arc::new(pair);
    let kinds: [(Algorithm, &'static dyn rs::RsaEncoding); 6] = [
        (Algorithm::Rs256, &rs::RSA_PKCS1_SHA256),
        (Algorithm::Rs384, &rs::RSA_PKCS1_SHA384),
        (Algorithm::Rs512, &rs::RSA_PKCS1_SHA512),
        (Algorithm::Ps256, &rs::RSA_PSS_SHA256),
        (Algorithm::Ps384, &rs::RSA_PSS_SHA384),
        (Algorithm::Ps512, &rs::RSA_PSS_SHA512),
    ];
    let signer = |(algorithm, padding)| {
        let pair = std::sync::Arc::clone(&pair);
        Signer {
            algorithm,
            jwk: jwk.clone(),
            sign: Box::new(move |message| {
                let mut signature = vec![0; pair.public().modulus_len()];
                let random = SystemRandom::new();
                pair.sign(padding, &random, message, &mut signature)
                    .unwrap();
                signature
            }),
        }
    };
    kinds.into_iter().map(signer).collect()
}

fn ring_ec(algorithm: Algorithm, curve: &str, kind: &'static rs::EcdsaSigningAlgorithm) -> Signer {
    let random = SystemRandom::new();
    let pkcs8 = rs::EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
    let pair = rs::EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random).unwrap();
    Signer {
        algorithm,
        jwk: ec_jwk(curve, pair.public_key().as_ref()),
        sign: Box::new(move |message| {
            let random = SystemRandom::new();
            pair.sign(&random, message).unwrap().as_ref().to_vec()
        }),
    }
}

fn p521() -> Signer {
    let pair = p521::ecdsa::SigningKey::generate();
    let point = pair.verifying_key().to_sec1_point(false);
    Signer {
        algorithm: Algorithm::Es512,
        jwk: ec_jwk("P-521", point.as_bytes()),
        sign: Box::new(move |message| {
            let signature: p521::ecdsa::Signature = pair.sign(message);
            signature.to_bytes().to_vec()
        }),
    }
}

fn ed25519() -> Signer {
    let pkcs8 = rs::Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let pair = rs::Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
    Signer {
        algorithm: Algorithm::EdDsa,
        jwk: json!({"kty": "OKP", "kid": "Ed25519", "crv": "Ed25519",
            "x": encode(pair.public_key().as_ref())}),
        sign: Box::new(move |message| pair.sign(message).as_ref().to_vec()),
    }
}

fn ec_jwk(curve: &str, point: &[u8]) -> Value {
    let (x, y) = point[1..].split_at(point.len() / 2);
    json!({"kty": "EC", "kid": curve, "crv": curve, "x": encode(x), "y": encode(y)})
}
