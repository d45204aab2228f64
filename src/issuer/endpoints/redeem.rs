//! Each grant, from what the client holds to what it may have
//! (RFC 6749 §4.1.3, §4.4, §6, RFC 7636 §4.6, RFC 8628 §3.4, RFC 8707 §2.2).
//!
//! A code is good once; a second use ends what the first one got. A refresh token that was replaced
//! ends its family when it is used again (RFC 9700 §4.14). Both are decided under one lock.

use crate::base::Scopes;
use crate::issuer::clients::Client;
use crate::issuer::fault::Flag;
use crate::issuer::message::{Form, Refusal};
use crate::issuer::mint::Occasion;
use crate::issuer::random::{base64url, digest};
use crate::issuer::realm::{DEFAULT_AUDIENCE, IDENTITY_SCOPES, Realm};
use crate::issuer::settings::Rotation;
use crate::issuer::state::{Decision, Grant, GrantId, Target};

use super::{authorize, device};

/// What the client may have.
pub(super) struct Redeemed {
    pub(super) id: GrantId,
    pub(super) grant: Grant,
    pub(super) scopes: Scopes,
    pub(super) audience: Vec<String>,
    pub(super) occasion: Occasion,
}

/// Redeems an authorization code (RFC 6749 §4.1.3).
pub(super) fn code(realm: &Realm, client: &Client, form: &Form) -> Result<Redeemed, Refusal> {
    let (held, verifier) = (digest(form.need("code")?), form.need("code_verifier")?);
    let redirect_uri = form.need("redirect_uri")?;
    let asked = authorize::target(form)?;
    let mut state = realm.state();
    let Some(code) = state.codes.get(&held) else {
        return Err(invalid("there is no such code"));
    };
    let (id, spent) = (code.grant, code.spent);
    let expired = code.expires <= realm.clock.now();
    let returns = code.redirect_uri == redirect_uri;
    let proven = is_verifier(verifier) && base64url(&digest(verifier)) == code.challenge;
    if state.client_of(id) != Some(client.id()) {
        return Err(invalid("the code was made for another client"));
    }
    if spent {
        state.revoke(id);
        return Err(invalid("the code was used before: what it gave is revoked"));
    }
    // Whatever comes next, the code is gone: who has it without the verifier has stolen it.
    if let Some(code) = state.codes.get_mut(&held) {
        code.spent = true;
    }
    if expired {
        return Err(invalid("the code has expired"));
    }
    if !returns {
        return Err(invalid(
            "`redirect_uri` is not that of the authorization request",
        ));
    }
    if !proven {
        return Err(invalid("`code_verifier` does not fit the challenge"));
    }
    let grant = state.grant(id).cloned();
    let grant = grant.ok_or_else(|| invalid("the grant was revoked"))?;
    Ok(Redeemed {
        id,
        scopes: grant.scopes.clone(),
        audience: audience(&grant.target, &asked)?,
        grant,
        occasion: Occasion::SignIn,
    })
}

/// 43 to 128 unreserved characters (RFC 7636 §4.1).
fn is_verifier(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(fits)
}

/// Redeems a refresh token (RFC 6749 §6).
pub(super) fn refresh(realm: &Realm, client: &Client, form: &Form) -> Result<Redeemed, Refusal> {
    let held = digest(form.need("refresh_token")?);
    let asked = authorize::target(form)?;
    let mut state = realm.state();
    let Some(refresh) = state.refresh.get(&held) else {
        return Err(invalid("there is no such refresh token"));
    };
    let (id, spent, expires) = (refresh.grant, refresh.spent, refresh.expires);
    if state.client_of(id) != Some(client.id()) {
        return Err(invalid("the refresh token was made for another client"));
    }
    if realm.faults.flag_once(Flag::RefreshReused) {
        state.revoke(id);
    }
    let again = spent.map(|at| realm.clock.elapsed().saturating_sub(at));
    match (again, realm.settings.rotation) {
        (None, _) | (Some(_), Rotation::Keep) => {}
        (Some(since), Rotation::RotateWithGrace(grace)) if since <= grace => {}
        (Some(_), Rotation::RotateAndForgive) => {
            return Err(invalid("the refresh token was used before"));
        }
        (Some(_), Rotation::Rotate | Rotation::RotateWithGrace(_)) => {
            state.revoke(id);
            return Err(invalid(
                "the refresh token was used before: its family is revoked",
            ));
        }
    }
    let grant = state.grant(id).cloned();
    let grant = grant.ok_or_else(|| invalid("the grant was revoked"))?;
    if expires <= realm.clock.now() {
        return Err(invalid("the refresh token has expired"));
    }
    let audience = audience(&grant.target, &asked)?;
    let scopes = narrowed(realm, &grant, form)?;
    // Spent under the same lock that found it fresh: of two at once, one is the second.
    if !refresh_stays(realm)
        && let Some(refresh) = state.refresh.get_mut(&held)
    {
        refresh.spent.get_or_insert(realm.clock.elapsed());
    }
    Ok(Redeemed {
        id,
        grant,
        scopes,
        audience,
        occasion: Occasion::Refresh,
    })
}

