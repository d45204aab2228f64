//! A file that keyfob writes for another program, and can tell from every other.
//!
//! One line of it says who wrote it and the sum of all others, so that a file that somebody has
//! changed since is never taken for keyfob's own. What is replaced is kept; nothing is ever lost.

use std::path::{Path, PathBuf};

use ring::digest::{SHA256, digest};

use crate::base::{Diagnostic, Exit, Hint, hex, printable_line};
use crate::sys::files::{self, FileError};

/// Longer files are nobody's service.
const LARGEST: usize = 1024 * 1024;

/// So many files are kept that were there before.
const MOST_KEPT: u32 = 99;

/// Stands in the line that tells keyfob's own.
const MARK: &str = "written by keyfob setup, sum ";

/// Why a file is not written or removed.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotChanged {
    #[error("`{}` was changed after keyfob wrote it, or is not keyfob's", shown(.0))]
    Changed(PathBuf),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{MOST_KEPT} files are kept beside `{}` already", shown(.0))]
    TooMany(PathBuf),
}

impl Diagnostic for NotChanged {
    fn exit(&self) -> Exit {
        match self {
            Self::Changed(_) | Self::TooMany(_) => Exit::Fault,
            Self::File(error) => error.exit(),
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Changed(_) => Some(Hint::Try(
                "look at it, and remove it by hand if you do not need it".into(),
            )),
            Self::File(error) => error.hint(),
            Self::TooMany(_) => Some(Hint::Try("remove those that you do not need".into())),
        }
    }
}

/// What was done.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Done {
    /// It was so already.
    Nothing,
    /// It is written; what was there before, if it was somebody else's, is kept under this name.
    Written(Option<PathBuf>),
    /// It is gone; whether what was there before is back.
    Removed(bool),
}

/// A file of keyfob's own, in another program's folder.
pub(super) struct OwnFile {
    path: PathBuf,
    text: String,
}

