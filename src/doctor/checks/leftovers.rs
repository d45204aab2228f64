//! What did processes leave behind that did not end well?
//!
//! Nothing of it is in the way: it is picked up, or gone, with the next sign-in or token.

use crate::doctor::{Check, Finding, Patient};
use crate::session::attempt::all_ongoing;
use crate::sys::files::names_in;
use crate::sys::lock::Lock;

pub(in crate::doctor) struct Leftovers;

impl Check for Leftovers {
    fn name(&self) -> &'static str {
        "leftovers"
    }

    fn run(&self, patient: &Patient) -> Finding {
        let state = &patient.dirs.state;
        let journal = state.join("journal");
        let answers = names_in(&journal)
            .into_iter()
            .filter(|name| name.len() >= 32);
        let answers = answers.filter(|name| !name.contains("room")).count();
        let underway = all_ongoing(state).len();
        let locks = state.join("locks");
        let held = names_in(&locks);
        let held = held
            .iter()
            .filter(|name| Lock::is_held(&locks.join(name)))
            .count();
        let mut more = Vec::new();
        if underway > 0 {
            more.push(format!(
                "{underway} sign-ins are in progress: see `keyfob list`"
            ));
        }
        if held > 0 {
            more.push(format!("{held} sessions are being renewed at this moment"));
        }
        if answers > 0 {
            let said = format!("{answers} answers of a provider wait to be finished");
            let remedy = format!(
                "run `keyfob token {}`: it goes on where a crash stopped",
                patient.profile.name
            );
            return Finding::warning(said, remedy).with(more);
        }
        Finding::good("nothing is left from a process that died").with(more)
    }
}
