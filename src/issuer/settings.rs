//! What can be said about a practice provider before it starts.
//!
//! The defaults are strict and make one provider on a free port of 127.0.0.1.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::base::Secret;

use super::clients::Client;
use super::fault::Fault;
use super::keys::{Algorithm, KeyPool};
use super::log::LoggedRequest;
use super::scenario::Entra;

/// How a practice provider is to be.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The loopback address it listens on, which is also the issuer's host.
    pub host: Host,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// The issuer's path, such as `/tenant/one`; empty for none.
    pub path: String,
    /// The origin that clients see, such as `https://localhost:8443`, when something stands in
    /// front and speaks TLS for it; its own without.
    pub front: Option<String>,
    /// What tokens are signed with.
    pub algorithm: Algorithm,
    /// Where RSA keys come from.
    pub keys: KeyPool,
    /// How long one key signs before the next takes over; `None` for ever.
    pub key_lifetime: Option<Duration>,
    /// How long what it hands out is good.
    pub lifetimes: Lifetimes,
    /// The `interval` of the device flow (RFC 8628 §3.2).
    pub interval: Duration,
    /// How far the provider's clock is ahead, in seconds; behind when negative.
    pub clock_skew: i64,
    /// How long every answer is held back.
    pub latency: Duration,
    /// What a refresh does to the refresh token.
    pub rotation: Rotation,
    /// Whether authorization requests are pushed (RFC 9126).
    pub pushed: PushedRequests,
    /// Who is signed in at once, without any page: a [`Person`](super::Person)'s id.
    pub auto_approve: Option<String>,
    /// Clients besides [`CLI_CLIENT`](super::CLI_CLIENT) and
    /// [`SERVICE_CLIENT`](super::SERVICE_CLIENT).
    pub clients: Vec<Client>,
    /// Who counts as a client.
    pub registration: Registration,
    /// The secret of [`SERVICE_CLIENT`](super::SERVICE_CLIENT); drawn at the start when `None`.
    pub service_secret: Option<Secret>,
    /// Scopes besides the built-in ones.
    pub scopes: Vec<String>,
    /// Plays Microsoft Entra ID, in this way, instead of itself.
    pub entra: Option<Entra>,
    /// How it misbehaves.
    pub faults: Vec<Fault>,
    /// Called for every request, before its answer is sent.
    pub on_request: Option<OnRequest>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            host: Host::default(),
            port: 0,
            path: String::new(),
            front: None,
            algorithm: Algorithm::default(),
            keys: KeyPool::default(),
            key_lifetime: None,
            lifetimes: Lifetimes::default(),
            interval: Duration::from_secs(5),
            clock_skew: 0,
            latency: Duration::ZERO,
            rotation: Rotation::default(),
            pushed: PushedRequests::default(),
            auto_approve: None,
            clients: Vec::new(),
            registration: Registration::default(),
            service_secret: None,
            scopes: Vec::new(),
            entra: None,
            faults: Vec::new(),
            on_request: None,
        }
    }
}

/// The loopback address a provider listens on.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Host {
    /// `127.0.0.1` and, where there is one, `[::1]` at the same port.
    Localhost,
    /// `127.0.0.1`.
    #[default]
    V4,
    /// `[::1]`.
    V6,
}

impl Host {
    /// Parses `localhost`, `127.0.0.1`, `::1` or `[::1]`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "localhost" => Some(Self::Localhost),
            "127.0.0.1" => Some(Self::V4),
            "::1" | "[::1]" => Some(Self::V6),
            _ => None,
        }
    }

    /// Returns the host as a URL writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Localhost => "localhost",
            Self::V4 => "127.0.0.1",
            Self::V6 => "[::1]",
        }
    }
}

/// How long what the provider hands out is good.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lifetimes {
    /// Access tokens.
    pub access: Duration,
    /// Refresh tokens, from their last use.
    pub refresh: Duration,
    /// ID tokens.
    pub id: Duration,
    /// Authorization codes.
    pub code: Duration,
    /// Device codes and user codes.
    pub device: Duration,
    /// Pushed authorization requests.
    pub pushed: Duration,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            access: Duration::from_secs(600),
            refresh: Duration::from_secs(14 * 86400),
            id: Duration::from_secs(600),
            code: Duration::from_secs(60),
            device: Duration::from_secs(600),
            pushed: Duration::from_secs(60),
        }
    }
}

/// What a refresh does to the refresh token (RFC 9700 §4.14).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Rotation {
    /// The refresh token stays as it is.
    Keep,
    /// A new one replaces it; a second use of the old one ends the whole family.
    #[default]
    Rotate,
    /// A new one replaces it; the old one still works for this long, and ends the family later.
    RotateWithGrace(Duration),
    /// A new one replaces it; a second use of the old one is refused and ends nothing.
    RotateAndForgive,
}

/// Whether authorization requests are pushed (RFC 9126 §5).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum PushedRequests {
    /// Clients may push; the metadata says where.
    #[default]
    Offered,
    /// Clients must push.
    Required,
    /// There is no such endpoint.
    Unsupported,
}

/// Who counts as a client.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Registration {
    /// The registered ones.
    #[default]
    Listed,
    /// Any `client_id`: one that is not listed is a public client on loopback addresses.
    Open,
}

/// Something to call for every request.
#[derive(Clone)]
pub struct OnRequest(Arc<dyn Fn(&LoggedRequest) + Send + Sync>);

impl OnRequest {
    /// Calls this.
    pub fn new(hook: impl Fn(&LoggedRequest) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hook))
    }

    pub(super) fn call(&self, request: &LoggedRequest) {
        (self.0)(request);
    }
}

impl fmt::Debug for OnRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnRequest")
    }
}
