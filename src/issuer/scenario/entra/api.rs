//! The sample API behind the practice Entra: says who called, or challenges, as a real one does.
//!
//! Takes a token in the `Authorization` field only, and only one made for this API.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::Stage;
use super::memory::Access;
use super::place::Place;
use super::resource::{ORDERS, PUBLIC_APP, Resource};
use super::script::Challenge;
use crate::issuer::message::{Answer, Request};
use crate::issuer::random::digest;
use crate::issuer::realm::Realm;

/// Answers a call of the API.
pub(super) fn answer(realm: &Realm, stage: &Stage, place: &Place, request: &Request) -> Answer {
    let Some(access) = bearer(realm, stage, request, &ORDERS) else {
        let field = format!(
            "Bearer realm=\"\", authorization_uri=\"{}/common/oauth2/authorize\", \
             error=\"invalid_token\"",
            place.origin
        );
        return refused(401, "invalid_token").with("WWW-Authenticate", field);
    };
    if let Some(how) = stage.scripts.challenge()
        && !is_content(&access, how)
    {
        return challenge(realm, place, how);
    }
    let seat = access.seat;
    let body = json!({
        "tid": seat.map(|seat| seat.tenant.id),
        "oid": seat.map(|seat| seat.oid),
        "upn": seat.map(|seat| seat.account.upn),
        "scopes": access.scopes,
    });
    Answer::json(200, &body).no_store()
}

/// Tells whether a token meets what the API wants to see.
fn is_content(access: &Access, how: Challenge) -> bool {
    match how {
        Challenge::Context => access.is_strong,
        Challenge::NotBefore | Challenge::Unpadded | Challenge::Two | Challenge::Hostile => {
            access.not_before.is_some()
        }
        Challenge::Again | Challenge::Broken => false,
    }
}

fn challenge(realm: &Realm, place: &Place, how: Challenge) -> Answer {
    // The same for every token of today, so that a second one is known for the first.
    let since = realm.clock.now().0 / 86_400 * 86_400;
    let wanted = if how == Challenge::Context {
        json!({"acrs": {"essential": true, "value": "c1"}})
    } else {
        json!({"nbf": {"essential": true, "value": since.to_string()}})
    };
    let claims = json!({ "access_token": wanted }).to_string();
    let encoded = if how == Challenge::Broken {
        "%%%not-base64%%%".to_owned()
    } else if how == Challenge::Unpadded {
        // A blank makes sure that there is padding to leave out.
        let blank = if claims.len().is_multiple_of(3) {
            " "
        } else {
            ""
        };
        let padded = STANDARD.encode(format!("{claims}{blank}"));
        padded.trim_end_matches('=').to_owned()
    } else {
        STANDARD.encode(claims)
    };
    let origin = if how == Challenge::Hostile {
        "https://evil.practice.example"
    } else {
        place.origin.as_str()
    };
    let mut field = format!(
        "Bearer realm=\"\", authorization_uri=\"{origin}/common/oauth2/authorize\", \
         client_id=\"{PUBLIC_APP}\", error=\"insufficient_claims\", claims=\"{encoded}\""
    );
    if how == Challenge::Two {
        field = format!("Bearer realm=\"other\", error=\"invalid_token\", {field}");
    }
    refused(401, "insufficient_claims").with("WWW-Authenticate", field)
}

fn refused(status: u16, error: &str) -> Answer {
    Answer {
        error: Some(error.to_owned()),
        ..Answer::json(status, &json!({ "error": error })).no_store()
    }
}

/// Finds the token that a request shows, if it is good for an API.
pub(super) fn bearer(
    realm: &Realm,
    stage: &Stage,
    request: &Request,
    resource: &Resource,
) -> Option<Access> {
    let (scheme, token) = request.header("authorization")?.split_once(' ')?;
    let access = stage.memory().access.get(&digest(token.trim())).cloned()?;
    let fits = scheme.eq_ignore_ascii_case("bearer")
        && access.resource == resource
        && access.expires > realm.clock.now();
    fits.then_some(access)
}
