//! What the agent answers (PURE). Never a refresh token.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Fault, Forwarded, Nothing, OpenForward, Reason, RoleAnswer, frame, secret};
use crate::base::{Issuer, Scopes, Secret, Timestamp};
use crate::session::Fate;

/// What the agent answers.
#[derive(Debug)]
pub enum Answer {
    /// It is done.
    Done,
    /// It was not done.
    Error(Fault),
    /// A restricted socket is open.
    Forwarded(Forwarded),
    /// The hello is answered.
    Hello(Welcome),
    /// The credentials of a role.
    Role(Box<RoleAnswer>),
    /// Whose sessions are kept in memory.
    Sessions(Sessions),
    /// The session is forgotten.
    SignedOut(SignedOut),
    /// How the agent is.
    Status(Status),
    /// A token.
    Ticket(Box<TokenAnswer>),
}

impl Answer {
    /// Every answer by its name.
    pub const NAMES: [&str; 9] = [
        "done",
        "error",
        "forwarded",
        "hello",
        "role",
        "sessions",
        "signed_out",
        "status",
        "ticket",
    ];

    /// Returns its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Error(_) => "error",
            Self::Forwarded(_) => "forwarded",
            Self::Hello(_) => "hello",
            Self::Role(_) => "role",
            Self::Sessions(_) => "sessions",
            Self::SignedOut(_) => "signed_out",
            Self::Status(_) => "status",
            Self::Ticket(_) => "ticket",
        }
    }

    /// Writes the answer as a frame. One that would be too long becomes an error that says so.
    pub fn print(&self) -> Zeroizing<Vec<u8>> {
        self.try_print().unwrap_or_else(|| {
            let fault = Fault::new(Reason::Failed, "the answer is too long for a frame".into());
            let fault = Self::Error(fault).try_print();
            fault.expect("an error of one sentence is short")
        })
    }

    fn try_print(&self) -> Option<Zeroizing<Vec<u8>>> {
        let answer = self.name();
        match self {
            Self::Done => frame(&Answered {
                answer,
                body: &Nothing {},
            }),
            Self::Error(body) => frame(&Answered { answer, body }),
            Self::Forwarded(body) => frame(&Answered { answer, body }),
            Self::Hello(body) => frame(&Answered { answer, body }),
            Self::Role(body) => frame(&Answered { answer, body }),
            Self::Sessions(body) => frame(&Answered { answer, body }),
            Self::SignedOut(body) => frame(&Answered { answer, body }),
            Self::Status(body) => frame(&Answered { answer, body }),
            Self::Ticket(body) => frame(&Answered { answer, body }),
        }
    }

    /// Reads an answer; `None` when it is none that is known here.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        fn body<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
            serde_json::from_slice(bytes).ok()
        }
        let Named { answer } = body(bytes)?;
        Some(match answer.as_str() {
            "done" => Self::Done,
            "error" => Self::Error(body(bytes)?),
            "forwarded" => Self::Forwarded(body(bytes)?),
            "hello" => Self::Hello(body(bytes)?),
            "role" => Self::Role(Box::new(body(bytes)?)),
            "sessions" => Self::Sessions(body(bytes)?),
            "signed_out" => Self::SignedOut(body(bytes)?),
            "status" => Self::Status(body(bytes)?),
            "ticket" => Self::Ticket(Box::new(body(bytes)?)),
            _ => return None,
        })
    }
}

/// An answer as it is written: its name among its members.
#[derive(Serialize)]
struct Answered<'a, T> {
    answer: &'a str,
    #[serde(flatten)]
    body: &'a T,
}

/// The name of an answer, whatever else is in it.
#[derive(Deserialize)]
struct Named {
    answer: String,
}

/// The answer to a hello.
#[derive(Debug, Deserialize, Serialize)]
pub struct Welcome {
    /// The version that is spoken from here on.
    pub version: u32,
    /// The agent's process.
    pub pid: u32,
}

/// A token, and enough about it for every way to print it.
#[derive(Debug, Deserialize, Serialize)]
pub struct TokenAnswer {
    /// The token.
    #[serde(with = "secret")]
    pub token: Secret,
    /// When it ends.
    pub expires: Timestamp,
    /// What it was granted for.
    pub scopes: Scopes,
    /// Whether it is new.
    #[serde(default)]
    pub renewed: bool,
    /// Why it is not what was hoped for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caveat: Option<String>,
    /// Who gave it.
    pub issuer: Issuer,
    /// The machine whose agent it comes from, where that is another one: it came through a
    /// restricted socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded_from: Option<String>,
}

/// Whose sessions are kept in memory, each as keyfob keeps an entry: no secret.
#[derive(Debug, Deserialize, Serialize)]
pub struct Sessions {
    /// The entries.
    pub entries: Vec<String>,
}

/// What became of a session's tokens at the provider.
#[derive(Debug, Deserialize, Serialize)]
pub struct SignedOut {
    /// Whether there was a session.
    pub was_there: bool,
    /// The refresh token.
    pub refresh: FateText,
    /// The access token.
    pub access: FateText,
}

/// What became of one token.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FateText {
    /// Still alive, for this reason.
    Alive(String),
    /// Revoked.
    Dead,
    /// There was none.
    None,
}

impl From<Fate> for FateText {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::Alive(why) => Self::Alive(why),
            Fate::Dead => Self::Dead,
            Fate::None => Self::None,
        }
    }
}

impl From<FateText> for Fate {
    fn from(fate: FateText) -> Self {
        match fate {
            FateText::Alive(why) => Self::Alive(why),
            FateText::Dead => Self::Dead,
            FateText::None => Self::None,
        }
    }
}

/// How the agent is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Status {
    /// Its process.
    pub pid: u32,
    /// When it started.
    pub since: Timestamp,
    /// In how many seconds it ends if nobody asks for anything.
    pub idle_left: u64,
    /// In how many seconds it ends in any case.
    pub life_left: u64,
    /// Whether a passphrase holds everything.
    pub locked: bool,
    /// Whether the key of everything is in memory that is not swapped out; nothing while locked,
    /// when there is no key.
    pub in_locked_memory: Option<bool>,
    /// How many requests it has answered.
    pub requests: u64,
    /// The restricted sockets that are open.
    #[serde(default)]
    pub forwards: Vec<OpenForward>,
}
