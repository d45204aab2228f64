//! The seam between those who want a token and wherever it comes from: this process, or the agent.

use super::{Ask, Error, Ticket};

/// Hands out tokens of one session.
pub trait TokenSource {
    /// Hands out a token.
    ///
    /// # Errors
    ///
    /// [`Error::SignedOut`], [`Error::Ended`] and [`Error::NotRefreshable`] when a person must sign
    /// in; otherwise why no token could be had. The session is as good as before. What happened in
    /// the agent is an [`Error::Relayed`] with the same exit status.
    fn token(&self, ask: &Ask) -> Result<Ticket, Error>;
}
