//! The embedded practice provider: strict by default, misbehaves on request.
//!
//! A real OpenID provider on a loopback address, in memory: OIDC Core and Discovery, RFC 6749,
//! 6750, 7009, 7636, 7662, 8252, 8414, 8628, 8707, 9068, 9126 and 9207. It is the other side of the
//! wire: it never uses `session`, `store` or `flow`, and shares no code with the client that its
//! answers test. Its people are made up and have no passwords; never expose it to a network.
//!
//! ```no_run
//! use keyfob::issuer::{Endpoint, Fault, Provider, Settings};
//!
//! let fault = Fault::parse("id.aud.wrong").expect("the fault exists");
//! let settings = Settings { faults: vec![fault], ..Settings::default() };
//! let provider = Provider::start(settings).expect("a loopback port is free");
//! assert_eq!(provider.requests(Endpoint::Token), 0);
//! ```

mod clients;
mod clock;
mod endpoints;
mod fault;
mod gate;
mod keys;
mod log;
mod message;
mod mint;
mod pages;
mod people;
mod random;
mod realm;
mod scenario;
mod server;
mod settings;
mod state;

mod weak_key;

pub mod visitor;

#[cfg(test)]
mod tests;

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crate::base::{Diagnostic, Exit, Hint, Secret, printable_line};

pub use clients::{CLI_CLIENT, Client, SERVICE_CLIENT};
pub use fault::{Fault, FaultError, FaultInfo, Flow, Verdict};
pub use keys::{Algorithm, KeyPool};
pub use log::{Endpoint, LoggedRequest};
pub use people::Person;
pub use scenario::{Account, Entra, Script, ScriptError, ScriptInfo};
pub use settings::{Host, Lifetimes, OnRequest, PushedRequests, Registration, Rotation, Settings};

use gate::Gate;
use realm::Realm;

/// How often a port that is free on 127.0.0.1 is tried on `[::1]` too.
const ATTEMPTS: usize = 16;

/// A provider that runs; stops when dropped.
pub struct Provider {
    port: u16,
    realm: Arc<Realm>,
    gate: Option<Gate>,
    inner: Arc<tiny_http::Server>,
    dispatcher: Option<JoinHandle<()>>,
}

