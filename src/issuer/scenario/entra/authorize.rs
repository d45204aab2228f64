//! The authorization endpoint, the page behind it, and signing out.
//!
//! Sends a code to a redirect URI of the app and nowhere else; what is wrong before that is known
//! stays on a page. PKCE is required here, so that a client that forgets it is found out.

use std::time::Duration;

use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::directory::{Account, Asked};
use super::errors::At;
use super::memory::{Code, Grant, Ticket};
use super::mint;
use super::pages;
use super::place::Place;
use super::refusal::{Refusal, guid};
use super::resource::{self, SINGLE_TENANT_APP, Wish};
use super::script::Struck;
use super::{Call, Stage};
use crate::issuer::clients::Client;
use crate::issuer::message::{Answer, Form, Method, Request};
use crate::issuer::random::{digest, token};
use crate::issuer::realm::Realm;
use crate::issuer::server::{COOKIE, new_cookie};

/// How long a code is good.
const CODE_LIFE: Duration = Duration::from_secs(600);

/// The longest `claims` that is read.
const MOST_CLAIMS: usize = 8192;

/// A request that is in order, and where its answer goes.
#[derive(Clone)]
pub(super) struct SignIn {
    pub(super) client: String,
    pub(super) wish: Wish,
    pub(super) return_to: ReturnTo,
    asked: Asked,
    challenge: String,
    nonce: Option<String>,
    is_strong: bool,
    wants_info: bool,
}

