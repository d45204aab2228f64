//! One verb per file: what it takes from the command line, and what it does.
//!
//! A command asks and answers; what is hard is decided below.

pub mod agent;
pub mod config;
pub mod credential;
pub mod demo;
pub mod doctor;
pub mod exec;
pub mod explain;
pub mod inspect;
pub mod issuer;
pub mod list;
pub mod login;
pub mod logout;
pub mod setup;
pub mod token;
pub mod verify;

mod challenge;
mod farewell;
mod given;
mod groups;
mod last;
mod late;
mod present;
mod selector;
mod shell_word;
mod ticket;
mod turn;
mod userinfo;
mod whom;

pub use late::Late;

use std::io;

use clap::Subcommand;

use crate::app::App;
use crate::base::{Diagnostic, Exit};
use crate::config::{Config, Overrides, Profile};
use crate::explain::About;
use last::Last;

/// Why a command failed: any error that knows its exit status.
#[derive(Debug)]
pub struct Failure {
    error: Box<dyn Diagnostic + Send + Sync>,
    about: Option<Box<About>>,
    /// What was done about it, where a program was told in its own way.
    told: Told,
}

/// What another program was told of a failure, in its own way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Told {
    /// All of it: there is nothing to report.
    All(Exit),
    /// Nothing: it is reported as usual.
    Nothing,
    /// That it failed; why is reported as usual.
    Status(Exit),
}

impl Failure {
    /// Returns the error.
    pub fn diagnostic(&self) -> &dyn Diagnostic {
        &*self.error
    }

    /// Returns whom an explanation is for, when a provider refused and that is known.
    pub fn about(&self) -> Option<&About> {
        self.about.as_deref()
    }

    /// Returns the exit status.
    pub fn exit(&self) -> Exit {
        match self.told {
            Told::All(exit) | Told::Status(exit) => exit,
            Told::Nothing => self.error.exit(),
        }
    }

    /// Tells whether there is something left to report.
    pub fn is_untold(&self) -> bool {
        !matches!(self.told, Told::All(_))
    }

    /// Keeps keyfob's own statuses apart from those of a command that it was to start.
    fn before_the_command(self) -> Self {
        let exit = self.error.exit();
        let is_the_command = matches!(exit, Exit::CannotRun | Exit::NotFound);
        let exit = if is_the_command {
            exit
        } else {
            Exit::NotStarted
        };
        Self {
            told: Told::Status(exit),
            ..self
        }
    }

    /// Takes an error of the machine.
    fn from_io(error: io::Error) -> Self {
        MachineFault(error).into()
    }

    /// Notes that a provider refused, where that is what went wrong.
    fn noted(self, command: &Command, app: &App) -> Self {
        if self.about.is_some() || self.error.refused().is_none() {
            return self;
        }
        match command.profile(app) {
            Some(profile) => self.noted_for(&profile, command.verb(), app),
            None => self,
        }
    }

    /// Notes that a provider refused what `verb` wanted for a profile.
    fn noted_for(self, profile: &Profile, verb: &'static str, app: &App) -> Self {
        let (Some(refused), Ok(dirs)) = (self.error.refused(), app.dirs()) else {
            return self;
        };
        let last = Last::new(profile, verb, refused, app.clock().now());
        last.write(&dirs.state);
        Self {
            about: Some(Box::new(last.about())),
            ..self
        }
    }
}

impl<E: Diagnostic + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self {
            error: Box::new(error),
            about: None,
            told: Told::Nothing,
        }
    }
}

/// The machine would not do something that it always does.
#[derive(Debug, thiserror::Error)]
#[error("the machine would not: {0}")]
struct MachineFault(io::Error);

impl Diagnostic for MachineFault {
    fn exit(&self) -> Exit {
        Exit::Fault
    }
}

