//! `keyfob config edit`: the user's editor on a copy, which takes the file's place only when the
//! parser accepts it.
//!
//! Never loses what was typed: a text that is refused is kept, and said where.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use tempfile::NamedTempFile;

use crate::config::{Config, MOST_BYTES};
use crate::sys::files;

use super::{Error, Failure, Place};

/// Opens the editor and takes over its result.
pub(super) fn run(place: Place<'_>) -> Result<(), Failure> {
    let before = place.read()?.unwrap_or_default();
    let copy = copy_of(&before).map_err(Error::Copy)?;
    open_editor(&editor(place), &copy)?;

    let bytes = files::read_bounded(copy.path(), MOST_BYTES)?;
    let parsed = Config::decode(&bytes, &place.shown()).and_then(|text| {
        let config = Config::parse(text, &place.shown(), place.vars)?;
        Ok((text, config))
    });
    let (after, config) = match parsed {
        Ok(parsed) => parsed,
        Err(source) => {
            let kept = keep(copy)?;
            let source = Box::new(source);
            return Err(Error::Edited { kept, source }.into());
        }
    };
    if after == before {
        place.note("Nothing changed.");
        return Ok(());
    }
    if place.read()?.unwrap_or_default() != before {
        let kept = keep(copy)?;
        return Err(Error::Changed { kept }.into());
    }
    place.write(after)?;
    place.note(&format!("Saved {}.", place.shown()));
    place.note_default(&config);
    Ok(())
}

fn copy_of(text: &str) -> std::io::Result<NamedTempFile> {
    let mut copy = tempfile::Builder::new()
        .prefix("keyfob-")
        .suffix(".toml")
        .tempfile()?;
    copy.write_all(text.as_bytes())?;
    copy.flush()?;
    Ok(copy)
}

/// The user's editor and its arguments, as `git` and others look for it.
fn editor(place: Place<'_>) -> String {
    let vars = &place.vars;
    let said = vars.get("VISUAL").or_else(|| vars.get("EDITOR"));
    said.unwrap_or(if std::path::MAIN_SEPARATOR == '\\' {
        "notepad"
    } else {
        "vi"
    })
    .to_owned()
}

fn open_editor(command: &str, copy: &NamedTempFile) -> Result<(), Error> {
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or(command);
    let status = Command::new(program).args(words).arg(copy.path()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Error::EditorFailed {
            command: command.to_owned(),
        }),
        Err(source) => Err(Error::NoEditor {
            command: command.to_owned(),
            source,
        }),
    }
}

fn keep(copy: NamedTempFile) -> Result<PathBuf, Error> {
    let (_, path) = copy.keep().map_err(|error| Error::Copy(error.error))?;
    Ok(path)
}
