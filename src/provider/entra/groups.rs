//! Groups and app roles as Entra puts them into tokens, and as Microsoft Graph lists them.
//!
//! Groups that are too many for a token are unknown, never none. The address that a token gives for
//! them (`_claim_sources`) is never read: it may lead to a retired service, or to a stranger who
//! wants the access token. Names are for people; they are not unique and decide nothing.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::base::{Diagnostic, Exit, Hint, printable_line};

/// The most groups that are read: what Graph gives in one answer, and room for its pages.
const MOST: usize = 50_000;

/// The most ids that Graph takes in one question for names.
pub const NAMES_AT_ONCE: usize = 1000;

/// The Graph error that asks for pages instead of one list.
const TOO_LARGE: &str = "Directory_ResultSizeLimitExceeded";

/// What a token says about the groups of its account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Membership {
    /// All of them, as object ids, in the token's order.
    Known(Vec<String>),
    /// There are some, which the token does not list.
    Unknown(Overage),
    /// Nothing: the registration asks for no groups, or the account has none. A token cannot tell
    /// the two apart.
    Unsaid,
}

/// Why a token does not list the groups.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Overage {
    /// More than 200: `_claim_names` points elsewhere.
    Pointed,
    /// More than five, in a token that came by redirect: `hasgroups`.
    Flagged,
}

/// Reads what a token's claims say about groups.
pub fn membership(claims: &Map<String, Value>) -> Membership {
    let names = claims.get("_claim_names");
    if names.is_some_and(|names| names.get("groups").is_some()) {
        return Membership::Unknown(Overage::Pointed);
    }
    if let Some(Value::Array(groups)) = claims.get("groups") {
        let texts = groups.iter().filter_map(Value::as_str);
        return Membership::Known(texts.map(str::to_owned).collect());
    }
    match claims.get("hasgroups") {
        Some(Value::Bool(true)) => Membership::Unknown(Overage::Flagged),
        Some(Value::String(text)) if text == "true" => Membership::Unknown(Overage::Flagged),
        _ => Membership::Unsaid,
    }
}

/// Returns a token's app roles.
pub fn roles(claims: &Map<String, Value>) -> Vec<String> {
    let Some(Value::Array(roles)) = claims.get("roles") else {
        return Vec::new();
    };
    let texts = roles.iter().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

/// The path and body of the question for all groups, nested ones and directory roles included.
pub fn question() -> (&'static str, Value) {
    (
        "/v1.0/me/getMemberObjects",
        json!({ "securityEnabledOnly": false }),
    )
}

/// The path of the first page of groups, for accounts that are in too many for [`question`].
pub const FIRST_PAGE: &str =
    "/v1.0/me/transitiveMemberOf/microsoft.graph.group?$select=id&$top=999";

/// The path and body of the question for the names of some groups, [`NAMES_AT_ONCE`] at most.
pub fn names_question(ids: &[String]) -> (&'static str, Value) {
    (
        "/v1.0/directoryObjects/getByIds",
        json!({ "ids": ids, "types": ["group", "directoryRole"] }),
    )
}

/// What Graph answered to [`question`].
#[derive(Debug, Eq, PartialEq)]
pub enum Answer {
    /// The ids.
    Ids(Vec<String>),
    /// Too many for one list.
    AskForPages,
}

/// Why an answer of Graph cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum GraphError {
    /// Not what Graph documents.
    #[error("Microsoft Graph's answer cannot be read")]
    Malformed,
    /// More groups than anybody can be in.
    #[error("Microsoft Graph lists more than {MOST} groups")]
    TooMany,
    /// A refusal, by its code.
    #[error("Microsoft Graph refused with `{code}` (HTTP {status})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Graph's code, made safe to print.
        code: String,
    },
    /// The next page is somewhere else.
    #[error("Microsoft Graph's next page is at another place, and is not asked for")]
    Elsewhere,
}

impl Diagnostic for GraphError {
    fn exit(&self) -> Exit {
        match self {
            Self::Malformed | Self::TooMany => Exit::Unreachable,
            Self::Refused { status, .. } if *status == 429 || *status >= 500 => Exit::Unreachable,
            Self::Refused { .. } => Exit::Refused,
            Self::Elsewhere => Exit::Verification,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Refused { status: 403, .. } => Some(Hint::Try(
                "have an admin consent to the delegated permission `GroupMember.Read.All` of \
                 Microsoft Graph for this app; app roles need no such permission"
                    .into(),
            )),
            Self::Refused { status: 401, .. } => Some(Hint::Try(
                "sign in again: Microsoft Graph does not take the access token".into(),
            )),
            Self::Refused { .. } | Self::Malformed => Some(Hint::Try("try again later".into())),
            Self::Elsewhere | Self::TooMany => None,
        }
    }
}

#[derive(Deserialize)]
struct Ids {
    value: Vec<String>,
}

