//! The client's side of the socket: one request, one answer, and what can go wrong between.
//!
//! Never waits without a bound, and never talks to an agent of another user.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::frame::{
    Adopt, AdoptedToken, Answer, ForwardAsk, Forwarded, Hello, Passphrase, Reason, Request,
    RoleAnswer, RoleAsk, SignOut, SignedOut, Status, TokenAnswer, TokenAsk, Unforward,
};
use super::wire::{self, IN_TRANSIT};
use crate::base::{Diagnostic, Exit, Hint, Refused, Relayed, Secret, in_words};
use crate::session::{Entry, Parcel};
use crate::sys::socket::{Connection, SocketError};

/// How long an agent that lives takes at most to say hello.
const HELLO: Duration = Duration::from_secs(3);

/// Longer than a wait for another process that renews, and a renewal after it.
const PATIENCE: Duration = Duration::from_secs(150);

/// Why the agent gave no answer, or which error it answered.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// The connection broke off.
    #[error("the agent broke off the connection")]
    Broken(#[source] io::Error),
    /// There is no agent.
    #[error("the agent is not running")]
    NotRunning,
    /// The agent said why not.
    #[error(transparent)]
    Said(Said),
    /// The agent did not answer.
    #[error("the agent did not answer within {}", in_words(*.after))]
    Silent {
        /// How long it was waited for.
        after: Duration,
    },
    /// The socket cannot be used.
    #[error(transparent)]
    Socket(SocketError),
    /// What came is no answer that this version of keyfob knows.
    #[error("the answer of the agent cannot be read by this version of keyfob")]
    Strange,
    /// The request does not fit a frame.
    #[error("what the agent is to keep is longer than it takes")]
    TooLong,
    /// There is no place for a socket.
    #[error("`KEYFOB_AGENT` is `off`, so no agent is asked")]
    TurnedOff,
}

