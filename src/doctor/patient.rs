//! What the checks look at: one profile, its surroundings and its store.
//!
//! Holds everything by value, since a check that hangs is left behind on its thread.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::config::Profile;
use crate::flow::Wire;
use crate::session::{Entry, entries};
use crate::store::Store;
use crate::sys::clock::SystemClock;
use crate::sys::env::{Dirs, Env};
use crate::sys::http::{Http, HttpError, HttpSettings, Proxies};

/// One profile and what surrounds it.
pub struct Patient {
    /// The profile.
    pub profile: Profile,
    /// The variables and the terminal.
    pub env: Env,
    /// keyfob's folders.
    pub dirs: Dirs,
    /// The configuration's file.
    pub config: Option<PathBuf>,
    /// The profile's store; none where only a person could open it.
    pub store: Option<Arc<dyn Store>>,
    /// Where the agent's socket is, or would be.
    pub agent: Option<PathBuf>,
    /// How long one request may take.
    pub patience: Duration,
}

/// The way to the provider for one check.
pub(super) struct Line {
    http: Http,
    clock: SystemClock,
}

impl Line {
    /// The way for requests: nothing is cached, and no trouble is noted or heeded.
    pub(super) fn wire(&self) -> Wire<'_> {
        Wire {
            http: &self.http,
            clock: &self.clock,
            cache: None,
            backoff: None,
            heeds_trouble: false,
        }
    }
}

impl Patient {
    /// Makes a way to the provider.
    pub(super) fn line(&self) -> Result<Line, HttpError> {
        let settings = HttpSettings {
            ca_file: self.profile.ca_file.clone(),
            proxies: self.proxies(),
            detours: self.profile.practice_hosts.clone(),
            timeout: self.patience,
        };
        Ok(Line {
            http: Http::new(settings)?,
            clock: SystemClock::new(),
        })
    }

    pub(super) fn proxies(&self) -> Proxies {
        Proxies::new(&self.env.vars)
    }

    /// The provider's host and port.
    pub(super) fn peer(&self) -> (String, u16) {
        let url = self.profile.issuer.url();
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        (host.to_owned(), url.port_or_known_default().unwrap_or(443))
    }

    pub(super) fn is_plain(&self) -> bool {
        self.profile.issuer.url().scheme() == "http"
    }

    /// What is noted of the profile's sessions.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let all = entries(&self.dirs.state)
            .into_iter()
            .map(|(_, entry)| entry);
        all.filter(|entry| entry.profile == self.profile.name)
            .collect()
    }
}
