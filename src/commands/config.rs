//! `keyfob config`: shows every setting with where it came from, and changes the file.
//!
//! Reaches no network, but to look up a tenant for `config add`. Never writes a file that the parser would refuse, and never takes a secret
//! from the command line.

mod add;
mod edit;
mod entra;
mod registration;
mod secret;
mod show;

use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::app::App;
use crate::base::{Diagnostic, Exit, Hint, ProfileName, Vars};
use crate::config::edit::{Source, remove_profile, set, unset};
use crate::config::{Config, ConfigError, MOST_BYTES, ValueError};
use crate::sys::console::Console;
use crate::sys::files::{self, FileError};

use super::Failure;

/// What `keyfob config` takes.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "Flags stand above KEYFOB_ variables, variables above the file.

Examples:
  keyfob config add work --issuer https://id.example.com --client-id keyfob-cli
  keyfob config set work.scopes 'openid profile offline_access'
  keyfob config set default_profile work
  keyfob config show work --json"
)]
pub struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    show: show::ShowArgs,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show each value in force and where it came from
    Show(show::ShowArgs),
    /// Add a profile, from flags or by asking
    Add(Box<add::AddArgs>),
    /// Set one value
    Set(SetArgs),
    /// Take one value away
    Unset(UnsetArgs),
    /// Remove a profile
    Remove(RemoveArgs),
    /// Keep a client's secret in the store, or forget it
    Secret(secret::SecretArgs),
    /// Print where the file is
    Path,
    /// Open the file in your editor and check the result
    Edit,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Keys:
  store, browser, interactive, default_profile
  PROFILE.KEY                  work.scopes, work.redirect_port
  PROFILE.target.TARGET.KEY    work.target.orders.scopes
  PROFILE.authorize.PARAMETER  work.authorize.prompt

A client's secret is never written, only where it is found:
  keyfob config set work.client_secret keyring:work-client
  keyfob config set work.client_secret env:WORK_CLIENT_SECRET
  keyfob config set work.client_secret file:/run/secrets/work")]
struct SetArgs {
    /// Name the setting
    key: String,
    /// Give its value
    value: String,
}

#[derive(Debug, clap::Args)]
struct UnsetArgs {
    /// Name the setting, or a target as work.target.orders
    key: String,
}

#[derive(Debug, clap::Args)]
struct RemoveArgs {
    /// Name the profile
    #[arg(value_parser = ProfileName::parse)]
    name: ProfileName,
}

/// What the command may touch.
#[derive(Clone, Copy)]
struct Place<'a> {
    vars: &'a Vars,
    console: &'a Console,
    /// The configuration file; it need not exist.
    path: &'a Path,
}

/// Runs the command.
///
/// # Errors
///
/// [`Failure`] when the file cannot be read, is wrong, or would become wrong.
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    let place = Place {
        vars: &app.env.vars,
        console: &app.console,
        path: app.config_path.as_deref().ok_or(Error::Homeless)?,
    };
    match &args.verb {
        None => show::run(&args.show, app, place),
        Some(Verb::Show(args)) => show::run(args, app, place),
        Some(Verb::Add(args)) => add::run(args, app, place),
        Some(Verb::Set(args)) => {
            place.change(|source| set(source, &args.key, &args.value))?;
            place.note(&format!("Set `{}`.", args.key));
            Ok(())
        }
        Some(Verb::Unset(args)) => {
            place.change(|source| unset(source, &args.key))?;
            place.note(&format!("`{}` is no longer set.", args.key));
            Ok(())
        }
        Some(Verb::Remove(args)) => {
            place.change(|source| remove_profile(source, &args.name))?;
            place.note(&format!("Removed profile `{}` from the file.", args.name));
            Ok(())
        }
        Some(Verb::Secret(args)) => secret::run(args, app),
        Some(Verb::Path) => Ok(place.console.answer(&format!("{}\n", place.shown()))?),
        Some(Verb::Edit) => edit::run(place),
    }
}

