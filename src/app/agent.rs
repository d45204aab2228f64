//! The agent, as seen by everybody else: where its socket is, and when it is asked.
//!
//! Without an agent this costs one look at a name. A session that only the agent has is never
//! looked for elsewhere; every other one can be had without it.

use std::path::PathBuf;

use super::{App, AppError, Room};
use crate::agent::frame::{TokenAnswer, Wish};
use crate::agent::{AgentError, Client, Meaning, Session};
use crate::base::{Relayed, Secret, TargetName, printable_line};
use crate::config::{Origin, Profile, Selector, Setting, StoreChoice};
use crate::flow::assume_role::AssumeRole;
use crate::session::{self, Ask, Entry, Parcel, RoleTicket, SessionKey, Ticket, TokenSource};
use crate::store::Backend;
use crate::sys::socket::is_there;

/// Names the agent's socket, or turns it off.
const VARIABLE: &str = "KEYFOB_AGENT";

/// What an agent of another process cannot know: only this run says it.
const ONLY_HERE: [Setting; 5] = [
    Setting::Account,
    Setting::CaFile,
    Setting::ClientAuthentication,
    Setting::ClientSecret,
    Setting::Leeway,
];

impl App {
    /// Returns where the agent's socket is, or would be; none when no agent is to be asked.
    ///
    /// # Errors
    ///
    /// [`AppError::AgentPath`].
    pub fn agent_socket(&self) -> Result<Option<PathBuf>, AppError> {
        match self.env.vars.get(VARIABLE) {
            Some("off") => return Ok(None),
            Some(path) if PathBuf::from(path).is_absolute() => return Ok(Some(path.into())),
            Some(wrong) => return Err(AppError::AgentPath(printable_line(wrong).into_owned())),
            None => {}
        }
        let Some(dirs) = &self.env.dirs else {
            return Ok(None);
        };
        let folder = dirs.runtime.clone();
        let folder = folder.unwrap_or_else(|| dirs.state.join("agent"));
        Ok(Some(folder.join("agent.sock")))
    }

    /// Connects to the agent.
    ///
    /// # Errors
    ///
    /// [`AgentError::TurnedOff`] and [`AgentError::NotRunning`] when there is none to be asked.
    pub fn agent(&self) -> Result<Client, AgentError> {
        let socket = self.agent_socket().map_err(|error| {
            AgentError::Said(crate::agent::Said {
                reason: crate::agent::frame::Reason::Failed,
                error: Relayed::of(&error),
            })
        })?;
        let socket = socket.ok_or(AgentError::TurnedOff)?;
        if !is_there(&socket) {
            return Err(AgentError::NotRunning);
        }
        let client = Client::connect(&socket)?;
        self.trace(&format!(
            "asking the agent (process {}) at {}",
            client.pid(),
            socket.display()
        ));
        Ok(client)
    }

