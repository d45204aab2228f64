//! Files sealed by a passphrase, for machines without a keyring.
//!
//! One file per key, under its digest; ChaCha20-Poly1305 under a random key, which a header keeps
//! sealed under a key derived from the passphrase by Argon2id (RFC 9106). The passphrase is asked
//! for when it is first needed, once per process. Never written: the passphrase, the keys, the
//! name of an entry. Never trusted: the header's settings beyond what keyfob itself would spend.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::aead::{self, Key, sha256};
use super::{Backend, Store, StoreError, round_trip};
use crate::base::Secret;
use crate::sys::clock::SystemClock;
use crate::sys::files;
use crate::sys::lock::{Acquired, Lock};

mod header;

use super::derive::Cost;
use header::Header;

/// What the passphrase is asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ask {
    /// To open the store that is there.
    Existing,
    /// To make the store; worth asking twice.
    New,
}

/// Where the passphrase comes from. It answers [`StoreError::NoPassphrase`] when there is nobody
/// to ask.
pub type Passphrase = Box<dyn Fn(Ask) -> Result<Secret, StoreError> + Send + Sync>;

/// The store of sealed files in one folder.
pub struct Sealed {
    dir: PathBuf,
    passphrase: Passphrase,
    cost: Cost,
    key: Mutex<Option<Key>>,
}

impl Sealed {
    /// Names the folder, and where the passphrase comes from; touches neither yet.
    pub fn new(dir: PathBuf, passphrase: Passphrase) -> Self {
        Self {
            dir,
            passphrase,
            cost: Cost::NEW,
            key: Mutex::default(),
        }
    }

    /// Returns the key of the files, asking for the passphrase if this process did not yet.
    ///
    /// A wrong passphrase is forgotten, so that the next call asks again.
    fn key(&self) -> Result<Key, StoreError> {
        let mut known = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = known.as_ref() {
            return Ok(key.clone());
        }
        let key = match Header::load(&self.header_path())? {
            Some(header) => header.open(&(self.passphrase)(Ask::Existing)?)?,
            None => self.make()?,
        };
        *known = Some(key.clone());
        Ok(key)
    }

    /// Makes the header, unless somebody else is faster; then theirs counts.
    fn make(&self) -> Result<Key, StoreError> {
        if self.has_entries() {
            return Err(header::broken("it is missing, though there are entries"));
        }
        let passphrase = (self.passphrase)(Ask::New)?;
        let (header, key) = Header::make(&passphrase, self.cost)?;
        files::private_dir(&self.dir)?;
        let lock = self.dir.join("header.lock");
        let held = Lock::acquire(&lock, LOCK_WAIT, &SystemClock::new(), &mut || false)?;
        match (held, Header::load(&self.header_path())?) {
            (Acquired::Locked(_held), None) => {
                header.save(&self.header_path())?;
                Ok(key)
            }
            (Acquired::Locked(_) | Acquired::GivenUp, Some(theirs)) => theirs.open(&passphrase),
            (Acquired::GivenUp, None) => Err(header::broken("nobody may write it")),
        }
    }

    fn has_entries(&self) -> bool {
        let Ok(found) = self.dir.read_dir() else {
            return false;
        };
        found
            .filter_map(Result::ok)
            .any(|entry| Path::new(&entry.file_name()).extension() == Some(EXTENSION.as_ref()))
    }

    fn header_path(&self) -> PathBuf {
        self.dir.join("header")
    }

    fn path(&self, key: &str) -> PathBuf {
        // A digest: any key makes a name, and the names tell nothing to who lists the folder.
        self.dir
            .join(sha256(key.as_bytes()))
            .with_extension(EXTENSION)
    }
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealed")
            .field("dir", &self.dir)
            .finish_non_exhaustive()
    }
}

impl Store for Sealed {
    fn backend(&self) -> Backend {
        Backend::Sealed
    }

    fn load(&self, key: &str) -> Result<Option<Secret>, StoreError> {
        let file = match files::read_private(&self.path(key), MOST) {
            Ok(file) => file,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let sealed = strip_mark(key, &file)?;
        let text = aead::open(&*self.key()?, &facts(key), sealed)
            .ok_or_else(|| broken(key, "it was changed, or belongs to another entry"))?;
        let text = std::str::from_utf8(&text).map_err(|_| broken(key, "it is not text"))?;
        Ok(Some(Secret::new(text.to_owned())))
    }

    fn save(&self, key: &str, secret: &Secret) -> Result<(), StoreError> {
        let text = secret.expose().as_bytes();
        if text.len() > MOST - OVERHEAD {
            return Err(StoreError::TooLong {
                backend: Backend::Sealed,
                limit: MOST - OVERHEAD,
            });
        }
        let sealed = aead::seal(&*self.key()?, &facts(key), text)?;
        let file = [MARK, &[FORMAT], sealed.as_slice()].concat();
        files::private_dir(&self.dir)?;
        files::write_private(&self.path(key), &file)?;
        Ok(())
    }

    fn delete(&self, key: &str) -> Result<bool, StoreError> {
        Ok(files::remove(&self.path(key))?)
    }

    fn probe(&self) -> Result<(), StoreError> {
        round_trip(self)
    }
}

fn strip_mark<'a>(key: &str, file: &'a [u8]) -> Result<&'a [u8], StoreError> {
    match file.strip_prefix(MARK).and_then(<[u8]>::split_first) {
        Some((&FORMAT, sealed)) => Ok(sealed),
        Some((&found, _)) if found > FORMAT => Err(StoreError::Newer {
            place: PLACE,
            key: key.to_owned(),
            found: found.into(),
            known: FORMAT.into(),
        }),
        Some(_) | None => Err(broken(key, "it is not a sealed file")),
    }
}

/// What a file is bound to, so that no two can be swapped.
fn facts(key: &str) -> [&[u8]; 3] {
    [MARK, &[FORMAT], key.as_bytes()]
}

fn broken(key: &str, fault: &'static str) -> StoreError {
    StoreError::Broken {
        place: PLACE,
        key: key.to_owned(),
        fault,
    }
}

/// What messages call the place.
const PLACE: &str = "sealed store";

/// How every sealed file begins.
const MARK: &[u8] = b"keyfob-sealed";

/// The format of the files that this program writes.
const FORMAT: u8 = 1;

const EXTENSION: &str = "sealed";

/// The longest file; far more than any provider's tokens.
const MOST: usize = 1 << 20;

/// Mark, format, nonce and tag, generously.
const OVERHEAD: usize = 64;

/// Making a header takes a rename; whoever holds its lock longer has stopped.
const LOCK_WAIT: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests;
