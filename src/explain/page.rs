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
    /// How wide the terminal is; without one, nothing is broken into lines.
    pub columns: Option<usize>,
}

/// The widest label, with the space after it.
const LABEL: usize = 16;

/// Less room than this is given up: the terminal breaks the lines.
const NARROWEST: usize = 40;

/// Writes an explanation for people.
pub fn text(page: &Page<'_>) -> String {
    let reading = page.reading;
    let mut sheet = Sheet {
        text: String::new(),
        columns: page.columns.filter(|columns| *columns >= NARROWEST),
    };
    for (label, value) in page.before {
        sheet.line(label, value);
    }
    sheet.gap();
    if reading.findings.len() > 1 {
        sheet.text.push_str("The most specific comes first.\n");
    }
    for finding in &reading.findings {
        sheet.gap();
        sheet.finding(finding, page.about);
    }
    sheet.gap();
    for remark in &reading.remarks {
        sheet.line("note", remark);
    }
    for (label, value) in [
        ("trace id", &reading.trace_id),
        ("correlation id", &reading.correlation_id),
        ("time", &reading.timestamp),
    ] {
        if let Some(value) = value {
            sheet.line(label, value);
        }
    }
    sheet.text.truncate(sheet.text.trim_end().len());
    sheet.text.push('\n');
    sheet.text
}

/// What is written so far.
struct Sheet {
    text: String,
    columns: Option<usize>,
}

impl Sheet {
    fn finding(&mut self, finding: &Finding, about: &About) {
        match finding {
            Finding::Known(row) => {
                self.title(&row.code.to_string());
                self.line("  means", row.meaning);
                self.line("  can fix it", &fixers(row));
                match row.hint(about) {
                    Hint::Run(command) => self.line("  next", &format!("run `{command}`")),
                    Hint::Try(step) => self.line("  next", &step),
                }
                self.line("  do not", row.avoid);
            }
            Finding::UnknownName(name) => {
                self.title(name);
                self.line("  means", UNKNOWN_NAME);
            }
            Finding::UnknownNumber(number) => {
                self.title(&format!("AADSTS{number}"));
                self.line("  means", UNKNOWN_NUMBER);
                self.line("  next", &look_up(*number));
            }
        }
    }

    /// One empty line, unless there is one, or nothing is above it.
    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn title(&mut self, code: &str) {
        self.text.push_str(&printable_line(code));
        self.text.push('\n');
    }

    /// A label and a text, broken between words to fit; what stands in backticks stays whole, since
    /// it is to be copied.
    fn line(&mut self, label: &str, value: &str) {
        let label = format!("{label}:");
        write!(self.text, "{label:<LABEL$}").expect("a string takes any text");
        let value = printable_line(value);
        let mut column = LABEL;
        for (at, piece) in pieces(&value).into_iter().enumerate() {
            let width = piece.chars().count();
            let is_full = self.columns.is_some_and(|most| column + 1 + width > most);
            if is_full && column > LABEL {
                write!(self.text, "\n{:LABEL$}", "").expect("a string takes any text");
                column = LABEL;
            } else if at > 0 {
                self.text.push(' ');
                column += 1;
            }
            self.text.push_str(piece);
            column += width;
        }
        self.text.push('\n');
    }
}

/// The words of a text, each quoted command line being one.
fn pieces(text: &str) -> Vec<&str> {
    let mut is_quoted = false;
    let ends = |c: char| {
        is_quoted ^= c == '`';
        c == ' ' && !is_quoted
    };
    text.split(ends).collect()
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