impl Place<'_> {
    fn shown(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    /// Reads the file's text; none when there is no file.
    fn read(&self) -> Result<Option<String>, Failure> {
        let bytes = match files::read_settings(self.path, MOST_BYTES) {
            Ok(bytes) => bytes,
            Err(error) if error.is_missing() => return Ok(None),
            Err(FileError::TooLarge { .. }) => {
                return Err(ConfigError::too_large(&self.shown()).into());
            }
            Err(error) => return Err(Error::Unreadable(error).into()),
        };
        let text = Config::decode(&bytes, &self.shown())?;
        Ok(Some(text.to_owned()))
    }

    /// Reads and checks the file, with the variables above it.
    fn load(&self) -> Result<Config, Failure> {
        Ok(match self.read()? {
            Some(text) => Config::parse(&text, &self.shown(), self.vars)?,
            None => Config::empty(self.vars),
        })
    }

    fn change(
        &self,
        edit: impl FnOnce(Source<'_>) -> Result<String, ConfigError>,
    ) -> Result<(), Failure> {
        let text = self.read()?.unwrap_or_default();
        let (text, path) = (text.as_str(), self.shown());
        self.write(&edit(Source { text, path: &path })?)
    }

    fn write(&self, text: &str) -> Result<(), Failure> {
        // A folder that is there already may be shared on purpose; only a new one is ours.
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() && !folder.exists() => {
                files::private_dir(folder)?;
            }
            _ => {}
        }
        Ok(files::replace_settings(self.path, text.as_bytes())?)
    }

    fn note(&self, sentence: &str) {
        self.console.note(sentence);
    }

    /// Says what is likely to be forgotten after a change of profiles.
    fn note_default(&self, config: &Config) {
        let Err(error @ ConfigError::Ambiguous { .. }) = config.default_profile() else {
            return;
        };
        if let Some(Hint::Run(line)) = error.hint() {
            self.note(&format!("No profile is the default; to make one: `{line}`"));
        }
    }
}

/// Why the command failed, beside what is wrong with the configuration itself.
#[derive(Debug, thiserror::Error)]
enum Error {
    /// There is no folder that the file could be in.
    #[error("this user has no home folder, so there is no place for a configuration")]
    Homeless,
    /// Nobody can be asked for what is missing.
    #[error("the profile needs {}", .flags.join(", "))]
    Missing { flags: Vec<&'static str> },
    /// Three wrong answers to one question.
    #[error("no answer that could be used")]
    NoAnswer,
    /// No list of scopes.
    #[error("`--scope` or `--target` is wrong: {0}")]
    Scope(#[source] ValueError),
    /// There is no editor to start.
    #[error("cannot start the editor `{command}`")]
    NoEditor {
        command: String,
        source: std::io::Error,
    },
    /// The editor said that it failed.
    #[error("the editor `{command}` failed; the file is as it was")]
    EditorFailed { command: String },
    /// What was written in the editor cannot be.
    #[error("the edited text is wrong, and the file is as it was; the text is kept in `{}`", .kept.display())]
    Edited {
        kept: PathBuf,
        source: Box<ConfigError>,
    },
    /// Somebody else was faster.
    #[error("the file changed while it was edited; your text is kept in `{}`", .kept.display())]
    Changed { kept: PathBuf },
    /// The file is there, but not for us.
    #[error(transparent)]
    Unreadable(FileError),
    /// The copy to edit cannot be made or read.
    #[error("cannot make a copy to edit")]
    Copy(#[source] std::io::Error),
}

impl Diagnostic for Error {
    fn exit(&self) -> Exit {
        match self {
            Self::Missing { .. } | Self::NoAnswer | Self::Scope(_) => Exit::Usage,
            Self::Edited { .. } | Self::Homeless | Self::Unreadable(_) => Exit::Config,
            Self::NoEditor { .. }
            | Self::EditorFailed { .. }
            | Self::Changed { .. }
            | Self::Copy(_) => Exit::Fault,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Homeless => Some(Hint::Try(
                "set HOME, or name the file with `--config FILE`".into(),
            )),
            Self::Missing { .. } => Some(Hint::Run(
                "keyfob config add work --issuer https://id.example.com --client-id keyfob-cli"
                    .into(),
            )),
            Self::Edited { source, .. } => source.hint(),
            Self::Unreadable(error) => error.hint(),
            Self::NoEditor { .. } => Some(Hint::Try("set EDITOR to your editor's command".into())),
            Self::EditorFailed { .. } => Some(Hint::Try(
                "correct EDITOR, or edit the file that `keyfob config path` names".into(),
            )),
            Self::Copy(_) => Some(Hint::Try("set TMPDIR to a folder with room in it".into())),
            Self::NoAnswer | Self::Scope(_) | Self::Changed { .. } => None,
        }
    }
}