/// Where an answer goes, and how.
#[derive(Clone)]
pub(super) struct ReturnTo {
    pub(super) uri: String,
    mode: Mode,
    state: Option<String>,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Mode {
    Query,
    Fragment,
    FormPost,
}

/// Answers an authorization request.
pub(super) fn answer(call: &Call<'_>) -> Answer {
    let form = match call.request.method {
        Method::Post => match call.request.form() {
            Ok(form) => form,
            Err(_) => return on_page(call, &Refusal::new(9_002_313)),
        },
        Method::Get | Method::Other => call.request.query(),
    };
    let (client, return_to) = match known(call, &form) {
        Ok(known) => known,
        Err(refusal) => return on_page(call, &refusal),
    };
    match call.stage.scripts.strike(At::Authorize, call.realm) {
        Some(Struck::Error(code)) => return send_back(call, &return_to, &Refusal::new(code)),
        Some(Struck::Answer(answer)) => return answer,
        None => {}
    }
    match read(call, &client, &form, &return_to) {
        Ok(asked) => decide(call, asked, &form),
        Err(refusal) => send_back(call, &return_to, &refusal),
    }
}

fn on_page(call: &Call<'_>, refusal: &Refusal) -> Answer {
    pages::refusal(call.realm, call.place, refusal)
}

fn send_back(call: &Call<'_>, return_to: &ReturnTo, refusal: &Refusal) -> Answer {
    return_to.refuse(call.realm, call.place, refusal)
}

/// Finds the client and where its answers may go.
fn known(call: &Call<'_>, form: &Form) -> Result<(Client, ReturnTo), Refusal> {
    let id = form.get("client_id");
    let id = id.ok_or_else(|| missing("client_id"))?;
    let client = resource::client(call.realm, id)?;
    let uri = form.get("redirect_uri");
    let uri = uri.ok_or_else(|| missing("redirect_uri"))?;
    if !client.may_use(uri) || !is_registered(uri) {
        return Err(Refusal::new(50_011).saying(format!(
            "The redirect URI '{uri}' specified in the request does not match the redirect URIs \
             configured for the application '{id}'."
        )));
    }
    let mode = match form.get("response_mode") {
        None | Some("query") => Mode::Query,
        Some("fragment") => Mode::Fragment,
        Some("form_post") => Mode::FormPost,
        Some(_) => return Err(Refusal::new(70_007)),
    };
    let return_to = ReturnTo {
        uri: uri.to_owned(),
        mode,
        state: form.get("state").map(str::to_owned),
    };
    Ok((client, return_to))
}

/// `http://localhost` is registered, whose port is free and whose path is not.
fn is_registered(uri: &str) -> bool {
    url::Url::parse(uri).is_ok_and(|url| url.path() == "/" && url.host_str() != Some("[::1]"))
}

fn missing(name: &str) -> Refusal {
    Refusal::new(900_144).saying(format!(
        "The request body must contain the following parameter: '{name}'."
    ))
}

/// Reads everything that the app may be told about.
fn read(
    call: &Call<'_>,
    client: &Client,
    form: &Form,
    return_to: &ReturnTo,
) -> Result<SignIn, Refusal> {
    if form.once_each().is_err() {
        return Err(Refusal::new(9_002_313));
    }
    match form.get("response_type") {
        Some("code") => {}
        Some("id_token") => return Err(Refusal::new(700_054)),
        _ => return Err(Refusal::new(70_005)),
    }
    if client.id() == SINGLE_TENANT_APP && call.asked == Asked::Common {
        return Err(Refusal::new(50_194));
    }
    let challenge = form.get("code_challenge");
    let challenge = challenge.ok_or_else(|| Refusal::new(9_002_325))?;
    if challenge.len() != 43 || form.get("code_challenge_method") != Some("S256") {
        return Err(Refusal::new(50_147));
    }
    Ok(SignIn {
        client: client.id().to_owned(),
        wish: wish(call, form)?,
        return_to: return_to.clone(),
        asked: call.asked,
        challenge: challenge.to_owned(),
        nonce: form.get("nonce").map(str::to_owned),
        is_strong: asks_for_context(form.get("claims"))?,
        wants_info: form.get("client_info") == Some("1"),
    })
}

/// Reads what a request of either version asks for.
pub(super) fn wish(call: &Call<'_>, form: &Form) -> Result<Wish, Refusal> {
    match (call.version, form.get("resource"), form.get("scope")) {
        (2, Some(_), _) => Err(Refusal::new(901_002)),
        (1, Some(resource), scope) => Wish::of_resource(resource, scope),
        (_, _, Some(scope)) => Wish::parse(scope),
        (_, _, None) => Err(missing("scope")),
    }
}

/// Tells whether `claims` asks for an authentication context.
pub(super) fn asks_for_context(claims: Option<&str>) -> Result<bool, Refusal> {
    let Some(text) = claims else { return Ok(false) };
    let json: Option<Value> = (text.len() <= MOST_CLAIMS)
        .then(|| serde_json::from_str(text).ok())
        .flatten();
    let Some(Value::Object(json)) = json else {
        return Err(Refusal::new(9_002_313)
            .saying("Invalid request. The 'claims' parameter is no JSON object."));
    };
    let access = json.get("access_token");
    Ok(access.is_some_and(|access| access.get("acrs").is_some()))
}

/// Signs in silently, asks on a page, or says that nobody may be asked.
fn decide(call: &Call<'_>, asked: SignIn, form: &Form) -> Answer {
    if let Some(account) = call.stage.account {
        return allow(call.realm, call.stage, call.place, &asked, account);
    }
    let cookie = call.request.cookie(COOKIE).map(digest);
    let session = cookie.and_then(|cookie| call.stage.memory().sessions.get(&cookie).copied());
    let prompt = form.get("prompt").unwrap_or_default();
    let hint = form.get("login_hint").and_then(Account::find);
    let is_meant = |account: &Account| hint.is_none_or(|hint| hint == account);
    match session.filter(|account| is_meant(account)) {
        Some(account) if prompt.is_empty() || prompt == "none" => {
            allow(call.realm, call.stage, call.place, &asked, account)
        }
        _ if prompt == "none" => send_back(call, &asked.return_to, &Refusal::new(50_058)),
        session => {
            let ticket = token();
            let page = pages::sign_in(call.place, &asked, hint.or(session), &ticket);
            let kept = Ticket::SignIn(Box::new(asked));
            call.stage.memory().tickets.insert(digest(&ticket), kept);
            page
        }
    }
}

/// Answers what the page posted.
pub(super) fn decided(realm: &Realm, stage: &Stage, place: &Place, request: &Request) -> Answer {
    let Ok(form) = request.form() else {
        return pages::refusal(realm, place, &Refusal::new(9_002_313));
    };
    let ticket = digest(form.get("ticket").unwrap_or_default());
    let Some(Ticket::SignIn(asked)) = stage.memory().tickets.remove(&ticket) else {
        return pages::refusal(realm, place, &Refusal::new(50_089));
    };
    let account = form.get("person").and_then(Account::find);
    let (Some("allow"), Some(account)) = (form.get("decision"), account) else {
        return asked.return_to.refuse(realm, place, &Refusal::new(65_004));
    };
    let answer = allow(realm, stage, place, &asked, account);
    let (cookie, field) = new_cookie(realm);
    stage.memory().sessions.insert(digest(&cookie), account);
    answer.with("Set-Cookie", field)
}

/// Sends a code, if the account is in the tenant.
fn allow(
    realm: &Realm,
    stage: &Stage,
    place: &Place,
    asked: &SignIn,
    account: &'static Account,
) -> Answer {
    let Some(seat) = account.seat(asked.asked) else {
        return pages::refusal(realm, place, &stranger(account));
    };
    let code = token();
    {
        let mut memory = stage.memory();
        let grant = memory.add(Grant {
            client: asked.client.clone(),
            account,
            wish: asked.wish.clone(),
            nonce: asked.nonce.clone(),
            is_strong: asked.is_strong,
            is_device: false,
            revoked: false,
        });
        let kept = Code {
            grant,
            asked: asked.asked,
            redirect_uri: asked.return_to.uri.clone(),
            challenge: asked.challenge.clone(),
            expires: realm.clock.now().plus(CODE_LIFE),
            spent: false,
        };
        memory.codes.insert(digest(&code), kept);
    }
    let mut parameters = vec![("code", code), ("session_state", guid())];
    if asked.wants_info {
        parameters.push(("client_info", mint::client_info(seat)));
    }
    asked.return_to.send(realm, parameters)
}

/// The account is not in the tenant.
pub(super) fn stranger(account: &Account) -> Refusal {
    Refusal::new(50_020).saying(format!(
        "User account '{}' from identity provider '{}' does not exist in tenant and cannot access \
         the application in that tenant. The account needs to be added as an external user in \
         the tenant first. Sign out and sign in again with a different user account.",
        account.upn, account.home.id
    ))
}

impl ReturnTo {
    fn refuse(&self, realm: &Realm, place: &Place, refusal: &Refusal) -> Answer {
        let body = refusal.members(realm, place, None);
        let mut parameters = vec![
            ("error", refusal.error.to_owned()),
            ("error_description", body.description),
            ("error_uri", body.uri),
        ];
        if let Some(Value::String(suberror)) = body.json.get("suberror") {
            parameters.push(("error_subcode", suberror.clone()));
        }
        Answer {
            error: Some(refusal.error.to_owned()),
            ..self.send(realm, parameters)
        }
    }

