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
use crate::sys::browser::ssh_session;

/// Columns that are left beside a QR code, so that it is not cut or wrapped.
const QR_SPARE_COLUMNS: usize = 4;

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
                console.note(&format!("\n{url}\n"));
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
        if let Some(session) = ssh_session(&self.app.env.vars) {
            let port = redirect_uri.port().unwrap_or_default();
            let host = listening_on(self.profile.redirect.host);
            console.note("The answer comes to this machine. Where your browser is, type:");
            console.note(&format!("\n  {}\n", session.forward_command(host, port)));
            console.note("Then open this address there:");
        } else {
            console.note("Open this address in a browser on this machine:");
        }
        console.note(&format!("\n{url}\n"));
        console.note("Without a browser that reaches this machine, use `keyfob login --device`.");
    }

    fn device_code(&self, authorization: &Authorization) {
        let console = &self.app.console;
        let profile = self.profile;
        let code = printable_line(&authorization.user_code);
        console.note(&format!(
            "`{}` asks to sign in at {} for: {}",
            profile.client_id, profile.issuer, profile.base.scopes
        ));
        console.note("Continue only if you started this yourself, here and now.\n");
        console.note("Open this address on any device:\n");
        console.note(&format!("  {}\n", authorization.verification_uri));
        console.note("and enter, or compare, this code:\n");
        console.note(&format!("  {code}\n"));
        if let Some(complete) = &authorization.verification_uri_complete
            && let Some(picture) = self.qr(complete)
        {
            console.note(&picture);
        }
    }

    /// Draws a QR code, if stderr is a terminal that is wide enough.
    fn qr(&self, url: &Url) -> Option<String> {
        let columns = usize::from(self.app.env.columns?);
        let code = QRBuilder::new(url.as_str()).build().ok()?;
        (code.size + QR_SPARE_COLUMNS <= columns).then(|| code.to_str())
    }
}
