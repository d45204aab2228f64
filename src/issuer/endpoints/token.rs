//! The token endpoint (RFC 6749 §4.1.3, §4.4, §6, RFC 7636 §4.6, RFC 8628 §3.4, RFC 8707 §2.2).
//!
//! A code is good once; a second use ends what the first one got. A refresh token that was replaced
//! ends its family when it is used again (RFC 9700 §4.14). No answer is ever cacheable.

use serde_json::{Map, Value, json};

use crate::base::Scopes;
use crate::issuer::clients::Client;
use crate::issuer::fault::{Flag, Point};
use crate::issuer::message::{Answer, Form, Refusal, Request};
use crate::issuer::mint::{self, Occasion};
use crate::issuer::random::{base64url, digest, token};
use crate::issuer::realm::{DEFAULT_AUDIENCE, IDENTITY_SCOPES, Realm};
use crate::issuer::settings::Rotation;
use crate::issuer::state::{Decision, Grant, GrantId, Refresh, Target};

use super::{authorize, client_auth};

const CODE: &str = "authorization_code";
const CREDENTIALS: &str = "client_credentials";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const REFRESH: &str = "refresh_token";

/// The grant types there are.
pub(in crate::issuer) const GRANTS: [&str; 4] = [CODE, REFRESH, DEVICE, CREDENTIALS];

/// Answers a token request.
pub(super) fn answer(realm: &Realm, request: &Request) -> Answer {
    match grant(realm, request) {
        Ok(answer) => answer.no_store(),
        Err(refusal) => refusal.into(),
    }
}

fn grant(realm: &Realm, request: &Request) -> Result<Answer, Refusal> {
    let form = request.form()?;
    form.once_each()?;
    let kind = form.need("grant_type")?.to_owned();
    let client = client_auth::identify(realm, request, &form)?;
    let (point, issue) = match kind.as_str() {
        CODE => (Point::Token, redeem_code as Redeem),
        REFRESH => (Point::Refresh, redeem_refresh as Redeem),
        DEVICE => (Point::Poll, redeem_device as Redeem),
        CREDENTIALS => (Point::Token, redeem_nothing as Redeem),
        _ => {
            let text = "there is no such grant type";
            return Err(Refusal::new("unsupported_grant_type", text));
        }
    };
    if let Some(answer) = realm.faults.instead(realm, point) {
        return Ok(answer);
    }
    let tokens = issue(realm, &client, &form)?;
    // What ends a poll is the token answer of a sign-in like any other.
    let point = if kind == REFRESH { point } else { Point::Token };
    if kind == DEVICE
        && let Some(answer) = realm.faults.instead(realm, point)
    {
        return Ok(answer);
    }
    Ok(realm.faults.bend_json(realm, point, tokens))
}

/// Trades what a form holds for tokens.
type Redeem = fn(&Realm, &Client, &Form) -> Result<Map<String, Value>, Refusal>;

fn redeem_code(realm: &Realm, client: &Client, form: &Form) -> Result<Map<String, Value>, Refusal> {
    let invalid = |text: &str| Refusal::new("invalid_grant", text);
    let (code, verifier) = (form.need("code")?, form.need("code_verifier")?);
    let redirect_uri = form.need("redirect_uri")?;
    let target = authorize::target(form)?;
    let (id, grant) = {
        let mut state = realm.state();
        let Some(code) = state.codes.get_mut(&digest(code)) else {
            return Err(invalid("there is no such code"));
        };
        let (id, spent) = (code.grant, code.spent);
        let expired = code.expires <= realm.clock.now();
        let fits = code.redirect_uri == redirect_uri;
        let proven = base64url(&digest(verifier)) == code.challenge && is_verifier(verifier);
        let of_client = state.client_of(id) == Some(client.id());
        if !of_client {
            return Err(invalid("the code was made for another client"));
        }
        if spent {
            state.revoke(id);
            return Err(invalid("the code was used before: what it gave is revoked"));
        }
        // Whatever comes next, the code is gone: a wrong verifier is somebody else's.
        if let Some(code) = state.codes.get_mut(&digest(form.need("code")?)) {
            code.spent = true;
        }
        if expired {
            return Err(invalid("the code has expired"));
        }
        if !fits {
            return Err(invalid(
                "`redirect_uri` is not that of the authorization request",
            ));
        }
        if !proven {
            return Err(invalid("`code_verifier` does not fit the challenge"));
        }
        let grant = state.grant(id).cloned();
        (id, grant.ok_or_else(|| invalid("the grant was revoked"))?)
    };
    let audience = audience(&grant.target, &target)?;
    let scopes = grant.scopes.clone();
    Ok(tokens(
        realm,
        (id, &grant),
        scopes,
        audience,
        Occasion::SignIn,
    ))
}

