//! Faults in tokens and keys.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::wire::{Wire, parts, text, verifies};
use super::Row;
use crate::issuer::{Endpoint, Person};

/// Signs in, and returns the ID token with its header, its claims and the published keys.
fn id_token(wire: &Wire) -> (String, Value, Value, Vec<Value>) {
    let keys = keys(wire);
    let token = text(&wire.sign_in(), "id_token").to_owned();
    let (header, claims) = parts(&token);
    (token, header, claims, keys)
}

fn keys(wire: &Wire) -> Vec<Value> {
    wire.get("/jwks").json()["keys"].as_array().unwrap().clone()
}

fn claims(wire: &Wire) -> Value {
    let (token, _, claims, keys) = id_token(wire);
    assert!(verifies(&token, &keys[0]), "only the claims are bent");
    claims
}

fn metadata(wire: &Wire) -> Value {
    wire.get("/.well-known/openid-configuration").json()
}

fn now() -> i64 {
    crate::issuer::clock::Clock::start(0).now().0
}

/// Finds the published key that the header names.
fn named(header: &Value, keys: &[Value]) -> Value {
    keys.iter()
        .find(|key| key["kid"] == header["kid"])
        .unwrap()
        .clone()
}

pub(super) const ID: &[Row] = &[
    ("id.iss.wrong", |wire| {
        assert_ne!(claims(wire)["iss"], wire.provider.issuer());
    }),
    ("id.iss.missing", |wire| {
        assert!(claims(wire).get("iss").is_none());
    }),
    ("id.sub.missing", |wire| {
        assert!(claims(wire).get("sub").is_none());
    }),
    ("id.aud.wrong", |wire| {
        assert_ne!(claims(wire)["aud"], "keyfob-cli");
    }),
    ("id.aud.missing", |wire| {
        assert!(claims(wire).get("aud").is_none());
    }),
    ("id.aud.array1", |wire| {
        assert_eq!(claims(wire)["aud"], json!(["keyfob-cli"]));
    }),
    ("id.aud.extra", |wire| {
        let claims = claims(wire);
        assert_eq!(claims["aud"].as_array().unwrap().len(), 2);
        assert_eq!(claims["aud"][0], "keyfob-cli");
        assert!(claims.get("azp").is_none());
    }),
    ("id.iat.missing", |wire| {
        assert!(claims(wire).get("iat").is_none());
    }),
    ("id.iat.old", |wire| {
        let age = now() - claims(wire)["iat"].as_i64().unwrap();
        assert!((604_800..604_860).contains(&age), "{age}");
    }),
    ("id.exp.missing", |wire| {
        assert!(claims(wire).get("exp").is_none());
    }),
    ("id.exp.past", |wire| {
        assert!(claims(wire)["exp"].as_i64().unwrap() < now() - 80_000);
    }),
    ("id.nonce.wrong", |wire| {
        assert_ne!(claims(wire)["nonce"], "the-nonce");
    }),
    ("id.nonce.missing", |wire| {
        assert!(claims(wire).get("nonce").is_none());
    }),
    ("id.athash.wrong", |wire| {
        let tokens = wire.sign_in();
        let (_, claims) = parts(text(&tokens, "id_token"));
        let right = crate::issuer::mint::half_hash(text(&tokens, "access_token"));
        assert_ne!(text(&claims, "at_hash"), right);
    }),
    ("id.athash.missing", |wire| {
        assert!(claims(wire).get("at_hash").is_none());
    }),
    ("id.chash.wrong", |wire| {
        assert!(claims(wire)["c_hash"].is_string());
    }),
    ("id.sig.rs256.bad", |wire| spoilt(wire, "RS256")),
    ("id.sig.es256.bad", |wire| spoilt(wire, "ES256")),
    ("id.sig.hs256.bad", |wire| {
        let (token, header, _, keys) = id_token(wire);
        assert_eq!(header["alg"], "HS256");
        let secret = keys[0].to_string();
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
        let (message, signature) = token.rsplit_once('.').unwrap();
        let right = ring::hmac::sign(&key, message.as_bytes());
        assert_eq!(signature, crate::issuer::random::base64url(right.as_ref()));
    }),
    ("id.alg.none", |wire| {
        let (token, header, ..) = id_token(wire);
        assert_eq!(header["alg"], "none");
        assert!(token.ends_with('.'));
    }),
    ("id.alg.null", |wire| {
        assert_eq!(id_token(wire).1["alg"], json!(null));
    }),
    ("id.alg.rs256", |wire| {
        let (token, header, _, keys) = id_token(wire);
        assert_eq!(header["alg"], "RS256");
        assert!(verifies(&token, &named(&header, &keys)));
    }),
    ("id.alg.other", |wire| {
        let listed = metadata(wire)["id_token_signing_alg_values_supported"].clone();
        let (token, header, _, keys) = id_token(wire);
        assert_eq!(listed, json!(["ES256"]));
        assert_eq!(header["alg"], "RS256");
        assert!(verifies(&token, &named(&header, &keys)));
    }),
    ("id.kid.absent.one", |wire| {
        let (token, header, _, keys) = id_token(wire);
        assert!(header.get("kid").is_none());
        assert_eq!(keys.len(), 1);
        assert!(verifies(&token, &keys[0]));
    }),
    ("id.kid.absent.many", |wire| {
        let (token, header, _, keys) = id_token(wire);
        assert!(header.get("kid").is_none());
        assert!(!verifies(&token, &keys[0]) && verifies(&token, &keys[1]));
    }),
    ("id.enc", |wire| {
        let tokens = wire.sign_in();
        let token = text(&tokens, "id_token");
        assert_eq!(token.split('.').count(), 5);
        assert_eq!(parts(&token.replacen('.', ".e30.", 1)).0["enc"], "A256GCM");
    }),
];

