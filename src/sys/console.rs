//! The terminal and the two output streams: answers on stdout, everything else on stderr.
//!
//! Never panics when a stream is closed or full, never lets foreign text drive the terminal, and
//! never asks when nobody is there to answer.

mod ask;
mod confirm;
mod style;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::env::{self, Env};
use crate::base::{Diagnostic, Exit, Hint, printable, printable_line};

pub use ask::Preset;
pub use style::{Colours, Style};

/// Why an answer could not be given, or a question not be asked.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// Writing failed in another way.
    #[error("cannot write to stdout")]
    Broken(#[source] io::Error),
    /// The reader has gone away.
    #[error("stdout is closed: nobody reads the answer")]
    Closed,
    /// The input ended before there was an answer.
    #[error("no answer was given")]
    Ended,
    /// The disk behind stdout is full.
    #[error("no space left to write the answer to stdout")]
    Full,
    /// Ctrl-C was the answer.
    #[error("the question was interrupted")]
    Interrupted,
    /// There is no terminal to ask on.
    #[error("there is no terminal to ask on")]
    NoTerminal,
}

impl Diagnostic for ConsoleError {
    fn exit(&self) -> Exit {
        match self {
            Self::Broken(_) | Self::Closed | Self::Full => Exit::Fault,
            Self::Ended | Self::NoTerminal => Exit::Usage,
            Self::Interrupted => Exit::Signal(2),
        }
    }

    fn hint(&self) -> Option<Hint> {
        let hint = match self {
            Self::Broken(_) | Self::Closed => "check what stdout is connected to",
            Self::Ended | Self::Interrupted => return None,
            Self::Full => "free some space and try again",
            Self::NoTerminal => "give the answer as a flag, or run this in a terminal",
        };
        Some(Hint::Try(hint.to_owned()))
    }
}

impl From<io::Error> for ConsoleError {
    fn from(error: io::Error) -> Self {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "every kind that has no name here is `Broken`"
        )]
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Broken(error),
        }
    }
}

/// The streams of this process.
pub struct Console {
    streams: Mutex<Streams>,
    colours: Colours,
    terminals: Terminals,
    /// Whether the terminal knows how to clear a line.
    can_rewrite: bool,
}

/// Which streams are terminals.
#[derive(Clone, Copy, Debug)]
struct Terminals {
    input: bool,
    out: bool,
    err: bool,
}

struct Streams {
    input: Box<dyn BufRead + Send>,
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    /// Whether a status line stands on the terminal.
    status: bool,
}

impl Console {
    /// Takes stdin, stdout and stderr.
    pub fn new(env: &Env) -> Self {
        let input = Box::new(io::BufReader::new(io::stdin()));
        Self::with(env, input, Box::new(io::stdout()), Box::new(io::stderr()))
    }

    fn with(
        env: &Env,
        input: Box<dyn BufRead + Send>,
        out: Box<dyn Write + Send>,
        err: Box<dyn Write + Send>,
    ) -> Self {
        Self {
            streams: Mutex::new(Streams {
                input,
                out,
                err,
                status: false,
            }),
            colours: Colours::decide(env),
            terminals: Terminals {
                input: env.stdin_is_terminal,
                out: env.stdout_is_terminal,
                err: env.stderr_is_terminal,
            },
            can_rewrite: env.stderr_is_terminal && env.vars.get("TERM") != Some("dumb"),
        }
    }

    fn streams(&self) -> MutexGuard<'_, Streams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whether stdout is a terminal: a person reads the answer.
    pub fn stdout_is_terminal(&self) -> bool {
        self.terminals.out
    }

    /// Tells whether stderr is a terminal: a person reads the notes.
    pub fn stderr_is_terminal(&self) -> bool {
        self.terminals.err
    }

    /// Tells which streams get colour.
    pub fn colours(&self) -> Colours {
        self.colours
    }

