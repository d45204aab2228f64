//! Google Cloud's executable-sourced external account (workload and workforce identity federation).
//!
//! Google's libraries say by variables which pool's provider the token is for, read one line of JSON
//! from stdout, and trade the token at the address of their own configuration file, which keyfob does
//! not see: a token that only the pool takes is the safe one. Never writes the library's
//! `output_file`, so that no token rests on the disk in the clear.

use serde::Serialize;

use super::{
    Asked, Call, Found, Misread, Person, Protocol, Reason, Reply, Request, Step, TokenKind, Why,
};
use crate::base::{Exit, Secret};

pub(super) struct Gcp;

const AUDIENCE: &str = "GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE";
const TOKEN_TYPE: &str = "GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE";
const INTERACTIVE: &str = "GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE";
const REVOKE: &str = "GOOGLE_EXTERNAL_ACCOUNT_REVOKE";

const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// A provider's whole name is far shorter.
const LONGEST_AUDIENCE: usize = 1024;

#[derive(Serialize)]
struct Answer<'a> {
    version: u8,
    success: bool,
    token_type: &'a str,
    id_token: &'a str,
    expiration_time: i64,
}

#[derive(Serialize)]
struct Refusal<'a> {
    version: u8,
    success: bool,
    code: &'a str,
    message: &'a str,
}

impl Protocol for Gcp {
    fn name(&self) -> &'static str {
        "gcp"
    }

    fn about(&self) -> &'static str {
        "Google Cloud's libraries and gcloud"
    }

    fn help(&self) -> &'static str {
        "A credential configuration of the type external_account names keyfob as its executable:
  \"credential_source\": {\"executable\": {
    \"command\": \"/usr/bin/keyfob credential gcp work\", \"timeout_millis\": 30000}}
and GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1 lets the libraries run it. An output_file is not
written: keyfob keeps its tokens sealed.

The pool's provider must be listed, as the configuration's audience has it:
  keyfob config set work.gcp //iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x"
    }

    /// Some of the libraries read stdout and stderr as one text.
    fn merges_stderr(&self) -> bool {
        true
    }

    fn read(&self, call: &Call<'_>) -> Result<Step, Misread> {
        let audience = variable(
            call,
            AUDIENCE,
            "the variable GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE",
        )?;
        let is_name = audience.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_name || audience.len() > LONGEST_AUDIENCE {
            return Err(Misread::Form {
                what: "the variable GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE",
                wanted: "the name of a pool's provider",
            });
        }
        let what = "the variable GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE";
        if ![ID_TOKEN, JWT].contains(&variable(call, TOKEN_TYPE, what)?) {
            return Err(Misread::Form {
                what,
                wanted: "urn:ietf:params:oauth:token-type:id_token or :jwt",
            });
        }
        if call.vars.get(REVOKE).is_some_and(|value| value != "0") {
            return Err(Misread::Form {
                what: "the variable GOOGLE_EXTERNAL_ACCOUNT_REVOKE",
                wanted: "0: a session is ended by `keyfob logout`",
            });
        }
        Ok(Step::Serve(Request {
            asked: Asked::Named(audience.to_owned()),
            person: person(call)?,
            ..Request::default()
        }))
    }

    fn answer(&self, _request: &Request, found: &Found<'_>) -> Secret {
        let token = found.token.expose();
        let answer = Answer {
            version: 1,
            success: true,
            token_type: match found.kind {
                TokenKind::Access => JWT,
                TokenKind::Id => ID_TOKEN,
            },
            id_token: token,
            expiration_time: found.expires.0,
        };
        Secret::json(&answer, "\n")
    }

    /// The libraries show what is on stdout; stderr they show, drop or read as a part of it.
    fn refuse(&self, _request: Option<&Request>, why: &Why<'_>) -> Option<Reply> {
        let message = match why.hint {
            Some(hint) => format!("{}; {hint}", why.message),
            None => why.message.to_owned(),
        };
        let refusal = Refusal {
            version: 1,
            success: false,
            code: code(why),
            message: &message,
        };
        Some(Reply {
            stdout: super::json_text(&refusal),
            stderr: Some(String::new()),
            exit: why.exit,
        })
    }
}

fn variable<'a>(call: &Call<'a>, name: &str, what: &'static str) -> Result<&'a str, Misread> {
    call.vars.get(name).ok_or(Misread::Missing {
        what,
        hint: "Google's libraries set it, see keyfob credential gcp --help",
    })
}

