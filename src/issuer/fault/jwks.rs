//! Faults of the key set, and headers that name other keys (RFC 7515 §4.1, RFC 7517, RFC 8725 §3).

use serde_json::{Value, json};

use super::{Act, FaultInfo, Flag, Flow, Verdict, refuse};
use crate::issuer::mint::{Draft, Occasion, Signer};
use crate::issuer::random::{base64url, token};
use crate::issuer::realm::Realm;

/// The published "secret" of `jwks.oct`.
const SHARED: &[u8] = b"everybody can read this secret in the key set";

pub(super) const ROWS: &[FaultInfo] = &[
    row(
        "jwks.rotate.between",
        "keys are replaced after every sign-in",
        Verdict::Accept,
        &[Act::Flag(Flag::RotateAfter)],
    ),
    row(
        "jwks.rotate.late",
        "keys are replaced just before an ID token is signed",
        Verdict::Accept,
        &[Act::Flag(Flag::RotateBefore)],
    ),
    row(
        "jwks.oct",
        "a symmetric key is published, and signs",
        refuse("algorithm"),
        &[
            token_act(|draft, _| {
                draft.header.insert("alg".to_owned(), json!("HS256"));
                draft.header.insert("kid".to_owned(), json!("shared"));
                draft.signer = Signer::Hmac(SHARED.to_vec());
            }),
            Act::Keys(|keys, _| {
                let key = base64url(SHARED);
                keys.push(json!({
                    "kty": "oct", "k": key, "kid": "shared", "alg": "HS256", "use": "sig",
                }));
            }),
        ],
    ),
    row(
        "jwks.use_enc",
        "the key that signs is published for encryption",
        refuse("key"),
        &[Act::Keys(|keys, _| {
            for key in keys {
                set(key, "use", json!("enc"));
            }
        })],
    ),
    row(
        "jwks.weak1024",
        "an RSA key of 1024 bits is published, and signs",
        refuse("key"),
        &[
            token_act(|draft, realm| {
                draft.header.insert("alg".to_owned(), json!("RS256"));
                draft.header.insert("kid".to_owned(), json!("weak"));
                draft.signer = Signer::Weak(realm.keys.weak());
            }),
            Act::Keys(|keys, realm| keys.push(realm.keys.weak().jwk("weak"))),
        ],
    ),
    row(
        "jwks.dupkid",
        "two keys are published under one `kid`",
        refuse("key"),
        &[Act::Keys(|keys, realm| {
            let mut double = realm.keys.forger(realm.settings.algorithm).jwk();
            if let Some(kid) = keys.first().and_then(|key| key.get("kid")).cloned() {
                set(&mut double, "kid", kid);
            }
            keys.insert(0, double);
        })],
    ),
    row(
        "jwks.algmix",
        "the key that signs is published for an algorithm of another key type",
        refuse("key"),
        &[Act::Keys(|keys, _| {
            for key in keys {
                let is_rsa = key.get("kty") == Some(&json!("RSA"));
                let other = if is_rsa { "ES256" } else { "RS256" };
                set(key, "alg", json!(other));
            }
        })],
    ),
    row(
        "jwks.storm",
        "every ID token names a key that is nowhere",
        refuse("key"),
        &[token_act(|draft, _| {
            draft.header.insert("kid".to_owned(), json!(token()));
        })],
    ),
    row(
        "jwks.jku",
        "a forged ID token says where to fetch its key: nobody may call there",
        refuse("signature"),
        &[token_act(|draft, realm| {
            forge(draft, realm, "jku", json!(realm.url("/trap/jwks")));
        })],
    ),
    row(
        "jwks.x5u",
        "a forged ID token says where to fetch its certificate: nobody may call there",
        refuse("signature"),
        &[token_act(|draft, realm| {
            forge(draft, realm, "x5u", json!(realm.url("/trap/certificate")));
        })],
    ),
    row(
        "jwks.jwkhdr",
        "a forged ID token brings its own key",
        refuse("signature"),
        &[token_act(|draft, realm| {
            let key = realm.keys.forger(realm.settings.algorithm).jwk();
            forge(draft, realm, "jwk", key);
        })],
    ),
    row(
        "jwks.crit",
        "the ID token's header demands an unknown extension",
        refuse("crit"),
        &[token_act(|draft, _| {
            draft.header.insert("crit".to_owned(), json!(["practice"]));
            draft.header.insert("practice".to_owned(), json!(true));
        })],
    ),
];

const fn row(
    name: &'static str,
    summary: &'static str,
    verdict: Verdict,
    acts: &'static [Act],
) -> FaultInfo {
    FaultInfo::new(name, summary, Flow::SignIn, verdict, acts)
}

const fn token_act(bend: fn(&mut Draft, &Realm)) -> Act {
    Act::IdToken(Occasion::SignIn, bend)
}

fn set(key: &mut Value, name: &str, value: Value) {
    if let Some(key) = key.as_object_mut() {
        key.insert(name.to_owned(), value);
    }
}

/// Signs with a key that is nobody's, under the `kid` of the real one.
fn forge(draft: &mut Draft, realm: &Realm, member: &str, value: Value) {
    draft.header.insert(member.to_owned(), value);
    draft.signer = Signer::Key(realm.keys.forger(realm.settings.algorithm));
}
