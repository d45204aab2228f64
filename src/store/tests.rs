//! The contract that every store keeps, and what the stores share.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::*;

mod contract;

pub(super) use contract::contract;

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
        let kept = self.called()?;
        // A write to a real keyring takes its time, and others come in between.
        (0..2000).for_each(|_| std::thread::yield_now());
        kept.save(key, secret)
    }

    fn delete(&self, key: &str) -> Result<bool, StoreError> {
        self.called()?.delete(key)
    }

    fn probe(&self) -> Result<(), StoreError> {
        round_trip(self)
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

/// Checks the modes of everything that the stores write.
#[cfg(unix)]
#[test]
fn everything_on_the_disk_is_private() {
    use std::os::unix::fs::PermissionsExt;

    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join("a").join(name);
    let secret = Secret::new("token".to_owned());
    let keyring: Arc<dyn Store> = Arc::new(Double::default());
    let sealed = Sealed::new(at("sealed"), Box::new(|_| Ok(Secret::new("x".to_owned()))));

    sealed.save("a", &secret).unwrap();
    Cache::new(at("cache"), Arc::clone(&keyring))
        .save("a", &secret)
        .unwrap();
    Journal::new(at("journal"), keyring)
        .write("a", b"answer")
        .unwrap();

    let mut folders = vec![home.path().join("a")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700, "{folder:?}");
        for path in fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if path.is_dir() {
                folders.push(path);
            } else {
                assert_eq!(mode(&path), 0o600, "{path:?}");
                files += 1;
            }
        }
    }
    assert_eq!(files, 6);
}

/// In a process of its own, since the mask belongs to the whole process.
#[cfg(unix)]
#[test]
fn everything_on_the_disk_is_private_whatever_the_umask() {
    let output = std::process::Command::new("sh")
        .args(["-c", "umask 0000 && exec \"$0\" --exact \"$1\""])
        .arg(std::env::current_exe().unwrap())
        .arg("store::tests::everything_on_the_disk_is_private")
        .output()
        .unwrap();

    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 passed"), "{said}");
}
