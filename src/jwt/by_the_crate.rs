//! The steps of verification that the `openidconnect` crate takes strictly: media type, `iss`,
//! `aud`, `alg`, the signature, `exp` and `nonce`.
//!
//! Never lets the crate choose a key or an algorithm, and never shows the crate's words: what it
//! refuses is said in ours, with facts from our own reading of the token.

use std::time::{Duration, UNIX_EPOCH};

use openidconnect::core::{CoreGenderClaim, CoreJweContentEncryptionAlgorithm};
use openidconnect::{
    ClaimsVerificationError as Refused, EmptyAdditionalClaims, IdToken, IdTokenVerifier, IssuerUrl,
    JsonWebKeySet, JsonWebTokenType, Nonce, NonceVerifier, SignatureVerificationError,
};

use super::algorithm::Algorithm;
use super::compact::Unverified;
use super::failure::{Check, Failure, Reason, listed, quoted, shown};
use super::key::Key;
use super::key_set::KeySet;
use super::verify_more as more;
use crate::base::{Issuer, Timestamp};

/// The year 9999, where dates end: a clock beyond it must not overflow what dates are made of.
const MOST_SECONDS: Duration = Duration::from_secs(253_402_300_799);

/// What the crate checks for us.
pub(super) struct Demand<'a> {
    pub(super) issuer: &'a Issuer,
    /// For whom the key must be good.
    pub(super) key_issuer: &'a Issuer,
    pub(super) audience: Option<&'a str>,
    pub(super) other_audiences: bool,
    pub(super) algorithms: &'a [Algorithm],
    /// Accepted media types; empty accepts any.
    pub(super) types: &'a [&'static str],
    pub(super) nonce: Option<&'a str>,
    pub(super) now: Timestamp,
    pub(super) leeway: Duration,
}

type Parsed =
    IdToken<EmptyAdditionalClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, Algorithm>;

pub(super) fn by_the_crate(
    token: &str,
    unverified: &Unverified,
    keys: &KeySet,
    demand: &Demand<'_>,
) -> Result<Algorithm, Failure> {
    let algorithm = agreed(&unverified.header().alg, demand.algorithms)?;
    let key = keys.choose(unverified, algorithm, demand.key_issuer)?;
    let parsed: Parsed = token.parse().map_err(|error: serde_json::Error| {
        let why = shown(&error.to_string());
        Failure::of(Check::Form, Reason::Unreadable(why))
    })?;
    let nonce = |found: Option<&Nonce>| match demand.nonce {
        Some(sent) => Nonce::new(sent.to_owned()).verify(found),
        None => Ok(()),
    };
    parsed
        .claims(&verifier(key, demand), nonce)
        .map_err(|refused| translate(&refused, unverified, demand))?;
    Ok(algorithm)
}

/// The algorithm is ours to choose, never the token's (RFC 8725 §3.1).
fn agreed(name: &str, accepted: &[Algorithm]) -> Result<Algorithm, Failure> {
    Algorithm::parse(name)
        .filter(|algorithm| accepted.contains(algorithm))
        .ok_or_else(|| {
            let expected = listed(accepted.iter().map(|algorithm| algorithm.name()));
            let found = shown(name);
            Failure::of(Check::Algorithm, Reason::Algorithm { expected, found })
        })
}

fn verifier<'a>(key: &Key, demand: &'a Demand<'_>) -> IdTokenVerifier<'a, Key> {
    let issuer = IssuerUrl::new(demand.issuer.as_str().to_owned())
        .expect("an issuer is parsed as a URL before it is made");
    let client_id = openidconnect::ClientId::new(demand.audience.unwrap_or_default().to_owned());
    let latest = demand.now.minus(demand.leeway);
    let latest = UNIX_EPOCH + latest.since(Timestamp(0)).min(MOST_SECONDS);
    let verifier = IdTokenVerifier::new_public_client(
        client_id,
        issuer,
        JsonWebKeySet::new(vec![key.clone()]),
    )
    .set_allowed_algs(demand.algorithms.iter().copied())
    .require_audience_match(demand.audience.is_some())
    .set_other_audience_verifier_fn(|_| demand.other_audiences)
    .set_time_fn(move || latest.into());
    if demand.types.is_empty() {
        return verifier.allow_all_jose_types();
    }
    let types = demand
        .types
        .iter()
        .filter_map(|typ| JsonWebTokenType::new((*typ).to_owned()).normalize().ok());
    verifier.set_allowed_jose_types(types)
}

/// Says in our words what the crate refused; the facts come from our own reading of the token.
fn translate(refused: &Refused, token: &Unverified, demand: &Demand<'_>) -> Failure {
    let claims = token.claims();
    let different = |claim, expected: String, found: String| Reason::Different {
        claim,
        expected,
        found,
    };
    match refused {
        Refused::Unsupported(_) => {
            let found = quoted(token.header().typ.as_deref().unwrap_or_default());
            let expected = listed(demand.types.first().copied());
            Failure::of(Check::Type, different("typ", expected, found))
        }
        Refused::InvalidIssuer(_) => {
            let found = quoted(claims.iss.as_deref().unwrap_or_default());
            let expected = quoted(demand.issuer.as_str());
            Failure::of(Check::Issuer, different("iss", expected, found))
        }
        Refused::InvalidAudience(_) => {
            let found = listed(claims.aud.iter().map(String::as_str));
            let mut expected = quoted(demand.audience.unwrap_or_default());
            if claims.aud.len() > 1 {
                expected.push_str(" alone");
            }
            Failure::of(Check::Audience, different("aud", expected, found))
        }
        Refused::Expired(_) => {
            let expired = claims.exp.unwrap_or_default();
            Failure::of(Check::Expiry, more::past("exp", expired, demand.now))
        }
        Refused::InvalidNonce(_) if claims.nonce.is_none() => {
            Failure::of(Check::Nonce, Reason::Missing("nonce"))
        }
        Refused::InvalidNonce(_) => {
            let rule = "is not the one that was sent with the request";
            let claim = "nonce";
            Failure::of(Check::Nonce, Reason::Mismatch { claim, rule })
        }
        Refused::SignatureVerification(SignatureVerificationError::CryptoError(_)) => {
            Failure::of(Check::Signature, Reason::BadSignature)
        }
        // None of these can come from the verifier as it is set up; refused all the same.
        Refused::InvalidAuthContext(_)
        | Refused::InvalidAuthTime(_)
        | Refused::InvalidSubject(_)
        | Refused::Other(_)
        | Refused::SignatureVerification(_)
        | _ => Failure::of(Check::Form, Reason::Unreadable(shown(&refused.to_string()))),
    }
}
