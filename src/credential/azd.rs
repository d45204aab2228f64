//! The Azure Developer CLI, `azd`, as Azure's SDKs run it to get a token.
//!
//! keyfob stands in for it on a `PATH` that is given to one program. It answers `auth token`, for
//! listed resources, and nothing else.

use serde::Serialize;

use super::azure::{Arity, Known, Options, resource_of, shown, tenant};
use super::{
    ARM, Appends, Asked, Call, Found, Misread, Person, Protocol, Reason, Reply, Request, Step, Why,
    instant, json_text,
};
use crate::base::Secret;

pub(super) struct Azd;

const OPTIONS: &[Known] = &[
    (&["--output", "-o"], Arity::Once),
    (&["--no-prompt"], Arity::Flag),
    (&["--scope"], Arity::Many),
    (&["--tenant-id"], Arity::Once),
    (&["--claims"], Arity::Once),
];

/// A few headers of an API's response.
const LONGEST_CLAIMS: usize = 64 * 1024;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Token<'a> {
    token: &'a str,
    expires_on: String,
}

/// An error in both forms that there are: before azd 1.23.7 it was in `data.message`, since then it
/// is in `error`.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    error: &'a str,
    message: &'a str,
    suggestion: &'a str,
    data: Data,
}

#[derive(Serialize)]
struct Data {
    message: String,
}

impl Protocol for Azd {
    fn name(&self) -> &'static str {
        "azd"
    }

    fn about(&self) -> &'static str {
        "Azure's SDKs, in place of azd"
    }

    fn help(&self) -> &'static str {
        "A program that would run azd runs keyfob when keyfob is what azd means on its PATH:
  mkdir ~/keyfob-az && ln -s /usr/bin/keyfob ~/keyfob-az/azd
  PATH=~/keyfob-az:$PATH python3 app.py

The resources must be listed, by a short name, a URI or a GUID:
  keyfob config set work.azure 'arm keyvault https://storage.azure.com'

Answered is `auth token`, for a listed resource and the profile's own tenant; with `--claims`, an
API's challenge is met where a refresh can meet it. Everything else is refused, and never reaches
the real azd."
    }

    fn listed_under(&self) -> &'static str {
        "azure"
    }

    fn also_called(&self) -> Option<&'static str> {
        Some("azd")
    }

    fn appends(&self) -> Appends {
        Appends::CommandLine
    }

    fn read(&self, call: &Call<'_>) -> Result<Step, Misread> {
        let words: Vec<&str> = call.words.iter().map(String::as_str).collect();
        let ["auth", "token", ..] = words.as_slice() else {
            return Err(not_here(call));
        };
        let options = Options::read(&call.words[2..], OPTIONS).ok_or_else(|| not_here(call))?;
        if options.get("--output") != Some("json") {
            return Err(not_here(call));
        }
        let (of, scopes) = scopes(&options)?;
        Ok(Step::Serve(Request {
            asked: Asked::Named(of),
            scopes: Some(scopes),
            tenant: options.get("--tenant-id").map(tenant).transpose()?,
            claims: options.get("--claims").map(claims).transpose()?,
            person: match options.get("--no-prompt") {
                Some(_) => Person::Never,
                None => Person::AsAgreed,
            },
            ..Request::default()
        }))
    }

    fn answer(&self, _request: &Request, found: &Found<'_>) -> Secret {
        let token = found.token.expose();
        let answer = Token {
            token,
            expires_on: instant(found.expires),
        };
        Secret::json(&answer, "\n")
    }

    /// Whoever reads that azd is not logged in asks its next source of tokens; without that, the
    /// message is shown as it is.
    fn refuse(&self, _request: Option<&Request>, why: &Why<'_>) -> Option<Reply> {
        let hint = why.hint.unwrap_or("see keyfob credential azd --help");
        let message = match why.reason {
            Reason::Failed | Reason::NotChanged => format!("\nERROR: {}; {hint}\n", why.message),
            Reason::Misread | Reason::SignInNeeded | Reason::Unlisted => format!(
                "\nERROR: {}: not logged in, run `azd auth login` to login, or, as keyfob answers \
                 here in place of azd: {hint}\n",
                why.message
            ),
        };
        let line = Line {
            kind: "consoleMessage",
            error: why.message,
            message: why.message,
            suggestion: hint,
            data: Data { message },
        };
        Some(Reply {
            stdout: String::new(),
            stderr: Some(json_text(&line)),
            exit: why.exit,
        })
    }
}

fn not_here(call: &Call<'_>) -> Misread {
    let words: Vec<&str> = call.words.iter().map(String::as_str).collect();
    Misread::NotHere {
        program: "azd",
        asked: shown(call.words),
        hint: match words.as_slice() {
            ["auth", "login", ..] => "run `keyfob login`",
            ["auth", "logout", ..] => "run `keyfob logout`",
            ["auth", "token", ..] => "people get a token by `keyfob token`",
            _ => "run the real azd by its whole path",
        },
    }
}

/// Reads the scopes, which are all of one resource; without one, azd takes the Resource Manager's.
fn scopes(options: &Options<'_>) -> Result<(String, String), Misread> {
    let mut all: Vec<&str> = Vec::new();
    let mut resource: Option<String> = None;
    for scope in options.all("--scope") {
        let of = resource_of(scope)?;
        if resource.as_ref().is_some_and(|first| *first != of) {
            return Err(Misread::Form {
                what: "the list of scopes",
                wanted: "of one resource, as a token is",
            });
        }
        resource = Some(of);
        all.push(scope);
    }
    Ok(match resource {
        Some(of) => (of, all.join(" ")),
        None => (ARM.to_owned(), ARM.to_owned()),
    })
}

