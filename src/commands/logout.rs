//! `keyfob logout`: ends a session here, and at the provider as far as it lets us.
//!
//! Forgetting never depends on the network; what is still alive elsewhere is said.

use clap::Args as ClapArgs;

use super::selector::{Override, Which};
use super::{Failure, single_profile};
use crate::app::{App, Room};
use crate::session::{self, Fate, Reach as _, entries};

/// What `keyfob logout` takes.
#[derive(ClapArgs, Debug)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    /// Sign out of every profile
    #[arg(long, conflicts_with_all = ["selector", "issuer", "client_id"])]
    all: bool,
    /// End the session in the browser at the provider, too
    #[arg(long)]
    everywhere: bool,
    /// Forget the session here, and do not ask the provider for anything
    #[arg(long, conflicts_with = "everywhere")]
    local: bool,
    #[command(flatten)]
    over: Override,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when the session could not be deleted here.
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    if !args.all {
        let profile = single_profile(app, &args.which, &args.over)?;
        return sign_out(args, app, &app.open(profile)?);
    }
    let mut failed = None;
    for (_, entry) in entries(&app.dirs()?.state) {
        let selector = crate::config::Selector {
            profile: Some(entry.profile),
            target: None,
        };
        let result = app
            .profile(&selector, &args.over.overrides())
            .map_err(Failure::from)
            .and_then(|(profile, _)| sign_out(args, app, &app.open(profile)?));
        if let Err(error) = result {
            failed.get_or_insert(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

fn sign_out(args: &Args, app: &App, room: &Room<'_>) -> Result<(), Failure> {
    let (key, profile) = (room.key(), &room.profile.name);
    let keep = room.keep();
    if !args.local {
        at_the_provider(args, app, room);
    }
    if session::forget(&keep, &key)? {
        app.console
            .note(&format!("Signed out of profile `{profile}`."));
    } else {
        app.console
            .note(&format!("Nobody was signed in for profile `{profile}`."));
    }
    Ok(())
}

/// Does what the provider lets us do; whatever fails there is told and never stops the rest.
fn at_the_provider(args: &Args, app: &App, room: &Room<'_>) {
    let (keep, key, profile) = (room.keep(), room.key(), &room.profile.name);
    if keep.entry(&key).is_none() {
        return;
    }
    let reached = room.wire().and_then(|wire| Ok((wire, room.client()?)));
    let (wire, client) = match reached {
        Ok(reached) => reached,
        Err(error) => {
            return app.console.note(&format!(
                "The tokens could not be revoked, so they live until they end by themselves: \
                 {error}."
            ));
        }
    };
    let mut targets = vec![session::wanted(&room.profile.base)];
    targets.extend(room.profile.targets.values().map(session::wanted));
    if !targets.contains(room.signed_in_for()) {
        targets.push(room.signed_in_for().clone());
    }
    match session::revoke(wire, &client, &keep, (&key, profile), &targets) {
        Ok(farewell) => {
            tell(app, "refresh token", &farewell.refresh);
            tell(app, "access token", &farewell.access);
        }
        Err(error) => app
            .console
            .note(&format!("The tokens could not be revoked: {error}.")),
    }
    if args.everywhere {
        super::farewell::end_session(app, room, &client);
    }
}

fn tell(app: &App, what: &str, fate: &Fate) {
    match fate {
        Fate::Dead => app.console.note(&format!("The {what} is revoked.")),
        Fate::None => {}
        Fate::Alive(why) => app.console.note(&format!(
            "The {what} is still alive at the provider until it ends by itself: {why}."
        )),
    }
}
