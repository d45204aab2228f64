//! The key set (RFC 7517 §5), and the trap that forged headers point to.

use serde_json::{Value, json};

use crate::issuer::message::Answer;
use crate::issuer::realm::Realm;

/// Answers with the published keys, the one that signs first.
pub(super) fn answer(realm: &Realm) -> Answer {
    let published = realm.keys.published(realm.settings.algorithm);
    let mut keys: Vec<Value> = published.iter().map(|key| key.jwk()).collect();
    realm.faults.bend_keys(realm, &mut keys);
    Answer::json(200, &json!({ "keys": keys })).with("Cache-Control", "public, max-age=300".into())
}

/// Answers a careless client with a forger's keys.
pub(super) fn trap(realm: &Realm) -> Answer {
    let key = realm.keys.forger(realm.settings.algorithm).jwk();
    Answer::json(200, &json!({ "keys": [key] })).no_store()
}
