//! The agent itself: what it answers, to whom it refuses, and when it ends.
//!
//! Holds sessions through [`Sessions`], which the composition root makes; knows when they may be
//! used. Whoever is being answered is waited for before the agent locks or ends: a refresh token
//! that was spent must have its successor stored.

use std::num::NonZeroU8;
use std::process;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::frame::{
    Adopt, Answer, Fault, Passphrase, Reason, Request, SignOut, SignedOut, Status, TokenAnswer,
    TokenAsk,
};
use super::lifecycle::{End, Life, Lives};
use super::lock::{Gate, Refusal};
use super::server::Desk;
use crate::base::{Diagnostic, Exit, Hint, Relayed, Timestamp, in_words};
use crate::session::Entry;
use crate::store::{StoreError, Vault};
use crate::sys::clock::Clock;
use crate::sys::socket::{Peer, Waker};

/// The sessions that the agent hands out tokens of.
pub trait Sessions: Sync {
    /// Hands out a token.
    ///
    /// # Errors
    ///
    /// [`Fault`]; [`Reason::Declined`] when another process may be able to.
    fn token(&self, ask: &TokenAsk) -> Result<TokenAnswer, Fault>;

    /// Keeps a session in memory.
    ///
    /// # Errors
    ///
    /// [`Fault`]; the session before is there still.
    fn adopt(&self, session: Adopt) -> Result<(), Fault>;

    /// Ends a session in memory.
    ///
    /// # Errors
    ///
    /// [`Fault`].
    fn sign_out(&self, which: &SignOut) -> Result<SignedOut, Fault>;

    /// Returns whose sessions are in memory.
    fn entries(&self) -> Vec<Entry>;

    /// Forgets every key that is not in the vault.
    fn forget_keys(&self);
}

/// The agent.
pub struct Agent<'a> {
    vault: Arc<Vault>,
    sessions: &'a dyn Sessions,
    clock: &'a dyn Clock,
    waker: Waker,
    since: Timestamp,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    gate: Gate,
    life: Life,
    /// How many are being answered from the sessions.
    busy: usize,
    requests: u64,
    stopped: bool,
}

/// What the sessions are wanted for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Purpose {
    Look,
    Use,
}

/// Why the agent does nothing now.
#[derive(Debug, thiserror::Error)]
enum No {
    #[error("the agent is locked already")]
    AlreadyLocked,
    #[error("the agent is not locked")]
    AlreadyOpen,
    #[error("the agent is being locked or unlocked at this moment")]
    Busy,
    #[error("the agent is about to end")]
    Ending,
    #[error("the agent is locked")]
    Locked,
    #[error("a wrong passphrase was given; the next one is taken in {}", at_least(*.0))]
    TooEarly(Duration),
    #[error("the passphrase does not unlock the agent{}", next(*.0))]
    Wrong(Duration),
}

fn next(delay: Duration) -> String {
    if delay.is_zero() {
        return String::new();
    }
    format!("; the next one is taken in {}", at_least(delay))
}

/// In whole seconds, so that nobody comes too early again.
fn at_least(delay: Duration) -> String {
    in_words(Duration::from_secs(
        delay
            .as_millis()
            .div_ceil(1000)
            .try_into()
            .unwrap_or(u64::MAX),
    ))
}

impl Diagnostic for No {
    fn exit(&self) -> Exit {
        match self {
            Self::AlreadyLocked | Self::AlreadyOpen => Exit::Usage,
            Self::Busy | Self::Ending | Self::Locked | Self::TooEarly(_) | Self::Wrong(_) => {
                Exit::StoreUnavailable
            }
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Locked => Some(Hint::Run("keyfob agent unlock".into())),
            Self::AlreadyLocked | Self::AlreadyOpen => Some(Hint::Run("keyfob agent status".into())),
            Self::Ending => Some(Hint::Run("keyfob agent".into())),
            Self::Busy => Some(Hint::Try("try again in a moment".into())),
            Self::TooEarly(_) | Self::Wrong(_) => Some(Hint::Try(
                "without the passphrase, stop the agent with `keyfob agent stop`, and sign in again"
                    .into(),
            )),
        }
    }
}

impl From<No> for Fault {
    fn from(no: No) -> Self {
        let reason = match &no {
            No::Locked => Reason::Locked,
            No::Ending => Reason::Ending,
            No::AlreadyLocked | No::AlreadyOpen | No::Busy | No::TooEarly(_) | No::Wrong(_) => {
                Reason::Failed
            }
        };
        Self::of(reason, &Relayed::of(&no))
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Already => Self::AlreadyOpen,
            Refusal::Busy => Self::Busy,
            Refusal::TooEarly(wait) => Self::TooEarly(wait),
        }
    }
}

