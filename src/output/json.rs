//! One JSON object on one line, with the member names of a token response (RFC 6749 §5.1) where it
//! has them. Never holds a refresh token.

use std::borrow::Cow;

use serde::Serialize;

use super::{Format, Unprintable, View, safe_json};
use crate::base::{Secret, TargetName, Timestamp};
use crate::jwt::TokenKind;

pub(super) struct Json;

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<&'a str>,
    token_type: &'a str,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
    /// Seconds from now; 0 when it has expired.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    profile: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    issuer: &'a str,
}

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "a JSON object with expiry and scopes"
    }

    fn print(&self, view: &View<'_>, now: Timestamp) -> Result<Secret, Unprintable> {
        let token = view.printable_token()?;
        let answer = Answer {
            access_token: (view.kind == TokenKind::Access).then_some(token),
            id_token: (view.kind == TokenKind::Id).then_some(token),
            token_type: view.token_type,
            expires_at: view.expires_at.map(|at| at.0),
            expires_in: view.expires_at.map(|at| at.since(now).as_secs()),
            scope: (!view.scopes.is_empty()).then(|| view.scopes.to_string()),
            profile: view.profile.as_str(),
            target: view.target.map(TargetName::as_str),
            issuer: view.issuer.as_str(),
        };
        let secret = Secret::json(&answer, "\n");
        let safe = match safe_json(secret.expose()) {
            Cow::Borrowed(_) => None,
            Cow::Owned(safe) => Some(safe),
        };
        Ok(safe.map_or(secret, Secret::new))
    }
}
