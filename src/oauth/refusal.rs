//! A provider's refusal: the error object of RFC 6749 §4.1.2.1 and §5.2.
//!
//! Every text in it is the provider's, so it is made printable when it is read; it never drives a
//! terminal, and it is never long. Decisions follow `error` and `suberror`; numbers and texts are
//! for people, and an address in it is shown and never followed.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ClaimsRequest, Loose};
use crate::base::{Refused, printable_line};

/// The most characters kept of a provider's description.
const MOST_CHARACTERS: usize = 600;

/// The most characters kept of a name or a time.
const MOST_OF_A_NAME: usize = 80;

/// The most numbers kept.
const MOST_CODES: usize = 8;

/// What a provider gave as the reason for refusing.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Refusal {
    /// The error code, such as `invalid_grant`.
    pub error: String,
    /// A finer code that some providers add, such as `basic_action`.
    pub suberror: Option<String>,
    /// What the provider says to people.
    pub description: Option<String>,
    /// What Entra says beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    extra: Option<Box<Extra>>,
}

/// What Microsoft Entra ID adds to an error object: all of it for people, but the claims.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Extra {
    /// Numbers, as in `AADSTS50076`; at most eight.
    pub error_codes: Vec<u32>,
    /// Names this one answer, for who supports the provider.
    pub trace_id: Option<String>,
    /// Names the request among the provider's logs.
    pub correlation_id: Option<String>,
    /// When, as the provider writes it.
    pub timestamp: Option<String>,
    /// What the next sign-in must bring, to be sent back with it.
    pub claims: Option<ClaimsRequest>,
    /// A page about the error; never opened.
    pub error_uri: Option<String>,
}

static NOTHING: Extra = Extra {
    error_codes: Vec::new(),
    trace_id: None,
    correlation_id: None,
    timestamp: None,
    claims: None,
    error_uri: None,
};

#[derive(Deserialize)]
struct Document {
    error: String,
    suberror: Option<String>,
    error_description: Option<String>,
    #[serde(default)]
    error_codes: Loose,
    #[serde(default)]
    trace_id: Loose,
    #[serde(default)]
    correlation_id: Loose,
    #[serde(default)]
    timestamp: Loose,
    #[serde(default)]
    claims: Loose,
    #[serde(default)]
    error_uri: Loose,
}

impl Loose {
    fn name(&self) -> Option<String> {
        let text = self.0.as_str()?;
        Some(tame(text, MOST_OF_A_NAME)).filter(|text| !text.is_empty())
    }

    fn numbers(&self) -> Vec<u32> {
        let number = |value: &Value| match value.as_str() {
            Some(text) => text.parse().ok(),
            None => value.as_u64()?.try_into().ok(),
        };
        match self.0.as_array() {
            Some(items) => items.iter().filter_map(number).take(MOST_CODES).collect(),
            None => number(&self.0).into_iter().collect(),
        }
    }

    /// JSON in a text, as Entra writes it, or the object itself.
    fn claims(&self) -> Option<ClaimsRequest> {
        match self.0.as_str() {
            Some(text) => ClaimsRequest::parse(text).ok(),
            None => ClaimsRequest::parse(&self.0.to_string()).ok(),
        }
    }
}

impl Refusal {
    /// Makes a refusal of foreign texts: printable, on one line, at most 600 characters each.
    pub fn new(error: &str, suberror: Option<&str>, description: Option<&str>) -> Self {
        let tame = |text: &str| tame(text, MOST_CHARACTERS);
        Self {
            error: tame(error),
            suberror: suberror.map(tame),
            description: description.map(tame).filter(|text| !text.is_empty()),
            extra: None,
        }
    }

    /// Adds what Entra says beside.
    #[must_use]
    pub fn with(self, extra: Extra) -> Self {
        let extra = Some(Box::new(extra)).filter(|extra| **extra != NOTHING);
        Self { extra, ..self }
    }

    /// Reads an error object; `None` when the body is not one.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let document: Document = super::object(body).ok()?;
        let refusal = Self::new(
            &document.error,
            document.suberror.as_deref().filter(|code| !code.is_empty()),
            document.error_description.as_deref(),
        );
        Some(
            refusal.with(Extra {
                error_codes: document.error_codes.numbers(),
                trace_id: document.trace_id.name(),
                correlation_id: document.correlation_id.name(),
                timestamp: document.timestamp.name(),
                claims: document.claims.claims(),
                error_uri: document
                    .error_uri
                    .0
                    .as_str()
                    .map(|uri| tame(uri, MOST_CHARACTERS)),
            }),
        )
    }

    /// What Entra says beside; empty for every other provider.
    pub fn extra(&self) -> &Extra {
        self.extra.as_deref().unwrap_or(&NOTHING)
    }

    /// Tells whether this one request needs a person who signs in again, though the grant itself
    /// still lives: a second factor, a consent, a policy. Entra says so beside `invalid_grant`.
    pub fn wants_a_person(&self) -> bool {
        match self.error.as_str() {
            "interaction_required"
            | "login_required"
            | "consent_required"
            | "account_selection_required"
            | "insufficient_user_authentication" => true,
            "invalid_grant" => {
                self.suberror.is_some() && !self.ends_the_grant() && !self.leaves_no_way()
            }
            _ => false,
        }
    }

    /// Tells whether the grant itself is dead, beyond doubt: no request with it will do again. A
    /// plain `invalid_grant` says so at most providers, and at Entra only that this request failed.
    pub fn ends_the_grant(&self) -> bool {
        self.is("invalid_grant")
            && matches!(
                self.suberror.as_deref(),
                Some("bad_token" | "token_expired")
            )
    }

    /// Tells whether neither keyfob nor a sign-in can help: the provider only explains, or wants an
    /// application or a device that it can trust.
    pub fn leaves_no_way(&self) -> bool {
        matches!(
            self.suberror.as_deref(),
            Some("message_only" | "protection_policy_required")
        )
    }

    /// Returns what was given as the reason, as plain data.
    pub fn refused(&self) -> Refused {
        let extra = self.extra();
        Refused {
            error: self.error.clone(),
            suberror: self.suberror.clone(),
            description: self.description.clone(),
            error_codes: extra.error_codes.clone(),
            trace_id: extra.trace_id.clone(),
            correlation_id: extra.correlation_id.clone(),
            timestamp: extra.timestamp.clone(),
        }
    }

    /// Tells whether the error code is `code`.
    pub fn is(&self, code: &str) -> bool {
        self.error == code
    }
}

