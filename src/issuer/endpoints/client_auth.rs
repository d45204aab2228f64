//! Who asks: client authentication (RFC 6749 §2.3, §3.2.1).
//!
//! One method per request; a public client gives no secret, a confidential one must.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

use crate::issuer::clients::Client;
use crate::issuer::fault::Flag;
use crate::issuer::message::{Form, Refusal, Request};
use crate::issuer::realm::Realm;

/// Finds the client that asks.
pub(super) fn identify(realm: &Realm, request: &Request, form: &Form) -> Result<Client, Refusal> {
    let (id, secret) = match request.header("authorization") {
        None => {
            let id = form.need("client_id")?.to_owned();
            if form.get("client_secret").is_some() && realm.faults.flag(Flag::BasicOnly) {
                let text = "client secrets are taken by HTTP Basic only";
                return Err(Refusal::of_client(text));
            }
            (id, form.get("client_secret").map(str::to_owned))
        }
        Some(header) => {
            if form.get("client_secret").is_some() {
                let text = "the client authenticates in two ways at once";
                return Err(Refusal::new("invalid_request", text));
            }
            let (id, secret) = basic(header)
                .ok_or_else(|| Refusal::of_client("the Authorization field is not HTTP Basic"))?;
            if form.get("client_id").is_some_and(|other| other != id) {
                let text = "`client_id` is not who authenticates";
                return Err(Refusal::new("invalid_request", text));
            }
            (id, Some(secret))
        }
    };
    let client = realm
        .client(&id)
        .ok_or_else(|| Refusal::of_client("there is no such client"))?;
    match secret {
        Some(secret) if client.has_secret(&secret) => Ok(client),
        None if !client.is_confidential() => Ok(client),
        Some(_) if client.is_confidential() => Err(Refusal::of_client("the secret is wrong")),
        Some(_) => Err(Refusal::of_client("a public client has no secret")),
        None => Err(Refusal::of_client("the client must authenticate")),
    }
}

/// Reads HTTP Basic; both halves are form-encoded first (RFC 6749 §2.3.1).
pub(in crate::issuer) fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((decode(id)?, decode(secret)?))
}

fn decode(text: &str) -> Option<String> {
    let pair = format!("v={}", text.replace('&', "%26").replace('=', "%3D"));
    let decoded = form_urlencoded::parse(pair.as_bytes())
        .next()?
        .1
        .into_owned();
    Some(decoded)
}
