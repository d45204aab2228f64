//! A listener on this machine for the one answer of a browser sign-in (RFC 8252 §7.3, §8.3).
//!
//! A small gate accepts the connections and lets one kind of request through: exact host, exact
//! path, the one method that was asked for, complete within seconds, and small. `tiny_http`, on a
//! socket that only the gate knows, serves what came through. Never listens beyond loopback, never
//! follows a parameter, never sends a CORS header, and junk never ends the wait.

mod gate;
mod host;
mod relay;
mod request;
#[cfg(test)]
mod tests;

use std::io;
use std::net::TcpListener;
use std::time::Duration;

use url::Url;

use self::gate::Gate;
use self::relay::Relay;
use self::request::Expected;
use super::clock::{Clock, SystemClock};
use crate::base::{Diagnostic, Exit, Hint, Secret, in_words, printable_line};

pub use self::host::LoopbackHost;

/// How long the loop rests when nobody came.
const REST: Duration = Duration::from_millis(10);

/// What to listen on.
#[derive(Clone, Debug)]
pub struct Bind {
    /// The redirect URI's host.
    pub host: LoopbackHost,
    /// A fixed port; none for a random one.
    pub port: Option<u16>,
    /// The redirect URI's path, with its first `/`.
    pub path: String,
    /// How the answer comes.
    pub accept: Accept,
}

/// The one kind of answer that is let through.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Accept {
    /// Parameters in the query (`response_mode=query`).
    Get,
    /// Parameters in a form (`response_mode=form_post`).
    Post,
}

/// How an answer came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Method {
    /// In the query.
    Get,
    /// In a form.
    Post,
}

/// An answer to judge: it has the right host, path and method, and nothing else is known of it.
#[derive(Debug)]
pub struct Answer {
    /// How it came.
    pub method: Method,
    /// The page it came from, as the browser says; `null` when the browser will not say.
    pub origin: Option<String>,
    /// The parameters, still form-encoded.
    pub parameters: Secret,
}

