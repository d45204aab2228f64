//! `keyfob issuer`: runs the practice provider in the foreground, for trying things and for the
//! development of APIs.
//!
//! Listens on loopback only. Everybody there is made up, and nothing survives the process.

use std::sync::Arc;
use std::time::Duration;

use clap::Args as ClapArgs;

use super::Failure;
use crate::app::App;
use crate::base::span;
use crate::issuer::{
    Account, Algorithm, Entra, Fault, Host, Lifetimes, LoggedRequest, OnRequest, Person, Provider,
    PushedRequests, Registration, Rotation, SERVICE_CLIENT, Script, Settings,
};
use crate::output::listing::table;
use crate::sys::interrupt::Interrupts;

/// How often the command looks whether it shall end.
const LOOK: Duration = Duration::from_millis(100);

/// What a profile for the practice Entra's sample API asks for.
const SAMPLE_SCOPES: &str = "openid profile offline_access api://orders/Orders.Read";

/// What `keyfob issuer` takes.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Its issuer is the one line on stdout; requests are told on stderr. Its echo, at
/echo, is an API that takes its access tokens.

Examples:
  keyfob issuer --port 4444
  keyfob issuer --sign-in-as jonas --access-life 1m
  keyfob issuer --fault id.aud.wrong --fault tok.slowloris:1
  keyfob issuer --as entra --sign-in-as amara --scenario ca.mfa"
)]
pub struct Args {
    /// Port to listen on; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 4444)]
    port: u16,
    /// Loopback address to listen on: `127.0.0.1`, `::1` or `localhost`
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1", value_parser = host)]
    host: Host,
    /// Path of the issuer, as in `/tenant/one`
    #[arg(long, value_name = "PATH", default_value = "")]
    path: String,
    /// Misbehave: the name of a fault, `NAME:2` for the first two times only
    #[arg(long = "fault", value_name = "NAME", value_parser = Fault::parse)]
    faults: Vec<Fault>,
    /// List the faults there are
    #[arg(long)]
    list_faults: bool,
    /// Play another provider: `entra` is Microsoft Entra ID
    #[arg(long = "as", value_name = "PROVIDER", value_parser = ["entra"])]
    plays: Option<String>,
    /// As Entra: play a scenario, or an error as in `aadsts=50076@refresh`
    #[arg(long = "scenario", value_name = "NAME", value_parser = Script::parse, requires = "plays")]
    scripts: Vec<Script>,
    /// List the scenarios and errors of Entra
    #[arg(long)]
    list_scenarios: bool,
    /// Sign this person in at once, without a page
    #[arg(long, value_name = "PERSON", value_parser = person())]
    sign_in_as: Option<String>,
    /// Take any client id, not only the built-in ones
    #[arg(long)]
    any_client: bool,
    /// Scope to know besides the built-in ones
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Sign ID tokens with RS256 or ES256
    #[arg(long, value_name = "ALG", default_value = "RS256", value_parser = algorithm)]
    algorithm: Algorithm,
    /// Life of access tokens; 10 minutes, as Entra 60 to 90
    #[arg(long, value_name = "SPAN", value_parser = span)]
    access_life: Option<Duration>,
    /// Life of ID tokens
    #[arg(long, value_name = "SPAN", default_value = "10m", value_parser = span)]
    id_life: Duration,
    /// Life of refresh tokens
    #[arg(long, value_name = "SPAN", default_value = "14d", value_parser = span)]
    refresh_life: Duration,
    /// What a refresh does to the refresh token: rotate, forgive or keep
    #[arg(long, value_name = "HOW", default_value = "rotate", value_parser = rotation)]
    rotation: Rotation,
    /// Pushed requests: offered, required or off
    #[arg(long, value_name = "HOW", default_value = "offered", value_parser = pushed)]
    pushed: PushedRequests,
    /// Seconds that the provider's clock is ahead; negative is behind
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    skew: i64,
    /// Hold every answer back for so long
    #[arg(long, value_name = "SPAN", value_parser = span)]
    latency: Option<Duration>,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when the provider cannot start.
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    if args.list_faults {
        return list_faults(app);
    }
    if args.list_scenarios {
        return list_scenarios(app);
    }
    let console = Arc::clone(&app.console);
    let hook = OnRequest::new(move |request: &LoggedRequest| console.note(&request.to_string()));
    let provider = Provider::start(Settings {
        on_request: Some(hook),
        ..args.settings()
    })?;
    let interrupts = Interrupts::watch().map_err(Failure::from_io)?;
    app.console.answer(provider.issuer())?;
    match args.plays {
        Some(_) => introduce_entra(app, &provider),
        None => introduce(app, &provider),
    }
    while interrupts.requested().is_none() {
        app.clock().sleep(LOOK);
    }
    provider.stop();
    Ok(())
}

