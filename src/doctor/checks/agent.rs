//! Does the agent answer, if there is one?

use crate::agent::Client;
use crate::base::Exit;
use crate::config::StoreChoice;
use crate::doctor::{Check, Finding, Patient};
use crate::sys::socket::is_there;

pub(in crate::doctor) struct Agent;

impl Check for Agent {
    fn name(&self) -> &'static str {
        "agent"
    }

    fn run(&self, patient: &Patient) -> Finding {
        let needed = patient.profile.store == StoreChoice::Agent;
        let there = patient.agent.as_ref().filter(|socket| is_there(socket));
        match there {
            None if needed => Finding::bad(
                "none runs, and the profile's session is in its memory",
                "run `keyfob agent`",
                Exit::StoreUnavailable,
            ),
            None => Finding::good("none runs, and none is needed"),
            Some(socket) => match Client::connect(socket) {
                Ok(client) => Finding::good(format!("process {} answers", client.pid())),
                Err(error) => Finding::of(&error),
            },
        }
    }
}
