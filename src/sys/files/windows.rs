//! File kinds where there are no Unix owners and modes.
//!
//! The folders keyfob uses inherit an access list that names the user alone, so this side checks
//! kinds and never lists of rights.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

use super::FileError;

/// What can be read can be run.
pub(super) fn runnable() -> Option<std::fs::Permissions> {
    None
}

/// Opens for reading.
pub(super) fn open_following(path: &Path) -> Result<File, FileError> {
    File::open(path).map_err(|error| FileError::new("open", path, error))
}

/// Opens for reading unless the last component is a symbolic link.
pub(in crate::sys) fn open_private(path: &Path) -> Result<File, FileError> {
    let failed = |error| FileError::new("open", path, error);
    check_private(path, &fs::symlink_metadata(path).map_err(failed)?)?;
    File::open(path).map_err(failed)
}

/// Opens, or creates, for reading and writing; for lock files.
pub(in crate::sys) fn open_for_lock(path: &Path) -> Result<File, FileError> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|error| FileError::new("open", path, error))
}

/// Opens, or creates, for reading and for writing at the end.
pub(super) fn open_for_append(path: &Path) -> Result<File, FileError> {
    OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(path)
        .map_err(|error| FileError::new("open", path, error))
}

/// Windows has no modes to look at; nothing is refused.
#[expect(clippy::unnecessary_wraps, reason = "the Unix side can refuse")]
pub(super) fn check_unchangeable(_: &Path, _: &Metadata) -> Result<(), FileError> {
    Ok(())
}

/// Refuses what is not a plain file.
pub(super) fn check_private(path: &Path, found: &Metadata) -> Result<(), FileError> {
    if found.is_file() {
        return Ok(());
    }
    Err(not_plain(path, found, "plain file"))
}

/// Refuses what is not a folder.
pub(super) fn check_private_dir(path: &Path, found: &Metadata) -> Result<(), FileError> {
    if found.is_dir() {
        return Ok(());
    }
    Err(not_plain(path, found, "folder"))
}

pub(in crate::sys) fn not_plain(path: &Path, found: &Metadata, wanted: &'static str) -> FileError {
    let kind = match () {
        () if found.is_symlink() => "symbolic link",
        () if found.is_dir() => "folder",
        () if found.is_file() => "plain file",
        () => "device",
    };
    FileError::NotPlain {
        path: path.to_owned(),
        kind,
        wanted,
    }
}

pub(super) fn create_private_dir(path: &Path) -> io::Result<()> {
    match fs::create_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

/// Folders cannot be synced here; a rename is in the journal of the file system.
#[expect(clippy::unnecessary_wraps, reason = "the Unix side can fail")]
pub(super) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
