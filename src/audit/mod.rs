//! The audit trail: one line of JSON for each thing that was done with a session, append-only.
//!
//! Never holds a token or a part of one: at most the identifier that a token has for this purpose
//! (`jti`, RFC 7519 §4.1.7, or Entra's `uti`). Whoever hands something out writes the line first
//! and hands out nothing when that fails.
//!
//! Each line is an object with at least `v` (the version of the line's form: members may be added
//! without a new one), `time` (RFC 3339, UTC) and `event`. Readers skip what they do not know.

mod event;
mod token_id;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use crate::base::{Diagnostic, Exit, Hint, Timestamp};
use crate::sys::clock::Clock;
use crate::sys::files::{self, FileError};
use crate::sys::lock::{Acquired, Lock, LockError};

pub use event::{Asked, Event, Moment, Outcome};
pub use token_id::token_id;

/// The version of the lines' form.
pub const VERSION: u32 = 1;

/// A trail that is longer than this is put aside, and a new one begun.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// So many are kept that were put aside.
const KEPT: u32 = 9;

/// Longer than any line takes another process.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a line could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the audit trail cannot be written, so nothing is handed out")]
pub struct Unwritten(#[source] Cause);

#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Lock(#[from] LockError),
}

impl Diagnostic for Unwritten {
    fn exit(&self) -> Exit {
        Exit::Fault
    }

    fn hint(&self) -> Option<Hint> {
        match &self.0 {
            Cause::File(error) => error.hint(),
            Cause::Lock(error) => error.hint(),
        }
    }
}

/// The trail of one user on one machine.
#[derive(Debug)]
pub struct Trail {
    folder: PathBuf,
    most: u64,
}

impl Trail {
    /// Opens nothing yet; `state` is keyfob's state folder.
    pub fn new(state: &Path) -> Self {
        Self {
            folder: state.join("audit"),
            most: MOST_BYTES,
        }
    }

    /// Returns where the newest lines are.
    pub fn path(&self) -> PathBuf {
        self.folder.join("audit.jsonl")
    }

    /// Writes one line, in one write.
    ///
    /// # Errors
    ///
    /// [`Unwritten`]: then what it would tell of must not happen.
    pub fn append(&self, event: &Event<'_>, clock: &dyn Clock) -> Result<(), Unwritten> {
        self.write(&line(event, clock.now()), clock)
            .map_err(Unwritten)
    }

    fn write(&self, line: &[u8], clock: &dyn Clock) -> Result<(), Cause> {
        files::private_dir(&self.folder)?;
        // Several processes may write; only one may put aside.
        let lock = self.folder.join("audit.lock");
        let Acquired::Locked(_lock) = Lock::acquire(&lock, PATIENCE, clock, &mut || false)? else {
            unreachable!("nothing makes it give up");
        };
        let length = files::append_private(&self.path(), line)?;
        if length > self.most {
            // The line is safe; a trail that grows too long is no reason to hold up its writer.
            drop(self.put_aside());
        }
        Ok(())
    }

    fn put_aside(&self) -> Result<(), FileError> {
        let old = |number| self.folder.join(format!("audit.{number}.jsonl"));
        for number in (1..KEPT).rev() {
            files::rename(&old(number), &old(number + 1))?;
        }
        files::rename(&self.path(), &old(1))?;
        Ok(())
    }
}

#[derive(Serialize)]
struct Line<'a> {
    v: u32,
    time: String,
    #[serde(flatten)]
    event: &'a Event<'a>,
}

fn line(event: &Event<'_>, now: Timestamp) -> Vec<u8> {
    let line = Line {
        v: VERSION,
        time: event::moment(now),
        event,
    };
    let mut bytes = serde_json::to_vec(&line).expect("text keys, and memory to write to");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::sys::clock::SystemClock;

    fn trail(state: &Path, most: u64) -> Trail {
        Trail {
            most,
            ..Trail::new(state)
        }
    }

    fn ended(forward: &str) -> Event<'_> {
        Event::ForwardEnded {
            forward,
            why: "its time is over",
        }
    }

    #[test]
    fn each_event_is_one_line_that_can_be_read_alone() {
        let state = tempfile::tempdir().unwrap();
        let trail = trail(state.path(), MOST_BYTES);

        for forward in ["a", "b\nc\u{1b}"] {
            trail.append(&ended(forward), &SystemClock::new()).unwrap();
        }

        let text = fs::read_to_string(trail.path()).unwrap();
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["v"], 1);
        assert_eq!(lines[0]["event"], "forward_ended");
        assert!(lines[0]["time"].as_str().unwrap().ends_with('Z'));
        assert_eq!(lines[1]["forward"], "b\nc\u{1b}");
    }

    #[test]
    fn a_line_cut_short_by_a_full_disk_spoils_no_other() {
        let state = tempfile::tempdir().unwrap();
        let trail = trail(state.path(), MOST_BYTES);
        trail.append(&ended("a"), &SystemClock::new()).unwrap();
        files::append_private(&trail.path(), b"{\"v\":1,\"ti").unwrap();

        trail.append(&ended("b"), &SystemClock::new()).unwrap();

        let text = fs::read_to_string(trail.path()).unwrap();
        let readable = text
            .lines()
            .filter(|line| serde_json::from_str::<serde_json::Value>(line).is_ok());
        assert_eq!(readable.count(), 2, "{text}");
    }

    #[test]
    fn a_long_trail_is_put_aside_and_the_oldest_goes() {
        let state = tempfile::tempdir().unwrap();
        let trail = trail(state.path(), 10);

        for number in 0..12 {
            let forward = format!("number-{number}");
            trail.append(&ended(&forward), &SystemClock::new()).unwrap();
        }

        let old = |number| {
            let name = format!("audit.{number}.jsonl");
            fs::read_to_string(trail.folder.join(name))
        };
        assert!(old(1).unwrap().contains("number-11"));
        assert!(old(9).unwrap().contains("number-3"));
        assert!(old(10).is_err() && !trail.path().exists());
    }

    #[test]
    fn a_trail_that_others_can_read_is_not_written() {
        let state = tempfile::tempdir().unwrap();
        let trail = trail(state.path(), MOST_BYTES);
        fs::create_dir_all(trail.path()).unwrap();

        let error = trail.append(&ended("a"), &SystemClock::new()).unwrap_err();

        assert_eq!(error.exit(), Exit::Fault);
    }
}
