//! Renews a session's tokens: the refresh token is spent once, and its successor is never lost
//! (RFC 6749 §6, RFC 9700 §4.14.2).
//!
//! Every function here is called under the session's lock.

use std::time::Duration;

use super::error::EndedBy;
use super::plan::{UNSAID_LIFE, renew_from};
use super::record::{Ended, Held, Record, Shown};
use super::spill::Spill;
use super::{Ask, Error, Kind, Local};
use crate::base::{Scopes, Secret, Timestamp};
use crate::flow::exchange::{self, Answer, Circumstances};
use crate::flow::{self, Client, Wire};
use crate::oauth::grant::{Grant, Wanted};
use crate::oauth::token::{TokenError, TokenSet};
use crate::store::{Backend, StoreError};
use crate::sys::interrupt::Interrupts;

/// The longest that a token which meets a demand is handed out to those who demand nothing.
const LONGEST_UNDEMANDED: Duration = Duration::from_secs(3600);

/// What a sign-in or a refresh brought.
pub(super) struct Brought {
    pub(super) access: Held,
    pub(super) id: Option<Held>,
    /// Why the ID token was left out, when it could not be verified for a reason that passes.
    pub(super) caveat: Option<String>,
}

/// The circumstances in which tokens came.
#[derive(Clone, Copy)]
pub(super) struct Arrival {
    pub(super) at: Timestamp,
    /// The session's generation that they belong to.
    pub(super) generation: u64,
    /// Whether there is a refresh token to get the next ones with.
    pub(super) renewable: bool,
}

