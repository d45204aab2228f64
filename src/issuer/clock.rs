//! The practice provider's own time: a wall clock that can run ahead or behind, and waits that end
//! when the provider stops.
//!
//! The only file of `issuer/` that asks the machine what time it is. Never sleeps blindly.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jiff::fmt::rfc2822::DateTimePrinter;

use crate::base::Timestamp;

/// A wall clock that is `skew` seconds off, and a steady one that is not.
#[derive(Debug)]
pub(super) struct Clock {
    skew: AtomicI64,
    started: Instant,
}

impl Clock {
    /// Starts the clock, `skew` seconds ahead of the machine's (behind when negative).
    pub(super) fn start(skew: i64) -> Self {
        Self {
            skew: AtomicI64::new(skew),
            started: instant(),
        }
    }

    /// Returns the provider's idea of now.
    pub(super) fn now(&self) -> Timestamp {
        Timestamp(seconds().saturating_add(self.skew.load(Ordering::Relaxed)))
    }

    /// Sets how many seconds the clock is ahead from here on.
    pub(super) fn set_skew(&self, skew: i64) {
        self.skew.store(skew, Ordering::Relaxed);
    }

    /// Returns the time since the start; never affected by the skew.
    pub(super) fn elapsed(&self) -> Duration {
        instant().saturating_duration_since(self.started)
    }
}

/// Writes a point in time as the `Date` header wants it (RFC 9110 §5.6.7).
pub(super) fn http_date(at: Timestamp) -> String {
    jiff::Timestamp::from_second(at.0)
        .ok()
        .and_then(|at| DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok())
        .unwrap_or_else(|| "Thu, 01 Jan 1970 00:00:00 GMT".to_owned())
}

/// Writes a point in time as Entra's errors have it: `2026-11-23 12:00:00Z`.
pub(super) fn stamp(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_second(at.0).unwrap_or_default();
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the other side of the wire keeps its own time"
)]
fn seconds() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the other side of the wire keeps its own time"
)]
fn instant() -> Instant {
    Instant::now()
}

/// The end of the provider, which every wait listens for.
#[derive(Debug, Default)]
pub(super) struct End {
    reached: Mutex<bool>,
    bell: Condvar,
}

impl End {
    /// Waits for the span, or until the end; tells whether the end was reached.
    pub(super) fn wait(&self, span: Duration) -> bool {
        let reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .bell
            .wait_timeout_while(reached, span, |reached| !*reached);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Ends every wait, now and from here on.
    pub(super) fn reach(&self) {
        *self.reached.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_all();
    }

    /// Tells whether the end was reached.
    pub(super) fn is_reached(&self) -> bool {
        *self.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
