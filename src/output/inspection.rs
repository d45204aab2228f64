//! An [`Inspection`] for people, as text, and for programs, as JSON.
//!
//! Says first whether anyone vouches for the token. Never prints a foreign character that could
//! drive the terminal, and never leaves it to colour to say something.

mod document;
mod lines;
mod times;

use jiff::tz::TimeZone;
use serde_json::Value;

use self::lines::value_lines;
use self::times::{event, local};
use super::style::{Style, Tone};
use super::width::{pad, width};
use crate::base::{Timestamp, printable_line};
use crate::jwt::{Algorithm, Described, Failure, Inspection, Kind};

pub use self::document::json;
pub use self::times::relative;

/// Whether anyone vouches for the token that is shown.
#[derive(Clone, Copy, Debug)]
pub enum Verdict<'a> {
    /// It failed verification.
    Failed(&'a Failure),
    /// It was not verified; says why not, as the end of a sentence.
    Unchecked(&'a str),
    /// It passed every check.
    Verified(Algorithm),
}

/// What a page of text is made from.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// What was seen in the token.
    pub inspection: &'a Inspection,
    /// Whether anyone vouches for it.
    pub verdict: Verdict<'a>,
    /// Where the reader is.
    pub zone: &'a TimeZone,
    /// What time it is.
    pub now: Timestamp,
    /// Whether to colour.
    pub style: Style,
    /// How wide the terminal is; 80 when there is none.
    pub columns: u16,
}

/// Meanings have at most this many columns, so that they fit right of the values.
const MEANING: usize = 28;

/// Below this width, meanings stand under the values instead.
const NARROW: usize = 72;

/// Beyond this width, lines are too long to follow.
const WIDE: usize = 100;

/// Longer names get a line of their own.
const LONGEST_NAME: usize = 20;

/// Prints an inspection for people.
pub fn text(page: &Page<'_>) -> String {
    let mut sheet = Sheet {
        text: String::new(),
        style: page.style,
        columns: usize::from(page.columns).clamp(40, WIDE),
    };
    sheet.opening(page);
    sheet.header(&page.inspection.header);
    sheet.times(page);
    let dated = |claim: &&Described| {
        let moments = &mut page.inspection.timeline.iter();
        !moments.any(|moment| moment.claim == claim.name)
    };
    let claims: Vec<&Described> = page.inspection.claims.iter().filter(dated).collect();
    sheet.claims(&claims);
    sheet.text
}

/// The text so far, and how to add to it.
struct Sheet {
    text: String,
    style: Style,
    columns: usize,
}

impl Sheet {
    fn opening(&mut self, page: &Page<'_>) {
        let name = page.inspection.kind.name();
        let mut letters = name.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        let title: String = first.into_iter().chain(letters).collect();
        self.style.push(&mut self.text, Tone::Heading, &title);
        self.text.push_str("\n\n");
        match page.verdict {
            Verdict::Verified(algorithm) => {
                let words = format!("the provider signed it ({algorithm}), every check passed");
                self.remark(Tone::Good, "✓ verified", &words);
            }
            Verdict::Failed(failure) => {
                self.remark(Tone::Bad, "✗ refused", &failure.to_string());
            }
            Verdict::Unchecked(why) => self.remark(Tone::Warning, "? unverified", why),
        }
        match page.inspection.kind {
            Kind::Opaque => self.remark(Tone::Faint, "", "only its issuer can read it"),
            Kind::Encrypted => {
                self.remark(
                    Tone::Faint,
                    "",
                    "only who holds the key can read its claims",
                );
            }
            Kind::AccessToken
            | Kind::IdToken
            | Kind::LogoutToken
            | Kind::RefreshToken
            | Kind::SignedToken
            | Kind::UserInfo => {}
        }
        for warning in &page.inspection.warnings {
            self.remark(Tone::Warning, "! warning", &warning.to_string());
        }
    }

