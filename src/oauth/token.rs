//! What the token endpoint answers (RFC 6749 §5.1, §5.2).
//!
//! Strict: a repeated member, a wrong type, an unknown token type or a token that could break a
//! header is refused. Never logs or shows a token, and never reads what is inside one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

use super::{Loose, Refusal};
use crate::base::{Diagnostic, Exit, Hint, HomeAccount, Refused, Scopes, Secret};

/// Longest life that is believed: ten years. More is a mistake, not a promise.
const LONGEST_LIFE: u64 = 10 * 366 * 24 * 3600;

/// The longest `client_info` that is read.
const LONGEST_INFO: usize = 2048;

/// The longest token that is taken.
const LONGEST_TOKEN: usize = 64 * 1024;

/// The tokens of one answer.
#[derive(Debug)]
pub struct TokenSet {
    /// The access token; printable ASCII without spaces.
    pub access_token: Secret,
    /// How long the access token lives; `None` when the provider does not say.
    pub expires_in: Option<Duration>,
    /// When the provider wants the access token renewed, ahead of its end, if it says so (as
    /// Microsoft Entra ID does).
    pub refresh_in: Option<Duration>,
    /// A new refresh token, when there is one.
    pub refresh_token: Option<Secret>,
    /// The ID token, not verified yet.
    pub id_token: Option<Secret>,
    /// The granted scopes; `None` means those that were asked for (RFC 6749 §5.1).
    pub scopes: Option<Scopes>,
    /// Whose tokens they are, at their home, where Entra was asked to say so (`client_info`).
    pub home: Option<HomeAccount>,
    /// Whether the refresh token serves a family of Microsoft's own clients (`foci`).
    pub is_family: bool,
}

/// Why an answer holds no tokens.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TokenError {
    /// The provider gave a reason for refusing (RFC 6749 §5.2).
    #[error("the provider refused: {0}")]
    Refused(Refusal),
    /// The provider asks to come again later.
    #[error("the provider is busy (HTTP {status}){}", wait_in_words(*retry_after))]
    Busy {
        /// 429, or 503.
        status: u16,
        /// When, if it says so.
        retry_after: Option<Duration>,
    },
    /// The provider has a fault of its own.
    #[error("the provider answered with HTTP {status} instead of tokens")]
    Faulty {
        /// The HTTP status.
        status: u16,
    },
    /// The answer cannot be read as tokens.
    #[error("the provider's answer at the token endpoint is not usable: {0}")]
    Malformed(String),
    /// The token is of a type that keyfob cannot use.
    #[error("the provider's `token_type` is `{0}`, and only `Bearer` can be used")]
    TokenType(String),
}

impl TokenError {
    /// Tells whether asking again later may help.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Busy { .. } => true,
            Self::Faulty { status } => *status >= 500,
            Self::Refused(refusal) => {
                refusal.is("temporarily_unavailable") || refusal.is("server_error")
            }
            Self::Malformed(_) | Self::TokenType(_) => false,
        }
    }
}

impl Diagnostic for TokenError {
    fn exit(&self) -> Exit {
        match self {
            Self::Refused(_) if !self.is_passing() => Exit::Refused,
            Self::Busy { .. }
            | Self::Faulty { .. }
            | Self::Malformed(_)
            | Self::Refused(_)
            | Self::TokenType(_) => Exit::Unreachable,
        }
    }

    fn hint(&self) -> Option<Hint> {
        let advice = match self {
            Self::Refused(refusal) => match refusal.error.as_str() {
                "invalid_client" => {
                    "check `client_id` and the client's authentication with `keyfob config`"
                }
                "invalid_scope" => "check the profile's `scopes` with `keyfob config`",
                "invalid_target" => {
                    "check the profile's `resource` and `audience` with `keyfob config`"
                }
                "unauthorized_client" | "unsupported_grant_type" => {
                    "ask whoever registered the client to allow this grant for it"
                }
                _ => return None,
            },
            Self::Busy { .. } | Self::Faulty { .. } => "try again later",
            Self::Malformed(_) => "check that `issuer` names an OpenID Connect provider",
            Self::TokenType(_) => "ask who runs the provider for tokens of type `Bearer`",
        };
        Some(Hint::Try(advice.into()))
    }

    fn refused(&self) -> Option<Refused> {
        match self {
            Self::Refused(refusal) => Some(refusal.refused()),
            Self::Busy { .. } | Self::Faulty { .. } | Self::Malformed(_) | Self::TokenType(_) => {
                None
            }
        }
    }
}

fn wait_in_words(retry_after: Option<Duration>) -> String {
    match retry_after {
        Some(wait) => format!(" and asks to wait {}", crate::base::in_words(wait)),
        None => String::new(),
    }
}

