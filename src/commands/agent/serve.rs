//! `keyfob agent` itself: listens until something ends it, then wipes what it kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::ServeArgs;
use crate::agent::{Agent, Around, Asking, Lives, Sessions, serve_all};
use crate::app::{App, Asker, Host};
use crate::audit::Trail;
use crate::base::{Diagnostic, Exit, Hint, in_words};
use crate::commands::Failure;
use crate::commands::selector::absolute;
use crate::store::Vault;
use crate::sys::harden::forbid_core_dumps;
use crate::sys::interrupt::Interrupts;
use crate::sys::process;
use crate::sys::socket::{Listener, Peer, SocketError};

/// The wait itself does not count a machine's sleep, so it is looked at the clock in between:
/// what should have ended in the night is wiped soon after the laptop is opened.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Why the agent does not start.
#[derive(Debug, thiserror::Error)]
enum NotStarted {
    #[error("the agent is already running{}", with(*.0))]
    Already(Option<u32>),
    #[error("there is no place for the agent's socket")]
    NoPlace,
}

fn with(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" (process {pid})"))
}

impl Diagnostic for NotStarted {
    fn exit(&self) -> Exit {
        Exit::Fault
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Already(_) => Some(Hint::Run("keyfob agent status".into())),
            Self::NoPlace => Some(Hint::Try(
                "name one with `--socket`, and set `KEYFOB_AGENT` to it".into(),
            )),
        }
    }
}

pub(super) fn run(args: &ServeArgs, app: &App) -> Result<(), Failure> {
    forbid_core_dumps();
    let socket = socket(args, app)?;
    let interrupts = Interrupts::watch().map_err(Failure::from_io)?;
    let mut listener = Listener::bind(&socket).map_err(not_started)?;
    listener.wake_on_signals().map_err(Failure::from_io)?;
    let vault = Arc::new(Vault::new()?);
    let folder = socket.parent().unwrap_or(Path::new("/"));
    let host = Host::new(app, Arc::clone(&vault), folder);
    if let Err(error) = host.ask_for_passphrase() {
        app.console.note(&format!(
            "keyfob: sessions in the sealed store are left to other processes: {error}"
        ));
    }
    let lives = Lives {
        idle: args.idle,
        hard: args.life,
    };
    let waker = listener.waker().map_err(Failure::from_io)?;
    let asker = Asker::new(app);
    let around = around(args, app, (&socket, &asker))?;
    let sessions = (Arc::clone(&vault), &host as &dyn Sessions);
    let agent = Agent::new(sessions, app.clock(), waker, lives, around);
    greet(app, &vault, lives);
    app.console.answer(&socket.to_string_lossy())?;

    let mut end = None;
    let mut more = || {
        end = agent.end(interrupts.requested());
        end.is_none().then(|| agent.left().min(LONGEST_WAIT))
    };
    let refused = |peer: Peer| {
        app.console.note(&format!(
            "keyfob: warning: user {} tried to use the agent, and was refused",
            peer.uid
        ));
    };
    let served = serve_all(&agent, &listener, &mut more, &refused);
    vault.wipe();
    drop(listener);
    served.map_err(Failure::from_io)?;
    if let Some(end) = end {
        app.console
            .note(&format!("keyfob: the agent has ended: {end}."));
    }
    Ok(())
}

fn around<'a>(
    args: &ServeArgs,
    app: &App,
    (socket, asker): (&Path, &'a Asker<'_>),
) -> Result<Around<'a>, Failure> {
    if let (true, Err(error)) = (args.confirm, asker.check()) {
        app.console
            .note(&format!("keyfob: warning: no token will be given: {error}"));
    }
    Ok(Around {
        socket: socket.to_owned(),
        machine: process::machine(),
        confirm: args.confirm,
        trail: Trail::new(&app.dirs()?.state),
        person: asker,
        asking: Asking::default(),
    })
}

fn socket(args: &ServeArgs, app: &App) -> Result<PathBuf, Failure> {
    if let Some(path) = &args.socket {
        return Ok(absolute(&path.to_string_lossy()).into());
    }
    Ok(app.agent_socket()?.ok_or(NotStarted::NoPlace)?)
}

fn not_started(error: SocketError) -> Failure {
    if let SocketError::InUse { pid, .. } = error {
        return NotStarted::Already(pid).into();
    }
    error.into()
}

fn greet(app: &App, vault: &Vault, lives: Lives) {
    app.console.note(&format!(
        "keyfob: the agent is process {}; it ends after {} without use, and after {} in any case.",
        std::process::id(),
        in_words(lives.idle),
        in_words(lives.hard)
    ));
    if vault.in_locked_memory() != Some(true) {
        app.console.note(
            "keyfob: warning: this system does not lock the agent's memory, so the key of what it \
             keeps may be swapped out.",
        );
    }
}
