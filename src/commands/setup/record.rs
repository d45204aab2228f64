//! What `keyfob setup` has written, and what was there before: one file for each program in the
//! state folder, so that `--remove` takes back exactly that.
//!
//! It is written before the change that it tells of. No secret of keyfob's is in it.

use std::path::{Path, PathBuf};

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use crate::base::hex;
use crate::sys::files::{self, FileError};

/// The largest record that is read.
const LARGEST: usize = 4 * 1024 * 1024;

/// The version that is written.
const VERSION: u32 = 1;

/// All that was written for one program.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Record {
    version: u32,
    pub(super) settings: Vec<Kept>,
    pub(super) files: Vec<KeptFile>,
    pub(super) links: Vec<KeptLink>,
}

/// A setting that was written.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Kept {
    pub(super) file: PathBuf,
    pub(super) key: String,
    /// What was there before.
    pub(super) before: Vec<String>,
    /// What keyfob wrote.
    pub(super) after: Vec<String>,
    /// For whom: profiles and targets as they were typed; an empty text when none was.
    pub(super) owners: Vec<String>,
}

/// A file that was changed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct KeptFile {
    pub(super) path: PathBuf,
    /// What it was before the first change.
    pub(super) was: Was,
    /// Where that is kept.
    pub(super) backup: Option<PathBuf>,
    /// The sum of what keyfob left there; a file with another one was changed by others since.
    pub(super) last: String,
}

/// What a file was before keyfob first changed it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Was {
    /// It was not there.
    Missing,
    /// It had this sum.
    Sum(String),
    /// Others have changed it between keyfob's changes, so there is no such thing.
    Unknown,
}

/// A link that was made.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct KeptLink {
    pub(super) path: PathBuf,
    pub(super) to: PathBuf,
    pub(super) owners: Vec<String>,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            version: VERSION,
            settings: Vec::new(),
            files: Vec::new(),
            links: Vec::new(),
        }
    }
}

impl Record {
    /// Reads what was written; nothing when there is no record. One of another version, or a broken
    /// one, tells nothing that can be relied on.
    pub(super) fn load(path: &Path) -> Result<Self, FileError> {
        match files::read_private(path, LARGEST) {
            Ok(bytes) => {
                let record: Option<Self> = serde_json::from_slice(&bytes).ok();
                let record = record.filter(|record| record.version == VERSION);
                Ok(record.unwrap_or_default())
            }
            Err(error) if error.is_missing() => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Writes it in place of the one before; an empty one is removed.
    pub(super) fn save(&self, path: &Path) -> Result<(), FileError> {
        if self.settings.is_empty() && self.links.is_empty() {
            return files::remove(path).map(drop);
        }
        let text = serde_json::to_string_pretty(self).expect("a record has only text keys");
        files::write_private(path, text.as_bytes())
    }

    /// Finds what was written under a key.
    pub(super) fn kept(&mut self, file: &Path, key: &str) -> Option<&mut Kept> {
        self.settings
            .iter_mut()
            .find(|kept| kept.file == file && kept.key == key)
    }

    /// Tells whether anything is written in a file.
    pub(super) fn has(&self, file: &Path) -> bool {
        self.settings.iter().any(|kept| kept.file == file)
    }

    /// Finds a file that was changed.
    pub(super) fn file(&self, path: &Path) -> Option<&KeptFile> {
        self.files.iter().find(|file| file.path == path)
    }
}

/// The sum of a file; one that is not there has one of its own.
pub(super) fn sum(text: Option<&str>) -> String {
    match text {
        Some(text) => hex(digest(&SHA256, text.as_bytes()).as_ref()),
        None => "missing".to_owned(),
    }
}
