//! The checks of a token for people, one under the other, and for programs, as JSON.
//!
//! Never prints the token, nor a foreign character that could drive the terminal.

use serde_json::{Value, json};

use super::style::{Style, Tone};
use super::width::{pad, width};
use super::{json_text, safe_json};
use crate::jwt::checks::{Design, Line, Mark, Outcome, Report};

/// The columns before what was found: a sign, the longest name, and some room.
const MARGIN: usize = 15;

/// Prints the checks, each with what was found and what was expected, and the verdict. What is too
/// long for `columns` stands on a second line.
pub fn text(report: &Report, style: Style, columns: usize) -> String {
    let mut text = String::new();
    for line in &report.lines {
        push_line(&mut text, line, style, columns);
    }
    text.push('\n');
    let (tone, verdict) = verdict(report);
    style.push(&mut text, tone, &verdict);
    text.push('\n');
    text
}

fn push_line(text: &mut String, line: &Line, style: Style, columns: usize) {
    let tone = match line.mark {
        Mark::Holds => Tone::Good,
        Mark::Warns | Mark::Unknown => Tone::Warning,
        Mark::Fails => Tone::Bad,
    };
    let head = format!("{} {}", sign(line.mark), line.step.name());
    style.push(text, tone, &head);
    pad(text, width(&head), MARGIN);
    text.push_str(&line.found);
    let expected = format!("(expected {})", line.expected);
    if MARGIN + width(&line.found) + 2 + width(&expected) > columns {
        text.push('\n');
        pad(text, 0, MARGIN);
    } else {
        text.push_str("  ");
    }
    style.push(text, Tone::Faint, &expected);
    text.push('\n');
}

fn sign(mark: Mark) -> char {
    match mark {
        Mark::Holds => '✓',
        Mark::Warns => '!',
        Mark::Fails => '✗',
        Mark::Unknown => '?',
    }
}

fn verdict(report: &Report) -> (Tone, String) {
    let kind = report.kind.map_or("token", |kind| kind.name());
    match report.outcome {
        Outcome::Holds => {
            let warned = report.lines.iter().any(|line| line.mark == Mark::Warns);
            let (tone, but) = if warned {
                (Tone::Warning, ", with warnings")
            } else {
                (Tone::Good, "")
            };
            (tone, format!("✓ the {kind} holds{but}"))
        }
        Outcome::Fails => {
            let failed = report.lines.iter().filter(|line| line.mark == Mark::Fails);
            let failed: Vec<&str> = failed.map(|line| line.step.name()).collect();
            (
                Tone::Bad,
                format!("✗ the {kind} fails: {}", failed.join(", ")),
            )
        }
        Outcome::NotVerifiable(design) => (
            Tone::Warning,
            format!("? not verifiable by design: {}", reason(design)),
        ),
        Outcome::Undecided => (
            Tone::Warning,
            format!("? undecided: the {kind} cannot be verified without the keys"),
        ),
    }
}

/// Says why nobody but its API can verify a token.
pub fn reason(design: Design) -> &'static str {
    match design {
        Design::Encrypted => "it is encrypted, and only its API has the key",
        Design::Graph => {
            "Microsoft Graph's tokens are signed for Graph alone (a nonce in their header is part \
             of the signature)"
        }
        Design::Opaque => "it is no JWT but a text that only its API can look up",
    }
}

/// Prints the checks for programs: one JSON object, on several lines. `fix` is the first thing to
/// set right.
pub fn json(report: &Report, fix: Option<&str>) -> String {
    let claims = report.claims.as_ref();
    let text = |name: &str| claims.and_then(|claims| claims.claim(name)?.as_str());
    let mut document = summary(report);
    let more = json!({
        "issuer": text("iss"),
        "subject": text("sub"),
        "expires_at": claims.and_then(|claims| claims.exp),
        "checks": report.lines.iter().map(as_json).collect::<Vec<Value>>(),
        "fix": fix,
    });
    if let (Value::Object(members), Value::Object(more)) = (&mut document, more) {
        members.extend(more);
    }
    let mut text = safe_json(&json_text(&document)).into_owned();
    text.push('\n');
    text
}

/// Appends the verdict about the token of one line of input, as one line of JSON: only the checks
/// that do not simply hold are in it.
pub fn line(out: &mut Vec<u8>, number: u64, report: &Report) {
    if report.outcome == Outcome::Holds && report.lines.is_empty() {
        let kind = report.kind.map_or("null", |kind| short(kind.name()));
        let text = format!(
            "{{\"line\":{number},\"verdict\":\"holds\",\"token\":\"{kind}\",\"checks\":[]}}\n"
        );
        return out.extend_from_slice(text.as_bytes());
    }
    let mut document = summary(report);
    if let Value::Object(members) = &mut document {
        members.insert("line".into(), number.into());
        let checks = report.lines.iter().map(as_json).collect();
        members.insert("checks".into(), Value::Array(checks));
    }
    out.extend_from_slice(safe_json(&document.to_string()).as_bytes());
    out.push(b'\n');
}

/// Appends the verdict about a line that cannot be read at all: too long, or not text.
pub fn unread_line(out: &mut Vec<u8>, number: u64) {
    let text = format!(
        "{{\"line\":{number},\"verdict\":\"fails\",\"token\":null,\"first_failed\":\"form\",\
         \"checks\":[{{\"check\":\"form\",\"mark\":\"fails\",\"expected\":\"a signed JWT\",\
         \"found\":\"a line that is too long, or not text\"}}]}}\n"
    );
    out.extend_from_slice(text.as_bytes());
}

fn summary(report: &Report) -> Value {
    let (verdict, why) = match report.outcome {
        Outcome::Holds => ("holds", None),
        Outcome::Fails => ("fails", None),
        Outcome::NotVerifiable(design) => ("not_verifiable", Some(reason(design))),
        Outcome::Undecided => ("undecided", None),
    };
    json!({
        "verdict": verdict,
        "token": report.kind.map(|kind| short(kind.name())),
        "first_failed": report.first_failed().map(|line| line.step.name()),
        "why": why,
    })
}

/// `access token` and `ID token`, as programs write them.
fn short(name: &'static str) -> &'static str {
    if name.starts_with("ID") {
        "id"
    } else {
        "access"
    }
}

fn as_json(line: &Line) -> Value {
    let mark = match line.mark {
        Mark::Holds => "holds",
        Mark::Warns => "warns",
        Mark::Fails => "fails",
        Mark::Unknown => "unknown",
    };
    json!({
        "check": line.step.name(),
        "mark": mark,
        "expected": line.expected,
        "found": line.found,
    })
}
