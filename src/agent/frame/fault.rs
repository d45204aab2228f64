//! Why the agent did not do what it was asked, with all that the error said there (PURE).

use serde::{Deserialize, Serialize};

use crate::base::{Diagnostic as _, Exit, Hint, Refused, Relayed};

/// Why the agent did not do what it was asked.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Fault {
    /// What kind of reason it is.
    pub reason: Reason,
    /// What is wrong, then its causes.
    pub messages: Vec<String>,
    /// The next step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<HintText>,
    /// The exit status that it is worth.
    pub exit: u8,
    /// What a provider gave as its reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Box<Refused>>,
}

/// The kinds of reason.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// What was sent is no request.
    BadRequest,
    /// The agent cannot serve this profile; another process may well be able to.
    Declined,
    /// The agent is about to end.
    Ending,
    /// The agent is locked.
    Locked,
    /// It may not be had here, or a person said no.
    Refused,
    /// There is no such request.
    UnknownRequest,
    /// No common version.
    Version,
    /// It was tried, and failed; a reason that is not known here counts as this one.
    #[serde(other)]
    Failed,
}

impl Reason {
    /// Every reason by its name.
    pub const NAMES: [&str; 8] = [
        "bad_request",
        "declined",
        "ending",
        "failed",
        "locked",
        "refused",
        "unknown_request",
        "version",
    ];
}

/// A hint as it is written.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HintText {
    /// A command line.
    Run(String),
    /// A sentence.
    Try(String),
}

impl Fault {
    /// A fault of one sentence.
    pub fn new(reason: Reason, message: String) -> Self {
        Self::of(reason, &Relayed::new([message], None, Exit::Fault))
    }

    /// A fault that is all that an error says about itself.
    pub fn of(reason: Reason, error: &Relayed) -> Self {
        Self {
            reason,
            messages: error.messages(),
            hint: error.hint().map(|hint| match hint {
                Hint::Run(line) => HintText::Run(line),
                Hint::Try(sentence) => HintText::Try(sentence),
            }),
            exit: error.exit().code(),
            refused: error.refused().map(Box::new),
        }
    }

    /// Makes the error anew, as it was there.
    pub fn relayed(self) -> Relayed {
        let hint = self.hint.map(|hint| match hint {
            HintText::Run(line) => Hint::Run(line),
            HintText::Try(sentence) => Hint::Try(sentence),
        });
        // Whoever says that something failed with success does not make it one.
        let exit = Some(Exit::of_code(self.exit));
        let exit = exit.filter(|exit| *exit != Exit::Done);
        Relayed::new(self.messages, hint, exit.unwrap_or(Exit::Fault))
            .with_refused(self.refused.map(|refused| *refused))
    }
}
