//! Is somebody signed in, and for how long still? Asks nobody, and names no account.

use std::time::Duration;

use crate::base::{Exit, in_words};
use crate::doctor::{Check, Finding, Patient};
use crate::session::Entry;
use crate::store::Backend;
use crate::sys::clock::{Clock as _, SystemClock};

/// Refresh tokens that nobody uses live for 90 days at Entra, and for 30 at many others.
const LONG_UNUSED: Duration = Duration::from_secs(30 * 24 * 3600);

pub(in crate::doctor) struct Session;

impl Check for Session {
    fn name(&self) -> &'static str {
        "session"
    }

    fn run(&self, patient: &Patient) -> Finding {
        let login = format!("run `keyfob login {}`", patient.profile.name);
        let entries = patient.entries();
        let Some(entry) = entries.first() else {
            return match patient.store.as_ref().map(|store| store.backend()) {
                Some(Backend::Agent | Backend::Memory) => {
                    Finding::skipped("only the agent, or the command itself, knows")
                }
                Some(Backend::Keyring | Backend::Sealed) | None => {
                    Finding::warning("nobody is signed in", login)
                }
            };
        };
        of(entry, login)
    }
}

fn of(entry: &Entry, login: String) -> Finding {
    let now = SystemClock::new().now();
    let since = in_words(now.since(entry.signed_in));
    if let Some(ended) = &entry.ended {
        let said = format!(
            "ended {} ago by the provider",
            in_words(now.since(ended.at))
        );
        return Finding::bad(said, login, Exit::SignInNeeded);
    }
    let left = entry.tokens.iter().map(|token| token.expires).max();
    let left = left.filter(|expires| *expires > now);
    if !entry.refreshable {
        return match left {
            Some(expires) => Finding::warning(
                format!(
                    "ends in {}: it has no refresh token",
                    in_words(expires.since(now))
                ),
                "add `offline_access` to the profile's `scopes`, and sign in again",
            ),
            None => Finding::bad("over: it has no refresh token", login, Exit::SignInNeeded),
        };
    }
    let last = entry.tokens.iter().map(|token| token.expires).max();
    let unused = now.since(last.unwrap_or(entry.signed_in));
    if unused > LONG_UNUSED {
        let said = format!("not used for {}, so it may end soon", in_words(unused));
        return Finding::warning(said, format!("run `keyfob token {}`", entry.profile));
    }
    Finding::good(format!("signed in {since} ago, can be renewed"))
}
