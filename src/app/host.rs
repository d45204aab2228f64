//! The sessions of the agent's own process: every profile of its configuration, read anew at each
//! request, through the same code that serves a process by itself.
//!
//! Stores that a process would open once stay open, until the agent is locked. Never asks a person
//! for anything while it serves.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{App, AppError, Room, passphrase, room};
use crate::agent::Sessions;
use crate::agent::frame::{
    Adopt, Fault, Granted, Reason, RoleAnswer, RoleAsk, SignOut, SignedOut, TokenAnswer, TokenAsk,
};
use crate::base::{Diagnostic, Exit, Relayed};
use crate::config::{Overrides, Profile, Selector, StoreChoice};
use crate::oauth::grant::Wanted;
use crate::session::{
    self, Ask, Ending, Entry, Fate, Parcel, Reach as _, SessionKey, TokenSource as _, entries_in,
};
use crate::store::{self, Cache, Sealed, Store, StoreError, Vault};

/// The vault's entry that holds the sealed store's passphrase.
const PASSPHRASE: &str = "sealed-passphrase";

/// The sessions of the agent's own process.
pub struct Host<'a> {
    app: &'a App,
    vault: Arc<Vault>,
    /// The socket's folder: for what must be on a disk and holds no secret.
    folder: PathBuf,
    kept: Mutex<Kept>,
}

/// What stays open between two requests.
#[derive(Default)]
struct Kept {
    keyring: Option<Open>,
    sealed: Option<Open>,
}

/// A store, and the cache that leans on it.
type Open = (Arc<dyn Store>, Arc<Cache>);

/// Why the agent leaves a request to others.
#[derive(Debug, thiserror::Error)]
pub(super) enum Declined {
    #[error("the agent's own configuration cannot be used for this")]
    Config(#[source] AppError),
    #[error("in the agent's configuration, profile `{profile}` has another {what}")]
    OtherMeaning {
        profile: crate::base::ProfileName,
        what: &'static str,
    },
    #[error("the memory store ends with each command, so the agent has nothing of it")]
    Memory,
}

impl Diagnostic for Declined {
    fn exit(&self) -> Exit {
        match self {
            Self::Config(error) => error.exit(),
            Self::OtherMeaning { .. } | Self::Memory => Exit::Config,
        }
    }

    fn hint(&self) -> Option<crate::base::Hint> {
        match self {
            Self::Config(error) => error.hint(),
            Self::OtherMeaning { .. } | Self::Memory => None,
        }
    }
}

impl<'a> Host<'a> {
    /// Opens no store yet; `folder` is the socket's.
    pub fn new(app: &'a App, vault: Arc<Vault>, folder: &Path) -> Self {
        Self {
            app,
            vault,
            folder: folder.to_owned(),
            kept: Mutex::default(),
        }
    }

    /// Asks the person for the sealed store's passphrase, if a profile has its session there and
    /// nothing but a person knows it; once, before anything is served.
    ///
    /// # Errors
    ///
    /// [`StoreError::WrongPassphrase`], or why nobody could be asked.
    pub fn ask_for_passphrase(&self) -> Result<(), StoreError> {
        let Ok(dirs) = self.app.dirs() else {
            return Ok(());
        };
        let has_sealed = session::entries(&dirs.state)
            .iter()
            .any(|(_, entry)| entry.store == store::Backend::Sealed);
        if !has_sealed || !self.app.console.can_ask() || passphrase::is_in_a_file(&self.app.env) {
            return Ok(());
        }
        let given = passphrase::get(&self.app.env, store::Ask::Existing)?;
        let tried = given.clone();
        let sealed = Sealed::new(
            dirs.state.join("sealed"),
            Box::new(move |_| Ok(tried.clone())),
        );
        // Whatever is there or not there, the passphrase has opened the store.
        sealed.load(PASSPHRASE)?;
        sealed.probe()?;
        self.vault.save(PASSPHRASE, &given)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // No code can panic while it holds the lock half way through a change.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn open(&self, profile: Profile) -> Result<Room<'_>, AppError> {
        let dirs = self.app.dirs()?;
        let cached = |store: Arc<dyn Store>| {
            let cache = Cache::new(room::tokens(dirs), Arc::clone(&store));
            (store, Arc::new(cache))
        };
        let mut kept = self.kept();
        let open = match profile.store {
            StoreChoice::Agent | StoreChoice::Memory => {
                drop(kept);
                let vault: Arc<dyn Store> = Arc::clone(&self.vault) as _;
                let room = Room::new(self.app, dirs, profile, cached(vault));
                return Ok(room.within(&self.folder));
            }
            StoreChoice::Keyring => kept
                .keyring
                .get_or_insert_with(|| cached(Arc::new(store::keyring(store::UNATTENDED)))),
            StoreChoice::Sealed => kept.sealed.get_or_insert_with(|| {
                let (env, vault) = (self.app.env.clone(), Arc::clone(&self.vault));
                let passphrase = move |_| match vault.load(PASSPHRASE)? {
                    Some(passphrase) => Ok(passphrase),
                    None => passphrase::from_file(&env)?.ok_or(StoreError::NoPassphrase),
                };
                let sealed = Sealed::new(dirs.state.join("sealed"), Box::new(passphrase));
                cached(Arc::new(sealed))
            }),
        };
        let open = open.clone();
        drop(kept);
        Ok(Room::new(self.app, dirs, profile, open))
    }