    /// Returns where the tokens of a room's profile come from: the agent, if one is there, else
    /// this process.
    ///
    /// # Errors
    ///
    /// [`AppError::AgentPath`].
    pub fn tokens<'r>(
        &'r self,
        room: &'r Room<'r>,
        target: Option<&TargetName>,
    ) -> Result<Tokens<'r>, AppError> {
        let profile = &room.profile;
        let wanted = match profile.store {
            StoreChoice::Agent => true,
            StoreChoice::Memory => false,
            StoreChoice::Keyring | StoreChoice::Sealed => !is_only_here(profile),
        };
        let socket = self.agent_socket()?;
        let socket = socket.filter(|socket| wanted && is_there(socket));
        let agent = socket.map(|socket| Session {
            socket,
            profile: profile.name.clone(),
            target: target.cloned(),
            meaning: Some(Meaning {
                issuer: profile.issuer.clone(),
                client_id: profile.client_id.clone(),
                store: backend(profile.store),
            }),
        });
        Ok(Tokens {
            app: self,
            room,
            agent,
        })
    }

    /// Asks the agent for a token of a profile that only the agent knows; none when there is no
    /// agent, or it does not know the profile either.
    ///
    /// # Errors
    ///
    /// [`AgentError`].
    pub fn token_by_name(
        &self,
        selector: &Selector,
        ask: &Ask,
        wish: Wish,
    ) -> Result<Option<TokenAnswer>, AgentError> {
        let socket = self.agent_socket().ok().flatten();
        let (Some(profile), Some(socket)) = (selector.profile.clone(), socket) else {
            return Ok(None);
        };
        if !is_there(&socket) {
            let none = AgentError::NotRunning;
            return if self.is_told_of(&none) {
                Err(none)
            } else {
                Ok(None)
            };
        }
        self.trace(&format!(
            "profile {profile} is not known here: asking the agent at {}",
            socket.display()
        ));
        let session = Session {
            socket,
            profile,
            target: selector.target.clone(),
            meaning: None,
        };
        match session.ask(ask, wish) {
            Ok(answer) => {
                self.trace_forward(answer.forwarded_from.as_deref());
                Ok(Some(answer))
            }
            // Nobody but a forwarded agent knows the profile, and it was named for that.
            Err(error) if error.is_only_here() && !self.is_told_of(&error) => {
                self.trace(&format!("not from the agent: {error}"));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Says whose agent a token comes from, if it is not this machine's.
    fn trace_forward(&self, from: Option<&str>) {
        if let Some(from) = from {
            self.trace(&format!("the token is from the forwarded agent of {from}"));
        }
    }

    /// Tells whether an agent was named by the variable, and cannot be talked to: then that is what
    /// is wrong, whatever else is not known.
    fn is_told_of(&self, error: &AgentError) -> bool {
        let no_word = matches!(
            error,
            AgentError::Broken(_)
                | AgentError::NotRunning
                | AgentError::Silent { .. }
                | AgentError::Socket(_)
        );
        no_word && self.env.vars.get(VARIABLE).is_some()
    }

    /// Returns whose a room's session is, and since when, wherever that is noted.
    pub fn entry(&self, room: &Room<'_>) -> Option<Entry> {
        if room.profile.store != StoreChoice::Agent {
            return room.keep().entry(&room.key());
        }
        let mut entries = self.agent_entries().into_iter();
        entries
            .find(|(key, _)| *key == room.key())
            .map(|(_, entry)| entry)
    }

    /// Returns whose sessions the agent has in its memory; says so when an agent cannot tell.
    pub fn agent_entries(&self) -> Vec<(SessionKey, Entry)> {
        match self.agent().and_then(|agent| agent.sessions()) {
            Ok(entries) => entries
                .into_iter()
                .map(|entry| (entry.key(), entry))
                .collect(),
            Err(AgentError::NotRunning | AgentError::TurnedOff) => Vec::new(),
            Err(error) => {
                let note = format!("keyfob: warning: no word from the agent: {error}");
                self.console.note(&note);
                Vec::new()
            }
        }
    }

    /// Makes sure, before anybody is asked to sign in, that the agent would keep the session.
    ///
    /// # Errors
    ///
    /// [`AgentError`].
    pub fn agent_ready(&self) -> Result<(), AgentError> {
        self.agent()?.sessions().map(drop)
    }

    /// Returns whom a room's session is of, as its sign-in has proved.
    ///
    /// # Errors
    ///
    /// [`session::Error`].
    pub fn subject(&self, room: &Room<'_>) -> Result<Option<String>, session::Error> {
        if room.profile.store != StoreChoice::Agent {
            let record = room.keep().record(&room.key(), &room.profile.name)?;
            return Ok(record.and_then(|record| record.claims.sub));
        }
        let entries = self.agent().and_then(|agent| agent.sessions());
        let entries = entries.map_err(|error| Relayed::of(&error))?;
        let entry = entries.into_iter().find(|entry| entry.key() == room.key());
        Ok(entry.map(|entry| entry.subject.as_str().to_owned()))
    }

    /// Hands a session that was made in this process over to the agent.
    ///
    /// # Errors
    ///
    /// [`session::Error`].
    pub fn hand_over(&self, room: &Room<'_>) -> Result<(), session::Error> {
        let parcel = Parcel::pack(&room.keep(), &room.key())?;
        let parcel = parcel.ok_or_else(|| session::Error::SignedOut(room.profile.name.clone()))?;
        let handed = self.agent().and_then(|agent| agent.adopt(parcel));
        handed.map_err(|error| Relayed::of(&error).into())
    }
}

/// Tells whether a flag or a variable of this run decides something that the agent must know.
fn is_only_here(profile: &Profile) -> bool {
    profile.origins().iter().any(|value| {
        let by_this_run = matches!(value.origin, Origin::Flag(_) | Origin::Variable(_));
        by_this_run && ONLY_HERE.iter().any(|setting| setting.key() == value.key)
    })
}

/// Returns what the stores call a choice of the configuration.
fn backend(choice: StoreChoice) -> Backend {
    match choice {
        StoreChoice::Agent => Backend::Agent,
        StoreChoice::Keyring => Backend::Keyring,
        StoreChoice::Memory => Backend::Memory,
        StoreChoice::Sealed => Backend::Sealed,
    }
}

/// Where the tokens of one profile come from.
pub struct Tokens<'r> {
    app: &'r App,
    room: &'r Room<'r>,
    agent: Option<Session>,
}

impl TokenSource for Tokens<'_> {
    fn token(&self, ask: &Ask) -> Result<Ticket, session::Error> {
        let only_there = self.room.profile.store == StoreChoice::Agent;
        let Some(agent) = &self.agent else {
            if only_there {
                return Err(Relayed::of(&self.why_none()).into());
            }
            return self.room.session()?.token(ask);
        };
        match agent.ask(ask, Wish::exactly(&ask.wanted)) {
            Ok(answer) => {
                self.app
                    .trace(&format!("the agent answered at {}", agent.socket.display()));
                self.app.trace_forward(answer.forwarded_from.as_deref());
                Ok(answer.into())
            }
            Err(error) if error.is_only_here() && !only_there => {
                self.app
                    .trace(&format!("not from the agent, but in this process: {error}"));
                // It costs every command time, so it is said even to those who did not ask.
                if matches!(error, AgentError::Silent { .. }) {
                    let warning = format!("keyfob: warning: {error}, so it is not used");
                    self.app.console.note(&warning);
                }
                self.room.session()?.token(ask)
            }
            Err(error) => Err(Relayed::of(&error).into()),
        }
    }
}

