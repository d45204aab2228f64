//! Sign-ins in progress, as all processes of a user see them: one per session at a time.
//!
//! A record says who signs in and where the person is asked; a lock on a file of the sign-in's own
//! says whether it lives, so that a crash ends it and leaves nothing in anybody's way. Neither the
//! session's lock nor any other is held while a person takes their time: the one lock that guards
//! the record is held for the moment of a change. Nothing here is ever asked for a token.

mod record;

pub use record::{Attempt, By, End, Place};

use std::path::{Path, PathBuf};
use std::time::Duration;

use ring::rand::{SecureRandom as _, SystemRandom};

use super::{Error, Keep, SessionKey};
use crate::base::{ProfileName, Timestamp, hex};
use crate::flow;
use crate::sys::files;
use crate::sys::lock::{Acquired, Lock, LockError};
use crate::sys::whereabouts::Whereabouts;

/// The largest record that is read: an address of a sign-in can be long.
const LARGEST: usize = 64 * 1024;

/// The longest wait for a change of the record, which takes a few milliseconds.
const LONGEST_CHANGE: Duration = Duration::from_secs(10);

/// The sign-ins of one session.
#[derive(Clone)]
pub struct Attempts<'a> {
    keep: Keep<'a>,
    key: SessionKey,
    /// This process.
    by: By,
}

/// What to do about a sign-in that is in progress already.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Meeting {
    /// Leave it alone.
    Join,
    /// End it, and begin anew.
    TakeOver,
}

/// How beginning went.
pub enum Begun<'a> {
    /// Somebody else signs in already.
    Other(Attempt),
    /// This process signs in; what it took over, if anything.
    Ours(Box<Ours<'a>>, Option<Attempt>),
}

/// A sign-in of this process; over when it is dropped.
pub struct Ours<'a> {
    all: Attempts<'a>,
    attempt: Attempt,
    _alive: Lock,
}

/// What can be seen of somebody else's sign-in.
#[derive(Debug)]
pub enum Seen {
    /// It has ended, and this is how.
    Ended(Attempt, End),
    /// It ended without a word, or never was.
    Gone,
    /// It goes on.
    Running(Attempt),
}

impl<'a> Attempts<'a> {
    /// Names the sign-ins of a session, and who asks.
    pub fn new(keep: Keep<'a>, key: SessionKey, by: By) -> Self {
        Self { keep, key, by }
    }

    /// Begins a sign-in that is given up after `span`, unless another is in progress.
    ///
    /// # Errors
    ///
    /// [`Error::File`] or [`Error::Lock`] when nothing can be written down.
    pub fn begin(
        &self,
        profile: &ProfileName,
        span: Duration,
        meeting: Meeting,
    ) -> Result<Begun<'a>, Error> {
        let _change = self.change()?;
        let other = ongoing(self.keep.state, &self.key);
        let other = match (other, meeting) {
            (Some(other), Meeting::Join) => return Ok(Begun::Other(other)),
            (other, _) => other,
        };
        self.sweep();
        let now = self.keep.clock.now();
        let attempt = Attempt::new(
            draw()?,
            (profile.clone(), self.by.clone()),
            (now, now.plus(span)),
        );
        let alive = Lock::acquire(
            &self.proof(&attempt.id),
            Duration::ZERO,
            self.keep.clock,
            &mut || false,
        )?;
        let Acquired::Locked(alive) = alive else {
            unreachable!("nobody gives up a lock of a name that nobody else knows")
        };
        self.write(&attempt)?;
        let ours = Ours {
            all: self.clone(),
            attempt,
            _alive: alive,
        };
        Ok(Begun::Ours(Box::new(ours), other))
    }

    /// Looks at the sign-in that the record tells of.
    pub fn look(&self) -> Seen {
        look(self.keep.state, &self.key)
    }

    /// Tells whether a sign-in that was taken over is still there.
    pub fn lingers(&self, other: &Attempt) -> bool {
        Lock::is_held(&self.proof(&other.id))
    }

    /// Ends whatever sign-in is in progress, because its session is signed out; returns it.
    ///
    /// # Errors
    ///
    /// [`Error::File`] or [`Error::Lock`] when it cannot be told; it goes on then.
    pub fn sign_out(&self) -> Result<Option<Attempt>, Error> {
        // One that was signed out may still have to see it.
        if matches!(self.look(), Seen::Gone | Seen::Ended(_, End::SignedOut)) {
            return Ok(None);
        }
        let _change = self.change()?;
        let Some(other) = ongoing(self.keep.state, &self.key) else {
            files::remove(&place(self.keep.state, &self.key))?;
            return Ok(None);
        };
        let now = self.keep.clock.now();
        let who = (other.profile.clone(), self.by.clone());
        let mut last = Attempt::new(draw()?, who, (now, now));
        last.ended = Some(End::SignedOut);
        self.write(&last)?;
        Ok(Some(other))
    }

    /// The right to change the record; the others wait a moment.
    fn change(&self) -> Result<Lock, Error> {
        let locks = self.keep.state.join("locks");
        for folder in [&locks, &folder(self.keep.state)] {
            files::private_dir(folder).map_err(LockError::File)?;
        }
        let path = locks.join(format!("{}-sign-in", self.key));
        match Lock::acquire(&path, LONGEST_CHANGE, self.keep.clock, &mut || false)? {
            Acquired::Locked(lock) => Ok(lock),
            Acquired::GivenUp => unreachable!("this wait is never given up"),
        }
    }

    fn write(&self, attempt: &Attempt) -> Result<(), Error> {
        let place = place(self.keep.state, &self.key);
        Ok(files::put_private(&place, attempt.print().as_bytes())?)
    }

    /// The file whose lock says that a sign-in lives.
    fn proof(&self, id: &str) -> PathBuf {
        proof(self.keep.state, &self.key, id)
    }

    /// Removes what killed sign-ins left. Nobody makes a file of such a name a second time, so a
    /// lock that nobody holds is one that nobody will ask for.
    fn sweep(&self) {
        let folder = folder(self.keep.state);
        let ours = format!("{}-", self.key);
        for name in files::names_in(&folder) {
            let path = folder.join(&name);
            if name.starts_with(&ours) && !Lock::is_held(&path) {
                drop(files::remove(&path));
            }
        }
    }
}

