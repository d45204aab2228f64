//! The device authorization grant: request, answer and the polling as a state machine (RFC 8628).
//!
//! Time comes in as an argument and waiting goes out as an answer; nothing here sleeps or sends.

use std::time::Duration;

use serde::Deserialize;
use url::Url;
use zeroize::Zeroizing;

use super::{Refusal, form};
use crate::base::{
    ClientId, Diagnostic, Exit, Hint, Refused, Secret, is_loopback_host, printable_line,
};
use crate::oauth::client_auth::ClientAuth;
use crate::oauth::grant::Wanted;

/// Between two polls when the provider does not say (RFC 8628 §3.2).
const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);

/// Added for good each time the provider says `slow_down` (RFC 8628 §3.5).
const SLOWER: Duration = Duration::from_secs(5);

/// The longest wait between two polls that is believed.
const LONGEST_INTERVAL: Duration = Duration::from_secs(120);

/// Longest user code that is shown.
const LONGEST_USER_CODE: usize = 64;

/// What a person needs to approve the sign-in on another device.
#[derive(Debug)]
pub struct Authorization {
    /// What we poll with.
    pub device_code: Secret,
    /// What the person types; safe to print.
    pub user_code: String,
    /// Where the person goes.
    pub verification_uri: Url,
    /// The same with the code filled in, for a QR code.
    pub verification_uri_complete: Option<Url>,
    /// How long the codes live.
    pub expires_in: Duration,
    /// The first wait between two polls.
    pub interval: Duration,
}

/// Why a device sign-in came to nothing.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DeviceError {
    /// The person said no.
    #[error("the sign-in was declined on the other device: {0}")]
    Declined(Refusal),
    /// Nobody approved in time.
    #[error("the code expired before anybody approved it")]
    Expired,
    /// The first answer cannot be used.
    #[error("the provider's answer at the device authorization endpoint is not usable: {0}")]
    Malformed(String),
    /// The provider refused.
    #[error("the provider refused the device sign-in: {0}")]
    Refused(Refusal),
    /// The provider answered with something else.
    #[error("the provider answered with HTTP {0} instead of a device code")]
    Faulty(u16),
}

impl Diagnostic for DeviceError {
    fn exit(&self) -> Exit {
        match self {
            Self::Declined(_) | Self::Expired => Exit::SignInIncomplete,
            Self::Malformed(_) | Self::Faulty(_) => Exit::Unreachable,
            Self::Refused(_) => Exit::Refused,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Refused(refusal) if refusal.is("unauthorized_client") => Some(Hint::Try(
                "ask whoever registered the client to allow the device grant, or leave `--device` \
                 out"
                .into(),
            )),
            Self::Expired => Some(Hint::Try(
                "sign in again, and type the new code in time".into(),
            )),
            Self::Faulty(_) => Some(Hint::Try("try again later".into())),
            Self::Malformed(_) => Some(Hint::Try(
                "check that `issuer` names an OpenID Connect provider".into(),
            )),
            Self::Declined(_) | Self::Refused(_) => None,
        }
    }

    fn refused(&self) -> Option<Refused> {
        match self {
            Self::Declined(refusal) | Self::Refused(refusal) => Some(refusal.refused()),
            Self::Expired | Self::Malformed(_) | Self::Faulty(_) => None,
        }
    }
}

/// Writes the device authorization request's form (RFC 8628 §3.1).
pub fn body(wanted: &Wanted, client_id: &ClientId, auth: &ClientAuth) -> Zeroizing<String> {
    let scope = wanted.scopes.to_string();
    let mut pairs = auth.form(client_id);
    if !pairs.iter().any(|(name, _)| *name == "client_id") {
        pairs.push(("client_id", client_id.as_str()));
    }
    if !scope.is_empty() {
        pairs.push(("scope", &scope));
    }
    pairs.extend(wanted.parameters());
    form(&pairs)
}