/// 43 to 128 unreserved characters (RFC 7636 §4.1).
fn is_verifier(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(fits)
}

fn redeem_refresh(
    realm: &Realm,
    client: &Client,
    form: &Form,
) -> Result<Map<String, Value>, Refusal> {
    let invalid = |text: &str| Refusal::new("invalid_grant", text);
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
    if !stays(realm)
        && let Some(refresh) = state.refresh.get_mut(&held)
    {
        refresh.spent.get_or_insert(realm.clock.elapsed());
    }
    drop(state);
    Ok(tokens(
        realm,
        (id, &grant),
        scopes,
        audience,
        Occasion::Refresh,
    ))
}

/// Tells whether a refresh leaves the refresh token as it is.
fn stays(realm: &Realm) -> bool {
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

fn redeem_device(
    realm: &Realm,
    client: &Client,
    form: &Form,
) -> Result<Map<String, Value>, Refusal> {
    let code = digest(form.need("device_code")?);
    let target = authorize::target(form)?;
    let (id, grant) = {
        let mut state = realm.state();
        let id = super::device::poll(realm, &mut state, client, code)?;
        let grant = state.grant(id).cloned();
        let gone = || Refusal::new("invalid_grant", "the grant was revoked");
        let grant = grant.ok_or_else(gone)?;
        if let Some(device) = state.devices.get_mut(&code) {
            device.decision = Decision::Spent;
        }
        (id, grant)
    };
    let audience = audience(&grant.target, &target)?;
    let scopes = grant.scopes.clone();
    Ok(tokens(
        realm,
        (id, &grant),
        scopes,
        audience,
        Occasion::SignIn,
    ))
}

/// The client acts for itself (RFC 6749 §4.4).
fn redeem_nothing(
    realm: &Realm,
    client: &Client,
    form: &Form,
) -> Result<Map<String, Value>, Refusal> {
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
    let audience = audience(&target, &Target::default())?;
    let grant = Grant {
        client: client.id().to_owned(),
        person: None,
        scopes: scopes.clone(),
        auth_time: realm.clock.now(),
        sid: String::new(),
        nonce: None,
        target,
        revoked: false,
    };
    let id = realm.state().add(grant.clone());
    Ok(tokens(
        realm,
        (id, &grant),
        scopes,
        audience,
        Occasion::SignIn,
    ))
}

/// Chooses who the access token is for: never more than was granted (RFC 8707 §2.2).
fn audience(granted: &Target, asked: &Target) -> Result<Vec<String>, Refusal> {
    let invalid = |text: String| Refusal::new("invalid_target", text);
    let limited = !granted.resources.is_empty();
    let strange = asked
        .resources
        .iter()
        .find(|resource| !granted.resources.contains(resource));
    if let (true, Some(resource)) = (limited, strange) {
        return Err(invalid(format!("`{resource}` was not granted")));
    }
    let changed = asked.audience.is_some() && granted.audience.is_some();
    if changed && asked.audience != granted.audience {
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

/// Makes every token of an answer and remembers them.
fn tokens(
    realm: &Realm,
    (id, grant): (GrantId, &Grant),
    scopes: Scopes,
    audience: Vec<String>,
    occasion: Occasion,
) -> Map<String, Value> {
    let (access, record) = mint::access_token(realm, id, grant, scopes.clone(), audience);
    let mut answer = Map::new();
    let mut say = |name: &str, value: Value| {
        answer.insert(name.to_owned(), value);
    };
    say("access_token", json!(access));
    say("token_type", json!("Bearer"));
    say(
        "expires_in",
        json!(realm.settings.lifetimes.access.as_secs()),
    );
    say("scope", json!(scopes.to_string()));
    let id_token = (grant.person.is_some() && scopes.contains("openid")).then(|| {
        if realm.faults.flag_once(Flag::RotateBefore) {
            realm.rotate_keys();
        }
        let text = mint::id_token(realm, grant, occasion, &access);
        if realm.faults.flag_once(Flag::RotateAfter) {
            realm.rotate_keys();
        }
        text
    });
    let stays = occasion == Occasion::Refresh && stays(realm);
    let may_refresh = grant.person.is_some() && grant.scopes.contains("offline_access");
    let refresh = (may_refresh && !stays).then(token);
    let now = realm.clock.now();
    let mut state = realm.state();
    state.prune(now);
    state.access.insert(digest(&access), record);
    if let Some(text) = id_token {
        state.id_tokens.insert(digest(&text), id);
        say("id_token", json!(text));
    }
    if let Some(text) = refresh {
        let kept = Refresh {
            grant: id,
            expires: now.plus(realm.settings.lifetimes.refresh),
            spent: None,
        };
        state.refresh.insert(digest(&text), kept);
        say("refresh_token", json!(text));
    }
    answer
}
