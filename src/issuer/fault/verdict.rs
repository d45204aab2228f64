//! Where a fault shows, and what a client must make of it.

use std::fmt;

/// Where a fault shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Flow {
    /// At any sign-in, before a browser opens or a code is shown.
    Discovery,
    /// At a sign-in on a device (RFC 8628).
    Device,
    /// At a sign-in with a pushed request (RFC 9126).
    Pushed,
    /// At a refresh, after a sign-in that goes well.
    Refresh,
    /// At a sign-in through the browser.
    SignIn,
    /// When the client asks for userinfo.
    UserInfo,
}

/// What a client must make of a fault.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// Carry on: this is allowed.
    Accept,
    /// Not use this answer, say so by this word, and keep the sign-in.
    Discard {
        /// A word of the warning.
        check: &'static str,
    },
    /// Carry on unharmed, or refuse by this word.
    Either {
        /// A word of the message.
        check: &'static str,
    },
    /// Refuse: exit with an error that has this word in it, and store nothing.
    Refuse {
        /// A word of the message.
        check: &'static str,
    },
    /// Try again within limits; when it lasts, fail with this word and keep what is held.
    Retry {
        /// A word of the message.
        check: &'static str,
    },
    /// End in "a person must sign in", without a loop.
    SignInAgain,
    /// Ignore the answer and wait on, until the time is up.
    Wait,
    /// Carry on, and warn by this word.
    Warn {
        /// A word of the warning.
        check: &'static str,
    },
}

/// Refuse by this word.
pub(super) const fn refuse(check: &'static str) -> Verdict {
    Verdict::Refuse { check }
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Discovery => "discovery",
            Self::Device => "device sign-in",
            Self::Pushed => "pushed request",
            Self::Refresh => "refresh",
            Self::SignIn => "sign-in",
            Self::UserInfo => "userinfo",
        })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accept => f.write_str("accept"),
            Self::Discard { check } => write!(f, "discard the answer ({check})"),
            Self::Either { check } => write!(f, "refuse ({check}) or carry on unharmed"),
            Self::Refuse { check } => write!(f, "refuse ({check})"),
            Self::Retry { check } => write!(f, "retry within limits ({check})"),
            Self::SignInAgain => f.write_str("ask for a sign-in"),
            Self::Wait => f.write_str("ignore and wait on"),
            Self::Warn { check } => write!(f, "accept with a warning ({check})"),
        }
    }
}
