//! `keyfob demo`: shows the whole job on the practice provider, with nothing but this program.
//!
//! Everything happens in a temporary folder and on loopback; it leaves nothing behind, and never
//! touches the user's own configuration, keyring or sessions.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

use clap::Args as ClapArgs;
use url::Url;

use super::{Failure, login};
use crate::app::{App, Room};
use crate::base::{Diagnostic, Exit, Hint, Secret, Vars, in_words};
use crate::config::{Overrides, Selector};
use crate::flow::{draw, exchange};
use crate::issuer::{Endpoint, Provider, Settings, visitor};
use crate::jwt;
use crate::output::inspection::{self, Page, Verdict};
use crate::output::{self, View};
use crate::session::{self, Ask, Ending, Kind, Reach as _, Ticket, TokenSource as _};
use crate::store::Sealed;
use crate::sys::browser::{Browser, BrowserError, Desktop, is_likely};
use crate::sys::env::{Dirs, Env};
use crate::sys::files;

/// The person whom the demo signs in when there is no browser.
const PERSON: &str = "amara";

/// What `keyfob demo` takes.
#[derive(ClapArgs, Debug)]
pub struct Args {
    /// Do not open a browser: follow the pages without one
    #[arg(long)]
    no_browser: bool,
}

/// There is nowhere for the demo to play.
#[derive(Debug, thiserror::Error)]
#[error("cannot make a folder for the demo")]
struct NoStage(#[source] std::io::Error);

impl Diagnostic for NoStage {
    fn exit(&self) -> Exit {
        Exit::Fault
    }

    fn hint(&self) -> Option<Hint> {
        Some(Hint::Try(
            "set TMPDIR to a folder that can be written".into(),
        ))
    }
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when a step fails; nothing is left behind.
pub fn run(args: &Args, app: &App) -> Result<(), Failure> {
    let folder = tempfile::Builder::new()
        .prefix("keyfob-demo-")
        .tempdir()
        .map_err(NoStage)?;
    let stage = App::new(
        surroundings(&app.env, folder.path()),
        Arc::clone(&app.console),
        None,
    );
    let mut show = Show {
        app: &stage,
        step: 0,
    };

    show.step("start a practice provider on this machine", "keyfob issuer");
    let provider = Provider::start(Settings::default())?;
    show.say(&format!(
        "It is {}, in this process, and everybody in it is made up.",
        provider.issuer()
    ));

    show.step(
        "write a profile",
        "keyfob config add demo --issuer ... --client-id keyfob-cli --scope '...'",
    );
    let profile = show.profile(provider.issuer())?;
    let passphrase = draw()?;
    let sealed = folder.path().join("state").join("sealed");
    let store = Sealed::new(sealed, Box::new(move |_| Ok(passphrase.clone())));
    let room = stage.open_with(profile, Arc::new(store))?;

    show.sign_in(&room, args.no_browser || !is_likely(&app.env))?;
    let ticket = show.token(&room)?;
    show.renew(&room, &provider, &ticket)?;
    show.verify(&room)?;
    show.call(&room, provider.issuer())?;
    show.sign_out(&room)?;
    drop(room);

    drop(provider);
    folder.close().map_err(Failure::from_io)?;
    show.say(
        "\nThe provider is stopped and the demo's folder is gone. For a real provider, type:\n",
    );
    for line in [
        "keyfob config add work --issuer https://id.example.com --client-id YOUR-CLIENT-ID",
        "keyfob login work",
        "keyfob token work",
    ] {
        show.say(&format!("  {line}"));
    }
    Ok(())
}

/// The user's surroundings, with folders of the demo's own and no settings of the user's.
fn surroundings(env: &Env, folder: &std::path::Path) -> Env {
    let kept = env
        .vars
        .iter()
        .filter(|(name, _)| !name.starts_with("KEYFOB_"));
    let kept = kept.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Env {
        vars: Vars::new(kept),
        dirs: Some(Dirs {
            config: folder.join("config"),
            cache: folder.join("cache"),
            state: folder.join("state"),
            runtime: None,
            login: None,
        }),
        ..env.clone()
    }
}

/// The steps, told as they go.
struct Show<'a> {
    app: &'a App,
    step: u32,
}

impl Show<'_> {
    fn say(&self, text: &str) {
        self.app.console.note(text);
    }

    fn step(&mut self, what: &str, command: &str) {
        self.step += 1;
        self.say(&format!("\n{}. {what}\n   $ {command}", self.step));
    }

    fn profile(&self, issuer: &str) -> Result<crate::config::Profile, Failure> {
        let text = format!(
            "[profile.demo]\nissuer = \"{issuer}\"\nclient_id = \"keyfob-cli\"\n\
             scopes = \"openid profile email groups offline_access orders.read\"\n\
             store = \"sealed\"\n"
        );
        if let Some(path) = &self.app.config_path {
            files::private_dir(path.parent().unwrap_or(path))?;
            files::write_private(path, text.as_bytes())?;
        }
        Ok(self
            .app
            .profile(&Selector::default(), &Overrides::default())?
            .0)
    }

    fn sign_in(&mut self, room: &Room<'_>, no_browser: bool) -> Result<(), Failure> {
        self.step(
            "sign in with the browser: authorization code with PKCE",
            "keyfob login demo",
        );
        let desktop = Desktop::new(None, &self.app.env.vars);
        if no_browser {
            self.say(&format!(
                "There is no browser to open here, so this program follows the pages itself and \
                 signs in as `{PERSON}`."
            ));
        } else {
            self.say("Choose anybody on the page that opens: there are no passwords.");
        }
        let browser: &dyn Browser = if no_browser { &Visitor } else { &desktop };
        let manner = login::Manner {
            by_program: no_browser,
            ..login::Manner::default()
        };
        login::sign_in_with(self.app, room, &manner, Some(browser))?;
        Ok(())
    }

    fn token(&mut self, room: &Room<'_>) -> Result<Ticket, Failure> {
        self.step(
            "print a token, on stdout and nowhere else",
            "keyfob token demo",
        );
        let ticket = room.session()?.token(&ask(room, false))?;
        self.app
            .answer_secret(&print(self.app, room, &ticket, "raw")?)?;
        Ok(ticket)
    }

    fn renew(&mut self, room: &Room<'_>, provider: &Provider, old: &Ticket) -> Result<(), Failure> {
        self.step(
            "renew it with the refresh token, which changes too",
            "keyfob token demo --renew",
        );
        let before = provider.requests(Endpoint::Token);
        let new = room.session()?.token(&ask(room, true))?;
        let life = new.expires.since(self.app.clock().now());
        self.say(&format!(
            "{} request to the token endpoint brought {} token, good for {}.",
            provider.requests(Endpoint::Token) - before,
            if new.token.matches(old.token.expose()) {
                "the same"
            } else {
                "another"
            },
            in_words(life),
        ));
        Ok(())
    }

    fn verify(&mut self, room: &Room<'_>) -> Result<(), Failure> {
        self.step(
            "verify it with the provider's keys, and show its claims",
            "keyfob inspect demo",
        );
        let ticket = room.session()?.token(&ask(room, false))?;
        let wire = room.wire()?;
        let verified = exchange::verify_access(wire, &room.client(wire)?, &ticket.token)?;
        let now = self.app.clock().now();
        let page = Page {
            inspection: &jwt::inspect(ticket.token.expose(), now),
            verdict: Verdict::Verified(verified.algorithm()),
            zone: &jiff::tz::TimeZone::system(),
            now,
            style: self.app.note_style(),
            columns: self.app.env.columns.unwrap_or(80),
        };
        self.app
            .console
            .note_bytes(inspection::text(&page).as_bytes());
        Ok(())
    }

    fn call(&mut self, room: &Room<'_>, issuer: &str) -> Result<(), Failure> {
        self.step(
            "call an API with it; the token is in no command line",
            &format!("keyfob token demo --format curl | curl -K - {issuer}/echo"),
        );
        let ticket = room.session()?.token(&ask(room, false))?;
        let config = print(self.app, room, &ticket, "curl")?;
        match curl(&config, &format!("{issuer}/echo")) {
            Ok(answer) => self.say(&answer),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                self.say("There is no curl on this machine, so this step is left out.");
            }
            Err(error) => return Err(Failure::from_io(error)),
        }
        Ok(())
    }

    fn sign_out(&mut self, room: &Room<'_>) -> Result<(), Failure> {
        self.step(
            "sign out, and revoke the tokens at the provider",
            "keyfob logout demo",
        );
        let wire = room.wire()?;
        let (client, key) = (room.client(wire)?, room.key());
        let wanted = [session::wanted(&room.profile.base)];
        let ending = Ending::begin(room.keep(), &key)?;
        ending.revoke(wire, &client, (&room.profile.name, None), &wanted)?;
        ending.forget()?;
        self.say("Signed out.");
        Ok(())
    }
}

