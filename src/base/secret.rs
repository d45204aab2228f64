//! A secret: hidden in `Debug`, wiped when dropped, shown only by [`Secret::expose`].
//!
//! Never implements `Display`, `PartialEq` or `Serialize`: none of them can be a slip of the pen.

use std::fmt;

use zeroize::Zeroizing;

/// Text that must not be printed by accident: a token, a code, a passphrase.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over; the caller keeps no copy.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
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
    fn only_the_same_text_matches() {
        let secret = Secret::new("abc".into());

        assert!(secret.matches("abc"));
        assert!(!secret.matches("abd"));
        assert!(!secret.matches("ab"));
        assert!(!secret.matches(""));
    }
}