    /// A label and a sentence that is wrapped beside it.
    fn remark(&mut self, tone: Tone, label: &str, sentence: &str) {
        const AT: usize = 16;
        self.text.push_str("  ");
        self.style.push(&mut self.text, tone, label);
        pad(&mut self.text, 2 + width(label), AT);
        let mut taken = AT;
        for word in printable_line(sentence).split(' ') {
            if taken > AT && taken + 1 + width(word) > self.columns {
                self.text.push('\n');
                pad(&mut self.text, 0, AT);
                taken = AT;
            } else if taken > AT {
                self.text.push(' ');
                taken += 1;
            }
            self.text.push_str(word);
            taken += width(word);
        }
        self.text.push('\n');
    }

    fn heading(&mut self, title: &str) {
        self.text.push('\n');
        self.style.push(&mut self.text, Tone::Heading, title);
        self.text.push('\n');
    }

    fn header(&mut self, members: &[(String, Value)]) {
        if members.is_empty() {
            return;
        }
        self.heading("Header");
        let names = members.iter().map(|(name, _)| name.as_str());
        let at = value_column(names);
        for (name, value) in members {
            self.name(name, at);
            let line = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            self.text
                .push_str(&cut(&printable_line(&line), self.columns - at));
            self.text.push('\n');
        }
    }

    fn times(&mut self, page: &Page<'_>) {
        if page.inspection.timeline.is_empty() {
            return;
        }
        self.heading("Times");
        for moment in &page.inspection.timeline {
            let label = event(moment, page.now);
            self.text.push_str("  ");
            self.text.push_str(label);
            pad(&mut self.text, width(label), 17);
            self.text.push_str(&local(moment.at, page.zone));
            let span = relative(moment.at, page.now);
            self.text.push_str("  ");
            self.text.push_str(&span);
            pad(&mut self.text, width(&span), 17);
            self.style.push(&mut self.text, Tone::Faint, moment.claim);
            self.text.push('\n');
        }
    }

    fn claims(&mut self, claims: &[&Described]) {
        if claims.is_empty() {
            return;
        }
        self.heading("Claims");
        let at = value_column(claims.iter().map(|claim| claim.name.as_str()));
        for claim in claims {
            self.name(&claim.name, at);
            self.claim(claim, at);
        }
    }

    /// The value's lines, and the meaning beside the first of them that leaves room.
    fn claim(&mut self, claim: &Described, at: usize) {
        let meaning_at = match self.columns {
            ..NARROW => 0,
            columns => (columns - MEANING).max(at + 12),
        };
        let mut meaning = claim.meaning;
        for (index, line) in value_lines(claim).iter().enumerate() {
            if index > 0 {
                pad(&mut self.text, 0, at);
            }
            self.text.push_str(line);
            let end = at + width(line);
            if end + 2 <= meaning_at
                && let Some(meaning) = meaning.take()
            {
                pad(&mut self.text, end, meaning_at);
                self.style.push(&mut self.text, Tone::Faint, meaning);
            }
            self.text.push('\n');
        }
        if let Some(meaning) = meaning {
            pad(&mut self.text, 0, meaning_at.max(at));
            let aside = match meaning_at {
                0 => format!("({meaning})"),
                _ => meaning.to_owned(),
            };
            self.style.push(&mut self.text, Tone::Faint, &aside);
            self.text.push('\n');
        }
    }

    /// A name, and spaces up to where its value begins.
    fn name(&mut self, name: &str, at: usize) {
        let name = printable_line(name);
        self.text.push_str("  ");
        self.style.push(&mut self.text, Tone::Name, &name);
        let mut end = 2 + width(&name);
        if end + 2 > at {
            self.text.push('\n');
            end = 0;
        }
        pad(&mut self.text, end, at);
    }
}

/// Where values begin: right of the longest name, unless that is too long.
fn value_column<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    let widths = names.map(|name| width(&printable_line(name)));
    let longest = widths.filter(|width| *width <= LONGEST_NAME).max();
    2 + longest.unwrap_or(LONGEST_NAME) + 2
}

fn cut(line: &str, room: usize) -> String {
    let length = line.chars().count();
    if width(line) <= room {
        return line.to_owned();
    }
    let note = format!("… ({length} characters)");
    let kept: String = line
        .chars()
        .take(room.saturating_sub(width(&note)).max(8))
        .collect();
    kept + &note
}

#[cfg(test)]
mod tests;
