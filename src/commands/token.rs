//! `keyfob token`: prints a token that still works, and nothing else, on stdout.
//!
//! Never opens a browser unless asked to by `--login`, or by a profile that says so on a terminal.

use std::time::Duration;

use clap::Args as ClapArgs;
use clap::builder::PossibleValuesParser;

use super::selector::{Override, Which};
use super::{Failure, challenge, ticket};
use crate::agent::frame::Wish;
use crate::app::App;
use crate::base::{
    Audience, Diagnostic, Exit, Issuer, ProfileName, Resource, Scopes, TargetName, span,
};
use crate::config::Profile;
use crate::jwt::TokenKind;
use crate::oauth::Demand;
use crate::oauth::grant::Wanted;
use crate::output::{self, View};
use crate::provider::ResourceParameter;
use crate::provider::entra::written_out;
use crate::session::{self, Ask, Kind, Ticket};

/// What `keyfob token` takes.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "The token is all that is on stdout. It comes from a sealed cache and is renewed
when little is left of it. Exit status 3 says that a person must sign in.
With --login, and where stdin or stderr is no terminal, one browser window is opened per account,
however many ask; no second one until somebody has signed in or out.
An API that wants more than the token has answers 401 with a challenge: --claims-challenge gets a
token that meets it, from the provider or after a sign-in. When the same challenge comes back for
that token, it is an error: nothing would change.

Examples:
  keyfob token work
  keyfob token work/orders --min-ttl 10m
  curl -sI https://api.example.com/me | keyfob token work --claims-challenge -
  keyfob token work --format curl | curl -K - https://api.example.com/me
  keyfob token work --format header | curl -H @- https://api.example.com/me"
)]
pub struct Args {
    #[command(flatten)]
    pub(super) which: Which,
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
    /// Meet an API's `WWW-Authenticate` challenge; `-` reads it from stdin
    #[arg(
        long,
        value_name = "CHALLENGE",
        conflicts_with = "id_token",
        allow_hyphen_values = true
    )]
    claims_challenge: Option<String>,
    /// Sign in first if nobody is signed in
    #[arg(long)]
    login: bool,
    #[command(flatten)]
    pub(super) over: Override,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`]; exit status 3 says that a person must sign in.
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    let selector = args.which.selector();
    let challenge = args.claims_challenge.as_deref();
    let demand = challenge.map(challenge::read).transpose()?;
    let (profile, target) = match app.profile(&selector, &args.over.overrides()) {
        Ok(known) => known,
        Err(error) if !args.over.is_empty() => return Err(error.into()),
        Err(error) => {
            let ask = (&args.ask(Wanted::default()), args.wish(demand));
            let found = ticket::by_name(app, &selector, ask, error)?;
            let whose = (&found.profile, selector.target.as_ref(), &found.issuer);
            return print(args, app, whose, &found.ticket);
        }
    };
    let demand = demand.map(|demand| session::as_provider_wants(&profile, demand));
    let mut wish = args.wish(demand);
    fit(&mut wish, &profile)?;
    let wanted = wish.of(session::wanted(profile.target(target.as_ref())?));
    let may_sign_in = args.login || ticket::agreed(&profile, app);
    let room = app.open(profile)?;
    let ticket = ticket::obtain(
        app,
        (&room, target.as_ref()),
        &args.ask(wanted),
        may_sign_in,
    )?;
    print(
        args,
        app,
        (&room.profile.name, target.as_ref(), &room.profile.issuer),
        &ticket,
    )
}

/// Writes what the flags ask for as the profile's provider wants it, and refuses here what it would
/// refuse there.
fn fit(wish: &mut Wish, profile: &Profile) -> Result<(), Failure> {
    if let (Some(_), ResourceParameter::Refused(reason)) =
        (&wish.resources, profile.provider.resource)
    {
        return Err(NotTaken { reason }.into());
    }
    if let Some(scopes) = &mut wish.scopes {
        *scopes = written_out(scopes, profile.entra.as_ref())?;
    }
    Ok(())
}

/// A flag that the profile's provider has no use for.
#[derive(Debug, thiserror::Error)]
#[error("`--resource` cannot be used here: {reason}")]
struct NotTaken {
    reason: &'static str,
}

impl Diagnostic for NotTaken {
    fn exit(&self) -> Exit {
        Exit::Usage
    }
}

impl Args {
    /// What the flags ask for, in place of what the target says.
    fn wish(&self, demand: Option<Demand>) -> Wish {
        Wish {
            demand,
            scopes: self.scope.clone(),
            audience: self.audience.clone(),
            resources: self.resource.clone().map(|resource| vec![resource]),
            whole: false,
        }
    }

    fn ask(&self, wanted: Wanted) -> Ask {
        Ask {
            kind: if self.id_token {
                Kind::Id
            } else {
                Kind::Access
            },
            wanted,
            min_life: self.min_ttl,
            renew: self.renew,
        }
    }
}

fn print(
    args: &Args,
    app: &App,
    (profile, target, issuer): (&ProfileName, Option<&TargetName>, &Issuer),
    ticket: &Ticket,
) -> Result<(), Failure> {
    app.trace(if ticket.renewed {
        "the token was renewed"
    } else {
        "the token is from the cache"
    });
    if let Some(caveat) = &ticket.caveat {
        app.console.note(&format!("keyfob: {caveat}"));
    }
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
        profile,
        target,
        issuer,
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