impl OwnFile {
    /// Takes a text in which one line, a comment, holds `{mark}`.
    pub(super) fn new(path: PathBuf, text: &str) -> Self {
        let sum = sum_without(text, "{mark}");
        let text = text.replace("{mark}", &format!("{MARK}{sum}"));
        Self { path, text }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns what is there now.
    pub(super) fn found(&self) -> Result<Option<String>, NotChanged> {
        match files::read_bounded(&self.path, LARGEST) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes it; what is there and is not keyfob's own gets another name first.
    pub(super) fn write(&self) -> Result<Done, NotChanged> {
        let found = self.found()?;
        if found.as_deref() == Some(&self.text) {
            return Ok(Done::Nothing);
        }
        if let Some(folder) = self.path.parent() {
            files::private_dir(folder)?;
        }
        let kept = match found {
            Some(text) if !is_own(&text) => Some(self.keep()?),
            Some(_) | None => None,
        };
        if let Err(error) = files::replace_settings(&self.path, self.text.as_bytes()) {
            if let Some(kept) = &kept {
                files::rename(kept, &self.path)?;
            }
            return Err(error.into());
        }
        Ok(Done::Written(kept))
    }

    /// Removes it, and puts back what was there before.
    pub(super) fn remove(&self) -> Result<Done, NotChanged> {
        let Some(found) = self.found()? else {
            return Ok(Done::Nothing);
        };
        if !is_own(&found) {
            return Err(NotChanged::Changed(self.path.clone()));
        }
        files::remove(&self.path)?;
        let newest = (1..=MOST_KEPT).rev().map(|number| self.beside(number));
        for kept in newest {
            if files::rename(&kept, &self.path)? {
                return Ok(Done::Removed(true));
            }
        }
        Ok(Done::Removed(false))
    }

    /// Gives what is there a name that nothing has.
    fn keep(&self) -> Result<PathBuf, NotChanged> {
        let folder = self.path.parent().unwrap_or(Path::new("/"));
        let taken = files::names_in(folder);
        let is_free = |kept: &PathBuf| {
            let name = kept.file_name().unwrap_or_default();
            !taken.iter().any(|taken| name == taken.as_str())
        };
        // The newest must have the highest number, whatever was removed by hand.
        let numbers = (1..=MOST_KEPT).rev().map(|number| self.beside(number));
        let free: Vec<PathBuf> = numbers.take_while(is_free).collect();
        let kept = free
            .into_iter()
            .next_back()
            .ok_or_else(|| NotChanged::TooMany(self.path.clone()))?;
        files::rename(&self.path, &kept)?;
        Ok(kept)
    }

    fn beside(&self, number: u32) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(format!(".before-keyfob-{number}"));
        name.into()
    }
}

/// Returns what changes from one text to another: lines that go, and lines that come.
pub(super) fn changes(old: &str, new: &str) -> String {
    let has = |text: &str, line: &str| text.lines().any(|other| other == line);
    let gone = old.lines().filter(|line| !has(new, line));
    let come = new.lines().filter(|line| !has(old, line));
    let lines = gone.map(|line| format!("- {}", printable_line(line)));
    let lines = lines.chain(come.map(|line| format!("+ {}", printable_line(line))));
    lines.collect::<Vec<_>>().join("\n")
}

fn is_own(text: &str) -> bool {
    let Some((_, rest)) = text.split_once(MARK) else {
        return false;
    };
    let sum: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    sum == sum_without(text, MARK)
}

/// The sum of all lines but the one that holds `mark`.
fn sum_without(text: &str, mark: &str) -> String {
    let lines = text.lines().filter(|line| !line.contains(mark));
    let rest = lines.collect::<Vec<_>>().join("\n");
    let sum = digest(&SHA256, rest.as_bytes());
    hex(sum.as_ref().get(..8).unwrap_or_default())
}

fn shown(path: &Path) -> String {
    printable_line(&path.to_string_lossy()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(folder: &Path, text: &str) -> OwnFile {
        OwnFile::new(folder.join("f"), &format!("# {{mark}}\n{text}\n"))
    }

    fn there(folder: &Path) -> Option<String> {
        let bytes = files::read_bounded(&folder.join("f"), LARGEST).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn put(folder: &Path, text: &str) {
        files::replace_settings(&folder.join("f"), text.as_bytes()).unwrap();
    }

    #[test]
    fn what_was_there_comes_back_however_often_it_is_written() {
        let home = tempfile::tempdir().unwrap();
        put(home.path(), "theirs\n");

        let first = own(home.path(), "one").write().unwrap();
        let second = own(home.path(), "two").write().unwrap();
        let again = own(home.path(), "two").write().unwrap();
        let removed = own(home.path(), "two").remove().unwrap();

        assert!(matches!(first, Done::Written(Some(_))));
        assert_eq!(second, Done::Written(None));
        assert_eq!(again, Done::Nothing);
        assert_eq!(removed, Done::Removed(true));
        assert_eq!(there(home.path()).as_deref(), Some("theirs\n"));
        assert!(own(home.path(), "two").remove().is_err(), "theirs stays");
    }

    #[test]
    fn what_was_changed_since_is_kept_by_a_write_and_refused_by_a_removal() {
        let home = tempfile::tempdir().unwrap();
        own(home.path(), "one").write().unwrap();
        let changed = format!("{}mine\n", there(home.path()).unwrap());
        put(home.path(), &changed);

        let refused = own(home.path(), "one").remove().unwrap_err();
        let Done::Written(Some(kept)) = own(home.path(), "one").write().unwrap() else {
            panic!("a changed file is kept");
        };

        assert!(matches!(refused, NotChanged::Changed(_)));
        let kept = files::read_bounded(&kept, LARGEST).unwrap();
        assert_eq!(String::from_utf8_lossy(&kept), changed);
        assert_eq!(
            own(home.path(), "one").remove().unwrap(),
            Done::Removed(true)
        );
        assert_eq!(there(home.path()), Some(changed));
    }

    #[test]
    fn the_changes_are_the_lines_that_go_and_come() {
        assert_eq!(changes("a\nb\n", "a\nc\u{1b}\n"), "- b\n+ c\\u{1b}");
        assert_eq!(changes("a\n", "a\n"), "");
    }
}
