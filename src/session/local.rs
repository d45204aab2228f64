//! Hands out tokens of one session, renewing them when needed.
//!
//! With a cached token that will do there is no network, no lock and no store. Otherwise, under the
//! session's lock: read again, finish what a crash left, prove that the store can be written, spend
//! the refresh token once, make the raw answer safe, verify, store, cache, hand out.

use super::plan::{Plan, UNSAID_LIFE, plan};
use super::record::{Ended, Held, Record, Shown};
use super::spill::Spill;
use super::{Ask, Error, Keep, Kind, SessionKey, Ticket};
use crate::base::{ProfileName, Scopes, Secret, Timestamp, in_words};
use crate::flow::exchange::{self, Answer, Circumstances};
use crate::flow::{self, Client, Wire};
use crate::oauth::grant::{Grant, Wanted};
use crate::oauth::token::{TokenError, TokenSet};
use crate::session::error::EndedBy;
use crate::sys::interrupt::Interrupts;

/// The way to the provider, made only when it is needed: most tokens come from the cache.
pub trait Reach {
    /// Returns the network, the time and the documents' cache.
    ///
    /// # Errors
    ///
    /// [`Error::Http`] when the network cannot be set up.
    fn wire(&self) -> Result<Wire<'_>, Error>;

    /// Returns the client at its provider, from the provider's own metadata.
    ///
    /// # Errors
    ///
    /// [`Error::Flow`] or [`Error::Secret`].
    fn client(&self) -> Result<Client, Error>;
}

/// The session of one profile, in this process.
pub struct Local<'a> {
    /// Where sessions are kept.
    pub keep: Keep<'a>,
    /// The profile, for messages.
    pub profile: &'a ProfileName,
    /// The session.
    pub key: SessionKey,
    /// What the sign-in asked for; a refresh that wants the same names no scope.
    pub signed_in_for: &'a Wanted,
    /// The way to the provider; asked for only when it is needed.
    pub reach: &'a dyn Reach,
}

