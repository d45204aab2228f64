//! What time it is, as a port: one trait, the system's clock behind it.
//!
//! The wall clock stamps what is written down; the monotonic clock measures waits, so that setting
//! the machine's clock never lengthens or shortens one. Neither ever decides anything here.

use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::base::Timestamp;

/// Where time comes from.
pub trait Clock: Send + Sync {
    /// Returns the wall clock's time; it may jump in either direction.
    fn now(&self) -> Timestamp;

    /// Returns how long this clock has been running; it never goes back, and where the system can
    /// tell, it goes on while the machine sleeps.
    fn elapsed(&self) -> Duration;

    /// Waits.
    fn sleep(&self, span: Duration);
}

/// The machine's own clocks.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    started: steady::Moment,
}

impl SystemClock {
    /// Starts the monotonic clock at zero.
    pub fn new() -> Self {
        Self {
            started: steady::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock others ask")]
    fn now(&self) -> Timestamp {
        let seconds = |span: Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => Timestamp(seconds(after)),
            Err(before) => Timestamp(-seconds(before.duration())),
        }
    }

    fn elapsed(&self) -> Duration {
        steady::since(self.started)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock others ask")]
    fn sleep(&self, span: Duration) {
        thread::sleep(span);
    }
}

/// The clock that never goes back, and counts the machine's sleep (`clock_gettime(2)`).
#[cfg(unix)]
mod steady {
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    /// macOS counts sleep in its plain monotonic clock.
    #[cfg(not(target_os = "linux"))]
    const CLOCK: ClockId = ClockId::Monotonic;
    #[cfg(target_os = "linux")]
    const CLOCK: ClockId = ClockId::Boottime;

    pub(super) type Moment = Duration;

    pub(super) fn now() -> Moment {
        // Neither part is ever negative here.
        let now = clock_gettime(CLOCK);
        Duration::new(
            now.tv_sec.unsigned_abs(),
            u32::try_from(now.tv_nsec).unwrap_or_default(),
        )
    }

    pub(super) fn since(then: Moment) -> Duration {
        now().saturating_sub(then)
    }
}

/// The clock that never goes back.
#[cfg(not(unix))]
mod steady {
    use std::time::{Duration, Instant};

    pub(super) type Moment = Instant;

    #[expect(clippy::disallowed_methods, reason = "this is the clock others ask")]
    pub(super) fn now() -> Moment {
        Instant::now()
    }

    pub(super) fn since(then: Moment) -> Duration {
        then.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_monotonic_clock_counts_a_wait() {
        let clock = SystemClock::new();
        let before = clock.elapsed();

        clock.sleep(Duration::from_millis(2));

        assert!(clock.elapsed() >= before + Duration::from_millis(2));
        assert!(clock.now() > Timestamp(1_700_000_000));
    }
}
