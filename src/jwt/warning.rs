//! What is odd about a token, for people who look at one.
//!
//! Never proof of anything: a token without a warning is still unverified.

use std::fmt;
use std::time::Duration;

use super::compact::CompactError;
use crate::base::in_words;

/// Something odd about a token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Warning {
    /// The header asks for no signature, a keyed hash, or something unknown.
    Algorithm(String),
    /// Expired.
    Expired(Duration),
    /// Made in the future.
    FromTheFuture(Duration),
    /// The header brings its own key, or points to one; it is ignored.
    KeyInHeader(&'static str),
    /// It lives longer than a day, though it cannot be taken back.
    LongLife(Duration),
    /// Not strictly well-formed: nothing should accept it.
    Malformed(CompactError),
    /// It never expires.
    NoExpiry,
    /// Not valid yet.
    NotYetValid(Duration),
    /// Too many groups to list: they have to be asked for elsewhere (Entra).
    GroupsElsewhere,
    /// Claims that are kept elsewhere; nobody vouches for them here (OIDC Core §5.6.2).
    ClaimsElsewhere,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Algorithm(name) => {
                write!(
                    f,
                    "`alg` is `{name}`, which proves nothing about who made it"
                )
            }
            Self::Expired(ago) => write!(f, "it expired {} ago", in_words(*ago)),
            Self::FromTheFuture(by) => write!(
                f,
                "it was issued {} in the future (is this machine's clock right?)",
                in_words(*by)
            ),
            Self::KeyInHeader(member) => {
                write!(
                    f,
                    "its header brings a key of its own (`{member}`), ignored here"
                )
            }
            Self::LongLife(life) => write!(
                f,
                "it lives {}, long for a token that cannot be taken back",
                in_words(*life)
            ),
            Self::Malformed(error) => write!(f, "nothing should accept it: {error}"),
            Self::NoExpiry => f.write_str("it never expires (`exp` is missing)"),
            Self::NotYetValid(by) => write!(f, "it is not valid for another {}", in_words(*by)),
            Self::GroupsElsewhere => {
                f.write_str("the account is in too many groups to list them in a token")
            }
            Self::ClaimsElsewhere => {
                f.write_str("some claims are kept elsewhere, and nobody vouches for them here")
            }
        }
    }
}
