//! What surrounds an agent: its socket, its machine, the audit trail, and a person to ask.

use std::path::PathBuf;
use std::sync::{Condvar, Mutex, PoisonError};

use super::frame::{Fault, Reason, TokenAsk};
use super::question::{self, Known, NotAgreed, PATIENCE, Person};
use crate::audit::{Event, Trail};
use crate::base::Relayed;
use crate::sys::clock::Clock;
use crate::sys::process::{self, Process};
use crate::sys::socket::Peer;

/// What surrounds an agent.
pub struct Around<'a> {
    /// Its own socket.
    pub socket: PathBuf,
    /// The machine's name, for those on others.
    pub machine: String,
    /// Whether a person is asked before each token is given.
    pub confirm: bool,
    /// Where it is written down what was given to whom.
    pub trail: Trail,
    /// The person.
    pub person: &'a dyn Person,
    /// Whether the person is being asked.
    pub asking: Asking,
}

/// Lets one question be asked at a time.
#[derive(Debug, Default)]
pub struct Asking {
    now: Mutex<bool>,
    over: Condvar,
}

impl Around<'_> {
    /// Writes a line into the audit trail.
    pub(super) fn write(&self, event: &Event<'_>, clock: &dyn Clock) -> Result<(), Fault> {
        let written = self.trail.append(event, clock);
        written.map_err(|error| Fault::of(Reason::Failed, &Relayed::of(&error)))
    }

    /// Asks the person, when nobody else does.
    pub(super) fn confirm(&self, question: &str, gone: &dyn Fn() -> bool) -> Result<(), NotAgreed> {
        let _turn = self.asking.begin()?;
        if gone() {
            return Err(NotAgreed::NoAnswer);
        }
        self.person.agrees(question, gone)
    }
}

impl Asking {
    fn begin(&self) -> Result<Question<'_>, NotAgreed> {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut now, waited) = self
            .over
            .wait_timeout_while(now, PATIENCE, |now| *now)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(NotAgreed::Busy);
        }
        *now = true;
        Ok(Question(self))
    }
}

/// A question that is being asked; it is over when dropped.
struct Question<'a>(&'a Asking);

impl Drop for Question<'_> {
    fn drop(&mut self) {
        *self.0.now.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.0.over.notify_one();
    }
}

/// Puts the question about a process of this machine into words.
pub(super) fn about(ask: &TokenAsk, peer: Peer) -> String {
    let lineage = peer.pid.map(process::lineage).unwrap_or_default();
    let lineage: Vec<Known> = lineage.into_iter().map(known).collect();
    let user = match peer.uid {
        own if own == process::own_user() => format!("user {own}, who runs the agent"),
        other => format!("user {other}"),
    };
    question::about_process(ask, &user, &lineage)
}

fn known(process: Process) -> Known {
    Known {
        pid: process.pid,
        name: process.name,
        program: process.program,
        folder: process.folder,
    }
}
