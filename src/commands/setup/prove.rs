//! Proof that a program gets what it was set up for: it is run the way people run it, and compared
//! with what keyfob itself answers.
//!
//! Tokens pass through memory only. What programs say is foreign, and words of it that could be a
//! secret are hidden.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::format::first_line;
use super::place::Place;
use super::tool::Listed;
use crate::base::{Diagnostic, Exit, Hint};
use crate::explain::masked;
use crate::sys::program::{self, Said, Start};

/// A program that asks a provider over a slow line.
const PATIENCE: Duration = Duration::from_secs(60);

/// What came out.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Proof {
    /// The program gets a token.
    Works(String),
    /// It cannot be seen, or somebody has to do something first.
    NotYet(String),
    /// The program gets something else, or nothing.
    Fails(String),
}

/// What was written does not do what it is for.
#[derive(Debug, thiserror::Error)]
#[error("it is written, but {0}")]
pub(super) struct Unproven(pub(super) String);

impl Diagnostic for Unproven {
    fn exit(&self) -> Exit {
        Exit::Fault
    }

    fn hint(&self) -> Option<Hint> {
        Some(Hint::Try(
            "look for another setting that wins, or take it back by --remove".into(),
        ))
    }
}

impl Place<'_> {
    /// Finds a program that is to be asked.
    pub(super) fn find(&self, name: &str) -> Option<PathBuf> {
        program::find(name, self.vars)
    }

    /// Runs a program; what cannot be heard is said in words.
    pub(super) fn ask(&self, program: &Path, start: Start<'_>) -> Result<Said, String> {
        let name = program.file_name().unwrap_or_default().to_string_lossy();
        match program::run(program, start, (self.clock, PATIENCE)) {
            Ok(Some(said)) => Ok(said),
            Ok(None) => Err(format!("{name} did not end in time")),
            Err(error) => Err(format!("{name} cannot be started: {error}")),
        }
    }

    /// Finds out whether keyfob itself has a token for a target: without one nothing can be proven.
    pub(super) fn token(&self, listed: &Listed) -> Result<(), Proof> {
        let target = listed.target.to_string();
        let words = ["token", &target];
        let start = Start {
            words: &words,
            ..Start::default()
        };
        let said = self
            .ask(Path::new(&self.program), start)
            .map_err(Proof::NotYet)?;
        match said.status {
            Some(0) => Ok(()),
            Some(3 | 4) => Err(Proof::NotYet(format!(
                "somebody has to sign in first, by `keyfob login {target}`"
            ))),
            _ => Err(Proof::NotYet(format!(
                "there is no token for `{target}` now: {}",
                reason(&said)
            ))),
        }
    }
}

/// Why a program failed, by its own words: the first line of stderr, or of stdout where that is all
/// it said.
pub(super) fn reason(said: &Said) -> String {
    let stderr = String::from_utf8_lossy(&said.stderr);
    let stdout = String::from_utf8_lossy(&said.stdout);
    let text = if stderr.trim().is_empty() {
        stdout
    } else {
        stderr
    };
    masked(&first_line(&text))
}
