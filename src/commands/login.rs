//! `keyfob login`: signs a person in, by browser or with a code on another device.
//!
//! Never prints a token, and never changes from one way to the other by itself.

use std::time::Duration;

use clap::Args as ClapArgs;

use super::Failure;
use super::present::Presenter;
use super::selector::{Override, Which};
use super::turn::{self, Share};
use super::whom::{self, Whom};
use crate::app::{App, Room};
use crate::base::{Scopes, in_words, printable_line};
use crate::config::{
    Effective, FlowChoice, Origin, RedirectHost, ResponseModeChoice, Setting, StoreChoice,
};
use crate::flow::{self, Client, Event, SignedIn, Wire, browser, device, sign_out};
use crate::oauth::Demand;
use crate::oauth::authorize::ResponseMode;
use crate::oauth::revoke::Kind;
use crate::provider::OfflineAccess;
use crate::session::attempt::Meeting;
use crate::session::{self, Entry, Reach as _};
use crate::sys::browser::{Browser, Desktop, is_likely};
use crate::sys::interrupt::Interrupts;
use crate::sys::loopback::{Accept, Bind, LoopbackHost};

/// What `keyfob login` takes.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "While another sign-in of the profile is in progress, this one joins it: it says
where the other can be finished, and ends as the other does.
Where stdin or stderr is no terminal, one browser window or code is shown per account, and no
second one until somebody has signed in. With --no-browser there is no such limit.

Examples:
  keyfob login work
  keyfob login work --no-browser
  keyfob login work --device
  keyfob login work --take-over
  keyfob login work --login-hint me@example.com
  keyfob login work --prompt select_account"
)]
pub struct Args {
    #[command(flatten)]
    pub(super) which: Which,
    /// Sign in on another device, with a code
    #[arg(long)]
    device: bool,
    /// Do not open a browser: print the address to open
    #[arg(long, conflicts_with = "device")]
    no_browser: bool,
    /// End the sign-in that is in progress, and begin anew
    #[arg(long)]
    take_over: bool,
    /// How long the sign-in may take, as in `10m`
    #[arg(long, value_name = "SPAN")]
    timeout: Option<String>,
    #[command(flatten)]
    whom: Whom,
    #[command(flatten)]
    pub(super) over: Override,
}

