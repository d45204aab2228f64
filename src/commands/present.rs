//! What a person sees while a sign-in runs; all of it on stderr.
//!
//! Never shows a token, and shows foreign text only after it was made printable.

use fast_qr::QRBuilder;
use url::Url;

use super::login::listening_on;
use crate::app::App;
use crate::base::{in_words, printable_line};
use crate::config::Profile;
use crate::flow::Event;
use crate::oauth::device::Authorization;
use crate::output::Style;
use crate::session::wanted_at_sign_in;
use crate::sys::browser::ssh_session;
use crate::sys::console::Console;

/// Light modules around a QR code, without which many readers do not find it.
const QUIET: usize = 2;

/// White and black by their numbers among 256, which no theme changes (ECMA-48 SGR).
const WHITE_ON_BLACK: &str = "\u{1b}[38;5;231;48;5;16m";

/// Tells a person what a sign-in does.
pub(super) struct Presenter<'a> {
    app: &'a App,
    profile: &'a Profile,
}

impl<'a> Presenter<'a> {
    /// Begins to tell about a sign-in for a profile.
    pub(super) fn new(app: &'a App, profile: &'a Profile) -> Self {
        Self { app, profile }
    }

    /// Tells one thing.
    pub(super) fn tell(&mut self, event: &Event<'_>) {
        let console = &self.app.console;
        match event {
            Event::BrowserOpened(url) => {
                let issuer = &self.profile.issuer;
                console.note(&format!("Your browser is open to sign in at {issuer}."));
                console.note("If it is not, open this address yourself:");
                set_apart(console, url.as_str());
            }
            Event::OpenYourself {
                url,
                redirect_uri,
                why,
            } => {
                if let Some(error) = why {
                    console.note(&format!("The browser did not open: {error}."));
                }
                self.open_yourself(url, redirect_uri);
            }
            Event::DeviceCode(authorization) => self.device_code(authorization),
            Event::StillWaiting(left) => {
                console.status(&format!("Waiting for approval; {} left.", in_words(*left)));
            }
        }
    }

    /// Wipes the line that counts down.
    pub(super) fn clear(&self) {
        self.app.console.clear_status();
    }

    fn open_yourself(&self, url: &Url, redirect_uri: &Url) {
        let console = &self.app.console;
        if let Some(line) = forward_line(self.app, self.profile, redirect_uri) {
            console.note("The answer comes to this machine. Where your browser is, type:");
            set_apart(console, &format!("  {line}"));
            console.note("Then open this address there:");
        } else {
            console.note("Open this address in a browser on this machine:");
        }
        set_apart(console, url.as_str());
        console.note("Without a browser that reaches this machine, use `keyfob login --device`.");
    }

    fn device_code(&self, authorization: &Authorization) {
        let console = &self.app.console;
        let profile = self.profile;
        let code = printable_line(&authorization.user_code);
        console.note(&format!(
            "`{}` asks to sign in at {} for: {}",
            profile.client_id,
            profile.issuer,
            wanted_at_sign_in(profile).scopes
        ));
        console.note("Continue only if you started this yourself, here and now.");
        console.note("");
        console.note("Open this address on any device:");
        set_apart(console, &format!("  {}", authorization.verification_uri));
        console.note("and enter, or compare, this code:");
        set_apart(console, &format!("  {code}"));
        if let Some(complete) = &authorization.verification_uri_complete
            && let Some(picture) = self.qr(complete)
        {
            console.note_bytes(picture.as_bytes());
            console.note("");
        }
    }

    /// Draws a QR code, if stderr is a terminal that is wide enough.
    fn qr(&self, url: &Url) -> Option<String> {
        let columns = usize::from(self.app.env.columns?);
        let code = QRBuilder::new(url.as_str()).build().ok()?;
        let dark = |x: usize, y: usize| code[y][x].value();
        let fits = code.size + 2 * QUIET < columns;
        fits.then(|| picture(code.size, &dark, self.app.note_style()))
    }
}

/// The line that brings the browser's answer to this machine, when the person came by SSH.
pub(super) fn forward_line(app: &App, profile: &Profile, redirect_uri: &Url) -> Option<String> {
    let session = ssh_session(&app.env.vars)?;
    let port = redirect_uri.port().unwrap_or_default();
    Some(session.forward_command(listening_on(profile.redirect.host), port))
}

/// Writes something to copy, with an empty line before and after it.
pub(super) fn set_apart(console: &Console, text: &str) {
    console.note("");
    console.note(text);
    console.note("");
}

/// Draws dark modules on light ones, two rows to a line, with a quiet zone around them.
///
/// With colour, black and white are named, so that it reads on any terminal; without, the
/// terminal is taken to be dark.
fn picture(size: usize, dark: &dyn Fn(usize, usize) -> bool, style: Style) -> String {
    let light = |x: usize, y: usize| {
        let inside = (QUIET..size + QUIET).contains(&x) && (QUIET..size + QUIET).contains(&y);
        !(inside && dark(x - QUIET, y - QUIET))
    };
    let whole = size + 2 * QUIET;
    let mut picture = String::new();
    for y in (0..whole).step_by(2) {
        let line = (0..whole).map(|x| match (light(x, y), light(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        });
        match style {
            Style::Colour => {
                picture.push_str(WHITE_ON_BLACK);
                picture.extend(line);
                picture.push_str("\u{1b}[0m");
            }
            Style::Plain => picture.extend(line),
        }
        picture.push('\n');
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_two_light_modules_on_every_side() {
        let picture = picture(3, &|_, _| true, Style::Plain);

        let lines: Vec<&str> = picture.lines().collect();
        assert_eq!(lines, ["███████", "██   ██", "██▄▄▄██", "███████"]);
    }

    #[test]
    fn a_picture_with_colour_names_black_and_white_on_every_line() {
        let picture = picture(21, &|x, y| x == y, Style::Colour);

        for line in picture.lines() {
            assert!(line.starts_with(WHITE_ON_BLACK) && line.ends_with("\u{1b}[0m"));
        }
    }
}
