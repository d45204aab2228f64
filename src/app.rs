//! The composition root: names become things. Environment in; profile, network, store and token
//! source out.
//!
//! The only place that knows all of them. Nothing below layer 8 is ever handed the whole of it, and
//! nothing is made before it is needed: a cached token costs neither network nor keyring.

mod agent;
mod host;
mod passphrase;
mod person;
mod role;
mod room;

pub use host::Host;
pub use person::Asker;
pub use role::RoleFault;
pub use room::Room;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::{ClientId, Issuer, ProfileName, Secret, TargetName, Vars, printable_line};
use crate::config::{Config, ConfigError, Overrides, Profile, Selector, Setting, StoreChoice};
use crate::output::Style;
use crate::store::{ATTENDED, Cache, Memory, Sealed, Store, UNATTENDED};
use crate::sys::clock::{Clock, SystemClock};
use crate::sys::console::{Console, ConsoleError};
use crate::sys::env::{CONFIG_DIR, Dirs, Env};
use crate::sys::files::{self, FileError};

/// The largest `config.toml` that is read.
const LARGEST_CONFIG: usize = 1024 * 1024;

/// Everything that a command can be made of.
pub struct App {
    /// The surroundings, captured once.
    pub env: Env,
    /// stdout, stderr and the terminal.
    pub console: Arc<Console>,
    /// Where `config.toml` is, or would be.
    pub config_path: Option<PathBuf>,
    /// Whether the person named that file for this run.
    config_named: bool,
    verbose: bool,
    clock: Box<dyn Clock>,
}

/// Why the composition failed.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The configuration's file cannot be read.
    #[error("the configuration cannot be read")]
    File(#[source] FileError),
    /// What should name the agent's socket does not.
    #[error("`KEYFOB_AGENT` is neither `off` nor an absolute path: `{0}`")]
    AgentPath(String),
    /// There is no home, so there is nowhere to keep anything.
    #[error("this user has no home folder, so there is no place for settings and sessions")]
    Homeless,
}

impl crate::base::Diagnostic for AppError {
    fn exit(&self) -> crate::base::Exit {
        match self {
            Self::Config(error) => error.exit(),
            Self::AgentPath(_) | Self::File(_) => crate::base::Exit::Config,
            Self::Homeless => crate::base::Exit::Fault,
        }
    }

    fn hint(&self) -> Option<crate::base::Hint> {
        match self {
            Self::Config(error) => error.hint(),
            Self::File(FileError::Missing { .. } | FileError::NotPlain { .. }) => Some(
                crate::base::Hint::Try("correct `--config`, or leave it out".into()),
            ),
            Self::File(error) => error.hint(),
            Self::AgentPath(_) => Some(crate::base::Hint::Try(
                "correct `KEYFOB_AGENT`, or unset it".into(),
            )),
            Self::Homeless => Some(crate::base::Hint::Try("set HOME".into())),
        }
    }
}

impl App {
    /// Composes the program from its surroundings; `config` is the `--config` flag.
    pub fn new(env: Env, console: Arc<Console>, config: Option<PathBuf>) -> Self {
        let config_named = config.is_some();
        let config_path = config.or_else(|| {
            env.dirs
                .as_ref()
                .map(|dirs| dirs.config.clone())
                .or_else(|| env.vars.get(CONFIG_DIR).map(PathBuf::from))
                .map(|dir| dir.join("config.toml"))
        });
        Self {
            env,
            console,
            config_path,
            config_named,
            verbose: false,
            clock: Box::new(SystemClock::new()),
        }
    }

    /// Says on stderr what is being done, if `verbose`.
    #[must_use]
    pub fn verbose(self, verbose: bool) -> Self {
        Self { verbose, ..self }
    }

    /// Tells whether the person wants to hear more than the answer.
    pub fn says_more(&self) -> bool {
        self.verbose
    }

    /// Returns the `config.toml` that the person named for this run.
    pub fn named_config(&self) -> Option<&Path> {
        self.config_path.as_deref().filter(|_| self.config_named)
    }

    /// Says what is being done, when the person wants to hear it; never a secret.
    pub fn trace(&self, what: &str) {
        if self.verbose {
            self.console
                .note(&format!("keyfob: {}", printable_line(what)));
        }
    }

    /// Returns the time.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Returns how text on stdout may look.
    pub fn style(&self) -> Style {
        styled(self.console.colours().stdout)
    }

    /// Returns how text on stderr may look.
    pub fn note_style(&self) -> Style {
        styled(self.console.colours().stderr)
    }

    /// Writes a page that is safe for terminals already, its colours included, to stdout.
    ///
    /// # Errors
    ///
    /// [`ConsoleError`] when it cannot be written whole.
    pub fn answer_page(&self, page: &str) -> Result<(), ConsoleError> {
        self.console.answer_bytes(page.as_bytes())
    }

    /// Writes a secret to stdout: a token was asked for.
    ///
    /// # Errors
    ///
    /// [`ConsoleError`] when it cannot be written whole.
    pub fn answer_secret(&self, secret: &Secret) -> Result<(), ConsoleError> {
        self.console.answer_bytes(secret.expose().as_bytes())
    }

