//! Decides whether a held token will do. Pure: no clock, no store, no surprises.

use std::time::Duration;

use super::record::Held;
use crate::base::Timestamp;

/// A token with less than this left is renewed before it is handed out.
const MARGIN: Duration = Duration::from_secs(60);

/// A short-lived token is renewed in the last fifth of its life instead.
const MARGIN_SHARE: u32 = 5;

/// A token whose life the provider does not say is believed this long.
pub(super) const UNSAID_LIFE: Duration = Duration::from_secs(60);

/// What to do about a held token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Plan {
    /// Hand it out.
    Use,
    /// Get a new one; the old one still works if that fails.
    Renew,
    /// Get a new one.
    Replace,
}

/// Decides about `held` at `now`; `min_life` is what the caller insists on.
pub(super) fn plan(held: &Held, min_life: Option<Duration>, now: Timestamp) -> Plan {
    let life = held.expires.since(held.issued);
    let left = held.expires.since(now);
    if left.is_zero() || held.issued.since(now) > MARGIN {
        // Over, or from a future that a clock set back has left behind.
        return Plan::Replace;
    }
    let margin = MARGIN.min(life / MARGIN_SHARE);
    let needed = match min_life {
        // More life than the provider gives cannot be had by asking again and again.
        Some(asked) => asked.max(margin).min(life.saturating_sub(margin)),
        None => margin,
    };
    if left > needed {
        Plan::Use
    } else {
        Plan::Renew
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Scopes, Secret};

    const MINUTE: Duration = Duration::from_secs(60);

    fn planned(life: i64, age: i64, min_life: Option<Duration>) -> Plan {
        let held = Held {
            token: Secret::new("t".into()),
            issued: Timestamp(10_000),
            expires: Timestamp(10_000 + life),
            scopes: Scopes::default(),
            generation: 0,
        };
        plan(&held, min_life, Timestamp(10_000 + age))
    }

    #[test]
    fn a_token_is_used_until_its_last_minute() {
        assert_eq!(planned(3600, 0, None), Plan::Use);
        assert_eq!(planned(3600, 3539, None), Plan::Use);
        assert_eq!(planned(3600, 3540, None), Plan::Renew);
        assert_eq!(planned(3600, 3600, None), Plan::Replace);
        assert_eq!(planned(3600, 9999, None), Plan::Replace);
    }

    #[test]
    fn a_short_lived_token_is_used_for_four_fifths_of_its_life() {
        assert_eq!(planned(50, 39, None), Plan::Use);
        assert_eq!(planned(50, 40, None), Plan::Renew);
        assert_eq!(planned(0, 0, None), Plan::Replace);
    }

    #[test]
    fn more_life_than_there_is_renews_once_and_not_for_ever() {
        assert_eq!(planned(3600, 0, Some(30 * MINUTE)), Plan::Use);
        assert_eq!(planned(3600, 1801, Some(30 * MINUTE)), Plan::Renew);
        assert_eq!(planned(3600, 0, Some(120 * MINUTE)), Plan::Use);
        assert_eq!(planned(3600, 61, Some(120 * MINUTE)), Plan::Renew);
    }

    #[test]
    fn a_clock_set_back_does_not_make_a_token_immortal() {
        assert_eq!(planned(3600, -30, None), Plan::Use);
        assert_eq!(planned(3600, -3600, None), Plan::Replace);
    }
}
