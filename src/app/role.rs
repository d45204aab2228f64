//! The credentials of a target's AWS role, for whoever hands them to another program.

use super::{App, AppError, Room};
use crate::base::{Diagnostic, Exit, Hint, ProfileName, Refused, TargetName};
use crate::config::{ConfigError, Present, Selector};
use crate::flow::assume_role::{AssumeRole, WishError};
use crate::session::{self, Ask, Kind, RoleTicket, Roles};

/// Why there are no credentials.
#[derive(Debug, thiserror::Error)]
pub enum RoleFault {
    /// What is needed cannot be put together.
    #[error(transparent)]
    App(#[from] AppError),
    /// The target is none.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The target has no role.
    #[error("`{0}` has no `aws_role`")]
    NoRole(Selector),
    /// The session or AWS gives none.
    #[error(transparent)]
    Session(#[from] session::Error),
    /// The role cannot be asked for as it is written.
    #[error(transparent)]
    Wish(#[from] WishError),
}

impl Diagnostic for RoleFault {
    fn exit(&self) -> Exit {
        match self {
            Self::App(error) => error.exit(),
            Self::Config(error) => error.exit(),
            Self::NoRole(_) => Exit::Config,
            Self::Session(error) => error.exit(),
            Self::Wish(error) => error.exit(),
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::App(error) => error.hint(),
            Self::Config(error) => error.hint(),
            Self::NoRole(_) => Some(Hint::Try(
                "write the ARN of a role as `aws_role` in the profile, or name a target that has one"
                    .into(),
            )),
            Self::Session(error) => error.hint(),
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
        let name = selector(&room.profile.name, target);
        let wish = meant.serves.aws.as_ref();
        let role = AssumeRole::new(wish.ok_or_else(|| RoleFault::NoRole(name.clone()))?)?;
        let ask = Ask {
            kind: match meant.serves.present {
                Present::Access => Kind::Access,
                Present::Id => Kind::Id,
            },
            wanted: session::wanted(meant),
            min_life: None,
            renew: false,
        };
        self.trace(&format!("role {} by {}", role.role, role.endpoint));
        let roles = Roles {
            keep: room.keep(),
            key: room.key(),
            profile: &room.profile.name,
            target: name.to_string(),
            reach: room,
            tokens: &self.tokens(room, target)?,
        };
        let ticket = roles.credentials(&role, &ask)?;
        self.trace(if ticket.renewed {
            "the credentials are new"
        } else {
            "the credentials are from the cache"
        });
        Ok(ticket)
    }
}

fn selector(profile: &ProfileName, target: Option<&TargetName>) -> Selector {
    Selector {
        profile: Some(profile.clone()),
        target: target.cloned(),
    }
}