impl Local<'_> {
    /// Hands out a token.
    ///
    /// # Errors
    ///
    /// [`Error::SignedOut`], [`Error::Ended`] and [`Error::NotRefreshable`] when a person must sign
    /// in; otherwise why no token could be had. The session is as good as before.
    pub fn token(&self, ask: &Ask) -> Result<Ticket, Error> {
        let name = self.key.cached(ask.kind, &ask.wanted);
        match self.usable(&name, ask) {
            Some(held) => Ok(self.ticket(held, ask)),
            None => self.renew(&name, ask),
        }
    }

    /// Returns the cached token if it will do.
    fn usable(&self, name: &str, ask: &Ask) -> Option<Held> {
        if ask.renew {
            return None;
        }
        let held = self.keep.held(name)?;
        (plan(&held, ask.min_life, self.keep.clock.now()) == Plan::Use).then_some(held)
    }

    fn renew(&self, name: &str, ask: &Ask) -> Result<Ticket, Error> {
        let mut renewed = None;
        let mut no_longer = || {
            renewed = self.usable(name, ask);
            renewed.is_some()
        };
        let Some(_guard) = self.keep.lock(&self.key, &mut no_longer)? else {
            let held = renewed.expect("the wait is given up only for a token that will do");
            return Ok(self.ticket(held, ask));
        };
        self.recover()?;
        // Whoever held the lock may have brought the token just now.
        if let Some(held) = self.usable(name, ask) {
            return Ok(self.ticket(held, ask));
        }
        match self.refresh(ask) {
            Ok(caveat) => self.renewed(name, ask, caveat),
            Err(error) => self.fall_back(name, ask, error),
        }
    }

    fn renewed(&self, name: &str, ask: &Ask, caveat: Option<String>) -> Result<Ticket, Error> {
        let held = self
            .keep
            .held(name)
            .filter(|held| held.expires > self.keep.clock.now());
        let held = held.ok_or(match ask.kind {
            Kind::Access => Error::SignedOut(self.profile.clone()),
            Kind::Id => Error::Flow(flow::Error::NoIdToken),
        })?;
        let mut ticket = self.ticket(held, ask);
        ticket.caveat = caveat.or(ticket.caveat);
        Ok(ticket)
    }

    /// A fault that passes does not take away a token that still works.
    fn fall_back(&self, name: &str, ask: &Ask, error: Error) -> Result<Ticket, Error> {
        let passing = match &error {
            Error::Flow(error) => error.is_passing(),
            Error::Http(_) | Error::Store(_) | Error::File(_) => true,
            Error::Ended { .. }
            | Error::Lock(_)
            | Error::LifeTooShort { .. }
            | Error::NotRefreshable(_)
            | Error::PersonNeeded { .. }
            | Error::Secret { .. }
            | Error::SignedOut(_)
            | Error::Unreadable(_) => false,
        };
        let ends = matches!(
            error,
            Error::Ended { .. } | Error::NotRefreshable(_) | Error::PersonNeeded { .. }
        );
        if ask.renew || !(passing || ends) {
            return Err(error);
        }
        let now = self.keep.clock.now();
        let Some(held) = self
            .keep
            .held(name)
            .filter(|held| matches!(plan(held, ask.min_life, now), Plan::Renew | Plan::Use))
        else {
            return Err(error);
        };
        let left = held.expires.since(now);
        if ask.min_life.is_some_and(|asked| asked > left) {
            let profile = self.profile.clone();
            return Err(Error::LifeTooShort {
                profile,
                left,
                cause: Box::new(error),
            });
        }
        let mut ticket = self.ticket(held, ask);
        ticket.caveat = Some(format!(
            "no new token could be had ({error}); this one still works for {}",
            in_words(left)
        ));
        Ok(ticket)
    }

    fn ticket(&self, held: Held, ask: &Ask) -> Ticket {
        let left = held.expires.since(self.keep.clock.now());
        let caveat = ask.min_life.filter(|asked| *asked > left).map(|asked| {
            format!(
                "the token lives {}, not {}: the provider gives no longer life",
                in_words(left),
                in_words(asked)
            )
        });
        Ticket {
            token: held.token,
            expires: Some(held.expires),
            scopes: held.scopes,
            caveat,
        }
    }

    /// Spends the refresh token for new tokens. Answers with a caveat when the ID token could not
    /// be verified for a reason that passes.
    fn refresh(&self, ask: &Ask) -> Result<Option<String>, Error> {
        let mut record = self.refreshable()?;
        let (wire, client) = (self.reach.wire()?, self.reach.client()?);
        loop {
            // A one-time token is spent only when its successor can be kept.
            self.keep.store.probe()?;
            self.keep.journal.prepare()?;
            let watch = Interrupts::watch().ok();
            let deferred = watch.as_ref().map(Interrupts::defer);
            let answer = self.spend(wire, &client, &record, ask)?;
            let result = self.absorb((wire, &client), &record, &answer, &ask.wanted);
            drop(deferred);
            let Err(Error::Flow(flow::Error::Token(TokenError::Refused(refusal)))) = &result else {
                return result;
            };
            if refusal.wants_a_person() {
                return Err(Error::PersonNeeded {
                    profile: self.profile.clone(),
                    cause: TokenError::Refused(refusal.clone()),
                });
            }
            if !refusal.is("invalid_grant") {
                return result;
            }
            // Another program, with a lock of its own, may have been faster.
            match self.keep.record(&self.key, self.profile)? {
                Some(newer) if newer.generation != record.generation => record = newer,
                _ => return Err(self.mark_ended(&record, &refusal.to_string())),
            }
        }
    }

    /// Reads the record and makes sure that there is a refresh token that may still live.
    fn refreshable(&self) -> Result<Record, Error> {
        let record = self
            .keep
            .record(&self.key, self.profile)?
            .ok_or_else(|| Error::SignedOut(self.profile.clone()))?;
        if record.refresh_token.is_none() {
            return Err(Error::NotRefreshable(self.profile.clone()));
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
            .ok_or_else(|| Error::NotRefreshable(self.profile.clone()))?;
        let mut wanted = ask.wanted.clone();
        if wanted.scopes == self.signed_in_for.scopes {
            // As granted at sign-in (RFC 6749 §6), which may be less than was asked for.
            wanted.scopes = Scopes::default();
        }
        let answer = exchange::send(wire, client, &Grant::Refresh(refresh_token), &wanted)?;
        if (200..300).contains(&answer.status) {
            let spill = Spill::new(record.generation, &answer, &ask.wanted).print();
            self.keep
                .journal
                .write(self.key.as_str(), spill.expose().as_bytes())?;
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
    ) -> Result<Option<String>, Error> {
        let kept = self.keep_answer((wire, client), record, answer, wanted);
        // A store that fails now must find the answer again; every other verdict is final.
        if !matches!(kept, Err(Error::Store(_))) {
            self.keep.journal.remove(self.key.as_str())?;
        }
        kept
    }

    fn keep_answer(
        &self,
        (wire, client): (Wire<'_>, &Client),
        record: &Record,
        answer: &Answer,
        wanted: &Wanted,
    ) -> Result<Option<String>, Error> {
        let tokens = answer.tokens().map_err(flow::Error::from)?;
        let mut next = record.clone();
        next.generation += 1;
        let mut caveat = None;
        let mut id = None;
        if let Some(id_token) = &tokens.id_token {
            let circumstances = Circumstances {
                continues: Some(&record.claims),
                ..Circumstances::default()
            };
            let access = Some(&tokens.access_token);
            match exchange::verify(wire, client, id_token, access, circumstances) {
                Ok(identity) => {
                    id = identity.claims().exp.map(|ends| (id_token, ends));
                }
                Err(error) if error.is_passing() => {
                    caveat = Some(format!("the new ID token is left out: {error}"));
                }
                Err(error) => return Err(error.with_skew(answer.skew).into()),
            }
        }
        if let Some(refresh_token) = &tokens.refresh_token {
            next.refresh_token = Some(refresh_token.clone());
        }
        self.keep.save_record(&self.key, &next)?;
        self.cache(&tokens, id, (answer.at, next.generation), wanted);
        Ok(caveat)
    }

    /// Caches the tokens and shows the access token's end in the entry.
    pub(super) fn cache(
        &self,
        tokens: &TokenSet,
        id: Option<(&Secret, Timestamp)>,
        (issued, generation): (Timestamp, u64),
        wanted: &Wanted,
    ) {
        let name = self.key.cached(Kind::Access, wanted);
        let expires = issued.plus(tokens.expires_in.unwrap_or(UNSAID_LIFE));
        let scopes = tokens
            .scopes
            .clone()
            .unwrap_or_else(|| wanted.scopes.clone());
        let held = |token: &Secret, expires| Held {
            token: token.clone(),
            issued,
            expires,
            scopes: scopes.clone(),
            generation,
        };
        self.keep
            .save_held(&name, &held(&tokens.access_token, expires));
        if let Some((id_token, expires)) = id {
            self.keep
                .save_held(&self.key.cached(Kind::Id, wanted), &held(id_token, expires));
        }
        if let Some(mut entry) = self.keep.entry(&self.key) {
            entry.show(Shown {
                name,
                target: target(wanted),
                expires,
            });
            entry.ended = None;
            // The entry is for people; tokens were handed out whether or not it can be written.
            drop(self.keep.save_entry(&self.key, &entry));
        }
    }

    /// Finishes what a process that died left between the provider's answer and the store.
    fn recover(&self) -> Result<(), Error> {
        let journal = self.keep.journal;
        let Some(bytes) = journal.read(self.key.as_str())? else {
            return Ok(());
        };
        let record = self.keep.record(&self.key, self.profile)?;
        match (record, Spill::parse(&bytes)) {
            (Some(record), Some(spill)) if spill.generation == record.generation => {
                let (wire, client) = (self.reach.wire()?, self.reach.client()?);
                let (answer, wanted) = spill.answer();
                self.absorb((wire, &client), &record, &answer, &wanted)
                    .map(drop)
            }
            // The store was written after all, or there is nothing left to continue.
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

/// Says what a token is for, on one line.
fn target(wanted: &Wanted) -> String {
    let named: Vec<&str> = wanted.parameters().map(|(_, value)| value).collect();
    if named.is_empty() {
        wanted.scopes.to_string()
    } else {
        named.join(" ")
    }
}
