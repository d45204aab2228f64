//! Where the tokens of one run come from: one profile, its store opened once, and whatever the
//! user's own file lists.
//!
//! While the command runs nobody is asked for anything: the terminal is the command's. Requests are
//! answered one after the other, so that a command's hundred connections make one renewal.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::app::{App, Room};
use crate::base::{Exit, Scopes, TargetName, printable_line};
use crate::commands::{Failure, ticket};
use crate::config::{Profile, Selector, Setting, StoreChoice, Unlisted};
use crate::credential::{Asked, Misread};
use crate::endpoint::{Bearer, Denied, Keys, LEAST_LIFE, Reason};
use crate::provider::entra::written_out;
use crate::session::{self, Ask, Ticket};

/// What cuts a resource from the scope of everything at it (Entra).
const DEFAULT: &str = "/.default";

/// The tokens of one profile, for one run.
pub(super) struct Purse<'a> {
    app: &'a App,
    room: Mutex<Room<'a>>,
    /// The profile, and the target if one was named.
    own: Selector,
}

impl<'a> Purse<'a> {
    /// Opens the profile of a run; `target` is the one that was named for it.
    pub(super) fn open(
        app: &'a App,
        (profile, target): (Profile, Option<TargetName>),
    ) -> Result<Self, Failure> {
        Ok(Self {
            app,
            own: Selector {
                profile: Some(profile.name.clone()),
                target,
            },
            room: Mutex::new(app.open(profile)?),
        })
    }

