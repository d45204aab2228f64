//! The scripted misbehaviours and moods of the practice Entra, by name.
//!
//! Each stands for something that tenants really do; a name is data, and a row says what happens.
//! Any error of the table can be had by its number: `aadsts=50076`, at another place than its usual
//! one by `aadsts=50076@token`, and for a number of times by `:N`.

use std::sync::{Mutex, PoisonError};

use super::errors::{self, At};
use crate::base::printable_line;
use crate::issuer::clock::http_date;
use crate::issuer::message::{Answer, Body};
use crate::issuer::realm::Realm;

/// One script: what it does and how often.
#[derive(Clone, Debug)]
pub struct Script {
    name: String,
    act: Act,
    times: Option<u32>,
}

/// What there is to know about a script.
#[derive(Clone, Copy, Debug)]
pub struct ScriptInfo {
    /// The name, such as `ca.mfa`.
    pub name: &'static str,
    /// What happens, in a few words.
    pub summary: &'static str,
    /// How often, when the name comes without `:N`; `None` for always.
    pub times: Option<u32>,
    act: Act,
}

/// Why a text names no script.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ScriptError {
    /// What follows the colon is no number of times.
    #[error("`{0}` is no number of times: write a scenario as `name` or `name:2`")]
    Times(String),
    /// No such place.
    #[error("`{0}` is no place: write `authorize`, `device`, `poll`, `refresh` or `token`")]
    At(String),
    /// No such error.
    #[error("`{0}` is no AADSTS error that is known here")]
    Code(String),
    /// No such name.
    #[error("there is no scenario `{0}`: `--list-scenarios` names them")]
    Unknown(String),
}

/// What a script does.
#[derive(Clone, Copy, Debug)]
enum Act {
    Error(u32, At),
    Instead(At, fn(&Realm) -> Answer),
    Habit(Habit),
}

/// Something that the endpoints ask themselves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Habit {
    /// Tokens are signed with a key that only `?appid=` shows.
    AppKeys,
    /// The key vouches for personal accounts only.
    ConsumersKey,
    /// Sessions that began on a device are refused a refresh.
    DeviceBlocked,
    /// What the device endpoint says is bent.
    DeviceExpires,
    DeviceIntervalLong,
    DeviceIntervalMissing,
    DeviceIntervalZero,
    DeviceMessage,
    /// `expires_in` is text.
    ExpiryAsText,
    /// The client is in the family of Microsoft's own.
    Foci,
    /// The overage points at the trap.
    GroupsAtTrap,
    /// The overage is a flag only.
    HasGroups,
    /// A refresh needs MFA until claims were asked for at a sign-in.
    Mfa,
    NoIdToken,
    NoRefreshToken,
    /// Every access token is opaque.
    Opaque,
    /// The API challenges what it is shown.
    ApiChallenge(Challenge),
    /// Graph refuses, for want of a permission.
    GraphDenies,
}

/// How the sample API challenges.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Challenge {
    /// For a newer token.
    NotBefore,
    /// For a newer token, even when it has one.
    Again,
    /// For an authentication context.
    Context,
    Broken,
    Unpadded,
    Two,
    Hostile,
}

/// Picks and counts.
pub(super) struct Scripts(Mutex<Vec<Active>>);

struct Active {
    act: Act,
    left: Option<u32>,
}

/// What happens in the place of an answer.
pub(super) enum Struck {
    Error(u32),
    Answer(Answer),
}

const fn row(name: &'static str, summary: &'static str, act: Act) -> ScriptInfo {
    ScriptInfo {
        name,
        summary,
        times: None,
        act,
    }
}

const fn habit(name: &'static str, summary: &'static str, habit: Habit) -> ScriptInfo {
    row(name, summary, Act::Habit(habit))
}

const fn times(times: u32, row: ScriptInfo) -> ScriptInfo {
    ScriptInfo {
        times: Some(times),
        ..row
    }
}

const fn api(name: &'static str, summary: &'static str, how: Challenge) -> ScriptInfo {
    habit(name, summary, Habit::ApiChallenge(how))
}

const fn busy(name: &'static str, summary: &'static str, say: fn(&Realm) -> Answer) -> ScriptInfo {
    times(1, row(name, summary, Act::Instead(At::Refresh, say)))
}

