//! Where the sealed store's passphrase comes from: a file, or the person.
//!
//! Never takes it from the command line or from a variable, and never tells it.

use std::path::{Path, PathBuf};

use crate::base::Secret;
use crate::store::{Ask, StoreError};
use crate::sys::console::Console;
use crate::sys::env::Env;
use crate::sys::files;

/// The longest passphrase that is read from a file.
const LONGEST: usize = 4096;

/// Names a file that holds the passphrase.
const FILE: &str = "KEYFOB_PASSPHRASE_FILE";

/// Gets the sealed store's passphrase: from the file that a variable names, from systemd's
/// credentials, or from the person.
pub(super) fn get(env: &Env, ask: Ask) -> Result<Secret, StoreError> {
    if let Some(passphrase) = from_file(env)? {
        return Ok(passphrase);
    }
    let console = Console::new(env);
    let refused = |_| StoreError::NoPassphrase;
    match ask {
        Ask::Existing => console
            .ask_hidden("passphrase of the sealed store")
            .map_err(refused),
        Ask::New => {
            console.note("The sealed store is new: choose its passphrase.");
            loop {
                let first = console.ask_hidden("passphrase").map_err(refused)?;
                let again = console.ask_hidden("the same again").map_err(refused)?;
                if first.matches(again.expose()) {
                    return Ok(first);
                }
                console.note("These two differ.");
            }
        }
    }
}

/// Tells whether a file holds the passphrase, so that nobody needs to be asked.
pub(super) fn is_in_a_file(env: &Env) -> bool {
    place(env).is_some()
}

/// Reads the passphrase from the file that holds it; `None` when none is named.
pub(super) fn from_file(env: &Env) -> Result<Option<Secret>, StoreError> {
    let Some(path) = place(env) else {
        return Ok(None);
    };
    let bytes = files::read_private(&path, LONGEST)
        .map_err(|error| StoreError::PassphraseFile(Box::new(error)))?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(StoreError::EmptyPassphrase);
    }
    Ok(Some(Secret::new(text.to_owned())))
}

fn place(env: &Env) -> Option<PathBuf> {
    let credential = || {
        let dir = env.vars.get("CREDENTIALS_DIRECTORY")?;
        Some(Path::new(dir).join("keyfob-passphrase")).filter(|path| path.exists())
    };
    env.vars.get(FILE).map(PathBuf::from).or_else(credential)
}