/// Reads the device authorization answer (RFC 8628 §3.2).
///
/// # Errors
///
/// [`DeviceError::Refused`], [`DeviceError::Faulty`] or [`DeviceError::Malformed`].
pub fn parse(status: u16, body: &[u8]) -> Result<Authorization, DeviceError> {
    if let Some(refusal) = Refusal::parse(body) {
        return Err(DeviceError::Refused(refusal));
    }
    if !(200..300).contains(&status) {
        return Err(DeviceError::Faulty(status));
    }
    let malformed = |reason: String| DeviceError::Malformed(reason);
    let document: Document = super::object(body)
        .map_err(|error| malformed(printable_line(&error.to_string()).into_owned()))?;
    let user_code = document.user_code;
    if user_code.is_empty()
        || user_code.len() > LONGEST_USER_CODE
        || printable_line(&user_code) != user_code
    {
        return Err(malformed("its `user_code` cannot be shown safely".into()));
    }
    let interval = document
        .interval
        .map_or(DEFAULT_INTERVAL, Duration::from_secs);
    Ok(Authorization {
        device_code: Secret::new(document.device_code),
        user_code,
        verification_uri: address(&document.verification_uri)?,
        verification_uri_complete: document
            .verification_uri_complete
            .map(|text| address(&text))
            .transpose()?,
        expires_in: Duration::from_secs(document.expires_in),
        interval: interval.clamp(Duration::from_secs(1), LONGEST_INTERVAL),
    })
}

#[derive(Deserialize)]
struct Document {
    device_code: String,
    user_code: String,
    // Google writes `verification_url`.
    #[serde(alias = "verification_url")]
    verification_uri: String,
    verification_uri_complete: Option<String>,
    expires_in: u64,
    interval: Option<u64>,
}

/// RFC 8628 §3.3.1: people are sent to `https` only (or to this machine).
fn address(text: &str) -> Result<Url, DeviceError> {
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    // What stands before an `@` looks like a host and is none.
    let honest = |url: &Url| plain && url.username().is_empty() && url.password().is_none();
    match Url::parse(text) {
        Ok(url) if honest(&url) && url.scheme() == "https" => Ok(url),
        Ok(url) if honest(&url) && url.scheme() == "http" && is_loopback_host(&url) => Ok(url),
        _ => Err(DeviceError::Malformed(format!(
            "its `verification_uri` `{}` is not an `https` address",
            printable_line(text).chars().take(200).collect::<String>()
        ))),
    }
}

/// What a poll brought, when it brought no tokens.
#[derive(Debug)]
pub enum Answer {
    /// The provider answered with an error.
    Refused(Refusal),
    /// The network failed (RFC 8628 §3.5: wait longer).
    Unreachable,
}

/// What to do next.
#[derive(Debug, Eq, PartialEq)]
pub enum Next {
    /// Wait this long, then poll again.
    PollAfter(Duration),
    /// It came to nothing.
    Stop(DeviceError),
}

/// The polling of one sign-in. Points in time are counted from its start, by a clock that never
/// jumps.
#[derive(Debug)]
pub struct Polling {
    interval: Duration,
    ends: Duration,
}

impl Polling {
    /// Begins a sign-in whose codes live until `ends`.
    pub fn new(interval: Duration, ends: Duration) -> Self {
        Self { interval, ends }
    }

    /// Returns the wait before the first poll.
    pub fn first(&self) -> Duration {
        self.interval
    }

    /// Takes the answer heard at `now` and says what to do next (RFC 8628 §3.5).
    pub fn heard(&mut self, answer: Answer, now: Duration) -> Next {
        match answer {
            Answer::Unreachable => {
                // Never shorter than the provider's `slow_down` has made it.
                let most = LONGEST_INTERVAL.max(self.interval);
                self.interval = (self.interval * 2).min(most);
            }
            Answer::Refused(refusal) => match refusal.error.as_str() {
                "authorization_pending" => {}
                "slow_down" => self.interval += SLOWER,
                "access_denied" | "authorization_declined" => {
                    return Next::Stop(DeviceError::Declined(refusal));
                }
                "expired_token" | "code_expired" => return Next::Stop(DeviceError::Expired),
                _ => return Next::Stop(DeviceError::Refused(refusal)),
            },
        }
        if now + self.interval >= self.ends {
            return Next::Stop(DeviceError::Expired);
        }
        Next::PollAfter(self.interval)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::oauth::testing::{CASES, bodies};

    const SECOND: Duration = Duration::from_secs(1);

    fn refused(error: &str) -> Answer {
        Answer::Refused(Refusal::new(error, None, None))
    }

    #[test]
    fn slow_down_lengthens_the_interval_for_good() {
        let mut polling = Polling::new(5 * SECOND, 900 * SECOND);

        polling.heard(refused("slow_down"), SECOND);
        polling.heard(refused("slow_down"), 11 * SECOND);

        let next = polling.heard(refused("authorization_pending"), 26 * SECOND);
        assert_eq!(next, Next::PollAfter(15 * SECOND));
    }

    #[test]
    fn a_dead_network_is_asked_half_as_often_each_time() {
        let mut polling = Polling::new(5 * SECOND, 900 * SECOND);

        assert_eq!(
            polling.heard(Answer::Unreachable, SECOND),
            Next::PollAfter(10 * SECOND)
        );
        assert_eq!(
            polling.heard(Answer::Unreachable, SECOND),
            Next::PollAfter(20 * SECOND)
        );
    }

    #[test]
    fn every_other_answer_ends_the_wait() {
        let stop = |answer| match Polling::new(5 * SECOND, 900 * SECOND).heard(answer, SECOND) {
            Next::Stop(error) => error,
            next @ Next::PollAfter(_) => panic!("{next:?}"),
        };

        for code in ["access_denied", "authorization_declined"] {
            assert!(matches!(stop(refused(code)), DeviceError::Declined(_)));
        }
        assert_eq!(stop(refused("expired_token")), DeviceError::Expired);
        assert!(matches!(
            stop(refused("bad_verification_code")),
            DeviceError::Refused(_)
        ));
        assert!(matches!(
            stop(refused("new_error")),
            DeviceError::Refused(_)
        ));
    }

    #[test]
    fn nothing_is_polled_after_the_codes_are_dead() {
        let mut polling = Polling::new(5 * SECOND, 20 * SECOND);

        let next = polling.heard(refused("authorization_pending"), 15 * SECOND);

        assert_eq!(next, Next::Stop(DeviceError::Expired));
    }

    #[test]
    fn an_answer_is_read_with_its_defaults() {
        let body = br#"{"device_code":"d","user_code":"WDJB-MJHT",
            "verification_uri":"https://id.example.com/device","expires_in":1800}"#;

        let answer = parse(200, body).unwrap();

        assert_eq!(answer.interval, 5 * SECOND);
        assert_eq!(answer.expires_in, 1800 * SECOND);
        assert_eq!(answer.user_code, "WDJB-MJHT");
    }