    fn send(&self, realm: &Realm, mut parameters: Vec<(&'static str, String)>) -> Answer {
        if let Some(state) = &self.state {
            parameters.push(("state", state.clone()));
        }
        realm.faults.bend_callback(&mut parameters);
        let uri = &self.uri;
        if self.mode == Mode::FormPost {
            return crate::issuer::pages::form_post(uri, &parameters);
        }
        let query = Serializer::new(String::new())
            .extend_pairs(parameters)
            .finish();
        // What was registered without a path comes back with one.
        let to = url::Url::parse(uri).map_or_else(|_| uri.clone(), String::from);
        let mark = if self.mode == Mode::Query { '?' } else { '#' };
        Answer::redirect(format!("{to}{mark}{query}"))
    }
}

/// Signs the browser out; refresh tokens live on, as they do at Entra.
pub(super) fn sign_out(call: &Call<'_>) -> Answer {
    if let Some(cookie) = call.request.cookie(COOKIE) {
        call.stage.memory().sessions.remove(&digest(cookie));
    }
    let form = match call.request.method {
        Method::Post => call.request.form().unwrap_or_default(),
        Method::Get | Method::Other => call.request.query(),
    };
    let next = form.get("post_logout_redirect_uri");
    let answer = match next.filter(|uri| is_registered(uri) && Client::public("").may_use(uri)) {
        Some(uri) => Answer::redirect(uri.to_owned()),
        None => crate::issuer::pages::done(
            "You signed out of your account",
            "It's a good idea to close all browser windows.",
        ),
    };
    let field = format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    answer.with("Set-Cookie", field)
}
