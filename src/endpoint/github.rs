//! PURE: an assertion as a GitHub Actions runner gives it: `ARM_OIDC_REQUEST_URL` and
//! `ARM_OIDC_REQUEST_TOKEN`, which Terraform's Azure providers ask again during a long apply.
//!
//! Only for audiences that the user lists. The token is the profile's own; nothing is signed here.

use serde::Serialize;
use serde_json::json;

use super::{Answer, Pass, Reason, Refusal, Request, Shape, Source};

/// Where the assertions are.
const PATH: &str = "/token";

/// What the providers mean when they say nothing.
const AUDIENCE: &str = "api://AzureADTokenExchange";

/// The longest audience that is looked at.
const LONGEST: usize = 512;

/// The assertion as it is sent; borrows it.
#[derive(Serialize)]
struct Body<'a> {
    count: usize,
    value: &'a str,
}

/// The endpoint.
pub struct GitHub<'a> {
    /// What shows that the command asks.
    pub pass: Pass,
    /// Where the assertion for an audience comes from.
    pub source: Source<'a>,
}

impl GitHub<'_> {
    /// Returns the address that the command is told.
    pub fn url(authority: &str) -> String {
        format!("http://{authority}{PATH}")
    }
}

impl Shape for GitHub<'_> {
    fn answer(&self, request: &Request) -> Answer {
        if request.path != PATH {
            return refused(404, "there is nothing here");
        }
        let bearer = request.field("authorization").and_then(bearer);
        if !self.pass.is_shown(bearer) {
            return refused(401, "the bearer token is wrong or missing");
        }
        let audience = match request.parameter("audience") {
            Some(audience) => audience,
            None if request.has_parameter("audience") => {
                return refused(400, "there must be one audience");
            }
            None => AUDIENCE,
        };
        let plain = audience.bytes().all(|byte| byte.is_ascii_graphic());
        if audience.is_empty() || !plain || audience.len() > LONGEST {
            return refused(400, "this is no audience");
        }
        match (self.source)(audience) {
            Ok(assertion) => {
                let value = assertion.token.expose();
                let count = value.len();
                Answer::json(200, &Body { count, value })
            }
            Err(denied) => {
                let status = match denied.reason {
                    Reason::Unreachable => 503,
                    Reason::Unlisted | Reason::Failed => 400,
                };
                refused(status, &denied.message)
            }
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        refused(refusal.status(), refusal.message())
    }
}

/// Returns what follows the scheme, which is written in any case (RFC 9110 §11.1).
fn bearer(field: &str) -> Option<&str> {
    let (scheme, token) = field.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn refused(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({ "message": message }))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{body, denied, pass, request};
    use super::*;
    use crate::base::{Secret, Timestamp};
    use crate::endpoint::{Bearer, Denied};

    const RIGHT: [(&str, &str); 1] = [("authorization", "Bearer right")];

    fn source(audience: &str) -> Result<Bearer, Denied> {
        match audience {
            AUDIENCE | "https://listed.example" => Ok(Bearer {
                token: Secret::new(format!("eyJ.{audience}")),
                expires: Timestamp(1_790_000_000),
            }),
            "https://slow.example" => Err(denied(Reason::Unreachable)),
            _ => Err(denied(Reason::Unlisted)),
        }
    }

    fn ask(path: &str, fields: &[(&str, &str)]) -> (u16, serde_json::Value) {
        let github = GitHub {
            pass: pass("right"),
            source: Box::new(source),
        };
        body(&github.answer(&request(path, fields)))
    }

    #[test]
    fn an_assertion_is_as_terraform_reads_it() {
        for (path, value) in [
            ("/token", "eyJ.api://AzureADTokenExchange"),
            ("/token?api-version=2.0", "eyJ.api://AzureADTokenExchange"),
            (
                "/token?audience=api%3A%2F%2FAzureADTokenExchange",
                "eyJ.api://AzureADTokenExchange",
            ),
            (
                "/token?audience=https://listed.example",
                "eyJ.https://listed.example",
            ),
        ] {
            let expected = json!({ "count": value.len(), "value": value });
            assert_eq!(ask(path, &RIGHT), (200, expected), "{path}");
        }
        assert_eq!(ask("/token", &[("authorization", "bearer right")]).0, 200);
    }

    #[test]
    fn nobody_else_and_nothing_else_is_answered() {
        for (path, fields, status) in [
            ("/", RIGHT.to_vec(), 404),
            ("/token/", RIGHT.to_vec(), 404),
            ("/token", vec![], 401),
            ("/token", vec![("authorization", "right")], 401),
            ("/token", vec![("authorization", "Basic right")], 401),
            ("/token", vec![("authorization", "Bearer wrong")], 401),
            ("/token", vec![("authorization", "Bearer  right")], 401),
            ("/token", vec![("authorization", "Bearer")], 401),
            ("/token", vec![("authorization", "Bearer right"); 2], 401),
            ("/token?access_token=right", vec![], 401),
            ("/token?audience=", RIGHT.to_vec(), 400),
            ("/token?audience=a%0ab", RIGHT.to_vec(), 400),
            (
                "/token?audience=https://listed.example/",
                RIGHT.to_vec(),
                400,
            ),
            (
                "/token?audience=HTTPS://LISTED.EXAMPLE",
                RIGHT.to_vec(),
                400,
            ),
            (
                "/token?audience=https://listed.example&audience=https://other.example",
                RIGHT.to_vec(),
                400,
            ),
            ("/token?audience=sts.amazonaws.com", RIGHT.to_vec(), 400),
            ("/token?audience=https://slow.example", RIGHT.to_vec(), 503),
        ] {
            let (found, body) = ask(path, &fields);
            assert_eq!(found, status, "{path} {fields:?}");
            assert!(
                body["message"].is_string() && body.get("value").is_none(),
                "{body}"
            );
        }
    }
}