    #[test]
    fn an_answer_that_would_mislead_a_person_is_refused() {
        for (uri, code) in [
            ("http://id.example.com/device", "A"),
            ("javascript:alert(1)", "A"),
            ("https://id.example.com/\\u001b[2J", "A"),
            ("https://id.example.com@evil.example/", "A"),
            ("https://:id.example.com@evil.example/", "A"),
            ("http://id.example.com@127.0.0.1/", "A"),
            ("https://id.example.com/", "A\\u001b[2J"),
            ("https://id.example.com/", "A\\u202eB"),
            ("https://id.example.com/", ""),
        ] {
            let body = format!(
                r#"{{"device_code":"d","user_code":"{code}","verification_uri":"{uri}","expires_in":9}}"#
            );

            assert!(
                matches!(parse(200, body.as_bytes()), Err(DeviceError::Malformed(_))),
                "{uri} {code}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(CASES))]

        #[test]
        fn whatever_is_answered_what_a_person_is_shown_is_safe(
            status in prop_oneof![Just(200), Just(400), any::<u16>()],
            body in bodies(&[("device_code", r#""dc""#), ("user_code", r#""WDJB-MJHT""#), ("verification_uri", r#""https://id.example.com/device""#), ("verification_uri_complete", r#""https://id.example.com/device?c=1""#), ("expires_in", "900"), ("interval", "5"), ("verification_url", ""), ("error", "")]),
        ) {
            match parse(status, &body) {
                Ok(answer) => {
                    prop_assert!((SECOND..=LONGEST_INTERVAL).contains(&answer.interval));
                    prop_assert!(!answer.user_code.contains(char::is_control));
                    for url in [Some(&answer.verification_uri), answer.verification_uri_complete.as_ref()] {
                        prop_assert!(url.is_none_or(|url| !url.authority().contains('@')
                            && (url.scheme() == "https" || is_loopback_host(url))));
                    }
                }
                Err(error) => prop_assert!(!error.to_string().contains(char::is_control)),
            }
        }

        #[test]
        fn whatever_is_heard_the_wait_grows_only_and_ends_in_time(
            errors in vec("authorization_pending|slow_down|dead", 1..40),
        ) {
            let (mut polling, ends) = (Polling::new(5 * SECOND, 900 * SECOND), 900 * SECOND);
            let (mut now, mut last) = (polling.first(), polling.first());
            for error in errors {
                let answer = match error.as_str() {
                    "dead" => Answer::Unreachable,
                    error => refused(error),
                };
                match polling.heard(answer, now) {
                    Next::PollAfter(wait) => {
                        prop_assert!(wait >= last && now + wait < ends);
                        (now, last) = (now + wait, wait);
                    }
                    Next::Stop(error) => {
                        prop_assert_eq!(error, DeviceError::Expired);
                        break;
                    }
                }
            }
        }
    }
}