/// Tells whether a refresh leaves the refresh token as it is.
pub(super) fn refresh_stays(realm: &Realm) -> bool {
    realm.settings.rotation == Rotation::Keep || realm.faults.flag(Flag::RefreshStays)
}

/// Reads a scope that may ask for less than was granted, never for more (RFC 6749 §6).
fn narrowed(realm: &Realm, grant: &Grant, form: &Form) -> Result<Scopes, Refusal> {
    let Some(text) = form.get("scope") else {
        return Ok(grant.scopes.clone());
    };
    let scopes = realm.parse_scopes(text)?;
    if grant.scopes.covers(&scopes) {
        Ok(scopes)
    } else {
        Err(Refusal::new(
            "invalid_scope",
            "`scope` is more than was granted",
        ))
    }
}

/// Redeems a device code, or says what the device has to wait for (RFC 8628 §3.4).
pub(super) fn device(realm: &Realm, client: &Client, form: &Form) -> Result<Redeemed, Refusal> {
    let code = digest(form.need("device_code")?);
    let asked = authorize::target(form)?;
    let mut state = realm.state();
    let id = device::poll(realm, &mut state, client, code, realm.clock.elapsed())?;
    let grant = state.grant(id).cloned();
    let grant = grant.ok_or_else(|| invalid("the grant was revoked"))?;
    if let Some(device) = state.devices.get_mut(&code) {
        device.decision = Decision::Spent;
    }
    Ok(Redeemed {
        id,
        scopes: grant.scopes.clone(),
        audience: audience(&grant.target, &asked)?,
        grant,
        occasion: Occasion::SignIn,
    })
}

/// Lets a client act for itself (RFC 6749 §4.4).
pub(super) fn nothing(realm: &Realm, client: &Client, form: &Form) -> Result<Redeemed, Refusal> {
    if !client.is_confidential() {
        let text = "only a client with a secret may act for itself";
        return Err(Refusal::new("unauthorized_client", text));
    }
    let scopes = realm.parse_scopes(form.get("scope").unwrap_or_default())?;
    if IDENTITY_SCOPES
        .into_iter()
        .any(|scope| scopes.contains(scope))
    {
        let text = "a client that acts for itself has no scopes of a person";
        return Err(Refusal::new("invalid_scope", text));
    }
    let target = authorize::target(form)?;
    let grant = Grant {
        client: client.id().to_owned(),
        person: None,
        scopes: scopes.clone(),
        auth_time: realm.clock.now(),
        sid: String::new(),
        nonce: None,
        target: target.clone(),
        revoked: false,
    };
    Ok(Redeemed {
        id: realm.state().add(grant.clone()),
        grant,
        scopes,
        audience: audience(&target, &Target::default())?,
        occasion: Occasion::SignIn,
    })
}

/// Chooses who the access token is for: never more than was granted (RFC 8707 §2.2).
fn audience(granted: &Target, asked: &Target) -> Result<Vec<String>, Refusal> {
    let invalid = |text: String| Refusal::new("invalid_target", text);
    let limited = !granted.resources.is_empty();
    let mut asks = asked.resources.iter();
    let strange = asks.find(|resource| !granted.resources.contains(resource));
    if let (true, Some(resource)) = (limited, strange) {
        return Err(invalid(format!("`{resource}` was not granted")));
    }
    let both = asked.audience.is_some() && granted.audience.is_some();
    if both && asked.audience != granted.audience {
        return Err(invalid(
            "`audience` is another one than was granted".to_owned(),
        ));
    }
    let chosen = if asked.resources.is_empty() {
        granted
    } else {
        asked
    };
    let mut audience = chosen.resources.clone();
    audience.extend(asked.audience.clone().or_else(|| granted.audience.clone()));
    if audience.is_empty() {
        audience.push(DEFAULT_AUDIENCE.to_owned());
    }
    Ok(audience)
}

fn invalid(text: &str) -> Refusal {
    Refusal::new("invalid_grant", text)
}
