//! Lines of `key=value`, as git's credential protocol has them (gitcredentials, git-credential(1)).
//!
//! Only a line feed ends a line. A carriage return or a NUL anywhere is an error and never a line
//! end: readers that took it for one have sent tokens to other hosts (CVE-2020-5260, CVE-2024-50338,
//! CVE-2024-52006).

use super::{Misread, text};

/// The longest line, its line feed included, that git itself reads.
const LONGEST: usize = 65_535;

/// Reads lines up to the first empty one. What follows it belongs to nobody.
pub(super) fn read(sent: &[u8]) -> Result<Vec<(&str, &str)>, Misread> {
    let sent = text("the request", sent)?;
    let mut pairs = Vec::new();
    for line in sent.split('\n') {
        if line.is_empty() {
            break;
        }
        if line.len() >= LONGEST {
            return Err(Misread::TooLong {
                what: "a line of the request",
                most: LONGEST,
            });
        }
        if let Some(character) = forbidden(line) {
            return Err(Misread::Character {
                what: "a line of the request",
                character,
            });
        }
        let pair = line.split_once('=').filter(|(key, _)| !key.is_empty());
        pairs.push(pair.ok_or(Misread::Form {
            what: "a line of the request",
            wanted: "`key=value`",
        })?);
    }
    Ok(pairs)
}

/// Names what a line must not hold.
pub(super) fn forbidden(line: &str) -> Option<&'static str> {
    line.chars().find_map(|c| match c {
        '\n' => Some("a line feed"),
        '\r' => Some("a carriage return"),
        '\0' => Some("a NUL character"),
        _ => None,
    })
}
