//! The checks of an ID token that the `openidconnect` crate leaves out or leaves loose: `azp`,
//! `nbf`, `iat`, `acr`, `auth_time`, `at_hash`, `c_hash` and the continuity of a refresh.
//!
//! Never makes a `Verified`; each function only says no. A check's absence from the token is a
//! refusal wherever the claim was owed.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::algorithm::Algorithm;
use super::claims::Claims;
use super::failure::{Check, Failure, Reason, listed, quoted};
use super::verify::Expect;
use crate::base::{ClientId, Subject, Timestamp};

/// The claims that every ID token and every RFC 9068 access token has (OIDC Core §2).
pub(super) fn required(claims: &Claims) -> Result<Subject, Failure> {
    let present = [
        (claims.iss.is_some(), "iss", Check::Issuer),
        (claims.sub.is_some(), "sub", Check::Subject),
        (!claims.aud.is_empty(), "aud", Check::Audience),
        (claims.exp.is_some(), "exp", Check::Expiry),
        (claims.iat.is_some(), "iat", Check::IssuedAt),
    ];
    for (is_there, name, check) in present {
        if !is_there {
            return Err(Failure::of(check, Reason::Missing(name)));
        }
    }
    let subject = claims.sub.as_deref().unwrap_or_default();
    Subject::parse(subject).map_err(|_| {
        let rule = "must be a short text without control characters";
        let claim = "sub";
        Failure::of(Check::Subject, Reason::Mismatch { claim, rule })
    })
}

/// Some providers say inside what a token is (Keycloak `typ`, Cognito `token_use`); one that says
/// it is the other kind is not accepted as this kind (RFC 8725 §3.12).
pub(super) fn kind_is_not(claims: &Claims, others: &[&str]) -> Result<(), Failure> {
    let cognito = claims.claim("token_use").and_then(|value| value.as_str());
    for (claim, stated) in [("typ", claims.typ.as_deref()), ("token_use", cognito)] {
        if let Some(stated) = stated.filter(|stated| others.contains(stated)) {
            let expected = "this kind of token".to_owned();
            let found = quoted(stated);
            let reason = Reason::Different {
                claim,
                expected,
                found,
            };
            return Err(Failure::of(Check::Type, reason));
        }
    }
    Ok(())
}

/// Steps 4 and 5: `azp`, where it is there or owed, is us.
pub(super) fn authorized_party(claims: &Claims, client_id: &ClientId) -> Result<(), Failure> {
    let check = Check::AuthorizedParty;
    match claims.azp.as_deref() {
        Some(party) if party != client_id.as_str() => {
            let expected = quoted(client_id.as_str());
            let found = quoted(party);
            let claim = "azp";
            Err(Failure::of(
                check,
                Reason::Different {
                    claim,
                    expected,
                    found,
                },
            ))
        }
        None if claims.aud.len() > 1 => Err(Failure::of(check, Reason::Missing("azp"))),
        Some(_) | None => Ok(()),
    }
}

/// `nbf` is a MUST once it is there (RFC 7519 §4.1.5).
pub(super) fn not_before(claims: &Claims, now: Timestamp, leeway: Duration) -> Result<(), Failure> {
    match claims.nbf {
        Some(start) if start > now.plus(leeway) => {
            Err(Failure::of(Check::NotBefore, future("nbf", start, now)))
        }
        Some(_) | None => Ok(()),
    }
}

/// A token cannot have been made in the future.
pub(super) fn not_from_the_future(
    claims: &Claims,
    now: Timestamp,
    leeway: Duration,
) -> Result<(), Failure> {
    match claims.iat {
        Some(made) if made > now.plus(leeway) => {
            Err(Failure::of(Check::IssuedAt, future("iat", made, now)))
        }
        Some(_) | None => Ok(()),
    }
}

/// Step 10: made in this sign-in, not before it and not in the future.
pub(super) fn issued_at(
    claims: &Claims,
    expect: &Expect<'_>,
    leeway: Duration,
) -> Result<(), Failure> {
    not_from_the_future(claims, expect.now, leeway)?;
    let made = claims.iat.unwrap_or_default();
    match expect.issued_after {
        Some(began) if made < began.minus(leeway) => {
            let claim = "iat";
            let by = began.since(made);
            Err(Failure::of(
                Check::IssuedAt,
                Reason::BeforeSignIn { claim, by },
            ))
        }
        Some(_) | None => Ok(()),
    }
}

