//! Why a token was not accepted: which check, what was expected, what was found.
//!
//! Never holds the token, a nonce or a hash; foreign text is made printable and cut short here.

use std::time::Duration;

use super::algorithm::Algorithm;
use super::compact::CompactError;
use super::key::KeyRefusal;
use crate::base::{Diagnostic, Exit, Hint, in_words, printable_line};

/// The longest foreign text in a message, in characters: enough for an issuer or an audience.
const MOST_SHOWN: usize = 160;

/// A token failed a check.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the {} fails the {} check: {reason}", .token.name(), .check.name())]
pub struct Failure {
    /// Which token.
    pub token: TokenKind,
    /// Which check.
    pub check: Check,
    /// What was expected and found.
    pub reason: Reason,
}

/// Which token was being verified.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum TokenKind {
    /// An access token (RFC 9068).
    #[default]
    Access,
    /// An ID token (OIDC Core §2).
    Id,
}

/// A check that a token must pass, in the order in which they are made.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Check {
    /// Is it a strict signed token with its required claims?
    Form,
    /// Is it signed with an algorithm that was agreed on?
    Algorithm,
    /// Is there one key of the provider for it?
    Key,
    /// Does the signature hold?
    Signature,
    /// Is it this kind of token at all?
    Type,
    /// Is it from the expected issuer?
    Issuer,
    /// Is it meant for us, and only for us?
    Audience,
    /// Was it issued to us?
    AuthorizedParty,
    /// Does it say whom it is about?
    Subject,
    /// Is it still valid?
    Expiry,
    /// Is it valid already?
    NotBefore,
    /// Was it made in this sign-in, and not in the future?
    IssuedAt,
    /// Does it answer our request?
    Nonce,
    /// Does it belong to the access token that came with it?
    AccessTokenHash,
    /// Does it belong to the authorization code it was traded for?
    CodeHash,
    /// Did the person sign in recently enough?
    AuthTime,
    /// Did the person sign in as strongly as was asked for?
    AuthClass,
    /// Is it about the same sign-in as the token it follows?
    Continuity,
}

/// What was expected, and what was found instead.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Reason {
    /// An algorithm that was not agreed on.
    #[error("`alg` is `{found}`, expected {expected}")]
    Algorithm {
        /// The accepted names.
        expected: String,
        /// The header's.
        found: String,
    },
    /// Several keys verify one signature, which honest keys do not.
    #[error("several keys of the provider match it")]
    AmbiguousKey,
    /// The signature is not the key's.
    #[error("the signature does not match the provider's key")]
    BadSignature,
    /// Not a token that can be read at all.
    #[error("{0}")]
    Compact(#[from] CompactError),
    /// A claim has another value than it must have.
    #[error("`{claim}` is {found}, expected {expected}")]
    Different {
        /// The claim or header member.
        claim: &'static str,
        /// What it must be; with its own backticks.
        expected: String,
        /// What it is; with its own backticks.
        found: String,
    },
    /// A date lies too far back.
    #[error("`{claim}` was {} ago (is this machine's clock right?)", in_words(*.by))]
    Past {
        /// The claim.
        claim: &'static str,
        /// How long ago.
        by: Duration,
    },
    /// A date lies ahead.
    #[error("`{claim}` is {} in the future (is this machine's clock right?)", in_words(*.by))]
    Future {
        /// The claim.
        claim: &'static str,
        /// How far ahead.
        by: Duration,
    },
    /// A date lies before the sign-in that the token must come from.
    #[error(
        "`{claim}` is {} before this sign-in began (is this machine's clock right?)",
        in_words(*.by)
    )]
    BeforeSignIn {
        /// The claim.
        claim: &'static str,
        /// How long before.
        by: Duration,
    },
    /// The named key is there, but not for this algorithm or issuer.
    #[error("the provider's key `{kid}` is not for {algorithm} tokens of this issuer")]
    KeyDoesNotFit {
        /// The token's `kid`.
        kid: String,
        /// The token's algorithm.
        algorithm: Algorithm,
    },
    /// A required claim or header member is absent.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A value that must not be shown differs.
    #[error("`{claim}` {rule}")]
    Mismatch {
        /// The claim.
        claim: &'static str,
        /// The rule that it breaks, as the end of the sentence.
        rule: &'static str,
    },
    /// The token names no key, and none of the set fits.
    #[error("the provider has no key for {algorithm}")]
    NoKey {
        /// The token's algorithm.
        algorithm: Algorithm,
    },
    /// A claim of a profile (name, address, …) has a type that the standard does not allow.
    #[error("its claims cannot be read: {0}")]
    Unreadable(String),
    /// The named key is not in the set.
    #[error("the provider has no key `{kid}`")]
    UnknownKey {
        /// The token's `kid`.
        kid: String,
    },
    /// The named key must not be used.
    #[error("the provider's key `{kid}` cannot be used: {why}")]
    UnusableKey {
        /// The token's `kid`.
        kid: String,
        /// Why not.
        why: KeyRefusal,
    },
}

