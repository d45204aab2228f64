//! Token text to facts for people's eyes: what it seems to be, what it says, what is odd about it.
//!
//! Needs no key and never fails: what cannot be read is an opaque token. Nothing here is proof, and
//! nothing may be decided from it; that is what `verify` is for.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use super::claims::numeric_date;
use super::compact::{CompactError, MOST_BYTES, Unverified};
use super::failure::shown;
use super::meaning::{meaning_of, rank};
use super::warning::Warning;
use crate::base::Timestamp;

/// What can be seen in a token's text. Values are foreign: print them through
/// [`printable_line`](crate::base::printable_line).
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// What the token seems to be.
    pub kind: Kind,
    /// The header's members, by name; empty for an opaque token.
    pub header: Vec<(String, Value)>,
    /// The claims, well-known ones first; empty for an opaque or encrypted token.
    pub claims: Vec<Described>,
    /// The dates among the claims, in the order of time.
    pub timeline: Vec<Moment>,
    /// What is odd, the gravest first.
    pub warnings: Vec<Warning>,
}

/// What a token seems to be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// An access token, readable (RFC 9068 or alike).
    AccessToken,
    /// An encrypted token (JWE).
    Encrypted,
    /// An ID token (OIDC Core §2).
    IdToken,
    /// A logout token (OIDC Back-Channel Logout §2.4).
    LogoutToken,
    /// Text that only its issuer can read.
    Opaque,
    /// A refresh token, readable.
    RefreshToken,
    /// A signed token of some other kind.
    SignedToken,
    /// No token: what the provider says about an account (OIDC Core §5.3).
    UserInfo,
}

/// One claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Described {
    /// Its name, as written.
    pub name: String,
    /// Its value, as written.
    pub value: Value,
    /// What it means, if it is well known.
    pub meaning: Option<&'static str>,
}

/// A date among the claims.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Moment {
    /// The claim.
    pub claim: &'static str,
    /// Its date.
    pub at: Timestamp,
}

/// The dates that make a timeline.
const DATES: &[&str] = &["auth_time", "iat", "nbf", "exp", "updated_at"];

/// Longer than this and a bearer token is worth a word; providers give minutes to hours.
const LONG_LIFE: Duration = Duration::from_secs(24 * 3600);

/// Looks at a token's text; white space around it does not count.
pub fn inspect(token: &str, now: Timestamp) -> Inspection {
    let token = token.trim();
    let strict = Unverified::parse(token);
    let parts: Vec<&str> = match token.len() {
        0..=MOST_BYTES => token.split('.').collect(),
        _ => Vec::new(),
    };
    let header = parts.first().and_then(|part| loose_object(part));
    let claims = parts.get(1).and_then(|part| loose_object(part));
    match (header, claims, parts.len()) {
        (Some(header), Some(claims), 3) => signed(header, claims, strict.err(), now),
        (Some(header), _, 5) => Inspection {
            kind: Kind::Encrypted,
            header: header.into_iter().collect(),
            ..nothing()
        },
        (Some(header), None, 3) => Inspection {
            kind: Kind::SignedToken,
            header: header.into_iter().collect(),
            warnings: strict.err().map(Warning::Malformed).into_iter().collect(),
            ..nothing()
        },
        _ => nothing(),
    }
}

/// Describes claims that came without a token around them.
pub fn describe(claims: Map<String, Value>) -> Inspection {
    Inspection {
        kind: Kind::UserInfo,
        timeline: timeline(&claims),
        claims: described(claims),
        ..nothing()
    }
}

/// Says what each claim means, well-known ones first.
fn described(claims: Map<String, Value>) -> Vec<Described> {
    let mut claims: Vec<Described> = claims
        .into_iter()
        .map(|(name, value)| Described {
            meaning: meaning_of(&name),
            name,
            value,
        })
        .collect();
    claims.sort_by_key(|claim| rank(&claim.name));
    claims
}

fn nothing() -> Inspection {
    Inspection {
        kind: Kind::Opaque,
        header: Vec::new(),
        claims: Vec::new(),
        timeline: Vec::new(),
        warnings: Vec::new(),
    }
}

fn signed(
    header: Map<String, Value>,
    claims: Map<String, Value>,
    fault: Option<CompactError>,
    now: Timestamp,
) -> Inspection {
    let mut warnings: Vec<Warning> = fault.map(Warning::Malformed).into_iter().collect();
    warnings.extend(header_warnings(&header));
    warnings.extend(claims_warnings(&claims, now));
    let kind = guess(&header, &claims);
    let timeline = timeline(&claims);
    Inspection {
        kind,
        header: header.into_iter().collect(),
        claims: described(claims),
        timeline,
        warnings,
    }
}

