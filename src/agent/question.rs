//! The question that a person is asked before a token is given (PURE), and how it can end.
//!
//! Everything in it that came from outside is made printable. What is said about a process helps a
//! person to recognise it; nothing is decided by it.

use std::fmt::Write as _;
use std::time::Duration;

use super::frame::{Fault, Reason, TokenAsk};
use super::terms::{Terms, granted};
use crate::base::{Diagnostic, Exit, Hint, Relayed, in_words, printable_line};
use crate::session::Kind;

/// How long a person has for an answer.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Whoever may say that a token may be given.
pub trait Person: Sync {
    /// Asks, and returns when the answer is yes. `gone` says that nobody needs it any more.
    ///
    /// # Errors
    ///
    /// [`NotAgreed`] in every other case.
    fn agrees(&self, question: &str, gone: &dyn Fn() -> bool) -> Result<(), NotAgreed>;
}

/// Why no person has said yes.
#[derive(Debug, thiserror::Error)]
pub enum NotAgreed {
    /// Somebody else is being asked, and that takes too long.
    #[error("a person was being asked about something else for too long")]
    Busy,
    /// No.
    #[error("the person who was asked said no")]
    No,
    /// Nobody said anything.
    #[error("nobody said yes within {}", in_words(PATIENCE))]
    NoAnswer,
    /// There is nobody to ask.
    #[error("each use must be confirmed, and the agent has no way to ask anybody: {0}")]
    Nobody(String),
}

impl Diagnostic for NotAgreed {
    fn exit(&self) -> Exit {
        Exit::Refused
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::No => None,
            Self::Busy | Self::NoAnswer => Some(Hint::Try(
                "ask again when there is somebody to answer".into(),
            )),
            Self::Nobody(_) => Some(Hint::Try(
                "run the agent on a terminal, or set `SSH_ASKPASS` for it to the absolute path of \
                 a program that asks"
                    .into(),
            )),
        }
    }
}

impl From<NotAgreed> for Fault {
    fn from(error: NotAgreed) -> Self {
        Self::of(Reason::Refused, &Relayed::of(&error))
    }
}

/// A process, as far as anything is known about it, and those who started it.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) pid: u32,
    pub(super) name: Option<String>,
    pub(super) program: Option<String>,
    pub(super) folder: Option<String>,
}

/// The question about a process of this machine; `lineage` begins with it.
pub(super) fn about_process(ask: &TokenAsk, user: &str, lineage: &[Known]) -> String {
    let mut text = format!("keyfob: give {}?\n", token(ask));
    let mut asker = "asked for by";
    for known in lineage {
        let _infallible = writeln!(text, "  {asker} {}", process(known));
        asker = "started by";
    }
    if lineage.is_empty() {
        text.push_str("  asked for by a process that the system does not name\n");
    }
    let _infallible = write!(text, "  as {}", printable_line(user));
    text
}

/// The question about another host.
pub(super) fn about_host(ask: &TokenAsk, terms: &Terms, left: Duration) -> String {
    format!(
        "keyfob: give {} to {}?\n  asked for through the forward {}, which ends in {}",
        token(ask),
        terms.host,
        terms.id,
        in_words(left)
    )
}

fn token(ask: &TokenAsk) -> String {
    let kind = match ask.kind {
        Kind::Access => "an access token",
        Kind::Id => "an ID token",
    };
    format!("{kind} for {}", granted(ask))
}

fn process(known: &Known) -> String {
    let mut text = format!("process {}", known.pid);
    for (before, what) in [
        (": ", &known.name),
        (", program ", &known.program),
        (", in ", &known.folder),
    ] {
        if let Some(what) = what {
            text.push_str(before);
            text.push_str(&printable_line(what));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::frame::Request;

    #[test]
    fn the_question_says_who_asks_and_nothing_foreign_drives_the_terminal() {
        let request = br#"{"ask":"token","profile":"work","target":"orders"}"#;
        let Request::Token(ask) = Request::parse(request).unwrap() else {
            panic!()
        };
        let keyfob = Known {
            pid: 12,
            name: Some("keyfob".into()),
            ..Known::default()
        };
        let shell = Known {
            pid: 7,
            name: Some("a\u{1b}[2J\nb".into()),
            program: Some("/bin/sh".into()),
            folder: Some("/home/z".into()),
        };

        let text = about_process(&ask, "user 1000", &[keyfob, shell]);

        assert_eq!(
            text,
            "keyfob: give an access token for work/orders?\n  asked for by process 12: keyfob\n  \
             started by process 7: a\\u{1b}[2J\\u{a}b, program /bin/sh, in /home/z\n  as user 1000"
        );
    }
}
