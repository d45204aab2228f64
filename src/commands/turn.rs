//! One sign-in per session at a time: begins it, joins the one in progress, or takes it over.
//!
//! Who is not on a terminal asks a person once per account. Never waits with a lock in hand, and
//! never makes anybody else wait who only wants a token.

mod error;
mod share;
mod wait;
mod words;

pub(super) use error::TurnError;
pub(super) use share::Share;
pub(super) use words::{on_the_clock, this_process};

use super::Failure;
use super::login::{self, Manner};
use crate::app::{App, Room};
use crate::base::{Diagnostic as _, Exit};
use crate::config::StoreChoice;
use crate::session;
use crate::session::attempt::{self, Attempts, Begun, End, Meeting};
use crate::session::prompt::{self, Account};
use wait::Over;

/// Signs a person in, or waits until somebody else has, unless that is no longer `needed` by the
/// time it is this process's turn.
///
/// # Errors
///
/// A [`Failure`]; the session that was there before is there still.
pub(super) fn sign_in(
    app: &App,
    room: &Room<'_>,
    manner: &Manner,
    needed: &dyn Fn() -> Result<bool, Failure>,
) -> Result<(), Failure> {
    if room.profile.store == StoreChoice::Memory {
        // Nobody else can use what ends with this process, so there is nothing to join.
        login::ready(app, room)?;
        return lead(app, room, manner, Share::new(app, room, None));
    }
    let here = this_process(app);
    let attempts = Attempts::new(room.keep(), room.own_key(), here.clone());
    let mut meeting = manner.meeting;
    loop {
        refuse_early(app, room, manner)?;
        let begun = attempts.begin(&room.profile.name, room.profile.timeout, meeting);
        let other = match begun {
            Ok(Begun::Ours(ours, other)) => {
                if let Some(other) = other {
                    let who = other.by.named(here.host.as_deref());
                    app.console.note(&format!("Taking over from {who}."));
                    wait::until_gone(app, &attempts, &other, &who);
                }
                let share = Share::new(app, room, Some(*ours));
                let needed = needed().and_then(|needed| login::ready(app, room).map(|()| needed));
                return match needed {
                    Ok(true) => lead(app, room, manner, share),
                    Ok(false) => {
                        let account = label(room);
                        share.end(End::SignedIn { account });
                        Ok(())
                    }
                    Err(failure) => Err(share.fail(failure)),
                };
            }
            Ok(Begun::Other(other)) => other,
            Err(error) => return unseen(app, room, manner, error),
        };
        match wait::for_other(app, room, &attempts, other)? {
            Over::SignedIn => return Ok(()),
            Over::Failed(error) if app.console.can_ask() => {
                app.console.note(&format!("keyfob: {error}"));
                app.console.note("Now it is your turn.");
            }
            Over::Failed(error) => return Err(error.into()),
        }
        meeting = Meeting::Join;
    }
}

/// Signs a person in though nobody else can see it, if a person is there; whoever asks unattended
/// must be seen, or there would be a window for each.
fn unseen(
    app: &App,
    room: &Room<'_>,
    manner: &Manner,
    error: session::Error,
) -> Result<(), Failure> {
    login::ready(app, room)?;
    if limited(app, manner) {
        return Err(error.into());
    }
    app.console.note(&format!(
        "keyfob: warning: other processes cannot see this sign-in: {error}"
    ));
    lead(app, room, manner, Share::new(app, room, None))
}

fn lead(app: &App, room: &Room<'_>, manner: &Manner, share: Share<'_>) -> Result<(), Failure> {
    let account = account(room);
    let share = if limited(app, manner) {
        share.limited(account.clone())
    } else {
        share
    };
    match login::sign_in_seen(app, room, manner, &share) {
        Ok(entry) => {
            restore(app, room, &account);
            share.end(End::SignedIn {
                account: entry.label,
            });
            Ok(())
        }
        Err(failure) => Err(share.fail(failure)),
    }
}

/// Tells whether a window may be opened once only: nobody is there to close the next ones.
fn limited(app: &App, manner: &Manner) -> bool {
    !app.console.can_ask() && !manner.no_browser
}

/// Refuses before anything is asked of anybody, when the answer is known.
fn refuse_early(app: &App, room: &Room<'_>, manner: &Manner) -> Result<(), Failure> {
    let state = &app.dirs()?.state;
    if !limited(app, manner) || attempt::ongoing(state, &room.own_key()).is_some() {
        return Ok(());
    }
    match prompt::spent(state, &account(room)) {
        Some(mark) => {
            let profile = room.profile.name.clone();
            let now = app.clock().now();
            Err(TurnError::BudgetSpent { profile, mark, now }.into())
        }
        None => Ok(()),
    }
}

/// The account that the profile's session is for, as far as that is known.
fn account(room: &Room<'_>) -> Account {
    let entry = room.keep().entry(&room.key());
    let subject = entry.as_ref().map(|entry| &entry.subject);
    Account::new(&room.profile.issuer, &room.profile.client_id, subject)
}

fn label(room: &Room<'_>) -> String {
    let entry = room.keep().entry(&room.key());
    entry.map(|entry| entry.label).unwrap_or_default()
}

/// Restores the prompt budget of the account before, and of the one that the profile has now.
fn restore(app: &App, room: &Room<'_>, before: &Account) {
    let state = room.keep().state;
    for account in [before, &account(room)] {
        if let Err(error) = prompt::restore(state, account) {
            app.console.note(&format!(
                "keyfob: warning: unattended commands will not ask for a sign-in: {error}"
            ));
            return;
        }
    }
}

/// Ends a sign-in that is in progress, and forgets that anybody was asked: the person signs out.
pub(super) fn sign_out(app: &App, room: &Room<'_>) {
    restore(app, room, &account(room));
    if room.profile.store == StoreChoice::Memory {
        return;
    }
    let here = this_process(app);
    match Attempts::new(room.keep(), room.own_key(), here.clone()).sign_out() {
        Ok(Some(other)) => {
            let who = other.by.named(here.host.as_deref());
            app.console
                .note(&format!("The sign-in of {who} is ended too."));
        }
        Ok(None) => {}
        Err(error) => app.console.note(&format!(
            "keyfob: warning: a sign-in that is in progress goes on: {error}"
        )),
    }
}

/// Says, beside why there is no token, that somebody is about to sign in.
pub(super) fn explain(app: &App, room: &Room<'_>, error: session::Error) -> Failure {
    let other = (error.exit() == Exit::SignInNeeded)
        .then(|| attempt::ongoing(room.keep().state, &room.own_key()))
        .flatten();
    let Some(other) = other else {
        return error.into();
    };
    let here = this_process(app);
    let hint = format!(
        "{} began a sign-in at {}: join it with `keyfob login {}`",
        other.by.named(here.host.as_deref()),
        on_the_clock(other.since, app.clock().now()),
        room.profile.name
    );
    TurnError::Underway { cause: error, hint }.into()
}
