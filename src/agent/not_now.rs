//! Why the agent does nothing now.
//!
//! Never about a session: whatever is wrong with one is told by who keeps it.

use std::time::Duration;

use super::frame::{Fault, Reason};
use super::lock::Refusal;
use crate::base::{Diagnostic, Exit, Hint, Relayed, in_words};

/// Why the agent does nothing now.
#[derive(Debug, thiserror::Error)]
pub(super) enum No {
    #[error("the agent is locked already")]
    AlreadyLocked,
    #[error("the agent is not locked")]
    AlreadyOpen,
    #[error("the agent is being locked or unlocked at this moment")]
    Busy,
    #[error("the agent is about to end")]
    Ending,
    #[error("the agent is locked")]
    Locked,
    #[error("a wrong passphrase was given; the next one is taken in {}", at_least(*.0))]
    TooEarly(Duration),
    #[error("the passphrase does not unlock the agent{}", next(*.0))]
    Wrong(Duration),
}

fn next(delay: Duration) -> String {
    if delay.is_zero() {
        return String::new();
    }
    format!("; the next one is taken in {}", at_least(delay))
}

/// In whole seconds, so that nobody comes too early again.
fn at_least(delay: Duration) -> String {
    in_words(Duration::from_secs(
        delay
            .as_millis()
            .div_ceil(1000)
            .try_into()
            .unwrap_or(u64::MAX),
    ))
}

impl Diagnostic for No {
    fn exit(&self) -> Exit {
        match self {
            Self::AlreadyLocked | Self::AlreadyOpen => Exit::Usage,
            Self::Busy | Self::Ending | Self::Locked | Self::TooEarly(_) | Self::Wrong(_) => {
                Exit::StoreUnavailable
            }
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Locked => Some(Hint::Run("keyfob agent unlock".into())),
            Self::AlreadyLocked | Self::AlreadyOpen => Some(Hint::Run("keyfob agent status".into())),
            Self::Ending => Some(Hint::Run("keyfob agent".into())),
            Self::Busy => Some(Hint::Try("try again in a moment".into())),
            Self::TooEarly(_) | Self::Wrong(_) => Some(Hint::Try(
                "without the passphrase, stop the agent with `keyfob agent stop`, and sign in again"
                    .into(),
            )),
        }
    }
}

impl From<No> for Fault {
    fn from(no: No) -> Self {
        let reason = match &no {
            No::Locked => Reason::Locked,
            No::Ending => Reason::Ending,
            No::AlreadyLocked | No::AlreadyOpen | No::Busy | No::TooEarly(_) | No::Wrong(_) => {
                Reason::Failed
            }
        };
        Self::of(reason, &Relayed::of(&no))
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Already => Self::AlreadyOpen,
            Refusal::Busy => Self::Busy,
            Refusal::TooEarly(wait) => Self::TooEarly(wait),
        }
    }
}
