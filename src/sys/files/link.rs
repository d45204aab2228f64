//! Second names of a file: a symbolic link where there are such, else a hard one.
//!
//! Never replaces what is there, and never removes what is not such a name.

use std::fs;
use std::io;
use std::path::Path;

use super::FileError;

/// Tells whether there is anything under this name, be it what it may.
pub fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Tells whether people have closed a file to changes.
pub fn is_read_only(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.permissions().readonly())
}

/// Tells whether `path` is a second name of `of`.
pub fn is_link_to(path: &Path, of: &Path) -> bool {
    platform::is_link_to(path, of)
}

/// Gives `of` a second name; tells whether it did: not when something has that name.
///
/// # Errors
///
/// [`FileError`].
pub fn link(path: &Path, of: &Path) -> Result<bool, FileError> {
    match platform::link(path, of) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(FileError::new("create", path, error)),
    }
}

#[cfg(unix)]
mod platform {
    use std::fs;
    use std::io;
    use std::path::Path;

    pub(super) fn is_link_to(path: &Path, of: &Path) -> bool {
        fs::read_link(path).is_ok_and(|to| to == of)
    }

    pub(super) fn link(path: &Path, of: &Path) -> io::Result<()> {
        std::os::unix::fs::symlink(of, path)
    }
}

#[cfg(not(unix))]
mod platform {
    use std::fs;
    use std::io;
    use std::path::Path;

    /// Two names of one file agree in all that can be seen.
    pub(super) fn is_link_to(path: &Path, of: &Path) -> bool {
        let seen = |path| {
            let found = fs::metadata(path).ok()?;
            Some((found.len(), found.modified().ok()?, found.created().ok()?))
        };
        seen(path).is_some_and(|one| seen(of) == Some(one))
    }

    pub(super) fn link(path: &Path, of: &Path) -> io::Result<()> {
        fs::hard_link(of, path)
    }
}