/// Entra writes its message in lines; here they stand side by side.
fn tame(text: &str, most: usize) -> String {
    let lines = text.split(['\r', '\n']).map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let text = lines.join(" ");
    let mut shown: String = text.chars().take(most).collect();
    if text.chars().nth(most).is_some() {
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
    fn each_suberror_of_entra_has_its_consequence() {
        let classes = |suberror| {
            let refusal = Refusal::new("invalid_grant", Some(suberror), None);
            (
                refusal.wants_a_person(),
                refusal.ends_the_grant(),
                refusal.leaves_no_way(),
            )
        };
        let (person, dead, no_way) = (
            (true, false, false),
            (false, true, false),
            (false, false, true),
        );

        for (suberror, class) in [
            ("basic_action", person),
            ("additional_action", person),
            ("consent_required", person),
            ("user_password_expired", person),
            ("client_mismatch", person),
            ("device_authentication_failed", person),
            ("one_of_next_year", person),
            ("bad_token", dead),
            ("token_expired", dead),
            ("message_only", no_way),
            ("protection_policy_required", no_way),
        ] {
            assert_eq!(classes(suberror), class, "{suberror}");
        }
    }

    #[test]
    fn what_entra_adds_is_read_and_tamed_and_what_is_odd_hides_nothing_else() {
        let body = br#"{"error":"interaction_required","error_description":"AADSTS50076: no.\r\nTrace ID: 0a",
            "error_codes":[50076,"65001",-1,"x",99999999999],"timestamp":"2026-11-23 12:00:00Z","trace_id":"0a\u001b[2J",
            "correlation_id":7,"error_uri":"https://login.microsoftonline.com/error?code=50076","suberror":"",
            "claims":"{\"access_token\":{\"acrs\":{\"essential\":true,\"value\":\"c1\"}}}"}"#;

        let refusal = Refusal::parse(body).unwrap();

        let extra = refusal.extra();
        assert_eq!(extra.error_codes, [50076, 65001]);
        assert_eq!(extra.trace_id.as_deref(), Some(r"0a\u{1b}[2J"));
        assert_eq!(extra.correlation_id, None);
        assert_eq!(extra.timestamp.as_deref(), Some("2026-11-23 12:00:00Z"));
        assert_eq!(
            extra.claims.as_ref().map(ClaimsRequest::as_str),
            Some(r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#)
        );
        assert!(extra.error_uri.as_deref().unwrap().ends_with("50076"));
        assert_eq!(refusal.suberror, None);
        let one = Refusal::parse(br#"{"error":"e","error_codes":"53003","claims":"[]"}"#).unwrap();
        assert_eq!(
            (one.extra().error_codes.as_slice(), &one.extra().claims),
            (&[53003][..], &None)
        );
        assert_eq!(
            Refusal::parse(br#"{"error":"e"}"#).unwrap().extra(),
            &Extra::default()
        );
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
            body in bodies(&[("error", r#""invalid_grant""#), ("error_description", r#""no""#), ("suberror", ""), ("error_uri", ""), ("error_codes", "[50076]"), ("trace_id", r#""0a""#), ("claims", r#""{\"a\":1}""#)]),
        ) {
            if let Some(refusal) = Refusal::parse(&body) {
                let shown = refusal.to_string();
                prop_assert!(!shown.contains(char::is_control));
                prop_assert_eq!(printable_line(&shown), shown.as_str());
                let extra = refusal.extra();
                for text in [&extra.trace_id, &extra.correlation_id, &extra.timestamp, &extra.error_uri] {
                    prop_assert!(!text.as_deref().unwrap_or_default().contains(char::is_control));
                }
                prop_assert!(extra.error_codes.len() <= MOST_CODES);
            }
        }

        #[test]
        fn no_text_is_too_long_to_be_shown(text in "\\PC{0,900}") {
            let shown = Refusal::new(&text, Some(&text), Some(&text));
            prop_assert!(shown.error.chars().count() <= 10 * (MOST_CHARACTERS + 1));
        }
    }
}
