//! Files: replaced as a whole or not at all, private from the first byte, read up to a limit.
//!
//! What holds a secret is written and read by the strict functions: they never follow a symbolic
//! link, never open a pipe or a device, and never trust a file that others own or can read. No
//! mode is ever changed after the fact: a file is born 0600, a folder 0700.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

mod append;
mod error;
mod link;
mod look;
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

pub use append::append_private;
pub use error::FileError;
pub use link::{is_link_to, is_read_only, is_there, link};
pub use look::{Looseness, looseness, written};
use replace::{Order, replace};

pub(super) use platform::open_private as open_to_ask;
pub(super) use platform::{not_plain, open_for_lock};

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

/// Writes a program that the user alone can run; it holds no secret, and is not on the disk yet.
///
/// # Errors
///
/// [`FileError`].
pub(super) fn write_program(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    check_place(path)?;
    replace(path, bytes, (platform::runnable(), Order::OnlyThere))
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

/// Gives a file another name in the same folder, in place of what has that name; tells whether
/// there was one.
///
/// # Errors
///
/// [`FileError`].
pub fn rename(from: &Path, to: &Path) -> Result<bool, FileError> {
    match fs::rename(from, to) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(FileError::new("rename", from, error)),
    }
}