    /// Decides what is asked for, by the agent's own configuration.
    pub(super) fn decide(&self, ask: &TokenAsk) -> Result<(Profile, Ask), Declined> {
        let selector = Selector {
            profile: Some(ask.profile.clone()),
            target: ask.target.clone(),
        };
        let (profile, target) = self
            .app
            .profile(&selector, &Overrides::default())
            .map_err(Declined::Config)?;
        let differs = [
            (
                "issuer",
                ask.issuer
                    .as_ref()
                    .is_some_and(|issuer| *issuer != profile.issuer),
            ),
            (
                "client_id",
                ask.client_id
                    .as_ref()
                    .is_some_and(|id| *id != profile.client_id),
            ),
            (
                "store",
                ask.store
                    .as_ref()
                    .is_some_and(|store| store != profile.store.name()),
            ),
        ];
        let what = differs.into_iter().find(|(_, differs)| *differs);
        if let Some((what, _)) = what {
            let profile = profile.name;
            return Err(Declined::OtherMeaning { profile, what });
        }
        if profile.store == StoreChoice::Memory {
            return Err(Declined::Memory);
        }
        let target = profile.target(target.as_ref());
        let target = target.map_err(|error| Declined::Config(error.into()))?;
        let mut wanted = ask.wish.of(session::wanted(target));
        let demand = wanted.demand.take();
        wanted.demand = demand.map(|demand| session::as_provider_wants(&profile, demand));
        let ask = Ask {
            kind: ask.kind,
            wanted,
            min_life: ask.min_life.map(Duration::from_secs),
            renew: ask.renew,
        };
        Ok((profile, ask))
    }

    /// Decides the profile of a session in memory, which may be gone from the configuration.
    fn profile_of(&self, which: &SignOut) -> Result<Profile, AppError> {
        self.app.profile_as(
            &which.profile,
            (&which.issuer, &which.client_id),
            StoreChoice::Agent,
        )
    }
}

impl Sessions for Host<'_> {
    fn token(&self, ask: &TokenAsk) -> Result<TokenAnswer, Fault> {
        let (profile, ask) = self.decide(ask).map_err(|error| declined(&error))?;
        let room = self.open(profile).map_err(|error| declined(&error))?;
        let ticket = room
            .session()
            .and_then(|session| session.token(&ask))
            .map_err(|error| fault(&room, &error))?;
        Ok(TokenAnswer {
            token: ticket.token,
            expires: ticket.expires,
            scopes: ticket.scopes,
            renewed: ticket.renewed,
            caveat: ticket.caveat,
            issuer: room.profile.issuer.clone(),
            forwarded_from: None,
        })
    }

    fn role(&self, ask: &RoleAsk) -> Result<RoleAnswer, Fault> {
        super::role::of_host(self, ask)
    }

    fn adopt(&self, session: Adopt) -> Result<(), Fault> {
        let tokens = session.tokens.into_iter();
        let parcel = Parcel {
            record: session.record,
            entry: session.entry,
            tokens: tokens.map(|token| (token.name, token.held)).collect(),
        };
        let (key, entry) = parcel.look().map_err(|error| failed(&error))?;
        let which = SignOut {
            profile: entry.profile.clone(),
            issuer: entry.issuer.clone(),
            client_id: entry.client_id.clone(),
            revoke: false,
        };
        let profile = self.profile_of(&which).map_err(|error| failed(&error))?;
        let room = self.open(profile).map_err(|error| failed(&error))?;
        parcel
            .unpack(&room.keep(), (&key, &entry))
            .map_err(|error| failed(&error))
    }

    fn sign_out(&self, which: &SignOut) -> Result<SignedOut, Fault> {
        let profile = self.profile_of(which).map_err(|error| failed(&error))?;
        let room = self.open(profile).map_err(|error| failed(&error))?;
        let key: SessionKey = room.key();
        let ending = Ending::begin(room.keep(), &key).map_err(|error| failed(&error))?;
        let (mut refresh, mut access) = (Fate::None, Fate::None);
        if which.revoke && room.keep().entry(&key).is_some() {
            let farewell = room.wire().and_then(|wire| {
                let client = room.client(wire)?;
                ending.revoke(
                    wire,
                    &client,
                    (&which.profile, room.tenant()),
                    &room.every_target(),
                )
            });
            match farewell {
                Ok(farewell) => (refresh, access) = (farewell.refresh, farewell.access),
                Err(error) => refresh = Fate::Alive(error.to_string()),
            }
        }
        let was_there = ending.forget().map_err(|error| failed(&error))?;
        Ok(SignedOut {
            was_there,
            refresh: refresh.into(),
            access: access.into(),
        })
    }

    fn entries(&self) -> Vec<Entry> {
        let entries = entries_in(&*self.vault).into_iter();
        entries.map(|(_, entry)| entry).collect()
    }

    fn configured(&self, of: &Granted) -> Result<Wanted, Fault> {
        let selector = Selector {
            profile: Some(of.profile.clone()),
            target: of.target.clone(),
        };
        let profile = self.app.profile(&selector, &Overrides::default());
        let (profile, target) = profile.map_err(|error| declined(&Declined::Config(error)))?;
        let target = profile.target(target.as_ref());
        let target = target.map_err(|error| declined(&Declined::Config(error.into())))?;
        Ok(session::wanted(target))
    }

    fn forget_keys(&self) {
        *self.kept() = Kept::default();
    }
}

pub(super) fn declined(error: &dyn Diagnostic) -> Fault {
    Fault::of(Reason::Declined, &Relayed::of(error))
}

fn failed(error: &dyn Diagnostic) -> Fault {
    Fault::of(Reason::Failed, &Relayed::of(error))
}

/// A store that this process cannot reach may be in reach of another.
pub(super) fn fault(room: &Room<'_>, error: &session::Error) -> Fault {
    let volatile = room.keep().store.backend().is_volatile();
    if let session::Error::Store(StoreError::Shut) = error {
        return Fault::of(Reason::Locked, &Relayed::of(error));
    }
    if matches!(error, session::Error::Store(_)) && !volatile {
        return declined(error);
    }
    failed(error)
}
