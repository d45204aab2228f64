//! The agent itself: what it answers, to whom it refuses, and when it ends.
//!
//! Holds sessions through [`Sessions`], which the composition root makes; knows when they may be
//! used. Whoever is being answered is waited for before the agent locks or ends: a refresh token
//! that was spent must have its successor stored.

use std::num::NonZeroU8;
use std::process;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::around::{self, Around};
use super::forwards::Forwards;
use super::frame::{
    Adopt, Answer, Fault, Granted, Passphrase, Reason, Request, RoleAnswer, RoleAsk, SignOut,
    SignedOut, Status, TokenAnswer, TokenAsk, Unforward,
};
use super::lifecycle::{End, Life, Lives};
use super::lock::{Gate, Refusal};
use super::not_now::No;
use super::server::Desk;
use crate::base::{Relayed, Timestamp};
use crate::oauth::grant::Wanted;
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

    /// Hands out the credentials of a role.
    ///
    /// # Errors
    ///
    /// As [`Sessions::token`].
    fn role(&self, ask: &RoleAsk) -> Result<RoleAnswer, Fault>;

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

    /// Returns what a token is good for by the configuration.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the configuration has no such profile or target.
    fn configured(&self, of: &Granted) -> Result<Wanted, Fault>;

    /// Forgets every key that is not in the vault.
    fn forget_keys(&self);
}

/// The agent.
pub struct Agent<'a> {
    vault: Arc<Vault>,
    pub(super) sessions: &'a dyn Sessions,
    pub(super) clock: &'a dyn Clock,
    pub(super) around: Around<'a>,
    pub(super) forwards: Forwards,
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

impl<'a> Agent<'a> {
    /// Begins the agent's life.
    pub fn new(
        (vault, sessions): (Arc<Vault>, &'a dyn Sessions),
        clock: &'a dyn Clock,
        waker: Waker,
        lives: Lives,
        around: Around<'a>,
    ) -> Self {
        Self {
            forwards: Forwards::beside(&around.socket),
            around,
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
        let mut state = self.state();
        match signal {
            Some(number) => {
                state.stopped = true;
                Some(End::Signal(number))
            }
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

    /// Makes sure that it could be begun to use the sessions, before a person is asked.
    pub(super) fn check_open(&self) -> Result<(), Fault> {
        Ok(self.begin(Purpose::Look).map(drop)?)
    }

    /// Hands out a token; whoever asks has been checked.
    pub(super) fn token(&self, ask: &TokenAsk) -> Result<TokenAnswer, Fault> {
        let _turn = self.begin(Purpose::Use)?;
        self.sessions.token(ask)
    }

    /// Asks a person, one question at a time; `gone` says that nobody needs the answer any more.
    pub(super) fn confirm(&self, question: &str, gone: &dyn Fn() -> bool) -> Result<(), Fault> {
        let gone = || gone() || self.end(None).is_some();
        Ok(self.around.confirm(question, &gone)?)
    }

    /// Asks a person, where that was wanted of this agent.
    fn agreed(&self, ask: &TokenAsk, peer: Peer) -> Result<(), Fault> {
        if self.around.confirm {
            self.check_open()?;
            self.confirm(&around::about(ask, peer), &|| false)?;
        }
        Ok(())
    }

    fn do_answer(&self, request: Request, peer: Peer) -> Result<Answer, Fault> {
        match request {
            Request::Adopt(session) => {
                let _turn = self.begin(Purpose::Use)?;
                self.sessions.adopt(session)?;
                Ok(Answer::Done)
            }
            Request::Forward(ask) => {
                let _turn = self.begin(Purpose::Use)?;
                let left = self.state().life.left(self.clock.elapsed()).hard;
                let forwarded = self.forwards.add(ask, left, self)?;
                Ok(Answer::Forwarded(forwarded))
            }
            Request::Lock(Passphrase { passphrase }) => self.lock(&passphrase),
            Request::Sessions => {
                let _turn = self.begin(Purpose::Look)?;
                let entries = self.sessions.entries();
                Ok(Answer::Sessions(super::frame::Sessions {
                    entries: entries.iter().map(Entry::print).collect(),
                }))
            }
            Request::Role(ask) => {
                self.agreed(&ask.token, peer)?;
                let _turn = self.begin(Purpose::Use)?;
                self.sessions.role(&ask).map(Box::new).map(Answer::Role)
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
                self.agreed(&ask, peer)?;
                let ticket = self.token(&ask)?;
                Ok(Answer::Ticket(Box::new(ticket)))
            }
            Request::Unforward(Unforward { id }) => {
                self.forwards.close(&id)?;
                Ok(Answer::Done)
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
        let forwards = self.forwards.list(self.clock.elapsed());
        let state = self.state();
        let left = state.life.left(self.clock.elapsed());
        Status {
            forwards,
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
    fn answer(&self, request: Request, peer: Peer) -> Answer {
        self.state().requests += 1;
        self.do_answer(request, peer).unwrap_or_else(Answer::Error)
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
