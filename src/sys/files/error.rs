//! Why a file could not be read or written, in words of this program.
//!
//! Never holds what is in a file.

use std::io;
use std::path::{Path, PathBuf};

use crate::base::{Diagnostic, Exit, Hint, printable_line};

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
    pub(in crate::sys) fn new(doing: &'static str, path: &Path, source: io::Error) -> Self {
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
