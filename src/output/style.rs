//! Whether text is coloured, and with what. Colour never carries meaning alone: every word that is
//! coloured says the same without it.

use std::fmt::Write as _;

/// Whether text may be coloured; `sys` decides, from the terminal and the environment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Style {
    /// With ANSI colours.
    Colour,
    /// As it is.
    Plain,
}

/// What a piece of text is, for its colour.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Tone {
    Bad,
    Faint,
    Good,
    Heading,
    Name,
    Warning,
}

impl Style {
    /// Appends text in a tone; an empty text leaves no codes behind.
    pub(super) fn push(self, line: &mut String, tone: Tone, text: &str) {
        let code = match tone {
            Tone::Bad => "1;31",
            Tone::Faint => "2",
            Tone::Good => "1;32",
            Tone::Heading => "1",
            Tone::Name => "36",
            Tone::Warning => "33",
        };
        match self {
            Self::Colour if !text.is_empty() => {
                write!(line, "\u{1b}[{code}m{text}\u{1b}[0m")
                    .expect("writing to a String does not fail");
            }
            Self::Colour | Self::Plain => line.push_str(text),
        }
    }
}
