//! Any text to the rows that it speaks of: a code, an error object, a header, a redirect, a log.
//!
//! Nothing of the text is kept but what has a known shape, so a secret that was pasted along with it
//! is never shown.

use jiff::Timestamp;

use super::{Finding, demand, name, number, scan, suberror};
use crate::base::Refused;
use crate::oauth::challenge::{self, Told};

/// The most that are told; the most specific stay.
const MOST_FINDINGS: usize = 16;

/// The longest unknown name that is shown.
const LONGEST_NAME: usize = 40;

/// What a text speaks of.
#[derive(Debug, Default)]
pub struct Reading {
    /// The codes, the most specific first.
    pub findings: Vec<Finding>,
    /// What can be told beside, from the text itself.
    pub remarks: Vec<String>,
    /// Names the answer.
    pub trace_id: Option<String>,
    /// Names the request.
    pub correlation_id: Option<String>,
    /// When, as the provider writes it.
    pub timestamp: Option<String>,
}

impl Reading {
    /// Tells whether nothing was recognised.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }
}

/// What speaks for which code.
#[derive(Default)]
struct Evidence {
    /// Numbers in a member made for them.
    listed: Vec<u32>,
    /// Numbers in a text.
    numbers: Vec<u32>,
    /// Values of `suberror`.
    suberrors: Vec<String>,
    /// Values of `error`.
    errors: Vec<String>,
    /// Words in a text.
    words: Vec<Finding>,
    reading: Reading,
}

/// Reads any text.
pub fn read(text: &str) -> Reading {
    let mut evidence = Evidence::default();
    for refused in scan::objects(text)
        .into_iter()
        .chain(scan::redirects(text))
        .chain([scan::labels(text)])
    {
        evidence.take(&refused);
    }
    for told in challenges(text) {
        evidence.challenge(&told);
    }
    evidence.numbers.extend(scan::numbers(text));
    if let Some(numbers) = only_codes(text) {
        evidence.numbers.extend(numbers);
    }
    let words = scan::words(text).into_iter().map(Finding::Known);
    evidence.words.extend(words);
    evidence.reading.remarks.extend(window(text));
    evidence.findings()
}

/// Reads what a provider gave as its reason.
pub fn read_refused(refused: &Refused) -> Reading {
    let mut evidence = Evidence::default();
    evidence.take(refused);
    let description = refused.description.as_deref();
    evidence
        .reading
        .remarks
        .extend(description.and_then(window));
    evidence.findings()
}

impl Evidence {
    fn take(&mut self, refused: &Refused) {
        self.listed.extend(&refused.error_codes);
        let description = refused.description.as_deref().unwrap_or_default();
        self.numbers.extend(scan::numbers(description));
        self.suberrors.extend(refused.suberror.clone());
        if !refused.error.is_empty() {
            self.errors.push(refused.error.to_ascii_lowercase());
        }
        let told = scan::labels(description);
        let first =
            |kept: &mut Option<String>, found: [&Option<String>; 2], fits: fn(&str) -> bool| {
                let found = found.into_iter().flatten().find(|text| fits(text));
                *kept = kept.take().or_else(|| found.cloned());
            };
        let reading = &mut self.reading;
        first(
            &mut reading.trace_id,
            [&refused.trace_id, &told.trace_id],
            scan::is_id,
        );
        first(
            &mut reading.correlation_id,
            [&refused.correlation_id, &told.correlation_id],
            scan::is_id,
        );
        first(
            &mut reading.timestamp,
            [&refused.timestamp, &told.timestamp],
            scan::is_time,
        );
    }

    fn challenge(&mut self, told: &Told) {
        let error = told.error.as_ref().map(|error| error.to_ascii_lowercase());
        self.errors.extend(error);
        let description = told.description.as_deref().unwrap_or_default();
        self.numbers.extend(scan::numbers(description));
        match &told.demand {
            Ok(Some(demand)) => {
                if told.error.is_none() {
                    self.errors.push("insufficient_claims".to_owned());
                }
                self.reading.remarks.extend(demand::in_words(demand));
            }
            Ok(None) => {}
            Err(error) => self.reading.remarks.push(demand::unusable(error)),
        }
    }

