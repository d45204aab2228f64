//! `keyfob config secret`: a client's secret from a hidden prompt or from stdin into the store, where
//! `client_secret = { keyring = "NAME" }` finds it.
//!
//! Never takes the secret from the command line, and never prints it.

use std::io::{self, Read as _};

use zeroize::Zeroizing;

use crate::app::App;
use crate::base::{Diagnostic, Exit, Hint, ProfileName, Secret};
use crate::commands::Failure;
use crate::config::{Config, Overrides, SecretReference, Setting, StoreChoice};
use crate::session;

/// The longest secret that is read.
const LONGEST: usize = 64 * 1024;

/// What `config secret` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  keyfob config secret work-client
  pass show work/client | keyfob config secret work-client
  keyfob config set work.client_secret keyring:work-client")]
pub(super) struct SecretArgs {
    /// Name the secret, as `client_secret = { keyring = \"NAME\" }` does
    #[arg(value_parser = ProfileName::parse)]
    name: ProfileName,
    /// Forget the secret of this name
    #[arg(long)]
    forget: bool,
}

/// Keeps the secret, or forgets it, in the store of each profile that names it.
pub(super) fn run(args: &SecretArgs, app: &App) -> Result<(), Failure> {
    let name = &args.name;
    let config = app.config()?;
    let used = Used::of(&config, name)?;
    if used.stores.contains(&StoreChoice::Memory) {
        return Err(Error::Memory.into());
    }
    if used.stores.contains(&StoreChoice::Agent) {
        return Err(Error::Agent.into());
    }
    let key = session::secret_name(name.as_str());
    if args.forget {
        let mut was_there = false;
        for choice in &used.stores {
            was_there |= app.store(*choice)?.delete(&key)?;
        }
        let said = if was_there {
            format!("Forgot the client secret `{name}`.")
        } else {
            format!("There was no client secret `{name}`.")
        };
        app.console.note(&said);
        return Ok(());
    }
    let secret = secret(app)?;
    for choice in &used.stores {
        app.store(*choice)?.save(&key, &secret)?;
        let store = choice.name();
        app.console.note(&format!(
            "Kept the client secret `{name}` in the {store} store."
        ));
    }
    if !used.by_a_profile {
        app.console.note(&format!(
            "No profile uses it yet; next: `keyfob config set PROFILE.client_secret keyring:{name}`"
        ));
    }
    Ok(())
}

/// Where a secret of some name is looked for.
struct Used {
    stores: Vec<StoreChoice>,
    by_a_profile: bool,
}

impl Used {
    fn of(config: &Config, name: &ProfileName) -> Result<Self, Failure> {
        let flags = Overrides::default();
        let wanted = SecretReference::Keyring(name.to_string());
        let mut stores: Vec<StoreChoice> = config
            .names()
            .filter_map(|profile| config.profile(Some(profile), &flags).ok())
            .filter(|profile| profile.client_secret.as_ref() == Some(&wanted))
            .map(|profile| profile.store)
            .collect();
        stores.sort_by_key(|choice| choice.name());
        stores.dedup();
        let by_a_profile = !stores.is_empty();
        if !by_a_profile {
            let above = config.above_profiles(&flags)?;
            let said = above.iter().find(|value| value.key == Setting::Store.key());
            let named = |choice: &StoreChoice| said.is_some_and(|s| s.value == choice.name());
            let choice = StoreChoice::ALL.into_iter().find(named);
            stores.push(choice.unwrap_or(StoreChoice::Keyring));
        }
        Ok(Self {
            stores,
            by_a_profile,
        })
    }
}

/// Asks on the terminal, or reads what is piped in.
fn secret(app: &App) -> Result<Secret, Failure> {
    if app.env.stdin_is_terminal {
        let secret = app.console.ask_hidden("client secret")?;
        if secret.is_empty() {
            return Err(Error::Empty.into());
        }
        return Ok(secret);
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    io::stdin()
        .take(LONGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(Error::Stdin)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Error::NotText)?;
    let text = text.trim_end_matches(['\r', '\n']);
    match text {
        "" => Err(Error::Empty.into()),
        text if text.len() > LONGEST || text.contains(char::is_control) => {
            Err(Error::NotText.into())
        }
        text => Ok(Secret::new(text.to_owned())),
    }
}

/// Why there is nothing to keep, or nowhere to keep it.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("the agent keeps sessions alone, and no client's secret")]
    Agent,
    #[error("no client secret was given")]
    Empty,
    #[error("the memory store keeps nothing beyond this command")]
    Memory,
    #[error("what was given is no client secret: one line of text is wanted")]
    NotText,
    #[error("the client secret cannot be read from stdin")]
    Stdin(#[source] io::Error),
}

impl Diagnostic for Error {
    fn exit(&self) -> Exit {
        Exit::Usage
    }

    fn hint(&self) -> Option<Hint> {
        let hint = match self {
            Self::Empty | Self::NotText | Self::Stdin(_) => {
                "type it on a terminal, or pipe it in as the only line"
            }
            Self::Agent | Self::Memory => {
                "name the secret as `env:VARIABLE` or `file:/path` in the profile"
            }
        };
        Some(Hint::Try(hint.to_owned()))
    }
}
