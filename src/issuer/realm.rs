//! What every endpoint of one practice provider shares.
//!
//! Locks are held for moments, never while something is signed or sent.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::base::{Scopes, Secret};

use super::clients::{CLI_CLIENT, Client, SERVICE_CLIENT};
use super::clock::{Clock, End};
use super::fault::{Faults, Flag};
use super::keys::{Algorithm, KeyRing, SigningKey};
use super::log::LoggedRequest;
use super::message::Refusal;
use super::people::Person;
use super::scenario::entra::{Entra, Stage};
use super::settings::{Registration, Settings};
use super::state::State;

/// Scopes about the person.
pub(super) const IDENTITY_SCOPES: [&str; 5] =
    ["openid", "profile", "email", "groups", "offline_access"];

/// Scopes of the made-up API.
pub(super) const API_SCOPES: [&str; 4] = [
    "orders.read",
    "orders.write",
    "reports.read",
    "profile.write",
];

/// Who access tokens are for when nobody said.
pub(super) const DEFAULT_AUDIENCE: &str = "https://api.practice.example";

/// The inside of one provider.
pub(super) struct Realm {
    pub(super) settings: Settings,
    /// The start of every address, without a slash at its end.
    pub(super) origin: String,
    /// What it plays, if not itself.
    pub(super) stage: Option<Stage>,
    /// The issuer, without a slash at its end.
    pub(super) issuer: String,
    /// Values of `Host` that mean this provider.
    pub(super) authorities: Vec<String>,
    /// Everybody is signed in as this person, without any page.
    pub(super) auto_approve: Option<&'static Person>,
    pub(super) service_secret: Secret,
    pub(super) clock: Clock,
    pub(super) end: End,
    pub(super) keys: KeyRing,
    pub(super) faults: Faults,
    /// How often the address of the key set has moved.
    pub(super) moves: AtomicUsize,
    state: Mutex<State>,
    log: Mutex<Vec<LoggedRequest>>,
    /// When the key that signs took over, by the steady clock.
    key_since: Mutex<Duration>,
}

impl Realm {
    /// Makes the inside of a provider that is reachable at `port`.
    pub(super) fn new(settings: Settings, port: u16) -> Self {
        let host = settings.host.name();
        let own = format!("http://{host}:{port}");
        let origin = settings.front.as_ref().unwrap_or(&own);
        let who = settings.auto_approve.as_deref();
        let stage = settings.entra.as_ref();
        let stage = stage.map(|entra| Stage::new(entra, who, origin));
        let issuer = match stage {
            Some(_) => format!("{origin}/{}/v2.0", Entra::HOME),
            None => format!("{origin}{}", settings.path),
        };
        let mut authorities = ["127.0.0.1", "localhost", "[::1]"]
            .map(|name| format!("{name}:{port}"))
            .to_vec();
        authorities.extend(origin.split_once("//").map(|(_, seen)| seen.to_owned()));
        let secret = settings.service_secret.clone();
        Self {
            origin: origin.clone(),
            stage,
            issuer,
            authorities,
            auto_approve: settings.auto_approve.as_deref().and_then(Person::find),
            service_secret: secret.unwrap_or_else(|| Secret::new(super::random::token())),
            clock: Clock::start(settings.clock_skew),
            end: End::default(),
            keys: KeyRing::new(settings.keys.clone()),
            faults: Faults::new(&settings.faults),
            moves: AtomicUsize::new(0),
            state: Mutex::default(),
            log: Mutex::default(),
            key_since: Mutex::default(),
            settings,
        }
    }

    /// Locks what is remembered.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the request down and tells the hook.
    pub(super) fn record(&self, request: LoggedRequest) {
        if let Some(hook) = &self.settings.on_request {
            hook.call(&request);
        }
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.push(request);
    }

    /// Returns what was asked so far.
    pub(super) fn log(&self) -> Vec<LoggedRequest> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.clone()
    }

    /// Returns the address of a path of this provider.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }

    /// Finds a registered client.
    pub(super) fn client(&self, id: &str) -> Option<Client> {
        let listed = self
            .settings
            .clients
            .iter()
            .find(|client| client.id() == id);
        match (id, listed) {
            (_, Some(client)) => Some(client.clone()),
            (CLI_CLIENT, None) => Some(Client::public(CLI_CLIENT)),
            (SERVICE_CLIENT, None) => {
                let secret = self.service_secret.clone();
                Some(Client::confidential(SERVICE_CLIENT, secret))
            }
            (_, None) => match self.settings.registration {
                Registration::Listed => None,
                Registration::Open => Some(Client::public(id)),
            },
        }
    }

    /// Returns every scope there is.
    pub(super) fn scopes(&self) -> impl Iterator<Item = &str> {
        let more = self.settings.scopes.iter().map(String::as_str);
        IDENTITY_SCOPES.into_iter().chain(API_SCOPES).chain(more)
    }

    /// Reads a `scope` parameter and refuses what does not exist (RFC 6749 §4.1.2.1).
    pub(super) fn parse_scopes(&self, text: &str) -> Result<Scopes, Refusal> {
        let invalid = |text: String| Refusal::new("invalid_scope", text);
        let scopes = Scopes::parse(text).map_err(|error| invalid(error.to_string()))?;
        let strange = scopes
            .iter()
            .find(|scope| !self.scopes().any(|known| known == *scope));
        if let Some(scope) = strange {
            return Err(invalid(format!("there is no scope `{scope}`")));
        }
        Ok(scopes)
    }

    /// Returns the key that signs now; a key that has signed long enough is replaced first.
    pub(super) fn signing_key(&self) -> Arc<SigningKey> {
        if let Some(lifetime) = self.settings.key_lifetime {
            let now = self.clock.elapsed();
            let since = *self
                .key_since
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if now.saturating_sub(since) >= lifetime {
                self.rotate_keys();
            }
        }
        self.keys.current(self.settings.algorithm)
    }

    /// Returns a key for an algorithm, whether it is the one in use or not.
    pub(super) fn key_for(&self, algorithm: Algorithm) -> Arc<SigningKey> {
        if algorithm == self.settings.algorithm {
            self.signing_key()
        } else {
            self.keys.other(self.settings.algorithm)
        }
    }

    /// Replaces the key that signs.
    pub(super) fn rotate_keys(&self) {
        self.keys.rotate(self.settings.algorithm);
        let mut since = self
            .key_since
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *since = self.clock.elapsed();
    }

    /// Returns the path of the key set as the metadata gives it now.
    pub(super) fn keys_path(&self) -> String {
        if self.faults.flag(Flag::KeysMove) {
            let number = self.moves.fetch_add(1, Ordering::Relaxed) + 1;
            return format!("/jwks/{number}");
        }
        "/jwks".to_owned()
    }
}
