//! Files: replaced as a whole or not at all, private from the first byte, read up to a limit.
//!
//! What holds a secret is written and read by the strict functions: they never follow a symbolic
//! link, never open a pipe or a device, and never trust a file that others own or can read. No
//! mode is ever changed after the fact: a file is born 0600, a folder 0700.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::base::{Diagnostic, Exit, Hint, printable_line};

#[cfg(unix)]
#[path = "files/unix.rs"]
mod platform;
#[cfg(not(unix))]
#[path = "files/windows.rs"]
mod platform;
mod replace;
#[cfg(test)]
#[cfg(unix)]
mod tests;

use replace::{Order, replace};

pub(super) use platform::open_private as open_to_ask;
pub(super) use platform::{not_plain, open_for_lock};

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Something failed that has no name of its own here.
    #[error("cannot {doing} `{}`", shown(.path))]
    Broken {
        /// What was being done: `read`, `write`, `create`, `remove`, `open`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The user may not do this.
    #[error("no permission to {doing} `{}`", shown(.path))]
    Denied {
        /// What was being done.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
    },
    /// Others can read a file, or change a folder, that must be the user's alone.
    #[error("`{}` is open to other users (mode {mode:03o})", shown(.path))]
    Exposed {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Belongs to somebody else.
    #[error("`{}` belongs to user {owner}, not to the user running keyfob", shown(.path))]
    Foreign {
        /// The file or folder.
        path: PathBuf,
        /// The owner's number.
        owner: u32,
    },
    /// The disk, or the user's share of it, is full.
    #[error("no space left to write `{}`", shown(.path))]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// There is no such file.
    #[error("`{}` does not exist", shown(.path))]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// Something that should be a folder on the way to it is none.
    #[error("a folder on the way to `{}` is none, but a file", shown(.path))]
    NoFolder {
        /// The file or folder that cannot be reached.
        path: PathBuf,
    },
    /// Others can change what decides where tokens go.
    #[error("`{}` can be changed by other users (mode {mode:03o})", shown(.path))]
    Changeable {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not a plain file (or not a folder, where a folder is needed).
    #[error("`{}` is a {kind}, not a {wanted}", shown(.path))]
    NotPlain {
        /// What is there.
        path: PathBuf,
        /// What kind of thing it is.
        kind: &'static str,
        /// What it should be: `plain file` or `folder`.
        wanted: &'static str,
    },
    /// The file system cannot be written to.
    #[error("`{}` is on a read-only file system", shown(.path))]
    ReadOnly {
        /// The file or folder.
        path: PathBuf,
    },
    /// Longer than what is read at most.
    #[error("`{}` has more than {most} bytes", shown(.path))]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit.
        most: usize,
    },
}

impl FileError {
    /// Tells whether the only trouble is that there is no such file.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing { .. })
    }

    /// Tells whether there was no space left.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full { .. })
    }

    /// Names what the system said about `path`.
    pub(super) fn new(doing: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "every kind that has no name here is `Broken`"
        )]
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing { path },
            io::ErrorKind::PermissionDenied => Self::Denied { doing, path },
            io::ErrorKind::IsADirectory => Self::NotPlain {
                path,
                kind: "folder",
                wanted: "plain file",
            },
            io::ErrorKind::NotADirectory => Self::NoFolder { path },
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::Full { path },
            _ => Self::Broken {
                doing,
                path,
                source,
            },
        }
    }
}

impl Diagnostic for FileError {
    fn exit(&self) -> Exit {
        Exit::Fault
    }

    fn hint(&self) -> Option<Hint> {
        let hint = match self {
            Self::Broken { .. } | Self::Missing { .. } | Self::TooLarge { .. } => return None,
            Self::Denied { .. } => "give your user access to it, or move it elsewhere".to_owned(),
            Self::Changeable { path, .. } => format!("run `chmod o-w '{}'`", shown(path)),
            Self::Exposed { path, .. } => format!("run `chmod go-rwx '{}'`", shown(path)),
            Self::Foreign { .. } => {
                "run keyfob as the user who owns it, or point HOME at your own folder".to_owned()
            }
            Self::Full { .. } => "free some space and try again; nothing was lost".to_owned(),
            Self::NoFolder { .. } | Self::NotPlain { .. } => "move it out of the way".to_owned(),
            Self::ReadOnly { .. } => {
                "point HOME, or the XDG folders, at a place that can be written".to_owned()
            }
        };
        Some(Hint::Try(hint))
    }
}

fn shown(path: &Path) -> String {
    printable_line(&path.to_string_lossy()).into_owned()
}

/// Replaces a secret file in one step: the old content, or all of the new, whatever happens.
///
/// The new file is 0600 from its creation, and on disk before this returns. The folder must exist.
///
/// # Errors
///
/// [`FileError`]; when `path` is a link, a pipe, a folder or another user's, nothing is written.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    check_place(path)?;
    replace(path, bytes, (None, Order::SafeFirst))
}

/// The same for what nobody will say again: it is under its name before it is on disk, since what
/// is there survives the end of the process, while waiting for the disk only delays it. Power lost
/// before this returns may leave a file cut short.
///
/// # Errors
///
/// The same.
pub fn write_private_at_once(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    check_place(path)?;
    replace(path, bytes, (None, Order::ThereFirst))
}