/// In an interactive run stdout is the person's terminal, and the answer would have to be a file.
fn person(call: &Call<'_>) -> Result<Person, Misread> {
    match call.vars.get(INTERACTIVE) {
        Some("0") => Ok(Person::Never),
        None => Ok(Person::AsAgreed),
        Some(_) => Err(Misread::Form {
            what: "the variable GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE",
            wanted: "0: an interactive run is answered through a file, which keyfob does not \
                     write; sign in by `keyfob login` first",
        }),
    }
}

/// The libraries want a code, and show it; these are what HTTP would call it.
fn code(why: &Why<'_>) -> &'static str {
    match why.reason {
        Reason::Misread => "400",
        Reason::SignInNeeded => "401",
        Reason::Unlisted => "403",
        Reason::Failed if why.exit == Exit::Unreachable => "503",
        Reason::Failed | Reason::NotChanged => "500",
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, found, misread, refused, serve, vars};
    use super::*;

    const POOL: &str =
        "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x";

    #[test]
    fn the_answer_says_which_token_it_is_and_when_it_ends() {
        for (kind, said) in [(TokenKind::Id, ID_TOKEN), (TokenKind::Access, JWT)] {
            let call = vars(&[
                (AUDIENCE, POOL),
                (TOKEN_TYPE, ID_TOKEN),
                (INTERACTIVE, "0"),
                ("GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE", "/tmp/token.json"),
                ("GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL", "a@b.example"),
                (REVOKE, "0"),
            ]);

            let request = serve(&Gcp, &call);

            assert_eq!(request.person, Person::Never);
            assert_eq!(request.asked, Asked::Named(POOL.to_owned()));
            let mut found = found();
            found.kind = kind;
            assert_eq!(
                answer(&Gcp, &request, &found),
                format!(
                    "{{\"version\":1,\"success\":true,\"token_type\":\"{said}\",\
                     \"id_token\":\"t0ken\",\"expiration_time\":1000003600}}\n"
                )
            );
        }
    }

    #[test]
    fn what_the_libraries_would_not_set_is_refused() {
        let long = format!("//iam.googleapis.com/{}", "x".repeat(70_000));
        let saml = "urn:ietf:params:oauth:token-type:saml2";
        for (set, said) in [
            (&[][..], "GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE is missing"),
            (&[(AUDIENCE, "")], "AUDIENCE is missing"),
            (&[(AUDIENCE, " ")], "is not the name of a pool's provider"),
            (&[(AUDIENCE, &long)], "is not the name of a pool's provider"),
            (&[(AUDIENCE, "//iam\n//iam")], "is not the name"),
            (&[(AUDIENCE, "//iam\r")], "is not the name"),
            (&[(AUDIENCE, "\u{1b}[2J")], "is not the name"),
            (
                &[(AUDIENCE, "//iam.googl\u{435}apis.com/")],
                "is not the name",
            ),
            (&[(AUDIENCE, POOL)], "TOKEN_TYPE is missing"),
            (&[(AUDIENCE, POOL), (TOKEN_TYPE, saml)], "TOKEN_TYPE is not"),
            (
                &[(AUDIENCE, POOL), (TOKEN_TYPE, "jwt")],
                "TOKEN_TYPE is not",
            ),
            (
                &[(AUDIENCE, POOL), (TOKEN_TYPE, JWT), (INTERACTIVE, "1")],
                "answered through a file",
            ),
            (
                &[(AUDIENCE, POOL), (TOKEN_TYPE, JWT), (INTERACTIVE, "yes")],
                "answered through a file",
            ),
            (
                &[(AUDIENCE, POOL), (TOKEN_TYPE, JWT), (REVOKE, "1")],
                "`keyfob logout`",
            ),
        ] {
            let message = misread(&Gcp, &vars(set));

            assert!(message.contains(said), "{message}: {said}");
            assert!(!message.contains('\u{1b}'), "{message}");
        }
    }

    #[test]
    fn a_refusal_is_one_line_of_json_with_all_four_fields_and_a_failing_status() {
        for (reason, exit, code) in [
            (Reason::Misread, Exit::Usage, "400"),
            (Reason::SignInNeeded, Exit::SignInNeeded, "401"),
            (Reason::Unlisted, Exit::Config, "403"),
            (Reason::Failed, Exit::Unreachable, "503"),
            (Reason::Failed, Exit::Refused, "500"),
        ] {
            let reply = refused(&Gcp, reason, exit);

            assert_eq!(
                reply.stdout,
                format!(
                    "{{\"version\":1,\"success\":false,\"code\":\"{code}\",\
                     \"message\":\"no \\\"more\\\" of this; run `keyfob login work`\"}}\n"
                )
            );
            assert_eq!(reply.stderr.as_deref(), Some(""));
            assert_eq!(reply.exit, exit);
        }
    }
}
