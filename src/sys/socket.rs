//! A private stream socket of one user: bound, connected to, and always with the peer's identity.
//!
//! The socket is 0600 before it has its name, in a folder that nobody else can change; who holds
//! the lock beside it is its only owner, so that two never fight over a name. Both sides learn who
//! the other is and refuse strangers. Every transfer has a deadline: a peer that stops in the
//! middle costs a moment, never the process. Never interprets a byte.

#[cfg(unix)]
mod peer;
#[cfg(unix)]
#[path = "socket/unix.rs"]
mod platform;
#[cfg(not(unix))]
#[path = "socket/windows.rs"]
mod platform;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use platform::{Connection, Event, Hook, Listener, Waker, is_there};

use super::files::FileError;
use super::lock::LockError;
use crate::base::{Diagnostic, Exit, Hint, in_words, printable_line};

/// The other end of a connection, as the kernel knows it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Peer {
    /// The user.
    pub uid: u32,
    /// The process that connected, or that listens, when the kernel says.
    pub pid: Option<u32>,
}

/// Why there is no connection, or no listener.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// The system would not.
    #[error("cannot {doing} the socket `{}`", shown(.path))]
    Broken {
        /// What was being done.
        doing: &'static str,
        /// The socket.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder or the lock beside the socket cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// The other end is somebody else's.
    #[error("the socket `{}` belongs to user {uid}, not to the user running keyfob", shown(.path))]
    Foreign {
        /// The socket.
        path: PathBuf,
        /// Whose it is.
        uid: u32,
    },
    /// Somebody listens there already.
    #[error("{} listens at `{}` already", process(*.pid), shown(.path))]
    InUse {
        /// The socket.
        path: PathBuf,
        /// Who, when it could be told.
        pid: Option<u32>,
    },
    /// The lock beside the socket cannot be used.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// Nobody listens there.
    #[error("nobody listens at `{}`", shown(.path))]
    Nobody {
        /// The socket.
        path: PathBuf,
    },
    /// Nobody took the connection in time.
    #[error("the socket `{}` took no connection within {}", shown(.path), in_words(*.after))]
    TimedOut {
        /// The socket.
        path: PathBuf,
        /// How long it was waited for.
        after: Duration,
    },
    /// The system has no room for such a path.
    #[error("the path `{}` is too long for a socket", shown(.path))]
    TooLong {
        /// The path.
        path: PathBuf,
    },
    /// There are no such sockets here.
    #[error("this system has no sockets that tell who is at the other end")]
    Unsupported,
}

impl Diagnostic for SocketError {
    fn exit(&self) -> Exit {
        Exit::Fault
    }

    fn hint(&self) -> Option<Hint> {
        let hint = match self {
            Self::Broken { .. } | Self::Nobody { .. } | Self::Unsupported => return None,
            Self::File(error) => return error.hint(),
            Self::Lock(error) => return error.hint(),
            Self::Foreign { .. } => "name a socket of your own".to_owned(),
            Self::InUse { pid: Some(pid), .. } => format!("use it, or end process {pid}"),
            Self::InUse { pid: None, .. } => "use it, or name another socket".to_owned(),
            Self::TimedOut { .. } => "look for a process that hangs, and end it".to_owned(),
            Self::TooLong { .. } => "name a socket with a shorter path".to_owned(),
        };
        Some(Hint::Try(hint))
    }
}

#[cfg(unix)]
impl SocketError {
    /// Names what the system said about `path`.
    fn new(doing: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Broken {
            doing,
            path: path.to_owned(),
            source,
        }
    }
}

fn shown(path: &Path) -> String {
    printable_line(&path.to_string_lossy()).into_owned()
}

fn process(pid: Option<u32>) -> String {
    pid.map_or_else(
        || "another process".to_owned(),
        |pid| format!("process {pid}"),
    )
}
