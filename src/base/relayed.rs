//! An error that happened in another process, with all that it said about itself there.
//!
//! It prints here as it would have printed there: message, causes, hint and exit status are its
//! own. Never anything but text, so it cannot be told apart by its kind.

use std::error::Error;
use std::fmt;

use super::{Diagnostic, Exit, Hint, Refused};

/// More causes than this help nobody.
const MOST_CAUSES: usize = 16;

/// An error that happened elsewhere.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Relayed {
    said: Said,
    /// The next step.
    hint: Option<Hint>,
    /// The exit status.
    exit: Exit,
    /// What a provider gave as its reason.
    refused: Option<Box<Refused>>,
}

/// A message, and what caused it.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Said {
    message: String,
    cause: Option<Box<Said>>,
}

impl Relayed {
    /// Takes down what an error says about itself.
    pub fn of(error: &dyn Diagnostic) -> Self {
        let mut messages = vec![error.to_string()];
        let mut next = error.source();
        while let Some(cause) = next.take_if(|_| messages.len() <= MOST_CAUSES) {
            messages.push(cause.to_string());
            next = cause.source();
        }
        Self::new(messages, error.hint(), error.exit()).with_refused(error.refused())
    }

    /// Adds what a provider gave as its reason.
    #[must_use]
    pub fn with_refused(self, refused: Option<Refused>) -> Self {
        let refused = refused.map(Box::new);
        Self { refused, ..self }
    }

    /// Puts together what was taken down: the message, then the causes, each caused by the next.
    pub fn new(
        messages: impl IntoIterator<Item = String, IntoIter: DoubleEndedIterator>,
        hint: Option<Hint>,
        exit: Exit,
    ) -> Self {
        let said = messages.into_iter().rev().fold(None, |cause, message| {
            let cause = cause.map(Box::new);
            Some(Said { message, cause })
        });
        let nothing = || Said {
            message: "an error without a message".to_owned(),
            cause: None,
        };
        Self {
            said: said.unwrap_or_else(nothing),
            hint,
            exit,
            refused: None,
        }
    }

    /// Returns the message and the causes, for taking them elsewhere.
    pub fn messages(&self) -> Vec<String> {
        let mut messages = Vec::new();
        let mut next = Some(&self.said);
        while let Some(said) = next {
            messages.push(said.message.clone());
            next = said.cause.as_deref();
        }
        messages
    }
}

impl fmt::Display for Relayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said.fmt(f)
    }
}

impl Error for Relayed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.said.source()
    }
}

impl Diagnostic for Relayed {
    fn exit(&self) -> Exit {
        self.exit
    }

    fn hint(&self) -> Option<Hint> {
        self.hint.clone()
    }

    fn refused(&self) -> Option<Refused> {
        self.refused.as_deref().cloned()
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Said {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let cause = self.cause.as_deref()?;
        Some(cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("inner")]
    struct Inner;

    impl Diagnostic for Outer {
        fn exit(&self) -> Exit {
            Exit::Refused
        }

        fn hint(&self) -> Option<Hint> {
            Some(Hint::Run("keyfob login api".into()))
        }
    }

    #[test]
    fn what_was_said_there_is_said_here() {
        let taken = Relayed::of(&Outer(Inner));
        let back = Relayed::new(taken.messages(), taken.hint(), taken.exit());

        assert_eq!(back, taken);
        assert_eq!(back.to_string(), "outer");
        assert_eq!(back.source().unwrap().to_string(), "inner");
        assert!(back.source().unwrap().source().is_none());
        assert_eq!(back.exit(), Exit::Refused);
        assert_eq!(back.hint(), Outer(Inner).hint());
    }
}
