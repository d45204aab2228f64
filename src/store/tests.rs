//! The contract that every store keeps, and what the stores share.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::*;

/// A keyring in memory: counts the calls, and can be switched off.
#[derive(Default)]
pub(super) struct Double {
    kept: Memory,
    calls: AtomicUsize,
    off: AtomicBool,
}

impl Double {
    /// Returns how often it was called.
    pub(super) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// Lets every call from here on fail.
    pub(super) fn switch_off(&self) {
        self.off.store(true, Ordering::Relaxed);
    }

    fn called(&self) -> Result<&Memory, StoreError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        if self.off.load(Ordering::Relaxed) {
            return Err(StoreError::Locked);
        }
        Ok(&self.kept)
    }
}

impl Store for Double {
    fn backend(&self) -> Backend {
        Backend::Keyring
    }

    fn load(&self, key: &str) -> Result<Option<Secret>, StoreError> {
        self.called()?.load(key)
    }

    fn save(&self, key: &str, secret: &Secret) -> Result<(), StoreError> {
        self.called()?.save(key, secret)
    }

    fn delete(&self, key: &str) -> Result<bool, StoreError> {
        self.called()?.delete(key)
    }

    fn probe(&self) -> Result<(), StoreError> {
        round_trip(self)
    }
}

/// What every store must do; run over each of them, the real keyring too.
pub(super) fn contract(store: &dyn Store) {
    let secret = |text: &str| Secret::new(text.to_owned());
    let text = |key: &str| {
        store
            .load(key)
            .unwrap()
            .map(|found| found.expose().to_owned())
    };
    let long = "0123456789abcdef".repeat(600);

    assert_eq!(text("session:a"), None);
    assert!(!store.delete("session:a").unwrap());

    store.save("session:a", &secret("one")).unwrap();
    store.save("session:b", &secret("")).unwrap();
    assert_eq!(text("session:a").as_deref(), Some("one"));
    assert_eq!(text("session:b").as_deref(), Some(""));

    for next in [long.as_str(), "zwei: ü\n\0\u{10ffff}", "three"] {
        store.save("session:a", &secret(next)).unwrap();
        assert_eq!(text("session:a").as_deref(), Some(next));
    }
    assert_eq!(text("session:b").as_deref(), Some(""));

    let odd = "session:https://id.example.com/../ü #a.0|b?c=d%2F";
    store.save(odd, &secret("odd")).unwrap();
    assert_eq!(text(odd).as_deref(), Some("odd"));

    store.probe().unwrap();
    for key in ["session:a", "session:b", odd] {
        assert!(store.delete(key).unwrap());
        assert!(!store.delete(key).unwrap());
        assert_eq!(text(key), None);
    }
}

#[test]
fn memory_keeps_the_contract() {
    contract(&Memory::default());
}

#[test]
fn every_kind_of_store_is_found_by_its_name() {
    for kind in Backend::ALL {
        assert_eq!(Backend::parse(kind.name()), Some(*kind));
    }
    assert_eq!(Backend::parse("Keyring"), None);
}
