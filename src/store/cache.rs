//! Access tokens at rest: one sealed file per name, for the path that must take a millisecond.
//!
//! The file says which key seals it; the key is looked for in this process, in the kernel, and
//! last in the store, which keeps it under `cache-key`. A load that finds the key in the kernel
//! writes nothing, connects to nothing and starts nothing. Never holds a refresh token. What
//! does not open counts as absent; a link, or another user's file, is left alone.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::kernel_key::{KERNEL, Mirror, NOWHERE};
use super::sealing_key::{Id, SealingKey};
use super::{Store, StoreError, aead};
use crate::base::Secret;
use crate::sys::clock::SystemClock;
use crate::sys::files::{self, Stamp};
use crate::sys::lock::Lock;

/// The cache of access tokens in one folder.
pub struct Cache {
    dir: PathBuf,
    store: Arc<dyn Store>,
    mirror: Mirror,
    key: Mutex<Option<SealingKey>>,
}

impl Cache {
    /// Names the folder, and the store that keeps the key; touches neither yet.
    pub fn new(dir: PathBuf, store: Arc<dyn Store>) -> Self {
        Self {
            dir,
            store,
            mirror: KERNEL,
            key: Mutex::default(),
        }
    }

    /// The same, with nothing in the kernel: for what must leave nothing behind.
    pub fn unmirrored(dir: PathBuf, store: Arc<dyn Store>) -> Self {
        Self {
            mirror: NOWHERE,
            ..Self::new(dir, store)
        }
    }

    /// Returns what is kept under a name, if it is there and whole.
    ///
    /// Says nothing about why not: whoever gets nothing asks the store, which does.
    pub fn load(&self, name: &str) -> Option<Secret> {
        if self.is_volatile() {
            return self.store.load(&in_store(name)).ok()?;
        }
        let path = self.path(name)?;
        let file = files::read_private(&path, MOST).ok()?;
        let opened = match Sealed::parse(&file) {
            Parsed::Sealed(sealed) => self.open(name, &sealed),
            // A newer keyfob may still want it.
            Parsed::Newer => return None,
            Parsed::Damaged => Opened::Never,
        };
        match opened {
            Opened::Text(text) => Some(text),
            Opened::NotNow => None,
            Opened::Never => {
                // Best effort: it is read again, and found useless again, if it stays.
                files::remove(&path).ok();
                None
            }
        }
    }

    /// Returns what changes whenever something else is kept under a name; costs less than a load.
    /// `None` while there is nothing, or nothing on a disk.
    pub fn stamp(&self, name: &str) -> Option<Stamp> {
        files::stamp(&self.path(name).filter(|_| !self.is_volatile())?)
    }

    /// Keeps a secret under a name.
    ///
    /// # Errors
    /// When there is no key to be had, or the file cannot be written. A cache that cannot be
    /// written is no reason not to use the token.
    pub fn save(&self, name: &str, secret: &Secret) -> Result<(), StoreError> {
        if self.is_volatile() {
            return self.store.save(&in_store(name), secret);
        }
        let path = self.path(name).ok_or_else(|| bad_name(name))?;
        let key = self.key_to_seal(&path)?;
        let sealed = aead::seal(&key.key, &facts(name, &key.id), secret.expose().as_bytes())?;
        let file = [MARK, &[FORMAT], &key.id, sealed.as_slice()].concat();
        files::private_dir(&self.dir)?;
        // What power lost leaves cut short does not open, and counts as absent.
        files::write_private_unsynced(&path, &file)?;
        Ok(())
    }

