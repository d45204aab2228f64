//! Small servers on a loopback address, for as long as a command runs: they speak a cloud's own
//! refreshing protocol, so that a long run never holds a token longer than it lives.
//!
//! Every program on the machine can connect, and a page in a browser can try: only a request that
//! shows the secret of this run, names exactly this address and comes from no browser is answered,
//! and only for what the user's own file lists. What a shape answers is decided without any input
//! but the request and what its source gives.

mod aws;
mod azure;
mod door;
mod end;
mod fresh_file;
mod github;
mod request;
#[cfg(test)]
mod testing;

pub use aws::{Aws, Keys};
pub use azure::Azure;
pub use door::Door;
pub use end::End;
pub use fresh_file::{FreshFile, LEAST_LIFE};
pub use github::GitHub;
pub use request::{Refusal, Request};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::Serialize;

use crate::base::{Diagnostic, Exit, Secret, Timestamp, in_one_line};

/// A protocol: what it answers to a request that has come through the door.
pub trait Shape: Sync {
    /// Answers.
    fn answer(&self, request: &Request) -> Answer;

    /// Says in the protocol's own form why a request has not come through.
    fn refuse(&self, refusal: Refusal) -> Answer;
}

/// What is sent back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body, which may hold a token.
    pub body: Secret,
}

/// A token that is handed out.
#[derive(Debug)]
pub struct Bearer {
    /// The token.
    pub token: Secret,
    /// When it ends.
    pub expires: Timestamp,
}

/// Where a token for something comes from: a resource, an audience.
pub type Source<'a> = Box<dyn Fn(&str) -> Result<Bearer, Denied> + Sync + 'a>;

/// Why nothing is handed out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Denied {
    /// What kind of reason it is.
    pub reason: Reason,
    /// The reason in words, with the next step.
    pub message: String,
}

/// What kind of reason there is to hand nothing out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reason {
    /// The provider cannot be reached: the caller may try again.
    Unreachable,
    /// The user has not listed where it would go.
    Unlisted,
    /// Anything that trying again does not help with.
    Failed,
}

impl Denied {
    /// Takes an error over, with its causes and its hint, on one line.
    pub fn of(error: &dyn Diagnostic, reason: Reason) -> Self {
        let mut message = in_one_line(error);
        if let Some(hint) = error.hint() {
            message = format!("{message}; {hint}");
        }
        let passes = error.exit() == Exit::Unreachable;
        let reason = if passes { Reason::Unreachable } else { reason };
        Self { reason, message }
    }
}

/// The secret that was drawn for one endpoint of one run.
#[derive(Debug)]
pub struct Pass(Secret);

impl Pass {
    /// Draws 256 random bits, as 43 URL-safe characters.
    ///
    /// # Errors
    ///
    /// When the system has no random numbers.
    pub fn draw() -> std::io::Result<Self> {
        let mut bits = [0; 32];
        let drawn = SystemRandom::new().fill(&mut bits);
        drawn.map_err(|_| std::io::Error::other("the system has no random numbers"))?;
        Ok(Self(Secret::new(URL_SAFE_NO_PAD.encode(bits))))
    }

    /// Returns it for the command's environment.
    pub fn secret(&self) -> &Secret {
        &self.0
    }

    /// Tells whether a header field shows it, in constant time.
    fn is_shown(&self, field: Option<&str>) -> bool {
        field.is_some_and(|shown| self.0.matches(shown))
    }
}

impl Answer {
    fn json(status: u16, body: &impl Serialize) -> Self {
        let body = Secret::json(body, "");
        Self { status, body }
    }
}
