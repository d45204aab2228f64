//! Git's credential helpers (git-credential(1), gitcredentials(7)): `get`, `store`, `erase` and
//! `capability`.
//!
//! Answers for listed servers alone, and with silence for all others, so that git asks its next
//! helper. Never answers with a scheme of authentication that git has not announced to know, or that
//! the server has not asked for.

use super::{
    Appends, Asked, Call, Found, Misread, Person, Protocol, Reason, Reply, Request, Sends, Step,
    Why, lines,
};
use crate::base::{Exit, Secret, Site};

pub(super) struct Git;

const OPERATIONS: &[&str] = &["get", "store", "erase", "capability"];

/// The password's form, for servers that take a token as a password.
const PASSWORD: &str = "password";

/// The form that git 2.46 and newer announce: any scheme, here `Bearer` (RFC 6750), where the server
/// asks for it.
const AUTHTYPE: &str = "authtype";

/// Servers that take a token as a password mostly take any name with it; this one GitLab, Azure
/// DevOps and Gitea all take.
const ANY_USER: &str = "oauth2";

impl Protocol for Git {
    fn name(&self) -> &'static str {
        "git"
    }

    fn about(&self) -> &'static str {
        "git, over HTTPS"
    }

    fn help(&self) -> &'static str {
        "Git is told of its helper by keyfob setup git --write, or by hand:
  git config --global credential.https://git.example.com.helper '!keyfob credential git'

The server must be listed:
  keyfob config set work.target.code.git https://git.example.com"
    }

    fn also_called(&self) -> Option<&'static str> {
        Some("git-credential-keyfob")
    }

    fn appends(&self) -> Appends {
        Appends::Operation(OPERATIONS)
    }

    fn sends(&self, _call: &Call<'_>) -> Sends {
        Sends::All
    }

    fn read(&self, call: &Call<'_>) -> Result<Step, Misread> {
        match call.words.first().map(String::as_str) {
            Some("get") => Ok(match asked(call)? {
                Some(asked) => Step::Serve(asked.request),
                None => Step::Answer(String::new()),
            }),
            Some("erase") => Ok(match asked(call)? {
                Some(Sent {
                    request,
                    secret: Some(secret),
                }) => Step::Reject(request, secret),
                Some(_) | None => Step::Answer(String::new()),
            }),
            Some("capability") => Ok(Step::Answer("version 0\ncapability authtype\n".into())),
            // `store`: what git would store came from here, and is renewed here. Anything else is of
            // a newer git: gitcredentials(7) wants it ignored.
            Some(_) | None => Ok(Step::Answer(String::new())),
        }
    }

    fn answer(&self, request: &Request, found: &Found<'_>) -> Secret {
        let (token, until) = (found.token.expose(), found.expires.0.to_string());
        let mut pieces = match request.form {
            AUTHTYPE => vec![
                "capability[]=authtype\nauthtype=Bearer\ncredential=",
                token,
                "\nephemeral=1",
            ],
            _ => vec![
                "username=",
                found.username.unwrap_or(ANY_USER),
                "\npassword=",
                token,
            ],
        };
        pieces.extend(["\npassword_expiry_utc=", &until, "\n"]);
        Secret::joined(&pieces)
    }

    /// Silence for what is none of our business; for what is, the reason on stderr, and git goes on.
    fn refuse(&self, _request: Option<&Request>, why: &Why<'_>) -> Option<Reply> {
        match why.reason {
            Reason::Unlisted => Some(Reply::SILENCE),
            Reason::Failed | Reason::NotChanged | Reason::SignInNeeded => Some(Reply {
                stdout: "quit=1\n".to_owned(),
                stderr: None,
                exit: why.exit,
            }),
            Reason::Misread => Some(Reply {
                stdout: String::new(),
                stderr: None,
                exit: Exit::Usage,
            }),
        }
    }
}

/// What git sent.
struct Sent {
    request: Request,
    secret: Option<Secret>,
}

/// Reads what git sent; none when it is not about a server that a token may go to.
fn asked(call: &Call<'_>) -> Result<Option<Sent>, Misread> {
    let (mut protocol, mut host, mut path) = (None, None, None);
    let (mut secret, mut password) = (None, None);
    let (mut authtype, mut bearer) = (false, false);
    for (key, value) in lines::read(call.sent)? {
        // The last one counts; an empty one of a list clears it.
        match key {
            "protocol" => protocol = Some(value),
            "host" => host = Some(value),
            "path" => path = Some(value),
            "credential" => secret = Some(value),
            PASSWORD => password = Some(value),
            "capability[]" => authtype = !value.is_empty() && (authtype || value == AUTHTYPE),
            "wwwauth[]" => bearer = !value.is_empty() && (bearer || is_bearer(value)),
            _ => {}
        }
    }
    let missing = |what| Misread::Missing {
        what,
        hint: "let git call this, as its credential helper",
    };
    let protocol = protocol.ok_or(missing("the protocol"))?;
    let host = host.filter(|host| !host.is_empty());
    if !matches!(protocol, "https" | "http") {
        return Ok(None);
    }
    let host = host.ok_or(missing("the host"))?;
    if host.contains('/') {
        return Err(Misread::Form {
            what: "the host",
            wanted: "a host with or without a port",
        });
    }
    let path = path.map_or_else(String::new, |path| format!("/{path}"));
    let site = match Site::parse(&format!("{protocol}://{host}{path}")) {
        // Plain HTTP is somebody else's business.
        Err(crate::base::SiteError::NotHttps(_)) => return Ok(None),
        site => site?,
    };
    let request = Request {
        asked: Asked::Site(site),
        person: person(call),
        // Most servers take a token as a password alone, and say so in their challenge.
        form: if authtype && bearer {
            AUTHTYPE
        } else {
            PASSWORD
        },
        ..Request::default()
    };
    let secret = secret.or(password).filter(|secret| !secret.is_empty());
    let secret = secret.map(|secret| Secret::new(secret.to_owned()));
    Ok(Some(Sent { request, secret }))
}

/// Whether a server's challenge is for bearer tokens (RFC 9110 §11.6.1, RFC 6750 §3).
fn is_bearer(challenge: &str) -> bool {
    let scheme = challenge.split([' ', ',']).next();
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"))
}

/// Git says by this variable that nobody is there.
fn person(call: &Call<'_>) -> Person {
    match call.vars.get("GIT_TERMINAL_PROMPT") {
        Some("0" | "false" | "no" | "off") => Person::Never,
        Some(_) | None => Person::AsAgreed,
    }
}

#[cfg(test)]
mod tests;
