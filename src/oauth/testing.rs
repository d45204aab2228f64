//! Answers for property tests: JSON objects with the right names, in any number, and anything for
//! values; and bytes that are nothing at all.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// How often each property is tried: enough, and fast.
pub(super) const CASES: u32 = 192;

/// Bodies that a provider, or somebody in its place, could send: mostly objects with these names.
pub(super) fn bodies(names: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => vec((select(names), values()), 0..9).prop_map(|members| object(&members)),
        1 => vec(any::<u8>(), 0..64),
        1 => ".{0,64}".prop_map(String::into_bytes),
    ]
}

fn object(members: &[(&str, Value)]) -> Vec<u8> {
    // Written by hand: a map could not repeat a name.
    let members: Vec<String> = members
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    format!("{{{}}}", members.join(",")).into_bytes()
}

fn values() -> impl Strategy<Value = Value> {
    let texts = [
        "Bearer",
        "S256",
        "https://id.example.com",
        "https://id.example.com/a?b#c",
        "https://a:b@id.example.com/",
        "https://169.254.169.254/",
        "http://127.0.0.1/",
        "javascript:alert(1)",
        "WDJB-MJHT",
    ];
    prop_oneof![
        3 => select(texts.to_vec()).prop_map(Value::from),
        2 => ".{0,24}".prop_map(Value::from),
        1 => "[ -~]{0,24}".prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => (0..100_000_u64).prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => select(vec![json!(null), json!(true), json!([]), json!({}), json!(["S256"])]),
    ]
}
