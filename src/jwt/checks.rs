//! Every check that a resource server makes of a token, each with what was expected and what is
//! there (RFC 9068 §4, OIDC Core §3.1.3.7, RFC 8725).
//!
//! Goes on after a check has failed, so that a person sees all that is wrong at once. Never makes a
//! [`Verified`](super::Verified), and never calls a token false that cannot be verified by design.

mod proof;
mod sheet;

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;

use super::algorithm::Algorithm;
use super::claims::Claims;
use super::compact::Unverified;
use super::failure::TokenKind;
use super::key_set::KeySet;
use super::verify::AccessTokenTypes;
use crate::base::{Timestamp, TokenIssuers};
use sheet::Sheet;

/// Beyond this many seconds a clock is worth a word; an honest network takes less.
pub const NOTABLE_SKEW: u64 = 60;

/// Beyond this many seconds tokens look expired or not yet valid, whatever leeway there is.
pub const FATAL_SKEW: u64 = 300;

/// What Microsoft Graph calls itself in tokens, whose signatures are for Graph alone.
const GRAPH: [&str; 5] = [
    "https://graph.microsoft.com",
    "00000003-0000-0000-c000-000000000000",
    "https://graph.microsoft.us",
    "https://dod-graph.microsoft.us",
    "https://microsoftgraph.chinacloudapi.cn",
];

/// What a token must fit.
#[derive(Clone, Debug)]
pub struct Terms<'a> {
    /// Which token it must be; either kind when `None`.
    pub kind: Option<TokenKind>,
    /// Who must have made it.
    pub issuers: &'a TokenIssuers,
    /// Who it may be for: one of them. Unchecked when empty.
    pub audiences: &'a [String],
    /// The client that an ID token must be for, if one is known.
    pub client_id: Option<&'a str>,
    /// Who may have asked for it: one of them. Any when empty.
    pub clients: &'a [String],
    /// Whose directory it may come from: one of them. Any when empty.
    pub tenants: &'a [String],
    /// The scopes that it must have, all of them.
    pub scopes: &'a [String],
    /// The roles that it must have, all of them.
    pub roles: &'a [String],
    /// The classes of sign-in (`acr`) that will do: one of them. Any when empty.
    pub classes: &'a [String],
    /// The authentication contexts (`acrs`) that it must have, all of them.
    pub contexts: &'a [String],
    /// What it may be signed with.
    pub algorithms: &'a [Algorithm],
    /// Which media types an access token may have.
    pub types: AccessTokenTypes,
    /// How many seconds this machine's clock is ahead of the provider's, if that was measured.
    pub ahead: Option<i64>,
    /// What time it is.
    pub now: Timestamp,
    /// How far clocks may differ; at most five minutes count.
    pub leeway: Duration,
    /// Whether checks that hold are written down, too.
    pub detail: Detail,
}

/// How much of the outcome is written down.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Detail {
    /// Each check.
    Every,
    /// Only those that do not simply hold.
    Exceptions,
}

/// One check, in the order in which they are made.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Step {
    /// Is it a token at all?
    Form,
    /// Is this machine's clock right?
    Clock,
    /// Is it for the API, or for the client?
    Audience,
    /// Is it the kind of token that is wanted?
    Kind,
    /// Did the right provider, and the right tenant, make it?
    Issuer,
    /// Is it about somebody?
    Subject,
    /// Is it valid now?
    Time,
    /// Does the provider have the key it names?
    Key,
    /// Did that key sign it?
    Signature,
    /// May its bearer do what is to be done?
    Permissions,
    /// Did a client ask for it that may?
    Client,
    /// Was the sign-in strong enough?
    Strength,
}

/// What became of a check.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mark {
    /// It holds.
    Holds,
    /// It holds, with something that a person should know.
    Warns,
    /// It does not hold.
    Fails,
    /// It could not be made.
    Unknown,
}

/// One check with its outcome.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Line {
    /// The check.
    pub step: Step,
    /// What became of it.
    pub mark: Mark,
    /// What was expected; printable.
    pub expected: Cow<'static, str>,
    /// What is there; printable.
    pub found: Cow<'static, str>,
}

/// The outcome of all checks.
#[derive(Clone, Debug)]
pub struct Report {
    /// Which token it is, as far as that can be told.
    pub kind: Option<TokenKind>,
    /// The checks, in order.
    pub lines: Vec<Line>,
    /// The verdict.
    pub outcome: Outcome,
    /// The token's claims, which count for something only when it holds.
    pub claims: Option<Claims>,
}

