//! PURE: a token as an App Service's managed identity gives it: `IDENTITY_ENDPOINT` and
//! `IDENTITY_HEADER`, API version 2019-08-01, which the Azure SDKs ask again before it ends.
//!
//! Only for resources that the user lists, and only as the profile's own client: whoever asks for
//! another identity by name is refused, never given this one.

use serde::Serialize;
use serde_json::json;

use super::{Answer, Pass, Reason, Refusal, Request, Shape, Source};

/// Where the tokens are.
const PATH: &str = "/msi/token";

/// The only version that is spoken; every SDK of today speaks it.
const VERSION: &str = "2019-08-01";

/// What selects an identity by another name than its client id.
const OTHER_NAMES: [&str; 4] = ["mi_res_id", "msi_res_id", "object_id", "principal_id"];

/// The longest resource that is looked at.
const LONGEST: usize = 512;

/// The token as it is sent; borrows it.
#[derive(Serialize)]
struct Body<'a> {
    access_token: &'a str,
    expires_on: String,
    resource: &'a str,
    token_type: &'a str,
    client_id: &'a str,
}

/// The endpoint.
pub struct Azure<'a> {
    /// What shows that the command asks.
    pub pass: Pass,
    /// The client that the tokens are for.
    pub client_id: String,
    /// Where the token for a resource comes from.
    pub source: Source<'a>,
}

impl Azure<'_> {
    /// Returns the address that the command is told.
    pub fn url(authority: &str) -> String {
        format!("http://{authority}{PATH}")
    }
}

impl Shape for Azure<'_> {
    fn answer(&self, request: &Request) -> Answer {
        if request.path != PATH {
            return refused(404, "not_found", "there is nothing here");
        }
        if !self.pass.is_shown(request.field("x-identity-header")) {
            let why = "the X-IDENTITY-HEADER is wrong or missing";
            return refused(401, "unauthorized_client", why);
        }
        match self.wanted(request) {
            Ok(resource) => self.hand_out(resource),
            Err(why) => refused(400, "invalid_request", why),
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        refused(refusal.status(), "invalid_request", refusal.message())
    }
}

impl Azure<'_> {
    /// Reads the resource; an error says what is wrong.
    fn wanted<'r>(&self, request: &'r Request) -> Result<&'r str, &'static str> {
        if request.parameter("api-version") != Some(VERSION) {
            return Err("api-version must be 2019-08-01, once");
        }
        if OTHER_NAMES.iter().any(|name| request.has_parameter(name)) {
            return Err("there is only the identity that keyfob is signed in with");
        }
        let is_ours = |id: &str| id.eq_ignore_ascii_case(&self.client_id);
        if request.has_parameter("client_id")
            && !request.parameter("client_id").is_some_and(is_ours)
        {
            return Err(
                "client_id is not the client that keyfob is signed in with; \
                        unset AZURE_CLIENT_ID for the command, or name the profile's",
            );
        }
        let resource = request.parameter("resource").unwrap_or_default();
        let plain = resource.bytes().all(|byte| byte.is_ascii_graphic());
        if resource.is_empty() || !plain || resource.len() > LONGEST {
            return Err("resource must be there, once, and be one");
        }
        Ok(resource)
    }

    fn hand_out(&self, resource: &str) -> Answer {
        match (self.source)(resource) {
            Ok(bearer) => {
                let body = Body {
                    access_token: bearer.token.expose(),
                    expires_on: bearer.expires.0.to_string(),
                    resource,
                    token_type: "Bearer",
                    client_id: &self.client_id,
                };
                Answer::json(200, &body)
            }
            Err(denied) => {
                // The SDKs try again after 5xx.
                let (status, error) = match denied.reason {
                    Reason::Unreachable => (503, "temporarily_unavailable"),
                    Reason::Unlisted => (400, "invalid_resource"),
                    Reason::Failed => (400, "access_denied"),
                };
                refused(status, error, &denied.message)
            }
        }
    }
}