    /// The most specific first, each once; what is not known comes last.
    fn findings(self) -> Reading {
        let of_number = |code: u32| match number(code) {
            Some(row) => Finding::Known(row),
            None => Finding::UnknownNumber(code),
        };
        let numbers = self.listed.into_iter().chain(self.numbers).map(of_number);
        let suberrors = self.suberrors.iter().filter_map(|word| suberror(word));
        let errors = self
            .errors
            .into_iter()
            .filter_map(|word| match name(&word) {
                Some(row) => Some(Finding::Known(row)),
                None => may_be_shown(&word).then_some(Finding::UnknownName(word)),
            });
        let all = numbers
            .chain(suberrors.map(Finding::Known))
            .chain(errors)
            .chain(self.words);
        let mut known: Vec<Finding> = Vec::new();
        let mut unknown: Vec<Finding> = Vec::new();
        for finding in all {
            let list = match &finding {
                Finding::Known(_) => &mut known,
                Finding::UnknownName(_) | Finding::UnknownNumber(_) => &mut unknown,
            };
            if !list.iter().any(|other| is_same(other, &finding)) {
                list.push(finding);
            }
        }
        known.extend(unknown);
        known.truncate(MOST_FINDINGS);
        Reading {
            findings: known,
            ..self.reading
        }
    }
}

/// The same word as an `error` and as a `suberror` says nothing twice.
fn is_same(one: &Finding, other: &Finding) -> bool {
    match (one, other) {
        (Finding::Known(one), Finding::Known(other)) => {
            one.code.to_string() == other.code.to_string()
        }
        _ => one == other,
    }
}

fn may_be_shown(word: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    word.len() <= LONGEST_NAME && word.bytes().all(fits)
}

/// The numbers of a text that is nothing but codes.
fn only_codes(text: &str) -> Option<Vec<u32>> {
    let mut numbers = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || c == ',') {
        match scan::bare(word) {
            Some(number) => numbers.push(number),
            None if word.is_empty() || !scan::numbers(word).is_empty() => {}
            None if !scan::words(word).is_empty() => {}
            None => return None,
        }
    }
    Some(numbers)
}

/// The challenges of a text: lines of a response, as `curl -i` and `curl -v` show them, or a value.
fn challenges(text: &str) -> Vec<Told> {
    let lines = text.lines().map(|line| {
        let line = line.trim_start();
        line.strip_prefix("< ").unwrap_or(line)
    });
    let lines: Vec<&str> = lines.collect();
    challenge::told(&lines.join("\n"))
}

/// What a client assertion that came at the wrong time says about the clocks: the provider's time
/// stands in the message, and so do both ends of the assertion's life.
fn window(text: &str) -> Option<String> {
    let after = |label: &str| -> Option<Timestamp> {
        let rest = text.split_once(label)?.1.trim_start();
        let end = rest.find(|c: char| c.is_whitespace() || c == ',');
        let time = rest.get(..end.unwrap_or(rest.len()))?;
        time.trim_end_matches('.').parse().ok()
    };
    let now = after("Current time:")?;
    let from = after("assertion valid from")?;
    let until = after("expiry time of assertion")?;
    let seconds = |early: Timestamp, late: Timestamp| late.as_second() - early.as_second();
    if now < from {
        let ahead = seconds(now, from);
        return Some(format!(
            "by the provider's clock the assertion begins in {ahead} s: the clock of the machine \
             that made it is ahead"
        ));
    }
    (now > until).then(|| {
        let late = seconds(until, now);
        format!(
            "by the provider's clock the assertion ended {late} s ago: the clock of the machine \
             that made it is behind, or it was kept too long"
        )
    })
}
