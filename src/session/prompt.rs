//! The prompt budget: who is not on a terminal asks a person once per account, and then waits for
//! one to come by (a dashboard that polls all night must not leave hundreds of windows).
//!
//! A mark is on the disk before the person is asked, and stays until somebody signs in or out.
//! Whatever stands in its place counts as a mark: what cannot be read never opens a window.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::By;
use super::key::digest;
use crate::base::{ClientId, Issuer, ProfileName, Subject, Timestamp};
use crate::sys::files::{self, FileError};

/// The largest mark that is read.
const LARGEST: usize = 16 * 1024;

/// The version that is written.
const VERSION: u32 = 1;

/// The account that somebody is asked to sign in to: its subject where it is known, or else the
/// client that asks.
#[derive(Clone, Debug)]
pub struct Account {
    named: Option<String>,
    unnamed: String,
}

/// That a person was asked, when, and by whom.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Mark {
    version: u32,
    /// When.
    pub at: Timestamp,
    /// For which profile.
    pub profile: ProfileName,
    /// By whom.
    pub by: By,
}

/// Whether a person may be asked.
#[derive(Debug)]
pub enum Budget {
    /// Now, this once.
    Granted,
    /// Somebody asked already; how, when that can be read.
    Spent(Option<Mark>),
}

impl Account {
    /// Names an account.
    pub fn new(issuer: &Issuer, client_id: &ClientId, subject: Option<&Subject>) -> Self {
        let issuer = issuer.as_str();
        Self {
            named: subject.map(|subject| digest(&["account", issuer, subject.as_str()])),
            unnamed: digest(&["client", issuer, client_id.as_str()]),
        }
    }

    fn name(&self) -> &str {
        self.named.as_deref().unwrap_or(&self.unnamed)
    }
}

impl Mark {
    /// Notes that a person is asked.
    pub fn new(at: Timestamp, profile: ProfileName, by: By) -> Self {
        Self {
            version: VERSION,
            at,
            profile,
            by,
        }
    }

    fn read(path: &Path) -> Option<Self> {
        let bytes = files::read_private(path, LARGEST).ok()?;
        let mark: Self = serde_json::from_slice(&bytes).ok()?;
        (mark.version == VERSION).then_some(mark)
    }
}

/// Tells whether somebody asked already; how, when that can be read.
pub fn spent(state: &Path, account: &Account) -> Option<Option<Mark>> {
    let (folder, name) = (folder(state), account.name());
    let is_there = files::names_in(&folder).iter().any(|found| found == name);
    is_there.then(|| Mark::read(&folder.join(name)))
}

/// Spends the budget of an account. Of several at the same moment, one may ask.
///
/// # Errors
///
/// [`FileError`] when the mark cannot be written; nobody may ask then.
pub fn spend(state: &Path, account: &Account, mark: &Mark) -> Result<Budget, FileError> {
    let folder = folder(state);
    files::private_dir(&folder)?;
    let place = folder.join(account.name());
    let text = serde_json::to_string_pretty(mark).expect("a mark has only text keys");
    if files::create_private(&place, text.as_bytes())? {
        Ok(Budget::Granted)
    } else {
        Ok(Budget::Spent(Mark::read(&place)))
    }
}

/// Takes back what was spent on a person who was not asked after all.
pub fn give_back(state: &Path, account: &Account) {
    drop(files::remove(&folder(state).join(account.name())));
}

/// Restores the budget of an account, because somebody signed in or out.
///
/// # Errors
///
/// [`FileError`] when a mark is still there.
pub fn restore(state: &Path, account: &Account) -> Result<(), FileError> {
    let names = [account.named.as_deref(), Some(&account.unnamed)];
    for name in names.into_iter().flatten() {
        files::remove(&folder(state).join(name))?;
    }
    Ok(())
}

fn folder(state: &Path) -> PathBuf {
    state.join("prompts")
}
