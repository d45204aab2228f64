//! Cargo's credential providers: the JSON protocol, version 1 (`--cargo-plugin`), and without that
//! flag the simple form, `cargo:token-from-stdout`.
//!
//! Cargo puts the token into `Authorization` as it is. What keyfob holds is an OAuth token, and RFC
//! 6750 §2.1 has it there behind `Bearer `; registries that take such tokens want it so (Azure
//! Artifacts, Artifactory, Forgejo), and those that want a token bare take only tokens
//! that they made themselves. So it is always written that way, and there is no setting.
//!
//! An index that is not listed is `url-not-supported`, so that cargo asks its next provider, also for
//! what this one does not do: `cargo login` for another registry must not end here. For what is
//! listed, `login` and `logout` are `operation-not-supported`, and a failure is `other`, with the
//! reason: `not-found` would have cargo say that no token is there and that `cargo login` helps.

use serde::{Deserialize, Serialize};

use super::{
    Appends, Asked, Bearer, Call, Found, Misread, Protocol, Reason, Reply, Request, Sends, Step,
    Why, early, text,
};
use crate::base::{Exit, Secret, Site};

pub(super) struct Cargo;

const FLAG: &str = "cargo-plugin";

/// What cargo sets for a program that prints a token.
const VARIABLE: &str = "CARGO_REGISTRY_INDEX_URL";

/// The forms of an answer: a line of JSON, or a line with the token.
const JSON: &str = "json";
const LINE: &str = "line";

#[derive(Deserialize)]
struct Sent {
    v: u64,
    kind: String,
    operation: Option<String>,
    registry: Registry,
    #[serde(default)]
    args: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Registry {
    index_url: String,
}

#[derive(Serialize)]
enum Said<'a> {
    Ok(Credential<'a>),
    Err(Fault<'a>),
}

#[derive(Serialize)]
struct Credential<'a> {
    kind: &'static str,
    token: Bearer<'a>,
    cache: &'static str,
    expiration: i64,
    operation_independent: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
enum Fault<'a> {
    OperationNotSupported,
    Other { message: &'a str },
    UrlNotSupported,
}

impl Protocol for Cargo {
    fn name(&self) -> &'static str {
        "cargo"
    }

    fn about(&self) -> &'static str {
        "cargo, for private registries"
    }

    fn help(&self) -> &'static str {
        "Cargo runs a program without arguments of its own: make `cargo-credential-keyfob` a link to
keyfob, and name it in ~/.cargo/config.toml; a profile or target behind it narrows who answers:
  [registries.team]
  index = \"sparse+https://crates.example.com/index/\"
  credential-provider = [\"cargo-credential-keyfob\", \"work/crates\"]

Without a link, keyfob prints a token in the simpler way:
  credential-provider = [\"cargo:token-from-stdout\", \"keyfob\", \"credential\", \"cargo\"]

The index must be listed:
  keyfob config set work.target.crates.cargo sparse+https://crates.example.com/index/"
    }

    fn also_called(&self) -> Option<&'static str> {
        Some("cargo-credential-keyfob")
    }

    fn appends(&self) -> Appends {
        Appends::Flag(FLAG)
    }

    fn sends(&self, call: &Call<'_>) -> Sends {
        if is_plugin(call) {
            Sends::Lines
        } else {
            Sends::Nothing
        }
    }

    fn greeting(&self, call: &Call<'_>) -> Option<String> {
        is_plugin(call).then(|| "{\"v\":[1]}\n".to_owned())
    }

    fn read(&self, call: &Call<'_>) -> Result<Step, Misread> {
        if is_plugin(call) {
            // A request that makes no sense is answered like any other: cargo waits for a line.
            return Ok(requested(call).unwrap_or_else(|misread| {
                let message = &misread.to_string();
                Step::Answer(said(Fault::Other { message }))
            }));
        }
        let index = call.vars.get(VARIABLE).ok_or(Misread::Missing {
            what: "the variable CARGO_REGISTRY_INDEX_URL",
            hint: "keyfob is called by cargo, see `keyfob credential cargo --help`",
        })?;
        Ok(Step::Serve(Request {
            asked: Asked::Site(Site::parse(address(index))?),
            form: LINE,
            ..Request::default()
        }))
    }

    fn answer(&self, request: &Request, found: &Found<'_>) -> Secret {
        let token = found.token.expose();
        if request.form == LINE {
            return Secret::joined(&["Bearer ", token, "\n"]);
        }
        let credential = Credential {
            kind: "get",
            token: Bearer(token),
            cache: "expires",
            expiration: early(found.expires, found.now).0,
            operation_independent: true,
        };
        Secret::json(&Said::Ok(credential), "\n")
    }

    fn refuse(&self, request: Option<&Request>, why: &Why<'_>) -> Option<Reply> {
        request.filter(|request| request.form == JSON)?;
        let message = match why.hint {
            Some(hint) => format!("{}; {hint}", why.message),
            None => why.message.to_owned(),
        };
        let fault = match why.reason {
            Reason::Unlisted => Fault::UrlNotSupported,
            Reason::NotChanged => Fault::OperationNotSupported,
            Reason::Failed | Reason::Misread | Reason::SignInNeeded => {
                Fault::Other { message: &message }
            }
        };
        // Cargo shows the message, and takes any other status for a broken provider.
        Some(Reply {
            stdout: said(fault),
            stderr: Some(String::new()),
            exit: Exit::Done,
        })
    }
}

fn is_plugin(call: &Call<'_>) -> bool {
    !call.words.is_empty()
}

fn requested(call: &Call<'_>) -> Result<Step, Misread> {
    let what = "the request";
    let sent = text(what, call.sent)?;
    let sent: Sent = serde_json::from_str(sent).map_err(|_| Misread::Form {
        what,
        wanted: "a credential request in JSON",
    })?;
    if sent.v != 1 {
        return Err(Misread::Version {
            what: "cargo's credential protocol",
            found: sent.v.to_string(),
            spoken: "1",
        });
    }
    let within = match <[String; 1]>::try_from(sent.args) {
        Ok([name]) => Some(name),
        Err(none) if none.is_empty() => None,
        Err(_) => {
            return Err(Misread::Form {
                what: "what stands behind the provider's name",
                wanted: "PROFILE or PROFILE/TARGET",
            });
        }
    };
    let Ok(site) = Site::parse(address(&sent.registry.index_url)) else {
        // Nobody can list it, and another provider may know it: by SSH, from a file.
        return Ok(Step::Answer(said(Fault::UrlNotSupported)));
    };
    let request = Request {
        asked: Asked::Site(site),
        form: JSON,
        within,
        ..Request::default()
    };
    match (sent.kind.as_str(), sent.operation) {
        // Which operation it is makes no difference to the token.
        ("get", Some(_)) => Ok(Step::Serve(request)),
        ("get", None) => Err(Misread::Form {
            what,
            wanted: "one that says what for",
        }),
        // `login`, `logout`, and kinds of a newer cargo.
        (_, _) => Ok(Step::Change(request, None)),
    }
}

/// An index's address, which has the kind of index before it.
fn address(index: &str) -> &str {
    index.strip_prefix("sparse+").unwrap_or(index)
}

fn said(fault: Fault<'_>) -> String {
    let line = serde_json::to_string(&Said::Err(fault));
    line.expect("texts are written to memory") + "\n"
}

#[cfg(test)]
mod tests;