    /// Takes a damaged key away, so that a sign-in can begin anew.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub fn mend(&self) -> Result<(), StoreError> {
        SealingKey::mend(self.store.as_ref(), NAME)
    }

    /// Forgets every name that begins with `prefix`; returns how many there were.
    ///
    /// # Errors
    /// When a file cannot be removed; the others are removed all the same.
    pub fn delete(&self, prefix: &str) -> Result<usize, StoreError> {
        if self.is_volatile() {
            let names = self.store.keys(&in_store(prefix));
            for name in &names {
                self.store.delete(name)?;
            }
            return Ok(names.len());
        }
        let Ok(found) = self.dir.read_dir() else {
            return Ok(0);
        };
        let (mut count, mut outcome) = (0, Ok(()));
        for entry in found.filter_map(Result::ok) {
            let name = entry.file_name();
            if !name
                .to_str()
                .is_some_and(|name| is_name(name) && name.starts_with(prefix))
            {
                continue;
            }
            match files::remove(&entry.path()) {
                Ok(removed) => count += usize::from(removed),
                Err(error) => outcome = Err(error.into()),
            }
        }
        outcome.map(|()| count)
    }

    /// Returns the names that begin so, where the store can tell: see [`Store::keys`].
    pub fn names(&self, prefix: &str) -> Vec<String> {
        let keys = self.store.keys(&in_store(prefix));
        let names = keys.iter().filter_map(|key| key.strip_prefix(IN_STORE));
        names.map(ToOwned::to_owned).collect()
    }

    fn is_volatile(&self) -> bool {
        self.store.backend().is_volatile()
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        is_name(name).then(|| self.dir.join(name))
    }

    fn open(&self, name: &str, sealed: &Sealed<'_>) -> Opened {
        let key = match self.key_to_open(sealed.id) {
            Ok(Some(key)) => key,
            Ok(None) => return Opened::Never,
            Err(_) => return Opened::NotNow,
        };
        aead::open(&key.key, &facts(name, &sealed.id), sealed.body)
            .and_then(|bytes| text(&bytes))
            .map_or(Opened::Never, Opened::Text)
    }

    /// Finds the key with this id; `None` when there is another in its place.
    fn key_to_open(&self, id: Id) -> Result<Option<SealingKey>, StoreError> {
        if let Some(key) = self.known(id) {
            return Ok(Some(key));
        }
        // A thousand processes at once would choke a keyring: the first one asks it, and the others
        // find the key in the kernel, or ask in turn where there is no such place.
        let mut known = None;
        let mut no_longer = || {
            known = self.known(id);
            known.is_some()
        };
        let lock = self.dir.join("key.lock");
        let turn = Lock::acquire(&lock, LONGEST_TURN, &SystemClock::new(), &mut no_longer);
        if let Some(key) = known.or_else(|| self.known(id)) {
            return Ok(Some(key));
        }
        // Without a turn, as in a folder that cannot be written to, it is asked all the same.
        let stored = SealingKey::load(self.store.as_ref(), NAME)?.map(|key| self.remember(key));
        drop(turn);
        Ok(stored.filter(|key| key.id == id))
    }

    /// Finds the key that sealed the file there is, else the store's, else makes one.
    fn key_to_seal(&self, path: &std::path::Path) -> Result<SealingKey, StoreError> {
        if let Some(key) = lock(&self.key).clone() {
            return Ok(key);
        }
        let file = files::read_private(path, MOST).ok();
        let known = file.and_then(|file| match Sealed::parse(&file) {
            Parsed::Sealed(sealed) => self.known(sealed.id),
            Parsed::Newer | Parsed::Damaged => None,
        });
        match known {
            Some(key) => Ok(key),
            None => Ok(self.remember(SealingKey::load_or_draw(self.store.as_ref(), NAME)?)),
        }
    }

    /// Looks for a key where it costs nothing.
    fn known(&self, id: Id) -> Option<SealingKey> {
        let mut known = lock(&self.key);
        if known.as_ref().is_none_or(|key| key.id != id) {
            *known = Some((self.mirror.load)(id)?);
        }
        known.clone()
    }

    fn remember(&self, key: SealingKey) -> SealingKey {
        (self.mirror.save)(&key);
        *lock(&self.key) = Some(key.clone());
        key
    }
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache")
            .field("dir", &self.dir)
            .finish_non_exhaustive()
    }
}

/// What became of a file.
enum Opened {
    Text(Secret),
    /// The key cannot be had now.
    NotNow,
    /// It is damaged, or its key is gone.
    Never,
}

/// A file, taken apart.
struct Sealed<'a> {
    id: Id,
    body: &'a [u8],
}

enum Parsed<'a> {
    Sealed(Sealed<'a>),
    Newer,
    Damaged,
}

impl<'a> Sealed<'a> {
    fn parse(file: &'a [u8]) -> Parsed<'a> {
        match file.strip_prefix(MARK).and_then(<[u8]>::split_first) {
            Some((&FORMAT, rest)) => match rest.split_first_chunk() {
                Some((id, body)) => Parsed::Sealed(Self { id: *id, body }),
                None => Parsed::Damaged,
            },
            Some((&format, _)) if format > FORMAT => Parsed::Newer,
            Some(_) | None => Parsed::Damaged,
        }
    }
}

/// What a file is bound to, so that no two can be swapped.
fn facts<'a>(name: &'a str, id: &'a Id) -> [&'a [u8]; 4] {
    [MARK, &[FORMAT], name.as_bytes(), id]
}

fn text(bytes: &[u8]) -> Option<Secret> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(Secret::new(text.to_owned()))
}

/// Tells whether a name can be a file's on every platform, and is not one of a file in the making.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    (1..=MOST_NAME).contains(&name.len()) && name.chars().all(plain)
}

fn bad_name(name: &str) -> StoreError {
    StoreError::Broken {
        place: "cache",
        key: name.to_owned(),
        fault: "its name is not one of a cache entry",
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    // No code can panic while it holds one of the locks half way through a change.
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The key under which a volatile store keeps a token in place of a file.
fn in_store(name: &str) -> String {
    format!("{IN_STORE}{name}")
}

const IN_STORE: &str = "token-";

/// The key's entry in the store.
const NAME: &str = "cache-key";

/// How every file begins.
const MARK: &[u8] = b"keyfob-cache";

/// The format of the files that this program writes.
const FORMAT: u8 = 1;

/// The longest file: an access and an ID token of 64 KiB each, and facts about them.
const MOST: usize = 256 * 1024;

/// The longest wait for a turn at the store.
const LONGEST_TURN: Duration = Duration::from_secs(30);

/// The longest name.
const MOST_NAME: usize = 128;

#[cfg(test)]
mod tests;
