//! Why a call could not be read.
//!
//! Says what is wrong with it and never repeats it, but for a few words that are made safe to print.

use crate::base::{Diagnostic, Exit, Hint, SiteError};

/// Why a call could not be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Misread {
    /// An address that no token may go to.
    #[error("the server's address cannot be used: {0}")]
    Address(#[from] SiteError),
    /// A line or text with a character that could end it early.
    #[error("{what} has {character} in it")]
    Character {
        /// What was read.
        what: &'static str,
        /// What was found.
        character: &'static str,
    },
    /// Something else than was wanted.
    #[error("{what} is not {wanted}")]
    Form {
        /// What was read.
        what: &'static str,
        /// What it should have been.
        wanted: &'static str,
    },
    /// A line that no program sends.
    #[error("{what} is longer than {most} bytes")]
    TooLong {
        /// What was read.
        what: &'static str,
        /// The most it may have.
        most: usize,
    },
    /// Another command of a program that keyfob stands in for.
    #[error("keyfob answers here in place of {program}, and `{asked}` is none of what it answers")]
    NotHere {
        /// The program, in a word.
        program: &'static str,
        /// What was asked, made safe to print.
        asked: String,
        /// Who does it instead.
        hint: &'static str,
    },
    /// Something that has to be there is not.
    #[error("{what} is missing")]
    Missing {
        /// What is missing.
        what: &'static str,
        /// How the program is told to send it.
        hint: &'static str,
    },
    /// What the protocol itself has a text for.
    #[error("{0}")]
    Own(String),
    /// A version of the protocol that is not spoken.
    #[error("the version `{found}` of {what} is not spoken here: {spoken}")]
    Version {
        /// The protocol.
        what: &'static str,
        /// What was asked for, made safe to print.
        found: String,
        /// What is spoken.
        spoken: &'static str,
    },
}

impl Diagnostic for Misread {
    fn exit(&self) -> Exit {
        Exit::Usage
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Missing { hint, .. } | Self::NotHere { hint, .. } => {
                Some(Hint::Try((*hint).to_owned()))
            }
            Self::Address(_)
            | Self::Character { .. }
            | Self::Form { .. }
            | Self::Own(_)
            | Self::TooLong { .. }
            | Self::Version { .. } => None,
        }
    }
}
