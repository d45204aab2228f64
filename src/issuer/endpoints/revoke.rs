//! Token revocation (RFC 7009).
//!
//! Revoking a refresh token ends its whole family; an unknown token is no error (§2.2).

use crate::issuer::message::{Answer, Refusal, Request};
use crate::issuer::random::digest;
use crate::issuer::realm::Realm;

use super::client_auth;

/// Answers a revocation request.
pub(super) fn answer(realm: &Realm, request: &Request) -> Answer {
    match revoke(realm, request) {
        Ok(()) => Answer::empty(200).no_store(),
        Err(refusal) => refusal.into(),
    }
}

fn revoke(realm: &Realm, request: &Request) -> Result<(), Refusal> {
    let form = request.form()?;
    form.once_each()?;
    let client = client_auth::identify(realm, request, &form)?;
    let token = digest(form.need("token")?);
    let mut state = realm.state();
    let refresh = state.refresh.get(&token).map(|refresh| refresh.grant);
    let access = state.access.get(&token).map(|access| access.grant);
    let Some(grant) = refresh.or(access) else {
        return Ok(());
    };
    if state.client_of(grant) != Some(client.id()) {
        let text = "the token was made for another client";
        return Err(Refusal::new("invalid_grant", text));
    }
    if refresh.is_some() {
        state.revoke(grant);
    } else {
        state.access.remove(&token);
    }
    Ok(())
}