/// Step 12: one of those that were asked for. The standard lets a provider ignore the wish; whoever
/// wrote it down would not want to be signed in by less.
pub(super) fn auth_class(claims: &Claims, expect: &Expect<'_>) -> Result<(), Failure> {
    let Some(wanted) = expect.acr_values else {
        return Ok(());
    };
    let claim = "acr";
    let Some(class) = claims.acr.as_deref() else {
        return Err(Failure::of(Check::AuthClass, Reason::Missing(claim)));
    };
    if wanted.split_ascii_whitespace().any(|one| one == class) {
        return Ok(());
    }
    let reason = Reason::Different {
        claim,
        expected: listed(wanted.split_ascii_whitespace()),
        found: quoted(class),
    };
    Err(Failure::of(Check::AuthClass, reason))
}

/// Step 13: owed when `max_age` was asked for; never in the future.
pub(super) fn auth_time(
    claims: &Claims,
    expect: &Expect<'_>,
    leeway: Duration,
) -> Result<(), Failure> {
    let claim = "auth_time";
    match (claims.auth_time, expect.max_age) {
        (Some(proved), _) if proved > expect.now.plus(leeway) => Err(Failure::of(
            Check::AuthTime,
            future(claim, proved, expect.now),
        )),
        (Some(proved), Some(age)) if proved.plus(age).plus(leeway) < expect.now => Err(
            Failure::of(Check::AuthTime, past(claim, proved, expect.now)),
        ),
        (None, Some(_)) => Err(Failure::of(Check::AuthTime, Reason::Missing(claim))),
        (Some(_) | None, _) => Ok(()),
    }
}

/// The left half of a hash binds what came with the token (OIDC Core §3.1.3.6, §3.3.2.11).
pub(super) fn hashes(
    claims: &Claims,
    algorithm: Algorithm,
    expect: &Expect<'_>,
) -> Result<(), Failure> {
    let pairs = [
        (
            Check::AccessTokenHash,
            "at_hash",
            &claims.at_hash,
            expect.access_token,
            "does not belong to the access token that came with it",
        ),
        (
            Check::CodeHash,
            "c_hash",
            &claims.c_hash,
            expect.code,
            "does not belong to the authorization code that was traded for it",
        ),
    ];
    for (check, claim, stated, bound, rule) in pairs {
        if let (Some(stated), Some(bound)) = (stated, bound)
            && *stated != left_half(algorithm, bound)
        {
            return Err(Failure::of(check, Reason::Mismatch { claim, rule }));
        }
    }
    Ok(())
}

fn left_half(algorithm: Algorithm, text: &str) -> String {
    let digest = algorithm.hash(text.as_bytes());
    let (left, _) = digest.as_ref().split_at(digest.as_ref().len() / 2);
    BASE64_URL_SAFE_NO_PAD.encode(left)
}

/// OIDC Core §12.2: a refreshed ID token is about the sign-in that the session began with.
pub(super) fn continues(claims: &Claims, original: &Claims) -> Result<(), Failure> {
    for (claim, old, new) in [
        ("iss", &original.iss, &claims.iss),
        ("sub", &original.sub, &claims.sub),
        ("azp", &original.azp, &claims.azp),
    ] {
        if old != new {
            return Err(changed(claim, old.iter(), new.iter()));
        }
    }
    if !original.aud.iter().all(|aud| claims.aud.contains(aud)) {
        return Err(changed("aud", original.aud.iter(), claims.aud.iter()));
    }
    if let (Some(old), Some(new)) = (original.auth_time, claims.auth_time)
        && old != new
    {
        let rule = "is not that of the sign-in this session began with";
        let claim = "auth_time";
        return Err(Failure::of(
            Check::Continuity,
            Reason::Mismatch { claim, rule },
        ));
    }
    if claims.nonce.is_some() && claims.nonce != original.nonce {
        let rule = "is not that of the sign-in this session began with";
        let claim = "nonce";
        return Err(Failure::of(
            Check::Continuity,
            Reason::Mismatch { claim, rule },
        ));
    }
    if claims.iat < original.iat {
        let rule = "is earlier than that of the ID token it follows";
        let claim = "iat";
        return Err(Failure::of(
            Check::Continuity,
            Reason::Mismatch { claim, rule },
        ));
    }
    Ok(())
}

fn changed<'a>(
    claim: &'static str,
    old: impl Iterator<Item = &'a String>,
    new: impl Iterator<Item = &'a String>,
) -> Failure {
    let reason = Reason::Different {
        claim,
        expected: listed(old.map(String::as_str)),
        found: listed(new.map(String::as_str)),
    };
    Failure::of(Check::Continuity, reason)
}

/// Says how long ago a date was.
pub(super) fn past(claim: &'static str, date: Timestamp, now: Timestamp) -> Reason {
    let by = now.since(date);
    Reason::Past { claim, by }
}

fn future(claim: &'static str, date: Timestamp, now: Timestamp) -> Reason {
    let by = date.since(now);
    Reason::Future { claim, by }
}
