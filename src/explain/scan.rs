//! Codes, names, labels, parameters and objects within any text.
//!
//! Bounded work on bounded text. What is returned has a known shape: a number, a row, an id, a time.

use serde_json::Value;
use url::form_urlencoded;

use super::{Row, name, suberror};
use crate::base::Refused;
use crate::oauth::Refusal;

/// The most objects that are looked for, and the most parameters that are read.
const MOST: usize = 64;

/// The longest id and the longest time.
const LONGEST_LABEL: usize = 64;

/// A word so long, and of such characters, is taken for a token.
const LONG_WORD: usize = 40;

/// Finds Entra's numbers: after `AADSTS`, in an address of the page about one, or in a list of
/// `error_codes`.
pub(super) fn numbers(text: &str) -> Vec<u32> {
    let lower = text.to_ascii_lowercase();
    let mut found: Vec<(usize, u32)> = Vec::new();
    for before in ["aadsts", "error?code="] {
        for (at, _) in lower.match_indices(before).take(MOST) {
            let rest = lower.get(at + before.len()..).unwrap_or_default();
            found.extend(leading(rest).map(|number| (at, number)));
        }
    }
    if let Some(at) = lower.find("error_codes") {
        let rest = lower.get(at..).unwrap_or_default();
        let list = rest
            .split_once('[')
            .and_then(|(_, rest)| rest.split_once(']'));
        let items = list
            .map(|(items, _)| items.split(','))
            .into_iter()
            .flatten();
        found.extend(items.take(MOST).filter_map(|item| Some((at, bare(item)?))));
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, number)| number).collect()
}

fn leading(text: &str) -> Option<u32> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    bare(text.get(..end)?)
}

/// Reads a number that stands alone.
pub(super) fn bare(text: &str) -> Option<u32> {
    let text = text.trim();
    let fits = (4..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| fits)
}

/// Finds the words that have a row.
pub(super) fn words(text: &str) -> Vec<&'static Row> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_alone = text.trim().chars().all(is_part);
    text.split(|c| !is_part(c))
        .filter(|word| word.len() < LONGEST_LABEL)
        .filter(|word| word.contains('_') || is_alone || is_of_aws(word))
        .filter_map(|word| {
            let word = word.to_ascii_lowercase();
            name(&word).or_else(|| suberror(&word))
        })
        .take(MOST)
        .collect()
}

/// A code of AWS is several words run together, each with a capital letter.
fn is_of_aws(word: &str) -> bool {
    let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
    let small = word.bytes().any(|byte| byte.is_ascii_lowercase());
    capitals >= 2 && small
}

/// What Entra writes after its message, a label before each.
pub(super) fn labels(text: &str) -> Refused {
    Refused {
        trace_id: labelled(text, "trace id:").filter(|id| is_id(id)),
        correlation_id: labelled(text, "correlation id:").filter(|id| is_id(id)),
        timestamp: labelled(text, "timestamp:").filter(|time| is_time(time)),
        ..Refused::default()
    }
}

fn labelled(text: &str, label: &str) -> Option<String> {
    let at = text.to_ascii_lowercase().find(label)?;
    let rest = text.get(at + label.len()..)?.trim_start();
    let fits = |c: char| c.is_ascii_alphanumeric() || "-:. ".contains(c);
    let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
    let value = rest.get(..end)?;
    let value = if label == "timestamp:" {
        value.split_inclusive('Z').next()?
    } else {
        value.split(' ').next()?
    };
    Some(value.trim().to_owned())
}

/// Tells whether a text is an id such as Entra gives to its answers.
pub(super) fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    (1..=LONGEST_LABEL).contains(&text.len()) && text.bytes().all(fits)
}

/// Tells whether a text is a time such as Entra writes.
pub(super) fn is_time(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_digit() || b"-:. TZ".contains(&byte);
    (8..=LONGEST_LABEL).contains(&text.len()) && text.bytes().all(fits)
}

/// Finds error objects, wherever they stand.
pub(super) fn objects(text: &str) -> Vec<Refused> {
    let mut found = Vec::new();
    let mut rest = text;
    for _ in 0..MOST {
        let Some(at) = rest.find('{') else { break };
        let tail = rest.get(at..).unwrap_or_default();
        let mut stream = serde_json::Deserializer::from_str(tail).into_iter::<Value>();
        let value = stream.next();
        let end = stream.byte_offset();
        let refusal = value
            .and_then(Result::ok)
            .and_then(|_| Refusal::parse(tail.get(..end)?.as_bytes()));
        match refusal {
            Some(refusal) => {
                found.push(refusal.refused());
                rest = tail.get(end..).unwrap_or_default();
            }
            None => rest = tail.get(1..).unwrap_or_default(),
        }
    }
    found
}

/// Finds what a redirect says, in a query or in a fragment.
pub(super) fn redirects(text: &str) -> Vec<Refused> {
    let ends = |c: char| c.is_whitespace() || "\"'<>`".contains(c);
    let mut found = Vec::new();
    for word in text.split(ends).filter(|word| word.contains("error=")) {
        for part in word.split(['?', '#']).take(MOST) {
            found.extend(redirect(part));
        }
    }
    found
}

fn redirect(parameters: &str) -> Option<Refused> {
    let pairs: Vec<_> = form_urlencoded::parse(parameters.as_bytes())
        .take(MOST)
        .collect();
    let value = |wanted: &[&str]| {
        let mut all = pairs.iter();
        let (_, value) = all.find(|(name, _)| wanted.contains(&name.as_ref()))?;
        Some(value.as_ref()).filter(|value| !value.is_empty())
    };
    let refusal = Refusal::new(
        value(&["error"])?,
        value(&["suberror", "error_subcode"]),
        value(&["error_description"]),
    );
    let mut refused = refusal.refused();
    let page = value(&["error_uri"]).map(numbers).unwrap_or_default();
    refused.error_codes.extend(page);
    let whole = value(&["error_description"])
        .map(labels)
        .unwrap_or_default();
    refused.trace_id = refused.trace_id.or(whole.trace_id);
    refused.correlation_id = refused.correlation_id.or(whole.correlation_id);
    refused.timestamp = refused.timestamp.or(whole.timestamp);
    Some(refused)
}

/// Hides the words of a text that could be tokens or secrets.
pub fn masked(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.+/=~".contains(c);
    let mut safe = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars() {
        if is_part(c) {
            word.push(c);
            continue;
        }
        finish(&mut safe, &mut word);
        safe.push(c);
    }
    finish(&mut safe, &mut word);
    safe
}

fn finish(safe: &mut String, word: &mut String) {
    let hidden = word.len() >= LONG_WORD;
    safe.push_str(if hidden { "[hidden]" } else { word });
    word.clear();
}
