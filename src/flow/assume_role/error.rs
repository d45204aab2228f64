//! Why AWS STS gave no credentials. PURE.
//!
//! Its code decides, here and nowhere else; its message is for people, on one line, and words in it
//! that could be a token are hidden.

use crate::base::{Diagnostic, Exit, Hint, Refused};
use crate::explain;
use crate::flow::Skew;
use crate::oauth::Refusal;

/// Why AWS STS gave no credentials.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RoleError {
    /// It has a fault of its own.
    #[error("the STS of AWS has a fault of its own (HTTP {0})")]
    Faulty(u16),
    /// Its answer is none.
    #[error("what answers in place of the STS of AWS cannot be used (HTTP {status}): {why}")]
    Malformed {
        /// The status.
        status: u16,
        /// What is wrong with it.
        why: &'static str,
    },
    /// What it gave was over before it came.
    #[error("the credentials from AWS were over before they came{0}")]
    Over(Skew),
    /// It sends us elsewhere; nobody goes there.
    #[error("the STS of AWS answered with a redirect (HTTP {0}), which is never followed")]
    Redirected(u16),
    /// It said no.
    #[error("AWS refused: {0}")]
    Refused(Refusal),
    /// The token is longer than AWS takes.
    #[error("the token has {0} bytes, and AWS takes 20000 at most")]
    TokenTooLong(usize),
}

/// What a refusal asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ground {
    /// The trust policy of the role does not let this token in.
    AccessDenied,
    /// It passes: AWS could not reach the provider, or is asked too much.
    Busy,
    /// The token is over.
    ExpiredToken,
    /// The request itself: its policy, its name, its length of life.
    Input,
    /// AWS cannot verify the token.
    InvalidToken,
    /// Something that has no rule here.
    Other,
    /// STS is turned off in that region.
    RegionOff,
    /// The provider itself says no to the token.
    Rejected,
}

impl RoleError {
    /// Makes a refusal of what an answer says.
    pub(super) fn refused(code: &str, message: &str) -> Self {
        Self::Refused(Refusal::new(
            &explain::masked(code),
            None,
            Some(&explain::masked(message)),
        ))
    }

    /// Returns what a refusal asks for.
    pub fn ground(&self) -> Option<Ground> {
        let Self::Refused(refusal) = self else {
            return None;
        };
        let code = refusal.error.as_str();
        Some(match code.strip_suffix("Exception").unwrap_or(code) {
            "AccessDenied" => Ground::AccessDenied,
            "IDPCommunicationError"
            | "InternalFailure"
            | "RequestLimitExceeded"
            | "ServiceUnavailable"
            | "Throttling"
            | "ThrottledRequest" => Ground::Busy,
            "ExpiredToken" => Ground::ExpiredToken,
            "IDPRejectedClaim" => Ground::Rejected,
            "InvalidIdentityToken" => Ground::InvalidToken,
            "InvalidParameterValue"
            | "MalformedPolicyDocument"
            | "PackedPolicyTooLarge"
            | "ValidationError"
            | "Validation" => Ground::Input,
            "RegionDisabled" => Ground::RegionOff,
            _ => Ground::Other,
        })
    }

    /// Tells whether asking again later may help.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Faulty(status) => matches!(status, 429 | 500..),
            Self::Refused(_) => self.ground() == Some(Ground::Busy),
            Self::Malformed { .. }
            | Self::Over(_)
            | Self::Redirected(_)
            | Self::TokenTooLong(_) => false,
        }
    }

    /// Returns the next step for whoever asked for `target`, written as on a command line, of
    /// `profile`.
    pub fn hint_for(&self, profile: &str, target: &str) -> Option<Hint> {
        let Some(ground) = self.ground() else {
            return self.hint();
        };
        let explain = || Hint::Run(format!("keyfob explain aws {target}"));
        Some(match ground {
            Ground::AccessDenied | Ground::InvalidToken => explain(),
            Ground::Rejected => Hint::Run(format!("keyfob login {profile}")),
            Ground::Busy
            | Ground::ExpiredToken
            | Ground::Input
            | Ground::Other
            | Ground::RegionOff => return self.hint(),
        })
    }
}

impl Diagnostic for RoleError {
    fn exit(&self) -> Exit {
        match self {
            Self::Faulty(_) | Self::Malformed { .. } | Self::Redirected(_) => Exit::Unreachable,
            Self::Over(_) => Exit::Verification,
            Self::TokenTooLong(_) => Exit::Refused,
            Self::Refused(_) => match self.ground() {
                Some(Ground::Busy) => Exit::Unreachable,
                Some(Ground::Input | Ground::RegionOff) => Exit::Config,
                Some(Ground::Rejected) => Exit::SignInNeeded,
                Some(
                    Ground::AccessDenied
                    | Ground::ExpiredToken
                    | Ground::InvalidToken
                    | Ground::Other,
                )
                | None => Exit::Refused,
            },
        }
    }

    fn hint(&self) -> Option<Hint> {
        let advice = match self {
            Self::Faulty(_) => "try again later",
            Self::Malformed { .. } | Self::Redirected(_) => {
                "check `aws_endpoint` and `aws_region`, and whether a proxy stands in between"
            }
            Self::Over(_) => "set this machine's clock, then try again",
            Self::TokenTooLong(_) => {
                "present the ID token (`present = \"id\"`), or ask for fewer claims in the token"
            }
            Self::Refused(_) => match self.ground()? {
                Ground::Busy => "try again later",
                Ground::ExpiredToken => {
                    "set this machine's clock: AWS takes a token that just came for an old one"
                }
                Ground::Input => {
                    "correct what AWS names: `aws_duration`, `aws_session_name`, `aws_policy` or \
                     `aws_policy_arns`"
                }
                Ground::RegionOff => {
                    "set another `aws_region`, or let the account's admin turn STS on in this one"
                }
                Ground::AccessDenied | Ground::InvalidToken | Ground::Other | Ground::Rejected => {
                    return None;
                }
            },
        };
        Some(Hint::Try(advice.into()))
    }

    fn refused(&self) -> Option<Refused> {
        match self {
            Self::Refused(refusal) => Some(refusal.refused()),
            Self::Faulty(_)
            | Self::Malformed { .. }
            | Self::Over(_)
            | Self::Redirected(_)
            | Self::TokenTooLong(_) => None,
        }
    }
}