/// The verdict about a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// Every check that could be asked for holds.
    Holds,
    /// At least one does not.
    Fails,
    /// Nobody but the API that it is for can verify it.
    NotVerifiable(Design),
    /// The keys could not be had.
    Undecided,
}

/// Why nobody but its API can verify a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Design {
    /// It is encrypted (RFC 7516).
    Encrypted,
    /// Microsoft Graph's: a nonce in its header, and a signature that is for Graph alone.
    Graph,
    /// A text without a meaning of its own.
    Opaque,
}

impl Report {
    /// Returns the first check that does not hold.
    pub fn first_failed(&self) -> Option<&Line> {
        self.lines.iter().find(|line| line.mark == Mark::Fails)
    }

    /// Tells whether newer keys may change the outcome.
    pub fn wants_new_keys(&self) -> bool {
        self.lines.iter().any(|line| {
            matches!(line.step, Step::Key | Step::Signature) && line.mark == Mark::Fails
        })
    }
}

impl Step {
    /// Returns the word for the check.
    pub fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Clock => "clock",
            Self::Audience => "audience",
            Self::Kind => "kind",
            Self::Issuer => "issuer",
            Self::Subject => "subject",
            Self::Time => "time",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Permissions => "permissions",
            Self::Client => "client",
            Self::Strength => "strength",
        }
    }
}

/// Makes every check of a token; without keys, those that need one are unknown.
pub fn check(token: &str, keys: Option<&KeySet>, terms: &Terms<'_>) -> Report {
    let mut sheet = Sheet {
        lines: Vec::new(),
        detail: terms.detail,
    };
    let unverified = match Unverified::parse(token) {
        Ok(unverified) => unverified,
        Err(error) => return sheet.unreadable(&error, terms),
    };
    let claims = unverified.claims();
    sheet.clock(terms.ahead);
    let kind = kind_of(&unverified, terms);
    sheet.audience(claims, kind, terms);
    if is_graphs(&unverified) {
        return sheet.done(
            Some(TokenKind::Access),
            Outcome::NotVerifiable(Design::Graph),
            claims,
        );
    }
    sheet.kind(&unverified, kind, terms);
    let key_issuer = sheet.issuer(claims, kind, terms);
    sheet.subject(claims);
    sheet.time(claims, terms);
    sheet.signature(&unverified, keys, key_issuer.as_ref(), terms);
    if kind == TokenKind::Access {
        sheet.permissions(claims, terms);
    }
    sheet.client(claims, kind, terms);
    sheet.strength(claims, terms);
    let outcome = sheet.outcome();
    sheet.done(Some(kind), outcome, claims)
}

/// What a token is: as it says itself, else as the claims that only one kind has tell.
fn kind_of(token: &Unverified, terms: &Terms<'_>) -> TokenKind {
    let claims = token.claims();
    let text = |name: &str| claims.claim(name).and_then(Value::as_str);
    let typ = token.header().typ.as_deref().unwrap_or_default();
    if typ.to_ascii_lowercase().ends_with("at+jwt") {
        return TokenKind::Access;
    }
    match (text("token_use"), claims.typ.as_deref()) {
        (Some("id"), _) | (_, Some("ID")) => return TokenKind::Id,
        (Some("access"), _) | (_, Some("Bearer")) => return TokenKind::Access,
        _ => {}
    }
    let has = |names: &[&str]| names.iter().any(|name| claims.claim(name).is_some());
    if has(&["scp", "scope", "appid", "azpacr", "appidacr"]) {
        TokenKind::Access
    } else if has(&["nonce", "at_hash", "c_hash"])
        || terms
            .client_id
            .is_some_and(|own| claims.aud.iter().any(|aud| aud == own))
    {
        TokenKind::Id
    } else {
        terms.kind.unwrap_or(TokenKind::Access)
    }
}

/// Graph's tokens look like JWTs and are not: their header has a nonce that was hashed before the
/// signature was made.
fn is_graphs(token: &Unverified) -> bool {
    token.header().members.contains_key("nonce")
        || token
            .claims()
            .aud
            .iter()
            .any(|aud| GRAPH.contains(&aud.trim_end_matches('/')))
}

#[cfg(test)]
mod tests;
