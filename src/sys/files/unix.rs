//! Owners, modes and file kinds on Unix.
//!
//! Never asks about a path what can be asked about the open file.

use std::fs::{DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::OFlags;
use rustix::io::Errno;

use super::FileError;

/// What a program of the user's own is allowed.
#[expect(clippy::unnecessary_wraps, reason = "others leave it as it is")]
pub(super) fn runnable() -> Option<Permissions> {
    Some(Permissions::from_mode(0o700))
}

/// Opens for reading; `NONBLOCK`, so that a pipe without a writer cannot hang the caller.
pub(super) fn open_following(path: &Path) -> Result<File, FileError> {
    open_with(path, OFlags::NONBLOCK).map_err(|error| or_kind(path, error))
}

/// Opens for reading unless the last component is a symbolic link.
pub(in crate::sys) fn open_private(path: &Path) -> Result<File, FileError> {
    open_with(path, OFlags::NONBLOCK | OFlags::NOFOLLOW).map_err(|error| or_kind(path, error))
}

/// Opens, or creates 0600, for reading and writing without following a link; for lock files.
pub(in crate::sys) fn open_for_lock(path: &Path) -> Result<File, FileError> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags((OFlags::NONBLOCK | OFlags::NOFOLLOW).bits().cast_signed())
        .open(path)
        .map_err(|error| or_kind(path, error))?;
    let found = file
        .metadata()
        .map_err(|error| FileError::new("open", path, error))?;
    check_private(path, &found)?;
    Ok(file)
}

/// Opens, or creates 0600, for reading and for writing at the end, without following a link.
pub(super) fn open_for_append(path: &Path) -> Result<File, FileError> {
    let file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags((OFlags::NONBLOCK | OFlags::NOFOLLOW).bits().cast_signed())
        .open(path)
        .map_err(|error| or_kind(path, error))?;
    let found = file
        .metadata()
        .map_err(|error| FileError::new("open", path, error))?;
    check_private(path, &found)?;
    Ok(file)
}

fn open_with(path: &Path, flags: OFlags) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
}

/// Says what is there when it is something that cannot be opened: a link, or a socket.
fn or_kind(path: &Path, error: io::Error) -> FileError {
    let is = |errno: Errno| error.raw_os_error() == Some(errno.raw_os_error());
    if is(Errno::LOOP) {
        return FileError::NotPlain {
            path: path.to_owned(),
            kind: "symbolic link",
            wanted: "plain file",
        };
    }
    match path.metadata() {
        Ok(found) if is(Errno::NXIO) => not_plain(path, &found, "plain file"),
        _ => FileError::new("open", path, error),
    }
}

/// Refuses what is not a plain file of the user's own that nobody else can open.
pub(super) fn check_private(path: &Path, found: &Metadata) -> Result<(), FileError> {
    if !found.is_file() {
        return Err(not_plain(path, found, "plain file"));
    }
    check_owner(path, found)?;
    check_mode(path, found, 0o077)
}

/// Refuses what is not a folder of the user's own that nobody else can change.
pub(super) fn check_private_dir(path: &Path, found: &Metadata) -> Result<(), FileError> {
    if !found.is_dir() {
        return Err(not_plain(path, found, "folder"));
    }
    check_owner(path, found)?;
    check_mode(path, found, 0o022)
}

/// Refuses what everybody can write to. A group may: many systems give each user one of their own,
/// and a umask to go with it.
pub(super) fn check_unchangeable(path: &Path, found: &Metadata) -> Result<(), FileError> {
    let mode = found.permissions().mode() & 0o777;
    if mode & 0o002 == 0 {
        return Ok(());
    }
    Err(FileError::Changeable {
        path: path.to_owned(),
        mode,
    })
}

fn check_owner(path: &Path, found: &Metadata) -> Result<(), FileError> {
    if found.uid() == rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    Err(FileError::Foreign {
        path: path.to_owned(),
        owner: found.uid(),
    })
}

fn check_mode(path: &Path, found: &Metadata, closed: u32) -> Result<(), FileError> {
    let mode = found.permissions().mode() & 0o777;
    if mode & closed == 0 {
        return Ok(());
    }
    Err(FileError::Exposed {
        path: path.to_owned(),
        mode,
    })
}

pub(in crate::sys) fn not_plain(path: &Path, found: &Metadata, wanted: &'static str) -> FileError {
    let kind = found.file_type();
    let kind = match () {
        () if kind.is_symlink() => "symbolic link",
        () if kind.is_dir() => "folder",
        () if kind.is_fifo() => "pipe",
        () if kind.is_socket() => "socket",
        () if kind.is_file() => "plain file",
        () => "device",
    };
    FileError::NotPlain {
        path: path.to_owned(),
        kind,
        wanted,
    }
}

pub(super) fn create_private_dir(path: &Path) -> io::Result<()> {
    match DirBuilder::new().recursive(true).mode(0o700).create(path) {
        // Something else is there; the check that follows says what.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

/// Makes the rename itself durable.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
