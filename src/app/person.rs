//! The person who may say that a token may be given: on the agent's own terminal, else through the
//! program that `SSH_ASKPASS` names. Never anybody by default.

use super::App;
use crate::agent::{NotAgreed, PATIENCE, Person};
use crate::base::printable_line;
use crate::sys::askpass::{Askpass, Reply, VARIABLE};

/// Whoever sits in front of an agent.
pub struct Asker<'a> {
    app: &'a App,
}

impl<'a> Asker<'a> {
    /// Asks nothing yet.
    pub fn new(app: &'a App) -> Self {
        Self { app }
    }

    /// Makes sure that there is a way to ask.
    ///
    /// # Errors
    ///
    /// [`NotAgreed::Nobody`].
    pub fn check(&self) -> Result<(), NotAgreed> {
        if self.app.console.is_in_front() {
            return Ok(());
        }
        self.askpass().map(drop)
    }

    fn askpass(&self) -> Result<Askpass, NotAgreed> {
        let nobody = |why: String| NotAgreed::Nobody(why);
        let Some(path) = self.app.env.vars.get(VARIABLE) else {
            return Err(nobody(format!(
                "it is in front of no terminal, and `{VARIABLE}` is not set"
            )));
        };
        Askpass::new(path).ok_or_else(|| {
            let path = printable_line(path);
            nobody(format!("`{VARIABLE}` is no absolute path: `{path}`"))
        })
    }
}

impl Person for Asker<'_> {
    fn agrees(&self, question: &str, gone: &dyn Fn() -> bool) -> Result<(), NotAgreed> {
        let time = (self.app.clock(), PATIENCE);
        let reply = if self.app.console.is_in_front() {
            let reply = self.app.console.confirm_within(question, time, gone);
            reply.map_err(|error| NotAgreed::Nobody(error.to_string()))?
        } else {
            let askpass = self.askpass()?;
            askpass.confirm(question, time, gone).map_err(|error| {
                let path = askpass.path().to_string_lossy();
                let path = printable_line(&path);
                NotAgreed::Nobody(format!("`{path}` cannot be started: {error}"))
            })?
        };
        match reply {
            Reply::Yes => Ok(()),
            Reply::No => Err(NotAgreed::No),
            Reply::None => Err(NotAgreed::NoAnswer),
        }
    }
}
