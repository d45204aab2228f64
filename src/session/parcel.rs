//! A whole session, packed to be handed over from one volatile store to another.
//!
//! This is how a sign-in reaches the agent; there is no way back out.

use super::record::Held;
use super::seat::Seat;
use super::{Entry, Error, Keep, Record, SessionKey};
use crate::base::{Diagnostic, Exit, Secret};

/// A session, packed. All of it is text as it is kept.
#[derive(Debug)]
pub struct Parcel {
    /// The refresh token and the verified claims: a [`Record`].
    pub record: Secret,
    /// Whose session it is: an [`Entry`].
    pub entry: String,
    /// Tokens, each a [`Held`], by the names they are cached under.
    pub tokens: Vec<(String, Secret)>,
}

/// A parcel that holds no session of a volatile store.
#[derive(Debug, thiserror::Error)]
#[error("what was handed over is no session that this version of keyfob can keep")]
pub struct Damaged;

impl Diagnostic for Damaged {
    fn exit(&self) -> Exit {
        Exit::Fault
    }
}

impl Parcel {
    /// Packs a session of a volatile store; `None` when there is none.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn pack(keep: &Keep<'_>, key: &SessionKey) -> Result<Option<Self>, Error> {
        let (Some(record), Some(entry)) = (keep.store.load(key.as_str())?, keep.entry(key)) else {
            return Ok(None);
        };
        let names = keep.cache.names(key.as_str()).into_iter();
        let tokens = names.filter_map(|name| {
            let token = keep.cache.load(&name)?;
            Some((name, token))
        });
        Ok(Some(Self {
            record,
            entry: entry.print(),
            tokens: tokens.collect(),
        }))
    }

    /// Looks into the parcel: whose session it is.
    ///
    /// # Errors
    ///
    /// [`Damaged`] when any part of it cannot be what it should be.
    pub fn look(&self) -> Result<(SessionKey, Entry), Damaged> {
        let entry = Entry::parse(self.entry.as_bytes()).ok_or(Damaged)?;
        let key = entry.key();
        let is_token = |(name, token): &(String, Secret)| {
            name.starts_with(key.as_str()) && Held::parse(token).is_some()
        };
        let whole = entry.store.is_volatile()
            && Record::parse(&self.record).is_some()
            && self.tokens.iter().all(is_token);
        whole.then_some((key, entry)).ok_or(Damaged)
    }

    /// Unpacks the session, in place of the one before.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] or [`Error::Lock`].
    pub fn unpack(
        &self,
        keep: &Keep<'_>,
        (key, entry): (&SessionKey, &Entry),
    ) -> Result<(), Error> {
        let _guard = keep.lock(key, &mut || false)?;
        let before = keep.store.load(key.as_str())?;
        let before = before.as_ref().and_then(Record::parse);
        // Whoever shares the session goes on sharing it.
        keep.forget_session(key)?;
        match Record::parse(&self.record) {
            Some(record) if record.home.is_some() => {
                keep.save_record(key, &record.inheriting(before))?;
            }
            _ => keep.store.save(key.as_str(), &self.record)?,
        }
        for (name, token) in &self.tokens {
            keep.cache.save(name, token)?;
        }
        keep.save_entry(key, entry)?;
        let whose = (&entry.profile, &entry.issuer, &entry.client_id);
        Seat::new(whose, entry).map_or(Ok(()), |seat| keep.save_seat(&seat))
    }
}
