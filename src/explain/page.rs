//! An explanation as text and as JSON, and the list of all rows.
//!
//! Holds our own words and what has a known shape; whatever else is in it was made printable before.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{About, Code, Finding, Fixer, Reading, Row, link, rows};
use crate::base::{Hint, printable_line};

/// What an explanation is made of.
#[derive(Debug)]
pub struct Page<'a> {
    /// What was recognised.
    pub reading: &'a Reading,
    /// Whom it is for.
    pub about: &'a About,
    /// What stands above it: a label and a text each.
    pub before: &'a [(&'static str, String)],
}

/// The widest label, with the space after it.
const LABEL: usize = 16;

/// Writes an explanation for people.
pub fn text(page: &Page<'_>) -> String {
    let reading = page.reading;
    let mut text = String::new();
    for (label, value) in page.before {
        line(&mut text, label, value);
    }
    if !page.before.is_empty() {
        text.push('\n');
    }
    if reading.findings.len() > 1 {
        text.push_str("The most specific comes first.\n\n");
    }
    let mut blocks: Vec<String> = reading
        .findings
        .iter()
        .map(|finding| block(finding, page.about))
        .collect();
    blocks.extend(footer(reading));
    text.push_str(&blocks.join("\n"));
    text
}

fn block(finding: &Finding, about: &About) -> String {
    let mut text = String::new();
    match finding {
        Finding::Known(row) => {
            writeln!(text, "{}", row.code).expect("a string takes any text");
            line(&mut text, "  means", row.meaning);
            line(&mut text, "  can fix it", &fixers(row));
            match row.hint(about) {
                Hint::Run(command) => line(&mut text, "  next", &format!("run `{command}`")),
                Hint::Try(step) => line(&mut text, "  next", &step),
            }
            line(&mut text, "  do not", row.avoid);
        }
        Finding::UnknownName(name) => {
            writeln!(text, "{}", printable_line(name)).expect("a string takes any text");
            line(&mut text, "  means", UNKNOWN_NAME);
        }
        Finding::UnknownNumber(number) => {
            writeln!(text, "AADSTS{number}").expect("a string takes any text");
            line(&mut text, "  means", UNKNOWN_NUMBER);
            line(&mut text, "  next", &look_up(*number));
        }
    }
    text
}

const UNKNOWN_NAME: &str = "keyfob does not know this error; the provider's documents may";

const UNKNOWN_NUMBER: &str = "keyfob does not know this number";

fn look_up(number: u32) -> String {
    format!(
        "look it up at {}; support needs the trace id, the correlation id and the time",
        link(number)
    )
}

fn fixers(row: &Row) -> String {
    let words: Vec<&str> = row.fixers.iter().map(|fixer| fixer.words()).collect();
    words.join(", or ")
}

/// What else the text said: for whoever supports the provider.
fn footer(reading: &Reading) -> Option<String> {
    let mut text = String::new();
    for remark in &reading.remarks {
        line(&mut text, "note", remark);
    }
    for (label, value) in [
        ("trace id", &reading.trace_id),
        ("correlation id", &reading.correlation_id),
        ("time", &reading.timestamp),
    ] {
        if let Some(value) = value {
            line(&mut text, label, value);
        }
    }
    Some(text).filter(|text| !text.is_empty())
}

fn line(text: &mut String, label: &str, value: &str) {
    let label = format!("{label}:");
    writeln!(text, "{label:<LABEL$}{}", printable_line(value)).expect("a string takes any text");
}

/// Writes an explanation for programs.
pub fn json(page: &Page<'_>) -> String {
    let reading = page.reading;
    let findings: Vec<Value> = reading
        .findings
        .iter()
        .map(|finding| match finding {
            Finding::Known(row) => known(row, page.about),
            Finding::UnknownName(name) => json!({
                "code": printable_line(name), "kind": "error", "known": false,
            }),
            Finding::UnknownNumber(number) => json!({
                "code": format!("AADSTS{number}"), "kind": "number", "known": false,
                "link": link(*number),
            }),
        })
        .collect();
    let mut whole = Map::new();
    for (label, value) in page.before {
        whole.insert(label.replace(' ', "_"), json!(value));
    }
    whole.insert("findings".into(), json!(findings));
    whole.insert("notes".into(), json!(reading.remarks));
    for (name, value) in [
        ("trace_id", &reading.trace_id),
        ("correlation_id", &reading.correlation_id),
        ("timestamp", &reading.timestamp),
    ] {
        if let Some(value) = value {
            whole.insert(name.into(), json!(value));
        }
    }
    pretty(&Value::Object(whole))
}

fn known(row: &Row, about: &About) -> Value {
    let (kind, page) = match row.code {
        Code::Name(_) => ("error", None),
        Code::Number(number) => ("number", Some(link(number))),
        Code::Suberror(_) => ("suberror", None),
    };
    let next = match row.hint(about) {
        Hint::Run(line) => json!({ "run": line }),
        Hint::Try(step) => json!({ "try": step }),
    };
    let fixers: Vec<&str> = row.fixers.iter().copied().map(Fixer::name).collect();
    let mut value = json!({
        "code": row.code.to_string(), "kind": kind, "known": true, "means": row.meaning,
        "who": fixers, "next": next, "do_not": row.avoid,
    });
    if let Some(page) = page {
        value["link"] = json!(page);
    }
    value
}

/// Lists every row for people: the code, who can fix it, what it means.
pub fn list() -> String {
    let mut text = String::new();
    for row in rows() {
        let (code, who) = (row.code.to_string(), fixers(row));
        writeln!(text, "{code:<34} {}\n{:<34} ({who})", row.meaning, "")
            .expect("a string takes any text");
    }
    text
}

/// Lists every row for programs.
pub fn list_json() -> String {
    let about = About::default();
    let all: Vec<Value> = rows().map(|row| known(row, &about)).collect();
    pretty(&json!(all))
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("a value has only text keys");
    text.push('\n');
    text
}
