//! One profile's session, as the agent hands out its tokens and its roles' credentials.
//!
//! Says what the profile means here, so that an agent that means something else declines.

use std::path::PathBuf;

use super::client::{AgentError, Client};
use super::frame::{RoleAnswer, RoleAsk, TokenAnswer, TokenAsk, Wish};
use crate::base::{ClientId, Issuer, ProfileName, TargetName, printable_line};
use crate::flow::assume_role::RoleCredentials;
use crate::session::{Ask, RoleTicket, Ticket};
use crate::store::Backend;

/// One profile's session, as the agent hands it out.
#[derive(Clone, Debug)]
pub struct Session {
    /// The agent's socket.
    pub socket: PathBuf,
    /// The profile.
    pub profile: ProfileName,
    /// The target that was named.
    pub target: Option<TargetName>,
    /// What the profile means here, where it is known here.
    pub meaning: Option<Meaning>,
}

/// What a profile means: the agent must mean the same by it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Meaning {
    /// The issuer.
    pub issuer: Issuer,
    /// The client there.
    pub client_id: ClientId,
    /// Where the session rests.
    pub store: Backend,
}

impl Session {
    /// Asks the agent for a token.
    ///
    /// # Errors
    ///
    /// [`AgentError`].
    pub fn ask(&self, ask: &Ask, wish: Wish) -> Result<TokenAnswer, AgentError> {
        Client::connect(&self.socket)?.token(self.named(ask, wish))
    }

    /// Asks the agent for the credentials of the target's role; `role` is what would be asked of AWS
    /// here.
    ///
    /// # Errors
    ///
    /// [`AgentError`].
    pub fn role(&self, ask: &Ask, role: Vec<String>) -> Result<RoleAnswer, AgentError> {
        let token = self.named(ask, Wish::default());
        Client::connect(&self.socket)?.role(RoleAsk { token, role })
    }

    fn named(&self, ask: &Ask, wish: Wish) -> TokenAsk {
        let meaning = self.meaning.as_ref();
        TokenAsk {
            profile: self.profile.clone(),
            target: self.target.clone(),
            issuer: meaning.map(|meaning| meaning.issuer.clone()),
            client_id: meaning.map(|meaning| meaning.client_id.clone()),
            store: meaning.map(|meaning| meaning.store.name().to_owned()),
            kind: ask.kind,
            wish,
            min_life: ask.min_life.map(|life| life.as_secs()),
            renew: ask.renew,
        }
    }
}

impl From<TokenAnswer> for Ticket {
    fn from(answer: TokenAnswer) -> Self {
        Self {
            token: answer.token,
            expires: answer.expires,
            scopes: answer.scopes,
            renewed: answer.renewed,
            caveat: printable(answer.caveat),
        }
    }
}

impl From<RoleAnswer> for RoleTicket {
    fn from(answer: RoleAnswer) -> Self {
        Self {
            credentials: RoleCredentials {
                access_key_id: answer.access_key_id,
                secret_access_key: answer.secret_access_key,
                session_token: answer.session_token,
                expires: answer.expires,
                seen: answer.seen,
            },
            renewed: answer.renewed,
            caveat: printable(answer.caveat),
        }
    }
}

fn printable(caveat: Option<String>) -> Option<String> {
    caveat.map(|caveat| printable_line(&caveat).into_owned())
}
