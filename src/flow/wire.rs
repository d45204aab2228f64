//! The way to one provider: every request of every flow goes through here, and its trouble is noted.
//!
//! Never sends a request twice by itself, and never decides what an answer means.

use std::path::Path;
use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, Request};

use super::Error;
use super::backoff::{Backoff, LONGEST_RETRY};
use crate::base::{Diagnostic as _, Exit, Timestamp};
use crate::sys::clock::Clock;
use crate::sys::http::{Http, Response};

/// The way to a provider: the network, the time, and what is remembered of it.
#[derive(Clone, Copy)]
pub struct Wire<'a> {
    /// The network.
    pub http: &'a Http,
    /// The time.
    pub clock: &'a dyn Clock,
    /// Where metadata and keys are cached; `None` keeps nothing.
    pub cache: Option<&'a Path>,
    /// Where the provider's trouble is noted; `None` notes nothing.
    pub backoff: Option<Backoff<'a>>,
    /// Whether to leave a provider in trouble alone: programs do, a person who waits does not.
    pub heeds_trouble: bool,
}

impl Wire<'_> {
    /// Returns the same way for a program, which leaves a provider in trouble alone.
    #[must_use]
    pub fn heedful(self) -> Self {
        Self {
            heeds_trouble: true,
            ..self
        }
    }

    /// Tells whether a request would be sent at all.
    ///
    /// # Errors
    ///
    /// [`Error::HeldOff`] while the provider is left alone.
    pub fn may_send(&self) -> Result<(), Error> {
        match &self.backoff {
            Some(backoff) if self.heeds_trouble => backoff.check(self.clock.now()),
            _ => Ok(()),
        }
    }

    /// Sends one request and notes whether the provider is in trouble.
    ///
    /// # Errors
    ///
    /// [`Error::Http`]; [`Error::HeldOff`] when nothing was sent because the provider failed a
    /// moment ago.
    pub(super) fn send(&self, request: Request<Vec<u8>>) -> Result<Response, Error> {
        self.may_send()?;
        let Some(backoff) = &self.backoff else {
            return Ok(self.http.send(request)?);
        };
        let result = self.http.send(request);
        let now = self.clock.now();
        match &result {
            Ok(answer) if is_trouble(answer.status) => {
                let said = format!("HTTP {}", answer.status);
                backoff.failed(now, said, retry_after(&answer.headers, now));
            }
            Err(error) if error.exit() == Exit::Unreachable => {
                backoff.failed(now, error.to_string(), None);
            }
            Ok(_) | Err(_) => {}
        }
        Ok(result?)
    }

    /// Notes that the token endpoint gave an answer: the trouble is over.
    pub(super) fn is_well(&self, answer: &Response) {
        if let Some(backoff) = self.backoff.filter(|_| !is_trouble(answer.status)) {
            backoff.is_well();
        }
    }
}

/// Whether a status says that the provider has a fault, or is asked too much.
fn is_trouble(status: u16) -> bool {
    matches!(status, 429 | 500..)
}

/// RFC 9110 §10.2.3: seconds, or a date.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => date(headers, "retry-after")?.since(now),
    };
    Some(wait.min(LONGEST_RETRY))
}

/// Reads a header that is a date.
pub(super) fn date(headers: &HeaderMap, name: &str) -> Option<Timestamp> {
    let time = httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok()?;
    let seconds = time.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    Some(Timestamp(i64::try_from(seconds).ok()?))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn retry_after_is_read_in_both_forms_and_capped() {
        let wait = |text: &'static str| {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(text))]);
            retry_after(&headers, Timestamp(1_445_412_420))
        };

        assert_eq!(wait("7"), Some(Duration::from_secs(7)));
        assert_eq!(
            wait("Wed, 21 Oct 2015 07:28:00 GMT"),
            Some(Duration::from_secs(60))
        );
        assert_eq!(wait("999999999"), Some(LONGEST_RETRY));
        assert_eq!(wait("soon"), None);
        assert_eq!(wait("-1"), None);
    }
}