impl<'a> Agent<'a> {
    /// Begins the agent's life.
    pub fn new(
        vault: Arc<Vault>,
        sessions: &'a dyn Sessions,
        clock: &'a dyn Clock,
        waker: Waker,
        lives: Lives,
    ) -> Self {
        Self {
            vault,
            sessions,
            clock,
            waker,
            since: clock.now(),
            state: Mutex::new(State {
                gate: Gate::default(),
                life: Life::new(lives, clock.elapsed()),
                busy: 0,
                requests: 0,
                stopped: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// Returns why the agent ends, if it does; `signal` is the signal that came, if one did.
    pub fn end(&self, signal: Option<NonZeroU8>) -> Option<End> {
        let state = self.state();
        match signal {
            Some(number) => Some(End::Signal(number)),
            None if state.stopped => Some(End::Stop),
            None => state.life.end(self.clock.elapsed()),
        }
    }

    /// Returns how long nothing can end the agent but a stop or a signal.
    pub fn left(&self) -> Duration {
        let left = self.state().life.left(self.clock.elapsed());
        left.idle.min(left.hard)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code can panic while it holds the lock half way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to use the sessions; only what is done for somebody's sake prolongs the life.
    fn begin(&self, purpose: Purpose) -> Result<Turn<'_>, No> {
        let mut state = self.state();
        let now = self.clock.elapsed();
        if state.stopped || state.life.end(now).is_some() {
            return Err(No::Ending);
        }
        if !state.gate.is_open() {
            return Err(No::Locked);
        }
        if purpose == Purpose::Use {
            state.life.use_at(now);
        }
        state.busy += 1;
        Ok(Turn { agent: self })
    }

    fn do_answer(&self, request: Request) -> Result<Answer, Fault> {
        match request {
            Request::Adopt(session) => {
                let _turn = self.begin(Purpose::Use)?;
                self.sessions.adopt(session)?;
                Ok(Answer::Done)
            }
            Request::Lock(Passphrase { passphrase }) => self.lock(&passphrase),
            Request::Sessions => {
                let _turn = self.begin(Purpose::Look)?;
                let entries = self.sessions.entries();
                Ok(Answer::Sessions(super::frame::Sessions {
                    entries: entries.iter().map(Entry::print).collect(),
                }))
            }
            Request::SignOut(which) => {
                let _turn = self.begin(Purpose::Use)?;
                self.sessions.sign_out(&which).map(Answer::SignedOut)
            }
            Request::Status => Ok(Answer::Status(self.status())),
            Request::Stop => {
                self.state().stopped = true;
                self.waker.wake();
                Ok(Answer::Done)
            }
            Request::Token(ask) => {
                let _turn = self.begin(Purpose::Use)?;
                let ticket = self.sessions.token(&ask)?;
                Ok(Answer::Ticket(Box::new(ticket)))
            }
            Request::Unlock(Passphrase { passphrase }) => self.unlock(&passphrase),
        }
    }

    fn lock(&self, passphrase: &crate::base::Secret) -> Result<Answer, Fault> {
        if passphrase.is_empty() {
            let error = Relayed::of(&StoreError::EmptyPassphrase);
            return Err(Fault::of(Reason::Failed, &error));
        }
        let mut state = self.state();
        state.gate.begin_lock().map_err(|refusal| match refusal {
            Refusal::Already => No::AlreadyLocked,
            other @ (Refusal::Busy | Refusal::TooEarly(_)) => other.into(),
        })?;
        // Whoever spends a refresh token now must be able to keep its successor.
        while state.busy > 0 {
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        drop(state);
        let shut = self.vault.shut(passphrase);
        if shut.is_ok() {
            self.sessions.forget_keys();
            self.state().gate.done();
        } else {
            self.state().gate.undone();
        }
        shut.map(|()| Answer::Done)
            .map_err(|error| Fault::of(Reason::Failed, &Relayed::of(&error)))
    }

    fn unlock(&self, passphrase: &crate::base::Secret) -> Result<Answer, Fault> {
        let now = self.clock.elapsed();
        self.state().gate.begin_unlock(now).map_err(No::from)?;
        let opened = self.vault.open(passphrase);
        let now = self.clock.elapsed();
        let mut state = self.state();
        match opened {
            Ok(()) => {
                state.gate.done();
                state.life.use_at(now);
                Ok(Answer::Done)
            }
            Err(StoreError::WrongPassphrase) => Err(No::Wrong(state.gate.wrong(now)).into()),
            Err(error) => {
                state.gate.undone();
                Err(Fault::of(Reason::Failed, &Relayed::of(&error)))
            }
        }
    }

    fn status(&self) -> Status {
        let in_locked_memory = self.vault.in_locked_memory();
        let state = self.state();
        let left = state.life.left(self.clock.elapsed());
        Status {
            pid: process::id(),
            since: self.since,
            idle_left: left.idle.as_secs(),
            life_left: left.hard.as_secs(),
            locked: !state.gate.is_open(),
            in_locked_memory,
            requests: state.requests,
        }
    }
}

impl Desk for Agent<'_> {
    fn answer(&self, request: Request, _: Peer) -> Answer {
        self.state().requests += 1;
        self.do_answer(request).unwrap_or_else(Answer::Error)
    }
}

/// A use of the sessions; ends when dropped.
struct Turn<'a> {
    agent: &'a Agent<'a>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.agent.state().busy -= 1;
        self.agent.changed.notify_all();
    }
}
