//! Answers for property tests: JSON objects that are almost right, and bytes that are nothing at all.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// How often each property is tried: enough, and fast.
pub(super) const CASES: u32 = 192;

/// Bodies that a provider, or somebody in its place, could send: mostly an object with these
/// members, each as it should be, or something else, or not there, and now and then one twice.
/// A member whose good value is empty should not be there.
pub(super) fn bodies(
    good: &'static [(&'static str, &'static str)],
) -> impl Strategy<Value = Vec<u8>> {
    let members: Vec<_> = good.iter().map(|member| variants(*member)).collect();
    let again = prop_oneof![
        7 => Just(String::new()),
        1 => (select(good), values()).prop_map(|((name, _), value)| format!("\"{name}\":{value}")),
    ];
    prop_oneof![
        8 => (members, again).prop_map(|(members, again)| object(&members, &again)),
        1 => vec(any::<u8>(), 0..64),
        1 => ".{0,64}".prop_map(String::into_bytes),
    ]
}

fn variants((name, good): (&'static str, &'static str)) -> BoxedStrategy<String> {
    let member = move |value: String| match value.as_str() {
        "" => value,
        _ => format!("\"{name}\":{value}"),
    };
    prop_oneof![
        12 => Just(good.to_owned()),
        3 => values().prop_map(|value| value.to_string()),
        1 => Just(String::new()),
    ]
    .prop_map(member)
    .boxed()
}

fn object(members: &[String], again: &String) -> Vec<u8> {
    // Written by hand: a map could not repeat a name.
    let members: Vec<&str> = members
        .iter()
        .chain([again])
        .map(String::as_str)
        .filter(|member| !member.is_empty())
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
        "https://:id.example.com@evil.example/",
        "javascript:alert(1)",
        "a\u{1b}[2J",
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
