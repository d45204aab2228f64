//! Text out: what `token`, `inspect` and `list` print, pure.
//!
//! The formats of a token are a shelf: one file each, listed in [`ALL`]. None of them ever prints a
//! token that holds a control character, a space or anything else that could end a line, a header
//! or a quotation early; and what they print is a [`Secret`].

mod bearer;
pub mod checks;
mod curl;
mod env;
mod header;
pub mod inspection;
mod json;
pub mod listing;
mod raw;
mod style;
mod wget;
mod width;

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::base::{
    Diagnostic, Exit, Hint, Issuer, ProfileName, Scopes, Secret, TargetName, Timestamp,
    printable_line,
};
use crate::jwt::TokenKind;

pub use style::Style;

/// Every format, in the order that help shows them.
pub const ALL: &[&dyn Format] = &[
    &raw::Raw,
    &json::Json,
    &header::Header,
    &bearer::Bearer,
    &curl::Curl,
    &wget::Wget,
    &env::Env,
];

/// A way to print a token.
pub trait Format: Sync {
    /// Returns the name that people type.
    fn name(&self) -> &'static str;

    /// Returns what it is for, in a few words.
    fn about(&self) -> &'static str;

    /// Prints a token, with the line feed that ends it.
    ///
    /// # Errors
    ///
    /// [`Unprintable`] when the token must not be printed this way.
    fn print(&self, view: &View<'_>, now: Timestamp) -> Result<Secret, Unprintable>;
}

/// A token and what is known about it.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Which token.
    pub kind: TokenKind,
    /// The token.
    pub token: &'a Secret,
    /// How it is presented; `Bearer` for nearly all (RFC 6749 §7.1).
    pub token_type: &'a str,
    /// When it expires, if the provider said.
    pub expires_at: Option<Timestamp>,
    /// What it allows.
    pub scopes: &'a Scopes,
    /// The profile it comes from.
    pub profile: &'a ProfileName,
    /// The profile's target it is for, if one was named.
    pub target: Option<&'a TargetName>,
    /// Who made it.
    pub issuer: &'a Issuer,
}

/// Why a token is not printed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Unprintable {
    /// The token holds what no token holds (RFC 6749 §A.12 has no control characters).
    #[error("the {kind} holds {what} (character {position}), so it is not printed")]
    Character {
        /// Which token.
        kind: &'static str,
        /// What was found.
        what: &'static str,
        /// Where, counted from 1.
        position: usize,
    },
    /// There is no token.
    #[error("the {0} is empty")]
    Empty(&'static str),
    /// The token is not a bearer token, and this format would present it as one.
    #[error("the access token is of type `{found}`, the format `{format}` is for `Bearer`")]
    NotBearer {
        /// The format.
        format: &'static str,
        /// The token's type.
        found: String,
    },
}

impl Diagnostic for Unprintable {
    fn exit(&self) -> Exit {
        match self {
            Self::Character { .. } | Self::Empty(_) => Exit::Verification,
            Self::NotBearer { .. } => Exit::Usage,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Character { .. } | Self::Empty(_) => None,
            Self::NotBearer { .. } => Some(Hint::Try("use `--format raw` or `json`".to_owned())),
        }
    }
}

/// Finds a format by the name that people type.
pub fn by_name(name: &str) -> Option<&'static dyn Format> {
    ALL.iter().copied().find(|format| format.name() == name)
}

impl View<'_> {
    /// Returns the token if it may be printed at all: visible ASCII and nothing else.
    fn printable_token(&self) -> Result<&str, Unprintable> {
        let (token, kind) = (self.token.expose(), self.kind.name());
        if token.is_empty() {
            return Err(Unprintable::Empty(kind));
        }
        // As many bytes as characters come before the first that is not ASCII.
        match token.bytes().position(|byte| !byte.is_ascii_graphic()) {
            None => Ok(token),
            Some(at) => Err(Unprintable::Character {
                kind,
                what: what_is(token.chars().nth(at).unwrap_or_default()),
                position: at + 1,
            }),
        }
    }

    /// Returns the token if it may be presented as a bearer token (RFC 6750 §2.1).
    fn bearer_token(&self, format: &'static str) -> Result<&str, Unprintable> {
        let is_bearer = self.token_type.eq_ignore_ascii_case("Bearer");
        if self.kind == TokenKind::Access && !is_bearer {
            let found = printable_line(self.token_type).into_owned();
            return Err(Unprintable::NotBearer { format, found });
        }
        self.printable_token()
    }
}

fn what_is(c: char) -> &'static str {
    match c {
        '\n' => "a line feed",
        '\r' => "a carriage return",
        '\0' => "a NUL character",
        '\u{1b}' => "an escape character",
        ' ' => "a space",
        c if c.is_control() => "a control character",
        _ => "a character outside ASCII",
    }
}

/// Prints a document for programs, on several lines, with nothing in it that a terminal obeys.
pub fn document(value: &serde_json::Value) -> String {
    safe_json(&json_text(value)).into_owned()
}

/// Writes JSON on several lines.
fn json_text(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).expect("a JSON value is written to memory")
}

/// Escapes, by JSON's own escapes, what JSON allows in a text but a terminal would obey.
fn safe_json(text: &str) -> Cow<'_, str> {
    let mut buffer = [0; 4];
    let mut is_unsafe = |c: char| {
        let one: &str = c.encode_utf8(&mut buffer);
        c != '\n' && matches!(printable_line(one), Cow::Owned(_))
    };
    if !text.contains(&mut is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(12 * text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(safe, "\\u{unit:04x}").expect("writing to a String does not fail");
            }
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests;
