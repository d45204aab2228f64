//! Credentials of an AWS role, got with a token of the session and kept until shortly before they end.
//!
//! Sealed beside the session's tokens, and forgotten with them. One process asks AWS, under a lock of
//! the role's own; the others wait and read again. While credentials still work nobody waits: in the
//! last part of their life whoever comes first gets new ones. No lock is held while a person takes
//! their time: a token is asked for, and never a sign-in.

mod held;

use std::time::Duration;

use super::keep::Guard;
use super::key::digest;
use super::local::Reach;
use super::{Ask, Error, Keep, Kind, SessionKey, Ticket, TokenSource};
use crate::base::{Diagnostic as _, Exit, ProfileName, Timestamp, in_words};
use crate::flow::assume_role::{AssumeRole, Ground, RoleCredentials, SessionName, assume};
use crate::flow::{self, Wire};
use held::HeldRole;

/// Credentials with less left than this, or than a fifth of their life, are replaced before they are
/// handed out.
const MARGIN: Duration = Duration::from_secs(300);

/// New ones are got ahead of time with less left than this, or than three tenths of their life:
/// the SDKs begin to ask for others a quarter of an hour before the end, at every single request.
const AHEAD: Duration = Duration::from_secs(960);

/// From a future farther than this nothing is believed: a clock was set back.
const FUTURE: Duration = Duration::from_secs(60);

/// The roles that one session may take on.
pub struct Roles<'a> {
    /// Where sessions are kept.
    pub keep: Keep<'a>,
    /// The session.
    pub key: SessionKey,
    /// The profile.
    pub profile: &'a ProfileName,
    /// The profile, or its target, as it is written on a command line.
    pub target: String,
    /// The way to the network; asked for only when it is needed.
    pub reach: &'a dyn Reach,
    /// Where tokens come from; asked only when one is needed.
    pub tokens: &'a dyn TokenSource,
}

/// Credentials that were handed out.
#[derive(Debug)]
pub struct RoleTicket {
    /// The credentials.
    pub credentials: RoleCredentials,
    /// Whether they are new, rather than from the cache.
    pub renewed: bool,
    /// Why they are not what was hoped for, though they still work.
    pub caveat: Option<String>,
}