/// The same for what can be had again: nobody waits for the disk. Power lost soon after may leave a
/// file cut short, which whoever reads it must notice.
///
/// # Errors
///
/// The same.
pub fn write_private_unsynced(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    check_place(path)?;
    replace(path, bytes, (None, Order::OnlyThere))
}

/// The same for what others may have put something in the way of: a link, a pipe, or a file that is
/// open to others is removed first, never followed, never changed.
///
/// # Errors
///
/// [`FileError`]; in particular when a folder is in the way.
pub fn put_private(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    if check_place(path).is_err() {
        remove(path)?;
    }
    write_private(path, bytes)
}

/// Writes a new private file, whole and on disk, unless something is at that place already, be it
/// what it may; tells whether it did. Of several at the same moment one does.
///
/// # Errors
///
/// [`FileError`]; the file is not there then.
pub fn create_private(path: &Path, bytes: &[u8]) -> Result<bool, FileError> {
    replace::create(path, bytes)
}

/// Replaces a file that people edit, in one step, keeping its permissions; a new one is 0600.
///
/// Follows a symbolic link, since many keep their settings elsewhere and link to them.
///
/// # Errors
///
/// [`FileError`]; the old content is still there.
pub fn replace_settings(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    match fs::canonicalize(path) {
        Ok(real) => {
            let found = fs::metadata(&real).map_err(|error| FileError::new("open", path, error))?;
            if !found.is_file() {
                return Err(not_plain(path, &found, "plain file"));
            }
            replace(&real, bytes, (Some(found.permissions()), Order::SafeFirst))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            replace(path, bytes, (None, Order::SafeFirst))
        }
        Err(error) => Err(FileError::new("open", path, error)),
    }
}

/// Refuses a place where something is that no secret file may replace.
fn check_place(path: &Path) -> Result<(), FileError> {
    match fs::symlink_metadata(path) {
        Ok(found) => platform::check_private(path, &found),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(FileError::new("open", path, error)),
    }
}

/// Reads a file that people wrote, up to `most` bytes; follows symbolic links.
///
/// # Errors
///
/// [`FileError`]; [`FileError::TooLarge`] rather than half a file.
pub fn read_bounded(path: &Path, most: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let file = open_plain(path)?;
    read_up_to(path, &file, most)
}

fn open_plain(path: &Path) -> Result<File, FileError> {
    let file = platform::open_following(path)?;
    let found = file
        .metadata()
        .map_err(|error| FileError::new("read", path, error))?;
    if !found.is_file() {
        return Err(not_plain(path, &found, "plain file"));
    }
    Ok(file)
}

/// Reads settings that people edit, up to `most` bytes; follows symbolic links.
///
/// # Errors
///
/// [`FileError`]; [`FileError::Changeable`] when others can write to it: settings name the issuer
/// and the programs that are run.
pub fn read_settings(path: &Path, most: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let file = open_plain(path)?;
    let found = file
        .metadata()
        .map_err(|error| FileError::new("read", path, error))?;
    platform::check_unchangeable(path, &found)?;
    read_up_to(path, &file, most)
}

/// Reads a secret file of our own, up to `most` bytes.
///
/// # Errors
///
/// [`FileError`]; in particular when it is a link, a pipe, another user's, or readable by others.
pub fn read_private(path: &Path, most: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let file = platform::open_private(path)?;
    let found = file
        .metadata()
        .map_err(|error| FileError::new("read", path, error))?;
    platform::check_private(path, &found)?;
    read_up_to(path, &file, most)
}

/// Reads without growing the buffer on the way: growth would leave copies behind.
fn read_up_to(path: &Path, file: &File, most: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let failed = |error| FileError::new("read", path, error);
    let too_large = || FileError::TooLarge {
        path: path.to_owned(),
        most,
    };
    let said = file.metadata().map_err(failed)?.len();
    let said = usize::try_from(said).unwrap_or(usize::MAX);
    if said > most {
        return Err(too_large());
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(said + 64));
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > most {
        return Err(too_large());
    }
    Ok(bytes)
}

/// Creates a folder that only the user can look into, with its parents; one that is there already
/// must be the user's own and closed to other writers.
///
/// # Errors
///
/// [`FileError`].
pub fn private_dir(path: &Path) -> Result<(), FileError> {
    platform::create_private_dir(path).map_err(|error| FileError::new("create", path, error))?;
    let found = fs::metadata(path).map_err(|error| FileError::new("open", path, error))?;
    platform::check_private_dir(path, &found)
}

/// What tells one content of a file from the next, without reading it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Stamp {
    changed: Option<std::time::SystemTime>,
    len: u64,
}

/// Returns the stamp of a file; `None` when there is none.
pub fn stamp(path: &Path) -> Option<Stamp> {
    let found = fs::symlink_metadata(path).ok()?;
    Some(Stamp {
        changed: found.modified().ok(),
        len: found.len(),
    })
}

/// Returns the names in a folder, in order; a folder that cannot be read has none.
pub fn names_in(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

/// Removes a file; tells whether there was one.
///
/// # Errors
///
/// [`FileError`].
pub fn remove(path: &Path) -> Result<bool, FileError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(FileError::new("remove", path, error)),
    }
}
