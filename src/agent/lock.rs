//! Whether the agent is locked, and when the next passphrase may be tried (PURE).
//!
//! Wrong passphrases cost a growing time, and only one is tried at once. Nobody is made to wait:
//! whoever comes too early is told when to come again. Never sees a passphrase.

use std::time::Duration;

/// The longest time between two tries.
const MOST_DELAY: Duration = Duration::from_secs(64);

/// The state of the lock. Times are of a clock that never goes back.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Gate {
    state: State,
    /// Wrong passphrases in a row, since the agent started or was last opened.
    wrong: u32,
    not_before: Duration,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum State {
    #[default]
    Open,
    /// Between the two: everybody is refused.
    Changing(Change),
    Locked,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Change {
    Locking,
    Unlocking,
}

/// Why a change cannot begin now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Refusal {
    /// It is as wanted already.
    Already,
    /// Somebody else is at it.
    Busy,
    /// Too early after a wrong passphrase; come again after this time.
    TooEarly(Duration),
}

impl Gate {
    /// Tells whether tokens may be handed out.
    pub(super) fn is_open(self) -> bool {
        self.state == State::Open
    }

    /// Begins to lock; from here on nothing is handed out.
    pub(super) fn begin_lock(&mut self) -> Result<(), Refusal> {
        self.begin(State::Open, Change::Locking)
    }

    /// Begins to try a passphrase.
    pub(super) fn begin_unlock(&mut self, now: Duration) -> Result<(), Refusal> {
        if self.state == State::Locked && now < self.not_before {
            return Err(Refusal::TooEarly(self.not_before.saturating_sub(now)));
        }
        self.begin(State::Locked, Change::Unlocking)
    }

    /// Ends a change that came about.
    pub(super) fn done(&mut self) {
        self.state = match self.state {
            State::Changing(Change::Locking) => State::Locked,
            State::Changing(Change::Unlocking) => {
                self.wrong = 0;
                State::Open
            }
            State::Open | State::Locked => return,
        };
    }

    /// Ends a change that failed for a reason that is not the passphrase.
    pub(super) fn undone(&mut self) {
        self.state = match self.state {
            State::Changing(Change::Locking) => State::Open,
            State::Changing(Change::Unlocking) => State::Locked,
            State::Open | State::Locked => return,
        };
    }

    /// Ends a try with a wrong passphrase; returns how long nobody may try again: not at all after
    /// the first, then 1, 2, 4 seconds and so on.
    pub(super) fn wrong(&mut self, now: Duration) -> Duration {
        self.undone();
        let delay = match self.wrong {
            0 => Duration::ZERO,
            times => MOST_DELAY.min(Duration::from_secs(1 << (times - 1).min(16))),
        };
        self.wrong = self.wrong.saturating_add(1);
        self.not_before = now.saturating_add(delay);
        delay
    }

    fn begin(&mut self, from: State, change: Change) -> Result<(), Refusal> {
        match self.state {
            State::Changing(_) => Err(Refusal::Busy),
            state if state == from => {
                self.state = State::Changing(change);
                Ok(())
            }
            State::Open | State::Locked => Err(Refusal::Already),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn locked() -> Gate {
        let mut gate = Gate::default();
        gate.begin_lock().unwrap();
        gate.done();
        gate
    }

    #[test]
    fn nothing_is_handed_out_from_the_moment_it_begins_to_lock() {
        let mut gate = Gate::default();
        assert!(gate.is_open());

        gate.begin_lock().unwrap();
        assert!(!gate.is_open());
        assert_eq!(gate.begin_unlock(at(0)), Err(Refusal::Busy));
        gate.done();

        assert!(!gate.is_open());
        assert_eq!(gate.begin_lock(), Err(Refusal::Already));
    }

    #[test]
    fn a_lock_that_failed_leaves_it_open() {
        let mut gate = Gate::default();
        gate.begin_lock().unwrap();

        gate.undone();

        assert!(gate.is_open());
        assert_eq!(gate.begin_unlock(at(0)), Err(Refusal::Already));
    }

    #[test]
    fn wrong_passphrases_cost_more_and_more_time() {
        let mut gate = locked();
        let mut now = at(0);
        let mut delays = Vec::new();

        for _ in 0..10 {
            gate.begin_unlock(now).unwrap();
            let delay = gate.wrong(now);
            if !delay.is_zero() {
                assert_eq!(gate.begin_unlock(now), Err(Refusal::TooEarly(delay)));
            }
            delays.push(delay.as_secs());
            now += delay;
        }

        assert_eq!(delays, [0, 1, 2, 4, 8, 16, 32, 64, 64, 64]);
    }

    #[test]
    fn only_one_passphrase_is_tried_at_once() {
        let mut gate = locked();

        gate.begin_unlock(at(0)).unwrap();

        assert_eq!(gate.begin_unlock(at(0)), Err(Refusal::Busy));
        assert_eq!(gate.begin_lock(), Err(Refusal::Busy));
        assert!(!gate.is_open());
    }

    #[test]
    fn the_right_passphrase_forgives_the_wrong_ones() {
        let mut gate = locked();
        for second in [0, 1, 10] {
            gate.begin_unlock(at(second)).unwrap();
            gate.wrong(at(second));
        }

        gate.begin_unlock(at(20)).unwrap();
        gate.done();

        assert!(gate.is_open());
        gate.begin_lock().unwrap();
        gate.done();
        gate.begin_unlock(at(21)).unwrap();
        assert_eq!(gate.wrong(at(21)), at(0));
    }

    #[test]
    fn to_lock_it_again_does_not_shorten_the_wait() {
        let mut gate = locked();
        for _ in 0..2 {
            gate.begin_unlock(at(9)).unwrap();
            gate.wrong(at(9));
        }

        assert_eq!(gate.begin_lock(), Err(Refusal::Already));

        assert_eq!(gate.begin_unlock(at(9)), Err(Refusal::TooEarly(at(1))));
    }
}
