//! A provider's refusal: the error object of RFC 6749 §4.1.2.1 and §5.2.
//!
//! Every text in it is the provider's, so it is made printable when it is read; it never drives a
//! terminal, and it is never long.

use std::fmt;

use serde::Deserialize;

use crate::base::printable_line;

/// The most characters kept of a provider's description.
const MOST_CHARACTERS: usize = 600;

/// What a provider gave as the reason for refusing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// The error code, such as `invalid_grant`; program logic follows this alone.
    pub error: String,
    /// A finer code that some providers add.
    pub suberror: Option<String>,
    /// What the provider says to people.
    pub description: Option<String>,
}

#[derive(Deserialize)]
struct Document {
    error: String,
    suberror: Option<String>,
    error_description: Option<String>,
}

impl Refusal {
    /// Makes a refusal of foreign texts: printable, on one line, at most 600 characters each.
    pub fn new(error: &str, suberror: Option<&str>, description: Option<&str>) -> Self {
        Self {
            error: tame(error),
            suberror: suberror.map(tame),
            description: description.map(tame).filter(|text| !text.is_empty()),
        }
    }

    /// Reads an error object; `None` when the body is not one.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let document: Document = super::object(body).ok()?;
        Some(Self::new(
            &document.error,
            document.suberror.as_deref(),
            document.error_description.as_deref(),
        ))
    }

    /// Tells whether this one request needs a person, though the grant itself still lives: a
    /// second factor, a consent, a policy. Entra says so beside `invalid_grant`.
    pub fn wants_a_person(&self) -> bool {
        match self.error.as_str() {
            "interaction_required" | "login_required" | "consent_required" => true,
            "invalid_grant" => self
                .suberror
                .as_deref()
                .is_some_and(|code| !matches!(code, "bad_token" | "token_expired")),
            _ => false,
        }
    }

    /// Tells whether the error code is `code`.
    pub fn is(&self, code: &str) -> bool {
        self.error == code
    }
}

fn tame(text: &str) -> String {
    let mut shown: String = text.trim().chars().take(MOST_CHARACTERS).collect();
    if text.trim().chars().nth(MOST_CHARACTERS).is_some() {
        shown.push('…');
    }
    printable_line(&shown).into_owned()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.description {
            Some(description) => write!(f, "`{}`: {description}", self.error),
            None => write!(f, "`{}`", self.error),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::oauth::testing::{CASES, bodies};

    #[test]
    fn a_description_cannot_drive_the_terminal() {
        let body = br#"{"error":"access_denied","error_description":"no\u001b[2Jway"}"#;

        let refusal = Refusal::parse(body).unwrap();

        assert_eq!(refusal.to_string(), r"`access_denied`: no\u{1b}[2Jway");
    }

    #[test]
    fn a_grant_that_needs_a_person_for_one_request_is_not_dead() {
        let wants = |error, suberror| Refusal::new(error, suberror, None).wants_a_person();

        assert!(wants("invalid_grant", Some("basic_action")));
        assert!(wants("interaction_required", None));
        assert!(!wants("invalid_grant", None));
        assert!(!wants("invalid_grant", Some("bad_token")));
        assert!(!wants("invalid_scope", Some("basic_action")));
    }

    #[test]
    fn a_description_is_cut_at_its_limit() {
        let refusal = Refusal::new("e", None, Some(&"x".repeat(5000)));

        assert_eq!(
            refusal.description.unwrap().chars().count(),
            MOST_CHARACTERS + 1
        );
    }

    #[test]
    fn what_is_no_error_object_is_no_refusal() {
        for body in [
            "",
            "<html>",
            "{}",
            r#"{"error":1}"#,
            r#"{"error":"a","error":"b"}"#,
        ] {
            assert_eq!(Refusal::parse(body.as_bytes()), None, "{body}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(CASES))]

        #[test]
        fn whatever_is_refused_its_words_are_short_and_tame(
            body in bodies(&[("error", r#""invalid_grant""#), ("error_description", r#""no""#), ("suberror", ""), ("error_uri", "")]),
        ) {
            if let Some(refusal) = Refusal::parse(&body) {
                let shown = refusal.to_string();
                prop_assert!(!shown.contains(char::is_control));
                prop_assert_eq!(printable_line(&shown), shown.as_str());
            }
        }

        #[test]
        fn no_text_is_too_long_to_be_shown(text in "\\PC{0,900}") {
            let shown = Refusal::new(&text, Some(&text), Some(&text));
            prop_assert!(shown.error.chars().count() <= 10 * (MOST_CHARACTERS + 1));
        }
    }
}
