//! The issuer: a URL that identifies a provider (OIDC Core §1.2, RFC 8414 §2).
//!
//! Compared exactly, byte for byte (RFC 8414 §3.3); never normalised.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// A provider's issuer URL: `https`, or `http` on a loopback address; no query, no fragment,
/// no user name.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Issuer(String);

/// Why a text is not an issuer.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum IssuerError {
    /// Not a URL at all.
    #[error("`{0}` is not a URL")]
    NotAUrl(String),
    /// Neither `https` nor `http` on a loopback address.
    #[error("`{0}` must start with `https://` (plain `http://` is for loopback addresses only)")]
    NotHttps(String),
    /// Has a query or a fragment (RFC 8414 §2).
    #[error("`{0}` must not have a query or a fragment")]
    QueryOrFragment(String),
    /// Has a user name or a password.
    #[error("`{0}` must not carry a user name or password")]
    UserInfo(String),
    /// Has white space or control characters that a URL parser would drop in silence.
    #[error("`{0}` has white space or control characters in it")]
    Blank(String),
}

impl Issuer {
    /// Parses an issuer, keeping it as it was written.
    ///
    /// # Errors
    ///
    /// Every [`IssuerError`] names the text; user names and passwords are left out of it.
    pub fn parse(text: &str) -> Result<Self, IssuerError> {
        let shown = || crate::base::printable_line(text).into_owned();
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(IssuerError::Blank(shown()));
        }
        let url = Url::parse(text).map_err(|_| IssuerError::NotAUrl(shown()))?;
        if !url.username().is_empty() || url.password().is_some() {
            let host = url.host_str().unwrap_or_default();
            return Err(IssuerError::UserInfo(format!("{}://{host}", url.scheme())));
        }
        let private = match url.scheme() {
            "https" => url.has_host(),
            "http" => is_loopback_host(&url),
            _ => false,
        };
        if !private {
            return Err(IssuerError::NotHttps(shown()));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(IssuerError::QueryOrFragment(shown()));
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the issuer as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the issuer as a URL to build others from; never to compare with.
    pub fn url(&self) -> Url {
        Url::parse(&self.0).expect("an issuer is parsed as a URL before it is made")
    }
}

/// Tells whether a URL's host is this machine: `localhost`, 127.0.0.0/8 or `[::1]`.
pub fn is_loopback_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Issuer {
    type Error = IssuerError;

    fn try_from(text: String) -> Result<Self, IssuerError> {
        Self::parse(&text)
    }
}

impl From<Issuer> for String {
    fn from(issuer: Issuer) -> Self {
        issuer.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_kept_byte_for_byte() {
        for text in [
            "https://id.example.com",
            "https://id.example.com/",
            "https://ID.example.com:443/a",
            "http://127.0.0.1:8080",
            "http://[::1]:9/x",
            "http://localhost",
        ] {
            assert_eq!(Issuer::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_is_no_issuer_is_refused_with_its_reason() {
        let refused = |text| Issuer::parse(text).unwrap_err();

        assert!(matches!(refused("id.example.com"), IssuerError::NotAUrl(_)));
        assert!(matches!(
            refused("http://id.example.com"),
            IssuerError::NotHttps(_)
        ));
        assert!(matches!(
            refused("file:///etc/passwd"),
            IssuerError::NotHttps(_)
        ));
        assert!(matches!(
            refused("https://a/?x"),
            IssuerError::QueryOrFragment(_)
        ));
        assert!(matches!(
            refused("https://a/#x"),
            IssuerError::QueryOrFragment(_)
        ));
        assert!(matches!(refused("https://a/\n"), IssuerError::Blank(_)));
        assert!(matches!(
            refused("http://127.0.0.1.evil.example"),
            IssuerError::NotHttps(_)
        ));
    }

    #[test]
    fn a_password_in_an_issuer_never_reaches_the_message() {
        let message = Issuer::parse("https://me:hunter2@a/")
            .unwrap_err()
            .to_string();

        assert!(!message.contains("hunter2"), "{message}");
    }
}
