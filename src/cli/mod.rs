//! Arguments in, exit status out.
//!
//! Holds the whole command tree; decides nothing that a command could decide.

mod generate;
mod report;

pub use generate::{Completions, completions, files};
pub use report::{render, report};

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use crate::app::App;
use crate::base::Exit;
use crate::commands::{self, Command, Failure, Late};
use crate::credential::{self, Appends};
use crate::sys::console::Console;
use crate::sys::env::Env;
use crate::sys::harden::harden;

/// Sign in once, to any OpenID Connect provider, and hand fresh tokens to every other tool
#[derive(Debug, Parser)]
#[command(name = "keyfob", version, max_term_width = 100, after_help = FIRST_STEPS)]
pub struct Cli {
    /// What is the same for every command.
    #[command(flatten)]
    pub globals: Globals,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

const FIRST_STEPS: &str = "First steps:
  keyfob config add work --issuer https://id.example.com --client-id keyfob-cli
  keyfob login work
  keyfob token work";

/// Flags that every command takes.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Globals {
    /// Say on stderr what is being done
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Read this file instead of the user's config.toml
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// The verbs: those of [`crate::commands`], and those that need the command tree itself.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// A verb that does something for the user.
    #[command(flatten)]
    Command(Box<Command>),
    /// Print a completion script for a shell
    Completions(Late<Completions>),
}

/// Runs the program: the arguments in, its name first; the exit status out.
pub fn run(arguments: impl IntoIterator<Item = OsString>, env: Env) -> Exit {
    harden();
    let console = Arc::new(Console::new(&env));
    let arguments = called(arguments);
    let runs_a_command = verb(&arguments).is_some_and(|verb| verb == "exec");
    let done = match parse(arguments) {
        Ok(cli) => dispatch(cli, env, console),
        Err(Stop::Answer(text)) => match console.answer(&text) {
            Ok(()) => Ok(Exit::Done),
            Err(error) => Err(error.into()),
        },
        // The status that a wrong command line has elsewhere is one that the command could have.
        Err(Stop::Reported(_)) if runs_a_command => return Exit::NotStarted,
        Err(Stop::Reported(exit)) => return exit,
    };
    match done {
        Ok(exit) => exit,
        Err(failure) => report(&failure),
    }
}

/// Returns the verb of a command line that need not make sense otherwise.
fn verb(arguments: &[OsString]) -> Option<&OsString> {
    let mut words = arguments.iter().skip(1);
    loop {
        let word = words.next()?;
        let text = word.to_string_lossy();
        if text == "--config" {
            words.next();
        } else if !text.starts_with('-') {
            return Some(word);
        }
    }
}

fn dispatch(cli: Cli, env: Env, console: Arc<Console>) -> Result<Exit, Failure> {
    match cli.verb {
        Verb::Command(command) => {
            let app = App::new(env, console, cli.globals.config);
            commands::run(&command, &app.verbose(cli.globals.verbose))
        }
        Verb::Completions(args) => {
            console.answer_bytes(&completions(args.shell))?;
            Ok(Exit::Done)
        }
    }
}

/// Writes out what a command line means when the program was started by the name that another one
/// has for its plug-in, such as `docker-credential-keyfob`.
fn called(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let name = arguments.first().map(Path::new).and_then(Path::file_stem);
    let protocol = name.and_then(|name| credential::by_other_name(name.to_str()?));
    if let Some(protocol) = protocol {
        let verb = ["credential", protocol.name()];
        // What follows is that program's own, and none of it is a flag of ours.
        let own = (protocol.appends() == Appends::CommandLine).then_some("--");
        arguments.splice(1..1, verb.into_iter().chain(own).map(OsString::from));
    }
    arguments
}

/// Returns the command tree with every verb's arguments in it, where the one that is parsed by has
/// those of the verb that was typed.
pub fn command() -> clap::Command {
    let described = Verb::augment_subcommands_for_update(clap::Command::new("keyfob"));
    Cli::command().mut_subcommands(|late| {
        let verb = described.find_subcommand(late.get_name());
        verb.cloned().unwrap_or(late)
    })
}

/// What is left when a command line asks for nothing to be done.
#[derive(Debug)]
pub enum Stop {
    /// Text for stdout: help that was asked for, or the version.
    Answer(String),
    /// Reported already; end with this status.
    Reported(Exit),
}

/// Parses a command line, the program's name first.
///
/// # Errors
///
/// [`Stop`] when there is nothing to run.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, Stop> {
    Cli::try_parse_from(arguments).map_err(|error| {
        if matches!(
            error.kind(),
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
        ) {
            Stop::Answer(error.render().to_string())
        } else {
            Stop::Reported(report::report_usage(&error))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(command: &clap::Command, check: &mut dyn FnMut(&clap::Command)) {
        check(command);
        for inner in command.get_subcommands() {
            each(inner, check);
        }
    }

    #[test]
    fn the_command_tree_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn a_verb_described_late_has_the_help_that_the_whole_tree_gives_it() {
        let mut tree = command();
        tree.build();
        for verb in tree
            .get_subcommands_mut()
            .filter(|verb| verb.get_name() != "help")
        {
            let line = ["keyfob", verb.get_name(), "--help"].map(OsString::from);

            let Err(Stop::Answer(help)) = parse(line) else {
                panic!("`{}` gives no help", verb.get_name());
            };

            assert_eq!(help, verb.render_help().to_string());
        }
    }

    #[test]
    fn every_first_line_of_help_is_short_and_has_no_full_stop() {
        each(&command(), &mut |command| {
            let about = command
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default();
            // The program's own line is its sentence, not a command's.
            let most = if command.get_name() == "keyfob" {
                100
            } else {
                60
            };
            assert!(
                !about.is_empty() && about.len() <= most,
                "{}: {about}",
                command.get_name()
            );
            assert!(!about.ends_with('.'), "{about}");
            for argument in command.get_arguments() {
                let help = argument
                    .get_help()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                assert!(
                    !help.is_empty(),
                    "{} {}",
                    command.get_name(),
                    argument.get_id()
                );
                assert!(help.len() <= 72 && !help.ends_with('.'), "{help}");
            }
        });
    }

    #[test]
    fn the_verb_is_found_on_a_line_that_makes_no_sense() {
        for (line, found) in [
            ("keyfob exec --nonsense", Some("exec")),
            ("keyfob -v --config exec token", Some("token")),
            ("keyfob --config=x --what exec", Some("exec")),
            ("keyfob --config", None),
            ("keyfob", None),
            ("", None),
        ] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(verb(&words).and_then(|verb| verb.to_str()), found, "{line}");
        }
    }

    #[test]
    fn no_flag_takes_a_secret() {
        each(&command(), &mut |command| {
            for argument in command.get_arguments() {
                let name = argument.get_id().as_str();
                let takes_secret = ["secret", "password", "passphrase"].contains(&name);
                assert!(!takes_secret && name != "client_secret", "{name}");
            }
        });
    }
}
