//! The operating system's keyring: Secret Service, macOS Keychain, Windows Credential Manager.
//!
//! Every call runs on a thread of its own and is waited for a bounded time, since a keyring may
//! wait for a person, or hang. Never says "nothing there" when the keyring could not be asked,
//! and never falls back to another store.
//!
//! The keyring crate connects once per process and keeps the outcome, failures too: a process
//! that outlives the bus it was started on needs a restart to see the keyring again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use keyring_core::Entry;
use zeroize::Zeroizing;

use super::chunks::{self, Records};
use super::{Backend, Store, StoreError, round_trip};
use crate::base::Secret;

mod fault;
mod service;

pub use service::{Service, look};

/// How long to wait for a keyring that nobody is there to unlock.
pub const UNATTENDED: Duration = Duration::from_secs(10);

/// How long to wait when a person may be typing the keyring's password.
pub const ATTENDED: Duration = Duration::from_secs(60);

/// Returns the platform's keyring, which each call waits for at most `patience`.
///
/// Nothing is connected before the first call.
pub fn keyring(patience: Duration) -> Keyring {
    Keyring {
        patience,
        limit: LIMIT,
        late: Mutex::new(None),
    }
}

/// The platform's keyring.
#[derive(Debug)]
pub struct Keyring {
    patience: Duration,
    limit: Option<usize>,
    /// The call that was given up, until it ends after all.
    late: Mutex<Option<Arc<AtomicBool>>>,
}

impl Keyring {
    /// Limits the length of a record; the platform's own limit is the default.
    #[must_use]
    pub fn with_limit(self, limit: usize) -> Self {
        Self {
            limit: Some(limit),
            ..self
        }
    }

    /// Runs a call on its own thread, and waits for it.
    fn bounded<T: Send + 'static>(
        &self,
        call: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let timed_out = || StoreError::TimedOut {
            after: self.patience,
        };
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        // One wait is enough: while a call hangs, the next would hang behind it.
        if late
            .as_ref()
            .is_some_and(|ended| !ended.load(Ordering::Acquire))
        {
            return Err(timed_out());
        }
        let ended = Arc::new(AtomicBool::new(false));
        let (answer, answered) = mpsc::sync_channel(1);
        let on_thread = Ended(Arc::clone(&ended));
        thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(move || {
                let _on_thread = on_thread;
                // The receiver is gone when the wait was given up.
                answer.send(call()).ok();
            })
            .map_err(|_| StoreError::Exhausted)?;
        match answered.recv_timeout(self.patience) {
            Ok(outcome) => outcome,
            Err(RecvTimeoutError::Timeout) => {
                *late = Some(ended);
                Err(timed_out())
            }
            Err(RecvTimeoutError::Disconnected) => Err(fault::ended_early()),
        }
    }
}

/// Notes the end of a call, however it ends.
struct Ended(Arc<AtomicBool>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Store for Keyring {
    fn backend(&self) -> Backend {
        Backend::Keyring
    }

    fn load(&self, key: &str) -> Result<Option<Secret>, StoreError> {
        let key = key.to_owned();
        self.bounded(move || chunks::read(&mut Platform, &key))
    }

    fn save(&self, key: &str, secret: &Secret) -> Result<(), StoreError> {
        let (key, secret, limit) = (key.to_owned(), secret.clone(), self.limit);
        self.bounded(move || chunks::write(&mut Platform, &key, &secret, limit))
    }

    fn delete(&self, key: &str) -> Result<bool, StoreError> {
        let (key, limit) = (key.to_owned(), self.limit);
        self.bounded(move || chunks::remove(&mut Platform, &key, limit))
    }

    fn probe(&self) -> Result<(), StoreError> {
        round_trip(self)
    }
}

/// The keyring's records.
struct Platform;

impl Records for Platform {
    fn get(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        match entry(name)?.get_secret() {
            Ok(record) => Ok(Some(Zeroizing::new(record))),
            Err(keyring_core::Error::NoEntry) => Ok(None),
            Err(error) => Err(fault::name(name, &error)),
        }
    }

    fn put(&mut self, name: &str, record: &[u8]) -> Result<(), StoreError> {
        entry(name)?
            .set_secret(record)
            .map_err(|error| fault::name(name, &error))
    }

    fn remove(&mut self, name: &str) -> Result<bool, StoreError> {
        let removed = |entry: &Entry| match entry.delete_credential() {
            Ok(()) => Ok(true),
            Err(keyring_core::Error::NoEntry) => Ok(false),
            Err(error) => Err(error),
        };
        let outcome = match removed(&entry(name)?) {
            // The same name in two collections: all of them go.
            Err(keyring_core::Error::Ambiguous(entries)) => entries
                .iter()
                .try_fold(false, |any, entry| Ok(removed(entry)? || any)),
            other => other,
        };
        outcome.map_err(|error| fault::name(name, &error))
    }
}

fn entry(name: &str) -> Result<Entry, StoreError> {
    // Connects, once per process, and makes the store that the next line asks.
    if let Err(error) = keyring::Entry::store_status() {
        return Err(fault::no_store(error));
    }
    let label = format!("keyfob: {name}");
    let modifiers: HashMap<&str, &str> = if cfg!(windows) {
        // The default would roam to the user's other machines.
        HashMap::from([("persistence", "Local")])
    } else if cfg!(any(target_os = "macos", target_os = "ios")) {
        HashMap::new()
    } else {
        HashMap::from([("label", label.as_str())])
    };
    Entry::new_with_modifiers(SERVICE, name, &modifiers).map_err(|error| fault::name(name, &error))
}

/// The service all entries belong to.
const SERVICE: &str = "keyfob";

/// Credential Manager takes 2560 bytes; a little is left for what may come.
const LIMIT: Option<usize> = if cfg!(windows) { Some(2400) } else { None };

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_call_that_hangs_is_given_up_and_the_next_fails_at_once() {
        let keyring = keyring(Duration::from_millis(20));
        let (release, hold) = channel::<()>();

        let hung = keyring.bounded(move || {
            hold.recv().ok();
            Ok(())
        });
        let next = keyring.bounded(|| Ok(()));

        assert!(matches!(hung, Err(StoreError::TimedOut { .. })));
        assert!(matches!(next, Err(StoreError::TimedOut { .. })));

        let late = keyring.late.lock().unwrap().clone().unwrap();
        drop(release);
        while !late.load(Ordering::Acquire) {
            thread::yield_now();
        }
        assert!(keyring.bounded(|| Ok(())).is_ok());
    }

    #[test]
    fn a_call_that_panics_is_an_error() {
        let keyring = keyring(UNATTENDED);

        let outcome: Result<(), _> = keyring.bounded(|| std::panic::resume_unwind(Box::new(())));

        assert!(matches!(outcome, Err(StoreError::Failed { .. })));
        assert!(keyring.bounded(|| Ok(())).is_ok());
    }
}