impl Roles<'_> {
    /// Hands out credentials of a role, got with the token that `ask` names.
    ///
    /// # Errors
    ///
    /// [`Error::Role`] when AWS gives none; whatever keeps the token from being had; or
    /// [`Error::Lock`]. Where the fault passes, credentials that still work are handed out instead.
    pub fn credentials(&self, role: &AssumeRole, ask: &Ask) -> Result<RoleTicket, Error> {
        let name = self.named(role, ask);
        match self.usable(&name, ask) {
            Some((held, Plan::Ahead)) => self.renew_ahead(&name, (role, ask), held),
            Some((held, _)) => Ok(ticket(held)),
            None => self.renew(&name, role, ask),
        }
    }

    /// Names the credentials, and their lock: by everything that they depend on.
    fn named(&self, role: &AssumeRole, ask: &Ask) -> String {
        let kind = match ask.kind {
            Kind::Access => "access",
            Kind::Id => "id",
        };
        let token = self.key.cached(ask.kind, &ask.wanted);
        let mut parts = vec![kind.to_owned(), token, self.target.clone()];
        parts.extend(role.parts());
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        format!("{}-role-{}", self.key, digest(&parts))
    }

    /// Returns what is kept if it will do, and whether new ones should be got already.
    fn usable(&self, name: &str, ask: &Ask) -> Option<(HeldRole, Plan)> {
        if ask.renew {
            return None;
        }
        let held = self.held(name)?;
        let plan = plan(&held, self.keep.clock.now());
        matches!(plan, Plan::Ahead | Plan::Use).then_some((held, plan))
    }

    fn held(&self, name: &str) -> Option<HeldRole> {
        HeldRole::parse(&self.keep.cache.load(name)?)
    }

    fn renew_ahead(
        &self,
        name: &str,
        (role, ask): (&AssumeRole, &Ask),
        held: HeldRole,
    ) -> Result<RoleTicket, Error> {
        let Ok(Some(_guard)) = self.keep.try_lock_named(name) else {
            return Ok(ticket(held));
        };
        if let Some((newer, Plan::Use)) = self.usable(name, ask) {
            return Ok(ticket(newer));
        }
        self.get(name, role, ask).or_else(|error| {
            // What a sign-out has forgotten meanwhile is handed out no more.
            let held = self.held(name).ok_or(error)?;
            let paused = held.not_before(self.keep.clock.now());
            // Nobody waits for this: it only spares AWS a question.
            let guard = self.keep.try_lock(&self.key);
            self.save(name, self.since(), (&paused, guard));
            Ok(ticket(held))
        })
    }

    fn renew(&self, name: &str, role: &AssumeRole, ask: &Ask) -> Result<RoleTicket, Error> {
        let (mut renewed, mut seen) = (None, None);
        let mut no_longer = || {
            // Reading costs more than a look at whether there is something else.
            let stamp = self.keep.cache.stamp(name);
            if stamp.is_some() && stamp != seen {
                seen = stamp;
                renewed = self.usable(name, ask);
            }
            renewed.is_some()
        };
        let guard = self.keep.lock_named(name, &mut no_longer);
        let outcome = match (guard, renewed) {
            (Ok(_), Some((held, _))) => return Ok(ticket(held)),
            (Ok(guard), None) => {
                // Whoever held the lock may have brought them just now.
                let outcome = match self.usable(name, ask) {
                    Some((held, _)) => Ok(ticket(held)),
                    None => self.get(name, role, ask),
                };
                drop(guard);
                outcome
            }
            (Err(error), _) => Err(error),
        };
        outcome.or_else(|error| self.fall_back(name, ask, error))
    }

    /// Gets new credentials, and keeps them. A cache that cannot be written costs time only.
    fn get(&self, name: &str, role: &AssumeRole, ask: &Ask) -> Result<RoleTicket, Error> {
        let since = self.since();
        let token = self.tokens.token(ask)?;
        let wire = self.reach.wire()?;
        let at = self.keep.clock.now();
        let credentials = self.assume(wire, role, (&token, ask))?;
        let held = HeldRole::new(credentials, at);
        let guard = self.keep.lock(&self.key, &mut || false);
        self.save(name, since, (&held, guard));
        Ok(RoleTicket {
            renewed: true,
            caveat: token.caveat,
            ..ticket(held)
        })
    }

    /// Shows AWS the token; if that is over in AWS's eyes, a newer one, once.
    fn assume(
        &self,
        wire: Wire<'_>,
        role: &AssumeRole,
        (token, ask): (&Ticket, &Ask),
    ) -> Result<RoleCredentials, Error> {
        let session = self.session_name(role);
        let mut outcome = assume(wire, role, &session, &token.token);
        let is_over = |error: &flow::Error| matches!(error, flow::Error::Role(error) if error.ground() == Some(Ground::ExpiredToken));
        if outcome.as_ref().is_err_and(is_over) && !token.renewed {
            let newer = self.tokens.token(&Ask {
                renew: true,
                ..ask.clone()
            })?;
            outcome = assume(wire, role, &session, &newer.token);
        }
        outcome.map_err(|error| {
            if let flow::Error::Role(cause) = error {
                Error::Role {
                    profile: self.profile.clone(),
                    target: self.target.clone(),
                    role: role.role.clone(),
                    cause: Box::new(cause),
                }
            } else {
                error.into()
            }
        })
    }

    /// The name that the user chose, or one made of the account's: of what its verified ID token said
    /// when it signed in.
    fn session_name(&self, role: &AssumeRole) -> SessionName {
        if let Some(chosen) = &role.session_name {
            return chosen.clone();
        }
        let entry = self.keep.entry(&self.key);
        let names = entry.iter();
        let names = names.flat_map(|entry| [entry.label.as_str(), entry.subject.as_str()]);
        SessionName::of(&names.collect::<Vec<_>>())
    }

    /// A fault that passes does not take away credentials that still work; nor does the end of the
    /// sign-in, which did not end them. A refusal does: AWS would not give them again.
    fn fall_back(&self, name: &str, ask: &Ask, error: Error) -> Result<RoleTicket, Error> {
        let may = match error.exit() {
            Exit::Fault | Exit::SignInNeeded | Exit::StoreUnavailable | Exit::Unreachable => true,
            Exit::CannotRun
            | Exit::Command(_)
            | Exit::Config
            | Exit::Done
            | Exit::NotFound
            | Exit::NotStarted
            | Exit::NotVerifiable
            | Exit::Refused
            | Exit::SignInIncomplete
            | Exit::Signal(_)
            | Exit::Usage
            | Exit::Verification => false,
        };
        let now = self.keep.clock.now();
        let held = self.held(name).filter(|_| may && !ask.renew);
        let Some(held) = held.filter(|held| plan(held, now) != Plan::Replace) else {
            return Err(error);
        };
        let left = in_words(held.expires.since(now));
        let why = innermost(&error);
        Ok(RoleTicket {
            caveat: Some(format!(
                "no new credentials could be had ({why}); these still work for {left}"
            )),
            ..ticket(held)
        })
    }

    /// Tells which sign-in the session is of.
    fn since(&self) -> Option<Timestamp> {
        Some(self.keep.entry(&self.key)?.signed_in)
    }

    /// Keeps credentials under the session's lock, unless the session that they were got with has
    /// ended meanwhile.
    fn save(
        &self,
        name: &str,
        since: Option<Timestamp>,
        (held, guard): (&HeldRole, Result<Option<Guard>, Error>),
    ) {
        let is_locked = matches!(&guard, Ok(Some(_)));
        if is_locked && since.is_some() && self.since() == since {
            drop(self.keep.cache.save(name, &held.print()));
        }
        drop(guard);
    }
}

