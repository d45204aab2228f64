//! Why a flow came to nothing.
//!
//! Facts only: the layers below say what they know, this adds which step it was.

use std::fmt;
use std::time::Duration;

use super::assume_role::RoleError;
use super::userinfo::UserInfoError;
use crate::base::{Diagnostic, Exit, Hint, Issuer, Refused, Timestamp, in_words, printable_line};
use crate::jwt::{Failure, KeySetError};
use crate::oauth::authorize::PushError;
use crate::oauth::callback::CallbackError;
use crate::oauth::device::DeviceError;
use crate::oauth::metadata::MetadataError;
use crate::oauth::token::TokenError;
use crate::provider::entra::Authority;
use crate::provider::entra::groups::GraphError;
use crate::sys::http::HttpError;
use crate::sys::loopback::LoopbackError;

/// Why a flow came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The redirect was an answer, and not a yes.
    #[error(transparent)]
    Callback(#[from] CallbackError),
    /// The device sign-in came to nothing.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// No metadata document anywhere.
    #[error("no provider answers at `{issuer}` (HTTP {status} at `{at}`)")]
    NoMetadata {
        /// The issuer.
        issuer: Issuer,
        /// The address asked last.
        at: String,
        /// Its answer.
        status: u16,
    },
    /// The provider failed a moment ago, and is left alone for a while.
    #[error("`{issuer}` is left alone for {}, since it just failed: {}", in_words(*left), printable_line(.said))]
    HeldOff {
        /// The provider.
        issuer: Issuer,
        /// For how long.
        left: Duration,
        /// How it failed.
        said: String,
    },
    /// The network failed.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The person interrupted.
    #[error("the sign-in was interrupted")]
    Interrupted,
    /// The provider's keys cannot be read.
    #[error("the provider's keys cannot be read")]
    Keys(#[from] KeySetError),
    /// The answer cannot be received on this machine.
    #[error(transparent)]
    Loopback(#[from] LoopbackError),
    /// The metadata cannot be used.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// The provider sent no ID token, so nobody is signed in.
    #[error("the provider sent no ID token")]
    NoIdToken,
    /// The request could not be pushed.
    #[error(transparent)]
    Push(#[from] PushError),
    /// The machine has no random numbers.
    #[error("this machine gives no random numbers")]
    Randomness,
    /// AWS gave no credentials for a role.
    #[error(transparent)]
    Role(#[from] RoleError),
    /// A document's address sends us elsewhere; nobody goes there.
    #[error("`{at}` answered with a redirect (HTTP {status}), which is never followed")]
    Redirected {
        /// The address, without its query.
        at: String,
        /// The status.
        status: u16,
    },
    /// A document was answered with another status.
    #[error("`{at}` answered with HTTP {status}")]
    Status {
        /// The address, without its query.
        at: String,
        /// The status.
        status: u16,
    },
    /// Nobody finished the sign-in in time.
    #[error("nobody finished the sign-in within {}", in_words(*.0))]
    TimedOut(Duration),
    /// The token endpoint brought no tokens.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Microsoft Graph's answer cannot be used.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The claims about the account cannot be used.
    #[error(transparent)]
    UserInfo(#[from] UserInfoError),
    /// A token failed verification.
    #[error("{failure}{skew}")]
    Verification {
        /// The check that failed.
        failure: Failure,
        /// How far this machine's clock is from the provider's.
        skew: Skew,
    },
}

impl Error {
    /// Adds what is known about the clocks to a failed verification.
    #[must_use]
    pub fn with_skew(self, skew: Skew) -> Self {
        if let Self::Verification { failure, .. } = self {
            Self::Verification { failure, skew }
        } else {
            self
        }
    }

    /// Tells whether a token failed for its dates alone, as it does when a clock is off.
    pub fn is_about_time(&self) -> bool {
        matches!(self, Self::Verification { failure, .. } if failure.is_about_time())
    }

    /// Tells whether the fault passes by itself: the network's, or the provider's.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::HeldOff { .. } => true,
            Self::Http(error) => error.exit() == Exit::Unreachable,
            Self::NoMetadata { status, .. } | Self::Status { status, .. } => {
                matches!(status, 429 | 500..)
            }
            Self::Role(error) => error.is_passing(),
            Self::Token(error) => error.is_passing(),
            Self::Callback(_)
            | Self::Device(_)
            | Self::Interrupted
            | Self::Keys(_)
            | Self::Loopback(_)
            | Self::Metadata(_)
            | Self::NoIdToken
            | Self::Push(_)
            | Self::Randomness
            | Self::Redirected { .. }
            | Self::TimedOut(_)
            | Self::Graph(_)
            | Self::UserInfo(_)
            | Self::Verification { .. } => false,
        }
    }
}

impl Diagnostic for Error {
    fn exit(&self) -> Exit {
        match self {
            Self::Callback(error) => error.exit(),
            Self::Device(error) => error.exit(),
            Self::HeldOff { .. }
            | Self::NoMetadata { .. }
            | Self::Redirected { .. }
            | Self::Status { .. } => Exit::Unreachable,
            Self::Http(error) => error.exit(),
            Self::Interrupted | Self::TimedOut(_) => Exit::SignInIncomplete,
            Self::Keys(_) | Self::NoIdToken | Self::Verification { .. } => Exit::Verification,
            Self::Loopback(error) => error.exit(),
            Self::Metadata(error) => error.exit(),
            Self::Push(error) => error.exit(),
            Self::Randomness => Exit::Fault,
            Self::Role(error) => error.exit(),
            Self::Token(error) => error.exit(),
            Self::Graph(error) => error.exit(),
            Self::UserInfo(error) => error.exit(),
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Callback(error) => error.hint(),
            Self::Device(error) => error.hint(),
            Self::NoMetadata { issuer, status, .. } => {
                Some(Hint::Try(no_metadata(*status, issuer).into()))
            }
            Self::Redirected { .. } => Some(Hint::Try(
                "write `issuer` as the provider's own metadata has it".into(),
            )),
            Self::HeldOff { left, .. } => Some(Hint::Try(format!(
                "try again in {}: a provider in trouble is asked at most three times a minute, by \
                 all programs together",
                in_words(*left)
            ))),
            Self::Http(error) => error.hint(),
            Self::Loopback(error) => error.hint(),
            Self::Metadata(error) => error.hint(),
            Self::NoIdToken => Some(Hint::Try(
                "check that the client may use the scope `openid` at this provider".into(),
            )),
            Self::TimedOut(_) => Some(Hint::Try(
                "give it longer with `--timeout 15m`, or use `--device` on a machine without a \
                 browser"
                    .into(),
            )),
            Self::Role(error) => error.hint(),
            Self::Token(error) => error.hint(),
            Self::Graph(error) => error.hint(),
            Self::UserInfo(error) => error.hint(),
            Self::Verification { failure, skew } => verification_hint(failure, skew),
            Self::Push(error) => error.hint(),
            Self::Status { .. } => Some(Hint::Try(
                "the provider has a fault of its own: try again later".into(),
            )),
            Self::Interrupted | Self::Keys(_) | Self::Randomness => None,
        }
    }

    fn refused(&self) -> Option<Refused> {
        let cause: &dyn Diagnostic = match self {
            Self::Callback(error) => error,
            Self::Device(error) => error,
            Self::Push(error) => error,
            Self::Role(error) => error,
            Self::Token(error) => error,
            Self::Graph(_)
            | Self::HeldOff { .. }
            | Self::Http(_)
            | Self::Interrupted
            | Self::Keys(_)
            | Self::Loopback(_)
            | Self::Metadata(_)
            | Self::NoIdToken
            | Self::NoMetadata { .. }
            | Self::Randomness
            | Self::Redirected { .. }
            | Self::Status { .. }
            | Self::TimedOut(_)
            | Self::UserInfo(_)
            | Self::Verification { .. } => return None,
        };
        cause.refused()
    }
}

/// What a status in place of metadata asks for.
fn no_metadata(status: u16, issuer: &Issuer) -> &'static str {
    match status {
        429 | 500.. => "the provider has a fault of its own: try again later",
        _ if Authority::parse(issuer.as_str()).is_ok() => {
            "check the profile's `tenant` and `cloud`: there is no such tenant"
        }
        _ => "check the profile's `issuer` with `keyfob config`",
    }
}

fn verification_hint(failure: &Failure, skew: &Skew) -> Option<Hint> {
    if skew.is_notable() {
        return Some(Hint::Try("set this machine's clock, then try again".into()));
    }
    failure.hint()
}

/// How far this machine's clock is from the provider's, in seconds; positive is ahead.
/// Measured by the `Date` header of an answer (RFC 9110 §6.6.1), so good to a second or two.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Skew(pub Option<i64>);

/// Below this a difference says more about the network than about a clock.
const NOTABLE_SECONDS: u64 = 30;

impl Skew {
    /// Measures: `ours` is this machine's time when the provider wrote `theirs`.
    pub fn measured(ours: Timestamp, theirs: Option<Timestamp>) -> Self {
        Self(theirs.map(|theirs| ours.0.saturating_sub(theirs.0)))
    }

    /// Tells whether the difference is large enough to matter.
    pub fn is_notable(&self) -> bool {
        self.0
            .is_some_and(|seconds| seconds.unsigned_abs() >= NOTABLE_SECONDS)
    }
}

impl fmt::Display for Skew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(seconds) if self.is_notable() => {
                let span = in_words(Duration::from_secs(seconds.unsigned_abs()));
                let side = if seconds > 0 { "ahead of" } else { "behind" };
                write!(f, " (this machine's clock is {span} {side} the provider's)")
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_is_named_with_its_direction() {
        let said =
            |ours, theirs| Skew::measured(Timestamp(ours), Some(Timestamp(theirs))).to_string();

        assert_eq!(
            said(1600, 1000),
            " (this machine's clock is 10 min ahead of the provider's)"
        );
        assert_eq!(
            said(1000, 1600),
            " (this machine's clock is 10 min behind the provider's)"
        );
        assert_eq!(said(1010, 1000), "");
        assert_eq!(Skew(None).to_string(), "");
    }
}