/// Reads an answer of the token endpoint.
///
/// # Errors
///
/// [`TokenError::Refused`] when the body is an error object, whatever its status says;
/// [`TokenError::Busy`] and [`TokenError::Faulty`] by the status; [`TokenError::Malformed`] and
/// [`TokenError::TokenType`] when it claims success but cannot be used.
pub fn parse(
    status: u16,
    retry_after: Option<Duration>,
    body: &[u8],
) -> Result<TokenSet, TokenError> {
    if matches!(status, 429 | 503) {
        return Err(TokenError::Busy {
            status,
            retry_after,
        });
    }
    if let Some(refusal) = Refusal::parse(body) {
        return Err(TokenError::Refused(refusal));
    }
    if !(200..300).contains(&status) {
        return Err(TokenError::Faulty { status });
    }
    let document: Document = super::object(body).map_err(|error| malformed(body, &error))?;
    if !document.token_type.eq_ignore_ascii_case("bearer") {
        let shown = crate::base::printable_line(&document.token_type)
            .chars()
            .take(40)
            .collect();
        return Err(TokenError::TokenType(shown));
    }
    let secret = |text: String, what: &str| {
        if usable(&text) {
            return Ok(Secret::new(text));
        }
        Err(TokenError::Malformed(format!(
            "the {what} token is empty, too long, or has spaces or control characters in it"
        )))
    };
    Ok(TokenSet {
        access_token: secret(document.access_token, "access")?,
        expires_in: document.expires_in.map(|life| life.0),
        refresh_in: document.refresh_in.0,
        refresh_token: document
            .refresh_token
            .map(|text| secret(text, "refresh"))
            .transpose()?,
        id_token: document
            .id_token
            .map(|text| secret(text, "ID"))
            .transpose()?,
        scopes: document.scope.map(|text| scopes(&text)).transpose()?,
        home: document.client_info.text().and_then(home),
        is_family: document.foci.is_set(),
    })
}

/// Reads `client_info`: base64url of `{"uid": …, "utid": …}`. It is of no standard, so that whatever
/// is odd about it counts as absent.
fn home(text: &str) -> Option<HomeAccount> {
    #[derive(Deserialize)]
    struct Info {
        uid: String,
        utid: String,
    }

    if text.len() > LONGEST_INFO {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
    let info: Info = super::object(&bytes).ok()?;
    HomeAccount::new(&info.uid, &info.utid)
}

fn scopes(text: &str) -> Result<Scopes, TokenError> {
    Scopes::parse(text).map_err(|error| TokenError::Malformed(format!("`scope`: {error}")))
}

/// A token goes into a header line: visible ASCII only (RFC 6749 appendix A.12).
fn usable(token: &str) -> bool {
    (1..=LONGEST_TOKEN).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
}

fn malformed(body: &[u8], error: &serde_json::Error) -> TokenError {
    // The parser's own words may quote the body, which may hold tokens; say only what is safe.
    let reason = if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<') {
        "it is an HTML page, not JSON".to_owned()
    } else if error.is_syntax() || error.is_eof() {
        format!(
            "it is not JSON (line {}, column {})",
            error.line(),
            error.column()
        )
    } else {
        let known = [
            "missing field `access_token`",
            "missing field `token_type`",
            "duplicate field `access_token`",
            "duplicate field `token_type`",
            "duplicate field `refresh_token`",
            "duplicate field `id_token`",
            "duplicate field `expires_in`",
            "duplicate field `scope`",
        ];
        let told = error.to_string();
        match known.iter().find(|known| told.starts_with(*known)) {
            Some(known) => (*known).replace("field", "member"),
            None if told.contains(LIFE) => format!("`expires_in` is not {LIFE}"),
            None => match not_text(body) {
                Some(name) => format!("its `{name}` is not a text"),
                None => "it is not an object with the members of a token answer".to_owned(),
            },
        }
    };
    TokenError::Malformed(reason)
}

/// Finds a member that should be a text and is none: the parser does not say which.
fn not_text(body: &[u8]) -> Option<&'static str> {
    let members: BTreeMap<Cow<'_, str>, Shape<'_>> = serde_json::from_slice(body).ok()?;
    let is_other = |name: &&str| matches!(members.get(*name), Some(Shape::Other(_)));
    let texts = [
        "access_token",
        "token_type",
        "refresh_token",
        "id_token",
        "scope",
    ];
    texts.into_iter().find(is_other)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Shape<'a> {
    #[expect(dead_code, reason = "only that it is one matters")]
    Text(#[serde(borrow)] &'a str),
    Other(de::IgnoredAny),
}

#[derive(Deserialize)]
struct Document {
    access_token: String,
    token_type: String,
    expires_in: Option<Life>,
    #[serde(default)]
    refresh_in: Advice,
    refresh_token: Option<String>,
    id_token: Option<String>,
    scope: Option<String>,
    #[serde(default)]
    client_info: Loose,
    #[serde(default)]
    foci: Loose,
}

/// `refresh_in`: of no standard, and only advice, so that whatever is no number counts as absent.
#[derive(Default)]
struct Advice(Option<Duration>);

impl<'de> Deserialize<'de> for Advice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Found {
            Life(Life),
            Other(de::IgnoredAny),
        }

        Ok(match Found::deserialize(deserializer)? {
            Found::Life(life) => Self(Some(life.0)),
            Found::Other(_) => Self(None),
        })
    }
}

