//! Which issuer a provider's documents and tokens must name.
//!
//! For every provider but one it is the issuer that was asked for, to the byte (RFC 8414 §3.3). A
//! provider of many tenants answers with a tenant's GUID, or with a pattern for all of them: those
//! rules are here, and none of them loosens the first.

use std::fmt;

use super::issuer::Issuer;
use super::names::ClientId;
use super::tenant::{IssuerPattern, TenantId};

/// Which issuer a provider's metadata must name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum IssuerRule {
    /// This one, to the byte.
    Exact(Issuer),
    /// A tenant's, as a provider of many writes it.
    Tenant(TenantRule),
}

/// How the issuer of a tenant is judged.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TenantRule {
    /// The address that was asked.
    pub address: Issuer,
    /// How an issuer may be written there; the first that fits counts.
    pub patterns: Vec<IssuerPattern>,
    /// How the issuer of an older kind of access token is written, if there is such a kind.
    pub older: Option<IssuerPattern>,
    /// Which tenant it must be.
    pub expected: Expected,
    /// The client whose own signing keys are asked for, beside the tenant's.
    pub keys_of: Option<ClientId>,
}

/// Which tenant metadata must speak for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Expected {
    /// The one that the person named, or all of those that may sign in.
    Told(Tenants),
    /// The one that the same address named before.
    Pinned(TenantId),
    /// Any single one: it is the first contact.
    Unknown,
}

/// Whose tokens are taken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Tenants {
    /// Those of every tenant, within bounds.
    Any {
        /// Only these; all when empty.
        only: Vec<TenantId>,
        /// Never this one.
        never: Option<TenantId>,
    },
    /// One tenant's.
    One(TenantId),
}

/// Which issuer a provider's tokens must name, once its metadata is known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TokenIssuers {
    /// This one, to the byte.
    Exact(Issuer),
    /// A tenant's.
    Tenant(TenantTokens),
}

/// How the issuer in a tenant's tokens is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TenantTokens {
    /// In ID tokens, in keys, and in newer access tokens.
    pub pattern: IssuerPattern,
    /// In older access tokens, if there is such a kind.
    pub older: Option<IssuerPattern>,
    /// Whose tokens they are.
    pub tenants: Tenants,
}

/// Why the issuer in metadata is not the one that was asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Unsettled {
    /// Another than this, or than what this pattern allows.
    Other(String),
    /// A tenant's, but not the one that the address named before.
    Moved {
        /// The one before.
        pinned: TenantId,
        /// The one now.
        found: TenantId,
    },
}

impl IssuerRule {
    /// Returns the address at which metadata is asked for.
    pub fn address(&self) -> &Issuer {
        match self {
            Self::Exact(issuer) => issuer,
            Self::Tenant(rule) => &rule.address,
        }
    }

    /// Tells whether a token may name this issuer, in either kind of token. Of a tenant that was
    /// never met none can be told.
    pub fn may_name(&self, issuer: &str) -> bool {
        match self {
            Self::Exact(only) => only.as_str() == issuer,
            Self::Tenant(rule) => rule
                .patterns
                .iter()
                .chain(&rule.older)
                .find_map(|pattern| pattern.tenant_in(issuer))
                .is_some_and(|tenant| rule.expected.allows(&tenant)),
        }
    }

    /// Returns whose tokens are taken when no metadata is asked for; none when only metadata can
    /// tell.
    pub fn unasked(&self) -> Option<TokenIssuers> {
        let rule = match self {
            Self::Exact(issuer) => return Some(TokenIssuers::Exact(issuer.clone())),
            Self::Tenant(rule) => rule,
        };
        let tenants = match &rule.expected {
            Expected::Told(tenants) => tenants.clone(),
            Expected::Pinned(tenant) => Tenants::One(tenant.clone()),
            Expected::Unknown => return None,
        };
        Some(TokenIssuers::Tenant(TenantTokens {
            pattern: rule.patterns.first()?.clone(),
            older: rule.older.clone(),
            tenants,
        }))
    }