fn spoilt(wire: &Wire, algorithm: &str) {
    let listed = metadata(wire)["id_token_signing_alg_values_supported"].clone();
    let (token, header, _, keys) = id_token(wire);
    assert!(listed.as_array().unwrap().contains(&json!(algorithm)));
    assert_eq!(header["alg"], algorithm);
    assert!(!verifies(&token, &named(&header, &keys)));
}

pub(super) const OTHER: &[Row] = &[
    ("jwks.rotate.between", |wire| {
        let (token, header, _, keys) = id_token(wire);
        assert!(verifies(&token, &named(&header, &keys)));
        let (_, second, ..) = id_token(wire);
        assert_ne!(header["kid"], second["kid"]);
    }),
    ("jwks.rotate.late", |wire| {
        let (token, header, _, keys_before) = id_token(wire);
        assert!(keys_before.iter().all(|key| key["kid"] != header["kid"]));
        assert!(verifies(&token, &named(&header, &keys(wire))));
    }),
    ("jwks.oct", |wire| {
        let (_, header, _, keys) = id_token(wire);
        assert_eq!(header["alg"], "HS256");
        assert_eq!(named(&header, &keys)["kty"], "oct");
    }),
    ("jwks.use_enc", |wire| {
        let (token, header, _, keys) = id_token(wire);
        assert_eq!(named(&header, &keys)["use"], "enc");
        assert!(verifies(&token, &keys[0]));
    }),
    ("jwks.weak1024", |wire| {
        let (token, header, _, keys) = id_token(wire);
        let key = named(&header, &keys);
        // 1024 bits are 171 characters, and so is the signature.
        assert_eq!(text(&key, "n").len(), 171);
        assert_eq!(token.rsplit('.').next().unwrap().len(), 171);
    }),
    ("jwks.dupkid", |wire| {
        let (token, _, _, keys) = id_token(wire);
        assert_eq!(keys[0]["kid"], keys[1]["kid"]);
        assert!(!verifies(&token, &keys[0]) && verifies(&token, &keys[1]));
    }),
    ("jwks.algmix", |wire| {
        let keys = keys(wire);
        assert_eq!(
            (&keys[0]["kty"], &keys[0]["alg"]),
            (&json!("EC"), &json!("RS256"))
        );
    }),
    ("jwks.storm", |wire| {
        let (_, first, _, keys) = id_token(wire);
        let (_, second, ..) = id_token(wire);
        assert_ne!(first["kid"], second["kid"]);
        assert!(keys.iter().all(|key| key["kid"] != first["kid"]));
    }),
    ("jwks.jku", |wire| {
        let header = forged(wire);
        let trap = wire.try_get(text(&header, "jku"), &[]).unwrap();
        assert_eq!(trap.status, 200);
        assert_eq!(wire.provider.requests(Endpoint::Trap), 1);
    }),
    ("jwks.x5u", |wire| {
        assert!(text(&forged(wire), "x5u").contains("/trap/"));
    }),
    ("jwks.jwkhdr", |wire| {
        assert!(forged(wire)["jwk"].is_object());
    }),
    ("jwks.crit", |wire| {
        let (token, header, _, keys) = id_token(wire);
        assert_eq!(header["crit"], json!(["practice"]));
        assert!(verifies(&token, &keys[0]));
    }),
    ("claims.aggregated", |wire| {
        let claims = claims(wire);
        assert_eq!(claims["_claim_names"]["credit_score"], "src1");
        let (_, inner) = parts(text(&claims["_claim_sources"]["src1"], "JWT"));
        assert_eq!(inner["credit_score"], 650);
    }),
    ("claims.distributed", |wire| {
        let claims = claims(wire);
        let endpoint = text(&claims["_claim_sources"]["src1"], "endpoint").to_owned();
        assert_eq!(endpoint, wire.at("/trap"));
    }),
    ("rt.iss.changed", |wire| {
        let (before, after) = refreshed(wire);
        assert_ne!(before["iss"], after["iss"]);
    }),
    ("rt.sub.changed", |wire| {
        let (before, after) = refreshed(wire);
        assert_eq!(before["sub"], Person::find("amara").unwrap().subject);
        assert_ne!(before["sub"], after["sub"]);
    }),
    ("rt.norotate", |wire| {
        let first = wire.sign_in();
        for _ in 0..2 {
            let reply = wire.refresh(text(&first, "refresh_token"), &[]);
            assert_eq!(reply.status, 200);
            assert!(reply.json().get("refresh_token").is_none());
        }
    }),
    ("rt.reuse", |wire| {
        let first = wire.sign_in();
        let reply = wire.refresh(text(&first, "refresh_token"), &[]);
        assert_eq!(
            (reply.status, reply.error().as_str()),
            (400, "invalid_grant")
        );
        assert_eq!(wire.echo(text(&first, "access_token")).status, 401);
    }),
    ("rt.invalid_grant.mfa", |wire| {
        let first = wire.sign_in();
        let reply = wire.refresh(text(&first, "refresh_token"), &[]);
        assert_eq!(reply.error(), "invalid_grant");
        assert_eq!(text(&reply.json(), "suberror"), "basic_action");
        wire.provider.set_faults(&[]);
        assert_eq!(wire.refresh(text(&first, "refresh_token"), &[]).status, 200);
    }),
    ("rt.500", |wire| {
        let first = wire.sign_in();
        assert_eq!(wire.refresh(text(&first, "refresh_token"), &[]).status, 500);
        wire.provider.set_faults(&[]);
        assert_eq!(wire.refresh(text(&first, "refresh_token"), &[]).status, 200);
    }),
    ("rt.429", |wire| {
        let first = wire.sign_in();
        let reply = wire.refresh(text(&first, "refresh_token"), &[]);
        assert_eq!((reply.status, reply.header("retry-after")), (429, "60"));
    }),
    ("rt.503", |wire| {
        let first = wire.sign_in();
        let reply = wire.refresh(text(&first, "refresh_token"), &[]);
        let time = |name| httpdate::parse_http_date(reply.header(name)).unwrap();
        let wait = time("retry-after").duration_since(time("date")).unwrap();
        assert_eq!(reply.status, 503);
        assert!((119..=120).contains(&wait.as_secs()), "{wait:?}");
    }),
    ("rt.slow", |wire| {
        let first = wire.sign_in();
        let token = text(&first, "refresh_token");
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", "keyfob-cli"),
            ("refresh_token", token),
        ];
        assert!(
            wire.impatient_post("/token", &form, Duration::from_millis(300))
                .is_err()
        );
    }),
    ("rt.lost", |wire| {
        let first = wire.sign_in();
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", "keyfob-cli"),
            ("refresh_token", text(&first, "refresh_token")),
        ];
        assert!(
            wire.try_post("/token", &form, &[]).is_err(),
            "the connection is cut"
        );
        let again = wire.refresh(text(&first, "refresh_token"), &[]);
        assert_eq!(again.error(), "invalid_grant");
        assert_eq!(
            wire.provider
                .log()
                .iter()
                .filter(|seen| seen.status == 0)
                .count(),
            1
        );
    }),
];

fn forged(wire: &Wire) -> Value {
    let (token, header, _, keys) = id_token(wire);
    assert!(!verifies(&token, &named(&header, &keys)));
    header
}

fn refreshed(wire: &Wire) -> (Value, Value) {
    let first = wire.sign_in();
    let second = wire.refresh(text(&first, "refresh_token"), &[]).json();
    let claims = |tokens: &Value| parts(text(tokens, "id_token")).1;
    (claims(&first), claims(&second))
}