impl Failure {
    /// Makes the failure of an ID token; [`Self::in_access_token`] makes it another's.
    pub(super) fn of(check: Check, reason: Reason) -> Self {
        Self {
            token: TokenKind::Id,
            check,
            reason,
        }
    }

    pub(super) fn in_access_token(self) -> Self {
        Self {
            token: TokenKind::Access,
            ..self
        }
    }

    /// Tells whether a date is too far back or ahead, as all are when a clock is off.
    pub fn is_about_time(&self) -> bool {
        matches!(
            self.reason,
            Reason::Past { .. } | Reason::Future { .. } | Reason::BeforeSignIn { .. }
        )
    }

    /// Tells whether fetching the provider's keys anew may help: it may have rotated them, even
    /// under an old name. How often that is done is the caller's to limit.
    pub fn wants_new_keys(&self) -> bool {
        matches!(self.check, Check::Key | Check::Signature)
    }
}

impl Diagnostic for Failure {
    fn exit(&self) -> Exit {
        Exit::Verification
    }

    fn hint(&self) -> Option<Hint> {
        let words = match self.check {
            Check::Expiry | Check::NotBefore | Check::IssuedAt => {
                "compare this machine's clock with the provider's"
            }
            Check::Issuer => "compare the profile's `issuer` with the provider's metadata",
            Check::Audience | Check::AuthorizedParty if self.token == TokenKind::Id => {
                "compare the profile's `client_id` with the client registered at the provider"
            }
            Check::AuthTime => "sign in again",
            Check::AuthClass => {
                "compare `acr_values` in the profile's `authorize` with what the provider offers"
            }
            Check::Form
            | Check::Algorithm
            | Check::Key
            | Check::Signature
            | Check::Type
            | Check::Audience
            | Check::AuthorizedParty
            | Check::Subject
            | Check::Nonce
            | Check::AccessTokenHash
            | Check::CodeHash
            | Check::Continuity => return None,
        };
        Some(Hint::Try(words.to_owned()))
    }
}

impl Check {
    /// Returns the word that messages use for the check.
    pub fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Algorithm => "algorithm",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Type => "type",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::AuthorizedParty => "authorized party",
            Self::Subject => "subject",
            Self::Expiry => "expiry",
            Self::NotBefore => "not-before",
            Self::IssuedAt => "issue time",
            Self::Nonce => "nonce",
            Self::AccessTokenHash => "access token hash",
            Self::CodeHash => "code hash",
            Self::AuthTime => "sign-in time",
            Self::AuthClass => "sign-in strength",
            Self::Continuity => "continuity",
        }
    }
}

impl TokenKind {
    /// Returns the words for the token: `ID token`, `access token`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Access => "access token",
            Self::Id => "ID token",
        }
    }
}

/// Makes foreign text fit for a message.
pub(super) fn shown(text: &str) -> String {
    let safe = printable_line(text);
    if safe.chars().count() <= MOST_SHOWN {
        return safe.into_owned();
    }
    safe.chars().take(MOST_SHOWN).chain(['…']).collect()
}

/// Makes foreign text fit for a message, in backticks.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", shown(text))
}

/// Makes a list of foreign texts fit for a message; `nothing` when it is empty.
pub(super) fn listed<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 8;
    let mut texts = texts.into_iter().map(quoted);
    let line = texts.by_ref().take(MOST).collect::<Vec<_>>().join(", ");
    match texts.count() {
        _ if line.is_empty() => "nothing".to_owned(),
        0 => line,
        more => format!("{line} and {more} more"),
    }
}