    /// Tells whether questions can be asked.
    pub fn can_ask(&self) -> bool {
        self.terminals.input && self.terminals.err
    }

    /// Tells how wide the terminal on stderr is now, if it is one.
    pub fn columns(&self) -> Option<u16> {
        self.terminals.err.then(env::terminal_columns)?
    }

    /// Writes an answer to stdout, with a line feed at its end; all of it, or an error.
    ///
    /// # Errors
    ///
    /// [`ConsoleError::Closed`], [`ConsoleError::Full`] or [`ConsoleError::Broken`].
    pub fn answer(&self, text: &str) -> Result<(), ConsoleError> {
        self.answer_styled(&[(Style::Plain, text)])
    }

    /// Writes an answer in several styles, like [`Console::answer`].
    ///
    /// # Errors
    ///
    /// As [`Console::answer`].
    pub fn answer_styled(&self, parts: &[(Style, &str)]) -> Result<(), ConsoleError> {
        let mut bytes = Vec::new();
        for (style, text) in parts {
            // A program gets the bytes as they are; only a terminal can be driven by them.
            if self.terminals.out {
                style.write(&printable(text), self.colours.stdout, &mut bytes);
            } else {
                style.write(text, self.colours.stdout, &mut bytes);
            }
        }
        if bytes.last() != Some(&b'\n') {
            bytes.push(b'\n');
        }
        let answered = self.answer_bytes(&bytes);
        zeroize::Zeroize::zeroize(&mut bytes);
        answered
    }

    /// Writes exactly these bytes to stdout.
    ///
    /// # Errors
    ///
    /// As [`Console::answer`].
    pub fn answer_bytes(&self, bytes: &[u8]) -> Result<(), ConsoleError> {
        let mut streams = self.streams();
        streams.clear_status();
        streams.out.write_all(bytes)?;
        streams.out.flush()?;
        Ok(())
    }

    /// Writes a note to stderr, with a line feed at its end; what cannot be written is lost.
    pub fn note(&self, text: &str) {
        self.note_styled(&[(Style::Plain, text)]);
    }

    /// Writes a note in several styles, like [`Console::note`].
    pub fn note_styled(&self, parts: &[(Style, &str)]) {
        let mut bytes = Vec::new();
        for (style, text) in parts {
            style.write(&printable(text), self.colours.stderr, &mut bytes);
        }
        if bytes.last() != Some(&b'\n') {
            bytes.push(b'\n');
        }
        let mut streams = self.streams();
        streams.clear_status();
        drop(streams.err.write_all(&bytes));
        drop(streams.err.flush());
    }

    /// Writes exactly these bytes to stderr; what cannot be written is lost.
    pub fn note_bytes(&self, bytes: &[u8]) {
        let mut streams = self.streams();
        streams.clear_status();
        drop(streams.err.write_all(bytes));
        drop(streams.err.flush());
    }

    /// Shows a line on the terminal in place of the last such line; nothing where stderr is none.
    pub fn status(&self, text: &str) {
        if !self.can_rewrite {
            return;
        }
        let room = usize::from(self.columns().unwrap_or(80)).saturating_sub(1);
        let line: String = printable_line(text).chars().take(room).collect();
        let mut streams = self.streams();
        drop(write!(streams.err, "\r{line}{CLEAR_TO_END}"));
        drop(streams.err.flush());
        streams.status = true;
    }

    /// Takes the status line away.
    pub fn clear_status(&self) {
        self.streams().clear_status();
    }
}

/// Clears to the end of the line (ECMA-48 EL); after the text, so that the line does not flicker.
const CLEAR_TO_END: &str = "\u{1b}[K";

impl Streams {
    fn clear_status(&mut self) {
        if self.status {
            drop(write!(self.err, "\r{CLEAR_TO_END}"));
            drop(self.err.flush());
            self.status = false;
        }
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.clear_status();
    }
}

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console")
            .field("colours", &self.colours)
            .finish_non_exhaustive()
    }
}
