//! Who must have made a token, where a provider has more issuers than one.
//!
//! A multi-tenant provider's token says its tenant (`tid`) and its version (`ver`); which issuer
//! follows from that is decided here, and then compared like any other: to the byte, and with the
//! keys. Never "whichever passes", and never proof: what is read here is unverified.

use super::claims::Claims;
use super::compact::Unverified;
use super::failure::{Check, Failure, Reason, TokenKind, listed, quoted};
use crate::base::{Issuer, TenantId, TenantTokens, Tenants, TokenIssuers};

/// Who must have made a token, and in whose name its key must vouch for it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MadeBy {
    /// What `iss` must be.
    pub issuer: Issuer,
    /// The issuer for which the key must be good: keys are published for the newer one only.
    pub key_issuer: Issuer,
}

impl MadeBy {
    fn exactly(issuer: &Issuer) -> Self {
        Self {
            issuer: issuer.clone(),
            key_issuer: issuer.clone(),
        }
    }
}

/// Decides who must have made a token of this kind.
///
/// # Errors
///
/// [`Failure`] when it is no token, names no tenant or one that is not allowed, or is of a version
/// that does not exist there.
pub fn made_by(token: &str, kind: TokenKind, issuers: &TokenIssuers) -> Result<MadeBy, Failure> {
    let decide = || match issuers {
        TokenIssuers::Exact(issuer) => Ok(MadeBy::exactly(issuer)),
        TokenIssuers::Tenant(tokens) => {
            let token =
                Unverified::parse(token).map_err(|error| Failure::of(Check::Form, error.into()))?;
            of_tenant(token.claims(), kind, tokens)
        }
    };
    decide().map_err(|failure| match kind {
        TokenKind::Id => failure,
        TokenKind::Access => failure.in_access_token(),
    })
}

/// Decides who must have made a token that is already read.
pub(super) fn decided(
    claims: &Claims,
    kind: TokenKind,
    issuers: &TokenIssuers,
) -> Result<MadeBy, Failure> {
    match issuers {
        TokenIssuers::Exact(issuer) => Ok(MadeBy::exactly(issuer)),
        TokenIssuers::Tenant(tokens) => of_tenant(claims, kind, tokens),
    }
}

fn of_tenant(claims: &Claims, kind: TokenKind, tokens: &TenantTokens) -> Result<MadeBy, Failure> {
    let tenant = tenant(claims, &tokens.tenants)?;
    let key_issuer = tokens.pattern.of(&tenant);
    let issuer = match (kind, &tokens.older) {
        // The endpoint that was asked decides the version of an ID token.
        (TokenKind::Id, _) | (TokenKind::Access, None) => key_issuer.clone(),
        // The API's registration decides that of an access token.
        (TokenKind::Access, Some(older)) => match text(claims, "ver")? {
            Some("1.0") => older.of(&tenant),
            Some("2.0") => key_issuer.clone(),
            Some(other) => {
                let expected = "`1.0` or `2.0`".to_owned();
                return Err(different("ver", expected, other));
            }
            None => return Err(Failure::of(Check::Issuer, Reason::Missing("ver"))),
        },
    };
    Ok(MadeBy { issuer, key_issuer })
}

/// The tenant that a token names; one that names none can only be the one that was asked.
fn tenant(claims: &Claims, tenants: &Tenants) -> Result<TenantId, Failure> {
    let named = text(claims, "tid")?;
    match (named, tenants) {
        (None, Tenants::One(one)) => Ok(one.clone()),
        (None, Tenants::Any { .. }) => Err(Failure::of(Check::Issuer, Reason::Missing("tid"))),
        (Some(named), tenants) => TenantId::parse(named)
            .ok()
            .filter(|tenant| tenant.as_str() == named && tenants.allow(tenant))
            .ok_or_else(|| different("tid", described(tenants), named)),
    }
}

fn described(tenants: &Tenants) -> String {
    match tenants {
        Tenants::One(one) => quoted(one.as_str()),
        Tenants::Any { only, .. } if !only.is_empty() => {
            format!("one of {}", listed(only.iter().map(TenantId::as_str)))
        }
        Tenants::Any { never: None, .. } => "a tenant's GUID".to_owned(),
        Tenants::Any { never: Some(_), .. } => "the GUID of a work or school tenant".to_owned(),
    }
}

fn text<'a>(claims: &'a Claims, name: &'static str) -> Result<Option<&'a str>, Failure> {
    match claims.claim(name) {
        None => Ok(None),
        Some(value) => value.as_str().map(Some).ok_or_else(|| {
            let rule = "must be a text";
            Failure::of(Check::Issuer, Reason::Mismatch { claim: name, rule })
        }),
    }
}

fn different(claim: &'static str, expected: String, found: &str) -> Failure {
    let reason = Reason::Different {
        claim,
        expected,
        found: quoted(found),
    };
    Failure::of(Check::Issuer, reason)
}

#[cfg(test)]
mod tests;
