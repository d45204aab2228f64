//! What the watch knows a token by, and what it counts.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::artefacts;

/// Shorter texts are names and numbers.
const SHORTEST: usize = 16;

/// The texts that are tokens.
#[derive(Default)]
pub(crate) struct Tokens {
    named: HashSet<String>,
    ignored: HashSet<String>,
}

impl Tokens {
    /// Knows this text from now on; one that is too short to be told from a name is not a token.
    pub(crate) fn name(&mut self, text: &str) {
        let text = text.trim();
        if text.len() >= SHORTEST && text.bytes().all(is_of_a_token) {
            self.named.insert(text.to_owned());
        }
    }

    /// Takes nothing in this text for a token.
    pub(crate) fn ignore(&mut self, text: &[u8]) {
        self.ignored.extend(self.in_text(text));
    }

    /// Every token in a text, as often as it is there.
    pub(crate) fn in_text(&self, text: &[u8]) -> Vec<String> {
        let words = text.split(|byte| !is_of_a_token(*byte));
        let words = words.filter(|word| word.len() >= SHORTEST);
        words
            .filter_map(|word| std::str::from_utf8(word).ok())
            .filter_map(|word| self.token_in(word))
            .filter(|token| !self.ignored.contains(*token))
            .map(ToOwned::to_owned)
            .collect()
    }

    fn token_in<'a>(&self, word: &'a str) -> Option<&'a str> {
        if self.named.contains(word) {
            return Some(word);
        }
        let (_, rest) = word.split_once("eyJ")?;
        let token = &word[word.len() - rest.len() - 3..];
        is_signed_jwt(token).then_some(token)
    }
}

/// What RFC 6750 §2.1 lets a bearer token be made of, but `=`, which ends a variable's name.
fn is_of_a_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte)
}

/// Three parts, of which the second is an object too and the third is as long as a signature
/// (RFC 7515 §3.1).
fn is_signed_jwt(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    matches!(parts[..], [_, claims, signature] if claims.starts_with("eyJ") && signature.len() >= 20)
}

/// What was done and seen, as it is written for people.
pub(crate) struct Figures {
    began: Instant,
    last: Instant,
    /// How often a tenth of a millisecond, two and so on lay between two looks.
    between: Vec<u64>,
    /// Whether the kernel lets the watch go before others.
    pub(crate) is_preferred: bool,
    pub(crate) processes: u64,
    pub(crate) missed: u64,
    pub(crate) texts: u64,
    pub(crate) allowed: u64,
    pub(crate) of_others: u64,
}

impl Default for Figures {
    fn default() -> Self {
        let now = Instant::now();
        Self {
            began: now,
            last: now,
            between: vec![0; 1000],
            is_preferred: false,
            processes: 0,
            missed: 0,
            texts: 0,
            allowed: 0,
            of_others: 0,
        }
    }
}

impl Figures {
    pub(crate) fn looked(&mut self, at: Instant) {
        let tenths = usize::try_from((at - self.last).as_micros() / 100).unwrap_or(usize::MAX);
        let most = self.between.len() - 1;
        self.between[tenths.min(most)] += 1;
        self.last = at;
    }

    /// Writes what there is so far; the last of them stays.
    pub(crate) fn write(&self, seen: usize) {
        let spent = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        let spent = Duration::try_from(spent).unwrap_or_default();
        let run = self.began.elapsed();
        let mut text = String::new();
        let mut line = |name: &str, value: String| {
            writeln!(text, "{name:<48} {value}").expect("writing to a String does not fail");
        };
        line("watched for", format!("{:.1} s", run.as_secs_f64()));
        line("looks", self.looks().to_string());
        for share in [50, 90, 99] {
            let name = format!("{share} of 100 looks came within");
            line(&name, format!("{:.1} ms", self.within(share)));
        }
        let share = 100.0 * spent.as_secs_f64() / run.as_secs_f64().max(0.001);
        line("goes before others", self.is_preferred.to_string());
        line("of one processor", format!("{share:.1} %"));
        line("processes seen", self.processes.to_string());
        line(
            "of a number that was gone at the next look",
            self.missed.to_string(),
        );
        line(
            "command lines and environments searched",
            self.texts.to_string(),
        );
        line(
            "environments that may hold a token",
            self.allowed.to_string(),
        );
        line(
            "tokens in processes that are not of this run",
            self.of_others.to_string(),
        );
        line("tokens found", seen.to_string());
        let file = artefacts("watch").join("watch.txt");
        // The figures are for people; the tests fail by what was seen.
        drop(std::fs::write(file, text));
    }

    fn looks(&self) -> u64 {
        self.between.iter().sum()
    }

    /// The time, in milliseconds, within which so many of a hundred looks followed the one before.
    fn within(&self, share: u64) -> f64 {
        let wanted = self.looks() * share / 100;
        let mut so_far = 0;
        for (tenths, count) in (1_u32..).zip(&self.between) {
            so_far += count;
            if so_far >= wanted {
                return f64::from(tenths) / 10.0;
            }
        }
        f64::INFINITY
    }
}

#[test]
fn a_token_is_known_among_other_words() {
    let jwt = format!(
        "{}.{}.{}",
        "eyJhbGciOiJFUzI1NiJ9",
        "eyJzdWIiOiJhIn0",
        "s".repeat(86)
    );
    let mut tokens = Tokens::default();
    tokens.name("an-opaque-token-of-a-provider");
    tokens.name("short");

    for text in [
        format!("curl\0-H\0Authorization: Bearer {jwt}\0https://a"),
        format!("A=b\0PGPASSWORD={jwt}\0C=d"),
        format!("wget\0https://a/{jwt}?x"),
        format!("wget\0https://a?access_token={jwt}&x"),
    ] {
        assert_eq!(tokens.in_text(text.as_bytes()), [jwt.as_str()], "{text}");
    }
    let opaque = b"x\0--token=an-opaque-token-of-a-provider\0".as_slice();
    assert_eq!(tokens.in_text(opaque), ["an-opaque-token-of-a-provider"]);
    let unsigned = jwt.rsplit_once('.').unwrap().0;
    for text in [
        unsigned,
        "short",
        "eyJhbGciOiJFUzI1NiJ9.e.s",
        "/usr/bin/keyfob-agent.service.d",
    ] {
        assert_eq!(
            tokens.in_text(text.as_bytes()),
            Vec::<String>::new(),
            "{text}"
        );
    }
    tokens.ignore(jwt.as_bytes());
    assert_eq!(tokens.in_text(jwt.as_bytes()), Vec::<String>::new());
}