/// An error that the agent answered.
#[derive(Debug)]
pub struct Said {
    /// What kind of reason it is.
    pub reason: Reason,
    /// The error, as it was there.
    pub error: Relayed,
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl Error for Said {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

impl AgentError {
    /// Tells whether a process that asks no agent may do better.
    pub fn is_only_here(&self) -> bool {
        match self {
            Self::Said(said) => match said.reason {
                Reason::Declined | Reason::Ending | Reason::UnknownRequest | Reason::Version => {
                    true
                }
                Reason::BadRequest | Reason::Failed | Reason::Locked | Reason::Refused => false,
            },
            Self::Broken(_)
            | Self::NotRunning
            | Self::Silent { .. }
            | Self::Socket(_)
            | Self::Strange
            | Self::TooLong
            | Self::TurnedOff => true,
        }
    }
}

impl Diagnostic for AgentError {
    fn exit(&self) -> Exit {
        match self {
            Self::Said(said) => said.error.exit(),
            Self::Broken(_) | Self::NotRunning | Self::Silent { .. } | Self::TurnedOff => {
                Exit::StoreUnavailable
            }
            Self::Socket(error) => error.exit(),
            Self::Strange | Self::TooLong => Exit::Fault,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Said(said) => said.error.hint(),
            Self::NotRunning => Some(Hint::Run("keyfob agent".into())),
            Self::Broken(_) | Self::Silent { .. } => Some(Hint::Run("keyfob agent status".into())),
            Self::Socket(error) => error.hint(),
            Self::Strange => Some(Hint::Try(
                "stop the agent with `keyfob agent stop`, and start it again".into(),
            )),
            Self::TooLong => None,
            Self::TurnedOff => Some(Hint::Try("unset `KEYFOB_AGENT`".into())),
        }
    }

    fn refused(&self) -> Option<Refused> {
        match self {
            Self::Said(said) => said.error.refused(),
            Self::Broken(_)
            | Self::NotRunning
            | Self::Silent { .. }
            | Self::Socket(_)
            | Self::Strange
            | Self::TooLong
            | Self::TurnedOff => None,
        }
    }
}

/// A connection to the agent.
#[derive(Debug)]
pub struct Client {
    connection: Connection,
    pid: u32,
}

impl Client {
    /// Connects, and says hello.
    ///
    /// # Errors
    ///
    /// [`AgentError::NotRunning`] when nobody listens; otherwise why there is no talking to it.
    pub fn connect(path: &Path) -> Result<Self, AgentError> {
        let connection = Connection::connect(path, HELLO).map_err(|error| {
            if matches!(error, SocketError::Nobody { .. }) {
                AgentError::NotRunning
            } else {
                AgentError::Socket(error)
            }
        })?;
        let mut client = Self { connection, pid: 0 };
        let Answer::Hello(welcome) = client.exchange(&Hello::print(), HELLO)? else {
            return Err(AgentError::Strange);
        };
        client.pid = welcome.pid;
        Ok(client)
    }

    /// Returns the agent's process.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Asks for a token.
    ///
    /// # Errors
    ///
    /// [`AgentError`].
    pub fn token(&self, ask: TokenAsk) -> Result<TokenAnswer, AgentError> {
        let Answer::Ticket(ticket) = self.ask(&Request::Token(Box::new(ask)))? else {
            return Err(AgentError::Strange);
        };
        Ok(*ticket)
    }

    /// Asks for the credentials of a role.
    ///
    /// # Errors
    ///
    /// [`AgentError`].
    pub fn role(&self, ask: RoleAsk) -> Result<RoleAnswer, AgentError> {
        let Answer::Role(role) = self.ask(&Request::Role(Box::new(ask)))? else {
            return Err(AgentError::Strange);
        };
        Ok(*role)
    }

    /// Hands a session over.
    ///
    /// # Errors
    ///
    /// [`AgentError`].
    pub fn adopt(&self, parcel: Parcel) -> Result<(), AgentError> {
        let tokens = parcel.tokens.into_iter();
        self.done(&Request::Adopt(Adopt {
            record: parcel.record,
            entry: parcel.entry,
            tokens: tokens
                .map(|(name, held)| AdoptedToken { name, held })
                .collect(),
        }))
    }

    /// Ends a session.
    ///
    /// # Errors
    ///
    /// [`AgentError`].
    pub fn sign_out(&self, which: SignOut) -> Result<SignedOut, AgentError> {
        let Answer::SignedOut(outcome) = self.ask(&Request::SignOut(which))? else {
            return Err(AgentError::Strange);
        };
        Ok(outcome)
    }

    /// Asks whose sessions are kept. What a newer agent says in another way is left out.
    ///
    /// # Errors
    ///
    /// [`AgentError`].
    pub fn sessions(&self) -> Result<Vec<Entry>, AgentError> {
        let Answer::Sessions(sessions) = self.ask(&Request::Sessions)? else {
            return Err(AgentError::Strange);
        };
        let entries = sessions.entries.iter();
        Ok(entries
            .filter_map(|entry| Entry::parse(entry.as_bytes()))
            .collect())
    }

    /// Asks how the agent is.
    ///
    /// # Errors
    ///
    /// [`AgentError`].
    pub fn status(&self) -> Result<Status, AgentError> {
        let Answer::Status(status) = self.ask(&Request::Status)? else {
            return Err(AgentError::Strange);
        };
        Ok(status)
    }

    /// Locks the agent.
    ///
    /// # Errors
    ///
    /// [`AgentError`].
    pub fn lock(&self, passphrase: Secret) -> Result<(), AgentError> {
        self.done(&Request::Lock(Passphrase { passphrase }))
    }

    /// Unlocks the agent.
    ///
    /// # Errors
    ///
    /// [`AgentError`].
    pub fn unlock(&self, passphrase: Secret) -> Result<(), AgentError> {
        self.done(&Request::Unlock(Passphrase { passphrase }))
    }

    /// Asks for a restricted socket.
    ///
    /// # Errors
    ///
    /// [`AgentError`].
    pub fn forward(&self, ask: ForwardAsk) -> Result<Forwarded, AgentError> {
        let Answer::Forwarded(forwarded) = self.ask(&Request::Forward(ask))? else {
            return Err(AgentError::Strange);
        };
        Ok(forwarded)
    }

    /// Closes a restricted socket.
    ///
    /// # Errors
    ///
    /// [`AgentError`].
    pub fn unforward(&self, id: String) -> Result<(), AgentError> {
        self.done(&Request::Unforward(Unforward { id }))
    }

    /// Ends the agent, and waits until it hangs up.
    ///
    /// # Errors
    ///
    /// [`AgentError`].
    pub fn stop(&self) -> Result<(), AgentError> {
        self.done(&Request::Stop)?;
        // It hangs up when everybody has their answer; how it does is of no interest.
        drop(wire::receive(&self.connection, PATIENCE));
        Ok(())
    }

    fn done(&self, request: &Request) -> Result<(), AgentError> {
        let Answer::Done = self.ask(request)? else {
            return Err(AgentError::Strange);
        };
        Ok(())
    }

    fn ask(&self, request: &Request) -> Result<Answer, AgentError> {
        let frame = request.print().ok_or(AgentError::TooLong)?;
        self.exchange(&frame, PATIENCE)
    }

    fn exchange(&self, frame: &[u8], patience: Duration) -> Result<Answer, AgentError> {
        let failed = |after| {
            #[expect(
                clippy::wildcard_enum_match_arm,
                reason = "every kind that has no name here is `Broken`"
            )]
            move |error: io::Error| match error.kind() {
                io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => AgentError::Silent { after },
                io::ErrorKind::InvalidData => AgentError::Strange,
                _ => AgentError::Broken(error),
            }
        };
        wire::send(&self.connection, frame).map_err(failed(IN_TRANSIT))?;
        let answer = wire::receive(&self.connection, patience).map_err(failed(patience))?;
        let answer =
            answer.ok_or_else(|| AgentError::Broken(io::ErrorKind::UnexpectedEof.into()))?;
        match Answer::parse(&answer) {
            Some(Answer::Error(fault)) => Err(AgentError::Said(Said {
                reason: fault.reason,
                error: fault.relayed(),
            })),
            Some(answer) => Ok(answer),
            None => Err(AgentError::Strange),
        }
    }
}