/// Why a provider did not start.
#[derive(Debug, thiserror::Error)]
pub enum IssuerStartError {
    /// The port is taken, or may not be listened on.
    #[error("the practice provider cannot listen on {host} port {port}")]
    Listen {
        /// The host.
        host: &'static str,
        /// The port.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The issuer's path is not one.
    #[error("`{0}` is no path for an issuer")]
    Path(String),
    /// Nobody has this id.
    #[error("there is no sample person `{0}`")]
    Person(String),
    /// The system would not start a thread.
    #[error("the practice provider cannot start a thread")]
    Thread(#[source] io::Error),
}

impl Diagnostic for IssuerStartError {
    fn exit(&self) -> Exit {
        match self {
            Self::Listen { .. } | Self::Thread(_) => Exit::Fault,
            Self::Path(_) | Self::Person(_) => Exit::Usage,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Listen { .. } => {
                Some(Hint::Try("choose another port, or 0 for a free one".into()))
            }
            Self::Path(_) => Some(Hint::Try(
                "use letters, digits, `-`, `.`, `_` and `~`, as in `/tenant/one`".into(),
            )),
            Self::Person(_) => {
                let ids: Vec<_> = Person::ALL.iter().map(|person| person.id).collect();
                Some(Hint::Try(format!("choose one of {}", ids.join(", "))))
            }
            Self::Thread(_) => None,
        }
    }
}

impl Provider {
    /// Starts a provider; it answers as soon as this returns.
    ///
    /// # Errors
    ///
    /// [`IssuerStartError`] when a setting makes no sense or the system gives no port or thread.
    pub fn start(settings: Settings) -> Result<Self, IssuerStartError> {
        check(&settings)?;
        let wanted = (settings.host, settings.port);
        let listen = |source| IssuerStartError::Listen {
            host: wanted.0.name(),
            port: wanted.1,
            source,
        };
        let (listeners, port) = bind(wanted.0, wanted.1).map_err(listen)?;
        let realm = Arc::new(Realm::new(settings, port));
        let inner = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(listen)?;
        let inner_address = inner.local_addr().map_err(listen)?;
        let inner = tiny_http::Server::from_listener(inner, None)
            .map_err(|error| listen(io::Error::other(error.to_string())))?;
        let inner = Arc::new(inner);
        let dispatcher = {
            let (inner, realm) = (Arc::clone(&inner), Arc::clone(&realm));
            thread::Builder::new()
                .name("issuer".to_owned())
                .spawn(move || server::run(&inner, &realm))
                .map_err(IssuerStartError::Thread)?
        };
        let gate =
            Gate::open(&realm, listeners, inner_address).map_err(IssuerStartError::Thread)?;
        warm_up(&realm)?;
        Ok(Self {
            port,
            realm,
            gate: Some(gate),
            inner,
            dispatcher: Some(dispatcher),
        })
    }

    /// Returns the issuer: a URL without a slash at its end.
    pub fn issuer(&self) -> &str {
        &self.realm.issuer
    }

    /// Returns where it is: the start of every address of it, without a slash at its end.
    pub fn origin(&self) -> &str {
        &self.realm.origin
    }

    /// Returns the port that it listens on itself.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the secret of [`SERVICE_CLIENT`].
    pub fn service_secret(&self) -> &Secret {
        &self.realm.service_secret
    }

    /// Returns every request so far, in the order they were answered.
    pub fn log(&self) -> Vec<LoggedRequest> {
        self.realm.log()
    }

    /// Returns how many requests an endpoint has had.
    pub fn requests(&self, endpoint: Endpoint) -> usize {
        let log = self.realm.log();
        log.iter()
            .filter(|request| request.endpoint == endpoint)
            .count()
    }

    /// Makes a new key the one that signs; the one before stays published.
    pub fn rotate_keys(&self) {
        self.realm.rotate_keys();
    }

    /// Misbehaves in these ways from here on, and in no other.
    pub fn set_faults(&self, faults: &[Fault]) {
        self.realm.faults.set(faults);
    }

    /// Plays these scripts from here on, and no others; without a scenario there are none.
    pub fn set_scripts(&self, scripts: &[Script]) {
        if let Some(stage) = &self.realm.stage {
            stage.set_scripts(scripts);
        }
    }

    /// Sets how far the provider's clock is ahead, in seconds; behind when negative.
    pub fn set_clock_skew(&self, seconds: i64) {
        self.realm.clock.set_skew(seconds);
    }

    /// Ends every grant, as an administrator would: no token of before works any more.
    pub fn revoke_everything(&self) {
        self.realm.state().revoke_all();
        if let Some(stage) = &self.realm.stage {
            stage.revoke_everything();
        }
    }

    /// Stops: the port is free when this returns.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.gate.take());
        self.inner.unblock();
        if let Some(dispatcher) = self.dispatcher.take() {
            drop(dispatcher.join());
        }
    }
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider")
            .field("issuer", &self.issuer())
            .finish_non_exhaustive()
    }
}

fn check(settings: &Settings) -> Result<(), IssuerStartError> {
    let path = settings.path.as_str();
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
    let is_path = path.starts_with('/') && !path.ends_with('/') && path.chars().all(fits);
    if !path.is_empty() && (!is_path || path.contains("//") || path.contains("/.")) {
        return Err(IssuerStartError::Path(printable_line(path).into_owned()));
    }
    match settings.auto_approve.as_deref() {
        Some(id) if settings.entra.is_some() && Account::find(id).is_some() => Ok(()),
        Some(id) if settings.entra.is_some() || Person::find(id).is_none() => {
            Err(IssuerStartError::Person(printable_line(id).into_owned()))
        }
        _ => Ok(()),
    }
}

/// Listens on the host; `localhost` is both addresses at one port where there are both.
fn bind(host: Host, port: u16) -> io::Result<(Vec<TcpListener>, u16)> {
    let v4 = || TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let v6 = |port| TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port)));
    let alone = |listener: TcpListener| {
        let port = listener.local_addr()?.port();
        Ok((vec![listener], port))
    };
    match host {
        Host::V4 => alone(v4()?),
        Host::V6 => alone(v6(port)?),
        Host::Localhost => {
            for _ in 0..ATTEMPTS {
                let first = v4()?;
                let chosen = first.local_addr()?.port();
                match v6(chosen) {
                    Ok(second) => return Ok((vec![first, second], chosen)),
                    // Somebody else would get what is meant for us: choose another port.
                    Err(error) if error.kind() == io::ErrorKind::AddrInUse && port == 0 => {}
                    Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
                    // A machine without IPv6.
                    Err(_) => return alone(first),
                }
            }
            Err(io::ErrorKind::AddrInUse.into())
        }
    }
}

/// Makes the first key in the background: RSA takes longer than a start should.
fn warm_up(realm: &Arc<Realm>) -> Result<(), IssuerStartError> {
    let realm = Arc::clone(realm);
    thread::Builder::new()
        .spawn(move || drop(realm.signing_key()))
        .map(drop)
        .map_err(IssuerStartError::Thread)
}
