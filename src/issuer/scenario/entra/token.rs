//! The token endpoint: codes, devices, refreshes, and apps that act for themselves.
//!
//! A refresh token is never spent: it serves every API that the app may call, and every tenant
//! where the account is at home or a guest.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::directory::{Asked, CONSUMERS, Seat};
use super::errors::At;
use super::memory::{Access, Grant};
use super::mint::{self, Subject, Terms};
use super::refusal::Refusal;
use super::resource::{self, Wish};
use super::script::{Habit, Struck};
use super::{Call, authorize, device};
use crate::issuer::clients::Client;
use crate::issuer::fault::Point;
use crate::issuer::message::{Answer, Form};
use crate::issuer::mint::Occasion;
use crate::issuer::random::{base64url, digest, token};

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// How long tokens live for who understands challenges.
const LONG: Duration = Duration::from_secs(86_399);

/// How long a refresh token lives after it was made.
const REFRESH_LIFE: Duration = Duration::from_secs(90 * 86_400);

/// What a grant came to.
struct Redeemed {
    grant: Grant,
    id: usize,
    wish: Wish,
    seat: Seat,
    occasion: Occasion,
}

/// Answers a token request.
pub(super) fn answer(call: &Call<'_>) -> Answer {
    match grant(call) {
        Ok(answer) => answer
            .with("Cache-Control", "no-store, no-cache".to_owned())
            .with("Pragma", "no-cache".to_owned()),
        Err(refusal) => call.refuse(&refusal),
    }
}

fn grant(call: &Call<'_>) -> Result<Answer, Refusal> {
    let form = call.request.form().map_err(|_| Refusal::new(9_002_313))?;
    form.once_each().map_err(|_| Refusal::new(9_002_313))?;
    if let Some(origin) = call.request.header("origin") {
        return Err(Refusal::new(9_002_326).saying(format!(
            "Cross-origin token redemption is permitted only for the 'Single-Page Application' \
             client-type. Request origin: '{origin}'."
        )));
    }
    if call.version == 2 && form.get("resource").is_some() {
        return Err(Refusal::new(901_002));
    }
    let client = client(call, &form)?;
    let (at, point) = match form.get("grant_type") {
        Some("authorization_code" | "client_credentials") => (At::Token, Point::Token),
        Some(DEVICE) => (At::Poll, Point::Poll),
        Some("refresh_token") => (At::Refresh, Point::Refresh),
        _ => return Err(Refusal::new(70_003)),
    };
    if let Some(answer) = strike(call, at)? {
        return Ok(answer);
    }
    if let Some(answer) = call.realm.faults.instead(call.realm, point) {
        return Ok(answer);
    }
    let redeemed = match form.get("grant_type") {
        Some("authorization_code") => code(call, &form, &client)?,
        Some("refresh_token") => refresh(call, &form, &client)?,
        Some(DEVICE) => {
            let redeemed = on_device(call, &form, &client)?;
            // A device that is let in gets what any sign-in gets.
            if let Some(answer) = strike(call, At::Token)? {
                return Ok(answer);
            }
            redeemed
        }
        _ => return for_itself(call, &form, &client),
    };
    let after = match redeemed.occasion {
        Occasion::Refresh => Point::Refresh,
        Occasion::SignIn => Point::Token,
    };
    let json = tokens(call, &form, &redeemed);
    Ok(call.realm.faults.bend_json(call.realm, after, json))
}

fn strike(call: &Call<'_>, at: At) -> Result<Option<Answer>, Refusal> {
    match call.stage.scripts.strike(at, call.realm) {
        Some(Struck::Error(code)) => Err(Refusal::new(code)),
        Some(Struck::Answer(answer)) => Ok(Some(answer)),
        None => Ok(None),
    }
}

/// Finds who asks; a secret is wrong for a public client, and needed for any other.
fn client(call: &Call<'_>, form: &Form) -> Result<Client, Refusal> {
    let basic = call.request.header("authorization");
    let id = match form.get("client_id") {
        Some(id) => id.to_owned(),
        None => basic
            .and_then(crate::issuer::endpoints::basic)
            .map(|(id, _)| id)
            .ok_or_else(|| {
                Refusal::new(900_144)
                    .saying("The request body must contain the following parameter: 'client_id'.")
            })?,
    };
    let client = resource::client(call.realm, &id)?;
    let basic = basic.and_then(crate::issuer::endpoints::basic);
    let secret = form.get("client_secret").map(str::to_owned);
    let secret = secret.or(basic.map(|(_, secret)| secret));
    match secret {
        Some(_) if !client.is_confidential() => Err(Refusal::new(700_025)),
        Some(secret) if !client.has_secret(&secret) => Err(Refusal::new(7_000_215)),
        None if client.is_confidential() => Err(Refusal::new(7_000_218)),
        Some(_) | None => Ok(client),
    }
}

