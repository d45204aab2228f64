//! The agent's store: secrets in memory, each sealed under one random key in a locked page.
//!
//! What is swapped out, or found by looking through the memory, is cipher text; the key is in one
//! page that the system is asked to keep in memory. While the vault is shut, that key is itself
//! sealed under a passphrase and its page is wiped: then nothing is in the clear, and nothing can
//! be had without the passphrase. In the clear a secret is only while it is being handed out, in
//! buffers that are wiped. Never touches a disk.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::aead::{self, KEY_LEN};
use super::derive::{Cost, SALT_LEN, derive};
use super::{Backend, Store, StoreError};
use crate::base::Secret;
use crate::sys::locked::Locked;

/// Secrets in memory, sealed, until the process ends.
#[derive(Debug)]
pub struct Vault {
    state: Mutex<State>,
    cost: Cost,
}

#[derive(Debug)]
struct State {
    key: Key,
    entries: BTreeMap<String, Vec<u8>>,
}

/// The key of everything.
#[derive(Debug)]
enum Key {
    Open(Locked<KEY_LEN>),
    Shut {
        salt: [u8; SALT_LEN],
        sealed: Vec<u8>,
    },
}

impl Vault {
    /// Draws a key; there is nothing in it yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::Randomness`].
    pub fn new() -> Result<Self, StoreError> {
        let mut key = Locked::new();
        key.bytes_mut().copy_from_slice(&*aead::random_key()?);
        Ok(Self {
            state: Mutex::new(State {
                key: Key::Open(key),
                entries: BTreeMap::new(),
            }),
            cost: Cost::NEW,
        })
    }

    /// Tells whether the system keeps the key's page in memory; `None` while there is no key.
    pub fn in_locked_memory(&self) -> Option<bool> {
        match &self.state().key {
            Key::Open(key) => Some(key.is_locked()),
            Key::Shut { .. } => None,
        }
    }

    /// Seals the key under a passphrase and wipes it. A vault that is shut stays as it is.
    ///
    /// # Errors
    ///
    /// [`StoreError::EmptyPassphrase`]; [`StoreError::Exhausted`] without the memory for it.
    pub fn shut(&self, passphrase: &Secret) -> Result<(), StoreError> {
        if passphrase.is_empty() {
            return Err(StoreError::EmptyPassphrase);
        }
        let salt = aead::random::<SALT_LEN>()?;
        // Outside the lock: it takes its time.
        let above = derive(passphrase, &salt, self.cost)?;
        let mut state = self.state();
        if let Key::Open(key) = &state.key {
            let sealed = aead::seal(&above, &[MARK, &salt], key.bytes())?;
            state.key = Key::Shut { salt, sealed };
        }
        Ok(())
    }

    /// Opens the vault again.
    ///
    /// # Errors
    ///
    /// [`StoreError::WrongPassphrase`]; [`StoreError::Exhausted`] without the memory for it.
    pub fn open(&self, passphrase: &Secret) -> Result<(), StoreError> {
        let (salt, sealed) = match &self.state().key {
            Key::Open(_) => return Ok(()),
            Key::Shut { salt, sealed } => (*salt, sealed.clone()),
        };
        let above = derive(passphrase, &salt, self.cost)?;
        let opened =
            aead::open(&above, &[MARK, &salt], &sealed).ok_or(StoreError::WrongPassphrase)?;
        let mut key = Locked::new();
        key.bytes_mut().copy_from_slice(&opened);
        self.state().key = Key::Open(key);
        Ok(())
    }

    /// Forgets everything, the key too.
    pub fn wipe(&self) {
        let mut state = self.state();
        state.entries.clear();
        state.key = Key::Shut {
            salt: [0; SALT_LEN],
            sealed: Vec::new(),
        };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code can panic while it holds the lock half way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn key(&self) -> Result<&[u8; KEY_LEN], StoreError> {
        match &self.key {
            Key::Open(key) => Ok(key.bytes()),
            Key::Shut { .. } => Err(StoreError::Shut),
        }
    }
}

impl Store for Vault {
    fn backend(&self) -> Backend {
        Backend::Agent
    }

