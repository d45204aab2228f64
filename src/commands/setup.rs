//! `keyfob setup`: what other programs need to work with keyfob, one file here for each.
//!
//! Prints by default; writes with `--write`, and undoes that with `--remove`. Starts nothing.

mod agent;
mod own;

use clap::{Args as ClapArgs, Subcommand};

use super::Failure;
use crate::app::App;

/// What `keyfob setup` takes.
#[derive(ClapArgs, Debug)]
#[command(
    disable_help_subcommand = true,
    after_help = "Prints what it would write, and where. What stands there already and is different is kept beside
it by --write, and put back by --remove.

Examples:
  keyfob setup agent
  keyfob setup agent --write
  keyfob setup agent --remove"
)]
pub struct Args {
    #[command(subcommand)]
    tool: Tool,
}

/// What can be set up.
#[derive(Debug, Subcommand)]
enum Tool {
    /// Start the agent with every login
    Agent(ChangeArgs),
}

/// What every `keyfob setup` takes.
#[derive(ClapArgs, Clone, Copy, Debug)]
struct ChangeArgs {
    /// Write it
    #[arg(long, conflicts_with = "remove")]
    write: bool,
    /// Remove what --write has written
    #[arg(long)]
    remove: bool,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`].
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    match args.tool {
        Tool::Agent(args) => agent::run(args, app),
    }
}