/// What becomes of an answer.
#[derive(Clone, Debug)]
pub enum Reply {
    /// It is the one: show a page, and end the wait when the browser has it.
    Finish {
        /// The page's HTML; its first `<style>` is allowed by its hash, nothing else is.
        page: String,
        /// The status, such as 200.
        status: u16,
    },
    /// It is somebody else's: refuse it, and wait on.
    Junk {
        /// The status, 400 to 499.
        status: u16,
    },
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub enum LoopbackError {
    /// The addresses of this machine cannot be listened on.
    #[error("cannot listen on {host}")]
    Bind {
        /// The host, as in the redirect URI.
        host: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The path cannot stand in a redirect URI.
    #[error("`{0}` cannot be the path of a redirect URI")]
    Path(String),
    /// Another program listens there.
    #[error("port {port} on {host} is taken by another program")]
    PortTaken {
        /// The port.
        port: u16,
        /// The host, as in the redirect URI.
        host: &'static str,
    },
    /// The server behind the gate failed.
    #[error("the listener for the answer failed")]
    Relay(#[source] io::Error),
    /// The caller asked to stop.
    #[error("the wait for the browser was interrupted")]
    Stopped,
    /// The deadline passed.
    #[error("no answer came from the browser within {}", in_words(*.0))]
    TimedOut(Duration),
}

impl Diagnostic for LoopbackError {
    fn exit(&self) -> Exit {
        match self {
            Self::Bind { .. } | Self::Relay(_) => Exit::Fault,
            Self::Path(_) | Self::PortTaken { .. } => Exit::Config,
            Self::Stopped | Self::TimedOut(_) => Exit::SignInIncomplete,
        }
    }

    fn hint(&self) -> Option<Hint> {
        let hint = match self {
            Self::Bind { .. } => "use `redirect_host = \"127.0.0.1\"`, or sign in by device".into(),
            Self::Path(_) => "write a path like `/` or `/callback`".into(),
            Self::PortTaken { port, .. } if cfg!(target_os = "linux") => {
                format!("see who has it with `ss -ltnp 'sport = :{port}'`, or use a random port")
            }
            Self::PortTaken { .. } => "end that program, or use a random port".into(),
            Self::Relay(_) => "check that the folder for temporary files can be written".into(),
            Self::TimedOut(_) => {
                "finish in the browser sooner, or allow more with `--timeout`".into()
            }
            Self::Stopped => return None,
        };
        Some(Hint::Try(hint))
    }
}

/// The listener; frees its port when dropped.
#[derive(Debug)]
pub struct Listener {
    sockets: Vec<TcpListener>,
    redirect_uri: Url,
    expected: Expected,
}

impl Listener {
    /// Listens, so that the port can be told to the provider; nobody is answered yet.
    ///
    /// # Errors
    ///
    /// [`LoopbackError::Path`], [`LoopbackError::PortTaken`] or [`LoopbackError::Bind`].
    pub fn bind(bind: &Bind) -> Result<Self, LoopbackError> {
        let sockets = bind.host.listen(bind.port)?;
        let failed = |source| bind.host.cannot_listen(source);
        let mut port = 0;
        for socket in &sockets {
            socket.set_nonblocking(true).map_err(failed)?;
            port = socket.local_addr().map_err(failed)?.port();
        }
        let redirect_uri = redirect_uri(bind, port)?;
        let authority = match redirect_uri.port() {
            Some(port) => format!("{}:{port}", bind.host.name()),
            None => bind.host.name().to_owned(),
        };
        Ok(Self {
            expected: Expected {
                authority,
                path: redirect_uri.path().to_owned(),
                accept: bind.accept,
            },
            sockets,
            redirect_uri,
        })
    }

    /// Returns the redirect URI, exactly as it is to be advertised.
    pub fn redirect_uri(&self) -> Url {
        self.redirect_uri.clone()
    }

    /// Tells whether `localhost` is listened on by IPv4 alone, because this machine has no IPv6.
    pub fn lacks_ipv6(&self) -> bool {
        self.sockets.len() == 1 && self.expected.authority.starts_with("localhost")
    }

    /// Waits until `judge` finishes, at most until `deadline` has passed or `stop` says so.
    ///
    /// # Errors
    ///
    /// [`LoopbackError::TimedOut`], [`LoopbackError::Stopped`] or [`LoopbackError::Relay`].
    pub fn wait(
        &self,
        deadline: Duration,
        stop: &dyn Fn() -> bool,
        judge: &mut dyn FnMut(&Answer) -> Reply,
    ) -> Result<(), LoopbackError> {
        let clock = SystemClock::new();
        let relay = Relay::start().map_err(LoopbackError::Relay)?;
        let mut gate = Gate::new(&self.sockets, &self.expected, &clock);
        loop {
            if stop() {
                return Err(LoopbackError::Stopped);
            }
            if clock.elapsed() >= deadline {
                return Err(LoopbackError::TimedOut(deadline));
            }
            let Some(passed) = gate.next() else {
                clock.sleep(REST.min(deadline.saturating_sub(clock.elapsed())));
                continue;
            };
            let (answer, finished) = relay
                .serve(&passed.request, &self.expected, judge)
                .map_err(LoopbackError::Relay)?;
            gate.answer(passed, &answer);
            if finished {
                gate.see_off();
                return Ok(());
            }
        }
    }
}

fn redirect_uri(bind: &Bind, port: u16) -> Result<Url, LoopbackError> {
    let wrong = || LoopbackError::Path(printable_line(&bind.path).into_owned());
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '?' | '#' | '\\' | '"' | '<' | '>');
    if !bind.path.starts_with('/') || bind.path.starts_with("//") || !bind.path.chars().all(plain) {
        return Err(wrong());
    }
    let text = format!("http://{}:{port}{}", bind.host.name(), bind.path);
    Url::parse(&text).map_err(|_| wrong())
}
