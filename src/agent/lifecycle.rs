//! How long the agent lives (PURE): until nobody has asked for anything for a while, at most for a
//! fixed time, or until it is told to end.
//!
//! Times are of a clock that never goes back and goes on while the machine sleeps: a laptop that is
//! opened after a week finds no session of a week ago.

use std::fmt;
use std::num::NonZeroU8;
use std::time::Duration;

use crate::base::in_words;

/// The two lives.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lives {
    /// It ends when nobody has asked for a token for so long.
    pub idle: Duration,
    /// It ends after so long in any case.
    pub hard: Duration,
}

/// Why the agent ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum End {
    /// Nobody has asked for anything for so long.
    Idle(Duration),
    /// Its life is over.
    Life(Duration),
    /// A signal.
    Signal(NonZeroU8),
    /// `keyfob agent stop`.
    Stop,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Idle(span) => write!(f, "nobody has asked it for {}", in_words(*span)),
            Self::Life(span) => write!(f, "its life of {} is over", in_words(*span)),
            Self::Signal(number) => write!(f, "it was told to by signal {number}"),
            Self::Stop => f.write_str("it was told to by `keyfob agent stop`"),
        }
    }
}

/// What is left of a life.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Left {
    pub(super) idle: Duration,
    pub(super) hard: Duration,
}

/// A life that has begun at zero.
#[derive(Clone, Copy, Debug)]
pub(super) struct Life {
    lives: Lives,
    used: Duration,
}

impl Life {
    pub(super) fn new(lives: Lives, now: Duration) -> Self {
        Self { lives, used: now }
    }

    /// Notes that somebody asked for something.
    pub(super) fn use_at(&mut self, now: Duration) {
        self.used = self.used.max(now);
    }

    pub(super) fn left(&self, now: Duration) -> Left {
        Left {
            idle: self
                .used
                .saturating_add(self.lives.idle)
                .saturating_sub(now),
            hard: self.lives.hard.saturating_sub(now),
        }
    }

    /// Returns why it is over, if it is.
    pub(super) fn end(&self, now: Duration) -> Option<End> {
        let left = self.left(now);
        if left.hard.is_zero() {
            return Some(End::Life(self.lives.hard));
        }
        left.idle.is_zero().then_some(End::Idle(self.lives.idle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIVES: Lives = Lives {
        idle: Duration::from_secs(60),
        hard: Duration::from_secs(100),
    };

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn use_puts_off_the_idle_end_and_never_the_hard_one() {
        let mut life = Life::new(LIVES, at(0));
        assert_eq!(life.end(at(59)), None);
        assert_eq!(life.end(at(60)), Some(End::Idle(at(60))));

        life.use_at(at(59));

        assert_eq!(life.left(at(60)).idle, at(59));
        assert_eq!(life.end(at(99)), None);
        life.use_at(at(99));
        assert_eq!(life.end(at(100)), Some(End::Life(at(100))));
    }

    #[test]
    fn a_machine_that_slept_through_both_ends_it_at_once() {
        let life = Life::new(LIVES, at(0));

        assert!(life.end(at(1_000_000)).is_some());
    }
}
