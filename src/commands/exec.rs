//! `keyfob exec`: runs a command with credentials, and nothing else changed.
//!
//! A token is in the command's environment only where a variable was named for it; it is never in
//! anybody's arguments. On Unix keyfob becomes the command when nothing must stay alive for it.
//! What goes wrong before the command is there has a status of its own, as with `env`.

mod aws_config;
mod folder;
mod kit;
mod kubeconfig;
mod name;
mod presets;
mod purse;

use std::ffi::OsString;
use std::time::Duration;

use clap::Args as ClapArgs;

use self::kit::Kit;
use self::name::Wish;
use self::presets::Presets;
use self::purse::Purse;
use super::selector::Which;
use super::{Failure, ticket};
use crate::agent::frame;
use crate::app::App;
use crate::base::{Diagnostic, Exit, Hint, Secret, span};
use crate::config::{Overrides, Selector};
use crate::oauth::grant::Wanted;
use crate::session::{self, Ask, Kind};
use crate::sys::child::{Descriptor, Program};

/// What `keyfob exec` takes.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Only --env and --postgres put a token into the command's environment, where each of its children
inherits it, and where it stays as it is when it ends. With --fd the command reads it once, as one
line, from a descriptor that is its own: as in `--fd 3` and `$(cat <&3)`, or from stdin with `--fd 0`.
A target is named as for `keyfob token`; `/orders` is one of the command's own profile.

The other flags make a cloud's tools find keyfob by themselves, and stay fresh however long the
command runs: by an endpoint on 127.0.0.1 with a secret of this run, or by a private file, which end
with the command. They answer for nothing but what the profile lists: aws_role, azure, terraform, gcp
or kubernetes. Variables that name other credentials to those tools are left out for the command.

On Unix keyfob becomes the command when nothing has to stay alive. Else signals and job control go
through it. Exit status: the command's own; 125 when keyfob could not start it, 126 when it cannot be
run, 127 when there is no such command, 128 and the number when a signal ended it.

Examples:
  keyfob exec work --env TOKEN -- ./release.sh
  keyfob exec work --env ORDERS=/orders --env OTHER=other/api -- make test
  keyfob exec work --fd 0 -- docker login --username me --password-stdin registry.example.com
  keyfob exec work/aws --aws -- aws s3 ls
  keyfob exec work --azure --terraform -- terraform apply
  keyfob exec work --kube -- helm upgrade shop ./chart
  keyfob exec work/db --postgres -- psql -h db.example.com shop"
)]
pub struct Args {
    #[command(flatten)]
    pub(super) which: Which,
    /// Put a target's access token into this variable
    #[arg(long, value_name = "NAME[=TARGET]", value_parser = Wish::parse)]
    env: Vec<Wish>,
    /// Let the command read the access token from this descriptor
    #[arg(long, value_name = "NUMBER", value_parser = descriptor)]
    fd: Option<u32>,
    #[command(flatten)]
    presets: Presets,
    /// Renew a token if it lives shorter than this, as in `10m`
    #[arg(long, value_name = "SPAN", value_parser = span)]
    min_ttl: Option<Duration>,
    /// Sign in first if nobody is signed in
    #[arg(long)]
    login: bool,
    /// The command, and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Why a command line of `exec` makes no sense.
#[derive(Debug, thiserror::Error)]
enum ExecError {
    #[error("nothing says what the command is to be given")]
    Nothing,
}

impl Diagnostic for ExecError {
    fn exit(&self) -> Exit {
        match self {
            Self::Nothing => Exit::Usage,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Nothing => Some(Hint::Try(
                "name a variable with `--env NAME`, a descriptor with `--fd 3`, or tools with `--aws` \
                 and its like"
                    .to_owned(),
            )),
        }
    }
}

/// Runs the command; returns how it ended, if keyfob has not become it.
///
/// # Errors
///
/// A [`Failure`] with the exit status 125, 126 or 127.
pub fn run(args: &Args, app: &App) -> Result<Exit, Failure> {
    start(args, app).map_err(Failure::before_the_command)
}

fn start(args: &Args, app: &App) -> Result<Exit, Failure> {
    if args.env.is_empty() && args.fd.is_none() && args.presets.is_empty() {
        return Err(ExecError::Nothing.into());
    }
    let others: &[&str] = if args.presets.is_empty() {
        &[]
    } else {
        &presets::VARIABLES
    };
    name::check(&args.env, others)?;
    // First of all: whatever is opened from here on takes a number.
    let descriptor = args.fd.map(Descriptor::reserve).transpose()?;
    let (name, arguments) = args.command.split_first().expect("clap wants a command");
    let mut program = Program::new(name, arguments);
    let own = args.which.selector();
    for wish in &args.env {
        program.set_secret(&wish.name, &args.token(app, &wish.selector(&own))?);
    }
    if let Some(descriptor) = descriptor {
        program.hand_over(descriptor.fill(&args.token(app, &own)?)?);
    }
    if args.presets.is_empty() {
        return Ok(program.become_it(app.env.core_limit)?);
    }
    let (profile, target) = app.profile(&own, &Overrides::default())?;
    let may_sign_in = args.login || ticket::agreed(&profile, app);
    let purse = Purse::open(app, (profile, target))?;
    purse.make_ready(may_sign_in)?;
    let mut kit = Kit::new(app, &purse);
    args.presets.pack(&mut kit, &mut program)?;
    kit.run(program)
}

impl Args {
    /// Gets the access token that a selector means.
    fn token(&self, app: &App, selector: &Selector) -> Result<Secret, Failure> {
        let ticket = match app.profile(selector, &Overrides::default()) {
            Ok((profile, target)) => {
                let meant = profile.target(target.as_ref())?;
                let ask = Ask {
                    min_life: self.min_ttl,
                    ..session::presented(meant)
                };
                let may_sign_in = self.login || ticket::agreed(&profile, app);
                let room = app.open(profile)?;
                ticket::obtain(app, (&room, target.as_ref()), &ask, may_sign_in)
                    .map_err(|failure| failure.noted_for(&room.profile, "exec", app))?
            }
            Err(error) => {
                let ask = Ask {
                    kind: Kind::Access,
                    wanted: Wanted::default(),
                    min_life: self.min_ttl,
                    renew: false,
                };
                ticket::by_name(app, selector, (&ask, frame::Wish::default()), error)?.ticket
            }
        };
        if let Some(caveat) = &ticket.caveat {
            app.console.note(&format!("keyfob: {caveat}"));
        }
        Ok(ticket.token)
    }
}

/// Stdout and stderr are the command's own.
fn descriptor(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(1 | 2) => Err("1 and 2 are where the command writes to".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("write a number, such as 3; 0 is stdin".to_owned()),
    }
}
