//! A copy of a file in a folder of its own, for a program that changes its settings itself: what it
//! makes of them is looked at before anything is in its place.

use std::path::{Path, PathBuf};

use super::format::Odd;
use super::place::Place;
use super::prove::reason;
use crate::sys::files;
use crate::sys::program::{Said, Start};

/// The largest file that comes back.
const LARGEST: usize = 8 * 1024 * 1024;

/// A copy; it goes away when this is dropped.
pub(super) struct Copy<'a> {
    place: &'a Place<'a>,
    name: &'static str,
    program: PathBuf,
    folder: tempfile::TempDir,
}

impl<'a> Copy<'a> {
    /// Makes a copy of a text for a program.
    pub(super) fn of(
        place: &'a Place<'a>,
        name: &'static str,
        text: Option<&str>,
    ) -> Result<Self, Odd> {
        let failed = |error: &dyn std::error::Error| Odd::refused(name, &error.to_string());
        let program = place.find(name).ok_or(Odd::NoProgram(name))?;
        let folder = tempfile::tempdir().map_err(|error| failed(&error))?;
        let copy = Self {
            place,
            name,
            program,
            folder,
        };
        files::write_private(&copy.path(), text.unwrap_or_default().as_bytes())
            .map_err(|error| failed(&error))?;
        Ok(copy)
    }

    /// Where the copy is.
    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    /// Runs the program.
    pub(super) fn ask(&self, words: &[&str], vars: &[(&str, Option<&str>)]) -> Result<Said, Odd> {
        let start = Start {
            words,
            vars,
            folder: Some(Path::new("/")),
            ..Start::default()
        };
        let said = self.place.ask(&self.program, start);
        said.map_err(|why| Odd::refused(self.name, &why))
    }

    /// Says that the program did not do what it was told.
    pub(super) fn refused(&self, said: &Said) -> Odd {
        Odd::refused(self.name, &reason(said))
    }

    /// What has become of it.
    pub(super) fn text(&self) -> Result<Option<String>, Odd> {
        let failed = |why: String| Odd::refused(self.name, &why);
        let bytes = files::read_bounded(&self.path(), LARGEST);
        let bytes = bytes.map_err(|error| failed(error.to_string()))?;
        let text = std::str::from_utf8(&bytes).map_err(|error| failed(error.to_string()))?;
        Ok(Some(text.to_owned()))
    }
}
