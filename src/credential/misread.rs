//! Why a call of another program could not be read. Quotes nothing but what is safe to print.

use super::MOST_SENT;
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
            Self::Missing { hint, .. } => Some(Hint::Try((*hint).to_owned())),
            Self::Address(_)
            | Self::Character { .. }
            | Self::Form { .. }
            | Self::Own(_)
            | Self::TooLong { .. }
            | Self::Version { .. } => None,
        }
    }
}

/// Reads what was sent as text.
pub(super) fn text<'a>(what: &'static str, sent: &'a [u8]) -> Result<&'a str, Misread> {
    if sent.len() > MOST_SENT {
        return Err(Misread::TooLong {
            what,
            most: MOST_SENT,
        });
    }
    std::str::from_utf8(sent).map_err(|_| Misread::Form {
        what,
        wanted: "UTF-8 text",
    })
}
