//! A token that still works, for the commands that hand one out: from the cache, by a renewal, or
//! after a sign-in when the person agrees to one.
//!
//! Never opens a browser unless it is told that it may.

use super::login::{Manner, demanded};
use super::{Failure, turn};
use crate::agent::frame::Wish;
use crate::app::{App, AppError, Room};
use crate::base::{Diagnostic, Exit, Issuer, ProfileName, TargetName, Timestamp};
use crate::config::{ConfigError, Profile, Selector};
use crate::session::{Ask, Ticket, TokenSource as _};

/// A token of a profile that only the agent knows.
pub(super) struct ByName {
    /// The profile.
    pub(super) profile: ProfileName,
    /// Its issuer, as the agent says.
    pub(super) issuer: Issuer,
    /// The token.
    pub(super) ticket: Ticket,
}

/// A profile may agree beforehand that its user be asked, if there is one.
pub(super) fn agreed(profile: &Profile, app: &App) -> bool {
    profile.interactive && app.env.stdin_is_terminal && app.env.stderr_is_terminal
}

/// Gets a token.
///
/// # Errors
///
/// A [`Failure`]; exit status 3 says that a person must sign in.
pub(super) fn obtain(
    app: &App,
    (room, target): (&Room<'_>, Option<&TargetName>),
    ask: &Ask,
    may_sign_in: bool,
) -> Result<Ticket, Failure> {
    let tokens = app.tokens(room, target)?;
    match tokens.token(ask) {
        Err(error) if error.exit() == Exit::SignInNeeded => {
            if !may_sign_in {
                return Err(turn::explain(app, room, error));
            }
            app.console.note(&format!("keyfob: {error}"));
            let again = Ask {
                renew: false,
                ..ask.clone()
            };
            let before = signed_in_at(room);
            // Somebody else may have signed in while this process came to ask.
            let needed = || match tokens.token(&again) {
                _ if signed_in_at(room) != before => Ok(false),
                Ok(_) => Ok(ask.renew),
                Err(error) if error.exit() == Exit::SignInNeeded => Ok(true),
                Err(error) => Err(error.into()),
            };
            let manner = Manner {
                demand: demanded(app, room).or(ask.wanted.demand.clone()),
                ..Manner::default()
            };
            turn::sign_in(app, room, &manner, &needed)?;
            Ok(tokens.token(&again)?)
        }
        other => Ok(other?),
    }
}

fn signed_in_at(room: &Room<'_>) -> Option<Timestamp> {
    let entry = room.keep().entry(&room.key());
    entry.map(|entry| entry.signed_in)
}

/// Asks the agent for a profile that is not known here: it may be one of another machine, whose
/// agent is reached through a forwarded socket. `error` is why it is not known here.
///
/// # Errors
///
/// `error` when no agent knows it either, or what the agent said.
pub(super) fn by_name(
    app: &App,
    selector: &Selector,
    (ask, wish): (&Ask, Wish),
    error: AppError,
) -> Result<ByName, Failure> {
    let unknown = matches!(
        error,
        AppError::Config(ConfigError::UnknownProfile { .. } | ConfigError::NoProfile)
    );
    let (Some(profile), true) = (&selector.profile, unknown) else {
        return Err(error.into());
    };
    let Some(answer) = app.token_by_name(selector, ask, wish)? else {
        return Err(error.into());
    };
    Ok(ByName {
        profile: profile.clone(),
        issuer: answer.issuer.clone(),
        ticket: answer.into(),
    })
}
