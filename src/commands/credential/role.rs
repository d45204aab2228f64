//! Credentials of a cloud's role for another program: kept ones, or new ones after a sign-in if there
//! must be one and it may be.

use super::ask;
use crate::app::{App, RoleFault, Room};
use crate::base::{Diagnostic as _, Exit, Secret, TargetName};
use crate::commands::{Failure, ticket, turn};
use crate::credential::{Found, Protocol, Request, RoleKeys};
use crate::jwt::TokenKind;
use crate::session::RoleTicket;

/// Gets the credentials, and writes the protocol's answer.
///
/// # Errors
///
/// A [`Failure`]; a sign-in that is needed and may not be is one with [`Exit::SignInNeeded`].
pub(super) fn answer(
    protocol: &dyn Protocol,
    app: &App,
    (room, target): (&Room<'_>, Option<&TargetName>),
    request: &Request,
    may_sign_in: bool,
) -> Result<Secret, Failure> {
    let ticket = obtain(app, (room, target), request, may_sign_in)?;
    if let Some(caveat) = &ticket.caveat {
        app.console.note(&format!("keyfob: {caveat}"));
    }
    let keys = &ticket.credentials;
    let found = Found {
        token: &keys.session_token,
        expires: keys.expires,
        username: None,
        kind: TokenKind::Access,
        tenant: None,
        role: Some(RoleKeys {
            access_key_id: &keys.access_key_id,
            secret_access_key: &keys.secret_access_key,
        }),
        now: app.clock().now(),
        zone: jiff::tz::TimeZone::system,
    };
    Ok(protocol.answer(request, &found))
}

fn obtain(
    app: &App,
    (room, target): (&Room<'_>, Option<&TargetName>),
    request: &Request,
    may_sign_in: bool,
) -> Result<RoleTicket, Failure> {
    let error = match app.role(room, target) {
        Ok(ticket) => return Ok(ticket),
        Err(RoleFault::Session(error)) if error.exit() == Exit::SignInNeeded => error,
        Err(error) => return Err(error.into()),
    };
    if !may_sign_in {
        return Err(turn::explain(app, room, error));
    }
    // Whoever signs in takes their time, so that nothing of the role is locked meanwhile.
    let ask = ask(&room.profile, target, request)?;
    ticket::obtain(app, (room, target), &ask, true)?;
    Ok(app.role(room, target)?)
}