/// What keyfob can do, in the order that help lists it.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sign in
    Login(Box<Late<login::Args>>),
    /// Print a token that still works
    Token(Box<Late<token::Args>>),
    /// Run a command with tokens
    Exec(Box<Late<exec::Args>>),
    /// Answer other programs in their own protocols
    Credential(Box<Late<credential::Args>>),
    /// Show a token's claims and what they mean
    Inspect(Box<Late<inspect::Args>>),
    /// Say what an error means, who can fix it and how
    Explain(Late<explain::Args>),
    /// Verify a token as an API would, check by check
    Verify(Box<Late<verify::Args>>),
    /// List who is signed in and what is held
    List(Late<list::Args>),
    /// Sign out, and revoke what can be revoked
    Logout(Box<Late<logout::Args>>),
    /// Keep sessions in memory, for machines without a keyring
    Agent(Box<Late<agent::Args>>),
    /// Set other programs up to work with keyfob
    Setup(Late<setup::Args>),
    /// Show the settings, where each comes from, and change them
    Config(Box<Late<config::Args>>),
    /// Find out what stands in the way, and what to do about it
    Doctor(Box<Late<doctor::Args>>),
    /// Run a practice provider on this machine
    Issuer(Box<Late<issuer::Args>>),
    /// Show the whole job on a practice provider
    Demo(Late<demo::Args>),
}

/// Runs a command.
///
/// # Errors
///
/// Whatever [`Failure`] the command ends with.
pub fn run(command: &Command, app: &App) -> Result<Exit, Failure> {
    for warning in Config::empty(&app.env.vars).warnings() {
        app.console.note(&format!("keyfob: warning: {warning}"));
    }
    let done = match command {
        Command::Login(args) => login::run(args, app),
        Command::Exec(args) => {
            return exec::run(args, app).map_err(|failure| failure.noted(command, app));
        }
        Command::Token(args) => token::run(args, app),
        Command::Credential(args) => credential::run(args, app),
        Command::Inspect(args) => inspect::run(args, app),
        Command::Explain(args) => explain::run(args, app),
        Command::Verify(args) => verify::run(args, app),
        Command::List(args) => list::run(args, app),
        Command::Logout(args) => logout::run(args, app),
        Command::Agent(args) => agent::run(args, app),
        Command::Setup(args) => setup::run(args, app),
        Command::Config(args) => config::run(args, app),
        Command::Doctor(args) => doctor::run(args, app),
        Command::Issuer(args) => issuer::run(args, app),
        Command::Demo(args) => demo::run(args, app),
    };
    match done {
        Ok(()) => Ok(Exit::Done),
        Err(failure) => Err(failure.noted(command, app)),
    }
}

impl Command {
    fn verb(&self) -> &'static str {
        match self {
            Self::Login(_) => "login",
            Self::Token(_) => "token",
            Self::Exec(_) => "exec",
            Self::Credential(_) => "credential",
            Self::Inspect(_) => "inspect",
            Self::Explain(_) => "explain",
            Self::Verify(_) => "verify",
            Self::List(_) => "list",
            Self::Logout(_) => "logout",
            Self::Agent(_) => "agent",
            Self::Setup(_) => "setup",
            Self::Config(_) => "config",
            Self::Doctor(_) => "doctor",
            Self::Issuer(_) => "issuer",
            Self::Demo(_) => "demo",
        }
    }

    /// Decides the profile that the command is for, as the command did: asked for only when a
    /// provider has refused, so that nothing is kept for it while all is well.
    fn profile(&self, app: &App) -> Option<Profile> {
        let (selector, flags) = match self {
            Self::Login(args) => (args.which.selector(), args.over.overrides()),
            Self::Token(args) => (args.which.selector(), args.over.overrides()),
            Self::Exec(args) => (args.which.selector(), Overrides::default()),
            Self::Inspect(args) => (
                inspect::Source::selector(args.source.as_ref()),
                args.over.overrides(),
            ),
            Self::Logout(args) => (args.which.selector(), args.over.overrides()),
            Self::Verify(args) => (
                inspect::Source::selector(args.source.as_ref()),
                args.over.overrides(),
            ),
            // Its profile is found by what is asked for, so it has noted that itself.
            Self::Credential(_)
            | Self::Explain(_)
            | Self::List(_)
            | Self::Agent(_)
            | Self::Setup(_)
            | Self::Config(_)
            | Self::Doctor(_)
            | Self::Issuer(_)
            | Self::Demo(_) => return None,
        };
        Some(app.profile(&selector, &flags).ok()?.0)
    }
}

/// Decides the profile that is meant, for a command that concerns all of its targets at once.
fn single_profile(
    app: &App,
    which: &selector::Which,
    over: &selector::Override,
) -> Result<Profile, Failure> {
    Ok(app.profile(&which.selector(), &over.overrides())?.0)
}