/// The last cause says most; the others say whose it is, which is known here.
fn innermost(error: &Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

fn ticket(held: HeldRole) -> RoleTicket {
    RoleTicket {
        credentials: RoleCredentials {
            access_key_id: held.access_key_id,
            secret_access_key: held.secret_access_key,
            session_token: held.session_token,
            expires: held.expires,
            seen: held.seen,
        },
        renewed: false,
        caveat: None,
    }
}

/// What to do about credentials that are held.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Plan {
    /// Hand them out, unless nobody is at work on new ones: then get those first.
    Ahead,
    /// Get new ones; the old ones still work if that fails.
    Renew,
    /// Get new ones.
    Replace,
    /// Hand them out.
    Use,
}

fn plan(held: &HeldRole, now: Timestamp) -> Plan {
    let life = held.expires.since(held.issued);
    let left = held.expires.since(now);
    if left.is_zero() || held.issued.since(now) > FUTURE {
        return Plan::Replace;
    }
    if left <= MARGIN.min(life / 5) {
        return Plan::Renew;
    }
    let is_late = left <= AHEAD.min(life * 3 / 10);
    let may = held.paused_until.is_none_or(|until| until <= now);
    if is_late && may {
        Plan::Ahead
    } else {
        Plan::Use
    }
}

#[cfg(test)]
mod tests {
    use super::held::AHEAD_PAUSE;
    use super::*;
    use crate::base::Secret;
    use crate::flow::assume_role::Seen;

    /// Credentials that live so long from the second 10 000 on.
    fn held(life: i64) -> HeldRole {
        HeldRole {
            access_key_id: "ASIA".into(),
            secret_access_key: Secret::new("s\"1".into()),
            session_token: Secret::new("t".into()),
            issued: Timestamp(10_000),
            expires: Timestamp(10_000 + life),
            paused_until: None,
            seen: Seen::default(),
        }
    }

    fn planned(life: i64, age: i64) -> Plan {
        plan(&held(life), Timestamp(10_000 + age))
    }

    #[test]
    fn an_hour_is_used_until_a_quarter_before_its_end() {
        assert_eq!(planned(3600, 0), Plan::Use);
        assert_eq!(planned(3600, 2639), Plan::Use);
        assert_eq!(planned(3600, 2640), Plan::Ahead);
        assert_eq!(planned(3600, 3299), Plan::Ahead);
        assert_eq!(planned(3600, 3300), Plan::Renew);
        assert_eq!(planned(3600, 3599), Plan::Renew);
        assert_eq!(planned(3600, 3600), Plan::Replace);
    }

    #[test]
    fn the_shortest_life_is_used_for_most_of_it_and_the_longest_to_its_last_minutes() {
        assert_eq!(planned(900, 629), Plan::Use);
        assert_eq!(planned(900, 630), Plan::Ahead);
        assert_eq!(planned(900, 720), Plan::Renew);
        assert_eq!(planned(43_200, 42_239), Plan::Use);
        assert_eq!(planned(43_200, 42_240), Plan::Ahead);
        assert_eq!(planned(43_200, 42_900), Plan::Renew);
    }

    #[test]
    fn a_clock_set_back_makes_no_credentials_immortal() {
        assert_eq!(planned(3600, -30), Plan::Use);
        assert_eq!(planned(3600, -3600), Plan::Replace);
    }

    #[test]
    fn after_a_failure_ahead_of_time_there_is_a_pause() {
        let now = Timestamp(10_000 + 2700);
        let paused = held(3600).not_before(now);

        assert_eq!(plan(&paused, now), Plan::Use);
        assert_eq!(plan(&paused, now.plus(AHEAD_PAUSE)), Plan::Ahead);
    }

    #[test]
    fn held_credentials_survive_the_round_trip_and_a_newer_version_does_not() {
        let text = held(900).print();

        let back = HeldRole::parse(&text).unwrap();

        assert_eq!(back.secret_access_key.expose(), "s\"1");
        assert_eq!(
            (back.issued, back.expires),
            (Timestamp(10_000), Timestamp(10_900))
        );
        let newer = text.expose().replace("\"version\":1", "\"version\":2");
        assert!(HeldRole::parse(&Secret::new(newer)).is_none());
    }
}
