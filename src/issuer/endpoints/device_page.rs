//! The page where a person types a user code and lets a device in, or not (RFC 8628 §3.3, §5.1).
//!
//! A code in the link fills the field and no more: the person still compares and decides (§3.3.1).

use crate::issuer::message::{Answer, Form, Refusal, Request};
use crate::issuer::pages;
use crate::issuer::people::Person;
use crate::issuer::random::{Digest, digest};
use crate::issuer::realm::Realm;
use crate::issuer::server::{COOKIE, new_cookie};
use crate::issuer::state::{Asks, Decision, Device, Grant, Session, State};

use super::sign_in;

/// Wrong user codes before the page takes no more: nobody guesses one in so many (RFC 8628 §5.1).
const MOST_WRONG_CODES: u32 = 1000;

/// Shows where to type the code.
pub(super) fn show(realm: &Realm, request: &Request) -> Answer {
    let query = request.query();
    pages::device_code(realm, query.get("user_code").unwrap_or_default(), None)
}

/// Answers what the page posted: a code, or a decision.
pub(super) fn answer(realm: &Realm, request: &Request) -> Answer {
    let answered = sign_in::read(realm, request).and_then(|form| {
        if form.get("ticket").is_some() {
            decide(realm, &form)
        } else {
            find(realm, request, &form)
        }
    });
    answered.unwrap_or_else(|refusal| pages::refusal(&refusal))
}

fn find(realm: &Realm, request: &Request, form: &Form) -> Result<Answer, Refusal> {
    let typed = form.get("user_code").unwrap_or_default();
    let session = request.cookie(COOKIE).map(digest);
    let found = {
        let mut state = realm.state();
        if state.wrong_user_codes >= MOST_WRONG_CODES {
            let text = "too many wrong codes were typed";
            return Err(Refusal::new("access_denied", text));
        }
        let found = state.device_by_user_code(typed, realm.clock.now());
        if found.is_none() {
            state.wrong_user_codes += 1;
        }
        let session = session.and_then(|cookie| state.sessions.get(&cookie));
        let person = session.map(|session| session.person);
        found.and_then(|code| {
            let device = state.devices.get(&code)?;
            let page = pages::Device {
                client: device.client.clone(),
                scopes: device.scopes.clone(),
                user_code: device.user_code.clone(),
                chosen: person,
            };
            Some((code, page))
        })
    };
    let Some((code, page)) = found else {
        let text = "That code does not exist, was used, or has expired.";
        return Ok(pages::device_code(realm, typed, Some(text)));
    };
    let ticket = sign_in::issue(realm, Asks::Device(code));
    Ok(pages::device(realm, &page, &ticket))
}

fn decide(realm: &Realm, form: &Form) -> Result<Answer, Refusal> {
    let Asks::Device(code) = sign_in::redeem(realm, form)? else {
        return Err(Refusal::new(
            "invalid_request",
            "this page asked something else",
        ));
    };
    let person = form.get("person").and_then(Person::find);
    match (form.get("decision"), person) {
        (Some("allow"), Some(person)) => {
            let session = sign_in::session(realm, person);
            let (cookie, field) = new_cookie(realm);
            allow(realm, code, &session)?;
            let mut state = realm.state();
            state.sessions.insert(digest(&cookie), session);
            let text = "The device is signed in. You can close this page and go back to it.";
            Ok(pages::done("Device signed in", text).with("Set-Cookie", field))
        }
        (Some("deny"), _) => {
            undecided(&mut realm.state(), code)?.decision = Decision::Denied;
            let text = "The device was not signed in. You can close this page.";
            Ok(pages::done("Device turned away", text))
        }
        _ => Err(Refusal::new("invalid_request", "nobody was chosen")),
    }
}

/// Lets a device in that is still waiting.
pub(super) fn allow(realm: &Realm, code: Digest, session: &Session) -> Result<(), Refusal> {
    let mut state = realm.state();
    let device = undecided(&mut state, code)?;
    let grant = Grant {
        client: device.client.clone(),
        person: Some(session.person),
        scopes: device.scopes.clone(),
        auth_time: session.auth_time,
        sid: session.sid.clone(),
        nonce: None,
        target: device.target.clone(),
        revoked: false,
    };
    let id = state.add(grant);
    undecided(&mut state, code)?.decision = Decision::Allowed(id);
    Ok(())
}

/// Finds a device that nobody has decided about.
fn undecided(state: &mut State, code: Digest) -> Result<&mut Device, Refusal> {
    let device = state.devices.get_mut(&code);
    let waiting = device.filter(|device| device.decision == Decision::Open);
    waiting.ok_or_else(|| Refusal::new("invalid_request", "this device was decided about before"))
}
