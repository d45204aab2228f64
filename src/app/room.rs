//! One profile with everything that its session needs: store, cache, journal, network.
//!
//! The network is made when the first request needs it, and the provider's metadata is fetched then;
//! a cached token needs neither.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::App;
use crate::base::{Issuer, IssuerRule};
use crate::config::Profile;
use crate::flow::{Backoff, Client, Wire};
use crate::oauth::grant::Wanted;
use crate::session::{self, Keep, Local, Pin, Reach, SessionKey};
use crate::store::{Backend, Cache, Journal, Store};
use crate::sys::env::Dirs;
use crate::sys::http::{Http, HttpSettings, Proxies};

/// How long one exchange with a provider may take.
const HTTP_TIMEOUT: Duration = Duration::from_secs(30);

/// A sign-in in a hurry still gives a provider this long.
const LEAST_TIMEOUT: Duration = Duration::from_secs(5);

/// The folder of the sealed short-lived tokens.
pub(super) fn tokens(dirs: &Dirs) -> PathBuf {
    dirs.cache.join("tokens")
}

/// One profile with everything that its session needs.
pub struct Room<'a> {
    /// The profile.
    pub profile: Profile,
    app: &'a App,
    store: Arc<dyn Store>,
    cache: Arc<Cache>,
    /// The folder of entries and locks.
    state: PathBuf,
    /// The folder that ends with the user's login.
    login: Option<PathBuf>,
    /// The folder of the provider's documents, if they are kept.
    documents: Option<PathBuf>,
    journal: Journal,
    backoff: PathBuf,
    http: OnceCell<Http>,
    signed_in_for: Wanted,
    /// The session, when it is known which one is meant.
    session: Option<SessionKey>,
}

impl<'a> Room<'a> {
    pub(super) fn new(
        app: &'a App,
        dirs: &Dirs,
        profile: Profile,
        (store, cache): (Arc<dyn Store>, Arc<Cache>),
    ) -> Self {
        let lasting = !store.backend().is_volatile();
        Self {
            cache,
            state: dirs.state.clone(),
            login: dirs.login.clone(),
            documents: lasting.then(|| dirs.cache.clone()),
            journal: Journal::new(dirs.state.join("journal"), Arc::clone(&store)),
            backoff: dirs.cache.join("backoff"),
            signed_in_for: session::wanted_at_sign_in(&profile),
            session: None,
            http: OnceCell::new(),
            profile,
            app,
            store,
        }
    }

    /// Keeps the locks, and the provider's documents, in another folder.
    pub(super) fn within(self, folder: &Path) -> Self {
        Self {
            state: folder.to_owned(),
            documents: Some(folder.to_owned()),
            ..self
        }
    }

    /// Returns where the session is kept.
    pub fn keep(&self) -> Keep<'_> {
        Keep {
            store: &*self.store,
            cache: &self.cache,
            journal: &self.journal,
            state: &self.state,
            login: self.login.as_deref(),
            clock: self.app.clock(),
        }
    }

    /// Returns what remembers the tenant that the profile's domain named on first contact.
    pub fn pin(&self) -> Option<Pin> {
        let state = &self.app.env.dirs.as_ref()?.state;
        Pin::of(&self.profile, state, self.store.backend())
    }

    /// Returns which issuer the provider's documents and tokens must name, as far as it is known.
    ///
    /// # Errors
    ///
    /// [`session::Error`] when what was learned on first contact cannot be read.
    pub fn issuer_rule(&self) -> Result<IssuerRule, session::Error> {
        let pinned = self.pin().as_ref().map_or(Ok(None), Pin::load)?;
        Ok(self.profile.issuer_rule(pinned.as_ref()))
    }

    /// Returns the session's name. Where several accounts could be meant, it is none of theirs.
    pub fn key(&self) -> SessionKey {
        self.known_key().unwrap_or_else(|_| self.own_key())
    }

    /// Returns the name of what is the profile's own, whomever it shares its session with.
    pub fn own_key(&self) -> SessionKey {
        SessionKey::new(
            &self.profile.issuer,
            &self.profile.client_id,
            &self.profile.name,
        )
    }

    /// Returns the session's name, if it is clear which one is meant.
    fn known_key(&self) -> Result<SessionKey, session::Error> {
        match &self.session {
            Some(key) => Ok(key.clone()),
            None => session::find(&self.keep(), &self.profile),
        }
    }

    /// Returns the room for a session that is known already.
    #[must_use]
    pub fn in_session(self, key: SessionKey) -> Self {
        Self {
            session: Some(key),
            ..self
        }
    }

    /// Returns the tenant that a token is kept for, where the session serves several.
    pub fn tenant(&self) -> Option<&Issuer> {
        session::is_shared(&self.profile).then_some(&self.profile.issuer)
    }

    /// Returns what a sign-in asks for.
    pub fn signed_in_for(&self) -> &Wanted {
        &self.signed_in_for
    }

    /// Returns everything that an access token of this session may have been asked for.
    pub fn every_target(&self) -> Vec<Wanted> {
        let mut targets = vec![session::wanted(&self.profile.base)];
        targets.extend(self.profile.targets.values().map(session::wanted));
        if !targets.contains(&self.signed_in_for) {
            targets.push(self.signed_in_for.clone());
        }
        targets
    }

    /// Returns the session in this process.
    ///
    /// # Errors
    ///
    /// [`session::Error::SeveralAccounts`] when it is not clear which one is meant.
    pub fn session(&self) -> Result<Local<'_>, session::Error> {
        Ok(self.in_this(self.known_key()?))
    }

    /// Returns the session that a sign-in in this process is about to make anew.
    pub fn next_session(&self) -> Local<'_> {
        self.in_this(self.key())
    }

    fn in_this(&self, key: SessionKey) -> Local<'_> {
        Local {
            keep: self.keep(),
            profile: &self.profile.name,
            key,
            issuer: &self.profile.issuer,
            is_shared: session::is_shared(&self.profile),
            signed_in_for: &self.signed_in_for,
            reach: self,
        }
    }
}

impl Reach for Room<'_> {
    fn wire(&self) -> Result<Wire<'_>, session::Error> {
        if self.http.get().is_none() {
            let settings = HttpSettings {
                ca_file: self.profile.ca_file.clone(),
                proxies: Proxies::new(&self.app.env.vars),
                detours: self.profile.practice_hosts.clone(),
                timeout: HTTP_TIMEOUT.min(self.profile.timeout.max(LEAST_TIMEOUT)),
            };
            let mut made = Http::new(settings)?;
            if self.app.verbose {
                let console = Arc::clone(&self.app.console);
                made = made.observed(Box::new(move |exchange| {
                    console.note(&format!("keyfob: {exchange}"));
                }));
            }
            self.http.get_or_init(|| made);
        }
        let http = self.http.get().expect("it was just made");
        let backoff = Backoff {
            dir: &self.backoff,
            issuer: &self.profile.issuer,
        };
        // A command of its own memory leaves nothing at all behind.
        let may_note = self.store.backend() != Backend::Memory;
        Ok(Wire {
            http,
            clock: self.app.clock(),
            cache: self.documents.as_deref(),
            backoff: may_note.then_some(backoff),
            heeds_trouble: false,
        })
    }

    fn client(&self, wire: Wire<'_>) -> Result<Client, session::Error> {
        let (keep, vars) = (self.keep(), &self.app.env.vars);
        session::client(wire, &self.profile, &keep, vars, self.pin().as_ref())
    }
}
