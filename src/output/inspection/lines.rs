//! A claim's value as lines: scopes, groups and roles one per line, objects as indented JSON.
//!
//! Every line is safe to print, and a list never gets longer than a screen.

use serde_json::Value;

use crate::base::printable_line;
use crate::jwt::Described;
use crate::output::json_text;

/// How many lines a value may take; half a screen leaves the others in sight.
const MOST_LINES: usize = 12;

/// Returns at least one line.
pub(super) fn value_lines(claim: &Described) -> Vec<String> {
    let lines: Vec<String> = match &claim.value {
        Value::String(text) if is_scopes(&claim.name) => {
            text.split_whitespace().map(safe).collect()
        }
        Value::Array(items) if items.iter().all(is_plain) => items.iter().map(plain).collect(),
        Value::Array(_) | Value::Object(_) => json_text(&claim.value).lines().map(safe).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            vec![plain(&claim.value)]
        }
    };
    match lines.len() {
        0 => vec!["(none)".to_owned()],
        _ => at_most(lines),
    }
}

/// The claims that hold several scopes in one text (RFC 8693 §4.2; Entra's `scp`).
fn is_scopes(name: &str) -> bool {
    matches!(name, "scope" | "scp")
}

fn at_most(mut lines: Vec<String>) -> Vec<String> {
    // One more line fits where the note about it would stand.
    if lines.len() > MOST_LINES + 1 {
        let more = lines.len() - MOST_LINES;
        lines.truncate(MOST_LINES);
        lines.push(format!("… and {more} more"));
    }
    lines
}

fn is_plain(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

fn plain(value: &Value) -> String {
    match value.as_str() {
        Some("") => "(empty)".to_owned(),
        Some(text) => safe(text),
        None => value.to_string(),
    }
}

fn safe(text: &str) -> String {
    printable_line(text).into_owned()
}
