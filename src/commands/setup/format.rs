//! How kinds of files hold settings: what stands under a key, and the same text with something else
//! there.
//!
//! Nothing but the key is changed. What cannot be read is never written.

use crate::base::{Diagnostic, Exit, Hint, printable_line};

/// A kind of file that holds settings. A file that is not there is `None`, before and after.
pub(super) trait Format {
    /// Returns what stands under a key, none, one or several values.
    fn values(&self, text: Option<&str>, key: &str) -> Result<Vec<String>, Odd>;

    /// Returns the text with these values under a key, and nothing else changed; no values take the
    /// key out.
    fn with(&self, text: Option<&str>, key: &str, values: &[String])
    -> Result<Option<String>, Odd>;
}

/// Why a file's settings cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Odd {
    /// It is not what its program would read.
    #[error("it is not what {program} reads: {why}")]
    Broken {
        /// Whose settings they are.
        program: &'static str,
        /// What was found, made safe to print.
        why: String,
    },
    /// The program that changes it did not.
    #[error("{program} does not change it: {why}")]
    Refused {
        /// The program.
        program: &'static str,
        /// What it said, made safe to print.
        why: String,
    },
    /// Only the program itself changes its settings, and it is not there.
    #[error("`{0}` changes its settings itself, and is not on PATH")]
    NoProgram(&'static str),
    /// Something of that name is there that keyfob did not write.
    #[error("it has a {0} already that keyfob did not write: `{1}`")]
    Taken(&'static str, String),
}

impl Odd {
    /// Takes what a reader said.
    pub(super) fn broken(program: &'static str, why: &str) -> Self {
        Self::Broken {
            program,
            why: first_line(why),
        }
    }

    /// Takes what a program said.
    pub(super) fn refused(program: &'static str, why: &str) -> Self {
        Self::Refused {
            program,
            why: first_line(why),
        }
    }
}

impl Diagnostic for Odd {
    fn exit(&self) -> Exit {
        Exit::Fault
    }

    fn hint(&self) -> Option<Hint> {
        Some(Hint::Try(match self {
            Self::Broken { .. } => "correct it by hand first; nothing was changed".to_owned(),
            Self::Refused { .. } => return None,
            Self::NoProgram(_) => {
                "install it, or put in by hand what is shown without --write".into()
            }
            Self::Taken(..) => "remove it first, if nobody needs it".into(),
        }))
    }
}

/// What was said, in one line that is safe to print and not long.
pub(super) fn first_line(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty());
    let line = printable_line(line.unwrap_or("it does not say why").trim()).into_owned();
    line.chars().take(300).collect()
}

/// A file that is one setting as a whole, under any key.
pub(super) struct Whole;

impl Format for Whole {
    fn values(&self, text: Option<&str>, _key: &str) -> Result<Vec<String>, Odd> {
        Ok(text.map(str::to_owned).into_iter().collect())
    }

    fn with(
        &self,
        _text: Option<&str>,
        _key: &str,
        values: &[String],
    ) -> Result<Option<String>, Odd> {
        Ok(values.first().cloned())
    }
}

/// How lines end in a text: as its first one does.
pub(super) fn line_end(text: &str) -> &'static str {
    match text.split_once('\n') {
        Some((first, _)) if first.ends_with('\r') => "\r\n",
        _ => "\n",
    }
}
