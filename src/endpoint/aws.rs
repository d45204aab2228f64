//! PURE: credentials as a container of AWS gets them: `AWS_CONTAINER_CREDENTIALS_FULL_URI` and
//! `AWS_CONTAINER_AUTHORIZATION_TOKEN`, which every SDK asks again before the keys end.
//!
//! An error is a status with `{"code", "message"}`, as the SDKs read it. Never hands out a key
//! without the time of its end.

use serde::Serialize;
use serde_json::json;

use super::{Answer, Denied, Pass, Reason, Refusal, Request, Shape};
use crate::base::{Secret, Timestamp};

/// Where the keys are.
const PATH: &str = "/credentials";

/// The keys of a role.
#[derive(Debug)]
pub struct Keys {
    /// Names the secret key; no secret.
    pub access_key_id: String,
    /// Signs requests.
    pub secret_access_key: Secret,
    /// Says which session it is.
    pub session_token: Secret,
    /// When they end.
    pub expires: Timestamp,
    /// The role, if it is known.
    pub role_arn: Option<String>,
}

/// The keys as they are sent; borrows its secrets.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    access_key_id: &'a str,
    secret_access_key: &'a str,
    token: &'a str,
    expiration: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_arn: Option<&'a str>,
}

/// The endpoint.
pub struct Aws<'a> {
    /// What shows that the command asks.
    pub pass: Pass,
    /// Where the keys come from.
    pub source: Box<dyn Fn() -> Result<Keys, Denied> + Sync + 'a>,
}

impl Aws<'_> {
    /// Returns the address that the command is told.
    pub fn url(authority: &str) -> String {
        format!("http://{authority}{PATH}")
    }
}

impl Shape for Aws<'_> {
    fn answer(&self, request: &Request) -> Answer {
        if request.path != PATH {
            return refused(404, "NotFound", "there is nothing here");
        }
        if !self.pass.is_shown(request.field("authorization")) {
            return refused(
                403,
                "AccessDenied",
                "the authorization token is wrong or missing",
            );
        }
        match (self.source)() {
            Ok(keys) => keys.answer(),
            Err(denied) => {
                // The SDKs try again after 5xx, and after nothing else.
                let (status, code) = match denied.reason {
                    Reason::Unreachable => (503, "ServiceUnavailable"),
                    Reason::Unlisted | Reason::Failed => (400, "CredentialsUnavailable"),
                };
                refused(status, code, &denied.message)
            }
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        refused(refusal.status(), "InvalidRequest", refusal.message())
    }
}

impl Keys {
    fn answer(&self) -> Answer {
        let Ok(expires) = jiff::Timestamp::from_second(self.expires.0) else {
            return refused(500, "InternalError", "the keys have no end");
        };
        let body = Body {
            access_key_id: &self.access_key_id,
            secret_access_key: self.secret_access_key.expose(),
            token: self.session_token.expose(),
            expiration: expires.to_string(),
            role_arn: self.role_arn.as_deref(),
        };
        Answer::json(200, &body)
    }
}

fn refused(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(status, &json!({ "code": code, "message": message }))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{body, pass, request};
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "as sources give them")]
    fn keys() -> Result<Keys, Denied> {
        Ok(Keys {
            access_key_id: "ASIAEXAMPLE".to_owned(),
            secret_access_key: Secret::new("secret/key+".to_owned()),
            session_token: Secret::new("session==".to_owned()),
            expires: Timestamp(1_790_000_000),
            role_arn: Some("arn:aws:iam::123456789012:role/deploy".to_owned()),
        })
    }

    fn ask(path: &str, fields: &[(&str, &str)]) -> (u16, serde_json::Value) {
        let aws = Aws {
            pass: pass("right"),
            source: Box::new(keys),
        };
        body(&aws.answer(&request(path, fields)))
    }

    #[test]
    fn the_keys_are_as_the_sdks_read_them() {
        let answer = ask("/credentials", &[("authorization", "right")]);

        let expected = json!({
            "AccessKeyId": "ASIAEXAMPLE",
            "SecretAccessKey": "secret/key+",
            "Token": "session==",
            "Expiration": "2026-09-21T14:13:20Z",
            "RoleArn": "arn:aws:iam::123456789012:role/deploy",
        });
        assert_eq!(answer, (200, expected));
    }

    #[test]
    fn nobody_else_gets_them() {
        for (path, fields, status) in [
            ("/", vec![("authorization", "right")], 404),
            ("/credentials/", vec![("authorization", "right")], 404),
            ("/Credentials", vec![("authorization", "right")], 404),
            (
                "/credentials/../credentials",
                vec![("authorization", "right")],
                404,
            ),
            ("/credentials", vec![], 403),
            ("/credentials", vec![("authorization", "")], 403),
            ("/credentials", vec![("authorization", "wrong")], 403),
            ("/credentials", vec![("authorization", "Right")], 403),
            ("/credentials", vec![("authorization", "rightright")], 403),
            ("/credentials", vec![("authorization", "Bearer right")], 403),
            ("/credentials?authorization=right", vec![], 403),
            ("/credentials", vec![("x-identity-header", "right")], 403),
            (
                "/credentials",
                vec![("authorization", "right"), ("authorization", "right")],
                403,
            ),
        ] {
            let (found, body) = ask(path, &fields);
            assert_eq!(found, status, "{path} {fields:?}");
            assert!(
                body["code"].is_string() && body["message"].is_string(),
                "{body}"
            );
            assert!(body.get("SecretAccessKey").is_none());
        }
    }

    #[test]
    fn a_failure_says_whether_to_try_again() {
        for (reason, status) in [
            (Reason::Failed, 400),
            (Reason::Unlisted, 400),
            (Reason::Unreachable, 503),
        ] {
            let denied = || {
                Err(Denied {
                    reason,
                    message: "run `keyfob login`".to_owned(),
                })
            };
            let aws = Aws {
                pass: pass("right"),
                source: Box::new(denied),
            };
            let (found, body) =
                body(&aws.answer(&request("/credentials", &[("authorization", "right")])));
            assert_eq!(
                (found, body["message"].as_str()),
                (status, Some("run `keyfob login`"))
            );
        }
        let aws = Aws {
            pass: pass("right"),
            source: Box::new(keys),
        };
        assert_eq!(body(&aws.refuse(Refusal::Browser)).0, 403);
    }
}
