//! `keyfob credential`: answers other programs in their own plug-in protocols.
//!
//! Answers only for what the user's own file lists: the programs ask for whatever a repository tells
//! them to. stdout holds what the protocol wants there and nothing else.

mod args;
mod role;
mod sent;
mod tenant;

pub use args::Args;

use super::ticket::{agreed, obtain};
use super::{Failure, Told};
use crate::app::App;
use crate::base::{Diagnostic, Exit, Hint, ProfileName, Secret, TargetName, TenantId, in_one_line};
use crate::config::{Profile, Selector, Unlisted};
use crate::credential::{
    Call, Found, MOST_SENT, Misread, Person, Protocol, Reason, Request, Sends, Step, Takes, Why,
};
use crate::oauth::challenge;
use crate::provider::entra::written_out;
use crate::session::{self, Ask};

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`], with the exit status that the protocol has for it.
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    let asked = call(args, app, &[]);
    if let Some(greeting) = args.protocol.greeting(&asked) {
        app.console.answer_bytes(greeting.as_bytes())?;
    }
    match args.protocol.sends(&asked) {
        Sends::Nothing => one(args, app, &[]),
        Sends::All => one(args, app, &sent::all()?),
        Sends::Lines => {
            while let Some(line) = sent::line()? {
                one(args, app, &line)?;
                // Nobody knows where the next line would begin.
                if line.len() > MOST_SENT {
                    break;
                }
            }
            Ok(())
        }
    }
}

fn call<'a>(args: &'a Args, app: &'a App, sent: &'a [u8]) -> Call<'a> {
    Call {
        words: &args.words,
        sent,
        vars: &app.env.vars,
    }
}

/// Answers one call.
fn one(args: &Args, app: &App, sent: &[u8]) -> Result<(), Failure> {
    let protocol = args.protocol;
    let step = match protocol.read(&call(args, app, sent)) {
        Ok(step) => step,
        Err(misread) => return refuse(protocol, app, None, (Reason::Misread, misread.into())),
    };
    let (request, done) = match step {
        Step::Answer(text) => return Ok(app.console.answer_bytes(text.as_bytes())?),
        Step::Change(request, secret) => {
            let done = change(args, app, &request, secret.as_ref());
            (request, done)
        }
        Step::Reject(request, secret) => return reject(args, app, &request, &secret),
        Step::Serve(request) => {
            let done = serve(args, app, &request);
            (request, done)
        }
    };
    match done {
        Ok(answer) => Ok(app.answer_secret(&answer)?),
        Err(fault) => refuse(protocol, app, Some(&request), fault),
    }
}

/// Why a call is not served.
type Fault = (Reason, Failure);

/// Gets what is asked for, and writes the answer.
fn serve(args: &Args, app: &App, request: &Request) -> Result<Secret, Fault> {
    let (profile, target) = listed(args, app, request)?;
    let name = target.as_ref();
    let unopened = |error: Failure| (Reason::Failed, error);
    let room = app.open(profile).map_err(|error| unopened(error.into()))?;
    let failed = |failure: Failure| {
        let reason = reason(failure.exit());
        (reason, failure.noted_for(&room.profile, "credential", app))
    };
    let may_sign_in = may_sign_in(args, app, &room.profile, request);
    match args.protocol.takes() {
        Takes::Token => {
            let ask = ask(&room.profile, name, request).map_err(failed)?;
            let ticket = obtain(app, (&room, name), &ask, may_sign_in).map_err(failed)?;
            warn(args, app, ticket.caveat.as_deref());
            let tenant = tenant::of(&room);
            tenant::is_meant(&room.profile, tenant.as_ref(), request).map_err(unlisted)?;
            let meant = room.profile.target(name);
            let serves = &meant.map_err(|error| failed(error.into()))?.serves;
            let found = Found {
                token: &ticket.token,
                expires: ticket.expires,
                username: serves.username.as_deref(),
                kind: serves.present,
                tenant: tenant.as_ref().map(TenantId::as_str),
                role: None,
                now: app.clock().now(),
                zone: jiff::tz::TimeZone::system,
            };
            Ok(args.protocol.answer(request, &found))
        }
        Takes::Role => {
            role::answer(args.protocol, app, (&room, name), request, may_sign_in).map_err(failed)
        }
    }
}

/// Says on stderr what there is to say of an answer, unless the program would read it as a part.
fn warn(args: &Args, app: &App, caveat: Option<&str>) {
    if let Some(caveat) = caveat.filter(|_| !args.protocol.merges_stderr()) {
        app.console.note(&format!("keyfob: {caveat}"));
    }
}

/// Tells what a person can help with from what they cannot.
fn reason(exit: Exit) -> Reason {
    if [Exit::SignInNeeded, Exit::SignInIncomplete].contains(&exit) {
        Reason::SignInNeeded
    } else {
        Reason::Failed
    }
}

/// Finds the target that may answer.
fn listed(
    args: &Args,
    app: &App,
    request: &Request,
) -> Result<(Profile, Option<TargetName>), Fault> {
    let failed = |failure| (Reason::Failed, failure);
    let config = app.config().map_err(|error| failed(error.into()))?;
    let within = &within(args, request).map_err(|error| (Reason::Misread, error.into()))?;
    let (setting, asked) = (args.setting(), &request.asked);
    let fits = |profile: &Profile| tenant::may_be_meant(app, profile, request);
    let found = config.serving_where(setting, within, asked, &fits);
    if let Some(found) = found.map_err(|error| failed(error.into()))? {
        return Ok(found);
    }
    // Of those that list it, none is of the tenant that is asked for.
    let found = config.serving(setting, within, asked);
    let found = found.map_err(|error| failed(error.into()))?;
    let nowhere = Unlisted {
        setting,
        within: within.clone(),
        asked: asked.clone(),
    };
    let other = found.and_then(|(profile, _)| tenant::other(app, profile, request));
    Err(unlisted(other.unwrap_or_else(|| nowhere.into())))
}

fn unlisted(why: impl Into<Failure>) -> Fault {
    (Reason::Unlisted, why.into())
}

/// Who alone may answer: what is typed counts above what the program's settings say.
fn within(args: &Args, request: &Request) -> Result<Selector, Misread> {
    match &request.within {
        Some(name) if args.within == Selector::default() => {
            Selector::parse(name).map_err(|_| Misread::Form {
                what: "the argument in the program's settings",
                wanted: "PROFILE or PROFILE/TARGET",
            })
        }
        Some(_) | None => Ok(args.within.clone()),
    }
}

/// Says what is asked of the session.
fn ask(profile: &Profile, name: Option<&TargetName>, request: &Request) -> Result<Ask, Failure> {
    let target = profile.target(name)?;
    let mut ask = session::presented(target);
    if let Some(scopes) = &request.scopes {
        let scopes = crate::base::Scopes::parse(scopes).map_err(|_| Misread::Form {
            what: "the scope",
            wanted: "a list of scopes",
        })?;
        ask.wanted.scopes = written_out(&scopes, profile.entra.as_ref())?;
    }
    if let Some(claims) = &request.claims {
        let demand = challenge::parse(claims)?;
        ask.wanted.demand = Some(session::as_provider_wants(profile, demand));
    }
    Ok(ask)
}

/// A person is asked where the profile or the command line agrees, and somebody is there.
fn may_sign_in(args: &Args, app: &App, profile: &Profile, request: &Request) -> bool {
    request.person != Person::Never && (args.login || agreed(profile, app))
}

/// Keeps nothing for other programs, and needs not to where it is what they were given.
fn change(
    args: &Args,
    app: &App,
    request: &Request,
    secret: Option<&Secret>,
) -> Result<Secret, Fault> {
    let (profile, target) = listed(args, app, request)?;
    let not_changed = NotChanged(profile.name.clone());
    match secret.map(|secret| is_held(app, (profile, target.as_ref()), request, secret)) {
        Some(Ok(true)) => Ok(Secret::new(String::new())),
        Some(Ok(false) | Err(_)) | None => Err((Reason::NotChanged, not_changed.into())),
    }
}

/// Tells whether it is the token that is held.
fn is_held(
    app: &App,
    (profile, target): (Profile, Option<&TargetName>),
    request: &Request,
    secret: &Secret,
) -> Result<bool, Failure> {
    let ask = ask(&profile, target, request)?;
    let room = app.open(profile)?;
    Ok(obtain(app, (&room, target), &ask, false)?.token.is(secret))
}

/// Notes that a credential did not work: if it is the one that is held, the next call gets another.
fn reject(args: &Args, app: &App, request: &Request, secret: &Secret) -> Result<(), Failure> {
    let Ok((profile, target)) = listed(args, app, request) else {
        return Ok(());
    };
    let ask = ask(&profile, target.as_ref(), request)?;
    let room = app.open(profile)?;
    app.tokens(&room, target.as_ref())?.distrust(&ask, secret);
    Ok(())
}

/// Tells the program in its own way that it gets nothing, and why.
fn refuse(
    protocol: &dyn Protocol,
    app: &App,
    request: Option<&Request>,
    (reason, mut failure): Fault,
) -> Result<(), Failure> {
    let message = in_one_line(failure.diagnostic());
    let hint = failure.diagnostic().hint().map(|hint| hint.to_string());
    let why = Why {
        reason,
        message: &message,
        hint: hint.as_deref(),
        exit: failure.exit(),
    };
    let Some(reply) = protocol.refuse(request, &why) else {
        return Err(failure);
    };
    app.console.answer_bytes(reply.stdout.as_bytes())?;
    failure.told = match reply.stderr {
        None => Told::Status(reply.exit),
        Some(text) => {
            if !text.is_empty() {
                app.console.note(&text);
            }
            if reply.exit == Exit::Done {
                return Ok(());
            }
            Told::All(reply.exit)
        }
    };
    Err(failure)
}

/// Another program would have a credential kept or dropped.
#[derive(Debug, thiserror::Error)]
#[error("tokens of its own sign-in are given there, and no others kept")]
struct NotChanged(ProfileName);

impl Diagnostic for NotChanged {
    fn exit(&self) -> Exit {
        Exit::Refused
    }

    fn hint(&self) -> Option<Hint> {
        let name = &self.0;
        Some(Hint::Try(format!(
            "`keyfob login {name}` and `keyfob logout {name}` begin and end it"
        )))
    }
}