/// An error as the different SDKs look for it.
fn refused(status: u16, error: &str, message: &str) -> Answer {
    Answer::json(
        status,
        &json!({
            "error": error,
            "error_description": message,
            "statusCode": status,
            "message": message,
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{body, denied, pass, request};
    use super::*;
    use crate::base::{Secret, Timestamp};
    use crate::endpoint::{Bearer, Denied};

    const RIGHT: [(&str, &str); 1] = [("x-identity-header", "right")];

    fn source(resource: &str) -> Result<Bearer, Denied> {
        match resource {
            "https://vault.azure.net" => Ok(Bearer {
                token: Secret::new("eyJ0".to_owned()),
                expires: Timestamp(1_790_000_000),
            }),
            "https://slow.example" => Err(denied(Reason::Unreachable)),
            "https://signed.out" => Err(denied(Reason::Failed)),
            _ => Err(denied(Reason::Unlisted)),
        }
    }

    fn ask(path: &str, fields: &[(&str, &str)]) -> (u16, serde_json::Value) {
        let azure = Azure {
            pass: pass("right"),
            client_id: "c0ffee00-1111-2222-3333-444444444444".to_owned(),
            source: Box::new(source),
        };
        body(&azure.answer(&request(path, fields)))
    }

    #[test]
    fn a_token_is_as_the_sdks_read_it() {
        let expected = json!({
            "access_token": "eyJ0",
            "expires_on": "1790000000",
            "resource": "https://vault.azure.net",
            "token_type": "Bearer",
            "client_id": "c0ffee00-1111-2222-3333-444444444444",
        });
        for query in [
            "api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net",
            "resource=https://vault.azure.net&api-version=2019-08-01&xms_cc=cp1",
            "api-version=2019-08-01&resource=https://vault.azure.net\
             &client_id=C0FFEE00-1111-2222-3333-444444444444",
        ] {
            let answer = ask(&format!("/msi/token?{query}"), &RIGHT);
            assert_eq!(answer, (200, expected.clone()), "{query}");
        }
    }

    #[test]
    fn nobody_else_and_nothing_else_is_answered() {
        let good = "api-version=2019-08-01&resource=https://vault.azure.net";
        for (query, fields, status) in [
            (good.to_owned(), vec![], 401),
            (good.to_owned(), vec![("x-identity-header", "wrong")], 401),
            (good.to_owned(), vec![("x-identity-header", "")], 401),
            (good.to_owned(), vec![("authorization", "right")], 401),
            (
                good.to_owned(),
                vec![("x-identity-header", "right"); 2],
                401,
            ),
            (format!("{good}&x-identity-header=right"), vec![], 401),
            (String::new(), RIGHT.to_vec(), 400),
            (
                "resource=https://vault.azure.net".to_owned(),
                RIGHT.to_vec(),
                400,
            ),
            (good.replace("2019", "2017"), RIGHT.to_vec(), 400),
            (
                format!("{good}&api-version=2019-08-01"),
                RIGHT.to_vec(),
                400,
            ),
            ("api-version=2019-08-01".to_owned(), RIGHT.to_vec(), 400),
            (
                "api-version=2019-08-01&resource=".to_owned(),
                RIGHT.to_vec(),
                400,
            ),
            (
                format!("{good}&resource=https://other.example"),
                RIGHT.to_vec(),
                400,
            ),
            (format!("{good}%0d%0aX:%20y"), RIGHT.to_vec(), 400),
            (format!("{good}/{}", "x".repeat(600)), RIGHT.to_vec(), 400),
            (format!("{good}.evil.example"), RIGHT.to_vec(), 400),
            (format!("{good}/secrets"), RIGHT.to_vec(), 400),
            (format!("{good}&client_id=other"), RIGHT.to_vec(), 400),
            (format!("{good}&client_id="), RIGHT.to_vec(), 400),
            (
                format!("{good}&mi_res_id=/subscriptions/x"),
                RIGHT.to_vec(),
                400,
            ),
            (format!("{good}&principal_id=x"), RIGHT.to_vec(), 400),
        ] {
            let (found, body) = ask(&format!("/msi/token?{query}"), &fields);
            assert_eq!(found, status, "{query} {fields:?}");
            for member in ["error", "error_description", "message"] {
                assert!(body[member].is_string(), "{body}");
            }
            assert_eq!(body["statusCode"], status);
            assert!(body.get("access_token").is_none());
        }
        let elsewhere = ask(&format!("/metadata/identity/oauth2/token?{good}"), &RIGHT);
        assert_eq!(elsewhere.0, 404);
    }

    #[test]
    fn a_failure_says_whether_to_try_again() {
        for (resource, status, error) in [
            ("https://slow.example", 503, "temporarily_unavailable"),
            ("https://signed.out", 400, "access_denied"),
            ("https://graph.microsoft.com", 400, "invalid_resource"),
        ] {
            let path = format!("/msi/token?api-version=2019-08-01&resource={resource}");
            let (found, body) = ask(&path, &RIGHT);
            assert_eq!((found, body["error"].as_str()), (status, Some(error)));
        }
    }
}
