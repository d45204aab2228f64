//! Signing a device in: a code on one screen, typed in on another.
//!
//! There is a message for the person and no address with the code in it, as at Entra.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::directory::Account;
use super::errors::At;
use super::memory::{Decision, Device, Grant, GrantId, Memory, Ticket};
use super::pages;
use super::place::Place;
use super::refusal::Refusal;
use super::resource;
use super::script::{Habit, Struck};
use super::{Call, Stage, authorize};
use crate::issuer::fault::Point;
use crate::issuer::message::{Answer, Form, Method, Request};
use crate::issuer::random::{Digest, digest, token, user_code};
use crate::issuer::realm::Realm;

/// How long a device code lives.
const LIFE: Duration = Duration::from_secs(900);

/// Clocks and networks jitter; a poll this much early is still in time.
const TOLERANCE: Duration = Duration::from_millis(100);

/// Answers a device authorization request.
pub(super) fn answer(call: &Call<'_>) -> Answer {
    match call.stage.scripts.strike(At::Device, call.realm) {
        Some(Struck::Error(code)) => return call.refuse(&Refusal::new(code)),
        Some(Struck::Answer(answer)) => return answer,
        None => {}
    }
    match begin(call) {
        Ok(json) => {
            let faults = &call.realm.faults;
            faults
                .bend_json(call.realm, Point::Device, json)
                .with("Cache-Control", "no-store, no-cache".to_owned())
        }
        Err(refusal) => call.refuse(&refusal),
    }
}

fn begin(call: &Call<'_>) -> Result<Map<String, Value>, Refusal> {
    let form = call.request.form().map_err(|_| Refusal::new(9_002_313))?;
    let missing = || Refusal::new(900_144);
    let client = resource::client(call.realm, form.get("client_id").ok_or_else(missing)?)?;
    let wish = authorize::wish(call, &form)?;
    if wish.is_mixed {
        return Err(Refusal::new(28_000));
    }
    let scripts = &call.stage.scripts;
    let life = if scripts.has(Habit::DeviceExpires) {
        Duration::from_secs(1)
    } else {
        LIFE
    };
    let told = if scripts.has(Habit::DeviceIntervalLong) {
        Duration::from_secs(3600)
    } else {
        call.realm.settings.interval
    };
    let code = token();
    let shown = typed_code();
    let device = Device {
        client: client.id().to_owned(),
        user_code: shown.clone(),
        wish,
        expires: call.realm.clock.now().plus(life),
        interval: call.realm.settings.interval,
        polled: None,
        decision: Decision::Open,
        asked: call.asked,
    };
    call.stage.memory().devices.insert(digest(&code), device);
    if let Some(account) = call.stage.account {
        allow(call.stage, digest(&code), account)?;
    }
    let page = &call.place.devices;
    let message = if scripts.has(Habit::DeviceMessage) {
        "\u{1b}]0;owned\u{7}\u{1b}[2JCall \u{202e}support\n".to_owned()
    } else {
        format!(
            "To sign in, use a web browser to open the page {page} and enter the code {shown} to \
             authenticate."
        )
    };
    let mut json = Map::new();
    let mut say = |name: &str, value: Value| {
        json.insert(name.to_owned(), value);
    };
    say("user_code", json!(shown));
    say("device_code", json!(code));
    say("verification_uri", json!(page));
    say("expires_in", json!(life.as_secs()));
    if scripts.has(Habit::DeviceIntervalZero) {
        say("interval", json!(0));
    } else if !scripts.has(Habit::DeviceIntervalMissing) {
        say("interval", json!(told.as_secs()));
    }
    say("message", json!(message));
    Ok(json)
}

/// Nine letters, without a dash.
fn typed_code() -> String {
    let (one, two) = (user_code(), user_code());
    let letters = one.chars().chain(two.chars()).filter(|c| *c != '-');
    letters.take(9).collect()
}

