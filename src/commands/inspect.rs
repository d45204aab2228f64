//! `keyfob inspect`: shows what a token says, what that means, and whether it verifies.
//!
//! A token from a file or from stdin is only ever looked at with keys of an issuer that a profile
//! names; the token's own word about its issuer never causes a request.

use std::fmt;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use jiff::tz::TimeZone;

use super::given::{from_file, from_stdin};
use super::selector::Override;
use super::{Failure, groups, userinfo};
use crate::app::{App, Room};
use crate::base::{Diagnostic, Exit, Hint, NameError, Secret, printable_line};
use crate::config::{Overrides, Selector};
use crate::flow;
use crate::flow::exchange::{self, Circumstances};
use crate::jwt::{self, Algorithm, Inspection};
use crate::output::inspection::{self, Page, Verdict};
use crate::session::{self, Ask, Kind, Reach as _, TokenSource as _};

/// What `keyfob inspect` takes.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "A token from a file or from stdin is verified if a profile has its issuer.

Examples:
  keyfob inspect work
  keyfob inspect work --id-token --verify
  keyfob inspect work --userinfo
  keyfob inspect work --groups --names
  keyfob inspect - < token.txt"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own; clap keeps apart those that exclude each other"
)]
pub struct Args {
    /// Profile, or profile and target; `-` reads a token from stdin
    #[arg(value_name = "PROFILE[/TARGET]", value_parser = Source::parse)]
    pub(super) source: Option<Source>,
    /// Read a token from this file
    #[arg(long, value_name = "FILE", conflicts_with = "source")]
    file: Option<PathBuf>,
    /// Show the ID token instead of the access token
    #[arg(long, conflicts_with = "file")]
    id_token: bool,
    /// Ask the provider about the account instead of reading a token
    #[arg(long, conflicts_with_all = ["file", "id_token", "verify"])]
    userinfo: bool,
    /// Show groups and app roles; asks Microsoft Graph for too many groups
    #[arg(long, conflicts_with_all = ["file", "id_token", "verify", "userinfo"])]
    groups: bool,
    /// With `--groups`: ask Microsoft Graph for the groups' names, too
    #[arg(long, requires = "groups")]
    names: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Exit with status 9 unless the token verifies
    #[arg(long)]
    verify: bool,
    #[command(flatten)]
    pub(super) over: Override,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when there is no token, or with `--verify` when it does not verify.
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    let overrides = args.over.overrides();
    if args.userinfo || args.groups {
        return about_the_account(args, app, &overrides);
    }
    let found = match (&args.file, &args.source) {
        (Some(path), _) => foreign(app, &overrides, from_file(path)?),
        (None, Some(Source::Stdin)) => foreign(app, &overrides, from_stdin()?),
        (None, Some(Source::Session(selector))) => own(args, app, selector, &overrides)?,
        (None, None) => own(args, app, &Selector::default(), &overrides)?,
    };
    show(args, app, &found)?;
    if args.verify && !matches!(found.proof, Proof::Verified(_)) {
        return Err(Unverified::of(&found.proof).into());
    }
    Ok(())
}

/// Asks the provider, or the ID token, about the account instead of showing a token.
fn about_the_account(args: &Args, app: &App, overrides: &Overrides) -> Result<(), Failure> {
    let none = Selector::default();
    let selector = match &args.source {
        Some(Source::Stdin) => return Err(ForeignAccount.into()),
        Some(Source::Session(selector)) => selector,
        None => &none,
    };
    if args.userinfo {
        return userinfo::show(app, selector, overrides, args.json);
    }
    let manner = groups::Manner {
        json: args.json,
        names: args.names,
    };
    groups::show(app, selector, overrides, manner)
}

/// Where the token comes from, if not from a file.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Session(Selector),
    Stdin,
}

impl Source {
    /// Returns the profile whose token is meant, if it is one's own.
    pub(super) fn selector(source: Option<&Self>) -> Selector {
        match source {
            Some(Self::Session(selector)) => selector.clone(),
            Some(Self::Stdin) | None => Selector::default(),
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, NameError> {
        match text {
            "-" => Ok(Self::Stdin),
            _ => Selector::parse(text).map(Self::Session),
        }
    }
}

/// A token to show, and whether anyone vouches for it.
struct Found {
    token: Secret,
    proof: Proof,
}

/// Whether anyone vouches for a token.
enum Proof {
    Failed(Failed),
    Unchecked(String),
    Verified(Algorithm),
}

/// A failed verification, with what is known about the clocks.
struct Failed(jwt::Failure);

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(Failed(failure)) => write!(f, "{failure}"),
            Self::Unchecked(why) => write!(f, "not verified: {why}"),
            Self::Verified(algorithm) => write!(f, "verified ({})", algorithm.name()),
        }
    }
}

/// What `--verify` ends with.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
struct Unverified {
    reason: String,
    hint: Option<Hint>,
}

impl Unverified {
    fn of(proof: &Proof) -> Self {
        let hint = match proof {
            Proof::Failed(Failed(failure)) => failure.hint(),
            Proof::Unchecked(_) | Proof::Verified(_) => Some(Hint::Try(
                "only a JWT whose issuer is the `issuer` of a profile can be verified".into(),
            )),
        };
        Self {
            reason: proof.to_string(),
            hint,
        }
    }
}

impl Diagnostic for Unverified {
    fn exit(&self) -> Exit {
        Exit::Verification
    }

