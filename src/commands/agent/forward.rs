//! `keyfob agent forward` and `keyfob agent unforward`: restricted sockets for other hosts.
//!
//! Opens nothing over the network: it prints the `ssh` line that does.

use std::time::Duration;

use clap::Args as ClapArgs;
use ring::rand::{SecureRandom as _, SystemRandom};

use super::life;
use super::ssh_line::{RemoteSocket, Unfit, ssh_line};
use crate::agent::frame::{ForwardAsk, Forwarded, Granted};
use crate::app::App;
use crate::base::{Diagnostic, Exit, SshHost, hex, in_words};
use crate::commands::Failure;
use crate::config::Selector;

/// What `keyfob agent forward` takes.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "The answer is one ssh line. Run it, and on the other host `keyfob token` gives access tokens for
the named targets until the time is over: no other targets, no ID tokens, never a refresh token.
Each use is a line in the audit trail. Whoever is root there can use the targets as well, until
the time is over or the ssh connection ends.

Examples:
  keyfob agent forward --host dev1 --target work/orders --for 2h
  keyfob agent forward --host me@build.example.com --target work --target play --confirm"
)]
pub(super) struct ForwardArgs {
    /// The host, as ssh is told: an alias, a name, or user@name
    #[arg(long, value_name = "HOST", value_parser = SshHost::parse)]
    host: SshHost,
    /// A profile or target whose access tokens are given; can be repeated
    #[arg(long = "target", value_name = "PROFILE[/TARGET]", required = true, value_parser = Granted::parse)]
    targets: Vec<Granted>,
    /// End after this long
    #[arg(long = "for", value_name = "SPAN", default_value = "1h", value_parser = life)]
    span: Duration,
    /// Ask a person, where the agent runs, before each token
    #[arg(long)]
    confirm: bool,
    /// Listen at this path on the host instead of one in its /tmp
    #[arg(long, value_name = "PATH", value_parser = RemoteSocket::parse)]
    remote_socket: Option<RemoteSocket>,
}

/// What `keyfob agent unforward` takes.
#[derive(ClapArgs, Debug)]
pub(super) struct UnforwardArgs {
    /// The forward's name, as `keyfob agent status` shows it
    #[arg(value_name = "ID")]
    id: String,
}

/// Why there is no line to print.
#[derive(Debug, thiserror::Error)]
enum NoLine {
    #[error("the system has no random numbers")]
    NoRandom,
}

impl Diagnostic for NoLine {
    fn exit(&self) -> Exit {
        Exit::Fault
    }
}

pub(super) fn forward(args: &ForwardArgs, app: &App) -> Result<(), Failure> {
    for granted in &args.targets {
        is_configured(granted, app)?;
    }
    let remote = match &args.remote_socket {
        Some(remote) => remote.clone(),
        None => random()?,
    };
    let client = app.agent()?;
    let forwarded = client.forward(ForwardAsk {
        host: args.host.clone(),
        targets: args.targets.clone(),
        seconds: args.span.as_secs(),
        confirm: args.confirm,
    })?;
    let line = match ssh_line(&args.host, &remote, &forwarded.socket) {
        Ok(line) => line,
        Err(unfit) => return Err(give_up(app, forwarded, unfit)),
    };
    app.console.answer(&line)?;
    app.console.note(&explanation(args, app, &forwarded));
    Ok(())
}

pub(super) fn unforward(args: &UnforwardArgs, app: &App) -> Result<(), Failure> {
    app.agent()?.unforward(args.id.clone())?;
    app.console.note("The forward is closed.");
    Ok(())
}

/// A name that does not exist would only be found out on the other host.
fn is_configured(granted: &Granted, app: &App) -> Result<(), Failure> {
    let selector = Selector {
        profile: Some(granted.profile.clone()),
        target: granted.target.clone(),
    };
    let (profile, target) = app.profile(&selector, &crate::config::Overrides::default())?;
    profile.target(target.as_ref())?;
    Ok(())
}

/// A name in a folder that everybody can write to must be one that nobody can guess.
fn random() -> Result<RemoteSocket, Failure> {
    let mut bytes = [0; 16];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| NoLine::NoRandom)?;
    Ok(RemoteSocket::in_tmp(&hex(&bytes)))
}

fn give_up(app: &App, forwarded: Forwarded, unfit: Unfit) -> Failure {
    let closed = app.agent().and_then(|agent| agent.unforward(forwarded.id));
    if let Err(error) = closed {
        app.console
            .note(&format!("keyfob: the forward could not be closed: {error}"));
    }
    unfit.into()
}

fn explanation(args: &ForwardArgs, app: &App, forwarded: &Forwarded) -> String {
    let names = args.targets.iter().map(|name| format!("`{name}`"));
    let names = names.collect::<Vec<_>>().join(", ");
    let left = forwarded.until.since(app.clock().now());
    let mut text = format!(
        "The line lets {} have access tokens for {names}, and nothing else, for {}{}.\n\
         Close it sooner with `keyfob agent unforward {}`.",
        args.host,
        in_words(left),
        if args.confirm {
            ", each after a question here"
        } else {
            ""
        },
        forwarded.id
    );
    if left + Duration::from_secs(60) < args.span {
        text.push_str("\nThat is less than was asked for: the agent itself ends then.");
    }
    text
}
