//! `keyfob inspect --userinfo`: what the provider says about the account that is signed in.
//!
//! Never shows claims about anybody else, and never calls them verified: nothing signs them.

use super::{Failure, inspect};
use crate::app::App;
use crate::config::{Overrides, Selector};
use crate::flow::userinfo;
use crate::jwt;
use crate::output::inspection::Verdict;
use crate::session::{self, Ask, Error, Kind, Reach as _, TokenSource as _};

/// How much the provider's word is worth here.
const WORTH: &str = "nothing signs it: the provider said so just now, and its `sub` is that of \
                     the session";

/// Asks the provider about the account of a session, and shows the answer.
///
/// # Errors
///
/// A [`Failure`] when there is no session, or no answer about its account.
pub(super) fn show(
    app: &App,
    selector: &Selector,
    overrides: &Overrides,
    json: bool,
) -> Result<(), Failure> {
    let (profile, target) = app.profile(selector, overrides)?;
    let wanted = session::wanted(profile.target(target.as_ref())?);
    let room = app.open(profile)?;
    let ticket = app.tokens(&room, target.as_ref())?.token(&Ask {
        kind: Kind::Access,
        wanted,
        min_life: None,
        renew: false,
    })?;
    if let Some(caveat) = &ticket.caveat {
        app.console.note(&format!("keyfob: {caveat}"));
    }
    let name = &room.profile.name;
    let subject = app.subject(&room)?;
    let subject = subject.ok_or_else(|| Error::SignedOut(name.clone()))?;
    let wire = room.wire()?;
    let client = room.client(wire)?;
    let claims = userinfo::fetch(wire, &client, &ticket.token, &subject)?;

    let inspection = jwt::describe(claims);
    inspect::answer(app, &inspection, Verdict::Unchecked(WORTH), json)
}
