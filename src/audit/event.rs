//! What is told in the trail (PURE): each event is a variant, each member a fact.
//!
//! Values may be foreign; JSON's own escapes keep them on their line, and whoever shows them to a
//! person makes them printable.

use serde::Serialize;

use crate::base::Timestamp;

/// One thing that happened.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event<'a> {
    /// A restricted socket was opened for another host.
    ForwardOpened {
        /// Its name.
        forward: &'a str,
        /// The host, as `ssh` is told.
        host: &'a str,
        /// What it gives.
        targets: Vec<String>,
        /// Until when.
        until: Moment,
        /// Whether a person is asked at each use.
        confirm: bool,
    },
    /// Somebody asked for something at a restricted socket.
    ForwardUsed {
        /// The socket's name.
        forward: &'a str,
        /// The host it was opened for.
        host: &'a str,
        /// What was asked for.
        #[serde(flatten)]
        asked: Asked<'a>,
        /// What became of it.
        #[serde(flatten)]
        outcome: Outcome<'a>,
    },
    /// A restricted socket is no more.
    ForwardEnded {
        /// Its name.
        forward: &'a str,
        /// Why.
        why: &'a str,
    },
}

/// A request, and who made it on this machine (for a forwarded socket, that is `ssh`).
#[derive(Debug, Serialize)]
pub struct Asked<'a> {
    /// The request's name.
    pub request: &'a str,
    /// The profile, or profile and target, where the request names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// The process, where the system tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// The process's user.
    pub uid: u32,
}

/// What became of a request.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome<'a> {
    /// A token was given.
    Given {
        /// When the token ends.
        expires: Moment,
        /// The token's own identifier, if it has one that can be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        token_id: Option<String>,
    },
    /// Nothing was given.
    Refused {
        /// Why.
        why: &'a str,
    },
}

/// A point in time, written as RFC 3339 has it.
#[derive(Debug)]
pub struct Moment(pub Timestamp);

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&moment(self.0))
    }
}

/// Writes a point in time in UTC; one that no calendar has, as its number.
pub(super) fn moment(at: Timestamp) -> String {
    jiff::Timestamp::from_second(at.0).map_or_else(|_| at.0.to_string(), |at| at.to_string())
}