    fn room(&self) -> MutexGuard<'_, Room<'a>> {
        // Nothing is changed under the lock: whatever panicked has left it as it was.
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the profile, and the target if one was named.
    pub(super) fn own(&self) -> &Selector {
        &self.own
    }

    /// Returns the client that the tokens are for.
    pub(super) fn client_id(&self) -> String {
        self.room().profile.client_id.to_string()
    }

    /// Returns the profile as it was when the run began.
    pub(super) fn profile(&self) -> Profile {
        self.room().profile.clone()
    }

    /// Makes sure, while the terminal is still keyfob's, that tokens can be had and renewed later
    /// without asking anybody.
    pub(super) fn make_ready(&self, may_sign_in: bool) -> Result<(), Failure> {
        let room = self.room();
        self.get(&room, self.own.target.as_ref(), may_sign_in, |_| Ok(()))?;
        if room.profile.store == StoreChoice::Sealed && self.app.agent().is_err() {
            // A cached token has not needed the passphrase; the next one will.
            room.keep().store.touch().map_err(session::Error::from)?;
        }
        Ok(())
    }

    /// Finds the target that lists what is asked for.
    ///
    /// # Errors
    ///
    /// [`Unlisted`], or why the user's file cannot be read.
    pub(super) fn serving(
        &self,
        setting: Setting,
        asked: Asked,
    ) -> Result<Option<TargetName>, Failure> {
        let config = self.app.config()?;
        match config.serving(setting, &self.own, &asked)? {
            Some((_, target)) => Ok(target),
            None => Err(Unlisted {
                setting,
                within: self.own.clone(),
                asked,
            }
            .into()),
        }
    }

    /// Makes sure that there is something under a list, before a command runs that would be refused
    /// everything.
    pub(super) fn lists_any(&self, setting: Setting) -> Result<(), Failure> {
        let profile = self.profile();
        let named = self.own.target.as_ref();
        let own = named.is_none().then_some(&profile.base);
        let all = profile.targets.iter();
        let targets = all.filter(|(name, _)| named.is_none_or(|named| named == *name));
        let mut targets = targets.map(|(_, target)| target).chain(own);
        if targets.any(|target| target.serves.lists(setting, &Asked::Told)) {
            return Ok(());
        }
        Err(Unlisted {
            setting,
            within: self.own.clone(),
            asked: Asked::Told,
        }
        .into())
    }

    /// Returns the token that a target presents.
    pub(super) fn token(&self, target: Option<&TargetName>) -> Result<Bearer, Failure> {
        let ticket = self.get(&self.room(), target, false, |_| Ok(()))?;
        Ok(bearer(ticket))
    }

    /// The same, for what will be read from a file a while from now.
    pub(super) fn lasting_token(&self, target: Option<&TargetName>) -> Result<Bearer, Denied> {
        let ticket = self.get(&self.room(), target, false, |ask| {
            ask.min_life = Some(LEAST_LIFE + Duration::from_secs(60));
            Ok(())
        });
        self.told("file", ticket.map(bearer))
    }

    /// Returns a token for an Azure resource that is listed.
    pub(super) fn azure(&self, resource: &str) -> Result<Bearer, Denied> {
        self.told(resource, self.for_resource(resource))
    }

    fn for_resource(&self, resource: &str) -> Result<Bearer, Failure> {
        let asked = Asked::Named(resource.trim_end_matches('/').to_owned());
        let target = self.serving(Setting::Azure, asked)?;
        let room = self.room();
        let ticket = self.get(&room, target.as_ref(), false, |ask| {
            // An SDK makes the resource of the scope by leaving this out.
            let scopes = Scopes::parse(&format!("{resource}{DEFAULT}"));
            let scopes = scopes.map_err(|_| Misread::Form {
                what: "the resource",
                wanted: "one that scopes can name",
            })?;
            ask.wanted.scopes = written_out(&scopes, room.profile.entra.as_ref())?;
            Ok(())
        });
        Ok(bearer(ticket?))
    }

    /// Returns an assertion for an audience that is listed.
    pub(super) fn assertion(&self, audience: &str) -> Result<Bearer, Denied> {
        let target = self.serving(Setting::Terraform, Asked::Named(audience.to_owned()));
        self.told(audience, target.and_then(|it| self.token(it.as_ref())))
    }

    /// Returns the keys of a target's AWS role.
    pub(super) fn keys(&self, target: Option<&TargetName>) -> Result<Keys, Denied> {
        self.told("AWS", self.role(target))
    }

    /// The same, while keyfob can still say why not.
    pub(super) fn role(&self, target: Option<&TargetName>) -> Result<Keys, Failure> {
        let room = self.room();
        let role = room.profile.target(target)?.serves.aws.as_ref();
        let role_arn = role.map(|role| role.arn.clone());
        let ticket = self.app.role(&room, target)?;
        Ok(Keys {
            access_key_id: ticket.credentials.access_key_id,
            secret_access_key: ticket.credentials.secret_access_key,
            session_token: ticket.credentials.session_token,
            expires: ticket.credentials.expires,
            role_arn,
        })
    }

    fn get(
        &self,
        room: &Room<'a>,
        target: Option<&TargetName>,
        may_sign_in: bool,
        change: impl FnOnce(&mut Ask) -> Result<(), Failure>,
    ) -> Result<Ticket, Failure> {
        let meant = room.profile.target(target)?;
        let mut ask = session::presented(meant);
        change(&mut ask)?;
        ticket::obtain(self.app, (room, target), &ask, may_sign_in)
    }

    /// Says with `-v` what was asked for, and takes a failure over for the one who asked.
    fn told<T>(&self, what: &str, got: Result<T, Failure>) -> Result<T, Denied> {
        let what = printable_line(what);
        match got {
            Ok(got) => {
                self.app.trace(&format!("the command was given {what}"));
                Ok(got)
            }
            Err(failure) => {
                let error = failure.diagnostic();
                let is_unlisted = error.exit() == Exit::Config;
                let reason = if is_unlisted {
                    Reason::Unlisted
                } else {
                    Reason::Failed
                };
                let denied = Denied::of(error, reason);
                let line = format!("the command was not given {what}: {}", denied.message);
                self.app.trace(&line);
                Err(denied)
            }
        }
    }
}

fn bearer(ticket: Ticket) -> Bearer {
    Bearer {
        token: ticket.token,
        expires: ticket.expires,
    }
}
