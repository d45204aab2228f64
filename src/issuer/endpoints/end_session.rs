//! Signing out, started by the client (OIDC RP-Initiated Logout §2, §3).
//!
//! Without a hint that we made ourselves, a person confirms first; and nobody is redirected to an
//! address that is not the client's. Refresh tokens live on: `offline_access` means just that.

use url::form_urlencoded::Serializer;

use crate::issuer::clients::Client;
use crate::issuer::message::{Answer, Form, Method, Refusal, Request};
use crate::issuer::pages;
use crate::issuer::random::digest;
use crate::issuer::realm::Realm;
use crate::issuer::server::COOKIE;
use crate::issuer::state::Asks;

use super::sign_in;

/// Answers a request to sign out, and the confirmation of one.
pub(super) fn answer(realm: &Realm, request: &Request) -> Answer {
    let answered = match request.method {
        Method::Post => request.form(),
        Method::Get | Method::Other => Ok(request.query()),
    };
    let answered = answered.and_then(|form| {
        form.once_each()?;
        match form.get("ticket") {
            Some(_) => confirmed(realm, request),
            None => asked(realm, request, &form),
        }
    });
    answered.unwrap_or_else(|refusal| pages::refusal(&refusal))
}

fn asked(realm: &Realm, request: &Request, form: &Form) -> Result<Answer, Refusal> {
    let invalid = |text: &str| Refusal::new("invalid_request", text);
    let hinted = match form.get("id_token_hint") {
        None => None,
        Some(hint) => {
            let state = realm.state();
            let grant = state.id_tokens.get(&digest(hint));
            let client = grant.and_then(|grant| state.client_of(*grant));
            let client = client.ok_or_else(|| invalid("`id_token_hint` is no ID token of ours"))?;
            Some(client.to_owned())
        }
    };
    let named = form.get("client_id").map(str::to_owned);
    if hinted.is_some() && named.is_some() && hinted != named {
        return Err(invalid(
            "`client_id` is not who `id_token_hint` was made for",
        ));
    }
    let client = hinted.clone().or(named).and_then(|id| realm.client(&id));
    let next = next(client.as_ref(), form)?;
    if hinted.is_some() {
        return Ok(sign_out(realm, request, next));
    }
    let ticket = sign_in::issue(realm, Asks::SignOut(next));
    Ok(pages::sign_out(&ticket))
}

fn confirmed(realm: &Realm, request: &Request) -> Result<Answer, Refusal> {
    let form = sign_in::read(realm, request)?;
    match sign_in::redeem(realm, &form)? {
        Asks::SignOut(next) => Ok(sign_out(realm, request, next)),
        Asks::Device(_) | Asks::SignIn(_) => Err(Refusal::new(
            "invalid_request",
            "this page asked something else",
        )),
    }
}

/// Finds where the browser goes afterwards, with the `state` it came with.
fn next(client: Option<&Client>, form: &Form) -> Result<Option<String>, Refusal> {
    let Some(uri) = form.get("post_logout_redirect_uri") else {
        return Ok(None);
    };
    if !client.is_some_and(|client| client.may_use(uri)) {
        let text = format!("`{uri}` is no address of a known client");
        return Err(Refusal::new("invalid_request", text));
    }
    let Some(state) = form.get("state") else {
        return Ok(Some(uri.to_owned()));
    };
    let separator = if uri.contains('?') { '&' } else { '?' };
    let query = Serializer::new(String::new())
        .append_pair("state", state)
        .finish();
    Ok(Some(format!("{uri}{separator}{query}")))
}

fn sign_out(realm: &Realm, request: &Request, next: Option<String>) -> Answer {
    if let Some(cookie) = request.cookie(COOKIE) {
        realm.state().sessions.remove(&digest(cookie));
    }
    let answer = match next {
        Some(uri) => Answer::redirect(uri),
        None => pages::done(
            "Signed out",
            "This browser is signed out. You can close this page.",
        ),
    };
    let path = match realm.settings.path.as_str() {
        "" => "/",
        path => path,
    };
    answer.with(
        "Set-Cookie",
        format!("{COOKIE}=; Path={path}; Max-Age=0; HttpOnly; SameSite=Lax"),
    )
}