/// Reads what can be read, for display alone: a repeated name shows its last value.
fn loose_object(part: &str) -> Option<Map<String, Value>> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&bytes).ok()
}

fn guess(header: &Map<String, Value>, claims: &Map<String, Value>) -> Kind {
    let text = |members: &Map<String, Value>, name| {
        let value = members.get(name).and_then(Value::as_str);
        value.unwrap_or_default().to_ascii_lowercase()
    };
    let typ = text(header, "typ");
    let has = |names: &[&str]| names.iter().any(|name| claims.contains_key(*name));
    match typ.strip_prefix("application/").unwrap_or(&typ) {
        "at+jwt" => return Kind::AccessToken,
        "logout+jwt" => return Kind::LogoutToken,
        "" | "jwt" | "jose" => {}
        _ => return Kind::SignedToken,
    }
    match (
        text(claims, "typ").as_str(),
        text(claims, "token_use").as_str(),
    ) {
        ("id", _) | (_, "id") => Kind::IdToken,
        ("bearer", _) | (_, "access") => Kind::AccessToken,
        ("refresh" | "offline", _) => Kind::RefreshToken,
        _ if has(&["nonce", "at_hash", "c_hash"]) => Kind::IdToken,
        _ if has(&["scope", "scp", "client_id", "appid", "cid", "idtyp"]) => Kind::AccessToken,
        _ if has(&["auth_time", "azp", "sid"]) => Kind::IdToken,
        _ if has(&["email", "name", "preferred_username"]) && has(&["aud"]) => Kind::IdToken,
        _ => Kind::SignedToken,
    }
}

fn timeline(claims: &Map<String, Value>) -> Vec<Moment> {
    let moment = |claim: &&'static str| {
        let at = numeric_date(claims.get(*claim)?)?;
        Some(Moment { claim, at })
    };
    let mut moments: Vec<Moment> = DATES.iter().filter_map(moment).collect();
    moments.sort_by_key(|moment| moment.at);
    moments
}

fn header_warnings(header: &Map<String, Value>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let name = header.get("alg").and_then(Value::as_str).unwrap_or("none");
    if Algorithm::parse(name).is_none() {
        warnings.push(Warning::Algorithm(shown(name)));
    }
    for member in ["jku", "x5u", "jwk", "x5c"] {
        if header.contains_key(member) {
            warnings.push(Warning::KeyInHeader(member));
        }
    }
    warnings
}

fn claims_warnings(claims: &Map<String, Value>, now: Timestamp) -> Vec<Warning> {
    let date = |name| claims.get(name).and_then(numeric_date);
    let mut warnings = Vec::new();
    match date("exp") {
        Some(end) if end <= now => warnings.push(Warning::Expired(now.since(end))),
        Some(end) => {
            let life = end.since(date("iat").unwrap_or(now));
            if life > LONG_LIFE {
                warnings.push(Warning::LongLife(life));
            }
        }
        None if claims.contains_key("exp") => {}
        None => warnings.push(Warning::NoExpiry),
    }
    if let Some(start) = date("nbf").filter(|start| *start > now) {
        warnings.push(Warning::NotYetValid(start.since(now)));
    }
    if let Some(made) = date("iat").filter(|made| *made > now) {
        warnings.push(Warning::FromTheFuture(made.since(now)));
    }
    let elsewhere = claims.get("_claim_names");
    let groups = elsewhere.is_some_and(|names| names.get("groups").is_some());
    if groups || claims.contains_key("hasgroups") {
        warnings.push(Warning::GroupsElsewhere);
    } else if elsewhere.is_some() {
        warnings.push(Warning::ClaimsElsewhere);
    }
    warnings
}

impl Kind {
    /// Returns the words for the kind.
    pub fn name(self) -> &'static str {
        match self {
            Self::AccessToken => "access token",
            Self::Encrypted => "encrypted token",
            Self::IdToken => "ID token",
            Self::LogoutToken => "logout token",
            Self::Opaque => "opaque token",
            Self::RefreshToken => "refresh token",
            Self::SignedToken => "signed token",
            Self::UserInfo => "userinfo",
        }
    }
}

#[cfg(test)]
mod tests;
