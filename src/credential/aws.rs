//! The AWS SDKs' and CLI's `credential_process`: one JSON object, version 1, on stdout.
//!
//! The program sends nothing and names nothing; what may be handed out stands in the user's file
//! alone. The end is always written: without one, an SDK would believe the keys for ever. A refusal
//! is the usual report on stderr, which SDKs capture and log, so there is never a secret in it.

use serde::Serialize;

use super::{Call, Found, Misread, Protocol, Request, Step, Takes, instant};
use crate::base::Secret;

pub(super) struct Aws;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Keys<'a> {
    version: u8,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    session_token: &'a str,
    expiration: String,
}

impl Protocol for Aws {
    fn name(&self) -> &'static str {
        "aws"
    }

    fn about(&self) -> &'static str {
        "The AWS CLI and SDKs, by their credential_process"
    }

    fn help(&self) -> &'static str {
        "A profile in ~/.aws/config that names keyfob; no shell reads the line, so the path is whole:
  [profile dev]
  credential_process = /usr/local/bin/keyfob credential aws work/aws
  region = eu-central-1

The role is written down with the target:
  keyfob config set work.target.aws.aws_role arn:aws:iam::123456789012:role/dev

What the role must trust is told by `keyfob explain aws work/aws`."
    }

    fn listed_under(&self) -> &'static str {
        "aws_role"
    }

    fn takes(&self) -> Takes {
        Takes::Role
    }

    fn read(&self, _call: &Call<'_>) -> Result<Step, Misread> {
        Ok(Step::Serve(Request::default()))
    }

    fn answer(&self, _request: &Request, found: &Found<'_>) -> Secret {
        let (id, key) = found.role.map_or(("", ""), |keys| {
            (keys.access_key_id, keys.secret_access_key.expose())
        });
        let token = found.token.expose();
        let keys = Keys {
            version: 1,
            access_key_id: id,
            secret_access_key: key,
            session_token: token,
            expiration: instant(found.expires),
        };
        Secret::json(&keys, "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{sent, serve};
    use super::super::{Asked, RoleKeys};
    use super::*;
    use crate::base::Timestamp;
    use crate::jwt::TokenKind;

    #[test]
    fn the_answer_is_one_line_with_a_number_for_a_version_and_an_end() {
        let (token, key) = (Secret::new("t\"/+=".into()), Secret::new("s/+".into()));
        let found = Found {
            token: &token,
            expires: Timestamp(1_000_003_600),
            username: None,
            kind: TokenKind::Id,
            tenant: None,
            role: Some(RoleKeys {
                access_key_id: "ASIA1",
                secret_access_key: &key,
            }),
            now: Timestamp(1_000_000_000),
            zone: || jiff::tz::TimeZone::UTC,
        };

        let answer = Aws.answer(&Request::default(), &found);

        assert_eq!(
            answer.expose(),
            "{\"Version\":1,\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"s/+\",\
             \"SessionToken\":\"t\\\"/+=\",\"Expiration\":\"2001-09-09T02:46:40Z\"}\n"
        );
    }

    #[test]
    fn whatever_comes_along_only_the_target_of_the_users_own_file_is_meant() {
        for text in [
            "",
            "{\"AccessKeyId\":\"x\"}",
            "\0\u{ff}",
            "arn:aws:iam::1:role/evil",
        ] {
            let request = serve(&Aws, &sent(&["--role-arn", "evil"], text.as_bytes()));

            assert_eq!(request.asked, Asked::Told);
            assert_eq!(request.scopes, None);
        }
    }
}
