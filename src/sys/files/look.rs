//! Looks at files without opening them: how private one is, and how old.
//!
//! For telling people; what is secret is guarded where it is opened.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::base::Timestamp;

/// Who besides its user can get at a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Looseness {
    /// It belongs to somebody else.
    AnothersOwn,
    /// Nobody.
    Private,
    /// Others can read it.
    Readable,
    /// Others can change it.
    Writable,
}

/// Tells how private a file or folder is; `None` when there is none. A link is followed.
#[cfg(unix)]
pub fn looseness(path: &Path) -> Option<Looseness> {
    use std::os::unix::fs::MetadataExt as _;

    let found = fs::metadata(path).ok()?;
    let own = rustix::process::geteuid().as_raw();
    Some(if found.uid() != own {
        Looseness::AnothersOwn
    } else if found.mode() & 0o022 != 0 {
        Looseness::Writable
    } else if found.mode() & 0o044 != 0 {
        Looseness::Readable
    } else {
        Looseness::Private
    })
}

/// Tells how private a file is: the user's profile folder is nobody else's.
#[cfg(not(unix))]
pub fn looseness(path: &Path) -> Option<Looseness> {
    fs::metadata(path).ok().map(|_| Looseness::Private)
}

/// Returns when a file was last written; `None` when that cannot be told.
pub fn written(path: &Path) -> Option<Timestamp> {
    let written = fs::metadata(path).ok()?.modified().ok()?;
    let seconds = written.duration_since(UNIX_EPOCH).ok()?.as_secs();
    i64::try_from(seconds).ok().map(Timestamp)
}
