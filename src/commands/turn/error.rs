//! Why a sign-in that others have a part in came to nothing.

use super::words::on_the_clock;
use crate::base::{Diagnostic, Exit, Hint, ProfileName, Refused, Timestamp, printable_line};
use crate::session;
use crate::session::prompt::Mark;

/// Why a sign-in that others have a part in came to nothing.
#[derive(Debug, thiserror::Error)]
pub(in crate::commands) enum TurnError {
    /// Somebody was asked already, and nobody came.
    #[error("{}, and nobody finished it", opened(.mark.as_ref(), *.now))]
    BudgetSpent {
        /// The profile.
        profile: ProfileName,
        /// When, and by whom.
        mark: Option<Mark>,
        /// The time.
        now: Timestamp,
    },
    /// The one that was waited for failed.
    #[error("the sign-in of {who} came to nothing: {}", printable_line(reason))]
    OtherFailed {
        /// The profile.
        profile: ProfileName,
        /// The other process.
        who: String,
        /// The exit status that it ended with.
        status: u8,
        /// What it said.
        reason: String,
    },
    /// The wait was interrupted.
    #[error("the wait was interrupted; the sign-in of {who} goes on")]
    Left {
        /// The other process.
        who: String,
    },
    /// The other does not end.
    #[error("the sign-in of {who} has not ended in time")]
    Overdue {
        /// The profile.
        profile: ProfileName,
        /// The other process.
        who: String,
    },
    /// Somebody signed out while this sign-in ran.
    #[error("{who} signed out of profile `{profile}`, which ends this sign-in")]
    SignedOut {
        /// The profile.
        profile: ProfileName,
        /// The other process.
        who: String,
    },
    /// Another sign-in stands in this one's place.
    #[error("{who} took over the sign-in for profile `{profile}`")]
    TakenOver {
        /// The profile.
        profile: ProfileName,
        /// The other process.
        who: String,
    },
    /// No token, while a person is about to sign in.
    #[error("{cause}")]
    Underway {
        /// Why there is no token.
        #[source]
        cause: session::Error,
        /// The hint.
        hint: String,
    },
}

fn opened(mark: Option<&Mark>, now: Timestamp) -> String {
    match mark {
        Some(mark) => format!(
            "a sign-in was opened at {} by process {} for profile `{}`",
            on_the_clock(mark.at, now),
            mark.by.pid,
            mark.profile
        ),
        None => "a sign-in was opened before".to_owned(),
    }
}

impl TurnError {
    /// Says who stands in a sign-in's place, and why.
    pub(super) fn replaced(profile: &ProfileName, who: String, signed_out: bool) -> Self {
        let profile = profile.clone();
        if signed_out {
            Self::SignedOut { profile, who }
        } else {
            Self::TakenOver { profile, who }
        }
    }
}

impl Diagnostic for TurnError {
    fn exit(&self) -> Exit {
        match self {
            Self::BudgetSpent { .. } => Exit::SignInNeeded,
            Self::OtherFailed { status, .. } => ended_as(*status),
            Self::Left { .. }
            | Self::Overdue { .. }
            | Self::SignedOut { .. }
            | Self::TakenOver { .. } => Exit::SignInIncomplete,
            Self::Underway { cause, .. } => cause.exit(),
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::BudgetSpent { profile, .. } => Some(Hint::Try(format!(
                "sign in on a terminal with `keyfob login {profile}`; without one, no second \
                 window is opened"
            ))),
            Self::OtherFailed { profile, .. }
            | Self::SignedOut { profile, .. }
            | Self::TakenOver { profile, .. } => Some(Hint::Run(format!("keyfob login {profile}"))),
            Self::Left { .. } => None,
            Self::Overdue { profile, .. } => {
                Some(Hint::Run(format!("keyfob login {profile} --take-over")))
            }
            Self::Underway { hint, .. } => Some(Hint::Try(hint.clone())),
        }
    }

    fn refused(&self) -> Option<Refused> {
        match self {
            Self::Underway { cause, .. } => cause.refused(),
            Self::BudgetSpent { .. }
            | Self::OtherFailed { .. }
            | Self::Left { .. }
            | Self::Overdue { .. }
            | Self::SignedOut { .. }
            | Self::TakenOver { .. } => None,
        }
    }
}

/// Whoever waits ends as the other did, as far as that says something about the sign-in.
fn ended_as(status: u8) -> Exit {
    let told = [
        Exit::SignInNeeded,
        Exit::Refused,
        Exit::Unreachable,
        Exit::StoreUnavailable,
        Exit::Config,
        Exit::Verification,
    ];
    told.into_iter()
        .find(|exit| exit.code() == status)
        .unwrap_or(Exit::SignInIncomplete)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiter_ends_as_the_other_did_or_says_that_nobody_signed_in() {
        assert_eq!(ended_as(6), Exit::Unreachable);
        assert_eq!(ended_as(9), Exit::Verification);
        for status in [0, 1, 2, 4, 130, 255] {
            assert_eq!(ended_as(status), Exit::SignInIncomplete, "{status}");
        }
    }
}
