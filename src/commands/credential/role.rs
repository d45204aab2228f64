//! Credentials of a cloud's role for another program: kept ones, or new ones after a sign-in if there
//! must be one and it may be.

use super::ask;
use crate::app::RoleFault;
use crate::app::{App, Room};
use crate::base::{Diagnostic as _, Exit, TargetName};
use crate::commands::ticket::obtain;
use crate::commands::{Failure, turn};
use crate::credential::Request;
use crate::session::RoleTicket;

/// Gets the credentials.
///
/// # Errors
///
/// A [`Failure`]; a sign-in that is needed and may not be is one with [`Exit::SignInNeeded`].
pub(super) fn ticket(
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
    obtain(app, (room, target), &ask, true)?;
    Ok(app.role(room, target)?)
}
