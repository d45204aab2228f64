//! The authorization endpoint (RFC 6749 §4.1.1, OIDC Core §3.1.2, RFC 7636, RFC 8707, RFC 9207).
//!
//! Errors go to the client only when client and redirect URI are beyond doubt; otherwise a person
//! reads them on a page and nothing is redirected anywhere (RFC 6749 §4.1.2.1).

use std::time::Duration;

use crate::base::Scopes;
use crate::issuer::clients::Client;
use crate::issuer::fault::Flag;
use crate::issuer::message::{Answer, Form, Method, Refusal, Request};
use crate::issuer::pages;
use crate::issuer::people::Person;
use crate::issuer::random::digest;
use crate::issuer::realm::Realm;
use crate::issuer::server::COOKIE;
use crate::issuer::settings::PushedRequests;
use crate::issuer::state::{Session, Target};

use super::respond::{self, Mode, ReturnTo};
use super::{par, sign_in};

/// What every `request_uri` of ours starts with (RFC 9126 §2.2).
pub(super) const PUSHED_PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// A request that is in order.
pub(in crate::issuer) struct AuthorizationRequest {
    pub(super) client: String,
    pub(super) return_to: ReturnTo,
    pub(super) scopes: Scopes,
    pub(super) target: Target,
    pub(super) challenge: String,
    pub(super) nonce: Option<String>,
    pub(super) prompt: Vec<String>,
    pub(super) max_age: Option<Duration>,
    pub(super) login_hint: Option<String>,
}

/// Answers an authorization request.
pub(super) fn answer(realm: &Realm, request: &Request) -> Answer {
    let form = match request.method {
        Method::Post => request.form(),
        Method::Get | Method::Other => Ok(request.query()),
    };
    let read = form.and_then(|form| {
        form.once_each()?;
        check_own_query(realm, request)?;
        let client = client(realm, &form)?;
        let form = pushed_or_plain(realm, &client, form)?;
        let return_to = return_to(&client, &form)?;
        Ok((client, form, return_to))
    });
    let (client, form, return_to) = match read {
        Ok(read) => read,
        Err(refusal) => return pages::refusal(&refusal),
    };
    if realm.faults.flag_once(Flag::DenyAll) {
        let refusal = Refusal::new("access_denied", "the request was denied");
        return respond::refuse(realm, &return_to, &refusal);
    }
    match AuthorizationRequest::read(realm, &client, &form, &return_to) {
        Ok(asked) => decide(realm, request, asked),
        Err(refusal) => respond::refuse(realm, &return_to, &refusal),
    }
}

/// With the fault that gives the endpoint a query of its own: refuses who lost it.
fn check_own_query(realm: &Realm, request: &Request) -> Result<(), Refusal> {
    if realm.faults.flag(Flag::AuthorizeQuery) && request.query().get("tenant") != Some("blue") {
        let text = "the endpoint's own query is gone";
        return Err(Refusal::new("invalid_request", text));
    }
    Ok(())
}

/// Finds the client, which must exist before anything else is looked at.
pub(super) fn client(realm: &Realm, form: &Form) -> Result<Client, Refusal> {
    let id = form.need("client_id")?;
    let unknown = || Refusal::new("invalid_client", format!("there is no client `{id}`"));
    realm.client(id).ok_or_else(unknown)
}

/// Replaces a reference to a pushed request by what was pushed (RFC 9126 §4).
fn pushed_or_plain(realm: &Realm, client: &Client, form: Form) -> Result<Form, Refusal> {
    match form.get("request_uri") {
        Some(uri) if uri.starts_with(PUSHED_PREFIX) => par::take(realm, client, uri),
        _ if realm.settings.pushed == PushedRequests::Required => {
            let text = "this provider takes pushed requests only";
            Err(Refusal::new("invalid_request", text))
        }
        _ => Ok(form),
    }
}

/// Finds where the answer goes: a redirect URI that is the client's own.
pub(super) fn return_to(client: &Client, form: &Form) -> Result<ReturnTo, Refusal> {
    let uri = form.need("redirect_uri")?;
    if !client.may_use(uri) {
        let text = format!("`{uri}` is no redirect URI of the client `{}`", client.id());
        return Err(Refusal::new("invalid_request", text));
    }
    Ok(ReturnTo {
        redirect_uri: uri.to_owned(),
        mode: Mode::parse(form.get("response_mode")).unwrap_or(Mode::Query),
        state: form.get("state").map(str::to_owned),
    })
}

