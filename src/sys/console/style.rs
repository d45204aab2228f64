//! Whether to use colour, and the few styles there are (<https://no-color.org>,
//! <https://bixense.com/clicolors/>).
//!
//! A style never carries meaning that the words do not.

use crate::sys::env::Env;

/// How a piece of text is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Style {
    /// What went wrong.
    Bad,
    /// What matters most.
    Bold,
    /// What matters least.
    Dim,
    /// What went well.
    Good,
    /// As it is.
    Plain,
    /// What deserves a look.
    Warn,
}

/// Which streams get colour.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Colours {
    /// Stdout does.
    pub stdout: bool,
    /// Stderr does.
    pub stderr: bool,
}

impl Colours {
    /// Decides: `NO_COLOR` first, then `CLICOLOR_FORCE`, then whether the stream is a terminal.
    pub fn decide(env: &Env) -> Self {
        let set = |name| env.vars.get(name);
        let decide = |terminal: bool| match () {
            () if set("NO_COLOR").is_some() => false,
            () if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
            () if set("CLICOLOR") == Some("0") || set("TERM") == Some("dumb") => false,
            () => terminal,
        };
        Self {
            stdout: decide(env.stdout_is_terminal),
            stderr: decide(env.stderr_is_terminal),
        }
    }
}

impl Style {
    /// Writes text in this style (ECMA-48 SGR), or plainly without colour.
    pub(super) fn write(self, text: &str, colour: bool, to: &mut Vec<u8>) {
        let code = match self {
            Self::Plain => None,
            Self::Bad => Some("31"),
            Self::Bold => Some("1"),
            Self::Dim => Some("2"),
            Self::Good => Some("32"),
            Self::Warn => Some("33"),
        };
        match code.filter(|_| colour) {
            Some(code) => {
                for part in ["\u{1b}[", code, "m", text, "\u{1b}[0m"] {
                    to.extend_from_slice(part.as_bytes());
                }
            }
            None => to.extend_from_slice(text.as_bytes()),
        }
    }
}
