//! Scopes: an ordered set, written with single spaces (RFC 6749 §3.3).
//!
//! Never sorts: some providers read meaning into the order, and people wrote it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A set of scopes in the order they were written.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scopes(Vec<String>);

/// Why a text is not a list of scopes.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is no scope: printable ASCII without `\"` and `\\`")]
pub struct ScopeError(String);

impl Scopes {
    /// Parses scopes separated by white space; a repeated scope counts once.
    ///
    /// # Errors
    ///
    /// [`ScopeError`] when a scope holds a character outside RFC 6749 §3.3.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        let mut scopes = Self::default();
        for scope in text.split_ascii_whitespace() {
            let fits = |byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
            if !scope.bytes().all(fits) {
                return Err(ScopeError(crate::base::printable_line(scope).into_owned()));
            }
            scopes.add(scope);
        }
        Ok(scopes)
    }

    /// Adds one scope unless it is there already.
    pub fn add(&mut self, scope: &str) {
        if !self.contains(scope) {
            self.0.push(scope.to_owned());
        }
    }

    /// Tells whether the scope is in the set.
    pub fn contains(&self, scope: &str) -> bool {
        self.0.iter().any(|held| held == scope)
    }

    /// Tells whether every scope of `other` is in this set.
    pub fn covers(&self, other: &Self) -> bool {
        other.iter().all(|scope| self.contains(scope))
    }

    /// Tells whether there is no scope at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the scopes in the order they were written.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl TryFrom<String> for Scopes {
    type Error = ScopeError;

    fn try_from(text: String) -> Result<Self, ScopeError> {
        Self::parse(&text)
    }
}

impl From<Scopes> for String {
    fn from(scopes: Scopes) -> Self {
        scopes.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_keep_their_order_and_count_once() {
        let scopes = Scopes::parse("  openid  b a openid ").unwrap();

        assert_eq!(scopes.to_string(), "openid b a");
    }

    #[test]
    fn a_quote_or_a_control_character_is_no_scope() {
        for text in ["a\"b", "a\\b", "é", "a\u{1b}[0m"] {
            assert!(Scopes::parse(text).is_err(), "{text:?}");
        }
    }
}
