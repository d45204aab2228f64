//! What is said about somebody else's sign-in: who, since when, and where it can be finished.

use jiff::tz::TimeZone;

use crate::app::App;
use crate::base::{Timestamp, printable_line};
use crate::commands::present::set_apart;
use crate::session::By;
use crate::session::attempt::{Attempt, Place};
use crate::sys::whereabouts::Whereabouts;

/// Names this process.
pub(in crate::commands) fn this_process(app: &App) -> By {
    Whereabouts::of_this_process(&app.env.vars).into()
}

/// Says a moment as people do: `14:02`, with the date unless it is today's.
pub(in crate::commands) fn on_the_clock(moment: Timestamp, now: Timestamp) -> String {
    let zone = TimeZone::system();
    let said = |at: Timestamp, pattern: &str| {
        let at = jiff::Timestamp::from_second(at.0).ok()?;
        let at = at.to_zoned_datetime(zone.clone());
        Some(at.strftime(pattern).to_string())
    };
    let (date, today) = (said(moment, "%Y-%m-%d"), said(now, "%Y-%m-%d"));
    let pattern = if date == today {
        "%H:%M"
    } else {
        "%Y-%m-%d %H:%M"
    };
    // The very last hours of the year 9999 are beyond the calendar.
    said(moment, pattern).unwrap_or_else(|| moment.0.to_string())
}

/// Says who signs in, and since when.
pub(super) fn announce(app: &App, other: &Attempt, who: &str) {
    let known = other
        .by
        .known_by()
        .map_or_else(String::new, |known| format!(" ({known})"));
    app.console.note(&format!(
        "{}{known} began a sign-in for `{}` at {}.",
        capital(who),
        other.profile,
        on_the_clock(other.since, app.clock().now())
    ));
    app.console
        .note("Waiting for it; Ctrl-C leaves it alone. To end it and begin anew:");
    app.console
        .note(&format!("  keyfob login {} --take-over", other.profile));
}

/// Says where the sign-in can be finished, if the record says so.
pub(super) fn show(app: &App, place: &Place) {
    let console = &app.console;
    let Some(address) = place.address() else {
        return;
    };
    match place {
        Place::Browser { .. } => {
            console.note("Its browser is open. If you do not find it, open this address yourself:");
        }
        Place::Open { forward, .. } => {
            if let Some(line) = forward {
                console.note("Where your browser is, type:");
                set_apart(console, &format!("  {}", printable_line(line)));
            }
            console.note("It waits for somebody to open this address:");
        }
        Place::Device { .. } => console.note("Open this address on any device:"),
    }
    set_apart(console, address.as_str());
    if let Place::Device { user_code, .. } = place {
        console.note("and enter, or compare, this code:");
        set_apart(console, &format!("  {}", printable_line(user_code)));
    }
}

/// Begins a sentence.
pub(super) fn capital(who: &str) -> String {
    let mut chars = who.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
