//! Where sessions are kept: the record in the store, tokens in the cache, the entry in a file.
//!
//! With a volatile store nothing of a session reaches the disk.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::record::{Entry, Held, Record};
use super::seat::Seat;
use super::{Error, SessionKey};
use crate::base::{ProfileName, Secret};
use crate::store::{Backend, Cache, Journal, Store};
use crate::sys::clock::Clock;
use crate::sys::files;
use crate::sys::lock::{Acquired, Lock, LockError};

/// The largest entry that is read.
const LARGEST_ENTRY: usize = 256 * 1024;

/// The longest wait for another process that renews the same session: longer than a token request
/// may take.
const LONGEST_WAIT: Duration = Duration::from_secs(90);

/// Where sessions are kept. Two of them may share a keyring and no folder, or a folder and no
/// `login` folder; the locks in both are taken, so that neither pair spends a refresh token twice.
#[derive(Clone, Copy)]
pub struct Keep<'a> {
    /// Refresh tokens.
    pub store: &'a dyn Store,
    /// Short-lived tokens, sealed.
    pub cache: &'a Cache,
    /// Answers that were received and not yet understood, sealed.
    pub journal: &'a Journal,
    /// The folder of entries and locks: what those who share a home have in common.
    pub state: &'a Path,
    /// A folder that ends with the user's login: what those who share a keyring have in common.
    pub login: Option<&'a Path>,
    /// The time.
    pub clock: &'a dyn Clock,
}