fn ask(room: &Room<'_>, renew: bool) -> Ask {
    Ask {
        kind: Kind::Access,
        wanted: session::wanted(&room.profile.base),
        min_life: None,
        renew,
    }
}

fn print(app: &App, room: &Room<'_>, ticket: &Ticket, format: &str) -> Result<Secret, Failure> {
    let view = View {
        kind: jwt::TokenKind::Access,
        token: &ticket.token,
        token_type: "Bearer",
        expires_at: Some(ticket.expires),
        scopes: &ticket.scopes,
        profile: &room.profile.name,
        target: None,
        issuer: &room.profile.issuer,
    };
    let format = output::by_name(format).expect("the demo names formats that exist");
    Ok(format.print(&view, app.clock().now())?)
}

/// Runs the machine's curl; its configuration, and the token in it, goes through a pipe.
fn curl(config: &Secret, url: &str) -> std::io::Result<String> {
    let mut child = Command::new("curl")
        .args(["--silent", "--show-error", "--noproxy", "*", "-K", "-", url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(config.expose().as_bytes())?;
    }
    let output = child.wait_with_output()?;
    Ok(String::from_utf8_lossy(&output.stdout)
        .trim_end()
        .to_owned())
}

/// A "browser" that follows the practice provider's pages in a thread of its own.
struct Visitor;

impl Browser for Visitor {
    fn open(&self, url: &Url) -> Result<(), BrowserError> {
        let url = url.clone();
        // Whatever goes wrong on the way, the sign-in's own deadline ends the wait.
        thread::spawn(move || drop(visitor::visit(&url, PERSON)));
        Ok(())
    }
}
