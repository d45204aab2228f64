//! A protected resource that says who called it (RFC 6750).
//!
//! Takes the token in the `Authorization` field only: never in a query, never in a body.

use serde_json::json;

use crate::issuer::message::{Answer, Method, Request};
use crate::issuer::mint;
use crate::issuer::realm::Realm;

/// Answers with what the access token says.
pub(super) fn answer(realm: &Realm, request: &Request) -> Answer {
    let token = match bearer(request) {
        Ok(token) => token,
        Err(answer) => return answer,
    };
    let state = realm.state();
    let Some((access, grant)) = state.live_access(token, realm.clock.now()) else {
        return invalid_token();
    };
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Other => "other",
    };
    let body = json!({
        "subject": mint::subject(grant),
        "name": grant.person.map(super::super::people::Person::name),
        "client": grant.client,
        "scopes": access.scopes.iter().collect::<Vec<_>>(),
        "audience": access.audience,
        "expires": access.expires,
        "method": method,
        "path": request.path,
    });
    Answer::json(200, &body).no_store()
}

/// Finds the access token in the request (RFC 6750 §2.1).
pub(super) fn bearer(request: &Request) -> Result<&str, Answer> {
    let Some(header) = request.header("authorization") else {
        // Without any authentication, no error code is told (RFC 6750 §3.1).
        let field = "Bearer realm=\"practice\"".to_owned();
        return Err(
            Answer::text(401, "this needs an access token\n").with("WWW-Authenticate", field)
        );
    };
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(invalid_token()),
    }
}

/// The token is unknown, expired or revoked (RFC 6750 §3.1).
pub(super) fn invalid_token() -> Answer {
    let text = "the access token is unknown, expired or revoked";
    challenge(401, "invalid_token", text, "")
}

/// The token does not go far enough (RFC 6750 §3.1).
pub(super) fn insufficient_scope(scope: &str) -> Answer {
    let text = "the access token lacks a scope";
    challenge(
        403,
        "insufficient_scope",
        text,
        &format!(", scope=\"{scope}\""),
    )
}

fn challenge(status: u16, error: &str, text: &str, more: &str) -> Answer {
    let field =
        format!("Bearer realm=\"practice\", error=\"{error}\", error_description=\"{text}\"{more}");
    let body = json!({"error": error, "error_description": text});
    Answer {
        error: Some(error.to_owned()),
        ..Answer::json(status, &body)
            .no_store()
            .with("WWW-Authenticate", field)
    }
}
