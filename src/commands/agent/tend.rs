//! The verbs that tend to a running agent: status, lock, unlock, stop.

use std::io::{self, Read as _};

use serde_json::json;
use zeroize::Zeroizing;

use crate::agent::frame::Status;
use crate::app::App;
use crate::base::{Diagnostic, Exit, Hint, Secret, in_words, printable_line};
use crate::commands::Failure;
use crate::commands::list::{as_json, tokens};
use crate::output::document;
use crate::session::Entry;

/// The longest passphrase.
const LONGEST: usize = 4096;

/// Why there is no passphrase.
#[derive(Debug, thiserror::Error)]
enum NoPassphrase {
    #[error("the two passphrases differ")]
    Differ,
    #[error("no passphrase was given")]
    Empty,
    #[error("the passphrase cannot be read from stdin")]
    Stdin(#[source] io::Error),
    #[error("the passphrase is not text of at most {LONGEST} bytes")]
    NotText,
}

impl Diagnostic for NoPassphrase {
    fn exit(&self) -> Exit {
        Exit::Usage
    }

    fn hint(&self) -> Option<Hint> {
        let hint = match self {
            Self::Differ => "type the same twice",
            Self::Empty | Self::NotText | Self::Stdin(_) => {
                "type it on a terminal, or pipe it in with `--stdin`"
            }
        };
        Some(Hint::Try(hint.into()))
    }
}

pub(super) fn status(json: bool, app: &App) -> Result<(), Failure> {
    let client = app.agent()?;
    let status = client.status()?;
    // A locked agent cannot tell: whose sessions it keeps is sealed as well.
    let sessions = if status.locked {
        None
    } else {
        Some(client.sessions()?)
    };
    if json {
        return Ok(app.console.answer(&as_document(app, &status, sessions))?);
    }
    let now = app.clock().now();
    let mut lines = vec![
        format!(
            "process {}, running for {}, {} {}",
            status.pid,
            in_words(now.since(status.since)),
            status.requests,
            if status.requests == 1 {
                "request"
            } else {
                "requests"
            }
        ),
        format!(
            "ends after {} without use, and after {} in any case",
            in_words(std::time::Duration::from_secs(status.idle_left)),
            in_words(std::time::Duration::from_secs(status.life_left)),
        ),
        memory(&status).to_owned(),
    ];
    for entry in sessions.iter().flatten() {
        lines.push(format!(
            "keeps {} ({}): {}",
            entry.profile,
            printable_line(&entry.label),
            tokens(entry, now)
        ));
    }
    Ok(app.console.answer(&lines.join("\n"))?)
}

fn memory(status: &Status) -> &'static str {
    match (status.locked, status.in_locked_memory) {
        (true, _) => "locked: nothing is in the clear",
        (false, Some(true)) => "unlocked; the key of what it keeps is in locked memory",
        (false, _) => "unlocked; the system does not lock its memory",
    }
}

fn as_document(app: &App, status: &Status, sessions: Option<Vec<Entry>>) -> String {
    let now = app.clock().now();
    let sessions = sessions.map(|sessions| {
        let sessions = sessions.iter().map(|entry| as_json(entry, None, now));
        sessions.collect::<Vec<_>>()
    });
    document(&json!({
        "pid": status.pid,
        "since": status.since,
        "idle_left": status.idle_left,
        "life_left": status.life_left,
        "locked": status.locked,
        "in_locked_memory": status.in_locked_memory,
        "requests": status.requests,
        "sessions": sessions,
    }))
}

pub(super) fn lock(stdin: bool, app: &App) -> Result<(), Failure> {
    let client = app.agent()?;
    let passphrase = if stdin {
        from_stdin()?
    } else {
        let first = app
            .console
            .ask_hidden("passphrase to lock the agent with")?;
        let again = app.console.ask_hidden("the same again")?;
        if !first.matches(again.expose()) {
            return Err(NoPassphrase::Differ.into());
        }
        first
    };
    // Asking may have taken longer than the agent waits for a request.
    drop(client);
    app.agent()?.lock(passphrase)?;
    app.console.note("The agent is locked.");
    Ok(())
}

pub(super) fn unlock(stdin: bool, app: &App) -> Result<(), Failure> {
    drop(app.agent()?);
    let passphrase = if stdin {
        from_stdin()?
    } else {
        app.console.ask_hidden("passphrase of the agent")?
    };
    app.agent()?.unlock(passphrase)?;
    app.console.note("The agent is unlocked.");
    Ok(())
}

pub(super) fn stop(app: &App) -> Result<(), Failure> {
    app.agent()?.stop()?;
    app.console.note("The agent has ended.");
    Ok(())
}

fn from_stdin() -> Result<Secret, NoPassphrase> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 2));
    io::stdin()
        .take(LONGEST as u64 + 2)
        .read_to_end(&mut bytes)
        .map_err(NoPassphrase::Stdin)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| NoPassphrase::NotText)?;
    let text = text.trim_end_matches(['\r', '\n']);
    match text.len() {
        0 => Err(NoPassphrase::Empty),
        length if length > LONGEST => Err(NoPassphrase::NotText),
        _ => Ok(Secret::new(text.to_owned())),
    }
}
