//! The desk behind a restricted socket: checks, asks a person where that was wanted, writes down
//! what becomes of each request, and only then answers.

use super::desk::Agent;
use super::forwards::Forward;
use super::frame::{Answer, Fault, Request, TokenAnswer, TokenAsk};
use super::question;
use super::server::Desk;
use super::terms::granted;
use crate::audit::{Asked, Event, Moment, Outcome, token_id};
use crate::sys::socket::Peer;

/// So many may be connected to one restricted socket at once: another host must not be able to use
/// up what the agent needs for its own.
const MOST_CONNECTIONS: usize = 16;

/// The name that something is written down with that is no request.
const NO_REQUEST: &str = "?";

/// What answers at a restricted socket.
pub(super) struct Restricted<'a> {
    pub(super) agent: &'a Agent<'a>,
    pub(super) forward: &'a Forward,
}

impl Desk for Restricted<'_> {
    fn answer(&self, request: Request, peer: Peer) -> Answer {
        let ask = if let Request::Token(ask) = &request {
            Some(&**ask)
        } else {
            None
        };
        let given = self.give(&request);
        let given = given.map_err(|fault| self.forward.terms.abroad(fault, ask));
        self.tell(given, (request.name(), ask), peer)
    }

    fn misread(&self, fault: Fault, peer: Peer) -> Answer {
        self.tell(Err(fault), (NO_REQUEST, None), peer)
    }

    fn most_connections(&self) -> usize {
        MOST_CONNECTIONS
    }
}

impl Restricted<'_> {
    fn give(&self, request: &Request) -> Result<TokenAnswer, Fault> {
        let (agent, terms) = (self.agent, &self.forward.terms);
        self.check_open()?;
        let ask = terms.permits(request, agent.clock.elapsed())?;
        terms.permits_wish(ask, || agent.sessions.configured(&granted(ask)))?;
        if terms.confirm || agent.around.confirm {
            agent.check_open()?;
            let left = terms.left(agent.clock.elapsed()).unwrap_or_default();
            agent.confirm(&question::about_host(ask, terms, left), &|| {
                self.check_open().is_err()
            })?;
            self.check_open()?;
        }
        let mut given = agent.token(ask)?;
        // To get it may have taken until after the end.
        self.check_open()?;
        given.forwarded_from = Some(terms.from.clone());
        Ok(given)
    }

    fn check_open(&self) -> Result<(), Fault> {
        match self.forward.left(self.agent.clock.elapsed()) {
            Some(_) => Ok(()),
            None => Err(self.forward.terms.ended().into()),
        }
    }

    /// Writes down what became of a request; a token that cannot be written down is not given.
    fn tell(
        &self,
        given: Result<TokenAnswer, Fault>,
        (request, ask): (&str, Option<&TokenAsk>),
        peer: Peer,
    ) -> Answer {
        let why;
        let outcome = match &given {
            Ok(given) => Outcome::Given {
                expires: Moment(given.expires),
                token_id: token_id(&given.token),
            },
            Err(fault) => {
                why = fault.messages.join(": ");
                Outcome::Refused { why: &why }
            }
        };
        let event = Event::ForwardUsed {
            forward: &self.forward.terms.id,
            host: self.forward.terms.host.as_str(),
            asked: Asked {
                request,
                selector: ask.map(|ask| granted(ask).to_string()),
                pid: peer.pid,
                uid: peer.uid,
            },
            outcome,
        };
        let written = self.agent.around.write(&event, self.agent.clock);
        let answer = match (given, written) {
            (Ok(given), Ok(())) => Answer::Ticket(Box::new(given)),
            (Ok(_), Err(fault)) | (Err(fault), _) => Answer::Error(fault),
        };
        self.forward.count(matches!(answer, Answer::Ticket(_)));
        answer
    }
}
