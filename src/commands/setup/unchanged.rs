//! Why another program's settings stay as they are.

use std::path::{Path, PathBuf};

use super::format::Odd;
use crate::base::{Diagnostic, Exit, Hint, printable_line};
use crate::sys::files::FileError;
use crate::sys::lock::LockError;

/// Why another program's settings stay as they are.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unchanged {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error("`{}` was changed by somebody else at the same moment", shown(.0))]
    Meanwhile(PathBuf),
    #[error("`{}` stays as it is", shown(.path))]
    Odd {
        path: PathBuf,
        #[source]
        odd: Odd,
    },
    #[error("`{}` is write-protected", shown(.0))]
    ReadOnly(PathBuf),
    #[error("`{}` is there already, and is not keyfob's", shown(.0))]
    Taken(PathBuf),
    #[error("too many files are kept beside `{}` already", shown(.0))]
    TooMany(PathBuf),
}

impl Unchanged {
    /// Says in which file it is.
    pub(super) fn odd(path: &Path, odd: Odd) -> Self {
        let path = path.to_owned();
        Self::Odd { path, odd }
    }

    /// Says why in a sentence, where nothing was to be changed yet.
    pub(super) fn in_words(&self) -> String {
        let cause = std::error::Error::source(self);
        let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
        let hint = match self.hint() {
            Some(Hint::Try(hint)) => format!("; {hint}"),
            Some(Hint::Run(line)) => format!("; run `{line}`"),
            None => String::new(),
        };
        format!("keyfob: --write would not do it: {self}{cause}{hint}")
    }
}

impl Diagnostic for Unchanged {
    fn exit(&self) -> Exit {
        match self {
            Self::File(error) => error.exit(),
            Self::Lock(error) => error.exit(),
            Self::Odd { odd, .. } => odd.exit(),
            Self::Meanwhile(_) | Self::ReadOnly(_) | Self::Taken(_) | Self::TooMany(_) => {
                Exit::Fault
            }
        }
    }

    fn hint(&self) -> Option<Hint> {
        Some(Hint::Try(match self {
            Self::File(error) => return error.hint(),
            Self::Lock(error) => return error.hint(),
            Self::Odd { odd, .. } => return odd.hint(),
            Self::Meanwhile(_) => "try again".into(),
            Self::ReadOnly(_) => "put in by hand what is shown without --write".into(),
            Self::Taken(_) => "look at it, and move it away if nobody needs it".into(),
            Self::TooMany(_) => "remove those that you do not need".into(),
        }))
    }
}

/// A path for a person's eyes.
pub(super) fn shown(path: &Path) -> String {
    printable_line(&path.to_string_lossy()).into_owned()
}