/// How a sign-in is to be done, where it differs from what the profile says.
#[derive(Debug)]
pub struct Manner {
    /// With a code on another device.
    pub device: bool,
    /// Without opening a browser.
    pub no_browser: bool,
    /// With a program in place of a person: nobody needs to be told what to open.
    pub by_program: bool,
    /// Beside a sign-in that is in progress already, or in its place.
    pub meeting: Meeting,
    /// With these parameters as well; one without a value takes the profile's away.
    pub extra: Vec<(String, String)>,
    /// So that it meets this.
    pub demand: Option<Demand>,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            device: false,
            no_browser: false,
            by_program: false,
            meeting: Meeting::Join,
            extra: Vec::new(),
            demand: None,
        }
    }
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`]; the session that was there before is there still.
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    let flags = args
        .over
        .overrides()
        .with(Setting::Timeout, "--timeout", args.timeout.as_deref())
        .with(Setting::Account, "--account", args.whom.account());
    let (profile, _) = app.profile(&args.which.selector(), &flags)?;
    let room = app.open(profile)?;
    if args.whom.is_known(app, &room)? {
        return Ok(());
    }
    let manner = Manner {
        device: args.device,
        no_browser: args.no_browser,
        by_program: false,
        meeting: if args.take_over {
            Meeting::TakeOver
        } else {
            Meeting::Join
        },
        extra: args.whom.parameters(app, &room)?,
        demand: demanded(app, &room),
    };
    turn::sign_in(app, &room, &manner, &|| Ok(true))
}

/// Signs a person in and keeps the session, for all other processes to see.
///
/// # Errors
///
/// A [`Failure`]; the session that was there before is there still.
pub(super) fn sign_in_seen(
    app: &App,
    room: &Room<'_>,
    manner: &Manner,
    share: &Share<'_>,
) -> Result<Entry, Failure> {
    let command = room.profile.browser.clone();
    // Looking for a browser where there is none costs time and may find a text browser.
    let likely = command.is_some() || is_likely(&app.env);
    let desktop = Desktop::new(command, &app.env.vars);
    let browser = (likely && !manner.no_browser).then_some(&desktop as &dyn Browser);
    finish(app, room, manner, (browser, share))
}

/// Signs a person in with a browser of the caller's, or without one, unseen by anybody else.
///
/// # Errors
///
/// A [`Failure`]; the session that was there before is there still.
pub fn sign_in_with(
    app: &App,
    room: &Room<'_>,
    manner: &Manner,
    browser: Option<&dyn Browser>,
) -> Result<Entry, Failure> {
    ready(app, room)?;
    finish(app, room, manner, (browser, &Share::new(app, room, None)))
}

/// What the sign-in must bring that is about to begin: what was demanded last, here or by the
/// provider.
pub(super) fn demanded(app: &App, room: &Room<'_>) -> Option<Demand> {
    let entry = app.entry(room)?;
    entry.demanded(&room.profile.issuer).cloned()
}

/// Makes sure that the session can be kept: nobody is sent to sign in for one that could not.
///
/// # Errors
///
/// A [`Failure`] when the store, or the agent that is one, cannot be used.
pub(super) fn ready(app: &App, room: &Room<'_>) -> Result<(), Failure> {
    if room.profile.store == StoreChoice::Agent {
        app.agent_ready()?;
    }
    Ok(session::ready(&room.keep())?)
}

fn finish(
    app: &App,
    room: &Room<'_>,
    manner: &Manner,
    (browser, share): (Option<&dyn Browser>, &Share<'_>),
) -> Result<Entry, Failure> {
    let wire = room.wire()?;
    let client = room.client(wire)?;
    share.about_to_ask()?;
    let with_code = manner.device || room.profile.flow == FlowChoice::Device;
    let demand = manner.demand.as_ref().filter(|_| !with_code);
    let signed_in = if with_code {
        if let Some(demand) = &manner.demand {
            app.console.note(&format!(
                "keyfob: warning: {demand} was demanded, and a sign-in with a code cannot bring \
                 it: use the browser if it is refused again"
            ));
        }
        by_device(app, room, (wire, &client), share)?
    } else {
        by_browser(app, room, (wire, &client), manner, (browser, share))?
    };
    let before = app.entry(room);
    let saved = session::save(
        &room.next_session(),
        &room.profile,
        (&signed_in, demand),
        &|| share.is_replaced_now(),
    )?;
    let Some(entry) = saved else {
        // Nobody will ever use it; what the provider does not take back ends by itself.
        if let Some(token) = &signed_in.tokens.refresh_token {
            drop(sign_out::revoke(wire, &client, token, Kind::Refresh));
        }
        return Err(flow::Error::Interrupted.into());
    };
    if room.profile.store == StoreChoice::Agent {
        app.hand_over(room)?;
    }
    say(app, room, &signed_in, &entry);
    whom::tell_of_change(app, room, (before.as_ref(), &entry));
    Ok(entry)
}

fn by_device(
    app: &App,
    room: &Room<'_>,
    (wire, client): (Wire<'_>, &Client),
    share: &Share<'_>,
) -> Result<SignedIn, Failure> {
    let interrupts = Interrupts::watch().map_err(Failure::from_io)?;
    let mut presenter = Presenter::new(app, &room.profile);
    let said = |value: &&Effective| value.key == "timeout" && value.origin != Origin::Default;
    let said = room.profile.origins().iter().find(said);
    let settings = device::Settings {
        wanted: room.signed_in_for(),
        // A code lives as long as its provider says, unless somebody said otherwise.
        timeout: said.map(|_| room.profile.timeout),
    };
    let result = device::sign_in(
        wire,
        client,
        &settings,
        &mut |event| {
            share.tell(&event, settings.timeout.unwrap_or(Duration::MAX));
            presenter.tell(&event);
        },
        &|| interrupts.requested().is_some() || share.is_replaced(),
    );
    presenter.clear();
    Ok(result?)
}

fn by_browser(
    app: &App,
    room: &Room<'_>,
    (wire, client): (Wire<'_>, &Client),
    manner: &Manner,
    (browser, share): (Option<&dyn Browser>, &Share<'_>),
) -> Result<SignedIn, Failure> {
    let profile = &room.profile;
    let interrupts = Interrupts::watch().map_err(Failure::from_io)?;
    let mut presenter = Presenter::new(app, profile);
    let mut tell = |event: Event<'_>| {
        share.tell(&event, profile.timeout);
        if !manner.by_program {
            presenter.tell(&event);
        }
    };
    let mut extra = profile.authorize_parameters.clone();
    extra.retain(|(name, _)| !manner.extra.iter().any(|(given, _)| given == name));
    extra.extend(
        manner
            .extra
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .cloned(),
    );
    for (name, value) in manner.demand.iter().flat_map(Demand::parameters) {
        extra.retain(|(known, _)| known != name);
        extra.push((name.to_owned(), value));
    }
    let wanted = room.signed_in_for();
    if wanted.scopes.contains("offline_access")
        && profile.provider.offline == OfflineAccess::WithConsent
        && !extra.iter().any(|(name, _)| name == "prompt")
    {
        // Without it a strict provider drops the scope in silence (OIDC Core §11).
        extra.push(("prompt".to_owned(), "consent".to_owned()));
    }
    let settings = browser::Settings {
        profile: profile.name.as_str(),
        wanted,
        bind: Bind {
            host: listening_on(profile.redirect.host),
            port: profile.redirect.port,
            path: profile.redirect.path.clone(),
            accept: Accept::Get,
        },
        response_mode: match profile.response_mode {
            ResponseModeChoice::Auto => None,
            ResponseModeChoice::FormPost => Some(ResponseMode::FormPost),
            ResponseModeChoice::Query => Some(ResponseMode::Query),
        },
        extra: &extra,
        timeout: profile.timeout,
    };
    let mut person = browser::Person {
        browser,
        tell: &mut tell,
        interrupted: &|| interrupts.requested().is_some() || share.is_replaced(),
    };
    let result = browser::sign_in(wire, client, &settings, &mut person);
    Ok(result?)
}

/// Returns what is listened on for a redirect host.
pub(super) fn listening_on(host: RedirectHost) -> LoopbackHost {
    match host {
        RedirectHost::Localhost => LoopbackHost::Localhost,
        RedirectHost::V4 => LoopbackHost::V4,
        RedirectHost::V6 => LoopbackHost::V6,
    }
}

fn say(app: &App, room: &Room<'_>, signed_in: &SignedIn, entry: &Entry) {
    let profile = &room.profile;
    let kept = match entry.store.name() {
        "keyring" => "in the keyring",
        "sealed" => "in the sealed file",
        "agent" => "in the agent's memory, until it ends",
        _ => "in memory, until this command ends",
    };
    app.console.note(&format!(
        "Signed in to {} as {} for profile `{}`.",
        profile.issuer,
        printable_line(&entry.label),
        profile.name
    ));
    let life = match signed_in.tokens.expires_in {
        Some(life) => format!("the access token lives {}", in_words(life)),
        None => "the provider does not say how long the access token lives".to_owned(),
    };
    if entry.refreshable {
        app.console.note(&format!(
            "The session is kept {kept}; {life} and is renewed when needed."
        ));
    } else {
        app.console.note(&format!(
            "The session is kept {kept}; {life}, and there is no refresh token to renew it with."
        ));
    }
    if !profile.targets.is_empty() {
        let targets: Vec<String> = profile
            .targets
            .keys()
            .map(|target| format!("`keyfob token {}/{target}`", profile.name))
            .collect();
        app.console
            .note(&format!("Its targets: {}.", targets.join(", ")));
    }
    if let Some(granted) = &signed_in.tokens.scopes {
        warn_about(app, &room.signed_in_for().scopes, granted);
    }
}

/// The provider may grant less than was asked for, or more (RFC 6749 §3.3).
fn warn_about(app: &App, asked: &Scopes, granted: &Scopes) {
    let without = |all: &Scopes, known: &Scopes| -> Vec<String> {
        all.iter()
            .filter(|scope| !known.contains(scope))
            .map(ToOwned::to_owned)
            .collect()
    };
    let (less, more) = (without(asked, granted), without(granted, asked));
    // Many providers do not list `offline_access` among what they granted.
    let less: Vec<String> = less
        .into_iter()
        .filter(|scope| scope != "offline_access")
        .collect();
    if !less.is_empty() {
        app.console.note(&format!(
            "These scopes were not granted: {}.",
            less.join(" ")
        ));
    }
    if !more.is_empty() {
        app.console.note(&format!(
            "These scopes were granted though not asked for: {}.",
            more.join(" ")
        ));
    }
}
