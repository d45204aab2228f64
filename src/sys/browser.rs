//! The user's browser: the command of the profile, `$BROWSER`, or what the desktop opens.
//!
//! The URL comes from a provider's document, so it is hostile: it is opened only when it is `https`
//! (or plain HTTP on this machine), as the `url` crate writes it, as one argument, and never
//! through a shell. What the browser prints never reaches our streams, and its end is not awaited.

mod command;
mod remote;
#[cfg(test)]
#[cfg(unix)]
mod tests;

use std::io;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use url::Url;

use super::env::Env;
use crate::base::{Diagnostic, Exit, Hint, Vars, is_loopback_host, printable_line};

pub use remote::{SshSession, ssh_session};

/// How long a browser that cannot start has to say so before the caller goes on.
const QUICK: Duration = Duration::from_millis(250);

/// Something that shows a web page to the user.
pub trait Browser: Send + Sync {
    /// Opens the page, and returns as soon as that seems to have worked.
    ///
    /// # Errors
    ///
    /// [`BrowserError`]; the caller shows the URL instead.
    fn open(&self, url: &Url) -> Result<(), BrowserError>;

    /// Returns why the browser ended, if it failed after [`Browser::open`] returned; says it once.
    fn failure(&self) -> Option<BrowserError> {
        None
    }
}

/// Why no browser could be opened.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// The command is empty, or a quotation in it has no end.
    #[error("`{command}` is no browser command")]
    Command {
        /// The command.
        command: String,
    },
    /// The browser ended at once, with a failure.
    #[error("the browser command `{command}` failed ({status})")]
    Failed {
        /// The program.
        command: String,
        /// How it ended.
        status: String,
    },
    /// The desktop has none.
    #[error("no browser was found")]
    None,
    /// The command does not start.
    #[error("the browser command `{command}` cannot be started")]
    NotStarted {
        /// The program.
        command: String,
        /// What the system said.
        source: io::Error,
    },
    /// The URL is not one to open.
    #[error("a `{scheme}` URL on this host is not opened in a browser")]
    Unsafe {
        /// The URL's scheme.
        scheme: String,
    },
}

impl Diagnostic for BrowserError {
    fn exit(&self) -> Exit {
        match self {
            Self::Command { .. } => Exit::Config,
            Self::Failed { .. } | Self::None | Self::NotStarted { .. } => Exit::Fault,
            Self::Unsafe { .. } => Exit::Refused,
        }
    }

    fn hint(&self) -> Option<Hint> {
        let hint = match self {
            Self::Command { .. } | Self::Failed { .. } | Self::NotStarted { .. } => {
                "correct `browser` in the profile, or the variable `BROWSER`"
            }
            Self::None => "name one in `BROWSER`, or use `--no-browser`, or `--device`",
            Self::Unsafe { .. } => return None,
        };
        Some(Hint::Try(hint.to_owned()))
    }
}

/// The browser of this desktop.
#[derive(Debug, Default)]
pub struct Desktop {
    /// The profile's command; `%s` stands for the URL, which else comes last.
    command: Option<String>,
    /// `$BROWSER`: such commands, separated by `:`.
    variable: Option<String>,
    started: Mutex<Option<Started>>,
}

/// A browser that was still running when the caller went on.
#[derive(Debug)]
struct Started {
    command: String,
    ended: Receiver<io::Result<std::process::ExitStatus>>,
}

impl Desktop {
    /// Takes the profile's command, and `$BROWSER` for when there is none.
    pub fn new(command: Option<String>, vars: &Vars) -> Self {
        Self {
            command,
            variable: vars.get("BROWSER").map(ToOwned::to_owned),
            started: Mutex::default(),
        }
    }

    fn run(&self, command: &str, url: &Url) -> Result<(), BrowserError> {
        let words = command::words(command, url.as_str());
        let Some((program, arguments)) = words.as_deref().and_then(<[String]>::split_first) else {
            let command = printable_line(command).into_owned();
            return Err(BrowserError::Command { command });
        };
        let shown = printable_line(program).into_owned();
        let child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match child {
            Ok(child) => self.watch(child, shown),
            Err(source) => Err(BrowserError::NotStarted {
                command: shown,
                source,
            }),
        }
    }

    /// Awaits the end in a thread: an early failure is an error, a later one is kept.
    fn watch(&self, mut child: Child, command: String) -> Result<(), BrowserError> {
        let (sender, ended) = mpsc::channel();
        thread::spawn(move || drop(sender.send(child.wait())));
        let started = Started { command, ended };
        match started.ended.recv_timeout(QUICK) {
            Ok(status) => started.judge(&status).map_or(Ok(()), Err),
            Err(RecvTimeoutError::Disconnected) => Ok(()),
            Err(RecvTimeoutError::Timeout) => {
                let mut kept = self.started.lock().unwrap_or_else(PoisonError::into_inner);
                *kept = Some(started);
                Ok(())
            }
        }
    }
}

impl Started {
    fn judge(&self, status: &io::Result<std::process::ExitStatus>) -> Option<BrowserError> {
        let status = match status {
            Ok(status) if status.success() => return None,
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        };
        Some(BrowserError::Failed {
            command: self.command.clone(),
            status,
        })
    }
}

impl Browser for Desktop {
    fn open(&self, url: &Url) -> Result<(), BrowserError> {
        let private = match url.scheme() {
            "https" => url.has_host(),
            "http" => is_loopback_host(url),
            _ => false,
        };
        if !private {
            return Err(BrowserError::Unsafe {
                scheme: url.scheme().to_owned(),
            });
        }
        if let Some(command) = &self.command {
            return self.run(command, url);
        }
        let Some(variable) = &self.variable else {
            return webbrowser::open(url.as_str()).map_err(|_| BrowserError::None);
        };
        let commands = variable.split(':').filter(|command| !command.is_empty());
        let mut last = BrowserError::None;
        for command in commands {
            match self.run(command, url) {
                Ok(()) => return Ok(()),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn failure(&self) -> Option<BrowserError> {
        let mut kept = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        let started = kept.as_ref()?;
        match started.ended.try_recv() {
            Ok(status) => {
                let failure = started.judge(&status);
                *kept = None;
                failure
            }
            Err(_) => None,
        }
    }
}

/// Tells whether a browser can be expected here, from variables alone: looking for one costs more.
pub fn is_likely(env: &Env) -> bool {
    let set = |name| env.vars.get(name).is_some();
    match () {
        () if set("BROWSER") || set("DISPLAY") || set("WAYLAND_DISPLAY") => true,
        () if set("SSH_CONNECTION") || set("SSH_CLIENT") || set("SSH_TTY") => false,
        () if set("WSL_DISTRO_NAME") || set("WSL_INTEROP") => true,
        () => cfg!(any(target_os = "macos", windows)),
    }
}