impl Keep<'_> {
    /// Reads the record of a session.
    ///
    /// # Errors
    ///
    /// [`Error::Store`], or [`Error::Unreadable`] when it is of a newer version.
    pub fn record(&self, key: &SessionKey, profile: &ProfileName) -> Result<Option<Record>, Error> {
        let Some(text) = self.store.load(key.as_str())? else {
            return Ok(None);
        };
        Record::parse(&text)
            .map(Some)
            .ok_or_else(|| Error::Unreadable(profile.clone()))
    }

    /// Writes the record of a session.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn save_record(&self, key: &SessionKey, record: &Record) -> Result<(), Error> {
        Ok(self.store.save(key.as_str(), &record.print())?)
    }

    /// Reads a cached token. Whatever is wrong with a cache, the answer is that it holds nothing.
    pub fn held(&self, name: &str) -> Option<Held> {
        Held::parse(&self.cache.load(name)?)
    }

    /// Caches a token. A cache that cannot be written costs time, not the answer.
    pub fn save_held(&self, name: &str, held: &Held) {
        drop(self.cache.save(name, &held.print()));
    }

    /// Reads the entry of a session; an unreadable one counts as none.
    pub fn entry(&self, key: &SessionKey) -> Option<Entry> {
        if self.is_volatile() {
            let text = self.store.load(&entry_name(key)).ok()??;
            return Entry::parse(text.expose().as_bytes());
        }
        Entry::parse(&files::read_private(&self.place(key), LARGEST_ENTRY).ok()?)
    }

    /// Writes the entry of a session.
    ///
    /// # Errors
    ///
    /// [`Error::File`], or [`Error::Store`].
    pub fn save_entry(&self, key: &SessionKey, entry: &Entry) -> Result<(), Error> {
        let text = entry.print();
        if self.is_volatile() {
            return Ok(self.store.save(&entry_name(key), &Secret::new(text))?);
        }
        files::private_dir(&self.state.join("sessions"))?;
        Ok(files::write_private(&self.place(key), text.as_bytes())?)
    }

    /// Deletes the short-lived tokens of a session.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn forget_tokens(&self, key: &SessionKey) -> Result<(), Error> {
        Ok(self.cache.delete(key.as_str()).map(drop)?)
    }

    /// Deletes all that is kept of a session; answers whether there was anything.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] or [`Error::File`]; what could be deleted is gone all the same.
    pub fn forget(&self, key: &SessionKey) -> Result<bool, Error> {
        // First, so that nobody is led to a session that is half gone.
        let seats = self.forget_seats(key);
        let was_there = self.forget_session(key)?;
        seats.map(|_| was_there)
    }

    /// Deletes all that is kept of a session but who is in it.
    pub(super) fn forget_session(&self, key: &SessionKey) -> Result<bool, Error> {
        let tokens = self.forget_tokens(key);
        let journal = self.journal.remove(key.as_str());
        let record = self.store.delete(key.as_str())?;
        tokens?;
        journal?;
        // The entry goes last: as long as it is there, people can see that something is left.
        let entry = if self.is_volatile() {
            self.store.delete(&entry_name(key))?
        } else {
            files::remove(&self.place(key))?
        };
        Ok(record || entry)
    }

    /// Reads which session a profile is in, by the profile's own name.
    pub(super) fn seat(&self, own: &SessionKey) -> Option<Seat> {
        if self.is_volatile() {
            let text = self.store.load(&seat_name(own)).ok()??;
            return Seat::parse(text.expose().as_bytes());
        }
        Seat::parse(&files::read_private(&seat_file(self.state, own), LARGEST_ENTRY).ok()?)
    }

    /// Writes down which session a profile is in.
    pub(super) fn save_seat(&self, seat: &Seat) -> Result<(), Error> {
        let (own, text) = (seat.own(), seat.print());
        if self.is_volatile() {
            return Ok(self.store.save(&seat_name(&own), &Secret::new(text))?);
        }
        files::private_dir(&self.state.join(SEATS))?;
        Ok(files::write_private(
            &seat_file(self.state, &own),
            text.as_bytes(),
        )?)
    }

    /// Returns every session that is noted where this one would be, each once.
    pub(super) fn sessions(&self) -> Vec<Entry> {
        let all = if self.is_volatile() {
            noted_in(self.store)
        } else {
            noted(self.state)
        };
        all.into_iter().map(|(_, entry)| entry).collect()
    }

    /// Forgets which profiles are in a session; returns them.
    fn forget_seats(&self, key: &SessionKey) -> Result<Vec<ProfileName>, Error> {
        let seats = if self.is_volatile() {
            seats_in(self.store)
        } else {
            seats(self.state)
        };
        let mut stood_up = Vec::new();
        for seat in seats.into_iter().filter(|seat| seat.session == *key) {
            if self.is_volatile() {
                self.store.delete(&seat_name(&seat.own()))?;
            } else {
                files::remove(&seat_file(self.state, &seat.own()))?;
            }
            stood_up.push(seat.profile);
        }
        Ok(stood_up)
    }

    /// Takes the session's lock, unless `no_longer` says that it is not needed any more.
    ///
    /// # Errors
    ///
    /// [`Error::Lock`].
    pub(super) fn lock(
        &self,
        key: &SessionKey,
        no_longer: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Guard>, Error> {
        self.lock_named(key.as_str(), no_longer)
    }

    /// Takes a lock of another name. Whoever holds one may take the session's too, never the other
    /// way about.
    ///
    /// # Errors
    ///
    /// [`Error::Lock`].
    pub(super) fn lock_named(
        &self,
        name: &str,
        no_longer: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Guard>, Error> {
        let mut guard = Guard::default();
        for path in self.lock_files(name)? {
            match Lock::acquire(&path, LONGEST_WAIT, self.clock, no_longer)? {
                Acquired::GivenUp => return Ok(None),
                Acquired::Locked(lock) => guard.0.push(lock),
            }
        }
        Ok(Some(guard))
    }

    /// Takes the session's lock if nobody holds it.
    ///
    /// # Errors
    ///
    /// [`Error::Lock`].
    pub(super) fn try_lock(&self, key: &SessionKey) -> Result<Option<Guard>, Error> {
        self.try_lock_named(key.as_str())
    }

    /// Takes a lock of another name if nobody holds it.
    ///
    /// # Errors
    ///
    /// [`Error::Lock`].
    pub(super) fn try_lock_named(&self, name: &str) -> Result<Option<Guard>, Error> {
        let mut guard = Guard::default();
        for path in self.lock_files(name)? {
            match Lock::try_acquire(&path)? {
                None => return Ok(None),
                Some(lock) => guard.0.push(lock),
            }
        }
        Ok(Some(guard))
    }

    /// The files to lock, in the order that everybody keeps to: the keyring's first, if it is in
    /// use and such a folder can be had, then the home's.
    fn lock_files(&self, name: &str) -> Result<Vec<PathBuf>, Error> {
        // Nobody else can see this process's memory; the agent's is shared by all who ask it.
        if self.store.backend() == Backend::Memory {
            return Ok(Vec::new());
        }
        let in_keyring = self.store.backend() == Backend::Keyring;
        // The system makes the folder of a login; one made by us would belong to no login.
        let login = self
            .login
            .filter(|dir| dir.parent().is_some_and(Path::is_dir));
        let of_keyring = login.filter(|_| in_keyring).map(|dir| dir.join("locks"));
        let of_home = self.state.join("locks");
        files::private_dir(&of_home).map_err(LockError::File)?;
        let dirs = of_keyring.filter(|dir| files::private_dir(dir).is_ok());
        let dirs = dirs.into_iter().chain([of_home]);
        Ok(dirs.map(|dir| dir.join(name)).collect())
    }

    fn is_volatile(&self) -> bool {
        self.store.backend().is_volatile()
    }

    fn place(&self, key: &SessionKey) -> PathBuf {
        self.state.join("sessions").join(format!("{key}.json"))
    }
}

/// Reads every entry in a volatile store, in the order of the profiles' names: one for each profile
/// that is in the session.
pub fn entries_in(store: &dyn Store) -> Vec<(SessionKey, Entry)> {
    of_each_profile(noted_in(store), &seats_in(store))
}

/// Reads every entry in a state folder, in the order of the profiles' names: one for each profile
/// that is in the session.
pub fn entries(state: &Path) -> Vec<(SessionKey, Entry)> {
    let noted = noted(state);
    // Without a session that can be shared nobody is bound to one.
    let shared = noted.iter().any(|(_, entry)| entry.home.is_some());
    let seats = if shared { seats(state) } else { Vec::new() };
    of_each_profile(noted, &seats)
}

fn of_each_profile(noted: Vec<(SessionKey, Entry)>, seats: &[Seat]) -> Vec<(SessionKey, Entry)> {
    let mut entries = Vec::new();
    for (key, entry) in noted {
        let here: Vec<&Seat> = seats.iter().filter(|seat| seat.session == key).collect();
        if here.is_empty() {
            entries.push((key, entry));
        } else {
            entries.extend(here.iter().map(|seat| (key.clone(), seat.view(&entry))));
        }
    }
    sort(&mut entries);
    entries
}

fn seats(state: &Path) -> Vec<Seat> {
    let dir = state.join(SEATS);
    let read =
        |name: &String| Seat::parse(&files::read_private(&dir.join(name), LARGEST_ENTRY).ok()?);
    files::names_in(&dir).iter().filter_map(read).collect()
}

fn seats_in(store: &dyn Store) -> Vec<Seat> {
    let names = store
        .keys("")
        .into_iter()
        .filter(|name| name.ends_with(SEAT));
    let read = |name: String| Seat::parse(store.load(&name).ok()??.expose().as_bytes());
    names.filter_map(read).collect()
}

fn noted_in(store: &dyn Store) -> Vec<(SessionKey, Entry)> {
    let mut entries: Vec<_> = store
        .keys("")
        .iter()
        .filter_map(|name| {
            let key = SessionKey::parse(name.strip_suffix(ENTRY)?)?;
            let text = store.load(name).ok()??;
            Some((key, Entry::parse(text.expose().as_bytes())?))
        })
        .collect();
    sort(&mut entries);
    entries
}

fn noted(state: &Path) -> Vec<(SessionKey, Entry)> {
    let dir = state.join("sessions");
    let mut entries: Vec<_> = files::names_in(&dir)
        .iter()
        .filter_map(|name| {
            let key = SessionKey::parse(name.strip_suffix(".json")?)?;
            let bytes = files::read_private(&dir.join(name), LARGEST_ENTRY).ok()?;
            Some((key, Entry::parse(&bytes)?))
        })
        .collect();
    sort(&mut entries);
    entries
}

fn sort(entries: &mut [(SessionKey, Entry)]) {
    entries.sort_by(|(_, a), (_, b)| (&a.profile, &a.issuer).cmp(&(&b.profile, &b.issuer)));
}

/// Returns the sessions in a state folder whose entries cannot be read.
pub fn unreadable(state: &Path) -> Vec<SessionKey> {
    let readable = noted(state);
    files::names_in(&state.join("sessions"))
        .iter()
        .filter_map(|name| SessionKey::parse(name.strip_suffix(".json")?))
        .filter(|key| readable.iter().all(|(known, _)| known != key))
        .collect()
}

/// The right to change a session; ends when it is dropped.
#[derive(Default)]
#[must_use = "the locks are free again when this is dropped"]
pub(super) struct Guard(Vec<Lock>);

fn entry_name(key: &SessionKey) -> String {
    format!("{key}{ENTRY}")
}

fn seat_name(own: &SessionKey) -> String {
    format!("{own}{SEAT}")
}

fn seat_file(state: &Path, own: &SessionKey) -> PathBuf {
    state.join(SEATS).join(format!("{own}.json"))
}

/// The folder of the seats.
const SEATS: &str = "seats";

/// How the name of a seat ends in a volatile store.
const SEAT: &str = "-seat";

/// How the name of an entry ends in a volatile store.
const ENTRY: &str = "-entry";
