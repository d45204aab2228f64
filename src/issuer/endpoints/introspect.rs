//! Token introspection (RFC 7662), for clients with a secret only (§2.1, §4).
//!
//! About a token that is not live it says so and nothing else (§2.2).

use serde_json::{Value, json};

use crate::issuer::message::{Answer, Refusal, Request};
use crate::issuer::mint;
use crate::issuer::random::digest;
use crate::issuer::realm::Realm;

use super::client_auth;

/// Answers an introspection request.
pub(super) fn answer(realm: &Realm, request: &Request) -> Answer {
    match look(realm, request) {
        Ok(json) => Answer::json(200, &json).no_store(),
        Err(refusal) => refusal.into(),
    }
}

fn look(realm: &Realm, request: &Request) -> Result<Value, Refusal> {
    let form = request.form()?;
    form.once_each()?;
    let client = client_auth::identify(realm, request, &form)?;
    if !client.is_confidential() {
        return Err(Refusal::of_client(
            "introspection is for clients with a secret",
        ));
    }
    let (token, now) = (form.need("token")?, realm.clock.now());
    let state = realm.state();
    if let Some((access, grant)) = state.live_access(token, now) {
        return Ok(json!({
            "active": true,
            "iss": realm.issuer,
            "sub": mint::subject(grant),
            "client_id": grant.client,
            "username": grant.person.map(|person| person.id),
            "scope": access.scopes.to_string(),
            "aud": access.audience,
            "iat": access.issued,
            "exp": access.expires,
            "token_type": "Bearer",
        }));
    }
    let refresh = state
        .refresh
        .get(&digest(token))
        .filter(|refresh| refresh.expires > now && refresh.spent.is_none());
    if let Some(refresh) = refresh
        && let Some(grant) = state.grant(refresh.grant)
    {
        return Ok(json!({
            "active": true,
            "iss": realm.issuer,
            "sub": mint::subject(grant),
            "client_id": grant.client,
            "scope": grant.scopes.to_string(),
            "exp": refresh.expires,
        }));
    }
    Ok(json!({ "active": false }))
}
