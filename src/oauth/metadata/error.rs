//! Why a document is not a provider's metadata, and who can mend it.
//!
//! Shows no more of an address than its origin and path.

use crate::base::{Diagnostic, Exit, Hint, TenantId};

/// Why a document is not this provider's metadata.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum MetadataError {
    /// Not a JSON object with the members in their types.
    #[error("the provider's metadata at `{at}` cannot be read: {reason}")]
    Malformed {
        /// Where it came from.
        at: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Speaks for another issuer (RFC 8414 §3.3).
    #[error("the metadata speaks for the issuer `{found}`, not for `{expected}`")]
    Issuer {
        /// The issuer that was asked for.
        expected: String,
        /// The one in the document.
        found: String,
    },
    /// Speaks for another tenant than it did before.
    #[error("`{address}` is the tenant {found} now, but it was {pinned} when it was first met")]
    Moved {
        /// The address that was asked.
        address: String,
        /// The tenant before.
        pinned: TenantId,
        /// The tenant now.
        found: TenantId,
    },
    /// Names an endpoint that must not be used.
    #[error("the provider's `{member}` cannot be used: `{found}` {reason}")]
    Endpoint {
        /// The member's name.
        member: &'static str,
        /// What it says, without its query.
        found: String,
        /// Why not.
        reason: &'static str,
    },
    /// Offers PKCE, but not with S256 (RFC 7636 §4.2).
    #[error("the provider offers PKCE without `S256`, so a code could be stolen on its way")]
    NoS256,
    /// Lacks an endpoint that the task at hand needs.
    #[error("the provider `{issuer}` names no `{member}`")]
    Missing {
        /// The provider.
        issuer: String,
        /// The endpoint's name.
        member: &'static str,
    },
}

impl Diagnostic for MetadataError {
    fn exit(&self) -> Exit {
        match self {
            Self::Malformed { .. } => Exit::Unreachable,
            Self::Issuer { .. } | Self::Moved { .. } | Self::Endpoint { .. } | Self::NoS256 => {
                Exit::Verification
            }
            Self::Missing { .. } => Exit::Refused,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Malformed { .. } => Some(Hint::Try(
                "check that `issuer` names an OpenID Connect provider".into(),
            )),
            Self::Issuer { found, .. } => Some(Hint::Try(format!(
                "if `{found}` is the provider you mean, write `issuer` exactly like that"
            ))),
            Self::Moved { found, .. } => Some(Hint::Try(format!(
                "ask the tenant's admin; if it really moved, write `tenant = \"{found}\"` in the \
                 profile"
            ))),
            Self::Missing {
                member: "device_authorization_endpoint",
                ..
            } => Some(Hint::Try(
                "sign in with the browser: leave `--device` out".into(),
            )),
            Self::Missing { .. } => Some(Hint::Try(
                "check that `issuer` names a provider that people sign in at".into(),
            )),
            Self::Endpoint { .. } | Self::NoS256 => {
                Some(Hint::Try("ask who runs the provider".into()))
            }
        }
    }
}
