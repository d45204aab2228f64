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

/// How often the person is told how much time is left, and may have interrupted.
const TICK: Duration = Duration::from_millis(250);

/// The settings of one device sign-in.
pub struct Settings<'a> {
    /// What the tokens shall be good for.
    pub wanted: &'a Wanted,
    /// How long the person has; `None` leaves it to the code's own life.
    pub timeout: Option<Duration>,
}

/// Signs in with a device code.
///
/// # Errors
///
/// [`Error::Device`] when it was declined or ran out, [`Error::Interrupted`], or what went wrong
/// on the way.
pub fn sign_in(
    wire: Wire<'_>,
    client: &Client,
    settings: &Settings<'_>,
    tell: &mut dyn FnMut(Event<'_>),
    interrupted: &dyn Fn() -> bool,
) -> Result<SignedIn, Error> {
    let began = wire.clock.now();
    let authorization = request(wire, client, settings.wanted)?;
    let start = wire.clock.elapsed();
    let spent = || wire.clock.elapsed().saturating_sub(start);
    let hurry = settings
        .timeout
        .filter(|timeout| *timeout < authorization.expires_in);
    let life = hurry.unwrap_or(authorization.expires_in);
    tell(Event::DeviceCode(&authorization));

    let mut polling = Polling::new(authorization.interval, life);
    let mut wait = polling.first();
    let grant = Grant::DeviceCode(&authorization.device_code);
    loop {
        let poll_at = spent() + wait;
        while spent() < poll_at.min(life) {
            if interrupted() {
                return Err(Error::Interrupted);
            }
            tell(Event::StillWaiting(life.saturating_sub(spent())));
            wire.clock.sleep(TICK.min(poll_at.saturating_sub(spent())));
        }
        let answer = match poll(wire, client, settings.wanted, &grant) {
            // No nonce was sent: the device grant has none (RFC 8628 §3.1).
            Ok(answer) => {
                let circumstances = Circumstances {
                    began: Some(began),
                    ..Circumstances::default()
                };
                return exchange::signed_in(wire, client, &answer, circumstances);
            }
            Err(Error::Token(TokenError::Refused(refusal))) => device::Answer::Refused(refusal),
            Err(error) if error.is_passing() => device::Answer::Unreachable,
            Err(error) => return Err(error),
        };
        match (polling.heard(answer, spent()), hurry) {
            (Next::PollAfter(longer), _) => wait = longer,
            (Next::Stop(DeviceError::Expired), Some(timeout)) => {
                return Err(Error::TimedOut(timeout));
            }
            (Next::Stop(error), _) => return Err(error.into()),
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
