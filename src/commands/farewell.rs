//! Ends the provider's own session in the browser (RP-Initiated Logout 1.0 §2).
//!
//! The ID token goes from a page of ours by POST: never in an address, which would end up in
//! process lists and histories. Whatever fails is told and stops nothing.

use std::time::Duration;

use super::present::set_apart;
use crate::app::{App, Room};
use crate::base::Secret;
use crate::flow::page;
use crate::flow::{Client, draw};
use crate::oauth::end_session::{bare_url, members};
use crate::session::{self, Kind};
use crate::sys::browser::{Browser as _, Desktop, is_likely};
use crate::sys::interrupt::Interrupts;
use crate::sys::loopback::{Accept, Bind, Listener, LoopbackHost, Reply};

/// How long the browser has to fetch the page.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Returns the session's ID token, by which the provider knows which of its sessions is meant. To
/// be asked before the session is forgotten.
pub(super) fn id_token(room: &Room<'_>) -> Option<Secret> {
    let wanted = session::wanted(&room.profile.base);
    let name = room.key().cached_at(room.tenant(), Kind::Id, &wanted);
    let held = room.keep().held(&name)?;
    Some(held.token)
}

/// Ends the session at the provider, or says why it goes on.
pub(super) fn end_session(app: &App, room: &Room<'_>, client: &Client, id_token: Option<&Secret>) {
    let Some(endpoint) = &client.metadata.end_session_endpoint else {
        return app
            .console
            .note("The provider offers no sign-out, so its own session goes on.");
    };
    let bare = bare_url(endpoint, &client.client_id);
    let by_hand = || {
        app.console
            .note("To end the provider's own session too, open this in your browser:");
        set_apart(&app.console, bare.as_str());
    };
    let browser = room.profile.browser.is_some() || is_likely(&app.env);
    let Some(id_token) = id_token.filter(|_| browser) else {
        return by_hand();
    };
    let members = members(&client.client_id, id_token);
    let page = page::sign_out(endpoint, &members, &bare);
    match serve_once(app, room, &page) {
        Some(()) => app
            .console
            .note("Your browser ends the provider's own session."),
        None => by_hand(),
    }
}

/// Shows a page in the browser, once, at an address that nobody can guess.
fn serve_once(app: &App, room: &Room<'_>, page: &str) -> Option<()> {
    let path = format!("/{}", draw().ok()?.expose());
    let bind = Bind {
        host: LoopbackHost::V4,
        port: None,
        path,
        accept: Accept::Get,
    };
    let listener = Listener::bind(&bind).ok()?;
    let desktop = Desktop::new(room.profile.browser.clone(), &app.env.vars);
    desktop.open(&listener.redirect_uri()).ok()?;
    let interrupts = Interrupts::watch().ok()?;
    let stop = || interrupts.requested().is_some();
    let mut judge = |_: &_| Reply::Finish {
        page: page.to_owned(),
        status: 200,
    };
    listener.wait(TIMEOUT, &stop, &mut judge).ok()
}
