//! The redirect's parameters: a code, or a typed refusal (RFC 6749 §4.1.2, RFC 9207).
//!
//! `state` is judged before anything else, `error` included: who does not know it cannot end a
//! sign-in. Nothing is reported about the sender of junk, and no parameter is ever followed.

use url::form_urlencoded;

use super::Refusal;
use crate::base::{Diagnostic, Exit, Hint, Refused, Secret, TokenIssuers, printable_line};

/// What the answer must fit.
#[derive(Debug)]
pub struct Expected<'a> {
    /// The `state` that was sent.
    pub state: &'a Secret,
    /// Who was asked.
    pub issuers: &'a TokenIssuers,
    /// Whether the provider promised to name itself (RFC 9207 §3).
    pub issuer_required: bool,
}

/// What a request to the redirect address turned out to be.
#[derive(Debug)]
pub enum Verdict {
    /// The provider's yes.
    Code(Secret),
    /// Not an answer to our request; the wait goes on.
    Junk,
    /// An answer to our request, and not a yes.
    Refused(CallbackError),
}

/// Why a real answer brings no code.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CallbackError {
    /// The person, or the provider, said no.
    #[error("the provider ended the sign-in with {0}")]
    Declined(Refusal),
    /// Another provider answered (RFC 9207 §2.4).
    #[error("the answer names the issuer `{found}`, but `{expected}` was asked")]
    Issuer {
        /// Who was asked.
        expected: String,
        /// Who answered.
        found: String,
    },
    /// The provider promised to name itself and did not.
    #[error("the answer does not name its issuer, though `{0}` says that it always does")]
    IssuerMissing(String),
    /// Neither code nor error.
    #[error("the answer holds neither a code nor an error")]
    Empty,
}

impl Diagnostic for CallbackError {
    fn exit(&self) -> Exit {
        match self {
            Self::Declined(refusal) => match refusal.error.as_str() {
                "temporarily_unavailable" | "server_error" => Exit::Unreachable,
                "invalid_scope"
                | "unauthorized_client"
                | "invalid_request"
                | "invalid_target"
                | "unsupported_response_type"
                | "invalid_client" => Exit::Refused,
                _ => Exit::SignInIncomplete,
            },
            Self::Issuer { .. } | Self::IssuerMissing(_) => Exit::Verification,
            Self::Empty => Exit::Unreachable,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Declined(refusal) if refusal.is("invalid_scope") => Some(Hint::Try(
                "check the profile's `scopes` with `keyfob config`".into(),
            )),
            Self::Declined(_) | Self::Issuer { .. } | Self::IssuerMissing(_) | Self::Empty => None,
        }
    }

    fn refused(&self) -> Option<Refused> {
        match self {
            Self::Declined(refusal) => Some(refusal.refused()),
            Self::Issuer { .. } | Self::IssuerMissing(_) | Self::Empty => None,
        }
    }
}

/// The parameters that mean something here; each at most once (RFC 6749 §3.1).
const KNOWN: [&str; 5] = ["code", "error", "error_description", "iss", "state"];

/// Judges the parameters of a request to the redirect address, form-encoded as they came.
pub fn judge(parameters: &Secret, expected: &Expected<'_>) -> Verdict {
    let mut values: [Option<Secret>; 5] = Default::default();
    for (name, value) in form_urlencoded::parse(parameters.expose().as_bytes()) {
        let Some(place) = KNOWN.iter().position(|known| *known == name) else {
            continue;
        };
        let earlier = values[place].replace(Secret::new(value.into_owned()));
        if earlier.is_some() {
            return Verdict::Junk;
        }
    }
    let [code, error, description, issuer, state] = values;
    if !state.is_some_and(|state| expected.state.matches(state.expose())) {
        return Verdict::Junk;
    }
    if let Err(error) = check_issuer(issuer.as_ref(), expected) {
        return Verdict::Refused(error);
    }
    if let Some(error) = error {
        let description = description.as_ref().map(Secret::expose);
        let refusal = Refusal::new(error.expose(), None, description);
        return Verdict::Refused(CallbackError::Declined(refusal));
    }
    match code {
        Some(code) if !code.is_empty() => Verdict::Code(code),
        _ => Verdict::Refused(CallbackError::Empty),
    }
}