    fn hint(&self) -> Option<Hint> {
        self.hint.clone()
    }
}

/// A token from elsewhere says nothing about whose answer it would bring.
#[derive(Debug, thiserror::Error)]
#[error(
    "`--userinfo` and `--groups` ask about the account of a profile, not about a token from stdin"
)]
struct ForeignAccount;

impl Diagnostic for ForeignAccount {
    fn exit(&self) -> Exit {
        Exit::Usage
    }
}

/// Gets the token of a session, renewed if needed, and verifies it.
fn own(
    args: &Args,
    app: &App,
    selector: &Selector,
    overrides: &Overrides,
) -> Result<Found, Failure> {
    let (profile, target) = app.profile(selector, overrides)?;
    let wanted = session::wanted(profile.target(target.as_ref())?);
    let room = app.open(profile)?;
    let kind = if args.id_token {
        Kind::Id
    } else {
        Kind::Access
    };
    let ticket = app.tokens(&room, target.as_ref())?.token(&Ask {
        kind,
        wanted,
        min_life: None,
        renew: false,
    })?;
    app.trace(if ticket.renewed {
        "the token was renewed"
    } else {
        "the token is from the cache"
    });
    if let Some(caveat) = &ticket.caveat {
        app.console.note(&format!("keyfob: {caveat}"));
    }
    let proof = prove(&room, &ticket.token);
    if kind == Kind::Access && read(&ticket.token).is_err() {
        let name = &room.profile.name;
        app.console.note(&format!(
            "keyfob: only the API can read this access token; to see who is signed in, run \
             `keyfob inspect {name} --id-token` or `keyfob inspect {name} --userinfo`"
        ));
    }
    Ok(Found {
        token: ticket.token,
        proof,
    })
}

/// Verifies a token that came from elsewhere, if a profile names its issuer.
fn foreign(app: &App, overrides: &Overrides, token: Secret) -> Found {
    let issuer = jwt::Unverified::parse(token.expose().trim())
        .ok()
        .and_then(|token| token.claims().iss.clone());
    let proof = match issuer {
        None => Proof::Unchecked("it names no issuer that could vouch for it".into()),
        Some(issuer) => match room_of(app, overrides, &issuer) {
            Some(room) => prove(&room, &token),
            None => Proof::Unchecked(format!(
                "no profile has its issuer `{}`",
                printable_line(&issuer)
            )),
        },
    };
    Found { token, proof }
}

/// Finds a profile that trusts an issuer.
fn room_of<'a>(app: &'a App, overrides: &Overrides, issuer: &str) -> Option<Room<'a>> {
    let config = app.config().ok()?;
    config
        .names()
        .filter_map(|name| config.profile(Some(name), overrides).ok())
        .filter_map(|profile| app.open(profile).ok())
        .find(|room| {
            let rule = room.issuer_rule();
            rule.is_ok_and(|rule| rule.may_name(issuer))
        })
}

/// Reads a token as a JWT, or says why it is none.
fn read(token: &Secret) -> Result<jwt::Unverified, String> {
    jwt::Unverified::parse(token.expose().trim()).map_err(|error| error.to_string())
}

/// Verifies a token with the keys of the room's issuer.
fn prove(room: &Room<'_>, token: &Secret) -> Proof {
    let seen = match read(token) {
        Ok(seen) => seen,
        Err(why) => return Proof::Unchecked(why),
    };
    let is_id = seen
        .claims()
        .aud
        .iter()
        .any(|aud| aud == room.profile.client_id.as_str());
    let proof = room.wire().and_then(|wire| {
        let client = room.client(wire)?;
        Ok(if is_id {
            exchange::verify(wire, &client, token, None, Circumstances::default())
        } else {
            exchange::verify_access(wire, &client, token)
        })
    });
    match proof {
        Ok(Ok(verified)) => Proof::Verified(verified.algorithm()),
        Ok(Err(flow::Error::Verification { failure, .. })) => Proof::Failed(Failed(failure)),
        Ok(Err(error)) => Proof::Unchecked(error.to_string()),
        Err(error) => Proof::Unchecked(error.to_string()),
    }
}

fn show(args: &Args, app: &App, found: &Found) -> Result<(), Failure> {
    let inspection = jwt::inspect(found.token.expose(), app.clock().now());
    let why;
    let verdict = match &found.proof {
        Proof::Failed(Failed(failure)) => Verdict::Failed(failure),
        Proof::Unchecked(reason) => {
            why = reason.clone();
            Verdict::Unchecked(&why)
        }
        Proof::Verified(algorithm) => Verdict::Verified(*algorithm),
    };
    answer(app, &inspection, verdict, args.json)
}

/// Prints an inspection: as a page, or as JSON.
///
/// # Errors
///
/// A [`Failure`] when it cannot be written whole.
pub(super) fn answer(
    app: &App,
    inspection: &Inspection,
    verdict: Verdict<'_>,
    json: bool,
) -> Result<(), Failure> {
    let now = app.clock().now();
    if json {
        let text = inspection::json(inspection, verdict, now);
        return Ok(app.console.answer(&text)?);
    }
    let page = Page {
        inspection,
        verdict,
        zone: &TimeZone::system(),
        now,
        style: app.style(),
        columns: app.env.columns.unwrap_or(80),
    };
    Ok(app.answer_page(&inspection::text(&page))?)
}