impl Tokens<'_> {
    /// Asks the agent for the credentials of a role; none when there is no agent, or one that cannot
    /// help: then they are got in this process.
    pub(super) fn role(
        &self,
        role: &AssumeRole,
        ask: &Ask,
    ) -> Result<Option<RoleTicket>, session::Error> {
        let Some(agent) = &self.agent else {
            return Ok(None);
        };
        match agent.role(ask, role.parts()) {
            Ok(answer) => Ok(Some(answer.into())),
            Err(error) if error.is_only_here() => {
                let why = format!("not from the agent, but in this process: {error}");
                self.app.trace(&why);
                Ok(None)
            }
            Err(error) => Err(Relayed::of(&error).into()),
        }
    }

    /// Notes that a token was rejected where it was presented: if it is the one that is held, the
    /// next one is another. What cannot be done about it is left.
    pub fn distrust(&self, ask: &Ask, rejected: &Secret) {
        if self.agent.is_none() {
            if let Ok(session) = self.room.session() {
                session.distrust(ask, rejected);
            }
            return;
        }
        let held = self.token(ask);
        if held.is_ok_and(|ticket| ticket.token.is(rejected)) {
            let renew = Ask {
                renew: true,
                ..ask.clone()
            };
            drop(self.token(&renew));
        }
    }

    fn why_none(&self) -> AgentError {
        match self.app.agent_socket() {
            Ok(None) => AgentError::TurnedOff,
            Ok(Some(_)) | Err(_) => AgentError::NotRunning,
        }
    }
}
