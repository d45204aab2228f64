//! Replaces a file in one step: a new one is written beside it and takes its name.
//!
//! A process that is killed on the way leaves the new one behind, half done. Every write sweeps up
//! the old ones of its folder, so that they never pile up. One that may still be in the making is
//! left alone: "old" is told by the file system's own times, against the file just written, so that
//! no clock that was set can matter.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::{FileError, platform};

/// What a new file is first: safe on the disk, or there under its name; or only there, and safe
/// whenever the system gets to it.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Order {
    OnlyThere,
    SafeFirst,
    ThereFirst,
}

/// Writes a new file and gives it the name of the old one.
pub(super) fn replace(
    path: &Path,
    bytes: &[u8],
    (permissions, order): (Option<fs::Permissions>, Order),
) -> Result<(), FileError> {
    let folder = folder_of(path);
    let failed = |error| FileError::new("write", path, error);
    let new = in_the_making(path, bytes)?;
    if let Some(permissions) = permissions {
        new.as_file().set_permissions(permissions).map_err(failed)?;
    }
    if order == Order::SafeFirst {
        new.as_file().sync_all().map_err(failed)?;
    }
    let file = new.persist(path).map_err(|error| failed(error.error))?;
    if order == Order::ThereFirst {
        file.sync_all().map_err(failed)?;
    }
    if order != Order::OnlyThere {
        platform::sync_folder(folder).map_err(failed)?;
    }
    if let Ok(now) = file.metadata().and_then(|found| found.modified()) {
        sweep(folder, now);
    }
    Ok(())
}

/// Writes a new file and gives it a name that nothing has yet; tells whether it could.
pub(super) fn create(path: &Path, bytes: &[u8]) -> Result<bool, FileError> {
    let failed = |error| FileError::new("write", path, error);
    let new = in_the_making(path, bytes)?;
    new.as_file().sync_all().map_err(failed)?;
    match new.persist_noclobber(path) {
        Ok(_) => platform::sync_folder(folder_of(path))
            .map_err(failed)
            .map(|()| true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failed(error.error)),
    }
}

/// Writes a new file beside `path`, 0600 from its creation.
fn in_the_making(path: &Path, bytes: &[u8]) -> Result<tempfile::NamedTempFile, FileError> {
    let folder = folder_of(path);
    let mut new = tempfile::Builder::new()
        .prefix(PREFIX)
        .rand_bytes(RANDOM)
        .tempfile_in(folder)
        .map_err(|error| FileError::new("create a file in", folder, error))?;
    new.write_all(bytes)
        .map_err(|error| FileError::new("write", path, error))?;
    Ok(new)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// How the name of a file in the making begins.
const PREFIX: &str = ".keyfob-";

/// How many random characters follow.
const RANDOM: usize = 12;

/// No write takes nearly as long.
const OLD: Duration = Duration::from_secs(15 * 60);

/// Removes what was left in `folder` long before `now`. Best effort: the next write tries again.
fn sweep(folder: &Path, now: SystemTime) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_ours = entry
            .file_name()
            .to_str()
            .and_then(|name| name.strip_prefix(PREFIX))
            .is_some_and(|random| random.len() == RANDOM);
        // Asked of the entry itself, never of what a link leads to.
        let is_old = || {
            let written = entry.metadata().and_then(|found| found.modified()).ok()?;
            now.duration_since(written).ok().filter(|age| *age > OLD)
        };
        if is_ours && is_old().is_some() {
            drop(fs::remove_file(entry.path()));
        }
    }
}
