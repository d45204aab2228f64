//! The `claims` parameter (OpenID Connect Core §5.5): what an API or a provider demands of the next
//! token, as JSON. It comes in a challenge or in a refusal, and goes back as it came.
//!
//! Whoever sent it wrote it freely, so it is small, flat and an object, or it is refused. Never a
//! secret; never shown before it is made printable.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value, json};

use crate::base::printable_line;
use crate::jwt::strict_object;

/// The most bytes that are taken.
const MOST_BYTES: usize = 8 * 1024;

/// The most objects and arrays inside each other; the documented ones have three.
const MOST_LEVELS: usize = 8;

/// What says "this client understands a claims challenge" at Entra.
const CAPABILITY: &str = "cp1";

/// A `claims` parameter: one JSON object, its members in order, without blanks. Equal ones are
/// equal texts, however they were written.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ClaimsRequest(String);

/// Why a text is no `claims` parameter.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ClaimsError {
    /// Longer than anything real.
    #[error("the claims are longer than {} KiB", MOST_BYTES / 1024)]
    TooLong,
    /// Nested deeper than anything real.
    #[error("the claims are nested deeper than {MOST_LEVELS} levels")]
    TooDeep,
    /// Not a JSON object, or one with a name twice.
    #[error("the claims cannot be read: {0}")]
    NotAnObject(String),
    /// An object that demands nothing.
    #[error("the claims are an empty object: they demand nothing")]
    Empty,
}

impl ClaimsRequest {
    /// Reads the JSON text.
    ///
    /// # Errors
    ///
    /// Every [`ClaimsError`].
    pub fn parse(text: &str) -> Result<Self, ClaimsError> {
        if text.len() > MOST_BYTES {
            return Err(ClaimsError::TooLong);
        }
        let members = strict_object(text.as_bytes())
            .map_err(|error| ClaimsError::NotAnObject(error.to_string()))?;
        if members.is_empty() {
            return Err(ClaimsError::Empty);
        }
        let whole = Value::Object(members);
        if levels(&whole) > MOST_LEVELS {
            return Err(ClaimsError::TooDeep);
        }
        let text = whole.to_string();
        // A number can be longer when it is written out.
        if text.len() > MOST_BYTES {
            return Err(ClaimsError::TooLong);
        }
        Ok(Self(text))
    }

    /// Returns the JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Adds that this client understands claims challenges, as Entra wants to be told beside them.
    #[must_use]
    pub fn with_capability(&self) -> Self {
        let Ok(Value::Object(mut members)) = serde_json::from_str(&self.0) else {
            return self.clone();
        };
        let token = members
            .entry("access_token")
            .or_insert_with(|| Value::Object(Map::new()));
        // Where something else stands in its place, nothing is overwritten.
        if let Value::Object(token) = token {
            token
                .entry("xms_cc")
                .or_insert_with(|| json!({ "values": [CAPABILITY] }));
        }
        Self(Value::Object(members).to_string())
    }
}

/// How deep objects and arrays stand inside each other.
fn levels(value: &Value) -> usize {
    let below = match value {
        Value::Object(members) => members.values().map(levels).max(),
        Value::Array(items) => items.iter().map(levels).max(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return 0,
    };
    1 + below.unwrap_or_default()
}

impl fmt::Display for ClaimsRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable_line(&self.0))
    }
}

impl<'de> Deserialize<'de> for ClaimsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_same_claims_are_the_same_text_however_they_are_written() {
        let read = |text| ClaimsRequest::parse(text).unwrap();

        assert_eq!(
            read(r#"{"b":1, "a": {"y":true,"x":"\u0061"}}"#),
            read("{\n\"a\":{\"x\":\"a\",\"y\":true},\"b\":1}")
        );
    }

    #[test]
    fn only_a_small_flat_object_is_taken() {
        let read = |text: &str| ClaimsRequest::parse(text);
        let deep = |levels| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
        let long = |size| format!(r#"{{"a":"{}"}}"#, "x".repeat(size));

        assert!(read(&deep(MOST_LEVELS)).is_ok());
        assert_eq!(read(&deep(MOST_LEVELS + 1)), Err(ClaimsError::TooDeep));
        assert!(read(&long(MOST_BYTES - 8)).is_ok());
        assert_eq!(read(&long(MOST_BYTES - 7)), Err(ClaimsError::TooLong));
        assert_eq!(read("{}"), Err(ClaimsError::Empty));
        for text in ["", "[]", "null", "\"x\"", r#"{"a":1,"a":2}"#, "{} {}"] {
            assert!(
                matches!(read(text), Err(ClaimsError::NotAnObject(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn the_capability_stands_beside_what_was_demanded() {
        let merged = |text| ClaimsRequest::parse(text).unwrap().with_capability().0;

        assert_eq!(
            merged(r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#),
            r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"},"xms_cc":{"values":["cp1"]}}}"#
        );
        assert_eq!(
            merged(r#"{"id_token":{"acr":null}}"#),
            r#"{"access_token":{"xms_cc":{"values":["cp1"]}},"id_token":{"acr":null}}"#
        );
        assert_eq!(merged(r#"{"access_token":1}"#), r#"{"access_token":1}"#);
    }

    proptest! {
        #[test]
        fn whatever_is_taken_is_taken_again_as_it_is(text in r#"\{("[a-c]{1,2}":(1|"x\\u001b"|\{\}|\[1\]|null),?){0,3}\}"#) {
            if let Ok(claims) = ClaimsRequest::parse(&text) {
                prop_assert_eq!(ClaimsRequest::parse(claims.as_str()), Ok(claims.clone()));
                prop_assert!(!claims.to_string().contains(char::is_control));
            }
        }
    }
}
