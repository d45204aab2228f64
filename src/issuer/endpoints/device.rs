//! The device authorization endpoint and what a poll finds (RFC 8628 §3.1, §3.2, §3.5).
//!
//! Polling faster than told costs five seconds more, for good.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::issuer::clients::Client;
use crate::issuer::fault::Point;
use crate::issuer::message::{Answer, Form, Refusal, Request};
use crate::issuer::random::{Digest, digest, token, user_code};
use crate::issuer::realm::Realm;
use crate::issuer::state::{Decision, Device, GrantId, State};

use super::{authorize, client_auth, device_page, sign_in};

/// Clocks and networks jitter; a poll this much early is still in time.
const TOLERANCE: Duration = Duration::from_millis(100);

/// Answers a device authorization request.
pub(super) fn answer(realm: &Realm, request: &Request) -> Answer {
    let begun = request.form().and_then(|form| {
        form.once_each()?;
        let client = client_auth::identify(realm, request, &form)?;
        begin(realm, &client, &form)
    });
    match begun {
        Ok(json) => realm
            .faults
            .bend_json(realm, Point::Device, json)
            .no_store(),
        Err(refusal) => refusal.into(),
    }
}

fn begin(realm: &Realm, client: &Client, form: &Form) -> Result<Map<String, Value>, Refusal> {
    let lifetime = realm.settings.lifetimes.device;
    let device = Device {
        client: client.id().to_owned(),
        user_code: user_code(),
        scopes: realm.parse_scopes(form.need("scope")?)?,
        target: authorize::target(form)?,
        expires: realm.clock.now().plus(lifetime),
        interval: realm.settings.interval,
        polled: None,
        decision: Decision::Open,
    };
    let (code, user_code) = (token(), device.user_code.clone());
    {
        let mut state = realm.state();
        state.prune(realm.clock.now());
        state.devices.insert(digest(&code), device);
    }
    if let Some(person) = realm.auto_approve {
        let session = sign_in::session(realm, person);
        device_page::allow(realm, digest(&code), &session)?;
    }
    let page = realm.url("/device");
    let mut json = Map::new();
    let mut say = |name: &str, value: Value| {
        json.insert(name.to_owned(), value);
    };
    say("device_code", json!(code));
    say("user_code", json!(user_code));
    say("verification_uri", json!(page));
    say(
        "verification_uri_complete",
        json!(format!("{page}?user_code={user_code}")),
    );
    say("expires_in", json!(lifetime.as_secs()));
    say("interval", json!(realm.settings.interval.as_secs()));
    Ok(json)
}

/// Finds out what became of a device; `steady` is the time of the poll, by the steady clock.
pub(super) fn poll(
    realm: &Realm,
    state: &mut State,
    client: &Client,
    code: Digest,
    steady: Duration,
) -> Result<GrantId, Refusal> {
    let invalid = |text: &str| Refusal::new("invalid_grant", text);
    let Some(device) = state.devices.get_mut(&code) else {
        return Err(invalid("there is no such device code"));
    };
    if device.client != client.id() {
        return Err(invalid("the device code was made for another client"));
    }
    if device.expires <= realm.clock.now() {
        return Err(Refusal::new("expired_token", "the device code has expired"));
    }
    let last = device.polled.replace(steady);
    let early = last.is_some_and(|last| steady + TOLERANCE < last + device.interval);
    match device.decision {
        Decision::Allowed(id) => Ok(id),
        Decision::Denied => Err(Refusal::new("access_denied", "the person said no")),
        Decision::Spent => Err(invalid("the device code was used before")),
        Decision::Open if early => {
            device.interval += Duration::from_secs(5);
            Err(Refusal::new("slow_down", "polls come too fast"))
        }
        Decision::Open => {
            let text = "the person has not decided yet";
            Err(Refusal::new("authorization_pending", text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issuer::Settings;

    #[test]
    fn slow_down_lengthens_the_interval_for_good() {
        let realm = Realm::new(Settings::default(), 1);
        let client = Client::public("keyfob-cli");
        let form = Form::parse(b"scope=openid");
        let code = begin(&realm, &client, &form).unwrap()["device_code"].clone();
        let code = digest(code.as_str().unwrap());
        let mut state = realm.state();
        let mut poll_at = |second| {
            let steady = Duration::from_secs(second);
            poll(&realm, &mut state, &client, code, steady)
                .unwrap_err()
                .error
        };

        assert_eq!(poll_at(100), "authorization_pending");
        assert_eq!(poll_at(105), "authorization_pending");
        assert_eq!(poll_at(109), "slow_down");
        assert_eq!(poll_at(118), "slow_down");
        assert_eq!(poll_at(133), "authorization_pending");
        assert_eq!(poll_at(147), "slow_down");
    }
}
