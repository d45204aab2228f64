//! What is asked of a session, and what comes back.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::{Scopes, Secret, Timestamp};
use crate::jwt::TokenKind;
use crate::oauth::grant::Wanted;

/// Which of a session's tokens is meant.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The access token for a target.
    Access,
    /// The ID token.
    Id,
}

impl From<TokenKind> for Kind {
    fn from(kind: TokenKind) -> Self {
        match kind {
            TokenKind::Access => Self::Access,
            TokenKind::Id => Self::Id,
        }
    }
}

/// One request for a token.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Which token.
    pub kind: Kind,
    /// What it shall be good for.
    pub wanted: Wanted,
    /// How long it shall live at least; `None` leaves it to keyfob.
    pub min_life: Option<Duration>,
    /// Whether a new one is wanted whatever is held.
    pub renew: bool,
}

/// A token that was handed out.
#[derive(Debug)]
pub struct Ticket {
    /// The token.
    pub token: Secret,
    /// When it ends; soon, when the provider did not say.
    pub expires: Timestamp,
    /// What it was granted for.
    pub scopes: Scopes,
    /// Whether it is new, rather than from the cache.
    pub renewed: bool,
    /// Why the token is not what was hoped for, though it still works.
    pub caveat: Option<String>,
}
