//! Docker's credential helpers (docker-credential-helpers' protocol): `get`, `store`, `erase`, `list`
//! and `version`, for docker, podman, skopeo, helm and all that read docker's `config.json`.
//!
//! Every refusal is one line on stdout and exit status 1, as docker reads it; what is not listed is
//! `credentials not found in native keychain`, letter by letter, and docker goes on without. Keeps
//! nothing for docker: `store` succeeds for the token that `get` handed out a moment ago, so that
//! `docker login` ends well, and for nothing else.
//!
//! The user name that goes with an access token is the registry's to say. Azure's says a GUID of
//! zeros, Google's says `oauth2accesstoken`; others look at the token alone, so they get the zeros too,
//! which are nobody's name. The setting `username` counts above all of that; `<token>` there makes
//! docker take the token for an identity token, which it trades at the registry's token service.

use serde::{Deserialize, Serialize};

use super::{
    Appends, Asked, Call, Found, Misread, Protocol, Reason, Reply, Request, Sends, Step, Why, text,
};
use crate::base::{Exit, Secret, Site, SiteError, printable_line};

pub(super) struct Docker;

const OPERATIONS: &[&str] = &["get", "store", "erase", "list", "version"];

const GET: &str = "get";
const STORE: &str = "store";
const ERASE: &str = "erase";

/// What docker compares with, to the letter.
const NOT_FOUND: &str = "credentials not found in native keychain";
const NO_SERVER: &str = "no credentials server URL";
const NO_USERNAME: &str = "no credentials username";

/// Nobody's name.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// Registries by how their host ends, and the name that they want with an access token.
const NAMES: &[(&str, &str)] = &[
    (".azurecr.io", NOBODY),
    (".pkg.dev", "oauth2accesstoken"),
    ("gcr.io", "oauth2accesstoken"),
];

/// A credential, as docker sends and takes it.
#[derive(Deserialize)]
struct Stored {
    #[serde(default, rename = "ServerURL")]
    server_url: String,
    #[serde(default, rename = "Username")]
    username: String,
    #[serde(default, rename = "Secret")]
    secret: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Credential<'a> {
    #[serde(rename = "ServerURL")]
    server_url: &'a str,
    username: &'a str,
    secret: &'a str,
}

impl Protocol for Docker {
    fn name(&self) -> &'static str {
        "docker"
    }

    fn about(&self) -> &'static str {
        "docker, and all that use its credential helpers"
    }

    fn help(&self) -> &'static str {
        "Docker looks for a program `docker-credential-keyfob`: make that a link to keyfob, and name it
in ~/.docker/config.json for each registry:
  {\"credHelpers\": {\"registry.example.com\": \"keyfob\"}}

The registry must be listed:
  keyfob config set work.target.images.docker registry.example.com"
    }

    fn also_called(&self) -> Option<&'static str> {
        Some("docker-credential-keyfob")
    }

    fn appends(&self) -> Appends {
        Appends::Operation(OPERATIONS)
    }

    fn sends(&self, call: &Call<'_>) -> Sends {
        match operation(call) {
            GET | STORE | ERASE => Sends::All,
            _ => Sends::Nothing,
        }
    }

    fn read(&self, call: &Call<'_>) -> Result<Step, Misread> {
        match operation(call) {
            GET => Ok(Step::Serve(asked(GET, server(call)?)?)),
            STORE => store(call),
            ERASE => Ok(Step::Change(asked(ERASE, server(call)?)?, None)),
            // Who lists wants each of them next: the classic builder sends them all to its daemon.
            "list" => Ok(Step::Answer("{}\n".to_owned())),
            "version" => Ok(Step::Answer(format!(
                "docker-credential-keyfob (keyfob) {}\n",
                env!("CARGO_PKG_VERSION")
            ))),
            other => Err(Misread::Own(format!(
                "Unknown credential action `{}`",
                printable_line(other)
            ))),
        }
    }

    fn answer(&self, request: &Request, found: &Found<'_>) -> Secret {
        let secret = found.token.expose();
        let credential = Credential {
            server_url: &request.echo,
            username: found.username.unwrap_or_else(|| username(&request.asked)),
            secret,
        };
        Secret::json(&credential, "\n")
    }

    /// Docker shows what stands on stdout, or nothing at all; stderr it leaves to the terminal.
    fn refuse(&self, request: Option<&Request>, why: &Why<'_>) -> Option<Reply> {
        let form = request.map(|request| request.form);
        let spoken = |text: &str, stderr| {
            Some(Reply {
                stdout: format!("{text}\n"),
                stderr,
                exit: Exit::Fault,
            })
        };
        let told = || match why.hint {
            Some(hint) => format!("keyfob: {}; {hint}", why.message),
            None => format!("keyfob: {}", why.message),
        };
        let silent = Some(String::new());
        match (why.reason, form) {
            (Reason::Unlisted, Some(STORE)) => spoken(KEEPS_NOTHING, silent),
            (Reason::Unlisted, _) => spoken(NOT_FOUND, silent),
            (Reason::Misread, _) => spoken(why.message, silent),
            (Reason::NotChanged, _) => spoken(&told(), silent),
            // `docker pull` goes on without credentials and shows nothing of this: stderr does.
            (Reason::Failed | Reason::SignInNeeded, _) => spoken(&told(), None),
        }
    }
}

const KEEPS_NOTHING: &str = "keyfob keeps no passwords: name it under `credHelpers` for its own \
                             registries alone, and another helper under `credsStore`";

fn operation<'a>(call: &Call<'a>) -> &'a str {
    call.words.first().map_or("", String::as_str)
}

/// Reads the server, which is all that docker sends.
fn server<'a>(call: &Call<'a>) -> Result<&'a str, Misread> {
    Ok(text("the server URL", call.sent)?.trim_matches([' ', '\t', '\r', '\n']))
}

fn store(call: &Call<'_>) -> Result<Step, Misread> {
    let sent = text("the credential", call.sent)?;
    // A list would be read as one without names.
    let is_object = sent.trim_start().starts_with('{');
    let stored: Option<Stored> = serde_json::from_str(sent).ok();
    let stored = stored.filter(|_| is_object).ok_or(Misread::Form {
        what: "the credential",
        wanted: "JSON with ServerURL, Username and Secret",
    })?;
    let secret = Secret::new(stored.secret);
    let request = asked(STORE, &stored.server_url)?;
    if stored.username.is_empty() {
        return Err(Misread::Own(NO_USERNAME.to_owned()));
    }
    Ok(Step::Change(request, Some(secret)))
}

fn asked(form: &'static str, server: &str) -> Result<Request, Misread> {
    if server.is_empty() {
        return Err(Misread::Own(NO_SERVER.to_owned()));
    }
    let asked = match Site::parse_host(server) {
        Ok(site) => Asked::Site(site),
        // Somebody else's registry; nobody can list it here.
        Err(SiteError::NotHttps(_) | SiteError::NotAUrl(_)) => Asked::Named(server.to_owned()),
        Err(error) => return Err(error.into()),
    };
    Ok(Request {
        asked,
        form,
        echo: server.to_owned(),
        ..Request::default()
    })
}

fn username(asked: &Asked) -> &'static str {
    let Asked::Site(site) = asked else {
        return NOBODY;
    };
    let host = site.host_and_port();
    let known = NAMES.iter().find(|(ending, _)| host.ends_with(ending));
    known.map_or(NOBODY, |(_, name)| name)
}

#[cfg(test)]
mod tests;
