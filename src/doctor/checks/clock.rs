//! Is this machine's clock right? By the `Date` of an answer (RFC 9110 §6.6.1).
//!
//! Never sets a clock.

use std::time::Duration;

use crate::base::{Exit, in_words};
use crate::doctor::{Check, Finding, Patient};
use crate::flow::metadata;
use crate::jwt::checks::{FATAL_SKEW, NOTABLE_SKEW};

pub(in crate::doctor) struct Clock;

impl Check for Clock {
    fn name(&self) -> &'static str {
        "clock"
    }

    fn run(&self, patient: &Patient) -> Finding {
        let Ok(line) = patient.line() else {
            return Finding::skipped("no request can be made");
        };
        match metadata::skew(line.wire(), &patient.profile.issuer) {
            Err(_) => Finding::skipped("the provider did not answer"),
            Ok(skew) => skew.0.map_or_else(
                || Finding::skipped("the provider does not tell the time"),
                of,
            ),
        }
    }

    fn late(&self) -> Finding {
        Finding::skipped("the provider did not answer in time")
    }
}

fn of(ahead: i64) -> Finding {
    let by = ahead.unsigned_abs();
    let side = if ahead < 0 { "behind" } else { "ahead of" };
    let said = match by {
        0..=1 => "the same as the provider's".to_owned(),
        _ => format!(
            "{ahead:+} s: {} {side} the provider's",
            in_words(Duration::from_secs(by))
        ),
    };
    let remedy = "let the system set it, as with `timedatectl set-ntp true`";
    if by > FATAL_SKEW {
        Finding::bad(said, remedy, Exit::Verification)
    } else if by > NOTABLE_SKEW {
        Finding::warning(said, remedy)
    } else {
        Finding::good(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Mark;

    #[test]
    fn a_clock_is_good_within_a_minute_and_bad_beyond_five() {
        for (ahead, mark) in [
            (0, Mark::Good),
            (-60, Mark::Good),
            (61, Mark::Warning),
            (-300, Mark::Warning),
            (301, Mark::Bad),
            (i64::MIN, Mark::Bad),
        ] {
            assert_eq!(of(ahead).mark, mark, "{ahead}");
        }
        assert!(of(-90).said.starts_with("-90 s"), "{}", of(-90).said);
        assert!(of(90).said.starts_with("+90 s"), "{}", of(90).said);
    }
}