impl Ours<'_> {
    /// Tells everybody where the person is asked, and until when. What cannot be written down is
    /// seen by fewer people; the sign-in goes on.
    pub fn ask_at(&mut self, place: Place, deadline: Timestamp) {
        self.attempt.place = Some(place);
        self.attempt.deadline = deadline;
        drop(self.rewrite());
    }

    /// Returns what stands in this sign-in's place now, when somebody has taken it over or signed
    /// out.
    pub fn replaced(&self) -> Option<Attempt> {
        read(self.all.keep.state, &self.all.key).filter(|found| found.id != self.attempt.id)
    }

    /// Ends the sign-in, and tells those who wait for it how.
    pub fn end(mut self, end: End) {
        self.attempt.place = None;
        self.attempt.ended = Some(end);
        drop(self.rewrite());
    }

    fn rewrite(&self) -> Result<(), Error> {
        let _change = self.all.change()?;
        match self.replaced() {
            Some(_) => Ok(()),
            None => self.all.write(&self.attempt),
        }
    }
}

impl Drop for Ours<'_> {
    fn drop(&mut self) {
        // The name is never used again, so nobody can come to hold another lock by it.
        drop(files::remove(&self.all.proof(&self.attempt.id)));
    }
}

impl From<Whereabouts> for By {
    fn from(found: Whereabouts) -> Self {
        Self {
            pid: found.pid,
            host: found.host,
            terminal: found.terminal,
            started_by: found.started_by,
        }
    }
}

/// Returns the sign-in of a session that is in progress, if one is.
pub fn ongoing(state: &Path, key: &SessionKey) -> Option<Attempt> {
    match look(state, key) {
        Seen::Running(attempt) => Some(attempt),
        Seen::Ended(..) | Seen::Gone => None,
    }
}

/// Returns every sign-in that is in progress, by its session.
pub fn all_ongoing(state: &Path) -> Vec<(SessionKey, Attempt)> {
    files::names_in(&folder(state))
        .iter()
        .filter_map(|name| SessionKey::parse(name.strip_suffix(".json")?))
        .filter_map(|key| Some((key.clone(), ongoing(state, &key)?)))
        .collect()
}

fn look(state: &Path, key: &SessionKey) -> Seen {
    let Some(found) = read(state, key) else {
        return Seen::Gone;
    };
    if found.ended.is_none() && Lock::is_held(&proof(state, key, &found.id)) {
        return Seen::Running(found);
    }
    // It may have ended, with a word, between the two looks.
    match read(state, key) {
        Some(mut found) => match found.ended.take() {
            Some(end) => Seen::Ended(found, end),
            None if Lock::is_held(&proof(state, key, &found.id)) => Seen::Running(found),
            None => Seen::Gone,
        },
        None => Seen::Gone,
    }
}

/// Reads a record; whatever is wrong with it, there is none.
fn read(state: &Path, key: &SessionKey) -> Option<Attempt> {
    Attempt::parse(&files::read_private(&place(state, key), LARGEST).ok()?)
}

fn folder(state: &Path) -> PathBuf {
    state.join("sign-ins")
}

fn place(state: &Path, key: &SessionKey) -> PathBuf {
    folder(state).join(format!("{key}.json"))
}

fn proof(state: &Path, key: &SessionKey, id: &str) -> PathBuf {
    folder(state).join(format!("{key}-{id}"))
}

fn draw() -> Result<String, Error> {
    let mut bytes = [0; 16];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| flow::Error::Randomness)?;
    Ok(hex(&bytes))
}
