//! A secret: hidden in `Debug`, wiped when dropped, shown only by [`Secret::expose`].
//!
//! Never implements `Display`, `PartialEq` or `Serialize`: none of them can be a slip of the pen.

use std::{fmt, io};

use serde::Serialize;
use zeroize::Zeroizing;

/// Text that must not be printed by accident: a token, a code, a passphrase.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over; the caller keeps no copy.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Joins pieces, without leaving a half-grown copy behind.
    pub fn joined(pieces: &[&str]) -> Self {
        let mut text = String::with_capacity(pieces.iter().map(|piece| piece.len()).sum());
        for piece in pieces {
            text.push_str(piece);
        }
        Self::new(text)
    }

    /// Writes JSON and what ends it; measured first, since a buffer that grows leaves copies behind.
    pub fn json(value: &impl Serialize, ending: &str) -> Self {
        let mut length = Length(ending.len());
        write(value, &mut length);
        let mut text = Vec::with_capacity(length.0);
        write(value, &mut text);
        text.extend_from_slice(ending.as_bytes());
        Self::new(String::from_utf8(text).expect("JSON is written as UTF-8"))
    }

    /// Shows the secret. Every file that calls this is on a list that a test keeps.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Compares in constant time; the lengths are not secret.
    pub fn matches(&self, other: &str) -> bool {
        let (ours, theirs) = (self.0.as_bytes(), other.as_bytes());
        ours.len() == theirs.len()
            && ours
                .iter()
                .zip(theirs)
                .fold(0, |unlike, (a, b)| unlike | (a ^ b))
                == 0
    }

    /// Compares with another secret in constant time; the lengths are not secret.
    pub fn is(&self, other: &Self) -> bool {
        self.matches(&other.0)
    }

    /// Tells whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn write(value: &impl Serialize, to: impl io::Write) {
    serde_json::to_writer(to, value).expect("text keys, and memory to write to");
}

/// How long a text would be.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([hidden])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_secret() {
        assert_eq!(
            format!("{:?}", Secret::new("hunter2".into())),
            "Secret([hidden])"
        );
    }

    #[test]
    fn what_is_put_together_has_no_room_to_spare() {
        let odd = "a\"\u{1}\u{e9}";
        let joined = Secret::joined(&["a", "", "bc"]);
        let json = Secret::json(&[odd], "\n");

        assert_eq!(joined.expose(), "abc");
        assert_eq!(json.expose(), "[\"a\\\"\\u0001\u{e9}\"]\n");
        for secret in [joined, json] {
            assert_eq!(secret.0.capacity(), secret.0.len(), "it grew on the way");
        }
    }

    #[test]
    fn only_the_same_text_matches() {
        let secret = Secret::new("abc".into());

        assert!(secret.matches("abc"));
        assert!(!secret.matches("abd"));
        assert!(!secret.matches("ab"));
        assert!(!secret.matches(""));
    }
}
