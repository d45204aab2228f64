//! `keyfob list`: who is signed in, what is held, and for how long.
//!
//! Reads entries only, and asks the agent, if there is one, for those that it has: no keyring, no
//! network, no secret.

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::Failure;
use super::turn::{on_the_clock, this_process};
use crate::app::App;
use crate::base::{ProfileName, Timestamp, in_words, printable_line};
use crate::config::{Config, Overrides};
use crate::output::document;
use crate::output::listing::table;
use crate::provider::entra::Authority;
use crate::session::attempt::{Attempt, Place, all_ongoing};
use crate::session::{Entry, SessionKey, entries, unreadable};

/// What `keyfob list` takes.
#[derive(ClapArgs, Debug)]
pub struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when the configuration cannot be read.
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    let known = known(app)?;
    let now = app.clock().now();
    if args.json {
        let mut all: Vec<Value> = known
            .held
            .iter()
            .map(|(entry, attempt)| as_json(entry, attempt.as_ref(), now))
            .collect();
        all.extend(known.idle.iter().map(|(name, state, attempt)| {
            let state = state.replace(' ', "_");
            json!({ "profile": name, "state": state, "sign_in": sign_in(attempt.as_ref()) })
        }));
        let text = document(&Value::Array(all));
        return Ok(app.console.answer(&text)?);
    }
    if known.held.is_empty() && known.idle.is_empty() {
        app.console
            .note("There is no profile yet: make one with `keyfob config add`.");
        return Ok(());
    }
    let here = this_process(app).host;
    let under = |attempt: &Attempt| {
        let who = attempt.by.named(here.as_deref());
        let since = on_the_clock(attempt.since, now);
        format!("signing in since {since}, {who}")
    };
    let mut rows: Vec<Vec<String>> = known
        .held
        .iter()
        .map(|(entry, attempt)| as_row(entry, attempt.as_ref().map(under), now))
        .collect();
    rows.extend(known.idle.iter().map(|(name, state, attempt)| {
        let dash = || "-".to_owned();
        let state = || (*state).to_owned();
        vec![
            name.clone(),
            dash(),
            attempt.as_ref().map_or_else(state, under),
            dash(),
            dash(),
            String::new(),
            String::new(),
            dash(),
        ]
    }));
    let heads = [
        "PROFILE", "ACCOUNT", "STATE", "TOKENS", "STORE", "TENANT", "HOME", "ISSUER",
    ];
    Ok(app.answer_page(&table(&heads, &rows, app.style()))?)
}

/// All that is known without asking anybody.
struct Known {
    /// Each session, and the sign-in that is to replace it.
    held: Vec<(Entry, Option<Attempt>)>,
    /// Each profile without a session, its state, and the sign-in that is in progress.
    idle: Vec<(String, &'static str, Option<Attempt>)>,
}

fn known(app: &App) -> Result<Known, Failure> {
    let config = app.config()?;
    let state = &app.dirs()?.state;
    let (mut entries, unreadable) = (entries(state), unreadable(state));
    entries.extend(app.agent_entries());
    entries.sort_by(|(_, a), (_, b)| a.profile.cmp(&b.profile));
    let mut underway = all_ongoing(state);
    let mut idle: Vec<_> = config
        .names()
        .filter(|name| !entries.iter().any(|(_, entry)| entry.profile == **name))
        .map(|name| {
            let key = session_of(&config, name);
            let is_lost = key.as_ref().is_some_and(|key| unreadable.contains(key));
            let state = if is_lost { "unreadable" } else { "signed out" };
            let attempt = key.and_then(|key| taken(&mut underway, &key));
            (name.to_string(), state, attempt)
        })
        .collect();
    let held = entries
        .into_iter()
        .map(|(_, entry)| {
            let attempt = taken(&mut underway, &entry.own_key());
            (entry, attempt)
        })
        .collect();
    // Whoever signs in with settings that no profile has is seen all the same.
    idle.extend(
        underway
            .into_iter()
            .map(|(_, attempt)| (attempt.profile.to_string(), "signed out", Some(attempt))),
    );
    if !unreadable.is_empty() {
        app.console.note(
            "keyfob: warning: what is noted about a session cannot be read; its next \
             `keyfob login` writes it anew",
        );
    }
    Ok(Known { held, idle })
}

/// Takes the sign-in of a session out of those that are in progress.
fn taken(underway: &mut Vec<(SessionKey, Attempt)>, key: &SessionKey) -> Option<Attempt> {
    let at = underway.iter().position(|(known, _)| known == key)?;
    Some(underway.swap_remove(at).1)
}

/// The name of a profile's session, as far as the profile is complete.
fn session_of(config: &Config, name: &ProfileName) -> Option<SessionKey> {
    let profile = config.profile(Some(name), &Overrides::default()).ok()?;
    Some(SessionKey::new(
        &profile.issuer,
        &profile.client_id,
        &profile.name,
    ))
}

/// What can be said of a session without asking anybody.
fn state(entry: &Entry, now: Timestamp) -> &'static str {
    let alive = entry.tokens.iter().any(|token| token.expires > now);
    match (&entry.ended, entry.refreshable) {
        (Some(_), _) => "ended",
        (None, true) => "signed in",
        (None, false) if alive => "signed in",
        (None, false) => "over",
    }
}