/// Takes an API's demand in base64, standard or for URLs; what it says is read where it is met.
fn claims(text: &str) -> Result<String, Misread> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte);
    if text.len() > LONGEST_CLAIMS {
        return Err(Misread::TooLong {
            what: "the claims challenge",
            most: LONGEST_CLAIMS,
        });
    }
    if text.is_empty() || !text.bytes().all(allowed) {
        return Err(Misread::Form {
            what: "the claims challenge",
            wanted: "base64",
        });
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, found, line, misread, refused, serve};
    use super::*;
    use crate::base::Exit;

    const SCOPE: &str = "https://management.azure.com/.default";

    #[test]
    fn every_command_line_of_an_sdk_is_understood() {
        let arm = "https://management.azure.com";
        for (words, person) in [
            // Python.
            (
                format!("--output json --no-prompt --scope {SCOPE}"),
                Person::Never,
            ),
            // Go and Rust; older ones do not say that nobody is there.
            (
                format!("-o json --no-prompt --scope {SCOPE}"),
                Person::Never,
            ),
            (format!("-o json --scope {SCOPE}"), Person::AsAgreed),
        ] {
            let request = serve(&Azd, &line(&format!("auth token {words}")));

            assert_eq!(request.asked, Asked::Named(arm.to_owned()));
            assert_eq!(request.scopes.as_deref(), Some(SCOPE));
            assert_eq!(request.person, person);
            assert_eq!(request.tenant, None);
            assert_eq!(
                answer(&Azd, &request, &found()),
                "{\"token\":\"t0ken\",\"expiresOn\":\"2001-09-09T02:46:40Z\"}\n"
            );
        }
        let all = "auth token -o json --tenant-id contoso.com --scope api://o/a --scope api://o/b \
                   --claims eyJhIjoxfQ==";
        let request = serve(&Azd, &line(all));
        assert_eq!(request.asked, Asked::Named("api://o".to_owned()));
        assert_eq!(request.scopes.as_deref(), Some("api://o/a api://o/b"));
        assert_eq!(request.tenant.as_deref(), Some("contoso.com"));
        assert_eq!(request.claims.as_deref(), Some("eyJhIjoxfQ=="));
    }

    #[test]
    fn what_no_sdk_would_run_is_refused() {
        let token = |words: &str| format!("auth token -o json {words}");
        let long = token(&format!("--claims {}", "a".repeat(70_000)));
        for (words, said) in [
            ("", "`` is none of what it answers"),
            ("up", "`up` is none"),
            ("auth", "`auth` is none"),
            ("auth login --check-status", "is none"),
            ("auth token", "is none"),
            ("auth token -o none", "is none"),
            ("auth\u{1b}[2J", "`auth\\u{1b}[2J`"),
            ("--cwd / auth token -o json", "is none"),
            (&token("--debug"), "is none"),
            (&token("--scope"), "is none"),
            (&token("--scope --no-prompt"), "is none"),
            (&token("--claims a --claims b"), "is none"),
            (&token("--scope User.Read"), "the scope is not a resource"),
            (
                &token("--scope https://a.b/.default;id"),
                "the scope is not",
            ),
            (
                &token("--scope https://a.b/\n/.default"),
                "the scope is not",
            ),
            (
                &token("--scope api://a/x --scope api://b/x"),
                "of one resource",
            ),
            (&token("--tenant-id a\0b"), "the tenant is not"),
            (&token("--claims {\"a\":1}"), "challenge is not base64"),
            (&token("--claims a\r"), "challenge is not base64"),
            (&token("--claims="), "challenge is not base64"),
            (&long, "the claims challenge is longer than 65536 bytes"),
        ] {
            let message = misread(&Azd, &line(words));

            assert!(message.contains(said), "{message}: {said}");
            assert!(!message.contains('\u{1b}'), "{message}");
        }
    }

    #[test]
    fn a_refusal_is_a_line_of_json_that_sends_programs_to_their_next_source() {
        for reason in [Reason::Misread, Reason::SignInNeeded, Reason::Unlisted] {
            let reply = refused(&Azd, reason, Exit::SignInNeeded);

            assert_eq!(reply.stdout, "");
            assert_eq!(
                reply.stderr.as_deref(),
                Some(
                    "{\"type\":\"consoleMessage\",\"error\":\"no \\\"more\\\" of this\",\
                     \"message\":\"no \\\"more\\\" of this\",\
                     \"suggestion\":\"run `keyfob login work`\",\"data\":{\"message\":\"\\nERROR: \
                     no \\\"more\\\" of this: not logged in, run `azd auth login` to login, or, as \
                     keyfob answers here in place of azd: run `keyfob login work`\\n\"}}\n"
                )
            );
            assert_eq!(reply.exit, Exit::SignInNeeded);
        }
    }

    #[test]
    fn a_fault_is_not_taken_for_a_missing_sign_in() {
        let reply = refused(&Azd, Reason::Failed, Exit::Unreachable);

        let said = reply.stderr.unwrap();
        assert!(!said.contains("azd auth login"), "{said}");
        assert!(said.contains("\\nERROR: no \\\"more\\\" of this; run `keyfob login work`\\n"));
    }
}