impl Args {
    fn settings(&self) -> Settings {
        let registration = if self.any_client {
            Registration::Open
        } else {
            Registration::Listed
        };
        Settings {
            host: self.host,
            port: self.port,
            path: self.path.clone(),
            algorithm: self.algorithm,
            lifetimes: Lifetimes {
                access: self.access_life.unwrap_or(Lifetimes::default().access),
                id: self.id_life,
                refresh: self.refresh_life,
                ..Lifetimes::default()
            },
            entra: self.plays.as_ref().map(|_| Entra {
                scripts: self.scripts.clone(),
                access_life: self.access_life,
            }),
            clock_skew: self.skew,
            latency: self.latency.unwrap_or_default(),
            rotation: self.rotation,
            pushed: self.pushed,
            auto_approve: self.sign_in_as.clone(),
            registration,
            scopes: self.scopes.clone(),
            faults: self.faults.clone(),
            ..Settings::default()
        }
    }
}

fn introduce(app: &App, provider: &Provider) {
    let issuer = provider.issuer();
    let people: Vec<&str> = Person::ALL.iter().map(|person| person.id).collect();
    for line in [
        format!("A practice provider runs at {issuer} until Ctrl-C; nothing in it is real."),
        String::new(),
        "Sign in there:".to_owned(),
        format!(
            "  keyfob config add practice --issuer {issuer} --client-id keyfob-cli \
             --scope 'openid profile email offline_access'"
        ),
        "  keyfob login practice".to_owned(),
        "Call its protected echo:".to_owned(),
        format!("  keyfob token practice --format curl | curl -K - {issuer}/echo"),
        String::new(),
        format!("People: {}.", people.join(", ")),
        format!(
            "Client `{SERVICE_CLIENT}` has the secret `{}` for this run.",
            provider.service_secret().expose()
        ),
        String::new(),
    ] {
        app.console.note(&line);
    }
}

fn introduce_entra(app: &App, provider: &Provider) {
    let (cloud, tenant, client) = (provider.origin(), Entra::HOME_DOMAIN, Entra::APP);
    let people = Account::ALL
        .iter()
        .map(|account| format!("  {:<9} {}", account.id, account.about));
    let head = [
        format!("A practice Entra runs at {cloud} until Ctrl-C; nothing in it is real."),
        String::new(),
        "Set a profile up for its tenant, and sign in there:".to_owned(),
        format!(
            "  keyfob config add practice --entra {tenant} --cloud {cloud} --client-id {client} --scope '{SAMPLE_SCOPES}'"
        ),
        "  keyfob login practice".to_owned(),
        "Or write the profile yourself:".to_owned(),
        "  [profile.practice]".to_owned(),
        "  provider = \"entra\"".to_owned(),
        format!("  cloud = \"{cloud}\""),
        format!("  tenant = \"{tenant}\""),
        format!("  client_id = \"{client}\""),
        format!("  scopes = \"{SAMPLE_SCOPES}\""),
        "Call its sample API with that profile:".to_owned(),
        format!("  keyfob token practice --format curl | curl -K - {cloud}/orders"),
        String::new(),
        "People:".to_owned(),
    ];
    for line in head.into_iter().chain(people).chain([String::new()]) {
        app.console.note(&line);
    }
}

fn list_scenarios(app: &App) -> Result<(), Failure> {
    let named = Script::ALL
        .iter()
        .map(|script| vec![script.name.to_owned(), script.summary.to_owned()]);
    let errors = Script::errors().map(|(code, error, place)| {
        let name = format!("aadsts={code}");
        vec![name, format!("{error}, at {place}")]
    });
    let rows: Vec<Vec<String>> = named.chain(errors).collect();
    let heads = ["SCENARIO", "WHAT THE PRACTICE ENTRA DOES"];
    Ok(app.answer_page(&table(&heads, &rows, app.style()))?)
}

fn list_faults(app: &App) -> Result<(), Failure> {
    let rows: Vec<Vec<String>> = Fault::ALL
        .iter()
        .map(|fault| vec![fault.name.to_owned(), fault.summary.to_owned()])
        .collect();
    let heads = ["FAULT", "WHAT THE PROVIDER DOES"];
    Ok(app.answer_page(&table(&heads, &rows, app.style()))?)
}

fn host(text: &str) -> Result<Host, String> {
    Host::parse(text).ok_or_else(|| "a loopback address is wanted".to_owned())
}

fn algorithm(text: &str) -> Result<Algorithm, String> {
    Algorithm::parse(text).ok_or_else(|| "RS256 or ES256 is wanted".to_owned())
}

fn rotation(text: &str) -> Result<Rotation, String> {
    match text {
        "forgive" => Ok(Rotation::RotateAndForgive),
        "keep" => Ok(Rotation::Keep),
        "rotate" => Ok(Rotation::Rotate),
        _ => Err("`rotate`, `forgive` or `keep` is wanted".to_owned()),
    }
}

fn pushed(text: &str) -> Result<PushedRequests, String> {
    match text {
        "off" => Ok(PushedRequests::Unsupported),
        "offered" => Ok(PushedRequests::Offered),
        "required" => Ok(PushedRequests::Required),
        _ => Err("`offered`, `required` or `off` is wanted".to_owned()),
    }
}

fn person() -> clap::builder::PossibleValuesParser {
    let mut ids: Vec<_> = Person::ALL.iter().map(|person| person.id).collect();
    for account in Account::ALL {
        if !ids.contains(&account.id) {
            ids.push(account.id);
        }
    }
    ids.into()
}