impl Script {
    /// Every script that has a name, by subject.
    #[rustfmt::skip]
    pub const ALL: &'static [ScriptInfo] = &[
        api("api.challenge", "the sample API wants a newer token", Challenge::NotBefore),
        times(2, api("api.challenge.twice", "the sample API challenges two times, whatever comes", Challenge::Again)),
        api("api.challenge.always", "the sample API is never content", Challenge::Again),
        api("api.challenge.acrs", "the sample API wants MFA: an authentication context", Challenge::Context),
        api("api.challenge.broken", "the claims of the challenge are no base64", Challenge::Broken),
        api("api.challenge.unpadded", "the claims of the challenge have no padding", Challenge::Unpadded),
        api("api.challenge.two", "two Bearer challenges come in one header", Challenge::Two),
        api("api.challenge.hostile_uri", "the challenge sends the sign-in elsewhere", Challenge::Hostile),
        row("ca.blocked", "conditional access blocks every refresh (53003)", Act::Error(53_003, At::Refresh)),
        row("ca.blocked.sign_in", "conditional access blocks the sign-in (53003)", Act::Error(53_003, At::Token)),
        habit("ca.device_code", "conditional access blocks what began on a device (53003)", Habit::DeviceBlocked),
        habit("ca.mfa", "a refresh needs MFA until its claims were sent to a sign-in (50076)", Habit::Mfa),
        row("ca.token_protection", "conditional access wants bound tokens (530084)", Act::Error(530_084, At::Refresh)),
        row("device.declined", "a poll finds that the person declined", Act::Instead(At::Poll, |_| poll("authorization_declined"))),
        habit("device.expires", "the device code lives for one second", Habit::DeviceExpires),
        habit("device.interval.long", "the device shall poll once an hour", Habit::DeviceIntervalLong),
        habit("device.interval.missing", "the device is told no interval", Habit::DeviceIntervalMissing),
        habit("device.interval.zero", "the device is told an interval of 0", Habit::DeviceIntervalZero),
        habit("device.message", "the message for the person drives the terminal", Habit::DeviceMessage),
        times(2, row("device.pending", "the first two polls find nothing yet", Act::Error(70_016, At::Poll))),
        times(1, row("device.slow_down", "the first poll is told to slow down", Act::Instead(At::Poll, |_| poll("slow_down")))),
        habit("graph.denied", "Graph refuses to list groups: no GroupMember.Read.All", Habit::GraphDenies),
        habit("groups.attacker", "the overage points at somebody else's address", Habit::GroupsAtTrap),
        habit("groups.hasgroups", "the overage is told as `hasgroups`", Habit::HasGroups),
        busy("http.429", "a refresh comes too soon: Retry-After 1", |_| too_many(Some("1".to_owned()))),
        busy("http.429.date", "a refresh comes too soon: Retry-After a date", |realm| {
            too_many(Some(http_date(realm.clock.now().plus(std::time::Duration::from_secs(2)))))
        }),
        times(u32::MAX, busy("http.429.huge", "a refresh comes too soon: Retry-After 999999", |_| too_many(Some("999999".to_owned())))),
        busy("http.429.none", "a refresh comes too soon, without a Retry-After", |_| too_many(None)),
        busy("http.503", "a refresh finds the service unavailable, once", |_| Answer::text(503, "Service Unavailable\n")),
        busy("http.reset", "the connection ends after the request of a refresh", |_| Answer { body: Body::Cut, ..Answer::empty(200) }),
        habit("keys.appid", "tokens are signed with a key that only ?appid= shows", Habit::AppKeys),
        habit("keys.consumers", "the key vouches for personal accounts only", Habit::ConsumersKey),
        habit("token.expires_in.text", "expires_in is a text", Habit::ExpiryAsText),
        habit("token.foci", "the client is in the family of Microsoft's own", Habit::Foci),
        habit("token.no_id_token", "the token answer has no ID token", Habit::NoIdToken),
        habit("token.no_refresh_token", "the token answer has no refresh token", Habit::NoRefreshToken),
        habit("token.opaque", "access tokens are opaque", Habit::Opaque),
    ];

    /// Parses a name or `aadsts=CODE`, with an optional `@place` for errors and `:N` for how often.
    ///
    /// # Errors
    ///
    /// [`ScriptError`].
    pub fn parse(text: &str) -> Result<Self, ScriptError> {
        let shown = |text: &str| printable_line(text).into_owned();
        let (name, times) = match text.split_once(':') {
            None => (text, None),
            Some((name, times)) => {
                let number = times.parse().ok().filter(|number: &u32| *number > 0);
                let number = number.ok_or_else(|| ScriptError::Times(shown(times)))?;
                (name, Some(number))
            }
        };
        if let Some(written) = name.strip_prefix("aadsts=") {
            let (code, place) = match written.split_once('@') {
                None => (written, None),
                Some((code, place)) => {
                    let mut known = At::ALL.iter().filter(|(word, _)| *word == place);
                    let (_, at) = known.next().ok_or_else(|| ScriptError::At(shown(place)))?;
                    (code, Some(*at))
                }
            };
            let row = code.parse().ok().and_then(errors::find);
            let row = row.ok_or_else(|| ScriptError::Code(shown(code)))?;
            return Ok(Self {
                name: name.to_owned(),
                act: Act::Error(row.code, place.unwrap_or(row.at)),
                times,
            });
        }
        let info = Self::ALL.iter().find(|info| info.name == name);
        let info = info.ok_or_else(|| ScriptError::Unknown(shown(name)))?;
        Ok(Self {
            name: name.to_owned(),
            act: info.act,
            times: times.or(info.times),
        })
    }

    /// Returns the name, without a number of times.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns every error there is, by number and usual place.
    pub fn errors() -> impl Iterator<Item = (u32, &'static str, &'static str)> {
        errors::ROWS.iter().map(|row| {
            let place = At::ALL.iter().find(|(_, at)| *at == row.at);
            (row.code, row.error, place.map_or("", |(name, _)| *name))
        })
    }
}

