//! What a provider gave as its reason for refusing, as plain data: for whoever explains it to a
//! person, on this side of the agent's socket or on the other.
//!
//! Never a secret, and never a ground for a decision: those follow the refusal itself.

use serde::{Deserialize, Serialize};

/// What a provider gave as its reason for refusing; printable texts only.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Refused {
    /// The error code, such as `invalid_grant`.
    pub error: String,
    /// A finer code, such as `basic_action`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suberror: Option<String>,
    /// What the provider says to people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Numbers, as in `AADSTS50076`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub error_codes: Vec<u32>,
    /// Names this one answer, for who supports the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// Names the request among the provider's logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    /// When, as the provider writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
}

impl Refused {
    /// Takes apart what a refusal looks like in a message: the code in backticks, then what the
    /// provider says.
    pub fn quoted(text: &str) -> Self {
        let quoted = text.strip_prefix('`').and_then(|text| text.split_once('`'));
        let (error, rest) = quoted.unwrap_or(("", text));
        let description = rest.trim_start_matches(':').trim();
        Self {
            error: error.to_owned(),
            description: Some(description.to_owned()).filter(|text| !text.is_empty()),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_in_a_message_is_taken_apart() {
        let parts = |text| {
            let refused = Refused::quoted(text);
            (refused.error, refused.description)
        };

        assert_eq!(
            parts("`invalid_grant`: it: is `over`"),
            ("invalid_grant".into(), Some("it: is `over`".into()))
        );
        assert_eq!(parts("`invalid_grant`"), ("invalid_grant".into(), None));
        assert_eq!(parts("over"), (String::new(), Some("over".into())));
    }
}
