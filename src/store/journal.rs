//! The journal: a token answer, sealed on the disk between the network and the keyring.
//!
//! A provider that rotates refresh tokens has spent the old one when its answer is sent. What is
//! written here is durable before anybody looks at the answer, so that a crash loses nothing. Its
//! key rests in the store under `journal-key`, and never in the kernel: who holds the cache's key
//! cannot open a refresh token. Never keeps anything for a store that itself keeps nothing.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

use super::aead::{self, sha256};
use super::sealing_key::{Id, SealingKey};
use super::{Store, StoreError};
use crate::sys::clock::SystemClock;
use crate::sys::files;
use crate::sys::lock::Lock;

/// The journal in one folder: at most one answer per session.
pub struct Journal {
    dir: PathBuf,
    store: Arc<dyn Store>,
    key: Mutex<Option<SealingKey>>,
}

impl Journal {
    /// Names the folder, and the store that keeps the key; touches neither yet.
    pub fn new(dir: PathBuf, store: Arc<dyn Store>) -> Self {
        Self {
            dir,
            store,
            key: Mutex::default(),
        }
    }

    /// Makes ready for a write: gets the key, makes the folder, and lays in room.
    ///
    /// To be called before the request whose answer is to be written, so that afterwards nothing
    /// can fail: a disk that takes a small proof need not take an answer.
    ///
    /// # Errors
    /// When the store cannot give the key, the folder cannot be made, or the disk has no room.
    pub fn prepare(&self) -> Result<(), StoreError> {
        if self.is_volatile() {
            return Ok(());
        }
        files::private_dir(&self.dir)?;
        self.key_to_seal()?;
        let room = self.room();
        if files::read_private(&room, ROOM).is_ok_and(|found| found.len() == ROOM) {
            return Ok(());
        }
        // Random, since some file systems keep nothing for what is all the same.
        Ok(files::write_private(&room, &aead::random::<ROOM>()?)?)
    }

    /// Takes a damaged key away, so that a sign-in can begin anew.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub fn mend(&self) -> Result<(), StoreError> {
        SealingKey::mend(self.store.as_ref(), NAME)
    }

    /// Writes a session's answer, durably, in place of an earlier one.
    ///
    /// # Errors
    /// When the key is not to be had, or the disk refuses.
    pub fn write(&self, session: &str, answer: &[u8]) -> Result<(), StoreError> {
        if self.is_volatile() {
            return Ok(());
        }
        let key = self.key_to_seal()?;
        let sealed = aead::seal(&key.key, &facts(session, &key.id), answer)?;
        let file = [MARK, &[FORMAT], &key.id, sealed.as_slice()].concat();
        let path = self.path(session);
        // Every call before the file is there is one more at which a kill loses the answer: the
        // folder, made by `prepare`, is made here only if it is gone.
        match files::write_private_at_once(&path, &file) {
            Err(error) if error.is_missing() => {
                files::private_dir(&self.dir)?;
                Ok(files::write_private_at_once(&path, &file)?)
            }
            Err(error) if error.is_full() => {
                files::remove(&self.room())?;
                Ok(files::write_private_at_once(&path, &file)?)
            }
            other => Ok(other?),
        }
    }

    /// Returns the answer that was written for a session and not removed since.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when it is there and can never be opened; anything else when it
    /// cannot be opened now, as long as its key is not to be had.
    pub fn read(&self, session: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let file = match files::read_private(&self.path(session), MOST) {
            Ok(file) => file,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let (id, sealed) = take_apart(session, &file)?;
        let key = self
            .key_to_open(*id)?
            .ok_or_else(|| broken(session, "its key is gone"))?;
        let answer = aead::open(&key.key, &facts(session, id), sealed)
            .ok_or_else(|| broken(session, "it was changed, or belongs to another session"))?;
        Ok(Some(answer))
    }

    /// Removes a session's answer, readable or not; tells whether there was one.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn remove(&self, session: &str) -> Result<bool, StoreError> {
        Ok(files::remove(&self.path(session))?)
    }

    fn is_volatile(&self) -> bool {
        self.store.backend().is_volatile()
    }

    /// What can be given up for an answer when the disk is full.
    fn room(&self) -> PathBuf {
        self.dir.join("room")
    }

    fn path(&self, session: &str) -> PathBuf {
        self.dir
            .join(sha256(session.as_bytes()))
            .with_extension("journal")
    }

    fn key_to_open(&self, id: Id) -> Result<Option<SealingKey>, StoreError> {
        let known = self.known();
        if known.as_ref().is_some_and(|key| key.id == id) {
            return Ok(known);
        }
        let store = self.store.as_ref();
        match SealingKey::load(store, NAME) {
            // A store that holds nonsense now may have held the key before, and get it back.
            Err(StoreError::Broken { .. }) => Err(StoreError::BrokenKey { name: NAME }),
            // A keyring that was not set up yet finds nothing either.
            Ok(None) => store.probe().map(|()| None),
            other => Ok(other?.filter(|key| key.id == id)),
        }
    }

    fn key_to_seal(&self) -> Result<SealingKey, StoreError> {
        if let Some(key) = self.known() {
            return Ok(key);
        }
        let store = self.store.as_ref();
        let key = if let Some(key) = SealingKey::load(store, NAME)? {
            key
        } else {
            // Two keys drawn at once would leave one process with a key that nobody keeps.
            files::private_dir(&self.dir)?;
            let lock = self.dir.join("key.lock");
            let _held = Lock::acquire(&lock, LOCK_WAIT, &SystemClock::new(), &mut || false)?;
            SealingKey::load_or_draw(store, NAME)?
        };
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = Some(key.clone());
        Ok(key)
    }

    fn known(&self) -> Option<SealingKey> {
        self.key
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal")
            .field("dir", &self.dir)
            .finish_non_exhaustive()
    }
}

fn take_apart<'a>(session: &str, file: &'a [u8]) -> Result<(&'a Id, &'a [u8]), StoreError> {
    let not_ours = || broken(session, "it is not a journal");
    match file.strip_prefix(MARK).and_then(<[u8]>::split_first) {
        Some((&FORMAT, rest)) => rest.split_first_chunk().ok_or_else(not_ours),
        Some((&found, _)) if found > FORMAT => Err(StoreError::Newer {
            place: PLACE,
            key: session.to_owned(),
            found: found.into(),
            known: FORMAT.into(),
        }),
        Some(_) | None => Err(not_ours()),
    }
}

/// What a file is bound to, so that no two can be swapped.
fn facts<'a>(session: &'a str, id: &'a Id) -> [&'a [u8]; 4] {
    [MARK, &[FORMAT], session.as_bytes(), id]
}

fn broken(session: &str, fault: &'static str) -> StoreError {
    StoreError::Broken {
        place: PLACE,
        key: session.to_owned(),
        fault,
    }
}

/// What messages call the place.
const PLACE: &str = "journal";

/// The key's entry in the store.
const NAME: &str = "journal-key";

/// How every file begins.
const MARK: &[u8] = b"keyfob-journal";

/// The format of the files that this program writes.
const FORMAT: u8 = 1;

/// The longest file: the longest answer of a provider, and what sealing adds.
const MOST: usize = (1 << 20) + 1024;

/// How much room is kept for an answer: several times the longest that is common.
const ROOM: usize = 64 * 1024;

/// Drawing a key takes two calls to a keyring.
const LOCK_WAIT: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests;
