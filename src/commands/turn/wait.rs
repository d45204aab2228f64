//! Waits for somebody else's sign-in: says where it can be finished, follows it when another takes
//! it over, and ends as it did.
//!
//! Holds nothing while it waits, and never longer than the other may take.

use std::time::Duration;

use super::TurnError;
use super::words::{announce, capital, show, this_process};
use crate::app::{App, Room};
use crate::base::{Timestamp, in_words, printable_line};
use crate::commands::Failure;
use crate::session::attempt::{Attempt, Attempts, End, Seen};
use crate::sys::interrupt::Interrupts;

/// How often the record is looked at.
const POLL: Duration = Duration::from_millis(200);

/// How often one looks whether a sign-in that was taken over has let go of its port.
const QUICK_POLL: Duration = Duration::from_millis(20);

/// How long that may take; it is seen within a tenth of a second, unless the process hangs.
const LONGEST_FAREWELL: Duration = Duration::from_secs(2);

/// What may come after the last moment for the person: codes to trade, a store to write.
const GRACE: Duration = Duration::from_secs(60);

/// No sign-in is waited for longer, whatever its record says.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// How somebody else's sign-in ended.
pub(super) enum Over {
    /// It came to nothing.
    Failed(TurnError),
    /// The session is there; that was said.
    SignedIn,
}

/// Waits for somebody else's sign-in.
///
/// # Errors
///
/// [`TurnError::Left`] when the wait is interrupted, [`TurnError::Overdue`], or
/// [`TurnError::SignedOut`].
pub(super) fn for_other(
    app: &App,
    room: &Room<'_>,
    attempts: &Attempts<'_>,
    first: Attempt,
) -> Result<Over, Failure> {
    let interrupts = Interrupts::watch().map_err(Failure::from_io)?;
    let here = this_process(app).host;
    let named = |other: &Attempt| other.by.named(here.as_deref());
    let profile = || room.profile.name.clone();
    let (clock, mut who) = (app.clock(), named(&first));
    let mut followed = first;
    let mut shown = None;
    let mut until = clock.elapsed() + longest(app, &followed);
    let before = signed_in_at(room);
    announce(app, &followed, &who);
    loop {
        if interrupts.requested().is_some() {
            app.console.clear_status();
            return Err(TurnError::Left { who }.into());
        }
        match attempts.look() {
            Seen::Running(now) => {
                if now.id != followed.id {
                    if let Some(account) = signed_in(room, &followed, before) {
                        return Ok(done(app, room, &account, &who));
                    }
                    who = named(&now);
                    app.console
                        .note(&format!("{} has taken over the sign-in.", capital(&who)));
                }
                if now.id != followed.id || now.deadline != followed.deadline {
                    until = clock.elapsed() + longest(app, &now);
                }
                if let Some(place) = now.place.as_ref().filter(|_| now.place != shown) {
                    show(app, place);
                    shown.clone_from(&now.place);
                }
                followed = now;
            }
            seen @ (Seen::Ended(..) | Seen::Gone) => {
                app.console.clear_status();
                let is_told = match &seen {
                    Seen::Ended(last, end) => last.id == followed.id || *end == End::SignedOut,
                    Seen::Gone | Seen::Running(_) => false,
                };
                let account = signed_in(room, &followed, before).filter(|_| !is_told);
                return match account {
                    Some(account) => Ok(done(app, room, &account, &who)),
                    None => over(app, room, seen, who),
                };
            }
        }
        if clock.elapsed() >= until {
            app.console.clear_status();
            let profile = profile();
            return Err(TurnError::Overdue { profile, who }.into());
        }
        let left = followed.deadline.since(clock.now());
        app.console
            .status(&format!("Waiting for {who}; {} left.", in_words(left)));
        clock.sleep(POLL);
    }
}

fn over(app: &App, room: &Room<'_>, seen: Seen, who: String) -> Result<Over, Failure> {
    let profile = room.profile.name.clone();
    let (status, reason) = match seen {
        Seen::Ended(_, End::SignedIn { account }) => return Ok(done(app, room, &account, &who)),
        Seen::Ended(by, End::SignedOut) => {
            let who = by.by.named(this_process(app).host.as_deref());
            return Err(TurnError::SignedOut { profile, who }.into());
        }
        Seen::Ended(_, End::Failed { status, reason }) => (status, reason),
        Seen::Gone | Seen::Running(_) => (0, "it ended without a word".to_owned()),
    };
    Ok(Over::Failed(TurnError::OtherFailed {
        profile,
        who,
        status,
        reason,
    }))
}

/// Returns the account, if somebody has signed in since a sign-in began, and since the session of
/// `before`. The sign-in may be followed by another, or have been killed, before it could say so.
fn signed_in(room: &Room<'_>, attempt: &Attempt, before: Option<Timestamp>) -> Option<String> {
    let entry = room.keep().entry(&room.key())?;
    let is_new = entry.signed_in >= attempt.since && Some(entry.signed_in) != before;
    (is_new && entry.ended.is_none()).then_some(entry.label)
}

fn signed_in_at(room: &Room<'_>) -> Option<Timestamp> {
    let entry = room.keep().entry(&room.key());
    entry.map(|entry| entry.signed_in)
}

fn done(app: &App, room: &Room<'_>, account: &str, who: &str) -> Over {
    let profile = &room.profile;
    app.console.note(&format!(
        "Signed in to {} as {} for profile `{}` (by the sign-in of {who}).",
        profile.issuer,
        printable_line(account),
        profile.name
    ));
    Over::SignedIn
}

fn longest(app: &App, attempt: &Attempt) -> Duration {
    attempt.deadline.since(app.clock().now()).min(LONGEST) + GRACE
}

/// Waits until a sign-in that was taken over has let go of its port; goes on without it when it
/// hangs.
pub(super) fn until_gone(app: &App, attempts: &Attempts<'_>, other: &Attempt, who: &str) {
    let clock = app.clock();
    let until = clock.elapsed() + LONGEST_FAREWELL;
    while attempts.lingers(other) {
        if clock.elapsed() >= until {
            app.console.note(&format!(
                "keyfob: {who} does not answer; going on without it"
            ));
            return;
        }
        clock.sleep(QUICK_POLL);
    }
}