/// Says in words what is held of a session.
pub(super) fn tokens(entry: &Entry, now: Timestamp) -> String {
    let mut tokens: Vec<String> = Vec::new();
    if entry.refreshable && entry.ended.is_none() {
        tokens.push("refresh".into());
    }
    for token in entry.tokens.iter().filter(|token| token.expires > now) {
        tokens.push(format!("access {}", in_words(token.expires.since(now))));
    }
    if tokens.is_empty() {
        "-".to_owned()
    } else {
        tokens.join(", ")
    }
}

fn as_row(entry: &Entry, underway: Option<String>, now: Timestamp) -> Vec<String> {
    vec![
        entry.profile.to_string(),
        printable_line(&entry.label).into_owned(),
        match (state(entry, now), underway) {
            ("signed in", Some(underway)) => format!("signed in, {underway}"),
            (_, Some(underway)) => underway,
            (state, None) => state.to_owned(),
        },
        tokens(entry, now),
        entry.store.name().to_owned(),
        tenant(entry).unwrap_or_default(),
        match &entry.home {
            Some(home) if tenant(entry).as_deref() == Some(home.tenant()) => "same".to_owned(),
            Some(home) => home.tenant().to_owned(),
            None => String::new(),
        },
        entry.issuer.to_string(),
    ]
}

/// Returns the tenant that a session's profile signs in at, where accounts have a home of their
/// own.
fn tenant(entry: &Entry) -> Option<String> {
    entry.home.as_ref()?;
    let authority = Authority::parse(entry.issuer.as_str()).ok()?;
    Some(authority.tenant.to_string())
}

/// Says as JSON what is held of a session.
pub(super) fn as_json(entry: &Entry, attempt: Option<&Attempt>, now: Timestamp) -> Value {
    let tokens: Vec<Value> = entry
        .tokens
        .iter()
        .map(|token| {
            json!({
                "target": token.target,
                "expires_at": token.expires,
                "expires_in": token.expires.since(now).as_secs(),
            })
        })
        .collect();
    json!({
        "profile": entry.profile,
        "state": state(entry, now).replace(' ', "_"),
        "issuer": entry.issuer,
        "client_id": entry.client_id,
        "subject": entry.subject,
        "account": entry.label,
        "tenant": tenant(entry),
        "home_account": entry.home,
        "store": entry.store.name(),
        "signed_in_at": entry.signed_in,
        "refresh_token": entry.refreshable && entry.ended.is_none(),
        "ended": entry.ended.as_ref().map(|ended| json!({ "at": ended.at, "error": ended.error })),
        "access_tokens": tokens,
        "sign_in": sign_in(attempt),
    })
}

/// A sign-in that is in progress, and where it can be finished.
fn sign_in(attempt: Option<&Attempt>) -> Value {
    let Some(attempt) = attempt else {
        return Value::Null;
    };
    let place = attempt.place.as_ref();
    let way = place.map(|place| match place {
        Place::Browser { .. } => "browser",
        Place::Open { .. } => "open_yourself",
        Place::Device { .. } => "device",
    });
    let user_code = place.and_then(|place| match place {
        Place::Device { user_code, .. } => Some(user_code),
        Place::Browser { .. } | Place::Open { .. } => None,
    });
    json!({
        "since": attempt.since,
        "until": attempt.deadline,
        "process": attempt.by.pid,
        "host": attempt.by.host,
        "terminal": attempt.by.terminal,
        "started_by": attempt.by.started_by,
        "way": way,
        "address": place.and_then(Place::address).map(|url| url.to_string()),
        "user_code": user_code,
    })
}
