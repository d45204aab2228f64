//! The token endpoint (RFC 6749 §3.2, §5, OIDC Core §3.1.3, §12).
//!
//! No answer is ever cacheable. A refresh token is given for `offline_access` only.

use serde_json::{Map, Value, json};

use crate::issuer::clients::Client;
use crate::issuer::fault::{Flag, Point};
use crate::issuer::message::{Answer, Form, Refusal, Request};
use crate::issuer::mint::{self, Occasion};
use crate::issuer::random::{digest, token};
use crate::issuer::realm::Realm;
use crate::issuer::state::{Grant, Refresh};

use super::client_auth;
use super::redeem::{self, Redeemed};

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

/// Trades what a form holds.
type Redeem = fn(&Realm, &Client, &Form) -> Result<Redeemed, Refusal>;

fn grant(realm: &Realm, request: &Request) -> Result<Answer, Refusal> {
    let form = request.form()?;
    form.once_each()?;
    let kind = form.need("grant_type")?;
    let client = client_auth::identify(realm, request, &form)?;
    // Each with what a fault may answer before, and after, it is redeemed.
    let (before, after, redeem): (_, _, Redeem) = match kind {
        CODE => (Point::Token, Point::Token, redeem::code),
        REFRESH => (Point::Refresh, Point::Refresh, redeem::refresh),
        DEVICE => (Point::Poll, Point::Token, redeem::device),
        CREDENTIALS => (Point::Token, Point::Token, redeem::nothing),
        _ => {
            let text = "there is no such grant type";
            return Err(Refusal::new("unsupported_grant_type", text));
        }
    };
    if let Some(answer) = realm.faults.instead(realm, before) {
        return Ok(answer);
    }
    let redeemed = redeem(realm, &client, &form)?;
    if before != after
        && let Some(answer) = realm.faults.instead(realm, after)
    {
        return Ok(answer);
    }
    let tokens = tokens(realm, redeemed);
    Ok(realm.faults.bend_json(realm, after, tokens))
}

/// Makes every token of an answer and remembers them.
fn tokens(realm: &Realm, redeemed: Redeemed) -> Map<String, Value> {
    let (id, grant, occasion) = (redeemed.id, &redeemed.grant, redeemed.occasion);
    let wants_id_token = grant.person.is_some() && redeemed.scopes.contains("openid");
    let mut answer = Map::new();
    let mut say = |name: &str, value: Value| {
        answer.insert(name.to_owned(), value);
    };
    say("token_type", json!("Bearer"));
    say(
        "expires_in",
        json!(realm.settings.lifetimes.access.as_secs()),
    );
    say("scope", json!(redeemed.scopes.to_string()));
    let (scopes, audience) = (redeemed.scopes, redeemed.audience);
    let (access, record) = mint::access_token(realm, id, grant, scopes, audience);
    let id_token = wants_id_token.then(|| id_token(realm, grant, occasion, &access));
    let stays = occasion == Occasion::Refresh && redeem::refresh_stays(realm);
    let may_refresh = grant.person.is_some() && grant.scopes.contains("offline_access");
    let refresh = (may_refresh && !stays).then(token);
    let now = realm.clock.now();
    let mut state = realm.state();
    state.prune(now);
    state.access.insert(digest(&access), record);
    say("access_token", json!(access));
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

fn id_token(realm: &Realm, grant: &Grant, occasion: Occasion, access: &str) -> String {
    if realm.faults.flag_once(Flag::RotateBefore) {
        realm.rotate_keys();
    }
    let text = mint::id_token(realm, grant, occasion, access);
    if realm.faults.flag_once(Flag::RotateAfter) {
        realm.rotate_keys();
    }
    text
}