/// What `expires_in` must be, in words that [`malformed`] looks for.
const LIFE: &str = "a number of seconds of at most ten years";

/// `expires_in`: a number, or (as Microsoft's older endpoints write it) a number in a string.
struct Life(Duration);

impl<'de> Deserialize<'de> for Life {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seconds;

        impl Visitor<'_> for Seconds {
            type Value = Life;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(LIFE)
            }

            fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Life, E> {
                match seconds {
                    0..=LONGEST_LIFE => Ok(Life(Duration::from_secs(seconds))),
                    _ => Err(E::custom(LIFE)),
                }
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Life, E> {
                let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                match text.parse() {
                    Ok(seconds) if digits => self.visit_u64(seconds),
                    _ => Err(E::custom(LIFE)),
                }
            }
        }

        deserializer.deserialize_any(Seconds)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::oauth::testing::{CASES, bodies};

    fn answer(members: &str) -> Result<TokenSet, TokenError> {
        let body = format!(r#"{{"access_token":"at","token_type":"bearer"{members}}}"#);
        parse(200, None, body.as_bytes())
    }

    #[test]
    fn a_plain_answer_is_read() {
        let set =
            answer(r#","expires_in":3600,"refresh_token":"rt","scope":"a b","x":{}"#).unwrap();

        assert_eq!(set.access_token.expose(), "at");
        assert_eq!(set.expires_in, Some(Duration::from_secs(3600)));
        assert_eq!(set.refresh_token.unwrap().expose(), "rt");
        assert_eq!(set.scopes.unwrap().to_string(), "a b");
    }

    #[test]
    fn a_life_in_a_string_is_read_and_no_other_oddity() {
        let life =
            |text: &str| answer(&format!(r#","expires_in":{text}"#)).map(|set| set.expires_in);

        assert_eq!(life(r#""3599""#).unwrap(), Some(Duration::from_secs(3599)));
        assert_eq!(life("null").unwrap(), None);
        for text in [
            "-1",
            "1e20",
            "1.5",
            "true",
            "[]",
            r#""-1""#,
            r#""""#,
            r#""+3""#,
            "99999999999",
        ] {
            let error = life(text).unwrap_err().to_string();
            assert!(
                error.contains("expires_in") || error.contains("wrong type"),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn what_is_no_token_answer_is_refused_by_what_it_is() {
        let refused = |status, body: &str| parse(status, None, body.as_bytes()).unwrap_err();

        assert!(matches!(
            refused(200, r#"{"error":"invalid_grant"}"#),
            TokenError::Refused(_)
        ));
        assert!(matches!(
            refused(400, r#"{"error":"invalid_grant"}"#),
            TokenError::Refused(_)
        ));
        assert!(matches!(
            refused(400, "<html>"),
            TokenError::Faulty { status: 400 }
        ));
        assert!(matches!(
            refused(302, ""),
            TokenError::Faulty { status: 302 }
        ));
        assert!(matches!(refused(503, "{}"), TokenError::Busy { .. }));
        assert!(refused(200, "<html>").to_string().contains("HTML"));
        assert!(refused(200, "{\"access").to_string().contains("not JSON"));
        assert!(
            refused(200, "{}")
                .to_string()
                .contains("missing member `access_token`")
        );
        let twice = r#"{"access_token":"a","access_token":"b","token_type":"bearer"}"#;
        assert!(
            refused(200, twice)
                .to_string()
                .contains("duplicate member `access_token`")
        );
        let mac = r#"{"access_token":"a","token_type":"mac"}"#;
        assert!(matches!(refused(200, mac), TokenError::TokenType(_)));
    }

    #[test]
    fn a_token_that_could_break_a_header_is_refused_and_not_shown() {
        for token in [
            r"a\r\nX: y",
            r"a\nb",
            r"a\u0000",
            r"a\u001b[2J",
            "a b",
            "é",
            "",
        ] {
            let body = format!(r#"{{"access_token":"{token}","token_type":"Bearer"}}"#);

            let error = parse(200, None, body.as_bytes()).unwrap_err();

            assert_eq!(
                error.to_string(),
                "the provider's answer at the token endpoint is not usable: the access token is \
                 empty, too long, or has spaces or control characters in it"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(CASES))]

        #[test]
        fn whatever_is_answered_a_token_fits_a_header_and_a_message_a_terminal(
            status in prop_oneof![Just(200), Just(400), any::<u16>()],
            body in bodies(&[("access_token", r#""at""#), ("token_type", r#""Bearer""#), ("expires_in", "3600"), ("refresh_token", r#""rt""#), ("id_token", r#""it""#), ("scope", r#""openid a""#), ("error", "")]),
        ) {
            match parse(status, None, &body) {
                Ok(set) => {
                    prop_assert!((200..300).contains(&status));
                    for token in [Some(&set.access_token), set.refresh_token.as_ref(), set.id_token.as_ref()] {
                        prop_assert!(token.is_none_or(|token| usable(token.expose())));
                    }
                }
                Err(error) => prop_assert!(!error.to_string().contains(char::is_control)),
            }
        }
    }
}
