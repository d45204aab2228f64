//! Where sessions rest: the operating system's keyring, a sealed file, the agent's [`Vault`], or
//! this process's memory.
//!
//! Beside the stores stand what leans on one: the [`Cache`] of access tokens and the [`Journal`]
//! that carries a token answer over a crash. Which store is used is the user's choice, written
//! down by the configuration: nothing here ever falls from one store to another.

mod aead;
mod cache;
mod chunks;
mod derive;
mod error;
mod journal;
mod kernel_key;
mod keyring;
mod memory;
mod sealed;
mod sealing_key;
mod vault;

#[cfg(test)]
mod tests;

pub use cache::Cache;
pub use error::StoreError;
pub use journal::Journal;
pub use keyring::{ATTENDED, Keyring, Service, UNATTENDED, keyring, look};
pub use memory::Memory;
pub use sealed::{Ask, Passphrase, Sealed};
pub use vault::Vault;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::{Secret, hex};

/// A place that keeps secrets by key. A key is text without control characters.
pub trait Store: Send + Sync {
    /// Returns which of the kinds of store this is.
    fn backend(&self) -> Backend;

    /// Returns the secret kept under a key.
    ///
    /// `None` says that there is nothing to be found, not that the store is well: a keyring that
    /// was never set up finds nothing either. [`Store::probe`] tells the two apart.
    ///
    /// # Errors
    /// When the store cannot be asked, or holds something that is not a record of keyfob.
    fn load(&self, key: &str) -> Result<Option<Secret>, StoreError>;

    /// Keeps a secret under a key, in place of what was there. A crash, or an error, leaves
    /// either the old secret or the new one.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn save(&self, key: &str, secret: &Secret) -> Result<(), StoreError>;

    /// Forgets what is kept under a key, readable or not; tells whether there was anything.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn delete(&self, key: &str) -> Result<bool, StoreError>;

    /// Proves that a write would succeed now: writes a small entry, reads it back, deletes it.
    ///
    /// # Errors
    /// When any of the three fails.
    fn probe(&self) -> Result<(), StoreError>;

    /// Shows by a single write that another would succeed now: cheap enough for every renewal. The
    /// small entry that it leaves is the only one of its kind.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn touch(&self) -> Result<(), StoreError> {
        self.save("touch", &Secret::new("keyfob".to_owned()))
    }

    /// Returns the keys that begin so. Only a volatile store can tell: the others write down the
    /// digests of their keys.
    fn keys(&self, prefix: &str) -> Vec<String> {
        let _ = prefix;
        Vec::new()
    }
}

/// The kinds of store.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// The operating system's keyring.
    Keyring,
    /// Files sealed by a passphrase, for machines without a keyring.
    Sealed,
    /// The memory of the agent.
    Agent,
    /// Nothing survives the process, for continuous integration.
    Memory,
}

impl Backend {
    /// All of them, the default first.
    pub const ALL: &[Self] = &[Self::Keyring, Self::Sealed, Self::Agent, Self::Memory];

    /// Returns the word that the configuration uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::Sealed => "sealed",
            Self::Agent => "agent",
            Self::Memory => "memory",
        }
    }

    /// Tells whether all of a session, its tokens and its entry included, is kept in the store and
    /// ends with its process: nothing of it reaches a disk.
    pub fn is_volatile(self) -> bool {
        match self {
            Self::Agent | Self::Memory => true,
            Self::Keyring | Self::Sealed => false,
        }
    }

    /// Finds a kind by its word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Writes, reads back and deletes a small entry.
///
/// The entries have few names: one that a killed process left is taken along by a later probe, so
/// they never pile up. Two processes that meet at one name try again.
fn round_trip(store: &dyn Store) -> Result<(), StoreError> {
    for _ in 0..PROBES {
        let mark = aead::random::<8>()?;
        let name = format!("probe-{}", mark[0] % PROBE_NAMES);
        let written = hex(&mark);
        store.save(&name, &Secret::new(written.clone()))?;
        let found = store.load(&name);
        store.delete(&name)?;
        if found?.is_some_and(|found| found.matches(&written)) {
            return Ok(());
        }
    }
    Err(StoreError::Forgetful {
        backend: store.backend(),
    })
}

/// How many names the entries of probes have.
const PROBE_NAMES: u8 = 16;

/// How often a probe is tried.
const PROBES: usize = 4;
