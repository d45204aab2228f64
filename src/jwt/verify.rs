//! Verification by the numbered steps of OIDC Core §3.1.3.7 and, for access tokens, RFC 9068 §4.
//!
//! The only maker of [`Verified`]. The `openidconnect` crate takes the steps that it takes
//! strictly; the rest, where it is loose or silent, is here. Never accepts an algorithm because the
//! token names it, a key because the token brings it, or a claim because it is absent.

use std::time::Duration;

use super::algorithm::Algorithm;
use super::by_the_crate::{Demand, by_the_crate};
use super::claims::Claims;
use super::compact::Unverified;
use super::failure::{Check, Failure, Reason};
use super::key_set::KeySet;
use super::verify_more as more;
use crate::base::{Audience, ClientId, Issuer, Subject, Timestamp};

/// The most that clocks may differ, whatever is asked for (FAPI 2.0 §5.3.2.1 allows less still).
pub(super) const MOST_LEEWAY: Duration = Duration::from_secs(300);

/// What an ID token must say.
#[derive(Clone, Copy, Debug)]
pub struct Expect<'a> {
    /// Who must have made it.
    pub issuer: &'a Issuer,
    /// Who it must be for.
    pub client_id: &'a ClientId,
    /// What the provider's metadata lists, of what exists here.
    pub algorithms: &'a [Algorithm],
    /// The nonce that was sent with the request, if one was.
    pub nonce: Option<&'a str>,
    /// The access token that came with it.
    pub access_token: Option<&'a str>,
    /// The authorization code it was traded for.
    pub code: Option<&'a str>,
    /// When the sign-in began; none on a refresh.
    pub issued_after: Option<Timestamp>,
    /// The age that was asked for (`max_age`).
    pub max_age: Option<Duration>,
    /// The classes of sign-in that were asked for (`acr_values`), with spaces between them.
    pub acr_values: Option<&'a str>,
    /// On a refresh: the claims of the ID token that the session began with (OIDC Core §12.2).
    pub continues: Option<&'a Claims>,
    /// What time it is.
    pub now: Timestamp,
    /// How far clocks may differ; at most five minutes count.
    pub leeway: Duration,
}

/// What an access token must say.
#[derive(Clone, Copy, Debug)]
pub struct ExpectAccess<'a> {
    /// Who must have made it.
    pub issuer: &'a Issuer,
    /// For whom its key must be good; the issuer itself, but for Entra's older tokens.
    pub key_issuer: &'a Issuer,
    /// What the provider's metadata lists, of what exists here.
    pub algorithms: &'a [Algorithm],
    /// The API it must be for, if that is known.
    pub audience: Option<&'a Audience>,
    /// Which media types are accepted.
    pub types: AccessTokenTypes,
    /// What time it is.
    pub now: Timestamp,
    /// How far clocks may differ; at most five minutes count.
    pub leeway: Duration,
}

/// Which media types (`typ`) an access token may have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AccessTokenTypes {
    /// Any, for providers older than RFC 9068 (Entra writes `JWT`).
    Any,
    /// `at+jwt` alone (RFC 9068 §4).
    Standard,
}

/// A token that passed every check.
#[derive(Clone, Debug)]
pub struct Verified {
    claims: Claims,
    subject: Subject,
    algorithm: Algorithm,
}

impl<'a> Expect<'a> {
    /// Expects no more than issuer, client and time; add what else the request asked for.
    pub fn new(
        issuer: &'a Issuer,
        client_id: &'a ClientId,
        algorithms: &'a [Algorithm],
        now: Timestamp,
        leeway: Duration,
    ) -> Self {
        Self {
            issuer,
            client_id,
            algorithms,
            nonce: None,
            access_token: None,
            code: None,
            issued_after: None,
            max_age: None,
            acr_values: None,
            continues: None,
            now,
            leeway,
        }
    }
}