#[derive(Deserialize)]
struct Objects {
    value: Vec<Object>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Object {
    id: String,
    #[serde(rename = "displayName")]
    name: Option<String>,
}

#[derive(Deserialize)]
struct Failed {
    error: Fault,
}

#[derive(Deserialize)]
struct Fault {
    code: String,
}

/// Reads the answer to [`question`].
///
/// # Errors
///
/// [`GraphError`] but `Elsewhere`.
pub fn ids(status: u16, body: &[u8]) -> Result<Answer, GraphError> {
    match refusal(status, body) {
        Some(GraphError::Refused { code, .. }) if code == TOO_LARGE => Ok(Answer::AskForPages),
        Some(error) => Err(error),
        None => {
            let Ids { value } = serde_json::from_slice(body).map_err(|_| GraphError::Malformed)?;
            bounded(value).map(Answer::Ids)
        }
    }
}

/// Reads one page of groups onto `so_far`; returns the path of the next one at the same
/// `origin`.
///
/// # Errors
///
/// [`GraphError`]; a next page anywhere else is `Elsewhere`.
pub fn page(
    status: u16,
    body: &[u8],
    origin: &str,
    so_far: &mut Vec<String>,
) -> Result<Option<String>, GraphError> {
    let Objects { value, next } = objects(status, body)?;
    so_far.extend(value.into_iter().map(|object| object.id));
    if so_far.len() > MOST {
        return Err(GraphError::TooMany);
    }
    let Some(next) = next else {
        return Ok(None);
    };
    match next.strip_prefix(origin) {
        Some(path) if path.starts_with('/') => Ok(Some(path.to_owned())),
        _ => Err(GraphError::Elsewhere),
    }
}

/// Reads the answer to [`names_question`]: ids with the names that people gave them.
///
/// # Errors
///
/// [`GraphError`] but `Elsewhere`.
pub fn names(status: u16, body: &[u8]) -> Result<Vec<(String, String)>, GraphError> {
    let objects = objects(status, body)?.value.into_iter();
    Ok(objects
        .filter_map(|object| Some((object.id, object.name?)))
        .collect())
}

fn objects(status: u16, body: &[u8]) -> Result<Objects, GraphError> {
    match refusal(status, body) {
        Some(error) => Err(error),
        None => serde_json::from_slice(body).map_err(|_| GraphError::Malformed),
    }
}

fn refusal(status: u16, body: &[u8]) -> Option<GraphError> {
    if status == 200 {
        return None;
    }
    let code = serde_json::from_slice(body).map_or_else(
        |_| "no code".to_owned(),
        |failed: Failed| failed.error.code.chars().take(80).collect(),
    );
    let code = printable_line(&code).into_owned();
    Some(GraphError::Refused { status, code })
}

fn bounded(ids: Vec<String>) -> Result<Vec<String>, GraphError> {
    if ids.len() > MOST {
        return Err(GraphError::TooMany);
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(claims: &Value) -> Membership {
        membership(claims.as_object().unwrap())
    }

    #[test]
    fn groups_that_do_not_fit_are_unknown_and_never_none() {
        let pointed = json!({
            "_claim_names": { "groups": "src1" },
            "_claim_sources": { "src1": { "endpoint": "https://evil.example/" } },
        });

        assert_eq!(of(&pointed), Membership::Unknown(Overage::Pointed));
        for flag in [json!(true), json!("true")] {
            let flagged = json!({ "hasgroups": flag });
            assert_eq!(of(&flagged), Membership::Unknown(Overage::Flagged));
        }
        // A list beside the pointer is not the whole list.
        let both = json!({ "groups": ["a"], "_claim_names": { "groups": "src1" } });
        assert_eq!(of(&both), Membership::Unknown(Overage::Pointed));
    }

    #[test]
    fn groups_in_the_token_are_read_and_their_absence_says_nothing() {
        assert_eq!(
            of(&json!({ "groups": ["a", 7, "b"] })),
            Membership::Known(vec!["a".into(), "b".into()])
        );
        assert_eq!(of(&json!({ "groups": [] })), Membership::Known(Vec::new()));
        for unsaid in [json!({}), json!({ "hasgroups": false, "_claim_names": {} })] {
            assert_eq!(of(&unsaid), Membership::Unsaid);
        }
        let roles_of = json!({ "roles": ["Orders.Admin"] });
        assert_eq!(roles(roles_of.as_object().unwrap()), ["Orders.Admin"]);
    }

    #[test]
    fn the_next_page_is_only_asked_for_at_graph_itself() {
        let after = |next: &str| {
            let body = json!({ "value": [{ "id": "g" }], "@odata.nextLink": next }).to_string();
            page(
                200,
                body.as_bytes(),
                "https://graph.microsoft.com",
                &mut Vec::new(),
            )
        };

        assert_eq!(
            after("https://graph.microsoft.com/v1.0/x?$skiptoken=1"),
            Ok(Some("/v1.0/x?$skiptoken=1".into()))
        );
        for elsewhere in [
            "https://graph.microsoft.com.evil.example/v1.0",
            "https://graph.microsoft.com@evil.example/",
            "http://graph.microsoft.com/v1.0",
            "//evil.example",
            "/v1.0/relative",
        ] {
            assert_eq!(after(elsewhere), Err(GraphError::Elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn a_refusal_is_told_by_its_code_and_too_many_means_pages() {
        let body = |code: &str| json!({ "error": { "code": code, "message": "…" } }).to_string();

        assert_eq!(
            ids(400, body("Directory_ResultSizeLimitExceeded").as_bytes()),
            Ok(Answer::AskForPages)
        );
        let refused = ids(403, body("Authorization_RequestDenied\u{1b}[2J").as_bytes());
        assert_eq!(
            refused.unwrap_err().to_string(),
            r"Microsoft Graph refused with `Authorization_RequestDenied\u{1b}[2J` (HTTP 403)"
        );
        assert_eq!(ids(200, b"{}"), Err(GraphError::Malformed));
        assert_eq!(
            ids(200, br#"{"value":["a"]}"#),
            Ok(Answer::Ids(vec!["a".into()]))
        );
    }

    #[test]
    fn only_groups_with_a_name_have_one() {
        let body = json!({ "value": [{ "id": "a", "displayName": "Team A" }, { "id": "b" }] });
        let body = body.to_string();

        assert_eq!(
            names(200, body.as_bytes()),
            Ok(vec![("a".into(), "Team A".into())])
        );
    }
}
