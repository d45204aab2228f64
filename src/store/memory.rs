//! The store whose contents end with the process.
//!
//! Never touches a disk.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Backend, Store, StoreError};
use crate::base::Secret;

/// Secrets in this process's memory, wiped when dropped.
#[derive(Debug, Default)]
pub struct Memory(Mutex<BTreeMap<String, Secret>>);

impl Memory {
    fn entries(&self) -> MutexGuard<'_, BTreeMap<String, Secret>> {
        // No code can panic while it holds the lock half way through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Memory {
    fn backend(&self) -> Backend {
        Backend::Memory
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
}
