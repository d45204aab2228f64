//! `keyfob verify`: whether an API should take a token, check by check (RFC 9068 §4, OIDC Core
//! §3.1.3.7).
//!
//! Who must have made it is what the person says or what a profile says, never what the token says.
//! A token is read from a profile, a file or stdin, and is never shown.

mod advice;
mod judge;
mod stream;

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, ValueEnum};

use super::given::{from_file, from_stdin};
use super::selector::Override;
use super::{Failure, inspect::Source};
use crate::app::App;
use crate::base::{Secret, span};
use crate::config::Selector;
use crate::jwt::TokenKind;
use crate::jwt::checks::{Detail, Report};
use crate::output::checks;
use crate::session::{self, Ask, Kind, TokenSource as _};
use advice::Refused;
use judge::Judge;

/// What `keyfob verify` takes.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Clock first, audience second: they are what is wrong most often. Exits 0 only when
every check holds, 9 when one does not, 10 for a token that nobody but its API
can verify, and 6 when the provider's keys cannot be had.

Examples:
  keyfob verify work --audience api://orders
  keyfob verify - --profile work --audience api://orders --scope orders.read < token.txt
  keyfob verify - --issuer https://id.example.com --audience api --json < token.txt
  keyfob verify --file token.txt --issuer https://id.example.com --offline --jwks keys.json
  keyfob verify - --ndjson --profile work --audience api://orders < tokens.txt"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own; clap keeps apart those that exclude each other"
)]
pub struct Args {
    /// Profile or target whose own token is verified; `-` reads one from stdin
    #[arg(value_name = "PROFILE[/TARGET]", value_parser = Source::parse)]
    pub(super) source: Option<Source>,
    /// Read a token from this file
    #[arg(long, value_name = "FILE", conflicts_with = "source")]
    file: Option<PathBuf>,
    /// Take this profile's issuer and client for a token from elsewhere
    #[arg(long, value_name = "PROFILE", value_parser = Selector::parse)]
    profile: Option<Selector>,
    /// Verify the profile's ID token instead of its access token
    #[arg(long, conflicts_with = "file")]
    id_token: bool,
    /// Which kind of token it must be
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<KindChoice>,
    /// Who it must be for; several are accepted as alternatives
    #[arg(long, value_name = "AUDIENCE")]
    audience: Vec<String>,
    /// A scope that it must have; all of several
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// A role that it must have; all of several
    #[arg(long, value_name = "ROLE")]
    role: Vec<String>,
    /// Who may have asked for it (`azp`, `appid`); several are alternatives
    #[arg(long, value_name = "CLIENT_ID")]
    client: Vec<String>,
    /// Which tenant it must come from (`tid`); several are alternatives
    #[arg(long, value_name = "TENANT")]
    tenant: Vec<String>,
    /// How strong the sign-in must have been (`acr`); several are alternatives
    #[arg(long, value_name = "CLASS")]
    acr: Vec<String>,
    /// An authentication context that it must have (`acrs`); all of several
    #[arg(long, value_name = "CONTEXT")]
    acrs: Vec<String>,
    /// Require the media type `at+jwt` of an access token (RFC 9068)
    #[arg(long)]
    at_jwt: bool,
    /// How far clocks may differ, as in `30s`; at most 5m
    #[arg(long, value_name = "SPAN", value_parser = span)]
    leeway: Option<Duration>,
    /// Make no request at all
    #[arg(long, requires = "jwks")]
    offline: bool,
    /// Take the provider's keys from this file
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    /// Print JSON
    #[arg(long, conflicts_with = "ndjson")]
    json: bool,
    /// Read one token per line from stdin, and print one JSON verdict per line
    #[arg(long, conflicts_with_all = ["file", "id_token"])]
    ndjson: bool,
    #[command(flatten)]
    pub(super) over: Override,
}

/// A kind of token, as it is asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum KindChoice {
    Access,
    Id,
    // Whichever it is.
    Auto,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when there is no token, when it cannot be verified, or when a check does not hold.
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    if args.ndjson {
        let judge = Judge::new(args, app, None, Detail::Exceptions)?;
        return stream::run(&judge, app);
    }
    let (token, selector) = token(args, app)?;
    let judge = Judge::new(args, app, selector.as_ref(), Detail::Every)?;
    let report = judge.judge(token.expose().trim());
    show(args, app, &judge, &report)?;
    match Refused::of(&report, &judge) {
        Some(refused) => Err(refused.into()),
        None => Ok(()),
    }
}

/// Gets the token, and the profile that it comes from if it is a session's own.
fn token(args: &Args, app: &App) -> Result<(Secret, Option<Selector>), Failure> {
    let own = match (&args.file, &args.source) {
        (Some(path), _) => return Ok((from_file(path)?, None)),
        (None, Some(Source::Stdin)) => return Ok((from_stdin()?, None)),
        (None, None) if !io::stdin().is_terminal() => return Ok((from_stdin()?, None)),
        (None, None) => Selector::default(),
        (None, Some(Source::Session(selector))) => selector.clone(),
    };
    let (profile, target) = app.profile(&own, &args.over.overrides())?;
    let wanted = session::wanted(profile.target(target.as_ref())?);
    let room = app.open(profile)?;
    let ticket = app.tokens(&room, target.as_ref())?.token(&Ask {
        kind: if args.id_token {
            Kind::Id
        } else {
            Kind::Access
        },
        wanted,
        min_life: None,
        renew: false,
    })?;
    if let Some(caveat) = &ticket.caveat {
        app.console.note(&format!("keyfob: {caveat}"));
    }
    Ok((ticket.token, Some(own)))
}

fn show(args: &Args, app: &App, judge: &Judge<'_>, report: &Report) -> Result<(), Failure> {
    let fix = advice::fix(report, judge);
    if args.json {
        let text = checks::json(report, fix.as_deref());
        return Ok(app.console.answer(&text)?);
    }
    let columns = app.env.columns.map_or(80, usize::from);
    Ok(app.answer_page(&checks::text(report, app.style(), columns))?)
}

impl Args {
    /// Which kind of token is wanted; of a session's own, that is known.
    fn kind(&self) -> Option<TokenKind> {
        match self.kind {
            Some(KindChoice::Access) => Some(TokenKind::Access),
            Some(KindChoice::Id) => Some(TokenKind::Id),
            None if self.id_token => Some(TokenKind::Id),
            Some(KindChoice::Auto) | None => None,
        }
    }
}
