//! The command line of Python's `keyring`, as far as pip, uv and their like use it: `get`.
//!
//! pip up to 24 runs `keyring get SERVICE USERNAME`; newer ones run `keyring --mode=creds --output=json
//! get SERVICE [USERNAME]`, and uv runs `keyring get SERVICE USERNAME` or, without a user in the index's
//! address, `keyring get SERVICE --mode creds`. SERVICE is an address, and after a no the host alone:
//! that is answered where the whole host is listed.
//!
//! What is not listed is silence and exit status 1, as for a password that `keyring` does not have.
//! Never keeps or drops anything: `set` and `del` are refused.

use serde::Serialize;

use super::lines::forbidden;
use super::{Appends, Asked, Call, Found, Misread, Protocol, Reason, Reply, Request, Step, Why};
use crate::base::{Exit, Secret, Site, printable_line};

pub(super) struct Pip;

/// The name that goes with a token by the custom of Python's indexes, which look at the token alone.
const ANY_USER: &str = "__token__";

/// The forms of an answer: what `--mode` and `--output` make of it.
const PASSWORD: &str = "password";
const PASSWORD_JSON: &str = "password as JSON";
const CREDS: &str = "creds";
const CREDS_JSON: &str = "creds as JSON";

/// The form of what is refused aloud.
const CHANGE: &str = "change";

#[derive(Serialize)]
struct Credential<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    password: &'a str,
}

impl Protocol for Pip {
    fn name(&self) -> &'static str {
        "pip"
    }

    fn about(&self) -> &'static str {
        "pip, uv, and all that run `keyring`"
    }

    fn help(&self) -> &'static str {
        "pip and uv run a program `keyring`: make that a link to keyfob, in a folder that comes first in
PATH, and tell them to use it, with a user name in the index's address for older ones:
  pip install --keyring-provider subprocess --index-url https://__token__@pypi.example.com/simple x
  uv pip install --keyring-provider subprocess --index-url https://__token__@pypi.example.com/simple x

The index must be listed, or its whole host:
  keyfob config set work.target.wheels.pip https://pypi.example.com"
    }

    fn also_called(&self) -> Option<&'static str> {
        Some("keyring")
    }

    fn appends(&self) -> Appends {
        Appends::CommandLine
    }

    fn read(&self, call: &Call<'_>) -> Result<Step, Misread> {
        let line = Line::of(call.words)?;
        match line.words.as_slice() {
            ["get", service, rest @ ..] if rest.len() < 2 => {
                let username = rest.first().copied().unwrap_or_default();
                if let Some(character) = forbidden(username) {
                    return Err(Misread::Character {
                        what: "the user name",
                        character,
                    });
                }
                Ok(Step::Serve(asked(line.form(), service, username)))
            }
            ["set" | "del", service, _] => Ok(Step::Change(asked(CHANGE, service, ""), None)),
            _ => Err(Misread::Own(
                "usage: keyring [--mode {password,creds}] [--output {plain,json}] get SERVICE \
                 [USERNAME]"
                    .to_owned(),
            )),
        }
    }

    fn answer(&self, request: &Request, found: &Found<'_>) -> Secret {
        let password = found.token.expose();
        let username = match request.echo.as_str() {
            "" => found.username.unwrap_or(ANY_USER),
            asked => asked,
        };
        let json = |username| Secret::json(&Credential { username, password }, "\n");
        match request.form {
            CREDS => Secret::joined(&[username, "\n", password, "\n"]),
            CREDS_JSON => json(Some(username)),
            PASSWORD_JSON => json(None),
            _ => Secret::joined(&[password, "\n"]),
        }
    }

    fn refuse(&self, request: Option<&Request>, why: &Why<'_>) -> Option<Reply> {
        let refused = |stderr, exit| {
            Some(Reply {
                stdout: String::new(),
                stderr,
                exit,
            })
        };
        match why.reason {
            Reason::Unlisted if request.is_some_and(|request| request.form != CHANGE) => {
                refused(Some(String::new()), Exit::Fault)
            }
            Reason::Unlisted | Reason::NotChanged => refused(
                Some("keyring: keyfob keeps no passwords for other programs".to_owned()),
                Exit::Fault,
            ),
            Reason::Misread => refused(None, Exit::Usage),
            // The user's own index: pip and uv let stderr through, or drop it.
            Reason::Failed | Reason::SignInNeeded => refused(None, Exit::Fault),
        }
    }
}

/// A command line of `keyring`.
#[derive(Default)]
struct Line<'a> {
    words: Vec<&'a str>,
    creds: bool,
    json: bool,
}

impl<'a> Line<'a> {
    fn of(words: &'a [String]) -> Result<Self, Misread> {
        let mut line = Self::default();
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (word, None),
            };
            match name {
                "--mode" => match value.or_else(|| words.next()) {
                    Some("creds") => line.creds = true,
                    Some("password") => line.creds = false,
                    _ => return Err(no_choice("--mode", "password or creds")),
                },
                "--output" => match value.or_else(|| words.next()) {
                    Some("json") => line.json = true,
                    Some("plain") => line.json = false,
                    _ => return Err(no_choice("--output", "plain or json")),
                },
                _ if word.starts_with('-') => {
                    let word = printable_line(word);
                    return Err(Misread::Own(format!("unrecognized arguments: {word}")));
                }
                _ => line.words.push(word),
            }
        }
        Ok(line)
    }

    fn form(&self) -> &'static str {
        match (self.creds, self.json) {
            (false, false) => PASSWORD,
            (false, true) => PASSWORD_JSON,
            (true, false) => CREDS,
            (true, true) => CREDS_JSON,
        }
    }
}

fn no_choice(what: &'static str, wanted: &'static str) -> Misread {
    Misread::Form { what, wanted }
}

fn asked(form: &'static str, service: &str, username: &str) -> Request {
    Request {
        // Other services are no addresses at all: nobody can list those, and nobody is told why.
        asked: Site::parse_host(service)
            .map_or_else(|_| Asked::Named(service.to_owned()), Asked::Site),
        form,
        echo: username.to_owned(),
        ..Request::default()
    }
}

#[cfg(test)]
mod tests;
