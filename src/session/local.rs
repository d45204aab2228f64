//! Hands out tokens of one session, renewing them when needed.
//!
//! With a cached token that will do there is no network, no lock and no store. Otherwise, under the
//! session's lock: read again, finish what a crash left, prove that the store can be written, spend
//! the refresh token once, make the raw answer safe, verify, store, cache, hand out. In the last
//! part of a token's life whoever comes first does this ahead of time; nobody waits for it.

use std::time::Duration;

use super::plan::{Plan, plan};
use super::record::Held;
use super::renewal::Brought;
use super::{Ask, Error, Keep, Kind, SessionKey, Ticket, TokenSource};
use crate::base::{Issuer, ProfileName, Secret, in_words};
use crate::flow::{self, Client, Wire};
use crate::oauth::grant::Wanted;

/// After a renewal ahead of time failed, nobody tries again for this long.
const AHEAD_PAUSE: Duration = Duration::from_secs(60);

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
    fn client(&self, wire: Wire<'_>) -> Result<Client, Error>;
}

/// The session of one profile, in this process.
pub struct Local<'a> {
    /// Where sessions are kept.
    pub keep: Keep<'a>,
    /// The profile, for messages.
    pub profile: &'a ProfileName,
    /// The session.
    pub key: SessionKey,
    /// Where: the profile's issuer.
    pub issuer: &'a Issuer,
    /// Whether the session serves other profiles, APIs and tenants too: then `invalid_grant` is said
    /// of one request alone, and a token belongs to its tenant.
    pub is_shared: bool,
    /// What the sign-in asked for; a refresh that wants the same names no scope.
    pub signed_in_for: &'a Wanted,
    /// The way to the provider; asked for only when it is needed.
    pub reach: &'a dyn Reach,
}

impl TokenSource for Local<'_> {
    fn token(&self, ask: &Ask) -> Result<Ticket, Error> {
        let name = self.named(ask.kind, &ask.wanted);
        self.goes_forward(&name, ask)?;
        match self.usable(&name, ask) {
            Some((held, Plan::RenewAhead)) => self.renew_ahead(&name, ask, held),
            Some((held, _)) => Ok(self.ticket(held, ask)),
            None => self.renew(&name, ask),
        }
    }
}

