//! The command that keyfob is started for: to become it, or to run it and to end as it does.
//!
//! Nothing is changed for the command but what is said here: it gets the limits, the signals and
//! the terminal that keyfob itself was started with. A secret reaches it through its environment or
//! an open descriptor, never through its arguments. Never starts anything through a shell.

mod descriptor;
#[cfg(unix)]
#[path = "child/unix.rs"]
mod platform;
#[cfg(not(unix))]
#[path = "child/windows.rs"]
mod platform;
mod shim;
#[cfg(test)]
#[cfg(unix)]
mod tests;

pub use descriptor::Descriptor;
pub use shim::write_shim;

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Command;

use super::harden::CoreLimit;
use crate::base::{Diagnostic, Exit, Hint, Secret, printable_line};

/// Where the system looks when there is no `PATH` (`execvp(3)`).
#[cfg(unix)]
const WITHOUT_PATH: &str = "/bin:/usr/bin";
#[cfg(not(unix))]
const WITHOUT_PATH: &str = "";

/// A command with what is different for it.
#[derive(Debug)]
pub struct Program {
    command: Command,
    name: String,
    descriptor: Option<Descriptor>,
}

/// Why a command did not run, or was lost.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// It is there, and the system will not run it.
    #[error("`{0}` cannot be run")]
    CannotRun(String, #[source] io::Error),
    /// The descriptor cannot be made.
    #[error("descriptor {number} cannot be opened for the command")]
    Descriptor {
        /// Its number.
        number: u32,
        /// What the system said.
        source: io::Error,
    },
    /// Whoever started keyfob has opened that descriptor already, or the system has no such.
    #[error(
        "descriptor {0} is not free: keyfob was started with it open, or it is above the limit"
    )]
    DescriptorTaken(u32),
    /// There is no such command.
    #[error("there is no command `{0}`")]
    NotFound(String),
    /// This system hands no descriptors to a command.
    #[error("this system has no numbered descriptors for `--fd`")]
    NoDescriptors,
    /// The folder of the programs that are put first cannot be named in `PATH`.
    #[error("the folder for the command's programs cannot stand in PATH")]
    Path,
    /// The system would not tell of signals.
    #[error("signals cannot be watched for the command")]
    Signals(#[source] io::Error),
    /// The system lost sight of the command.
    #[error("the end of the command cannot be waited for")]
    Wait(#[source] io::Error),
}

impl Diagnostic for ChildError {
    fn exit(&self) -> Exit {
        match self {
            Self::CannotRun(..) => Exit::CannotRun,
            Self::NotFound(_) => Exit::NotFound,
            Self::Descriptor { .. } | Self::Path | Self::Signals(_) | Self::Wait(_) => Exit::Fault,
            Self::DescriptorTaken(_) | Self::NoDescriptors => Exit::Usage,
        }
    }

    fn hint(&self) -> Option<Hint> {
        let hint = match self {
            Self::DescriptorTaken(_) => "choose another number, such as 9",
            Self::NoDescriptors => "hand the token over with `--env NAME`",
            Self::NotFound(_) => "correct the command behind `--`, or PATH",
            Self::CannotRun(..) => "see that it is a program, and yours to run",
            Self::Descriptor { .. } | Self::Path | Self::Signals(_) | Self::Wait(_) => return None,
        };
        Some(Hint::Try(hint.to_owned()))
    }
}

impl Program {
    /// Takes a command and its arguments; nothing is started yet.
    pub fn new(name: &OsString, arguments: &[OsString]) -> Self {
        let mut command = Command::new(name);
        command.args(arguments);
        Self {
            command,
            name: printable_line(&name.to_string_lossy()).into_owned(),
            descriptor: None,
        }
    }

    /// Gives it a variable that is no secret.
    pub fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.command.env(name, value.into());
    }

    /// Gives it a variable that is one. The system shows a process's environment to its user and to
    /// root, for as long as it runs, and each of its own children inherits it.
    pub fn set_secret(&mut self, name: &str, value: &Secret) {
        self.command.env(name, value.expose());
    }

    /// Takes variables away from it.
    pub fn unset_all(&mut self, names: &[&str]) {
        for name in names {
            self.command.env_remove(name);
        }
    }

    /// Lets it look in a folder for programs before anywhere else; what it starts does too.
    ///
    /// # Errors
    ///
    /// [`ChildError::Path`] when the folder's name cannot stand in `PATH`.
    pub fn look_first_in(&mut self, folder: &Path) -> Result<(), ChildError> {
        let path = env::var_os("PATH").unwrap_or_else(|| WITHOUT_PATH.into());
        let path = env::join_paths(
            [folder.to_owned()]
                .into_iter()
                .chain(env::split_paths(&path)),
        );
        self.command
            .env("PATH", path.map_err(|_| ChildError::Path)?);
        Ok(())
    }

    /// Lets it inherit a descriptor.
    pub fn hand_over(&mut self, descriptor: Descriptor) {
        self.descriptor = Some(descriptor);
    }

    /// Becomes the command: this process is it, or this returns why not. Where a process cannot
    /// become another, runs it and ends as it does.
    ///
    /// # Errors
    ///
    /// [`ChildError`].
    pub fn become_it(self, limit: CoreLimit) -> Result<Exit, ChildError> {
        platform::become_it(self, limit)
    }

    /// Runs the command, passes on what signals it would have had, and returns how it ended: its
    /// status, or the signal that killed it.
    ///
    /// # Errors
    ///
    /// [`ChildError`].
    pub fn run(self, limit: CoreLimit) -> Result<Exit, ChildError> {
        platform::run(self, limit)
    }

    fn failed(name: String, error: io::Error) -> ChildError {
        if error.kind() == io::ErrorKind::NotFound {
            return ChildError::NotFound(name);
        }
        ChildError::CannotRun(name, error)
    }
}
