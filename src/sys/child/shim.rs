//! A small program under another's name that starts keyfob in its place, for one command's PATH.
//!
//! Holds no secret. Every word is quoted, and what the caller appends is passed on as it is.

use std::path::Path;

use crate::sys::files::{FileError, write_program};

/// Writes the program `name` to a private folder: it is `program` with `words` before what the
/// caller appends.
///
/// # Errors
///
/// [`FileError`].
pub fn write_shim(
    folder: &Path,
    name: &str,
    (program, words): (&Path, &[String]),
) -> Result<(), FileError> {
    let program = program.to_string_lossy();
    #[cfg(unix)]
    let (file, text) = (name.to_owned(), script(&program, words));
    #[cfg(not(unix))]
    let (file, text) = (format!("{name}.cmd"), batch(&program, words));
    write_program(&folder.join(file), text.as_bytes())
}

#[cfg(unix)]
fn script(program: &str, words: &[String]) -> String {
    let quoted = |word: &str| format!(" '{}'", word.replace('\'', r"'\''"));
    let words: String = words.iter().map(|word| quoted(word)).collect();
    format!("#!/bin/sh\nexec{}{words} \"$@\"\n", quoted(program))
}

#[cfg(not(unix))]
fn batch(program: &str, words: &[String]) -> String {
    // `%` begins a variable in a batch file, also between quotes.
    let quoted = |word: &str| format!(" \"{}\"", word.replace('%', "%%"));
    let words: String = words.iter().map(|word| quoted(word)).collect();
    format!("@{}{words} %*\r\n", quoted(program).trim_start())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn every_word_arrives_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let words = ["a b", "it's", "$HOME", "`id`", "*"].map(str::to_owned);
        write_shim(
            folder.path(),
            "az",
            (Path::new("/usr/bin/printf"), &["%s|".to_owned()]),
        )
        .unwrap();
        let mut all: Vec<String> = vec!["%s|".to_owned()];
        all.extend(words);
        write_shim(folder.path(), "azd", (Path::new("/usr/bin/printf"), &all)).unwrap();

        // Another test's child may hold the script open for writing for a moment (ETXTBSY).
        let said = loop {
            match Command::new(folder.path().join("azd"))
                .args(["x y", ""])
                .output()
            {
                Ok(said) => break said,
                Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ExecutableFileBusy),
            }
        };

        assert_eq!(said.stdout, b"a b|it's|$HOME|`id`|*|x y||");
    }
}