impl Local<'_> {
    /// Forgets the cached token for `ask` if it is the one that was rejected: the next one is new.
    pub fn distrust(&self, ask: &Ask, rejected: &Secret) {
        let name = self.named(ask.kind, &ask.wanted);
        if self
            .keep
            .held(&name)
            .is_some_and(|held| held.token.is(rejected))
        {
            // A cache that cannot be changed costs a retry, and the token may be good after all.
            drop(self.keep.cache.delete(&name));
        }
    }

    /// Names what is cached for a target.
    pub(super) fn named(&self, kind: Kind, wanted: &Wanted) -> String {
        self.key
            .cached_at(self.is_shared.then_some(self.issuer), kind, wanted)
    }

    /// Makes sure that a challenge is not met with the very token that it was made for.
    fn goes_forward(&self, name: &str, ask: &Ask) -> Result<(), Error> {
        let Some(demand) = ask.wanted.demand.as_ref().filter(|_| !ask.renew) else {
            return Ok(());
        };
        let now = self.keep.clock.now();
        let Some(entry) = self.keep.entry(&self.key) else {
            return Ok(());
        };
        let again = entry.goes_in_a_circle(name, now) && self.usable(name, ask).is_some();
        if again {
            // A sign-in grows too old by itself.
            if let Some(record) = self.keep.record(&self.key, self.profile)? {
                self.can_meet(&record, ask)?;
            }
        }
        let target = self.named(Kind::Access, &ask.wanted.undemanded());
        if again || entry.is_challenged_too_often(name, &target, now) {
            return Err(Error::ChallengedAgain {
                profile: self.profile.clone(),
                demand: demand.to_string(),
            });
        }
        Ok(())
    }

    /// Returns the cached token if it will do, and whether a new one should be got already.
    fn usable(&self, name: &str, ask: &Ask) -> Option<(Held, Plan)> {
        if ask.renew {
            return None;
        }
        let held = self.keep.held(name)?;
        let plan = plan(&held, ask.min_life, self.keep.clock.now());
        matches!(plan, Plan::Use | Plan::RenewAhead).then_some((held, plan))
    }

    /// Gets a new token while the old one has some life left, unless somebody is at it already. A
    /// fault costs nothing but this try: the old one is handed out, and tried again a little later.
    fn renew_ahead(&self, name: &str, ask: &Ask, held: Held) -> Result<Ticket, Error> {
        let Ok(Some(_guard)) = self.keep.try_lock(&self.key) else {
            return Ok(self.ticket(held, ask));
        };
        let outcome = self.recover().and_then(|()| match self.usable(name, ask) {
            Some((newer, Plan::Use)) => Ok(self.ticket(newer, ask)),
            _ => self.renewed(name, ask, self.refresh(ask)?),
        });
        outcome.or_else(|error| {
            // Read again: what a sign-out has forgotten meanwhile must not be written back.
            let Some(mut held) = self.keep.held(name) else {
                return Err(error);
            };
            held.renew_from = Some(self.keep.clock.now().plus(AHEAD_PAUSE));
            self.keep.save_held(name, &held);
            Ok(self.still_works(held, ask, &error))
        })
    }

    fn renew(&self, name: &str, ask: &Ask) -> Result<Ticket, Error> {
        let (mut renewed, mut seen) = (None, None);
        let mut no_longer = || {
            // Reading a token costs more than a look at whether there is another.
            let stamp = self.keep.cache.stamp(name);
            if stamp.is_some() && stamp != seen {
                seen = stamp;
                renewed = self.usable(name, ask);
            }
            renewed.is_some()
        };
        let _guard = match self.keep.lock(&self.key, &mut no_longer) {
            Ok(Some(guard)) => guard,
            Ok(None) => {
                let (held, _) =
                    renewed.expect("the wait is given up only for a token that will do");
                return Ok(self.ticket(held, ask));
            }
            Err(error) => return self.fall_back(name, ask, error),
        };
        if let Err(error) = self.recover() {
            return self.fall_back(name, ask, error);
        }
        // Whoever held the lock may have brought the token just now.
        if let Some((held, _)) = self.usable(name, ask) {
            return Ok(self.ticket(held, ask));
        }
        match self.refresh(ask) {
            Ok(brought) => self.renewed(name, ask, brought),
            Err(error) => self.fall_back(name, ask, error),
        }
    }

    /// Hands out what a refresh brought, whether or not the cache could keep it.
    fn renewed(&self, name: &str, ask: &Ask, brought: Brought) -> Result<Ticket, Error> {
        let Brought { access, id, caveat } = brought;
        let held = match ask.kind {
            Kind::Access => access,
            // A refresh need not bring a new ID token (OIDC Core §12.2); the last one may still do.
            Kind::Id => id
                .or_else(|| self.keep.held(name))
                .filter(|held| held.expires > self.keep.clock.now())
                .ok_or(flow::Error::NoIdToken)?,
        };
        let mut ticket = self.ticket(held, ask);
        ticket.renewed = true;
        ticket.caveat = caveat.or(ticket.caveat);
        Ok(ticket)
    }

    /// A fault that passes does not take away a token that still works.
    fn fall_back(&self, name: &str, ask: &Ask, error: Error) -> Result<Ticket, Error> {
        let passing = match &error {
            Error::Flow(error) => error.is_passing(),
            Error::Http(_)
            | Error::Store(_)
            | Error::File(_)
            | Error::Lock(_)
            | Error::Secret { .. } => true,
            Error::BrokenPin(_)
            | Error::ChallengedAgain { .. }
            | Error::Ended { .. }
            | Error::NotTheAccount { .. }
            | Error::OtherAccount(_)
            | Error::OtherSignInNeeded { .. }
            | Error::OtherStore { .. }
            | Error::LifeTooShort { .. }
            | Error::NotRefreshable { .. }
            | Error::NothingRemembered(_)
            | Error::PersonNeeded { .. }
            | Error::Relayed(_)
            | Error::Role { .. }
            | Error::SeveralAccounts { .. }
            | Error::SignedOut(_)
            | Error::Unreadable(_) => false,
        };
        let ends = matches!(
            error,
            Error::Ended { .. } | Error::NotRefreshable { .. } | Error::PersonNeeded { .. }
        );
        if ask.renew || !(passing || ends) {
            return Err(error);
        }
        let now = self.keep.clock.now();
        let Some(held) = self
            .keep
            .held(name)
            .filter(|held| plan(held, ask.min_life, now) != Plan::Replace)
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
        Ok(self.still_works(held, ask, &error))
    }

    /// Hands out a token that could not be renewed, and says so.
    fn still_works(&self, held: Held, ask: &Ask, error: &Error) -> Ticket {
        let left = held.expires.since(self.keep.clock.now());
        let caveat = format!(
            "no new token could be had ({error}); this one still works for {}",
            in_words(left)
        );
        Ticket {
            caveat: Some(caveat),
            ..self.ticket(held, ask)
        }
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
            expires: held.expires,
            scopes: held.scopes,
            renewed: false,
            caveat,
        }
    }
}