impl Local<'_> {
    /// Spends the refresh token for new tokens.
    pub(super) fn refresh(&self, ask: &Ask) -> Result<Brought, Error> {
        let wire = self.reach.wire()?.heedful();
        if let Some(entry) = self.keep.entry(&self.key).filter(|it| it.ended.is_none()) {
            self.still_refused(&entry, ask)?;
            // While the provider is left alone, no store is troubled for nothing.
            wire.may_send()?;
        }
        let mut record = self.refreshable()?;
        self.can_meet(&record, ask)?;
        let client = self.reach.client(wire)?;
        loop {
            // A one-time token is spent only when its successor can be kept.
            self.keep.store.touch()?;
            self.keep.journal.prepare()?;
            let watch = Interrupts::watch().ok();
            let deferred = watch.as_ref().map(Interrupts::defer);
            let answer = self.spend(wire, &client, &record, ask)?;
            let result = self.absorb((wire, &client), &record, &answer, &ask.wanted);
            drop(deferred);
            let Err(Error::Flow(flow::Error::Token(TokenError::Refused(refusal)))) = &result else {
                return result;
            };
            if refusal.wants_a_person() || refusal.leaves_no_way() {
                return Err(self.set_back(refusal, ask));
            }
            if !refusal.is("invalid_grant") {
                return result;
            }
            // Another program, with a lock of its own, may have been faster.
            match self.keep.record(&self.key, self.profile)? {
                Some(newer) if newer.generation != record.generation => record = newer,
                // The grant may serve another target or tenant still.
                _ if self.is_shared && !refusal.ends_the_grant() => {
                    return Err(self.set_back(refusal, ask));
                }
                _ => return Err(self.mark_ended(&record, &refusal.to_string())),
            }
        }
    }

    /// Reads the record and makes sure that there is a refresh token that may still live.
    fn refreshable(&self) -> Result<Record, Error> {
        let record = self
            .keep
            .record(&self.key, self.profile)?
            .map_or_else(|| Err(self.why_nothing()), Ok)?;
        if record.refresh_token.is_none() {
            return Err(self.not_refreshable());
        }
        let ended = self.keep.entry(&self.key).and_then(|entry| entry.ended);
        match ended {
            Some(Ended {
                error, generation, ..
            }) if generation == record.generation => Err(Error::Ended {
                profile: self.profile.clone(),
                cause: EndedBy(error),
            }),
            _ => Ok(record),
        }
    }

    fn not_refreshable(&self) -> Error {
        Error::NotRefreshable {
            profile: self.profile.clone(),
            asked: self.signed_in_for.scopes.contains("offline_access"),
        }
    }

    /// Says why the store has no record. A keyring that was never set up finds nothing either, and
    /// a store that was chosen later knows nothing of sessions in the one before.
    fn why_nothing(&self) -> Error {
        let profile = self.profile.clone();
        let chosen = self.keep.store.backend();
        if chosen == Backend::Memory {
            return Error::NothingRemembered(profile);
        }
        let Some(entry) = self.keep.entry(&self.key) else {
            return Error::SignedOut(profile);
        };
        if entry.store != chosen {
            let kept = entry.store;
            return Error::OtherStore {
                profile,
                kept,
                chosen,
            };
        }
        match self.keep.store.probe() {
            Ok(()) => Error::SignedOut(profile),
            Err(error) => error.into(),
        }
    }

    /// Sends the refresh token, and makes the raw answer safe before anything else.
    fn spend(
        &self,
        wire: Wire<'_>,
        client: &Client,
        record: &Record,
        ask: &Ask,
    ) -> Result<Answer, Error> {
        let refresh_token = record
            .refresh_token
            .as_ref()
            .ok_or_else(|| self.not_refreshable())?;
        let mut wanted = ask.wanted.clone();
        if self.is_shared {
            // What another profile signed in for is of no use here; and without these there is no
            // telling whose tokens they are, nor a refresh token that lives as long again.
            for scope in ["openid", "profile", "offline_access"] {
                if !wanted.scopes.contains(scope) {
                    wanted.scopes.add(scope);
                }
            }
        } else if wanted.scopes == self.signed_in_for.scopes {
            // As granted at sign-in (RFC 6749 §6), which may be less than was asked for.
            wanted.scopes = Scopes::default();
        }
        let answer = exchange::send(wire, client, &Grant::Refresh(refresh_token), &wanted)?;
        if (200..300).contains(&answer.status) {
            let spill = Spill::new((record.generation, self.issuer), &answer, &ask.wanted).print();
            let journal = self.keep.journal;
            // The old token is spent: a disk that fails now must not keep its successor, which is
            // in hand, from the store.
            drop(journal.write(self.key.as_str(), spill.expose().as_bytes()));
        }
        Ok(answer)
    }

    /// Verifies an answer and keeps what it brought.
    fn absorb(
        &self,
        (wire, client): (Wire<'_>, &Client),
        record: &Record,
        answer: &Answer,
        wanted: &Wanted,
    ) -> Result<Brought, Error> {
        let kept = self.keep_answer((wire, client), record, answer, wanted);
        // A store that fails now must find the answer again; every other verdict is final.
        if !matches!(kept, Err(Error::Store(_))) {
            // What stays behind is recognised by its generation, or comes to the same verdict.
            drop(self.keep.journal.remove(self.key.as_str()));
        }
        kept
    }

    fn keep_answer(
        &self,
        (wire, client): (Wire<'_>, &Client),
        record: &Record,
        answer: &Answer,
        wanted: &Wanted,
    ) -> Result<Brought, Error> {
        let tokens = answer.tokens().map_err(flow::Error::from)?;
        let mut next = record.clone();
        next.generation += 1;
        if let Some(refresh_token) = &tokens.refresh_token {
            next.refresh_token = Some(refresh_token.clone());
        }
        self.is_the_same_account(record, &tokens)?;
        let mut caveat = None;
        let mut id = None;
        if let Some(id_token) = &tokens.id_token {
            let circumstances = Circumstances {
                continues: self.predecessor(record, id_token, &tokens)?,
                ..Circumstances::default()
            };
            let access = Some(&tokens.access_token);
            match exchange::verify(wire, client, id_token, access, circumstances) {
                Ok(identity) => {
                    if circumstances.continues.is_none() {
                        next.remember(identity.claims());
                    }
                    id = identity.claims().exp.map(|ends| (id_token, ends));
                }
                Err(error) if error.is_passing() => {
                    caveat = Some(format!("the new ID token is left out: {error}"));
                }
                Err(error) => {
                    // A clock that is off must not cost the session: once it is right, the new
                    // refresh token goes on with it. Until then nothing is handed out.
                    if error.is_about_time()
                        && exchange::holds_in_its_time(wire, client, &tokens, circumstances)
                    {
                        self.keep.save_record(&self.key, &next)?;
                    }
                    return Err(error.with_skew(answer.skew).into());
                }
            }
        }
        self.keep.save_record(&self.key, &next)?;
        let arrival = Arrival {
            at: answer.at,
            generation: next.generation,
            renewable: true,
        };
        let brought = self.cache(&tokens, id, arrival, wanted);
        Ok(Brought { caveat, ..brought })
    }

    /// Caches the tokens and shows the access token's end in the entry; returns the tokens, since
    /// a cache that cannot be written must not keep them from who asked.
    pub(super) fn cache(
        &self,
        tokens: &TokenSet,
        id: Option<(&Secret, Timestamp)>,
        arrival: Arrival,
        wanted: &Wanted,
    ) -> Brought {
        let name = self.named(Kind::Access, wanted);
        let life = tokens.expires_in.unwrap_or(UNSAID_LIFE);
        let expires = arrival.at.plus(life);
        let scopes = tokens
            .scopes
            .clone()
            .unwrap_or_else(|| wanted.scopes.clone());
        let held = |token: &Secret, expires| Held {
            token: token.clone(),
            issued: arrival.at,
            expires,
            renew_from: None,
            scopes: scopes.clone(),
            generation: arrival.generation,
        };
        let ahead = renew_from(arrival.at, life, tokens.refresh_in);
        let access = Held {
            renew_from: Some(ahead).filter(|_| arrival.renewable),
            ..held(&tokens.access_token, expires)
        };
        self.keep.save_held(&name, &access);
        let plain = self.named(Kind::Access, &wanted.undemanded());
        if plain != name {
            self.keep.save_held(&plain, &also_undemanded(&access));
        }
        let id = id.map(|(id_token, expires)| held(id_token, expires));
        if let Some(id) = &id {
            self.keep.save_held(&self.named(Kind::Id, wanted), id);
        }
        if let Some(mut entry) = self.keep.entry(&self.key) {
            entry.came(&name, &plain, arrival.at);
            entry.show(Shown {
                name: plain,
                target: target(wanted),
                expires,
            });
            entry.ended = None;
            entry.is_family |= tokens.is_family;
            // The entry is for people; tokens were handed out whether or not it can be written.
            drop(self.keep.save_entry(&self.key, &entry));
        }
        Brought {
            access,
            id,
            caveat: None,
        }
    }

    /// Finishes what a process that died left between the provider's answer and the store.
    pub(super) fn recover(&self) -> Result<(), Error> {
        let journal = self.keep.journal;
        let bytes = match journal.read(self.key.as_str()) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(()),
            // Cut short by a crash, or not ours: nothing in it can ever be read.
            Err(StoreError::Broken { .. }) => {
                return Ok(journal.remove(self.key.as_str()).map(drop)?);
            }
            Err(error) => return Err(error.into()),
        };
        let record = self.keep.record(&self.key, self.profile)?;
        match (record, Spill::parse(&bytes)) {
            (Some(record), Some(spill))
                if spill.generation == record.generation
                    && spill.is_from_elsewhere(self.issuer) =>
            {
                self.keep_from_elsewhere(&record, spill)
            }
            (Some(record), Some(spill)) if spill.generation == record.generation => {
                let wire = self.reach.wire()?.heedful();
                let client = self.reach.client(wire)?;
                let (answer, wanted) = spill.answer();
                self.absorb((wire, &client), &record, &answer, &wanted)
                    .map(drop)
            }
            // Nothing to continue: the session is signed out, or its keyring is another one for now.
            (None, _) => Ok(()),
            // The store was written after all.
            _ => Ok(journal.remove(self.key.as_str()).map(drop)?),
        }
    }

    /// Marks the session's end, so that nobody tries the dead token again.
    fn mark_ended(&self, record: &Record, error: &str) -> Error {
        if let Some(mut entry) = self.keep.entry(&self.key) {
            entry.ended = Some(Ended {
                at: self.keep.clock.now(),
                error: error.to_owned(),
                generation: record.generation,
            });
            drop(self.keep.save_entry(&self.key, &entry));
        }
        Error::Ended {
            profile: self.profile.clone(),
            cause: EndedBy(error.to_owned()),
        }
    }
}

/// A token that meets an API's demand serves those who demand nothing as well, so that the API need
/// not challenge the next one; but not for as long: providers let such tokens live for a day and
/// more, for programs that can answer a challenge.
fn also_undemanded(access: &Held) -> Held {
    let expires = access.expires.min(access.issued.plus(LONGEST_UNDEMANDED));
    let renew_from = access.renew_from.filter(|from| *from < expires);
    Held {
        expires,
        renew_from,
        ..access.clone()
    }
}

/// Says what a token is for, on one line.
fn target(wanted: &Wanted) -> String {
    let named: Vec<&str> = wanted.parameters().map(|(_, value)| value).collect();
    if named.is_empty() {
        wanted.scopes.to_string()
    } else {
        named.join(" ")
    }
}
