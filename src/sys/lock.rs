//! One process at a time: an advisory lock on a file of its own, beside what it guards.
//!
//! The kernel drops the lock when its holder dies, however it dies. The file holds the holder's
//! process number, for messages only, and is never removed: removing it would let two hold it.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::time::Duration;

use super::clock::Clock;
use super::files::{self, FileError};
use crate::base::{Diagnostic, Exit, Hint, in_words, printable_line};

#[cfg(test)]
mod tests;

/// How soon a waiter looks again at first; short, since most holders are done in one request.
const FIRST_POLL: Duration = Duration::from_millis(5);

/// How often it looks in the end, so that a thousand waiters leave the machine to the holder.
const LAST_POLL: Duration = Duration::from_millis(50);

/// A held lock; dropping it lets the next one in.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

/// How waiting for a lock ended.
#[derive(Debug)]
pub enum Acquired {
    /// The wait was given up because the caller no longer needs the lock.
    GivenUp,
    /// The lock is held until it is dropped.
    Locked(Lock),
}

/// Why a lock could not be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// The lock file cannot be used.
    #[error("the lock file cannot be used")]
    File(#[source] FileError),
    /// Somebody held it for the whole wait.
    #[error(
        "{} has held `{}` for more than {}",
        holder(*.pid), printable_line(&.path.to_string_lossy()), in_words(*.waited)
    )]
    Held {
        /// The lock file.
        path: PathBuf,
        /// The process that holds it, when it could be told.
        pid: Option<u32>,
        /// How long it was waited for.
        waited: Duration,
    },
}

impl Diagnostic for LockError {
    fn exit(&self) -> Exit {
        Exit::Fault
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::File(error) => error.hint(),
            Self::Held { pid, .. } => Some(Hint::Try(match pid {
                Some(pid) => format!("look at process {pid}, and end it if it hangs"),
                None => "look for another keyfob that hangs, and end it".to_owned(),
            })),
        }
    }
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(
        || "another process".to_owned(),
        |pid| format!("process {pid}"),
    )
}

impl Lock {
    /// Takes the lock at `path`, waiting at most `wait`.
    ///
    /// `while_waiting` is asked before every further try; when it answers `true`, the lock is no
    /// longer needed and the wait ends with [`Acquired::GivenUp`].
    ///
    /// # Errors
    ///
    /// [`LockError::Held`] after `wait`; [`LockError::File`] when the file cannot be locked at all.
    pub fn acquire(
        path: &Path,
        wait: Duration,
        clock: &dyn Clock,
        while_waiting: &mut dyn FnMut() -> bool,
    ) -> Result<Acquired, LockError> {
        let file = files::open_for_lock(path).map_err(LockError::File)?;
        let started = clock.elapsed();
        let mut poll = FIRST_POLL;
        loop {
            if try_lock(&file, path)? {
                return Ok(Acquired::Locked(Self::held(file)));
            }
            if while_waiting() {
                return Ok(Acquired::GivenUp);
            }
            let waited = clock.elapsed().saturating_sub(started);
            if waited >= wait {
                return Err(LockError::Held {
                    path: path.to_owned(),
                    pid: written_pid(&file),
                    waited: wait,
                });
            }
            clock.sleep(poll.min(wait.saturating_sub(waited)));
            poll = (poll * 3 / 2).min(LAST_POLL);
        }
    }

    /// Takes the lock at `path` if nobody holds it.
    ///
    /// # Errors
    ///
    /// [`LockError::File`] when the file cannot be locked at all.
    pub fn try_acquire(path: &Path) -> Result<Option<Self>, LockError> {
        let file = files::open_for_lock(path).map_err(LockError::File)?;
        Ok(try_lock(&file, path)?.then(|| Self::held(file)))
    }

    /// Tells whether somebody holds the lock at `path`, without ever being in a holder's way: two
    /// who ask at once do not see each other. What is no lock file is held by nobody.
    pub fn is_held(path: &Path) -> bool {
        let asked = files::open_to_ask(path).map(|file| file.try_lock_shared());
        matches!(asked, Ok(Err(TryLockError::WouldBlock)))
    }

    /// Notes who holds it. The number only serves messages, so a full disk is no reason to fail.
    fn held(mut file: File) -> Self {
        let noted = file
            .set_len(0)
            .and_then(|()| file.write_all(process::id().to_string().as_bytes()));
        drop(noted);
        Self { file }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file would do; an explicit unlock also frees it in a forked child.
        drop(self.file.unlock());
    }
}

fn try_lock(file: &File, path: &Path) -> Result<bool, LockError> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => {
            Err(LockError::File(FileError::new("lock", path, error)))
        }
    }
}

fn written_pid(mut file: &File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