impl std::str::FromStr for Script {
    type Err = ScriptError;

    fn from_str(text: &str) -> Result<Self, ScriptError> {
        Self::parse(text)
    }
}

impl Scripts {
    /// Starts with these.
    pub(super) fn new(scripts: &[Script]) -> Self {
        let none = Self(Mutex::default());
        none.set(scripts);
        none
    }

    /// Goes on with these and no others.
    pub(super) fn set(&self, scripts: &[Script]) {
        let fresh = scripts.iter().map(|script| Active {
            act: script.act,
            left: script.times.filter(|times| *times != u32::MAX),
        });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = fresh.collect();
    }

    /// Returns what happens here in the place of an answer, and counts it.
    pub(super) fn strike(&self, here: At, realm: &Realm) -> Option<Struck> {
        let act = self.count(|act| match act {
            Act::Error(_, at) | Act::Instead(at, _) => *at == here,
            Act::Habit(_) => false,
        })?;
        match act {
            Act::Error(code, _) => Some(Struck::Error(code)),
            Act::Instead(_, answer) => Some(Struck::Answer(answer(realm))),
            Act::Habit(_) => None,
        }
    }

    /// Tells whether a habit is on.
    pub(super) fn has(&self, habit: Habit) -> bool {
        let active = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        active
            .iter()
            .any(|script| matches!(script.act, Act::Habit(on) if on == habit))
    }

    /// Returns how the API challenges now, and counts it.
    pub(super) fn challenge(&self) -> Option<Challenge> {
        match self.count(|act| matches!(act, Act::Habit(Habit::ApiChallenge(_))))? {
            Act::Habit(Habit::ApiChallenge(how)) => Some(how),
            Act::Habit(_) | Act::Error(..) | Act::Instead(..) => None,
        }
    }

    fn count(&self, is_it: impl Fn(&Act) -> bool) -> Option<Act> {
        let mut active = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = active
            .iter_mut()
            .find(|script| script.left != Some(0) && is_it(&script.act))?;
        if let Some(left) = &mut found.left {
            *left -= 1;
        }
        Some(found.act)
    }
}

fn poll(error: &'static str) -> Answer {
    let body = serde_json::json!({"error": error, "error_description": "A scenario says so."});
    Answer {
        error: Some(error.to_owned()),
        ..Answer::json(400, &body)
    }
}

fn too_many(after: Option<String>) -> Answer {
    let body = serde_json::json!({
        "error": "temporarily_unavailable",
        "error_description": "AADSTS90055: The server terminated an operation because it \
                              encountered too many requests.",
        "error_codes": [90055],
    });
    let answer = Answer {
        error: Some("temporarily_unavailable".to_owned()),
        ..Answer::json(429, &body)
    };
    match after {
        Some(after) => answer.with("Retry-After", after),
        None => answer,
    }
}
