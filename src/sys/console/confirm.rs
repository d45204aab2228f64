//! A question that may remain unanswered, on the terminal that this process is in front of.
//!
//! What was typed before the question does not answer it, and nothing but `y` or `yes` is yes. The
//! streams stay free for others while it waits.

use std::io;
use std::time::Duration;

use super::{Console, ConsoleError};
use crate::sys::askpass::Reply;
use crate::sys::clock::Clock;

/// How often is looked whether the answer is wanted still.
const POLL: Duration = Duration::from_millis(200);

/// An answer is short.
const MOST_BYTES: usize = 64;

impl Console {
    /// Tells whether a question would be seen, and its answer be this process's: it has a terminal
    /// and does not run behind another job on it.
    pub fn is_in_front(&self) -> bool {
        self.can_ask() && terminal::open().is_ok()
    }

    /// Asks, and waits for the answer until the time is over or `gone` says that nobody wants it
    /// any more.
    ///
    /// # Errors
    ///
    /// [`ConsoleError::NoTerminal`].
    pub fn confirm_within(
        &self,
        question: &str,
        (clock, patience): (&dyn Clock, Duration),
        gone: &dyn Fn() -> bool,
    ) -> Result<Reply, ConsoleError> {
        if !self.can_ask() {
            return Err(ConsoleError::NoTerminal);
        }
        let mut terminal = terminal::open().map_err(|_| ConsoleError::NoTerminal)?;
        terminal::forget_input(&terminal);
        self.note(question);
        self.note_bytes(b"[y/N] ");
        let began = clock.elapsed();
        let mut line = Vec::new();
        loop {
            if gone() || clock.elapsed().saturating_sub(began) >= patience {
                self.note_bytes(b"\n");
                return Ok(Reply::None);
            }
            match terminal::read(&mut terminal, &mut line, POLL) {
                Ok(true) => {}
                Ok(false) => {
                    self.note_bytes(b"\n");
                    return Ok(Reply::No);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
                Err(_) => return Ok(Reply::None),
            }
            if line.ends_with(b"\n") || line.len() > MOST_BYTES {
                return Ok(reply(&line));
            }
        }
    }
}

fn reply(line: &[u8]) -> Reply {
    let line = String::from_utf8_lossy(line);
    match line.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Reply::Yes,
        _ => Reply::No,
    }
}

/// The terminal of this process (tty(4)).
#[cfg(unix)]
mod terminal {
    use std::fs::{File, OpenOptions};
    use std::io::{self, Read as _};
    use std::os::unix::fs::OpenOptionsExt as _;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::OFlags;
    use rustix::process::getpgrp;
    use rustix::termios::{QueueSelector, tcflush, tcgetpgrp};

    /// Opens it; another job in front of it would get the answer, and stop this one.
    pub(super) fn open() -> io::Result<File> {
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        let terminal = OpenOptions::new()
            .read(true)
            .custom_flags(flags.bits().cast_signed())
            .open("/dev/tty")?;
        if tcgetpgrp(&terminal)? == getpgrp() {
            return Ok(terminal);
        }
        Err(io::ErrorKind::PermissionDenied.into())
    }

    pub(super) fn forget_input(terminal: &File) {
        tcflush(terminal, QueueSelector::IFlush).unwrap_or_default();
    }

    /// Reads what there is; false at the end of the input.
    pub(super) fn read(
        terminal: &mut File,
        line: &mut Vec<u8>,
        wait: Duration,
    ) -> io::Result<bool> {
        let wait = Timespec {
            tv_sec: 0,
            tv_nsec: wait.subsec_nanos().into(),
        };
        let mut watched = [PollFd::new(terminal, PollFlags::IN)];
        let ready = match poll(&mut watched, Some(&wait)) {
            Ok(ready) => ready > 0,
            Err(rustix::io::Errno::INTR) => false,
            Err(error) => return Err(error.into()),
        };
        if !ready {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let mut bytes = [0; 64];
        let length = terminal.read(&mut bytes)?;
        line.extend_from_slice(&bytes[..length]);
        Ok(length > 0)
    }
}

/// There is none to be asked on in this way.
#[cfg(not(unix))]
mod terminal {
    use std::fs::File;
    use std::io;
    use std::time::Duration;

    pub(super) fn open() -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn forget_input(_: &File) {}

    pub(super) fn read(_: &mut File, _: &mut Vec<u8>, _: Duration) -> io::Result<bool> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_y_and_yes_are_yes() {
        for line in ["y\n", "yes\n", " YES \r\n", "Y"] {
            assert_eq!(reply(line.as_bytes()), Reply::Yes, "{line:?}");
        }
        for line in ["", "\n", "n\n", "yy\n", "yes please\n", "да\n"] {
            assert_eq!(reply(line.as_bytes()), Reply::No, "{line:?}");
        }
        assert_eq!(reply(b"\xff"), Reply::No);
    }
}
