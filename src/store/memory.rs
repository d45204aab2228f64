//! The store whose contents end with the process.
//!
//! Never touches a disk. Also the scratch that a sign-in for the agent is made in, before it is
//! handed over.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Backend, Store, StoreError};
use crate::base::Secret;

/// Secrets in this process's memory, wiped when dropped.
#[derive(Debug)]
pub struct Memory {
    entries: Mutex<BTreeMap<String, Secret>>,
    backend: Backend,
}

impl Memory {
    /// Stands for the agent's store until what is in it is handed over.
    pub fn scratch() -> Self {
        Self {
            backend: Backend::Agent,
            ..Self::default()
        }
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<String, Secret>> {
        // No code can panic while it holds the lock half way through a change.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            entries: Mutex::default(),
            backend: Backend::Memory,
        }
    }
}

impl Store for Memory {
    fn backend(&self) -> Backend {
        self.backend
    }

    fn load(&self, key: &str) -> Result<Option<Secret>, StoreError> {
        Ok(self.entries().get(key).cloned())
    }

    fn save(&self, key: &str, secret: &Secret) -> Result<(), StoreError> {
        self.entries().insert(key.to_owned(), secret.clone());
        Ok(())
    }

    fn delete(&self, key: &str) -> Result<bool, StoreError> {
        Ok(self.entries().remove(key).is_some())
    }

    fn probe(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn touch(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn keys(&self, prefix: &str) -> Vec<String> {
        let entries = self.entries();
        let names = entries.keys().filter(|key| key.starts_with(prefix));
        names.cloned().collect()
    }
}
