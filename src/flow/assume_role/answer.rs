//! What AWS STS answers to `AssumeRoleWithWebIdentity`: XML, or JSON where it was asked for. PURE.
//!
//! Strict about what becomes a credential: each part is printable ASCII of a bounded length, and an
//! end there must be. A DTD is refused, so no entity is ever expanded. No answer is shown.

use std::borrow::Cow;

use jiff::Timestamp as Instant;
use roxmltree::{Document, Node, ParsingOptions};
use serde::{Deserialize, Serialize};

use super::RoleError;
use crate::base::{Secret, Timestamp, printable_line};

/// What a role's credentials are.
#[derive(Clone, Debug)]
pub struct RoleCredentials {
    /// Names the key; no secret.
    pub access_key_id: String,
    /// Signs requests.
    pub secret_access_key: Secret,
    /// Goes along with each request.
    pub session_token: Secret,
    /// When they end, by AWS's clock.
    pub expires: Timestamp,
    /// Whose they are.
    pub seen: Seen,
}

/// What AWS saw in the token; for people, and never a ground for a decision.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Seen {
    /// The session's ARN.
    pub assumed_role_arn: Option<String>,
    /// Whose token it was: `sub`.
    pub subject: Option<String>,
    /// Whom it was for: `azp`, or else `aud`.
    pub audience: Option<String>,
    /// The identity provider in IAM, or the issuer.
    pub provider: Option<String>,
}

/// The most elements and texts that are read: an answer has some twenty.
const MOST_NODES: u32 = 512;

/// The longest part of a credential; session tokens of AWS have some 2 KiB.
const LONGEST_PART: usize = 16 * 1024;

/// The longest name that is kept.
const LONGEST_NAME: usize = 2048;

/// Reads an answer.
///
/// # Errors
///
/// [`RoleError::Refused`] when it says why not; else [`RoleError::Redirected`],
/// [`RoleError::Faulty`] and [`RoleError::Malformed`].
pub(super) fn read(status: u16, body: &[u8]) -> Result<RoleCredentials, RoleError> {
    if matches!(status, 300..400) {
        return Err(RoleError::Redirected(status));
    }
    let parts = std::str::from_utf8(body)
        .map_err(|_| "it is not text")
        .and_then(parts);
    let why = match parts {
        Ok(Parts::Refused { code, message }) if !code.trim().is_empty() => {
            return Err(RoleError::refused(code.trim(), message.trim()));
        }
        Ok(Parts::Refused { .. }) => "it is an error without a code",
        Ok(Parts::Given(given)) if status == 200 => match given.credentials() {
            Ok(credentials) => return Ok(credentials),
            Err(why) => why,
        },
        Ok(Parts::Given(_)) => "it holds credentials, but its status is another",
        Err(why) => why,
    };
    Err(if matches!(status, 429 | 500..) {
        RoleError::Faulty(status)
    } else {
        RoleError::Malformed { status, why }
    })
}

/// What both forms say.
enum Parts<'a> {
    Given(Given<'a>),
    Refused {
        code: Cow<'a, str>,
        message: Cow<'a, str>,
    },
}

struct Given<'a> {
    access_key_id: Option<Cow<'a, str>>,
    secret_access_key: Option<Cow<'a, str>>,
    session_token: Option<Cow<'a, str>>,
    expiration: Option<Timestamp>,
    seen: Seen,
}

impl Given<'_> {
    fn credentials(self) -> Result<RoleCredentials, &'static str> {
        let id = part(self.access_key_id).ok_or("its `AccessKeyId` is none")?;
        let key = part(self.secret_access_key).ok_or("its `SecretAccessKey` is none")?;
        let token = part(self.session_token).ok_or("its `SessionToken` is none")?;
        Ok(RoleCredentials {
            access_key_id: id,
            secret_access_key: Secret::new(key),
            session_token: Secret::new(token),
            expires: self.expiration.ok_or("its `Expiration` is no time")?,
            seen: self.seen,
        })
    }
}

/// A part of a credential goes into headers and variables: visible ASCII only.
fn part(text: Option<Cow<'_, str>>) -> Option<String> {
    let text = text?.into_owned();
    let fits = (1..=LONGEST_PART).contains(&text.len());
    (fits && text.bytes().all(|byte| byte.is_ascii_graphic())).then_some(text)
}

fn parts(text: &str) -> Result<Parts<'_>, &'static str> {
    match text.trim_start().bytes().next() {
        Some(b'{') => json(text),
        Some(b'<') => xml(text),
        Some(_) => Err("it is neither XML nor JSON"),
        None => Err("it is empty"),
    }
}