/// Finds out what became of a device.
pub(super) fn poll(call: &Call<'_>, form: &Form, client: &str) -> Result<GrantId, Refusal> {
    let code = digest(form.get("device_code").unwrap_or_default());
    let steady = call.realm.clock.elapsed();
    let mut memory = call.stage.memory();
    let device = memory.devices.get_mut(&code);
    let device = device.filter(|device| device.client == client && device.asked == call.asked);
    let device = device.ok_or_else(|| Refusal::new(70_018))?;
    if device.expires <= call.realm.clock.now() {
        return Err(Refusal::new(70_020));
    }
    let last = device.polled.replace(steady);
    let is_early = last.is_some_and(|last| steady + TOLERANCE < last + device.interval);
    match device.decision {
        Decision::Allowed(id) => {
            device.decision = Decision::Spent;
            Ok(id)
        }
        Decision::Declined => Err(Refusal::new(70_016).declined()),
        Decision::Spent => Err(Refusal::new(54_005)),
        Decision::Open if is_early => {
            device.interval += Duration::from_secs(5);
            Err(Refusal::new(70_016).slow())
        }
        Decision::Open => Err(Refusal::new(70_016)),
    }
}

/// Shows where to type the code, and answers what was typed and decided.
pub(super) fn page(realm: &Realm, stage: &Stage, place: &Place, request: &Request) -> Answer {
    if request.method != Method::Post {
        return pages::code(place, None);
    }
    let Ok(form) = request.form() else {
        return pages::refusal(realm, place, &Refusal::new(9_002_313));
    };
    match form.get("ticket") {
        Some(ticket) => decided(realm, stage, place, (&form, ticket)),
        None => find(realm, stage, place, &form),
    }
}

fn find(realm: &Realm, stage: &Stage, place: &Place, form: &Form) -> Answer {
    let typed = form.get("user_code").unwrap_or_default();
    let mut memory = stage.memory();
    let Some(code) = memory.device_by_user_code(typed, realm.clock.now()) else {
        let text = "That code didn't work. Check the code and try again.";
        return pages::code(place, Some(text));
    };
    let client = memory.devices.get(&code).map(|device| &device.client);
    let client = client.cloned().unwrap_or_default();
    let ticket = token();
    let kept = Ticket::Device(code);
    memory.tickets.insert(digest(&ticket), kept);
    pages::device(place, &client, typed, &ticket)
}

fn decided(realm: &Realm, stage: &Stage, place: &Place, (form, ticket): (&Form, &str)) -> Answer {
    let taken = stage.memory().tickets.remove(&digest(ticket));
    let Some(Ticket::Device(code)) = taken else {
        return pages::refusal(realm, place, &Refusal::new(50_089));
    };
    let account = form.get("person").and_then(Account::find);
    let (Some("allow"), Some(account)) = (form.get("decision"), account) else {
        if let Some(device) = waiting(&mut stage.memory(), code) {
            device.decision = Decision::Declined;
        }
        return crate::issuer::pages::done("Sign-in cancelled", "You can close this window.");
    };
    match allow(stage, code, account) {
        Ok(()) => {
            let text = "You have signed in on your device. You may now close this window.";
            crate::issuer::pages::done("Signed in", text)
        }
        Err(refusal) => pages::refusal(realm, place, &refusal),
    }
}

fn allow(stage: &Stage, code: Digest, account: &'static Account) -> Result<(), Refusal> {
    let mut memory = stage.memory();
    let device = waiting(&mut memory, code).ok_or_else(|| Refusal::new(90_120))?;
    let (client, wish, asked) = (device.client.clone(), device.wish.clone(), device.asked);
    if account.seat(asked).is_none() {
        return Err(authorize::stranger(account));
    }
    let id = memory.add(Grant {
        client,
        account,
        wish,
        nonce: None,
        is_strong: false,
        is_device: true,
        revoked: false,
    });
    if let Some(device) = waiting(&mut memory, code) {
        device.decision = Decision::Allowed(id);
    }
    Ok(())
}

/// Finds a device that nobody has decided about.
fn waiting(memory: &mut Memory, code: Digest) -> Option<&mut Device> {
    let device = memory.devices.get_mut(&code);
    device.filter(|device| device.decision == Decision::Open)
}
