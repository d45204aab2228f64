//! `keyfob token`: prints a token that still works, and nothing else, on stdout.
//!
//! Never opens a browser unless asked to by `--login`, or by a profile that says so on a terminal.

use std::time::Duration;

use clap::Args as ClapArgs;
use clap::builder::PossibleValuesParser;

use super::login::Manner;
use super::selector::{Override, Which};
use super::{Failure, turn};
use crate::app::{App, Room};
use crate::base::{Audience, Diagnostic as _, Exit, Resource, Scopes, TargetName, Timestamp, span};
use crate::config::Profile;
use crate::jwt::TokenKind;
use crate::output::{self, View};
use crate::session::{self, Ask, Kind, Ticket};

/// What `keyfob token` takes.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "The token is all that is on stdout. It comes from a sealed cache and is renewed
when little is left of it. Exit status 3 says that a person must sign in.
With --login, and where stdin or stderr is no terminal, one browser window is opened per account,
however many ask; no second one until somebody has signed in or out.

Examples:
  keyfob token work
  keyfob token work/orders --min-ttl 10m
  keyfob token work --format curl | curl -K - https://api.example.com/me
  keyfob token work --format header | curl -H @- https://api.example.com/me"
)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "raw", value_parser = formats())]
    format: String,
    /// Print the ID token instead of an access token
    #[arg(long)]
    id_token: bool,
    /// Renew the token if it lives shorter than this, as in `10m`
    #[arg(long, value_name = "SPAN", value_parser = span)]
    min_ttl: Option<Duration>,
    /// Renew the token whatever is left of it
    #[arg(long)]
    renew: bool,
    /// Ask for these scopes instead of the target's
    #[arg(long, value_name = "SCOPES", value_parser = Scopes::parse)]
    scope: Option<Scopes>,
    /// Ask for a token for this resource (RFC 8707)
    #[arg(long, value_name = "URI", value_parser = Resource::parse)]
    resource: Option<Resource>,
    /// Ask for a token for this audience
    #[arg(long, value_name = "AUDIENCE", value_parser = Audience::parse)]
    audience: Option<Audience>,
    /// Sign in first if nobody is signed in
    #[arg(long)]
    login: bool,
    #[command(flatten)]
    over: Override,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`]; exit status 3 says that a person must sign in.
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    let (profile, target) = app.profile(&args.which.selector(), &args.over.overrides())?;
    let mut wanted = session::wanted(profile.target(target.as_ref())?);
    if let Some(scopes) = &args.scope {
        wanted.scopes = scopes.clone();
    }
    if let Some(resource) = &args.resource {
        wanted.resources = vec![resource.clone()];
    }
    if let Some(audience) = &args.audience {
        wanted.audience = Some(audience.clone());
    }
    let kind = if args.id_token {
        Kind::Id
    } else {
        Kind::Access
    };
    let ask = Ask {
        kind,
        wanted,
        min_life: args.min_ttl,
        renew: args.renew,
    };
    let may_sign_in = args.login || agreed(&profile, app);
    let room = app.open(profile)?;
    let ticket = ticket(app, &room, &ask, may_sign_in)?;
    app.trace(if ticket.renewed {
        "the token was renewed"
    } else {
        "the token is from the cache"
    });
    if let Some(caveat) = &ticket.caveat {
        app.console.note(&format!("keyfob: {caveat}"));
    }
    print(args, app, &room, target.as_ref(), &ticket)
}

/// A profile may agree beforehand that its user be asked, if there is one.
fn agreed(profile: &Profile, app: &App) -> bool {
    profile.interactive && app.env.stdin_is_terminal && app.env.stderr_is_terminal
}

fn ticket(app: &App, room: &Room<'_>, ask: &Ask, may_sign_in: bool) -> Result<Ticket, Failure> {
    match room.session().token(ask) {
        Err(error) if error.exit() == Exit::SignInNeeded => {
            if !may_sign_in {
                return Err(turn::explain(app, room, error));
            }
            app.console.note(&format!("keyfob: {error}"));
            let again = Ask {
                renew: false,
                ..ask.clone()
            };
            let before = signed_in_at(room);
            // Somebody else may have signed in while this process came to ask.
            let needed = || match room.session().token(&again) {
                _ if signed_in_at(room) != before => Ok(false),
                Ok(_) => Ok(ask.renew),
                Err(error) if error.exit() == Exit::SignInNeeded => Ok(true),
                Err(error) => Err(error.into()),
            };
            turn::sign_in(app, room, &Manner::default(), &needed)?;
            Ok(room.session().token(&again)?)
        }
        other => Ok(other?),
    }
}

fn signed_in_at(room: &Room<'_>) -> Option<Timestamp> {
    let entry = room.keep().entry(&room.key());
    entry.map(|entry| entry.signed_in)
}

fn print(
    args: &Args,
    app: &App,
    room: &Room<'_>,
    target: Option<&TargetName>,
    ticket: &Ticket,
) -> Result<(), Failure> {
    let view = View {
        kind: if args.id_token {
            TokenKind::Id
        } else {
            TokenKind::Access
        },
        token: &ticket.token,
        token_type: "Bearer",
        expires_at: Some(ticket.expires),
        scopes: &ticket.scopes,
        profile: &room.profile.name,
        target,
        issuer: &room.profile.issuer,
    };
    let format = output::by_name(&args.format).expect("clap takes the formats' names only");
    Ok(app.answer_secret(&format.print(&view, app.clock().now())?)?)
}

fn formats() -> PossibleValuesParser {
    output::ALL
        .iter()
        .map(|format| format.name())
        .collect::<Vec<_>>()
        .into()
}
