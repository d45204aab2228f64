//! Looks at everything that a sign-in and a token need, side by side, and says what to set right.
//!
//! One check per file in `checks/`. None asks a person, unlocks anything, opens a browser or spends a
//! refresh token; whatever one writes to try something out, it takes away again.

mod checks;
mod patient;

pub mod mask;

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::base::{Diagnostic, Exit};
use crate::sys::clock::{Clock as _, SystemClock};

pub use patient::Patient;

/// One thing to look at.
pub trait Check: Sync {
    /// Returns the word for it.
    fn name(&self) -> &'static str;

    /// Looks.
    fn run(&self, patient: &Patient) -> Finding;

    /// Says what it means that there was no answer in time.
    fn late(&self) -> Finding {
        Finding::bad("no answer in time", "try again", Exit::Unreachable)
    }
}

/// Every check, in the order in which they are shown.
pub const ALL: &[&dyn Check] = &[
    &checks::clock::Clock,
    &checks::names::Names,
    &checks::proxy::Proxy,
    &checks::tls::Tls,
    &checks::discovery::Discovery,
    &checks::redirect::Redirect,
    &checks::browser::Browser,
    &checks::store::Store,
    &checks::session::Session,
    &checks::client::Client,
    &checks::secret::Secret,
    &checks::scopes::Scopes,
    &checks::files::Files,
    &checks::leftovers::Leftovers,
    &checks::agent::Agent,
    &checks::terminal::Terminal,
];

/// How something was found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mark {
    /// As it should be.
    Good,
    /// It works, and somebody should know something about it.
    Warning,
    /// It stands in the way.
    Bad,
    /// It does not apply here, or cannot be told.
    Skipped,
}

/// What one check found. Its words may hold foreign text, and are not safe to print yet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// How it is.
    pub mark: Mark,
    /// What was seen, in one line.
    pub said: String,
    /// What else was seen.
    pub more: Vec<String>,
    /// The next step.
    pub remedy: Option<String>,
    /// What a script should make of it, when it is bad.
    pub exit: Exit,
}

impl Finding {
    /// All is well.
    pub fn good(said: impl Into<String>) -> Self {
        Self::new(Mark::Good, said.into(), None, Exit::Done)
    }

    /// It works, but.
    pub fn warning(said: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Mark::Warning, said.into(), Some(remedy.into()), Exit::Done)
    }

    /// It stands in the way.
    pub fn bad(said: impl Into<String>, remedy: impl Into<String>, exit: Exit) -> Self {
        Self::new(Mark::Bad, said.into(), Some(remedy.into()), exit)
    }

    /// There is nothing to look at.
    pub fn skipped(said: impl Into<String>) -> Self {
        Self::new(Mark::Skipped, said.into(), None, Exit::Done)
    }

    /// An error stands in the way: its words, its causes, its own next step.
    pub fn of(error: &dyn Diagnostic) -> Self {
        let remedy = error.hint().map(|hint| hint.to_string());
        let mut causes = Vec::new();
        let mut cause = error.source();
        while let Some(next) = cause {
            causes.push(next.to_string());
            cause = next.source();
        }
        Self::new(Mark::Bad, error.to_string(), remedy, error.exit()).with(causes)
    }

    /// Adds what else was seen.
    #[must_use]
    pub fn with(mut self, more: impl IntoIterator<Item = String>) -> Self {
        self.more.extend(more);
        self
    }

    fn new(mark: Mark, said: String, remedy: Option<String>, exit: Exit) -> Self {
        Self {
            mark,
            said,
            more: Vec::new(),
            remedy,
            exit,
        }
    }
}

/// Makes every check at once; `seen` is told of each as it ends, by its place in [`ALL`]. Whatever
/// has not ended by the deadline is said to be late, and is not waited for.
pub fn examine(
    patient: &Arc<Patient>,
    deadline: Duration,
    seen: &mut dyn FnMut(usize, &Finding),
) -> Vec<Finding> {
    let (tell, told) = mpsc::channel();
    let clock = SystemClock::new();
    for (place, check) in ALL.iter().enumerate() {
        let (tell, patient) = (tell.clone(), Arc::clone(patient));
        let run = move || drop(tell.send((place, check.run(&patient))));
        // A thread that cannot be had leaves its check late.
        drop(
            thread::Builder::new()
                .name(check.name().to_owned())
                .spawn(run),
        );
    }
    drop(tell);
    let mut findings: Vec<Option<Finding>> = vec![None; ALL.len()];
    while let Some(left) = deadline.checked_sub(clock.elapsed()) {
        match told.recv_timeout(left) {
            Ok((place, finding)) => {
                seen(place, &finding);
                if let Some(slot) = findings.get_mut(place) {
                    *slot = Some(finding);
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    findings
        .into_iter()
        .zip(ALL)
        .map(|(finding, check)| finding.unwrap_or_else(|| check.late()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_check_has_a_short_name_of_its_own() {
        let names: BTreeSet<&str> = ALL.iter().map(|check| check.name()).collect();

        assert_eq!(names.len(), ALL.len());
        assert!(names.iter().all(|name| name.len() <= 9));
    }
}
