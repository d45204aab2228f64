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

/// The share of a token's life after which its renewal begins, where the provider does not say:
/// the last fifth is time enough to sit out a provider's trouble.
const AHEAD_SHARE: u32 = 5;

/// What to do about a held token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Plan {
    /// Hand it out.
    Use,
    /// Hand it out, unless nobody is at work on a new one: then get that first.
    RenewAhead,
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
    if left <= needed {
        Plan::Renew
    } else if held.renew_from.is_some_and(|from| from <= now) {
        Plan::RenewAhead
    } else {
        Plan::Use
    }
}

/// Says from when on a token that lives so long is renewed ahead of its end; `asked` is what the
/// provider asks for, which counts if it is within the token's life.
pub(super) fn renew_from(issued: Timestamp, life: Duration, asked: Option<Duration>) -> Timestamp {
    let own = life.saturating_sub(life / AHEAD_SHARE);
    issued.plus(asked.filter(|asked| *asked < life).unwrap_or(own))
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
            renew_from: None,
            scopes: Scopes::default(),
            generation: 0,
        };
        plan(&held, min_life, Timestamp(10_000 + age))
    }

    fn planned_ahead(life: u64, asked: Option<u64>, age: i64) -> Plan {
        let (issued, life) = (Timestamp(10_000), Duration::from_secs(life));
        let held = Held {
            token: Secret::new("t".into()),
            issued,
            expires: issued.plus(life),
            renew_from: Some(renew_from(issued, life, asked.map(Duration::from_secs))),
            scopes: Scopes::default(),
            generation: 0,
        };
        plan(&held, None, Timestamp(10_000 + age))
    }

    #[test]
    fn a_renewable_token_is_renewed_ahead_in_its_last_fifth() {
        assert_eq!(planned_ahead(3600, None, 2879), Plan::Use);
        assert_eq!(planned_ahead(3600, None, 2880), Plan::RenewAhead);
        assert_eq!(planned_ahead(3600, None, 3539), Plan::RenewAhead);
        assert_eq!(planned_ahead(3600, None, 3540), Plan::Renew);
        assert_eq!(planned_ahead(3600, None, 3600), Plan::Replace);
    }

    #[test]
    fn the_provider_says_when_a_token_is_renewed_but_not_beyond_its_end() {
        assert_eq!(planned_ahead(86400, Some(43200), 43199), Plan::Use);
        assert_eq!(planned_ahead(86400, Some(43200), 43200), Plan::RenewAhead);
        assert_eq!(planned_ahead(3600, Some(3600), 2880), Plan::RenewAhead);
        assert_eq!(planned_ahead(3600, Some(0), 0), Plan::RenewAhead);
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
