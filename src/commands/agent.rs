//! `keyfob agent`: one process that keeps sessions in memory, and the verbs that tend to it.
//!
//! Runs in the foreground: what keeps it running is a service manager's affair, or a shell's.

mod serve;
mod tend;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Subcommand};

use super::Failure;
use crate::app::App;
use crate::base::span;

/// What `keyfob agent` takes.
#[derive(ClapArgs, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "The agent runs until it is stopped, until nobody has asked it for a token for
--idle, and for --life at most. Every command uses it while it runs; `KEYFOB_AGENT=off` asks none.
Profiles with `store = \"agent\"` have their sessions in its memory and nowhere else.

Examples:
  keyfob agent
  keyfob agent --idle 1h --life 10h
  keyfob agent status
  keyfob agent lock"
)]
pub struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    serve: ServeArgs,
}

/// How the agent runs.
#[derive(ClapArgs, Debug)]
struct ServeArgs {
    /// End when nobody has asked for a token for this long
    #[arg(long, value_name = "SPAN", default_value = "12h", value_parser = life)]
    idle: Duration,
    /// End after this long in any case
    #[arg(long, value_name = "SPAN", default_value = "7d", value_parser = life)]
    life: Duration,
    /// Listen at this path instead of the usual one
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,
}

/// What can be done to a running agent.
#[derive(Debug, Subcommand)]
enum Verb {
    /// Show how the agent is and what it keeps
    Status(StatusArgs),
    /// Hold everything in the agent under a passphrase
    Lock(PassphraseArgs),
    /// Let the agent go on, with the passphrase that locked it
    Unlock(PassphraseArgs),
    /// End the agent; what it keeps ends with it
    Stop,
}

/// What `keyfob agent status` takes.
#[derive(ClapArgs, Debug)]
struct StatusArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What `keyfob agent lock` and `keyfob agent unlock` take.
#[derive(ClapArgs, Debug)]
struct PassphraseArgs {
    /// Read the passphrase from stdin instead of asking for it
    #[arg(long)]
    stdin: bool,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`].
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    match &args.verb {
        None => serve::run(&args.serve, app),
        Some(Verb::Status(args)) => tend::status(args.json, app),
        Some(Verb::Lock(args)) => tend::lock(args.stdin, app),
        Some(Verb::Unlock(args)) => tend::unlock(args.stdin, app),
        Some(Verb::Stop) => tend::stop(app),
    }
}

/// An agent that lives for no time at all is no agent.
fn life(text: &str) -> Result<Duration, String> {
    match span(text) {
        Ok(Duration::ZERO) => Err("it must be longer than that".to_owned()),
        other => other.map_err(|error| error.to_string()),
    }
}