fn xml(text: &str) -> Result<Parts<'_>, &'static str> {
    // What names no encoding is UTF-8, and so are all answers of AWS.
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).map_err(|error| {
        if matches!(error, roxmltree::Error::DtdDetected) {
            "it has a DTD, which is never read"
        } else if matches!(error, roxmltree::Error::NodesLimitReached) {
            "it has more parts than an answer of STS"
        } else {
            "it is not whole XML"
        }
    })?;
    let root = document.root_element();
    let own = |text: Option<&str>| text.map(|text| Cow::Owned(text.to_owned()));
    match root.tag_name().name() {
        "ErrorResponse" => {
            let error = child(root, "Error");
            let said = |name| own(error.and_then(|error| text_of(error, name)));
            Ok(Parts::Refused {
                code: said("Code").unwrap_or_default(),
                message: said("Message").unwrap_or_default(),
            })
        }
        "AssumeRoleWithWebIdentityResponse" => {
            let result = child(root, "AssumeRoleWithWebIdentityResult").ok_or(NO_RESULT)?;
            let credentials = child(result, "Credentials").ok_or(NO_RESULT)?;
            let user = child(result, "AssumedRoleUser");
            let name = |node: Option<Node<'_, '_>>, name| seen(text_of(node?, name)?);
            Ok(Parts::Given(Given {
                access_key_id: own(text_of(credentials, "AccessKeyId")),
                secret_access_key: own(text_of(credentials, "SecretAccessKey")),
                session_token: own(text_of(credentials, "SessionToken")),
                expiration: text_of(credentials, "Expiration").and_then(moment),
                seen: Seen {
                    assumed_role_arn: name(user, "Arn"),
                    subject: name(Some(result), "SubjectFromWebIdentityToken"),
                    audience: name(Some(result), "Audience"),
                    provider: name(Some(result), "Provider"),
                },
            }))
        }
        _ => Err("it is XML, but not an answer of STS"),
    }
}

const NO_RESULT: &str = "it holds no credentials";

/// The only child of that name; of two, neither counts.
fn child<'a, 'b>(node: Node<'a, 'b>, name: &str) -> Option<Node<'a, 'b>> {
    let mut found = node
        .children()
        .filter(|child| child.is_element() && child.tag_name().name() == name);
    found.next().filter(|_| found.next().is_none())
}

/// What an element holds, if that is one text and nothing else.
fn text_of<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let node = child(node, name)?;
    let mut children = node.children();
    let only = children.next().filter(|_| children.next().is_none())?;
    only.is_text().then(|| only.text())?.map(str::trim)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Whole<'a> {
    #[serde(borrow)]
    error: Option<SaidNo<'a>>,
    #[serde(borrow)]
    assume_role_with_web_identity_response: Option<Response<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SaidNo<'a> {
    #[serde(borrow)]
    code: Cow<'a, str>,
    #[serde(borrow, default)]
    message: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    #[serde(borrow)]
    assume_role_with_web_identity_result: Outcome<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Outcome<'a> {
    #[serde(borrow)]
    credentials: Keys<'a>,
    #[serde(borrow)]
    assumed_role_user: Option<User<'a>>,
    #[serde(borrow)]
    subject_from_web_identity_token: Option<Cow<'a, str>>,
    #[serde(borrow)]
    audience: Option<Cow<'a, str>>,
    #[serde(borrow)]
    provider: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Keys<'a> {
    #[serde(borrow)]
    access_key_id: Cow<'a, str>,
    #[serde(borrow)]
    secret_access_key: Cow<'a, str>,
    #[serde(borrow)]
    session_token: Cow<'a, str>,
    expiration: When<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct User<'a> {
    #[serde(borrow)]
    arn: Option<Cow<'a, str>>,
}

/// AWS writes seconds since 1970 in its JSON, and a date in its XML.
#[derive(Deserialize)]
#[serde(untagged)]
enum When<'a> {
    Seconds(f64),
    Text(#[serde(borrow)] Cow<'a, str>),
}

fn json(text: &str) -> Result<Parts<'_>, &'static str> {
    let whole: Whole<'_> =
        serde_json::from_str(text).map_err(|_| "it is not JSON as STS writes it")?;
    if let Some(no) = whole.error {
        return Ok(Parts::Refused {
            code: no.code,
            message: no.message.unwrap_or_default(),
        });
    }
    let response = whole.assume_role_with_web_identity_response;
    let result = response
        .ok_or(NO_RESULT)?
        .assume_role_with_web_identity_result;
    let user = result.assumed_role_user.and_then(|user| user.arn);
    let name = |text: Option<Cow<'_, str>>| seen(&text?);
    Ok(Parts::Given(Given {
        access_key_id: Some(result.credentials.access_key_id),
        secret_access_key: Some(result.credentials.secret_access_key),
        session_token: Some(result.credentials.session_token),
        expiration: match result.credentials.expiration {
            When::Seconds(seconds) => whole_seconds(seconds),
            When::Text(text) => moment(&text),
        },
        seen: Seen {
            assumed_role_arn: name(user),
            subject: name(result.subject_from_web_identity_token),
            audience: name(result.audience),
            provider: name(result.provider),
        },
    }))
}

fn seen(text: &str) -> Option<String> {
    let text: String = printable_line(text.trim())
        .chars()
        .take(LONGEST_NAME)
        .collect();
    Some(text).filter(|text| !text.is_empty())
}

/// Reads a date of ISO 8601; a part of a second is cut off, so that nothing ends later than it does.
fn moment(text: &str) -> Option<Timestamp> {
    let instant: Instant = text.parse().ok()?;
    Some(Timestamp(instant.as_second())).filter(|time| time.0 >= 0)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the number is within the range first"
)]
fn whole_seconds(seconds: f64) -> Option<Timestamp> {
    // The year 9999 at most: what a calendar can print.
    let fits = (0.0..=253_402_300_799.0).contains(&seconds);
    fits.then_some(Timestamp(seconds as i64))
}

#[cfg(test)]
mod tests;