fn code(call: &Call<'_>, form: &Form, client: &Client) -> Result<Redeemed, Refusal> {
    let held = digest(form.get("code").unwrap_or_default());
    let verifier = form.get("code_verifier").unwrap_or_default();
    let mut memory = call.stage.memory();
    let Some(code) = memory.codes.get_mut(&held) else {
        return Err(Refusal::new(70_000));
    };
    let (id, asked) = (code.grant, code.asked);
    if std::mem::replace(&mut code.spent, true) {
        return Err(Refusal::new(54_005));
    }
    if code.expires <= call.realm.clock.now() {
        return Err(Refusal::new(70_008));
    }
    if form.get("redirect_uri") != Some(code.redirect_uri.as_str()) {
        return Err(Refusal::new(50_011));
    }
    if base64url(&digest(verifier)) != code.challenge {
        return Err(Refusal::new(501_481));
    }
    if asked != call.asked {
        return Err(Refusal::new(700_005));
    }
    let grant = memory.grant(id).cloned();
    let grant = grant.ok_or_else(|| Refusal::new(50_173))?;
    if grant.client != client.id() {
        return Err(Refusal::new(70_000));
    }
    let wish = match form.get("scope") {
        Some(scope) if call.version == 2 => Wish::parse_one(scope)?,
        _ => grant.wish.clone(),
    };
    redeemed(call, (id, grant), wish, Occasion::SignIn)
}

fn on_device(call: &Call<'_>, form: &Form, client: &Client) -> Result<Redeemed, Refusal> {
    let id = device::poll(call, form, client.id())?;
    let grant = call.stage.memory().grant(id).cloned();
    let grant = grant.ok_or_else(|| Refusal::new(50_173))?;
    let wish = grant.wish.clone();
    redeemed(call, (id, grant), wish, Occasion::SignIn)
}

fn refresh(call: &Call<'_>, form: &Form, client: &Client) -> Result<Redeemed, Refusal> {
    let held = digest(form.get("refresh_token").unwrap_or_default());
    let found = {
        let memory = call.stage.memory();
        let kept = memory.refresh.get(&held).copied();
        kept.map(|(id, expires)| (id, expires, memory.grant(id).cloned()))
    };
    let (id, expires, grant) = found.ok_or_else(|| Refusal::new(70_000))?;
    let grant = grant.ok_or_else(|| Refusal::new(50_173))?;
    if expires <= call.realm.clock.now() {
        return Err(Refusal::new(700_082));
    }
    if grant.client != client.id() {
        return Err(Refusal::new(70_000));
    }
    let scripts = &call.stage.scripts;
    if grant.is_device && scripts.has(Habit::DeviceBlocked) {
        return Err(Refusal::new(53_003));
    }
    let claims = form.get("claims");
    let asks = authorize::asks_for_context(claims)?;
    if !grant.is_strong && (asks || scripts.has(Habit::Mfa)) {
        let refusal = Refusal::new(50_076);
        return Err(match claims {
            Some(claims) if asks => refusal.asking(claims),
            _ => refusal,
        });
    }
    // Of several resources the first one wins, and nobody is told.
    let wish = match (call.version, form.get("scope"), form.get("resource")) {
        (1, scope, Some(resource)) => Wish::of_resource(resource, scope)?,
        (_, Some(scope), _) => Wish::parse(scope)?,
        (_, None, _) => grant.wish.clone(),
    };
    redeemed(call, (id, grant), wish, Occasion::Refresh)
}

fn redeemed(
    call: &Call<'_>,
    (id, grant): (usize, Grant),
    wish: Wish,
    occasion: Occasion,
) -> Result<Redeemed, Refusal> {
    let seat = grant.account.seat(call.asked);
    let seat = seat.ok_or_else(|| authorize::stranger(grant.account))?;
    Ok(Redeemed {
        grant,
        id,
        wish,
        seat,
        occasion,
    })
}

/// Makes every token of an answer and remembers them.
fn tokens(call: &Call<'_>, form: &Form, redeemed: &Redeemed) -> Map<String, Value> {
    let scripts = &call.stage.scripts;
    let claims = form.get("claims");
    let is_capable = says_capable(claims);
    let life = life(call, is_capable);
    let subject = Subject {
        stage: call.stage,
        place: call.place,
        client: &redeemed.grant.client,
        seat: redeemed.seat,
    };
    let terms = Terms {
        wish: &redeemed.wish,
        expires: call.realm.clock.now().plus(life),
        is_capable,
        is_strong: redeemed.grant.is_strong,
    };
    let access = mint::access_token(call.realm, &subject, &terms);
    let refresh = remember(call, redeemed, (&access, &terms), not_before(claims));
    let mut json = answered(&redeemed.wish, life, scripts.has(Habit::ExpiryAsText));
    let mut say = |name: &str, value: Value| {
        json.insert(name.to_owned(), value);
    };
    if life > Duration::from_secs(7200) {
        say("refresh_in", json!(life.as_secs() / 2));
    }
    say("access_token", json!(access));
    if let Some(refresh) = refresh {
        say("refresh_token", json!(refresh));
    }
    if redeemed.wish.has("openid") && !scripts.has(Habit::NoIdToken) {
        let occasion = (redeemed.grant.nonce.as_deref(), redeemed.occasion);
        let (version, wish) = (call.version, &redeemed.wish);
        let id_token = mint::id_token(call.realm, &subject, version, wish, occasion);
        say("id_token", json!(id_token));
    }
    if form.get("client_info") == Some("1") {
        say("client_info", json!(mint::client_info(redeemed.seat)));
    }
    if scripts.has(Habit::Foci) {
        say("foci", json!("1"));
    }
    json
}

