//! The credentials of a target's AWS role, for whoever hands them to another program.

use super::host::{Declined, Host, declined, fault};
use super::{App, AppError, Room};
use crate::agent::frame::{Fault, RoleAnswer, RoleAsk};
use crate::base::{Diagnostic, Exit, Hint, Refused, TargetName};
use crate::config::{ConfigError, Selector, Setting, Unlisted};
use crate::credential::Asked;
use crate::flow::assume_role::{AssumeRole, WishError};
use crate::session::{self, RoleTicket, Roles, TokenSource};

/// Why there are no credentials.
#[derive(Debug, thiserror::Error)]
pub enum RoleFault {
    /// What is needed cannot be put together.
    #[error(transparent)]
    App(#[from] AppError),
    /// The target is none.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The session or AWS gives none.
    #[error(transparent)]
    Session(#[from] session::Error),
    /// The target has no role.
    #[error(transparent)]
    Unlisted(Box<Unlisted>),
    /// The role cannot be asked for as it is written.
    #[error(transparent)]
    Wish(#[from] WishError),
}

impl Diagnostic for RoleFault {
    fn exit(&self) -> Exit {
        match self {
            Self::App(error) => error.exit(),
            Self::Config(error) => error.exit(),
            Self::Session(error) => error.exit(),
            Self::Unlisted(error) => error.exit(),
            Self::Wish(error) => error.exit(),
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::App(error) => error.hint(),
            Self::Config(error) => error.hint(),
            Self::Session(error) => error.hint(),
            Self::Unlisted(error) => error.hint(),
            Self::Wish(error) => error.hint(),
        }
    }

    fn refused(&self) -> Option<Refused> {
        if let Self::Session(error) = self {
            error.refused()
        } else {
            None
        }
    }
}

impl App {
    /// Hands out credentials of the role that a target of a room's profile is for: those that are
    /// kept, or new ones, got with the target's token. Asks no person.
    ///
    /// # Errors
    ///
    /// [`RoleFault`].
    pub fn role(
        &self,
        room: &Room<'_>,
        target: Option<&TargetName>,
    ) -> Result<RoleTicket, RoleFault> {
        let meant = room.profile.target(target)?;
        let name = Selector::of(&room.profile.name, target);
        let wish = meant.serves.aws.as_ref();
        let role = AssumeRole::new(wish.ok_or_else(|| {
            RoleFault::Unlisted(Box::new(Unlisted {
                setting: Setting::AwsRole,
                within: name.clone(),
                asked: Asked::Told,
            }))
        })?)?;
        let ask = session::presented(meant);
        self.trace(&format!("role {} by {}", role.role, role.endpoint));
        let tokens = self.tokens(room, target)?;
        let given = tokens.role(&role, &ask)?;
        let ticket = match given {
            Some(ticket) => ticket,
            None => roles(room, &name, &tokens).credentials(&role, &ask)?,
        };
        self.trace(if ticket.renewed {
            "the credentials are new"
        } else {
            "the credentials are from the cache"
        });
        Ok(ticket)
    }
}

/// The same in the agent's own process, by its own configuration.
pub(super) fn of_host(host: &Host<'_>, ask: &RoleAsk) -> Result<RoleAnswer, Fault> {
    let (profile, token) = host.decide(&ask.token).map_err(|error| declined(&error))?;
    let name = Selector::of(&profile.name, ask.token.target.as_ref());
    let meant = profile.target(ask.token.target.as_ref());
    let wish = meant.ok().and_then(|target| target.serves.aws.as_ref());
    let role = wish.and_then(|wish| AssumeRole::new(wish).ok());
    let Some(role) = role.filter(|role| role.parts() == ask.role) else {
        let (profile, what) = (profile.name, "aws_role");
        return Err(declined(&Declined::OtherMeaning { profile, what }));
    };
    let room = host.open(profile).map_err(|error| declined(&error))?;
    let ticket = room
        .session()
        .and_then(|session| roles(&room, &name, &session).credentials(&role, &token))
        .map_err(|error| fault(&room, &error))?;
    let keys = ticket.credentials;
    Ok(RoleAnswer {
        access_key_id: keys.access_key_id,
        secret_access_key: keys.secret_access_key,
        session_token: keys.session_token,
        expires: keys.expires,
        seen: keys.seen,
        renewed: ticket.renewed,
        caveat: ticket.caveat,
    })
}

/// What a session's roles are handed out by. Where the agent has the session and cannot be asked for
/// roles, nothing is kept: the next call asks AWS anew.
fn roles<'r>(room: &'r Room<'r>, name: &Selector, tokens: &'r dyn TokenSource) -> Roles<'r> {
    Roles {
        keep: room.keep(),
        key: room.key(),
        profile: &room.profile.name,
        target: name.to_string(),
        reach: room,
        tokens,
    }
}
