//! `keyfob logout`: ends a session here, and at the provider as far as it lets us.
//!
//! Forgetting never depends on the network; what is still alive elsewhere is said.

use clap::Args as ClapArgs;

use super::selector::{Override, Which};
use super::{Failure, farewell, last, single_profile, turn};
use crate::agent::frame::SignOut;
use crate::app::{App, Room};
use crate::base::{ProfileName, Secret};
use crate::config::{Overrides, Profile, Setting, StoreChoice};
use crate::flow::Client;
use crate::provider::Revocation;
use crate::session::{
    self, Ask, Ending, Entry, Fate, Kind, Reach as _, SessionKey, TokenSource as _, entries,
    unreadable,
};

/// What `keyfob logout` takes.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "The session is forgotten here even when the provider cannot be reached; what is
then still alive is said.

Examples:
  keyfob logout work
  keyfob logout work --everywhere
  keyfob logout --all"
)]
pub struct Args {
    #[command(flatten)]
    pub(super) which: Which,
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
    pub(super) over: Override,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when a session could not be deleted here.
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    let mut entries = entries(&app.dirs()?.state);
    entries.extend(app.agent_entries());
    let mut unnoted = unnoted(args, app)?;
    if !args.all {
        let named = args.which.selector().profile;
        let known = |name: &ProfileName| entries.iter().any(|(_, entry)| entry.profile == *name);
        let name = match named {
            // A session can outlive its profile's settings.
            Some(name) if known(&name) => name,
            _ => single_profile(app, &args.which, &args.over)?.name,
        };
        entries.retain(|(_, entry)| entry.profile == name);
        unnoted.retain(|profile| profile.name == name);
        if entries.is_empty() && unnoted.is_empty() {
            return without_entry(args, app, &name);
        }
    }
    if args.all {
        end_unnamed(app, &entries)?;
    }
    let noted = entries.iter().map(|(key, entry)| {
        let room = app.open(profile_of(args, app, entry)?)?;
        Ok(room.in_session(key.clone()))
    });
    let unnoted = unnoted.into_iter().map(|profile| Ok(app.open(profile)?));
    let mut failed = None;
    for room in noted.chain(unnoted) {
        if let Err(error) = room.and_then(|room| sign_out(args, app, &room)) {
            failed.get_or_insert(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

/// Ends the sign-ins in progress that no session here tells of.
fn end_unnamed(app: &App, entries: &[(SessionKey, Entry)]) -> Result<(), Failure> {
    let config = app.config()?;
    for name in config.names() {
        let Ok(profile) = config.profile(Some(name), &Overrides::default()) else {
            continue;
        };
        let room = app.open(profile)?;
        if entries.iter().all(|(key, _)| *key != room.key()) {
            turn::sign_out(app, &room);
        }
    }
    Ok(())
}

/// Finds the profiles whose session's entry is damaged: its tokens may be alive all the same.
fn unnoted(args: &Args, app: &App) -> Result<Vec<Profile>, Failure> {
    let damaged = unreadable(&app.dirs()?.state);
    if damaged.is_empty() {
        return Ok(Vec::new());
    }
    let (config, flags) = (app.config()?, args.over.overrides());
    let profiles = config
        .names()
        .filter_map(|name| config.profile(Some(name), &flags).ok());
    Ok(profiles
        .filter(|profile| {
            let (issuer, client_id) = (&profile.issuer, &profile.client_id);
            damaged.contains(&SessionKey::new(issuer, client_id, &profile.name))
        })
        .collect())
}

/// Signs out where nothing says who is signed in: a sign-in that died half-way leaves a record in
/// the store all the same.
fn without_entry(args: &Args, app: &App, name: &ProfileName) -> Result<(), Failure> {
    let room = app.open(single_profile(app, &args.which, &args.over)?)?;
    turn::sign_out(app, &room);
    if room.profile.store == StoreChoice::Agent {
        return by_the_agent(args, app, &room);
    }
    match room.keep().record(&room.key(), name) {
        Ok(Some(_)) | Err(session::Error::Unreadable(_)) => sign_out(args, app, &room),
        Ok(None) | Err(_) => {
            let note = format!("Nobody was signed in for profile `{name}`.");
            app.console.note(&note);
            Ok(())
        }
    }
}

/// Decides the profile as it was when the session began: its provider, its client, its store.
fn profile_of(args: &Args, app: &App, entry: &Entry) -> Result<Profile, Failure> {
    let flags = args
        .over
        .overrides()
        .with(Setting::Issuer, "--issuer", Some(entry.issuer.as_str()))
        .with(
            Setting::ClientId,
            "--client-id",
            Some(entry.client_id.as_str()),
        )
        .with(Setting::Store, "--store", Some(entry.store.name()));
    Ok(app.profile_of(&entry.profile, &flags)?)
}

fn sign_out(args: &Args, app: &App, room: &Room<'_>) -> Result<(), Failure> {
    // First, so that a sign-in that ends this moment is either forgotten below or never kept.
    turn::sign_out(app, room);
    last::forget(&app.dirs()?.state, &room.profile.name);
    if room.profile.store == StoreChoice::Agent {
        return by_the_agent(args, app, room);
    }
    let (key, profile) = (room.key(), &room.profile.name);
    let ending = Ending::begin(room.keep(), &key)?;
    let client = if args.local {
        None
    } else {
        at_the_provider(app, room, &ending)
    };
    let id_token = farewell::id_token(room);
    let others = sharers(app, room)?;
    ending.forget()?;
    app.console
        .note(&format!("Signed out of profile `{profile}`."));
    tell_sharers(app, &others);
    if room.profile.provider.revocation == Revocation::Nowhere {
        app.console.note(&what_lives_on(room));
    }
    // Last, and without the session's lock: a browser takes its time.
    if let Some(client) = client.filter(|_| args.everywhere) {
        farewell::end_session(app, room, &client, id_token.as_ref());
    }
    Ok(())
}

fn tell_sharers(app: &App, others: &[String]) {
    if !others.is_empty() {
        app.console.note(&format!(
            "It shared its session with {}: signed out as well.",
            others.join(", ")
        ));
    }
}

/// Says what a provider that takes nothing back leaves alive, and who can end it.
fn what_lives_on(room: &Room<'_>) -> String {
    let title = room.profile.provider.title;
    format!(
        "{title} takes no single token back: what was handed out works until it ends by itself \
         (access tokens mostly within 90 minutes), and a copy of the refresh token, if somebody \
         has one, for 90 days after its last use. If you fear that, end all your sessions there: \
         `Sign out everywhere` at https://mysignins.microsoft.com, or have an admin revoke your \
         sessions (Microsoft Graph `revokeSignInSessions`; guests in their home tenant). Signing \
         out of the browser ends none of them."
    )
}

/// Names the other profiles that are in a room's session.
fn sharers(app: &App, room: &Room<'_>) -> Result<Vec<String>, Failure> {
    let all = if room.profile.store == StoreChoice::Agent {
        app.agent_entries()
    } else {
        entries(&app.dirs()?.state)
    };
    let own = room.own_key();
    let is_own = |entry: &Entry| entry.own_key() == own;
    let key = all.iter().find(|(_, entry)| is_own(entry));
    let key = key.map_or_else(|| room.key(), |(key, _)| key.clone());
    let others = all
        .into_iter()
        .filter(|(known, entry)| *known == key && !is_own(entry));
    Ok(others
        .map(|(_, entry)| format!("`{}`", entry.profile))
        .collect())
}

/// Has the agent end a session of its own: only it has the tokens.
fn by_the_agent(args: &Args, app: &App, room: &Room<'_>) -> Result<(), Failure> {
    let profile = &room.profile;
    let id_token = args.everywhere.then(|| id_token(app, room)).flatten();
    let others = sharers(app, room)?;
    let outcome = app.agent()?.sign_out(SignOut {
        profile: profile.name.clone(),
        issuer: profile.issuer.clone(),
        client_id: profile.client_id.clone(),
        revoke: !args.local,
    })?;
    if !outcome.was_there {
        let note = format!("Nobody was signed in for profile `{}`.", profile.name);
        app.console.note(&note);
        return Ok(());
    }
    let takes_none_back = profile.provider.revocation == Revocation::Nowhere;
    if !takes_none_back {
        tell(app, "refresh token", &outcome.refresh.into());
        tell(app, "access token", &outcome.access.into());
    }
    app.console
        .note(&format!("Signed out of profile `{}`.", profile.name));
    tell_sharers(app, &others);
    if takes_none_back {
        app.console.note(&what_lives_on(room));
    }
    if args.everywhere {
        let client = room.client(room.wire()?)?;
        farewell::end_session(app, room, &client, id_token.as_ref());
    }
    Ok(())
}

/// Asks the agent for the ID token, by which the provider knows which of its sessions is meant.
fn id_token(app: &App, room: &Room<'_>) -> Option<Secret> {
    let ask = Ask {
        kind: Kind::Id,
        wanted: session::wanted(&room.profile.base),
        min_life: None,
        renew: false,
    };
    let ticket = app.tokens(room, None).ok()?.token(&ask).ok()?;
    Some(ticket.token)
}

/// Does what the provider lets us do; whatever fails there is told and never stops the rest.
/// Returns the client, when there was a session and its provider can be reached.
fn at_the_provider(app: &App, room: &Room<'_>, ending: &Ending<'_>) -> Option<Client> {
    let (keep, key, profile) = (room.keep(), room.key(), &room.profile.name);
    // An entry can be damaged, and the tokens be alive all the same.
    if keep.entry(&key).is_none() && !matches!(keep.record(&key, profile), Ok(Some(_))) {
        return None;
    }
    let reached = room.wire().and_then(|wire| Ok((wire, room.client(wire)?)));
    let (wire, client) = match reached {
        Ok(reached) => reached,
        Err(error) => {
            app.console.note(&format!(
                "The tokens could not be revoked, so they live until they end by themselves: \
                 {error}."
            ));
            return None;
        }
    };
    if room.profile.provider.revocation == Revocation::Nowhere {
        return Some(client);
    }
    match ending.revoke(
        wire,
        &client,
        (profile, room.tenant()),
        &room.every_target(),
    ) {
        Ok(farewell) => {
            tell(app, "refresh token", &farewell.refresh);
            tell(app, "access token", &farewell.access);
        }
        Err(error) => app
            .console
            .note(&format!("The tokens could not be revoked: {error}.")),
    }
    Some(client)
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
