//! Questions to the user, on the terminal.
//!
//! Never asks where nobody can answer, and never shows a secret while it is typed.

use std::io::{self, Write};

use super::{Console, ConsoleError};
use crate::base::{Secret, printable_line};
use crate::sys::interrupt::Interrupts;

/// What Enter alone answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Preset {
    /// No.
    No,
    /// Yes.
    Yes,
}

impl Console {
    /// Asks for a line; Enter alone answers with `preset`.
    ///
    /// # Errors
    ///
    /// [`ConsoleError::NoTerminal`] or [`ConsoleError::Ended`].
    pub fn ask(&self, question: &str, preset: Option<&str>) -> Result<String, ConsoleError> {
        let shown = preset.map_or_else(String::new, |preset| format!(" [{preset}]"));
        loop {
            let line = self.read_line(&format!("{question}{shown}: "))?;
            match (line.trim(), preset) {
                ("", Some(preset)) => return Ok(preset.to_owned()),
                ("", None) => {}
                (answer, _) => return Ok(answer.to_owned()),
            }
        }
    }

    /// Asks for yes or no.
    ///
    /// # Errors
    ///
    /// [`ConsoleError::NoTerminal`] or [`ConsoleError::Ended`].
    pub fn confirm(&self, question: &str, preset: Preset) -> Result<bool, ConsoleError> {
        let choice = match preset {
            Preset::No => "y/N",
            Preset::Yes => "Y/n",
        };
        loop {
            let line = self.read_line(&format!("{question} [{choice}] "))?;
            match line.trim().to_ascii_lowercase().as_str() {
                "" => return Ok(preset == Preset::Yes),
                "y" | "yes" => return Ok(true),
                "n" | "no" => return Ok(false),
                _ => {}
            }
        }
    }

    /// Asks for one of several; returns its place in `choices`.
    ///
    /// # Errors
    ///
    /// [`ConsoleError::NoTerminal`] or [`ConsoleError::Ended`].
    pub fn choose(&self, question: &str, choices: &[&str]) -> Result<usize, ConsoleError> {
        if !self.can_ask() {
            return Err(ConsoleError::NoTerminal);
        }
        for (place, choice) in choices.iter().enumerate() {
            self.note(&format!("{:>3}  {choice}", place + 1));
        }
        loop {
            let line = self.read_line(&format!("{question} [1-{}] ", choices.len()))?;
            match line.trim().parse::<usize>() {
                Ok(number) if (1..=choices.len()).contains(&number) => return Ok(number - 1),
                Ok(_) | Err(_) => {}
            }
        }
    }

    /// Asks for a secret on the terminal itself, even when stdin is something else; nothing that
    /// is typed is shown.
    ///
    /// # Errors
    ///
    /// [`ConsoleError::NoTerminal`], [`ConsoleError::Ended`] or [`ConsoleError::Interrupted`].
    pub fn ask_hidden(&self, question: &str) -> Result<Secret, ConsoleError> {
        self.clear_status();
        let question = format!("{}: ", printable_line(question));
        // Ctrl-C would end the process with the terminal still hiding what is typed.
        let watch = Interrupts::watch().map_err(ConsoleError::Broken)?;
        let hold = watch.defer();
        let typed = rpassword::prompt_password(question);
        drop(hold);
        match typed {
            Ok(secret) => Ok(Secret::new(secret)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(ConsoleError::Ended),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                Err(ConsoleError::Interrupted)
            }
            Err(_) => Err(ConsoleError::NoTerminal),
        }
    }

    fn read_line(&self, prompt: &str) -> Result<String, ConsoleError> {
        if !self.can_ask() {
            return Err(ConsoleError::NoTerminal);
        }
        let mut streams = self.streams();
        streams.clear_status();
        drop(write!(streams.err, "{}", printable_line(prompt)));
        drop(streams.err.flush());
        let mut line = String::new();
        match streams.input.read_line(&mut line) {
            Ok(0) | Err(_) => Err(ConsoleError::Ended),
            Ok(_) => Ok(line),
        }
    }
}
