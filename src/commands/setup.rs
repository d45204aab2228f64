//! `keyfob setup`: what other programs need to work with keyfob, one file here for each.
//!
//! Prints by default; writes with `--write`, and undoes that with `--remove`. Starts nothing that
//! stays up.

mod agent;
mod aws;
mod azure;
mod cargo;
mod change;
mod copy;
mod docker;
mod format;
mod gcp;
mod git;
mod ini;
mod json;
mod kubectl;
mod mcp;
mod own;
mod pip;
mod place;
mod prove;
mod record;
mod toml;
mod tool;
mod unchanged;

use clap::{Args as ClapArgs, Subcommand};

use super::Failure;
use crate::app::App;
use crate::config::Selector;

/// What `keyfob setup` takes.
#[derive(ClapArgs, Debug)]
#[command(
    disable_help_subcommand = true,
    after_help = "Prints what it would write, and where. What stands there already and is different is kept beside
it by --write, and put back by --remove. --write then runs the program and says what it gets.

Programs are set up for what the profile lists for them, and get tokens for nothing else.

Examples:
  keyfob setup git work/code
  keyfob setup git work/code --write
  keyfob setup git --remove"
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
    /// Let the AWS CLI and SDKs take roles by keyfob
    Aws(ToolArgs),
    /// Let Azure SDKs that run `az` and `azd` run keyfob
    Azure(ToolArgs),
    /// Let cargo ask keyfob for its registries' tokens
    Cargo(ToolArgs),
    /// Let docker ask keyfob for its registries' tokens
    Docker(ToolArgs),
    /// Let Google's tools and libraries ask keyfob
    Gcp(ToolArgs),
    /// Let git ask keyfob for its servers' tokens
    Git(ToolArgs),
    /// Let kubectl ask keyfob for its clusters' tokens
    Kubectl(ToolArgs),
    /// Print what tools with a header helper are told
    Mcp(PrintArgs),
    /// Let pip and uv ask keyfob for their indexes' tokens
    Pip(ToolArgs),
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

/// What `keyfob setup` takes for a program that asks for tokens.
#[derive(ClapArgs, Clone, Debug)]
struct ToolArgs {
    /// The only one that may answer; else all that list something for it
    #[arg(value_name = "PROFILE[/TARGET]", value_parser = Selector::parse)]
    selector: Option<Selector>,
    #[command(flatten)]
    change: ChangeArgs,
}

/// What `keyfob setup` takes for a program whose settings people change themselves.
#[derive(ClapArgs, Clone, Debug)]
struct PrintArgs {
    /// The only one that may answer; else all that list something for it
    #[arg(value_name = "PROFILE[/TARGET]", value_parser = Selector::parse)]
    selector: Option<Selector>,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`].
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    let (tool, args): (&dyn tool::Tool, _) = match &args.tool {
        Tool::Agent(args) => return agent::run(*args, app),
        Tool::Mcp(args) => return mcp::run(args.selector.clone(), app),
        Tool::Aws(args) => (&aws::Aws, args),
        Tool::Azure(args) => (&azure::Azure, args),
        Tool::Cargo(args) => (&cargo::Cargo, args),
        Tool::Docker(args) => (&docker::Docker, args),
        Tool::Gcp(args) => (&gcp::Gcp, args),
        Tool::Git(args) => (&git::Git, args),
        Tool::Kubectl(args) => (&kubectl::Kubectl, args),
        Tool::Pip(args) => (&pip::Pip, args),
    };
    tool::run(tool, (args.selector.clone(), args.change), app)
}
