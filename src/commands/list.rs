//! `keyfob list`: who is signed in, what is held, and for how long.
//!
//! Reads entries only, and asks the agent, if there is one, for those that it has: no keyring, no
//! network, no secret.

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::Failure;
use crate::app::App;
use crate::base::{ProfileName, Timestamp, in_words, printable_line};
use crate::config::{Config, Overrides};
use crate::output::document;
use crate::output::listing::table;
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
    let config = app.config()?;
    let mut entries = entries(&app.dirs()?.state);
    entries.extend(app.agent_entries());
    entries.sort_by(|(_, a), (_, b)| a.profile.cmp(&b.profile));
    let now = app.clock().now();
    let unreadable = unreadable(&app.dirs()?.state);
    let idle: Vec<(&ProfileName, &str)> = config
        .names()
        .filter(|name| !entries.iter().any(|(_, entry)| entry.profile == **name))
        .map(|name| {
            let is_lost = session_of(&config, name).is_some_and(|key| unreadable.contains(&key));
            (name, if is_lost { "unreadable" } else { "signed out" })
        })
        .collect();
    if !unreadable.is_empty() {
        app.console.note(
            "keyfob: warning: what is noted about a session cannot be read; its next \
             `keyfob login` writes it anew",
        );
    }
    if args.json {
        let mut all: Vec<Value> = entries
            .iter()
            .map(|(_, entry)| as_json(entry, now))
            .collect();
        all.extend(
            idle.iter()
                .map(|(name, state)| json!({ "profile": name, "state": state.replace(' ', "_") })),
        );
        let text = document(&Value::Array(all));
        return Ok(app.console.answer(&text)?);
    }
    if entries.is_empty() && idle.is_empty() {
        app.console
            .note("There is no profile yet: make one with `keyfob config add`.");
        return Ok(());
    }
    let mut rows: Vec<Vec<String>> = entries
        .iter()
        .map(|(_, entry)| as_row(entry, now))
        .collect();
    rows.extend(idle.iter().map(|(name, state)| {
        let dash = || "-".to_owned();
        vec![
            name.to_string(),
            dash(),
            (*state).to_owned(),
            dash(),
            dash(),
            dash(),
        ]
    }));
    let heads = ["PROFILE", "ACCOUNT", "STATE", "TOKENS", "STORE", "ISSUER"];
    Ok(app.answer_page(&table(&heads, &rows, app.style()))?)
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

fn as_row(entry: &Entry, now: Timestamp) -> Vec<String> {
    vec![
        entry.profile.to_string(),
        printable_line(&entry.label).into_owned(),
        state(entry, now).to_owned(),
        tokens(entry, now),
        entry.store.name().to_owned(),
        entry.issuer.to_string(),
    ]
}

/// Says as JSON what is held of a session.
pub(super) fn as_json(entry: &Entry, now: Timestamp) -> Value {
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
        "store": entry.store.name(),
        "signed_in_at": entry.signed_in,
        "refresh_token": entry.refreshable && entry.ended.is_none(),
        "ended": entry.ended.as_ref().map(|ended| json!({ "at": ended.at, "error": ended.error })),
        "access_tokens": tokens,
    })
}