    /// Judges the issuer that metadata names.
    ///
    /// # Errors
    ///
    /// [`Unsettled`]: nothing of the document may be used.
    pub fn settle(&self, found: &str) -> Result<TokenIssuers, Unsettled> {
        match self {
            Self::Exact(issuer) if issuer.as_str() == found => {
                Ok(TokenIssuers::Exact(issuer.clone()))
            }
            Self::Exact(issuer) => Err(Unsettled::Other(issuer.to_string())),
            Self::Tenant(rule) => rule.settle(found),
        }
    }
}

impl TenantRule {
    fn settle(&self, found: &str) -> Result<TokenIssuers, Unsettled> {
        let named = self.patterns.iter().find_map(|pattern| {
            let tenant = pattern.tenant_in(found)?;
            Some((pattern, tenant))
        });
        let tokens = |pattern: &IssuerPattern, tenants| {
            Ok(TokenIssuers::Tenant(TenantTokens {
                pattern: pattern.clone(),
                older: self.older.clone(),
                tenants,
            }))
        };
        match (&self.expected, named) {
            (
                Expected::Told(Tenants::One(wanted)) | Expected::Pinned(wanted),
                Some((pattern, one)),
            ) if *wanted == one => tokens(pattern, Tenants::One(one)),
            (Expected::Unknown, Some((pattern, one))) => tokens(pattern, Tenants::One(one)),
            (Expected::Pinned(pinned), Some((_, found))) => Err(Unsettled::Moved {
                pinned: pinned.clone(),
                found,
            }),
            (Expected::Told(all @ Tenants::Any { .. }), _) => {
                let same = self.patterns.iter().find(|one| one.as_str() == found);
                same.map_or_else(|| Err(self.other()), |one| tokens(one, all.clone()))
            }
            (Expected::Told(Tenants::One(_)) | Expected::Pinned(_) | Expected::Unknown, _) => {
                Err(self.other())
            }
        }
    }

    fn other(&self) -> Unsettled {
        let first = self.patterns.first();
        let expected = match (&self.expected, first) {
            (Expected::Told(Tenants::One(tenant)) | Expected::Pinned(tenant), Some(pattern)) => {
                pattern.of(tenant).to_string()
            }
            (_, Some(pattern)) => pattern.to_string(),
            (_, None) => self.address.to_string(),
        };
        Unsettled::Other(expected)
    }
}

impl Expected {
    fn allows(&self, tenant: &TenantId) -> bool {
        match self {
            Self::Told(tenants) => tenants.allow(tenant),
            Self::Pinned(pinned) => pinned == tenant,
            Self::Unknown => false,
        }
    }
}

impl Tenants {
    /// Tells whether a tenant's tokens are taken.
    pub fn allow(&self, tenant: &TenantId) -> bool {
        match self {
            Self::One(one) => one == tenant,
            Self::Any { only, never } => {
                (only.is_empty() || only.contains(tenant)) && never.as_ref() != Some(tenant)
            }
        }
    }
}

impl TokenIssuers {
    /// Returns the one tenant whose tokens are taken, if it is one.
    pub fn tenant(&self) -> Option<&TenantId> {
        match self {
            Self::Tenant(TenantTokens {
                tenants: Tenants::One(tenant),
                ..
            }) => Some(tenant),
            Self::Tenant(_) | Self::Exact(_) => None,
        }
    }

    /// Returns the one issuer that ID tokens name, if it is one.
    pub fn single(&self) -> Option<Issuer> {
        match self {
            Self::Exact(issuer) => Some(issuer.clone()),
            Self::Tenant(tokens) => match &tokens.tenants {
                Tenants::One(tenant) => Some(tokens.pattern.of(tenant)),
                Tenants::Any { .. } => None,
            },
        }
    }

    /// Tells whether an issuer is one of those that ID tokens may name.
    pub fn include(&self, issuer: &str) -> bool {
        match self {
            Self::Exact(only) => only.as_str() == issuer,
            Self::Tenant(tokens) => tokens
                .pattern
                .tenant_in(issuer)
                .is_some_and(|tenant| tokens.tenants.allow(&tenant)),
        }
    }
}

impl fmt::Display for TokenIssuers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.single()) {
            (_, Some(issuer)) => issuer.fmt(f),
            (Self::Tenant(tokens), None) => tokens.pattern.fmt(f),
            (Self::Exact(issuer), None) => issuer.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests;
