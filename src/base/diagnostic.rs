//! What every error can say about itself: its exit status and the next step.
//!
//! Never holds prose about the failure itself; that is the error's `Display`.

use std::error::Error;
use std::fmt;

use super::{Refused, printable_line};

/// An error that knows its exit status and the most likely next step.
pub trait Diagnostic: Error {
    /// Returns the exit status for a script.
    fn exit(&self) -> Exit;

    /// Returns the one next step that most likely helps.
    fn hint(&self) -> Option<Hint> {
        None
    }

    /// Returns what a provider gave as its reason, when it refused and that is what went wrong.
    fn refused(&self) -> Option<Refused> {
        None
    }
}

/// Writes an error and its causes on one line, made safe to print; a cause that was said is not
/// said again.
pub fn in_one_line(error: &dyn Diagnostic) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        next = cause.source();
    }
    printable_line(&text).into_owned()
}

/// Exit statuses, stable across versions.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exit {
    /// The answer is on stdout.
    Done,
    /// A fault of keyfob or the machine.
    Fault,
    /// Wrong usage.
    Usage,
    /// A person must sign in.
    SignInNeeded,
    /// The sign-in was not completed: declined, interrupted, or out of time.
    SignInIncomplete,
    /// The provider refused: wrong scope, client or target.
    Refused,
    /// The provider cannot be reached, or answers with a fault of its own.
    Unreachable,
    /// The store is locked or missing.
    StoreUnavailable,
    /// The configuration is wrong.
    Config,
    /// A token, or a document that vouches for tokens, failed verification.
    Verification,
    /// A token can be verified by nobody but the API that it is for.
    NotVerifiable,
    /// `exec`: the command was not started, and the fault is not the command's.
    NotStarted,
    /// `exec`: the command is there and cannot be run.
    CannotRun,
    /// `exec`: there is no such command.
    NotFound,
    /// `exec`: the command has ended; holds its own status.
    Command(u8),
    /// A signal ended the program; holds its number.
    Signal(u8),
}

impl Exit {
    /// Returns the number that the process exits with.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Fault => 1,
            Self::Usage => 2,
            Self::SignInNeeded => 3,
            Self::SignInIncomplete => 4,
            Self::Refused => 5,
            Self::Unreachable => 6,
            Self::StoreUnavailable => 7,
            Self::Config => 8,
            Self::Verification => 9,
            Self::NotVerifiable => 10,
            Self::NotStarted => 125,
            Self::CannotRun => 126,
            Self::NotFound => 127,
            Self::Command(status) => status,
            Self::Signal(number) => 128 | number,
        }
    }

    /// Takes a number back; one that has no meaning yet counts as a fault.
    pub fn of_code(code: u8) -> Self {
        const NAMED: [Exit; 14] = [
            Exit::Done,
            Exit::Fault,
            Exit::Usage,
            Exit::SignInNeeded,
            Exit::SignInIncomplete,
            Exit::Refused,
            Exit::Unreachable,
            Exit::StoreUnavailable,
            Exit::Config,
            Exit::Verification,
            Exit::NotVerifiable,
            Exit::NotStarted,
            Exit::CannotRun,
            Exit::NotFound,
        ];
        match code {
            129.. => Self::Signal(code & 127),
            _ => NAMED
                .into_iter()
                .find(|exit| exit.code() == code)
                .unwrap_or(Self::Fault),
        }
    }
}

/// The next step, as data, so that a test can check every one of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Hint {
    /// A keyfob command line to type, from `keyfob` on.
    Run(String),
    /// A sentence that says what to change; lower case, no full stop.
    Try(String),
}

/// As a part of a sentence.
impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Run(line) => write!(f, "run `{line}`"),
            Self::Try(sentence) => f.write_str(sentence),
        }
    }
}
