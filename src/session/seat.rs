//! Which session a profile is in, where one refresh token serves every tenant and API of an account.
//!
//! A session there belongs to a cloud, a client and a home account. A profile is bound to one by a
//! small file of its own, which a sign-in writes, or the first token that is asked for when there is
//! one account to choose from. Accounts are told apart by their ids, never by their names, and
//! nobody is guessed: with several, a person chooses.

use serde::{Deserialize, Serialize};

use super::client::is_shared;
use super::{Entry, Error, Keep, SessionKey};
use crate::base::{ClientId, HomeAccount, Issuer, ProfileName};
use crate::config::Profile;

/// The version that is written.
const VERSION: u32 = 1;

/// That a profile is in a session.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Seat {
    version: u32,
    /// The profile, and what it means.
    pub(super) profile: ProfileName,
    pub(super) issuer: Issuer,
    pub(super) client_id: ClientId,
    /// The session.
    pub(super) session: SessionKey,
    /// Whose it is.
    pub(super) home: HomeAccount,
    pub(super) label: String,
}

impl Seat {
    /// Binds a profile to a session; `None` for a session that is nobody's but its profile's.
    pub(super) fn new(
        (profile, issuer, client_id): (&ProfileName, &Issuer, &ClientId),
        entry: &Entry,
    ) -> Option<Self> {
        Some(Self {
            version: VERSION,
            profile: profile.clone(),
            issuer: issuer.clone(),
            client_id: client_id.clone(),
            session: entry.key(),
            home: entry.home.clone()?,
            label: entry.label.clone(),
        })
    }

    /// Reads a seat; `None` when it is none, or of a newer version.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let seat: Self = serde_json::from_slice(bytes).ok()?;
        (seat.version == VERSION).then_some(seat)
    }

    /// Writes the seat.
    pub(super) fn print(&self) -> String {
        serde_json::to_string_pretty(self).expect("a seat has only text keys")
    }

    /// The name that it is kept under: the profile's own.
    pub(super) fn own(&self) -> SessionKey {
        SessionKey::new(&self.issuer, &self.client_id, &self.profile)
    }

    /// The session's entry, as it looks from this profile.
    pub(super) fn view(&self, entry: &Entry) -> Entry {
        Entry {
            profile: self.profile.clone(),
            issuer: self.issuer.clone(),
            ..entry.clone()
        }
    }
}

/// Finds the session that a profile is in, and binds it to the only one that it can be.
///
/// # Errors
///
/// [`Error::SeveralAccounts`] when a person must choose.
pub fn find(keep: &Keep<'_>, profile: &Profile) -> Result<SessionKey, Error> {
    let own = SessionKey::new(&profile.issuer, &profile.client_id, &profile.name);
    if !is_shared(profile) {
        return Ok(own);
    }
    let account = profile.account.as_deref();
    if let Some(seat) = keep.seat(&own)
        && account.is_none_or(|account| is_called(account, (&seat.home, &seat.label)))
    {
        return Ok(seat.session);
    }
    // One from before profiles shared them goes on as it was.
    if account.is_none() && keep.entry(&own).is_some() {
        return Ok(own);
    }
    let mut fitting = accounts(keep, profile);
    fitting.retain(|entry| entry.ended.is_none() && entry.refreshable);
    if let Some(account) = account {
        fitting.retain(|entry| entry.is_of(account));
    }
    match fitting.as_slice() {
        [] => Ok(own),
        [entry] => {
            // What cannot be written down is found again.
            drop(sit(keep, profile, entry));
            Ok(entry.key())
        }
        several => Err(Error::SeveralAccounts {
            profile: profile.name.clone(),
            accounts: several.iter().map(Entry::account).collect(),
        }),
    }
}

/// Returns every account that is signed in with a profile's client in its cloud, each once.
pub fn accounts(keep: &Keep<'_>, profile: &Profile) -> Vec<Entry> {
    let is_here = |entry: &Entry| {
        entry.home.is_some()
            && entry.store == keep.store.backend()
            && entry.client_id == profile.client_id
            && entry.issuer.url().origin() == profile.issuer.url().origin()
    };
    keep.sessions().into_iter().filter(is_here).collect()
}

/// Binds a profile to a session.
///
/// # Errors
///
/// [`Error::File`] or [`Error::Store`].
pub fn sit(keep: &Keep<'_>, profile: &Profile, entry: &Entry) -> Result<(), Error> {
    let whose = (&profile.name, &profile.issuer, &profile.client_id);
    match Seat::new(whose, entry) {
        Some(seat) => keep.save_seat(&seat),
        None => Ok(()),
    }
}

/// Tells whether somebody may be meant by what a person wrote: an id, or the name of the day.
pub(super) fn is_called(account: &str, (home, label): (&HomeAccount, &str)) -> bool {
    let same = |known: &str| account.eq_ignore_ascii_case(known);
    same(home.as_str()) || same(home.object()) || same(label)
}

impl Entry {
    /// Tells whether the session is of an account, by its name or its home account's id.
    pub fn is_of(&self, account: &str) -> bool {
        let home = self.home.as_ref();
        home.is_some_and(|home| is_called(account, (home, &self.label)))
    }

    /// Tells whether two sessions are of one account.
    pub fn is_the_account_of(&self, other: &Self) -> bool {
        match (&self.home, &other.home) {
            (Some(one), Some(other)) => one == other,
            _ => (&self.issuer, &self.subject) == (&other.issuer, &other.subject),
        }
    }

    /// Names the account for a person who must choose: the name alone may be another's tomorrow.
    pub fn account(&self) -> (String, String) {
        let id = self
            .home
            .as_ref()
            .map_or_else(String::new, ToString::to_string);
        (self.label.clone(), id)
    }
}