/// Remembers an access token, and makes a refresh token if one is due.
fn remember(
    call: &Call<'_>,
    redeemed: &Redeemed,
    (access, terms): (&str, &Terms<'_>),
    not_before: Option<i64>,
) -> Option<String> {
    let scopes = redeemed.wish.granted().into_iter().map(str::to_owned);
    let kept = Access {
        seat: Some(redeemed.seat),
        resource: redeemed.wish.resource,
        scopes: scopes.collect(),
        is_strong: terms.is_strong,
        not_before,
        expires: terms.expires,
    };
    let mut memory = call.stage.memory();
    memory.access.insert(digest(access), kept);
    let offline = |wish: &Wish| wish.has("offline_access");
    if !offline(&redeemed.wish) && !offline(&redeemed.grant.wish) {
        return None;
    }
    if call.stage.scripts.has(Habit::NoRefreshToken) {
        return None;
    }
    // Long, as they are.
    let refresh = format!("1.AXoA{}{}{}", token(), token(), token());
    let life = call.realm.clock.now().plus(REFRESH_LIFE);
    memory.refresh.insert(digest(&refresh), (redeemed.id, life));
    Some(refresh)
}

/// The members that every answer has.
fn answered(wish: &Wish, life: Duration, as_text: bool) -> Map<String, Value> {
    let seconds = life.as_secs();
    let number = |seconds: u64| {
        if as_text {
            json!(seconds.to_string())
        } else {
            json!(seconds)
        }
    };
    let mut json = Map::new();
    json.insert("token_type".to_owned(), json!("Bearer"));
    json.insert("scope".to_owned(), json!(wish.said()));
    json.insert("expires_in".to_owned(), number(seconds));
    json.insert("ext_expires_in".to_owned(), number(seconds));
    json
}

fn life(call: &Call<'_>, is_capable: bool) -> Duration {
    match (call.stage.access_life, is_capable) {
        (Some(life), _) => life,
        (None, true) => LONG,
        (None, false) => mint::random_life(),
    }
}

/// Tells whether the client says that it understands challenges.
fn says_capable(claims: Option<&str>) -> bool {
    let values = member(claims, "xms_cc").and_then(|claim| claim.get("values").cloned());
    let values = values.and_then(|values| values.as_array().cloned());
    values.is_some_and(|values| values.iter().any(|value| value == "cp1"))
}

/// Reads the `nbf` that a challenge asked for: a number in a text.
fn not_before(claims: Option<&str>) -> Option<i64> {
    let claim = member(claims, "nbf")?;
    claim.get("value")?.as_str()?.parse().ok()
}

fn member(claims: Option<&str>, name: &str) -> Option<Value> {
    let json: Value = serde_json::from_str(claims?).ok()?;
    json.get("access_token")?.get(name).cloned()
}

/// Lets an app act for itself: in a tenant that is named, for what it was given once and for all.
fn for_itself(call: &Call<'_>, form: &Form, client: &Client) -> Result<Answer, Refusal> {
    let tenant = match call.asked {
        Asked::One(tenant) if *tenant != CONSUMERS => tenant.id,
        Asked::One(_) | Asked::Common => return Err(Refusal::new(9_001_023)),
        Asked::Organizations => return Err(Refusal::new(50_059)),
    };
    if !client.is_confidential() {
        return Err(Refusal::new(7_000_218));
    }
    let wish = authorize::wish(call, form)?;
    if wish.scopes != [".default"] {
        return Err(Refusal::new(1_002_012));
    }
    let life = life(call, false);
    let expires = call.realm.clock.now().plus(life);
    let scene = (call.stage, call.place);
    let access = mint::app_token(call.realm, scene, (client.id(), tenant), &wish, expires);
    let kept = Access {
        seat: None,
        resource: wish.resource,
        scopes: Vec::new(),
        is_strong: false,
        not_before: None,
        expires,
    };
    call.stage.memory().access.insert(digest(&access), kept);
    let mut json = answered(&wish, life, call.stage.scripts.has(Habit::ExpiryAsText));
    json.remove("scope");
    json.insert("access_token".to_owned(), json!(access));
    Ok(Answer::json(200, &Value::Object(json)))
}
