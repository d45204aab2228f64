//! A token that a person gives, from a file or from stdin.
//!
//! Never an argument: the command line of a process is seen by every other one.

use std::io::{self, Read as _};
use std::path::Path;

use zeroize::Zeroizing;

use crate::base::{Diagnostic, Exit, Hint, Secret};
use crate::sys::files::{self, FileError};

/// The largest token, with some white space around it, that is read.
const LARGEST_TOKEN: usize = 128 * 1024;

/// Reads the token in a file.
///
/// # Errors
///
/// [`NoToken`].
pub(super) fn from_file(path: &Path) -> Result<Secret, NoToken> {
    let bytes = files::read_bounded(path, LARGEST_TOKEN).map_err(NoToken::File)?;
    as_token(&bytes)
}

/// Reads the token on stdin.
///
/// # Errors
///
/// [`NoToken`].
pub(super) fn from_stdin() -> Result<Secret, NoToken> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LARGEST_TOKEN + 1));
    io::stdin()
        .take(LARGEST_TOKEN as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(NoToken::Stdin)?;
    if bytes.len() > LARGEST_TOKEN {
        return Err(NoToken::TooLong);
    }
    as_token(&bytes)
}

/// Whatever a token is, it goes into a header line: visible ASCII (RFC 6749 appendix A.12).
pub(super) fn as_token(bytes: &[u8]) -> Result<Secret, NoToken> {
    let text = std::str::from_utf8(bytes).map_err(|_| NoToken::NotText)?;
    let text = text.trim();
    let token = text
        .strip_prefix("Bearer ")
        .or_else(|| text.strip_prefix("bearer "));
    let token = token.unwrap_or(text).trim();
    match token {
        "" => Err(NoToken::Empty),
        token if !token.bytes().all(|byte| byte.is_ascii_graphic()) => Err(NoToken::NotText),
        token => Ok(Secret::new(token.to_owned())),
    }
}

/// Why what was given cannot be a token.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoToken {
    #[error("there is no token: nothing was given")]
    Empty,
    #[error("the file with the token cannot be read")]
    File(#[source] FileError),
    #[error("what was given is no token: a token is one word of visible ASCII characters")]
    NotText,
    #[error("the token cannot be read from stdin")]
    Stdin(#[source] io::Error),
    #[error("what was given is no token: it has more than {} KiB", LARGEST_TOKEN >> 10)]
    TooLong,
}

impl Diagnostic for NoToken {
    fn exit(&self) -> Exit {
        Exit::Usage
    }

    fn hint(&self) -> Option<Hint> {
        let hint = match self {
            Self::Empty | Self::Stdin(_) => {
                "pipe a token in, as in `keyfob token work | keyfob inspect -`"
            }
            Self::File(_) => "correct `--file`",
            Self::NotText | Self::TooLong => "give the token alone, without quotes or other text",
        };
        Some(Hint::Try(hint.to_owned()))
    }
}
