//! Header helpers of tools and coding agents: a command whose stdout is a JSON object of HTTP headers
//! for a remote server, most often one that speaks the Model Context Protocol.
//!
//! The header goes to the server that the tool has in mind. It says which in a variable where it has
//! one; an address on the command line is only what the settings say, and those may be a
//! repository's, so that the variable counts and the two must not differ. Without either there is no
//! answer.

use serde::Serialize;

use super::{Appends, Asked, Bearer, Call, Found, Misread, Protocol, Request, Step};
use crate::base::{Secret, Site};

pub(super) struct Mcp;

/// What a tool with a setting `headersHelper` sets to the server's address.
const VARIABLE: &str = "CLAUDE_CODE_MCP_SERVER_URL";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Headers<'a> {
    authorization: Bearer<'a>,
}

impl Protocol for Mcp {
    fn name(&self) -> &'static str {
        "mcp"
    }

    fn about(&self) -> &'static str {
        "tools and coding agents that run a header helper"
    }

    fn help(&self) -> &'static str {
        "A tool's settings for a server name keyfob as the helper for its headers:
  \"headersHelper\": \"keyfob credential mcp work/tools\"

A tool that does not say by itself which server it asks for needs the server's address there:
  keyfob credential mcp work/tools https://mcp.example.com/mcp

The server must be listed:
  keyfob config set work.target.tools.mcp https://mcp.example.com"
    }

    fn appends(&self) -> Appends {
        Appends::Server
    }

    fn read(&self, call: &Call<'_>) -> Result<Step, Misread> {
        let typed = match call.words {
            [] => None,
            [url] => Some(Site::parse(url)?),
            [_, ..] => {
                return Err(Misread::Form {
                    what: "the command line",
                    wanted: "one server",
                });
            }
        };
        let meant = call.vars.get(VARIABLE).map(Site::parse).transpose()?;
        let site = match (typed, meant) {
            (Some(typed), Some(meant)) if typed.covers(&meant) => meant,
            (Some(_), Some(_)) => {
                return Err(Misread::Form {
                    what: "the server on the command line",
                    wanted: "the one that the tool is about to ask",
                });
            }
            (Some(site), None) | (None, Some(site)) => site,
            (None, None) => {
                return Err(Misread::Missing {
                    what: "the server",
                    hint: "put its address at the end of the command",
                });
            }
        };
        Ok(Step::Serve(Request {
            asked: Asked::Site(site),
            ..Request::default()
        }))
    }

    fn answer(&self, _request: &Request, found: &Found<'_>) -> Secret {
        let token = found.token.expose();
        let headers = Headers {
            authorization: Bearer(token),
        };
        Secret::json(&headers, "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Sample, answer, found, misread, sent, serve, var};
    use super::*;
    use crate::base::Vars;

    const SERVER: &str = "https://mcp.example.com/mcp";

    fn site(url: &str) -> Asked {
        Asked::Site(Site::parse(url).unwrap())
    }

    /// What comes of a server on the command line and one in the variable.
    fn both(typed: &str, meant: &str) -> Result<Step, Misread> {
        let words = [typed.to_owned()];
        let vars = Vars::new([(VARIABLE.to_owned(), meant.to_owned())]);
        Mcp.read(&Call {
            words: &words,
            sent: &[],
            vars: &vars,
        })
    }

    #[test]
    fn the_answer_is_one_header() {
        let by_word: Sample = sent(&[SERVER], b"");
        for call in [by_word, var(VARIABLE, SERVER)] {
            let request = serve(&Mcp, &call);

            assert_eq!(request.asked, site(SERVER));
            assert_eq!(
                answer(&Mcp, &request, &found()),
                "{\"Authorization\":\"Bearer t0ken\"}\n"
            );
        }
    }

    #[test]
    fn the_tool_counts_above_its_settings_and_they_must_not_differ() {
        let Ok(Step::Serve(request)) = both("https://mcp.example.com", SERVER) else {
            panic!("refused");
        };
        assert_eq!(request.asked, site(SERVER));
        for (typed, meant) in [
            (SERVER, "https://evil.example/mcp"),
            (SERVER, "https://mcp.example.com"),
            (SERVER, "https://mcp.example.com.evil.example/mcp"),
            (SERVER, "https://mcp.example.com:8443/mcp"),
        ] {
            let message = both(typed, meant).unwrap_err().to_string();
            assert!(message.contains("is not the one"), "{message}");
        }
    }

    #[test]
    fn what_is_no_server_gets_no_header() {
        let long = format!("https://a.example/{}", "x".repeat(70_000));
        for (url, said) in [
            ("mcp.example.com", "is not the address of a server"),
            ("http://mcp.example.com", "must start with `https://`"),
            (
                "https://me:pass@mcp.example.com",
                "must not carry a user name",
            ),
            (
                "https://mcp.example.com@evil.example",
                "must not carry a user name",
            ),
            ("https://mcp.example.com/a/../b", "`..`"),
            ("https://mcp.example.com/%2e%2e/b", "`..`"),
            ("https://mcp.example.com\\evil", "white space"),
            ("https://mcp.example.com\n", "white space"),
            ("https://mcp.example.com/\u{1b}[2J", "white space"),
            ("https://mcp.example.com/?x=y", "a query or a fragment"),
            ("file:///etc/passwd", "is not the address of a server"),
            (&long, "an address has at most"),
        ] {
            for call in [sent(&[url], b""), var(VARIABLE, url)] {
                let message = misread(&Mcp, &call);

                assert!(message.contains(said), "{url:?}: {message}");
                assert!(!message.contains('\u{1b}') && !message.contains("pass@"));
            }
        }
        for (words, said) in [
            (&[][..], "the server is missing"),
            (&[SERVER, SERVER], "is not one server"),
        ] {
            let message = misread(&Mcp, &sent(words, b""));
            assert!(message.contains(said), "{message}");
        }
    }
}
