//! Pushed authorization requests (RFC 9126).
//!
//! A reference is good once, for the client that pushed, and for a short time (§2.2, §4).

use serde_json::{Map, json};

use crate::issuer::clients::Client;
use crate::issuer::fault::Point;
use crate::issuer::message::{Answer, Form, Refusal, Request};
use crate::issuer::random::{digest, token};
use crate::issuer::realm::Realm;
use crate::issuer::settings::PushedRequests;
use crate::issuer::state::Pushed;

use super::AuthorizationRequest;
use super::authorize::{PUSHED_PREFIX, return_to};
use super::client_auth;

/// Answers a pushed request.
pub(super) fn answer(realm: &Realm, request: &Request) -> Answer {
    if realm.settings.pushed == PushedRequests::Unsupported {
        return Answer::text(404, "there is nothing here\n");
    }
    if let Some(answer) = realm.faults.instead(realm, Point::Pushed) {
        return answer;
    }
    match push(realm, request) {
        Ok(uri) => {
            let mut json = Map::new();
            json.insert("request_uri".to_owned(), json!(uri));
            let lifetime = realm.settings.lifetimes.pushed.as_secs();
            json.insert("expires_in".to_owned(), json!(lifetime));
            let mut answer = realm
                .faults
                .bend_json(realm, Point::Pushed, json)
                .no_store();
            answer.status = 201;
            answer
        }
        Err(refusal) => refusal.into(),
    }
}

fn push(realm: &Realm, request: &Request) -> Result<String, Refusal> {
    let form = request.form()?;
    form.once_each()?;
    let client = client_auth::identify(realm, request, &form)?;
    if form.get("request_uri").is_some() {
        let text = "a pushed request has no `request_uri`";
        return Err(Refusal::new("invalid_request", text));
    }
    let return_to = return_to(&client, &form)?;
    AuthorizationRequest::read(realm, &client, &form, &return_to)?;
    let uri = format!("{PUSHED_PREFIX}{}", token());
    let now = realm.clock.now();
    let pushed = Pushed {
        client: client.id().to_owned(),
        form,
        expires: now.plus(realm.settings.lifetimes.pushed),
    };
    let mut state = realm.state();
    state.prune(now);
    state.pushed.insert(digest(&uri), pushed);
    Ok(uri)
}

/// Takes what was pushed.
pub(super) fn take(realm: &Realm, client: &Client, uri: &str) -> Result<Form, Refusal> {
    let invalid = |text: &str| Refusal::new("invalid_request", text);
    let mut state = realm.state();
    let key = digest(uri);
    let Some(pushed) = state.pushed.get(&key) else {
        return Err(invalid(
            "there is no such `request_uri`, or it was used before",
        ));
    };
    if pushed.client != client.id() {
        return Err(invalid("another client pushed that request"));
    }
    let live = pushed.expires > realm.clock.now();
    let form = state.pushed.remove(&key).map(|pushed| pushed.form);
    form.filter(|_| live)
        .ok_or_else(|| invalid("the `request_uri` has expired"))
}