    fn load(&self, key: &str) -> Result<Option<Secret>, StoreError> {
        let state = self.state();
        let above = state.key()?;
        let Some(sealed) = state.entries.get(key) else {
            return Ok(None);
        };
        let opened = aead::open(above, &[MARK, key.as_bytes()], sealed);
        let text = opened.as_deref().and_then(|text| str::from_utf8(text).ok());
        let text = text.ok_or_else(|| StoreError::Broken {
            place: "agent's memory",
            key: key.to_owned(),
            fault: "it does not open",
        })?;
        Ok(Some(Secret::new(text.to_owned())))
    }

    fn save(&self, key: &str, secret: &Secret) -> Result<(), StoreError> {
        let mut state = self.state();
        let facts = [MARK, key.as_bytes()];
        let sealed = aead::seal(state.key()?, &facts, secret.expose().as_bytes())?;
        state.entries.insert(key.to_owned(), sealed);
        Ok(())
    }

    fn delete(&self, key: &str) -> Result<bool, StoreError> {
        let mut state = self.state();
        state.key()?;
        Ok(state.entries.remove(key).is_some())
    }

    fn probe(&self) -> Result<(), StoreError> {
        self.state().key().map(drop)
    }

    fn keys(&self, prefix: &str) -> Vec<String> {
        let state = self.state();
        let names = state.entries.keys().filter(|key| key.starts_with(prefix));
        names.cloned().collect()
    }
}

/// Binds what is sealed to its use.
const MARK: &[u8] = b"keyfob-vault-1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::contract;

    fn vault() -> Vault {
        Vault {
            cost: Cost {
                memory_kib: 64,
                passes: 1,
            },
            ..Vault::new().unwrap()
        }
    }

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn the_vault_keeps_the_contract() {
        contract(&vault());
    }

    #[test]
    fn a_vault_that_is_shut_gives_nothing_and_takes_nothing() {
        let vault = vault();
        vault.save("a", &secret("token")).unwrap();

        vault.shut(&secret("open sesame")).unwrap();

        assert!(matches!(vault.load("a"), Err(StoreError::Shut)));
        assert!(matches!(vault.load("b"), Err(StoreError::Shut)));
        assert!(matches!(vault.delete("a"), Err(StoreError::Shut)));
        assert!(matches!(vault.probe(), Err(StoreError::Shut)));
        assert!(matches!(
            vault.save("b", &secret("x")),
            Err(StoreError::Shut)
        ));
        assert_eq!(vault.in_locked_memory(), None);
    }

    #[test]
    fn only_the_passphrase_opens_it_and_all_is_there() {
        let vault = vault();
        vault.save("a", &secret("token")).unwrap();
        vault.shut(&secret("open sesame")).unwrap();

        let wrong = vault.open(&secret("open barley"));
        assert!(matches!(wrong, Err(StoreError::WrongPassphrase)));
        assert!(matches!(vault.load("a"), Err(StoreError::Shut)));
        vault.open(&secret("open sesame")).unwrap();

        assert!(vault.load("a").unwrap().unwrap().matches("token"));
    }

    #[test]
    fn to_shut_it_twice_keeps_the_first_passphrase() {
        let vault = vault();
        vault.shut(&secret("first")).unwrap();

        vault.shut(&secret("second")).unwrap();

        assert!(vault.open(&secret("second")).is_err());
        vault.open(&secret("first")).unwrap();
    }

    #[test]
    fn nothing_in_it_is_in_the_clear() {
        let vault = vault();
        vault.save("a", &secret("a-token-in-the-clear")).unwrap();

        let state = vault.state();
        let sealed = &state.entries["a"];

        assert!(!sealed.windows(7).any(|part| part == b"a-token"));
    }

    #[test]
    fn an_entry_cannot_be_passed_off_as_another() {
        let vault = vault();
        vault.save("a", &secret("token")).unwrap();
        let moved = vault.state().entries["a"].clone();
        vault.state().entries.insert("b".into(), moved);

        assert!(matches!(vault.load("b"), Err(StoreError::Broken { .. })));
    }

    #[test]
    fn a_wiped_vault_never_opens_again() {
        let vault = vault();
        vault.save("a", &secret("token")).unwrap();

        vault.wipe();

        assert!(vault.open(&secret("")).is_err());
        assert!(vault.keys("").is_empty());
    }
}
