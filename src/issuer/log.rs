//! What was asked of the practice provider, for tests to count and for people to watch.
//!
//! Never holds a query, a body, a code or a token.

use std::fmt;

use crate::base::{Timestamp, printable_line};

/// A part of the provider that answers requests.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Endpoint {
    /// The authorization endpoint (RFC 6749 §3.1).
    Authorize,
    /// The device authorization endpoint (RFC 8628 §3.1).
    Device,
    /// The page where a person enters a user code (RFC 8628 §3.3).
    DevicePage,
    /// The provider's metadata (OIDC Discovery §4, RFC 8414 §3).
    Discovery,
    /// A protected resource that says who called it (RFC 6750).
    Echo,
    /// The end-session endpoint (OIDC RP-Initiated Logout §2).
    EndSession,
    /// The front page, for people who look.
    Front,
    /// Microsoft Graph, where a scenario has one.
    Graph,
    /// Token introspection (RFC 7662).
    Introspect,
    /// The key set (RFC 7517).
    Keys,
    /// None: no such path.
    Nowhere,
    /// Pushed authorization requests (RFC 9126).
    Pushed,
    /// Token revocation (RFC 7009).
    Revoke,
    /// What the sign-in page posts to.
    SignIn,
    /// The token endpoint (RFC 6749 §3.2).
    Token,
    /// A place that only a careless client calls: faults point here.
    Trap,
    /// Claims about the signed-in person (OIDC Core §5.3).
    UserInfo,
}

impl Endpoint {
    /// Returns the name as `keyfob issuer` prints it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::Device => "device authorization",
            Self::DevicePage => "device page",
            Self::Discovery => "discovery",
            Self::Echo => "echo",
            Self::EndSession => "end session",
            Self::Front => "front page",
            Self::Graph => "graph",
            Self::Introspect => "introspect",
            Self::Keys => "keys",
            Self::Nowhere => "nowhere",
            Self::Pushed => "pushed request",
            Self::Revoke => "revoke",
            Self::SignIn => "sign-in",
            Self::Token => "token",
            Self::Trap => "trap",
            Self::UserInfo => "userinfo",
        }
    }
}

/// One request and how it was answered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LoggedRequest {
    /// When, by the provider's clock.
    pub at: Timestamp,
    /// The method, such as `GET`; `other` for what no endpoint takes.
    pub method: &'static str,
    /// The path without its query, made safe to print.
    pub path: String,
    /// What answered.
    pub endpoint: Endpoint,
    /// The grant type, for the token endpoint.
    pub grant: Option<&'static str>,
    /// The answer's status; 0 when none was sent.
    pub status: u16,
    /// The OAuth error code in the answer.
    pub error: Option<String>,
}

impl fmt::Display for LoggedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {} {}",
            self.status,
            self.method,
            self.path,
            self.endpoint.name()
        )?;
        if let Some(grant) = self.grant {
            write!(f, " ({grant})")?;
        }
        match &self.error {
            Some(error) => write!(f, ": {}", printable_line(error)),
            None => Ok(()),
        }
    }
}
