//! An error as Entra says it: the OAuth members, and what support asks for.
//!
//! Carries `\r\n` in its text, as Entra does; a client has to make that printable.

use serde_json::{Map, Value, json};

use super::errors::{self, Row};
use super::place::Place;
use crate::issuer::clock::stamp;
use crate::issuer::message::{Answer, Request};
use crate::issuer::random::bytes;
use crate::issuer::realm::Realm;

/// What MFA demands ask for at the next sign-in.
pub(super) const MFA_CLAIMS: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;

/// One error, about to be said.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Refusal {
    pub(super) row: &'static Row,
    /// The `error`, which some numbers share.
    pub(super) error: &'static str,
    text: String,
    claims: Option<String>,
}

impl Refusal {
    /// Makes the error of a number, in its own words.
    pub(super) fn new(code: u32) -> Self {
        let row = errors::find(code).expect("every number here is in the table");
        Self::of(row)
    }

    /// Makes the error of a row.
    pub(super) fn of(row: &'static Row) -> Self {
        Self {
            row,
            error: row.error,
            text: row.text.to_owned(),
            claims: errors::has_claims(row.code).then(|| MFA_CLAIMS.to_owned()),
        }
    }

    /// Says it in other words.
    pub(super) fn saying(self, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..self
        }
    }

    /// Says that the person declined, in Entra's own word.
    pub(super) fn declined(self) -> Self {
        Self {
            error: "authorization_declined",
            ..self
        }
    }

    /// Says that polls come too fast (RFC 8628 §3.5).
    pub(super) fn slow(self) -> Self {
        Self {
            error: "slow_down",
            ..self
        }
    }

    /// Asks for these claims at the next sign-in.
    pub(super) fn asking(self, claims: &str) -> Self {
        Self {
            claims: Some(claims.to_owned()),
            ..self
        }
    }

    /// The members of a JSON error body, in the order that Entra has them.
    pub(super) fn members(&self, realm: &Realm, place: &Place, sent: Option<&str>) -> Body {
        let now = stamp(realm.clock.now());
        let (trace, correlation) = (guid(), sent.map_or_else(guid, str::to_owned));
        let code = self.row.code;
        let description = format!(
            "AADSTS{code}: {}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\n\
             Timestamp: {now}",
            self.text
        );
        let uri = format!("{}/error?code={code}", place.origin);
        let mut json = Map::new();
        let mut say = |name: &str, value: Value| {
            json.insert(name.to_owned(), value);
        };
        say("error", json!(self.error));
        say("error_description", json!(description));
        say("error_codes", json!([code]));
        say("timestamp", json!(now));
        say("trace_id", json!(trace));
        say("correlation_id", json!(correlation));
        say("error_uri", json!(uri));
        if let Some(suberror) = errors::suberror(code) {
            say("suberror", json!(suberror));
        }
        if let Some(claims) = &self.claims {
            say("claims", json!(claims));
        }
        Body {
            json,
            description,
            uri,
            trace,
        }
    }

    /// Makes the answer of an endpoint for programs.
    pub(super) fn answer(&self, realm: &Realm, place: &Place, request: &Request) -> Answer {
        let body = self.members(realm, place, request.header("client-request-id"));
        let status = errors::status(self.row);
        let answer = Answer::json(status, &Value::Object(body.json))
            .with("Cache-Control", "no-store, no-cache".to_owned())
            .with("Pragma", "no-cache".to_owned())
            .with("x-ms-request-id", body.trace);
        Answer {
            error: Some(self.error.to_owned()),
            ..answer
        }
    }
}

/// An error with all that is said of it.
pub(super) struct Body {
    pub(super) json: Map<String, Value>,
    pub(super) description: String,
    pub(super) uri: String,
    trace: String,
}

/// Draws a GUID.
pub(super) fn guid() -> String {
    let bits = u128::from_be_bytes(bytes::<16>());
    let bits = bits & !(0xf << 76) & !(0b11 << 62) | 0x4 << 76 | 0b10 << 62;
    let text = format!("{bits:032x}");
    let mut parts = Vec::new();
    let mut rest = text.as_str();
    for length in [8, 4, 4, 4] {
        let (part, after) = rest.split_at(length);
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts.join("-")
}
