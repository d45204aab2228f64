//! The `--claims-challenge` flag: an API's answer, from the command line or from stdin.
//!
//! Not a secret: it says what an API demands, never what anybody has.

use std::io::{self, Read as _};

use crate::base::{Diagnostic, Exit, Hint};
use crate::oauth::Demand;
use crate::oauth::challenge::{self, ChallengeError, LONGEST};

/// Why there is no challenge to meet.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoChallenge {
    /// It demands nothing that can be met.
    #[error(transparent)]
    Challenge(#[from] ChallengeError),
    /// Not a text.
    #[error("the challenge on stdin is no text")]
    NotText,
    /// There is nothing to read from.
    #[error("the challenge cannot be read from stdin")]
    Stdin(#[source] io::Error),
}

impl Diagnostic for NoChallenge {
    fn exit(&self) -> Exit {
        match self {
            Self::Challenge(error) => error.exit(),
            Self::NotText | Self::Stdin(_) => Exit::Usage,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Challenge(error) => error.hint(),
            Self::NotText | Self::Stdin(_) => ChallengeError::Nothing.hint(),
        }
    }
}

/// Reads what an API demands; `-` stands for stdin.
///
/// # Errors
///
/// [`NoChallenge`].
pub(super) fn read(flag: &str) -> Result<Demand, NoChallenge> {
    if flag != "-" {
        return Ok(challenge::parse(flag)?);
    }
    let mut bytes = Vec::new();
    io::stdin()
        .take(LONGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(NoChallenge::Stdin)?;
    let text = String::from_utf8(bytes).map_err(|_| NoChallenge::NotText)?;
    Ok(challenge::parse(&text)?)
}