impl Verified {
    /// Returns the claims, which the provider vouches for.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// Returns the account at the issuer.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Returns the algorithm of the signature that was verified.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// Verifies an ID token; the numbers are those of OIDC Core §3.1.3.7.
///
/// # Errors
///
/// [`Failure`] names the first check that failed; [`Failure::wants_new_keys`] tells whether the
/// provider's keys may simply have changed.
pub fn verify_id_token(
    token: &str,
    keys: &KeySet,
    expect: &Expect<'_>,
) -> Result<Verified, Failure> {
    // 1. Encrypted tokens are refused, and so is everything else that is not strictly a JWS.
    let unverified = read(token)?;
    let claims = unverified.claims();
    let subject = more::required(claims)?;
    more::kind_is_not(claims, &["Bearer", "Refresh", "Offline", "access"])?;

    // 2, 3, 6, 7, 9 and 11, and `typ`. Step 8 (keyed hashes) cannot happen: see `Algorithm`.
    let leeway = expect.leeway.min(MOST_LEEWAY);
    let is_for_us = claims.azp.as_deref() == Some(expect.client_id.as_str());
    let algorithm = by_the_crate(
        token,
        &unverified,
        keys,
        &Demand {
            issuer: expect.issuer,
            key_issuer: expect.issuer,
            audience: Some(expect.client_id.as_str()),
            // Several audiences are trusted only in a token that says it was issued to us.
            other_audiences: is_for_us,
            algorithms: expect.algorithms,
            types: &["JWT", "JOSE"],
            nonce: expect.nonce,
            now: expect.now,
            leeway,
        },
    )?;

    // 4 and 5.
    more::authorized_party(claims, expect.client_id)?;
    // 10, and `nbf` (RFC 7519 §4.1.5).
    more::not_before(claims, expect.now, leeway)?;
    more::issued_at(claims, expect, leeway)?;
    // 12 and 13.
    more::auth_class(claims, expect)?;
    more::auth_time(claims, expect, leeway)?;
    // §3.1.3.8 and §3.3.2.11: the hashes, where they are there.
    more::hashes(claims, algorithm, expect)?;
    // §12.2.
    if let Some(original) = expect.continues {
        more::continues(claims, original)?;
    }
    Ok(Verified {
        claims: unverified.into_claims(),
        subject,
        algorithm,
    })
}

/// Verifies an access token that is a JWT (RFC 9068 §4).
///
/// # Errors
///
/// [`Failure`] names the first check that failed.
pub fn verify_access_token(
    token: &str,
    keys: &KeySet,
    expect: &ExpectAccess<'_>,
) -> Result<Verified, Failure> {
    let unverified = read(token).map_err(Failure::in_access_token)?;
    let (subject, algorithm) =
        access_steps(token, &unverified, keys, expect).map_err(Failure::in_access_token)?;
    Ok(Verified {
        claims: unverified.into_claims(),
        subject,
        algorithm,
    })
}

fn access_steps(
    token: &str,
    unverified: &Unverified,
    keys: &KeySet,
    expect: &ExpectAccess<'_>,
) -> Result<(Subject, Algorithm), Failure> {
    let claims = unverified.claims();
    let subject = more::required(claims)?;
    more::kind_is_not(claims, &["ID", "Refresh", "Offline", "id"])?;
    let types: &[&str] = match expect.types {
        AccessTokenTypes::Any => &[],
        AccessTokenTypes::Standard if unverified.header().typ.is_none() => {
            return Err(Failure::of(Check::Type, Reason::Missing("typ")));
        }
        AccessTokenTypes::Standard => &["at+jwt"],
    };
    let leeway = expect.leeway.min(MOST_LEEWAY);
    let algorithm = by_the_crate(
        token,
        unverified,
        keys,
        &Demand {
            issuer: expect.issuer,
            key_issuer: expect.key_issuer,
            audience: expect.audience.map(Audience::as_str),
            other_audiences: true,
            algorithms: expect.algorithms,
            types,
            nonce: None,
            now: expect.now,
            leeway,
        },
    )?;
    more::not_before(claims, expect.now, leeway)?;
    more::not_from_the_future(claims, expect.now, leeway)?;
    Ok((subject, algorithm))
}

fn read(token: &str) -> Result<Unverified, Failure> {
    Unverified::parse(token).map_err(|error| Failure::of(Check::Form, error.into()))
}

#[cfg(test)]
mod tests;
