//! Faults of the ID token at a sign-in (OIDC Core §3.1.3.7, RFC 8725 §3).

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Act, FaultInfo, Flow, Point, Verdict, refuse};
use crate::issuer::keys::Algorithm;
use crate::issuer::mint::{Draft, Occasion, Signer, half_hash};
use crate::issuer::realm::Realm;

const DAY: Duration = Duration::from_secs(86400);

pub(super) const ROWS: &[FaultInfo] = &[
    row(
        "id.iss.wrong",
        "`iss` is another issuer",
        refuse("issuer"),
        &[claims(|claims, _| {
            set(claims, "iss", json!("https://other.practice.example"));
        })],
    ),
    row(
        "id.iss.missing",
        "`iss` is absent",
        refuse("issuer"),
        &[claims(|claims, _| {
            claims.remove("iss");
        })],
    ),
    row(
        "id.sub.missing",
        "`sub` is absent",
        refuse("subject"),
        &[claims(|claims, _| {
            claims.remove("sub");
        })],
    ),
    row(
        "id.aud.wrong",
        "`aud` is another client",
        refuse("audience"),
        &[claims(|claims, _| {
            set(claims, "aud", json!("somebody-elses-client"));
        })],
    ),
    row(
        "id.aud.missing",
        "`aud` is absent",
        refuse("audience"),
        &[claims(|claims, _| {
            claims.remove("aud");
        })],
    ),
    row(
        "id.aud.array1",
        "`aud` is an array of one",
        Verdict::Accept,
        &[claims(|claims, _| {
            let aud = claims.get("aud").cloned();
            set(claims, "aud", json!([aud]));
        })],
    ),
    row(
        "id.aud.extra",
        "`aud` has a stranger beside the client, and there is no `azp`",
        refuse("audience"),
        &[claims(|claims, _| {
            let aud = claims.get("aud").cloned();
            set(claims, "aud", json!([aud, "somebody-elses-client"]));
        })],
    ),
    row(
        "id.iat.missing",
        "`iat` is absent",
        refuse("iat"),
        &[claims(|claims, _| {
            claims.remove("iat");
        })],
    ),
    row(
        "id.iat.old",
        "`iat` is a week old",
        refuse("iat"),
        &[claims(|claims, realm| {
            set(claims, "iat", json!(realm.clock.now().minus(DAY * 7)));
        })],
    ),
    row(
        "id.exp.missing",
        "`exp` is absent",
        refuse("exp"),
        &[claims(|claims, _| {
            claims.remove("exp");
        })],
    ),
    row(
        "id.exp.past",
        "`exp` is a day past",
        refuse("expiry"),
        &[claims(|claims, realm| {
            set(claims, "exp", json!(realm.clock.now().minus(DAY)));
        })],
    ),
    row(
        "id.nonce.wrong",
        "`nonce` is another one",
        refuse("nonce"),
        &[claims(|claims, _| {
            set(claims, "nonce", json!("somebody-elses-nonce"));
        })],
    ),
    row(
        "id.nonce.missing",
        "`nonce` is absent",
        refuse("nonce"),
        &[claims(|claims, _| {
            claims.remove("nonce");
        })],
    ),
    row(
        "id.athash.wrong",
        "`at_hash` is that of another access token",
        refuse("hash"),
        &[claims(|claims, _| {
            set(claims, "at_hash", json!(half_hash("another access token")));
        })],
    ),
    row(
        "id.athash.missing",
        "`at_hash` is absent",
        Verdict::Accept,
        &[claims(|claims, _| {
            claims.remove("at_hash");
        })],
    ),
    row(
        "id.chash.wrong",
        "there is a `c_hash`, of another code",
        refuse("hash"),
        &[claims(|claims, _| {
            set(claims, "c_hash", json!(half_hash("another code")));
        })],
    ),
    row(
        "id.sig.rs256.bad",
        "one bit of an RS256 signature is wrong",
        refuse("signature"),
        &[
            token(|draft, realm| spoil(draft, realm, Algorithm::Rs256)),
            Act::Keys(publish_both),
            Act::Json(Point::Metadata, announce_both),
        ],
    ),
    row(
        "id.sig.es256.bad",
        "one bit of an ES256 signature is wrong",
        refuse("signature"),
        &[
            token(|draft, realm| spoil(draft, realm, Algorithm::Es256)),
            Act::Keys(publish_both),
            Act::Json(Point::Metadata, announce_both),
        ],
    ),
    row(
        "id.sig.hs256.bad",
        "the ID token is signed by HS256, with the public key as its secret",
        refuse("algorithm"),
        &[token(|draft, realm| {
            let key = realm.signing_key().jwk().to_string();
            set(&mut draft.header, "alg", json!("HS256"));
            draft.signer = Signer::Hmac(key.into_bytes());
        })],
    ),
    row(
        "id.alg.none",
        "the ID token is not signed",
        refuse("algorithm"),
        &[token(|draft, _| {
            set(&mut draft.header, "alg", json!("none"));
            draft.signer = Signer::Nobody;
        })],
    ),
    row(
        "id.alg.null",
        "the header's `alg` is null",
        refuse("alg"),
        &[token(|draft, _| {
            set(&mut draft.header, "alg", json!(null));
        })],
    ),
    row(
        "id.alg.rs256",
        "the ID token is signed by RS256",
        Verdict::Accept,
        &[
            token(|draft, realm| draft.sign_with(realm.key_for(Algorithm::Rs256))),
            Act::Keys(publish_both),
        ],
    ),
    row(
        "id.alg.other",
        "the ID token is signed well, by an algorithm that the metadata does not list",
        refuse("algorithm"),
        &[
            token(|draft, realm| draft.sign_with(realm.keys.other(realm.settings.algorithm))),
            Act::Keys(publish_both),
            Act::Json(Point::Metadata, |json, realm| {
                let only = realm.settings.algorithm.name();
                set(json, "id_token_signing_alg_values_supported", json!([only]));
            }),
        ],
    ),
    row(
        "id.kid.absent.one",
        "the header has no `kid`, and one key is published",
        Verdict::Accept,
        &[
            token(|draft, _| {
                draft.header.remove("kid");
            }),
            Act::Keys(|keys, _| keys.truncate(1)),
        ],
    ),
    row(
        "id.kid.absent.many",
        "the header has no `kid`, and several keys are published",
        Verdict::Accept,
        &[
            token(|draft, _| {
                draft.header.remove("kid");
            }),
            Act::Keys(|keys, realm| {
                keys.insert(0, realm.keys.forger(realm.settings.algorithm).jwk());
            }),
        ],
    ),
    row(
        "id.enc",
        "the ID token is encrypted",
        refuse("encrypted"),
        &[token(|draft, _| {
            set(&mut draft.header, "alg", json!("RSA-OAEP-256"));
            set(&mut draft.header, "enc", json!("A256GCM"));
            draft.signer = Signer::Sealed;
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

const fn claims(bend: fn(&mut Map<String, Value>, &Realm)) -> Act {
    Act::IdClaims(bend)
}

const fn token(bend: fn(&mut Draft, &Realm)) -> Act {
    Act::IdToken(Occasion::SignIn, bend)
}

fn set(json: &mut Map<String, Value>, name: &str, value: Value) {
    json.insert(name.to_owned(), value);
}

fn spoil(draft: &mut Draft, realm: &Realm, algorithm: Algorithm) {
    let key = realm.key_for(algorithm);
    draft.sign_with(key.clone());
    draft.signer = Signer::Spoilt(key);
}

fn publish_both(keys: &mut Vec<Value>, realm: &Realm) {
    keys.push(realm.keys.other(realm.settings.algorithm).jwk());
}

fn announce_both(json: &mut Map<String, Value>, _: &Realm) {
    let both = json!(["RS256", "ES256"]);
    set(json, "id_token_signing_alg_values_supported", both);
}
