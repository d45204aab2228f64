//! A private folder for one run: what a command reads from files, and the programs that are put on
//! its PATH.
//!
//! Gone when the run ends. A run that was killed leaves it behind; the next one sweeps it up, told
//! by a lock that its owner does not hold any more.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::base::{Diagnostic, Exit, Hint};
use crate::sys::clock::Clock;
use crate::sys::env::Dirs;
use crate::sys::files::{self, FileError};
use crate::sys::lock::{Acquired, Lock, LockError};

/// Somebody makes a folder, or sweeps old ones up; that takes no time.
const WAIT: Duration = Duration::from_secs(10);

/// A folder's lock, held for as long as the run lasts.
const LOCK: &str = "lock";

/// The folder of one run.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    _lock: Lock,
}

/// Why there is no folder.
#[derive(Debug, thiserror::Error)]
pub(super) enum FolderError {
    #[error("the folder for the command's files cannot be made")]
    File(#[from] FileError),
    #[error("the folder for the command's files cannot be made")]
    Lock(#[from] LockError),
    #[error("somebody else has the folder for the command's files")]
    Taken,
}

impl Diagnostic for FolderError {
    fn exit(&self) -> Exit {
        Exit::Fault
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::File(error) => error.hint(),
            Self::Lock(error) => error.hint(),
            Self::Taken => None,
        }
    }
}

impl Folder {
    /// Makes one, where what ends with the user's login is kept, or else beside what is kept.
    pub(super) fn make(dirs: &Dirs, clock: &dyn Clock) -> Result<Self, FolderError> {
        let parent = dirs.runtime.as_ref().unwrap_or(&dirs.state).join("exec");
        files::private_dir(&parent)?;
        let held = Lock::acquire(&parent.join(LOCK), WAIT, clock, &mut || false)?;
        let Acquired::Locked(_held) = held else {
            return Err(FolderError::Taken);
        };
        sweep(&parent);
        // Nobody else makes one now; a number that is taken is another run's.
        let mut names = (0..).map(|number| parent.join(format!("run-{number}")));
        let path = names.find(|path| !path.exists());
        let path = path.ok_or(FolderError::Taken)?;
        files::private_dir(&path)?;
        let lock = Lock::try_acquire(&path.join(LOCK))?.ok_or(FolderError::Taken)?;
        Ok(Self { path, _lock: lock })
    }

    /// Returns a place in it.
    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Makes a folder in it.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf, FolderError> {
        let path = self.at(name);
        files::private_dir(&path)?;
        Ok(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is swept up by the next run.
        fs::remove_dir_all(&self.path).unwrap_or_default();
    }
}

/// Removes what runs left behind that are gone.
fn sweep(parent: &Path) {
    for name in files::names_in(parent) {
        let left = parent.join(&name);
        if name == LOCK || !left.is_dir() {
            continue;
        }
        if let Ok(Some(_lock)) = Lock::try_acquire(&left.join(LOCK)) {
            fs::remove_dir_all(&left).unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::clock::SystemClock;

    #[test]
    fn a_folder_ends_with_its_run_and_those_of_killed_runs_are_swept_up() {
        let home = tempfile::tempdir().unwrap();
        let dirs = Dirs {
            config: home.path().join("config"),
            cache: home.path().join("cache"),
            state: home.path().join("state"),
            runtime: Some(home.path().join("run")),
            login: None,
        };
        let clock = SystemClock::new();
        let first = Folder::make(&dirs, &clock).unwrap();
        files::write_private(&first.at("token"), b"t").unwrap();
        let left = home.path().join("run/exec/left");
        files::private_dir(&left).unwrap();
        files::write_private(&left.join(LOCK), b"12").unwrap();
        files::write_private(&left.join("token"), b"t").unwrap();

        let second = Folder::make(&dirs, &clock).unwrap();

        assert!(!left.exists());
        assert!(first.at("token").exists());
        assert!(second.folder("bin").unwrap().is_dir());
        let (one, two) = (first.at(""), second.at(""));
        drop((first, second));
        assert!(!one.exists() && !two.exists());
    }
}