/// RFC 9207 §2.4: compared as strings; checked also when it was not promised.
fn check_issuer(found: Option<&Secret>, expected: &Expected<'_>) -> Result<(), CallbackError> {
    match found {
        Some(found) if expected.issuers.include(found.expose()) => Ok(()),
        Some(found) => Err(CallbackError::Issuer {
            expected: expected.issuers.to_string(),
            found: printable_line(found.expose()).chars().take(200).collect(),
        }),
        None if expected.issuer_required => {
            Err(CallbackError::IssuerMissing(expected.issuers.to_string()))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Issuer;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use url::form_urlencoded::Serializer;

    use super::*;
    use crate::oauth::testing::CASES;

    fn verdict(parameters: &str, issuer_required: bool) -> Verdict {
        let expected = Expected {
            state: &Secret::new("right".into()),
            issuers: &TokenIssuers::Exact(Issuer::parse("https://id.example.com").unwrap()),
            issuer_required,
        };
        judge(&Secret::new(parameters.into()), &expected)
    }

    #[test]
    fn a_code_with_the_right_state_is_taken() {
        for parameters in [
            "code=c%2B1&state=right",
            "state=right&code=c%2B1&session_state=x&scope=a&scope=b",
        ] {
            assert!(matches!(verdict(parameters, false),
                Verdict::Code(code) if code.expose() == "c+1"));
        }
    }

    #[test]
    fn without_the_right_state_nothing_ends_the_wait() {
        for parameters in [
            "",
            "code=c",
            "code=c&state=",
            "code=c&state=wrong",
            "code=c&state=RIGHT",
            "code=c&state=righ",
            "code=c&state=right2",
            "error=access_denied",
            "error=access_denied&state=wrong",
            "code=a&code=b&state=right",
            "code=a&state=right&state=right",
            "code=a&state=wrong&state=right",
            "iss=https://id.example.com&iss=x&code=a&state=right",
        ] {
            assert!(
                matches!(verdict(parameters, false), Verdict::Junk),
                "{parameters}"
            );
        }
    }

    #[test]
    fn another_issuer_or_a_broken_promise_ends_the_sign_in() {
        let refused = |parameters, required| match verdict(parameters, required) {
            Verdict::Refused(error) => error,
            Verdict::Code(_) | Verdict::Junk => panic!("{parameters} was not refused"),
        };

        let other = refused("code=c&state=right&iss=https://evil.example", false);
        let silent = refused("code=c&state=right", true);
        let silent_error = refused("error=access_denied&state=right", true);

        assert!(matches!(other, CallbackError::Issuer { .. }));
        assert!(matches!(silent, CallbackError::IssuerMissing(_)));
        assert!(matches!(silent_error, CallbackError::IssuerMissing(_)));
        let good = "code=c&state=right&iss=https%3A%2F%2Fid.example.com";
        assert!(matches!(verdict(good, true), Verdict::Code(_)));
    }

    #[test]
    fn a_refusal_is_told_in_safe_words() {
        let verdict = verdict(
            "error=access_denied&error_description=a%1b%5bb&state=right",
            false,
        );

        assert!(matches!(verdict, Verdict::Refused(error)
            if error.to_string() == r"the provider ended the sign-in with `access_denied`: a\u{1b}[b"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(CASES))]

        #[test]
        fn whatever_is_sent_only_the_right_state_ends_the_wait(
            pairs in vec(
                ("code|error|error_description|iss|state|state|[a-z]{1,6}", "right|right|wrong|.{0,16}"),
                0..7,
            ),
            required in any::<bool>(),
        ) {
            let text = Serializer::new(String::new()).extend_pairs(&pairs).finish();
            let values = |name: &str| -> Vec<&str> {
                let named = pairs.iter().filter(|pair| pair.0 == name);
                named.map(|pair| pair.1.as_str()).collect()
            };

            let verdict = verdict(&text, required);

            let is_clear = KNOWN.iter().all(|name| values(name).len() < 2);
            let is_ours = is_clear && values("state") == ["right"];
            prop_assert_eq!(!matches!(verdict, Verdict::Junk), is_ours);
            if let Verdict::Code(code) = verdict {
                prop_assert_eq!(values("code"), [code.expose()]);
                prop_assert!(values("error").is_empty());
            }
        }

        #[test]
        fn no_text_ends_the_wait_by_luck(text in ".{0,200}") {
            prop_assert!(matches!(verdict(&text, false), Verdict::Junk));
        }
    }
}
