//! Claims about the account, from the provider's userinfo endpoint (OIDC Core §5.3).
//!
//! The access token goes into the header and nowhere else. An answer about another subject is
//! thrown away whole (§5.3.2), a signed one is refused rather than read unverified, and a source
//! of distributed claims (§5.6.2) is shown and never asked.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request};
use serde_json::{Map, Value};

use super::{Client, Error, Wire};
use crate::base::{Diagnostic, Exit, Hint, Secret, printable_line};
use crate::jwt::{JsonError, strict_object};

/// Why an answer of the userinfo endpoint is not used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum UserInfoError {
    /// The provider has no such endpoint.
    #[error("the provider names no `userinfo_endpoint`")]
    Missing,
    /// Not a JSON object.
    #[error("the provider's userinfo cannot be read: {0}")]
    Malformed(JsonError),
    /// Some other kind of document, such as a signed one.
    #[error("the provider's userinfo is `{0}`, not JSON, and is not used")]
    NotJson(String),
    /// About somebody else.
    #[error("the provider's userinfo has another `sub` than the session, and is not used")]
    OtherSubject,
}

impl Diagnostic for UserInfoError {
    fn exit(&self) -> Exit {
        match self {
            Self::Missing => Exit::Refused,
            Self::Malformed(_) => Exit::Unreachable,
            Self::NotJson(_) | Self::OtherSubject => Exit::Verification,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::NotJson(_) => Some(Hint::Try(
                "ask whoever registered the client to have userinfo sent as plain JSON".into(),
            )),
            Self::Missing | Self::Malformed(_) | Self::OtherSubject => None,
        }
    }
}

/// Asks for the claims about `subject`, whom the session's ID token has proved.
///
/// # Errors
///
/// [`Error::UserInfo`], [`Error::Http`], or [`Error::Status`] when the provider does not take the
/// access token here.
pub fn fetch(
    wire: Wire<'_>,
    client: &Client,
    access_token: &Secret,
    subject: &str,
) -> Result<Map<String, Value>, Error> {
    let endpoint = client.metadata.userinfo_endpoint.as_ref();
    let endpoint = endpoint.ok_or(UserInfoError::Missing)?;
    let bearer = zeroize::Zeroizing::new(format!("Bearer {}", access_token.expose()));
    let mut bearer = HeaderValue::from_str(&bearer).expect("a token fits a header");
    bearer.set_sensitive(true);
    let request = Request::get(endpoint.as_str())
        .header(ACCEPT, "application/json")
        .header(AUTHORIZATION, bearer)
        .body(Vec::new())
        .expect("a parsed URL makes a request");
    let response = wire.send(request)?;
    if response.status != 200 {
        let mut at = endpoint.clone();
        at.set_query(None);
        return Err(Error::Status {
            at: at.into(),
            status: response.status,
        });
    }
    let kind = response.headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    Ok(read(kind, &response.body, subject)?)
}

fn read(kind: &str, body: &[u8], subject: &str) -> Result<Map<String, Value>, UserInfoError> {
    let media = kind.split(';').next().unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        let shown = printable_line(media).chars().take(80).collect();
        return Err(UserInfoError::NotJson(shown));
    }
    let claims = strict_object(body).map_err(UserInfoError::Malformed)?;
    match claims.get("sub").and_then(Value::as_str) {
        Some(sub) if sub == subject => Ok(claims),
        _ => Err(UserInfoError::OtherSubject),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = "application/json; charset=utf-8";

    #[test]
    fn only_the_sessions_own_subject_is_told_about() {
        let read = |body: &str| read(JSON, body.as_bytes(), "alice");

        assert_eq!(read(r#"{"sub":"alice","a":1}"#).unwrap()["a"], 1);
        for body in [r#"{"sub":"Alice"}"#, r#"{"sub":["alice"]}"#, "{}"] {
            assert_eq!(read(body), Err(UserInfoError::OtherSubject), "{body}");
        }
        assert!(read(r#"{"sub":"eve","sub":"alice"}"#).is_err());
    }

    #[test]
    fn nothing_but_json_is_read() {
        for kind in ["application/jwt", "text/html", ""] {
            let refused = read(kind, br#"{"sub":"alice"}"#, "alice");
            assert_eq!(refused, Err(UserInfoError::NotJson(kind.to_owned())));
        }
    }
}