impl AuthorizationRequest {
    /// Checks everything that the client may be told about.
    pub(super) fn read(
        realm: &Realm,
        client: &Client,
        form: &Form,
        return_to: &ReturnTo,
    ) -> Result<Self, Refusal> {
        let invalid = |text: &str| Refusal::new("invalid_request", text);
        if form.get("request").is_some() {
            return Err(Refusal::new(
                "request_not_supported",
                "request objects are not supported",
            ));
        }
        if form.get("request_uri").is_some() {
            let text = "only pushed requests have a `request_uri` here";
            return Err(Refusal::new("request_uri_not_supported", text));
        }
        if form.get("registration").is_some() {
            return Err(Refusal::new(
                "registration_not_supported",
                "clients are registered here",
            ));
        }
        if form.need("response_type")? != "code" {
            let text = "the only response type is `code`";
            return Err(Refusal::new("unsupported_response_type", text));
        }
        if Mode::parse(form.get("response_mode")).is_none() {
            return Err(invalid(
                "`response_mode` is neither `query` nor `form_post`",
            ));
        }
        let nonce = form.get("nonce").map(str::to_owned);
        if nonce.is_none() && realm.faults.flag(Flag::NonceRequired) {
            return Err(invalid("the parameter `nonce` is missing"));
        }
        Ok(Self {
            client: client.id().to_owned(),
            return_to: return_to.clone(),
            scopes: realm.parse_scopes(form.need("scope")?)?,
            target: target(form)?,
            challenge: challenge(form)?,
            nonce,
            prompt: prompt(form)?,
            max_age: max_age(form)?,
            login_hint: form.get("login_hint").map(str::to_owned),
        })
    }

    fn prompts(&self, value: &str) -> bool {
        self.prompt.iter().any(|prompt| prompt == value)
    }
}

/// Reads `resource` and `audience` (RFC 8707 §2).
pub(super) fn target(form: &Form) -> Result<Target, Refusal> {
    let mut resources = Vec::new();
    for resource in form.all("resource") {
        if crate::base::Resource::parse(resource).is_err() {
            let text = format!("`{resource}` is no absolute URI without a fragment");
            return Err(Refusal::new("invalid_target", text));
        }
        resources.push(resource.to_owned());
    }
    let audience = form.get("audience").map(str::to_owned);
    Ok(Target {
        resources,
        audience,
    })
}

/// Reads the PKCE challenge: required, S256 only (RFC 7636 §4.3, RFC 9700 §2.1.1).
fn challenge(form: &Form) -> Result<String, Refusal> {
    let invalid = |text: &str| Refusal::new("invalid_request", text);
    let challenge = form.get("code_challenge");
    let challenge = challenge.ok_or_else(|| invalid("PKCE is required: `code_challenge`"))?;
    if form.get("code_challenge_method") != Some("S256") {
        return Err(invalid("the only `code_challenge_method` is `S256`"));
    }
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if challenge.len() != 43 || !challenge.bytes().all(fits) {
        return Err(invalid("`code_challenge` is no base64url of 32 bytes"));
    }
    Ok(challenge.to_owned())
}

fn prompt(form: &Form) -> Result<Vec<String>, Refusal> {
    const KNOWN: [&str; 4] = ["none", "login", "consent", "select_account"];
    let text = form.get("prompt").unwrap_or_default();
    let prompt: Vec<_> = text.split(' ').filter(|value| !value.is_empty()).collect();
    let invalid = |text: &str| Err(Refusal::new("invalid_request", text));
    if prompt.iter().any(|value| !KNOWN.contains(value)) {
        return invalid("`prompt` has an unknown value");
    }
    if prompt.contains(&"none") && prompt.len() > 1 {
        return invalid("`prompt` has `none` and another value");
    }
    Ok(prompt.into_iter().map(str::to_owned).collect())
}

fn max_age(form: &Form) -> Result<Option<Duration>, Refusal> {
    let Some(text) = form.get("max_age") else {
        return Ok(None);
    };
    let seconds = text
        .parse()
        .map_err(|_| Refusal::new("invalid_request", "`max_age` is no number of seconds"))?;
    Ok(Some(Duration::from_secs(seconds)))
}

/// Signs in silently, asks on a page, or says that nobody may be asked.
fn decide(realm: &Realm, request: &Request, asked: AuthorizationRequest) -> Answer {
    if let Some(person) = realm.auto_approve {
        let session = sign_in::session(realm, person);
        return respond::allow(realm, &asked, &session);
    }
    let cookie = request.cookie(COOKIE).map(digest);
    let session = cookie.and_then(|cookie| realm.state().sessions.get(&cookie).cloned());
    let silent = !["login", "consent", "select_account"]
        .into_iter()
        .any(|value| asked.prompts(value));
    match session {
        Some(session) if silent && is_fresh(realm, &session, &asked) => {
            respond::allow(realm, &asked, &session)
        }
        _ if asked.prompts("none") => {
            let refusal = Refusal::new(
                "login_required",
                "nobody is signed in, and nobody may be asked",
            );
            respond::refuse(realm, &asked.return_to, &refusal)
        }
        session => {
            let hint = asked.login_hint.as_deref().and_then(Person::find);
            let chosen = hint.or_else(|| session.map(|session| session.person));
            sign_in::ask(realm, asked, chosen)
        }
    }
}

/// Tells whether a session is young enough and of the person the client means.
fn is_fresh(realm: &Realm, session: &Session, asked: &AuthorizationRequest) -> bool {
    let age = realm.clock.now().since(session.auth_time);
    let hint = asked.login_hint.as_deref().and_then(Person::find);
    asked.max_age.is_none_or(|most| age <= most)
        && hint.is_none_or(|person| person == session.person)
}
