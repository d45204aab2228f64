//! Signs in with a code that a person approves on another device (RFC 8628).
//!
//! Never opens anything, never copies the code anywhere, and never starts by itself.

use super::exchange::{self, Circumstances};
use super::{Client, Error, Event, SignedIn, Wire};
use crate::oauth::Refusal;
use crate::oauth::device::{self, Authorization, DeviceError, Next, Polling};
use crate::oauth::grant::{Grant, Wanted};
use crate::oauth::token::TokenError;

use std::time::Duration;

/// How often the person is told how much time is left.
const TICK: Duration = Duration::from_secs(1);

/// Signs in with a device code.
///
/// # Errors
///
/// [`Error::Device`] when it was declined or ran out, [`Error::Interrupted`], or what went wrong
/// on the way.
pub fn sign_in(
    wire: Wire<'_>,
    client: &Client,
    wanted: &Wanted,
    tell: &mut dyn FnMut(Event<'_>),
    interrupted: &dyn Fn() -> bool,
) -> Result<SignedIn, Error> {
    let began = wire.clock.now();
    let authorization = request(wire, client, wanted)?;
    let start = wire.clock.elapsed();
    tell(Event::DeviceCode(&authorization));

    let mut polling = Polling::new(authorization.interval, authorization.expires_in);
    let mut wait = polling.first();
    let grant = Grant::DeviceCode(&authorization.device_code);
    loop {
        let poll_at = wire.clock.elapsed() + wait;
        while wire.clock.elapsed() < poll_at {
            if interrupted() {
                return Err(Error::Interrupted);
            }
            let spent = wire.clock.elapsed().saturating_sub(start);
            tell(Event::StillWaiting(
                authorization.expires_in.saturating_sub(spent),
            ));
            wire.clock
                .sleep(TICK.min(poll_at.saturating_sub(wire.clock.elapsed())));
        }
        let heard = poll(wire, client, wanted, &grant);
        let (answer, signed_in) = match heard {
            Ok(answer) => (device::Answer::Granted, Some(answer)),
            Err(Error::Token(TokenError::Refused(refusal))) => {
                (device::Answer::Refused(refusal), None)
            }
            Err(error) if error.is_passing() => (device::Answer::Unreachable, None),
            Err(error) => return Err(error),
        };
        match (
            polling.heard(answer, wire.clock.elapsed().saturating_sub(start)),
            signed_in,
        ) {
            (Next::Finish, Some(answer)) => {
                // No nonce was sent: the device grant has none (RFC 8628 §3.1).
                let circumstances = Circumstances {
                    began: Some(began),
                    ..Circumstances::default()
                };
                return exchange::signed_in(wire, client, &answer, circumstances);
            }
            (Next::PollAfter(longer), _) => wait = longer,
            (Next::Stop(error), _) => return Err(error.into()),
            (Next::Finish, None) => return Err(DeviceError::Expired.into()),
        }
    }
}

fn request(wire: Wire<'_>, client: &Client, wanted: &Wanted) -> Result<Authorization, Error> {
    let endpoint = client.metadata.device_authorization_endpoint()?;
    let form = device::body(wanted, &client.client_id, &client.auth);
    let answer = exchange::post(wire, client, endpoint, &form)?;
    Ok(device::parse(answer.status, &answer.body)?)
}

fn poll(
    wire: Wire<'_>,
    client: &Client,
    wanted: &Wanted,
    grant: &Grant<'_>,
) -> Result<exchange::Answer, Error> {
    let answer = exchange::send(wire, client, grant, wanted)?;
    match Refusal::parse(&answer.body) {
        Some(refusal) => Err(TokenError::Refused(refusal).into()),
        None => match answer.status {
            429 | 500.. => Err(TokenError::Faulty {
                status: answer.status,
            }
            .into()),
            _ => Ok(answer),
        },
    }
}