    /// Reads the configuration; a missing file is an empty one, unless it was named.
    ///
    /// # Errors
    ///
    /// [`AppError::Config`] or [`AppError::File`].
    pub fn config(&self) -> Result<Config, AppError> {
        let Some(path) = &self.config_path else {
            return Ok(Config::empty(&self.env.vars));
        };
        let read = files::read_settings(path, LARGEST_CONFIG);
        self.trace(&match &read {
            Err(error) if error.is_missing() => format!("no configuration at {}", path.display()),
            _ => format!("configuration from {}", path.display()),
        });
        match read {
            Ok(bytes) => Ok(Config::parse_bytes(
                &bytes,
                &path.to_string_lossy(),
                &self.env.vars,
            )?),
            Err(error) if error.is_missing() && !self.config_named => {
                Ok(Config::empty(&self.env.vars))
            }
            Err(FileError::TooLarge { .. }) => {
                Err(ConfigError::too_large(&path.to_string_lossy()).into())
            }
            Err(error) => Err(AppError::File(error)),
        }
    }

    /// Decides the profile that is meant, and its target.
    ///
    /// # Errors
    ///
    /// [`AppError`].
    pub fn profile(
        &self,
        selector: &Selector,
        flags: &Overrides,
    ) -> Result<(Profile, Option<TargetName>), AppError> {
        Ok(self.config()?.select(selector, flags)?)
    }

    /// Decides a profile as it was when its session began: its provider, its client, its store. It
    /// need not be in the configuration any more.
    ///
    /// # Errors
    ///
    /// [`AppError`].
    pub fn profile_as(
        &self,
        name: &ProfileName,
        (issuer, client_id): (&Issuer, &ClientId),
        store: StoreChoice,
    ) -> Result<Profile, AppError> {
        let flags = Overrides::default()
            .with(Setting::Issuer, "--issuer", Some(issuer.as_str()))
            .with(Setting::ClientId, "--client-id", Some(client_id.as_str()))
            .with(Setting::Store, "--store", Some(store.name()));
        self.profile_of(name, &flags)
    }

    /// Decides a profile that `flags` alone may make.
    ///
    /// # Errors
    ///
    /// [`AppError`].
    pub fn profile_of(&self, name: &ProfileName, flags: &Overrides) -> Result<Profile, AppError> {
        let selector = Selector {
            profile: Some(name.clone()),
            target: None,
        };
        match self.profile(&selector, flags) {
            Ok((profile, _)) => Ok(profile),
            Err(AppError::Config(ConfigError::UnknownProfile { .. } | ConfigError::NoProfile)) => {
                let nothing = Config::empty(&Vars::default());
                Ok(nothing.profile(Some(name), flags)?)
            }
            Err(error) => Err(error),
        }
    }

    /// Returns the user's folders.
    ///
    /// # Errors
    ///
    /// [`AppError::Homeless`].
    pub fn dirs(&self) -> Result<&Dirs, AppError> {
        self.env.dirs.as_ref().ok_or(AppError::Homeless)
    }

    /// Opens the room of one profile: its store, its network, its session.
    ///
    /// # Errors
    ///
    /// [`AppError::Homeless`].
    pub fn open(&self, profile: Profile) -> Result<Room<'_>, AppError> {
        let (dirs, store) = (self.dirs()?, self.store(profile.store)?);
        self.trace(&format!(
            "profile {}, sessions in the {} store",
            profile.name,
            profile.store.name()
        ));
        let cache = Arc::new(Cache::new(room::tokens(dirs), Arc::clone(&store)));
        Ok(Room::new(self, dirs, profile, (store, cache)))
    }

    /// Opens the room of one profile with a store of the caller's, so that nothing is left behind
    /// outside the folders of this composition.
    ///
    /// # Errors
    ///
    /// [`AppError::Homeless`].
    pub fn open_with(&self, profile: Profile, store: Arc<dyn Store>) -> Result<Room<'_>, AppError> {
        let dirs = self.dirs()?;
        let cache = Cache::unmirrored(room::tokens(dirs), Arc::clone(&store));
        let cache = Arc::new(cache);
        Ok(Room::new(self, dirs, profile, (store, cache)))
    }

    /// Returns a store that will ask no person for anything; none where only a person can open it.
    ///
    /// # Errors
    ///
    /// [`AppError::Homeless`].
    pub fn unasking_store(&self, choice: StoreChoice) -> Result<Option<Arc<dyn Store>>, AppError> {
        match choice {
            StoreChoice::Keyring => Ok(Some(Arc::new(crate::store::keyring(UNATTENDED)))),
            StoreChoice::Sealed if !passphrase::is_in_a_file(&self.env) => Ok(None),
            StoreChoice::Agent | StoreChoice::Memory | StoreChoice::Sealed => {
                self.store(choice).map(Some)
            }
        }
    }

    /// Returns a store; asks it for nothing yet.
    ///
    /// # Errors
    ///
    /// [`AppError::Homeless`].
    pub fn store(&self, choice: StoreChoice) -> Result<Arc<dyn Store>, AppError> {
        let dirs = self.dirs()?;
        Ok(match choice {
            StoreChoice::Keyring => {
                let attended = self.env.stdin_is_terminal || self.env.stderr_is_terminal;
                let patience = if attended { ATTENDED } else { UNATTENDED };
                Arc::new(crate::store::keyring(patience))
            }
            // The agent's own is the agent's: here a sign-in is made ready to be handed over.
            StoreChoice::Agent => Arc::new(Memory::scratch()),
            StoreChoice::Memory => Arc::new(Memory::default()),
            StoreChoice::Sealed => {
                let env = self.env.clone();
                let passphrase = move |ask| passphrase::get(&env, ask);
                Arc::new(Sealed::new(dirs.state.join("sealed"), Box::new(passphrase)))
            }
        })
    }
}

fn styled(colour: bool) -> Style {
    if colour { Style::Colour } else { Style::Plain }
}
