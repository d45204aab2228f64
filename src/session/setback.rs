//! What stood in the way of a token lately, and what an API has demanded (PURE): kept in the entry,
//! so that a hundred callers do not ask a provider a hundred times for what it refuses until a
//! person has signed in, and so that a challenge that comes back does not go round in a circle.
//!
//! Both lists are short, and a clock that was set back makes neither of them last.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Entry;
use crate::base::{Issuer, Timestamp};
use crate::oauth::{Demand, Refusal};

/// How long a provider that wants a person is not asked again for the same target.
const PAUSE: Duration = Duration::from_secs(90);

/// Whoever asks so soon after the token that meets a challenge came, met the challenge before that.
const GRACE: Duration = Duration::from_secs(3);

/// Within so long …
const SPAN: Duration = Duration::from_secs(60);

/// … so many demands for one target are met.
const MOST_IN_SPAN: usize = 3;

/// The most of either that are kept; the oldest go.
const MOST: usize = 16;

/// A target whose tokens cannot be had until a person has signed in, or at all.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Setback {
    /// The name that its token would be cached under.
    pub(super) name: String,
    /// Where: a session can serve several tenants.
    pub(super) issuer: Issuer,
    /// When we heard.
    pub(super) at: Timestamp,
    /// What the provider said; none when it was not asked.
    pub(super) refusal: Option<Refusal>,
    /// What the next sign-in must bring.
    pub(super) demand: Option<Demand>,
}

/// That an API's demand was met.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Met {
    /// The name that the token is cached under which meets it.
    pub(super) name: String,
    /// The name that the same target's token is cached under when nothing is demanded.
    pub(super) target: String,
    /// When.
    pub(super) at: Timestamp,
}

impl Entry {
    /// Returns what the provider refused a moment ago, and would refuse again.
    pub(super) fn refused(&self, name: &str, now: Timestamp) -> Option<&Refusal> {
        let mut all = self.setbacks.iter();
        let setback = all.find(|setback| setback.name == name)?;
        let is_fresh = setback.at <= now && now < setback.at.plus(PAUSE);
        setback.refusal.as_ref().filter(|_| is_fresh)
    }

    /// Notes what stands in the way of a token.
    pub(super) fn set_back(&mut self, setback: Setback) {
        self.setbacks.retain(|other| other.name != setback.name);
        self.setbacks.push(setback);
        self.setbacks
            .drain(..self.setbacks.len().saturating_sub(MOST));
    }

    /// Notes that a token came: for a target, or as an answer to what an API demanded for it.
    pub(super) fn came(&mut self, name: &str, target: &str, at: Timestamp) {
        self.setbacks.retain(|other| other.name != name);
        if name == target {
            // Whoever gets a token without a demand has not been challenged since.
            self.met.retain(|other| other.target != target);
            return;
        }
        self.met.retain(|other| other.name != name);
        self.met.push(Met {
            name: name.to_owned(),
            target: target.to_owned(),
            at,
        });
        self.met.drain(..self.met.len().saturating_sub(MOST));
    }

    /// Tells whether a challenge came back although the token in hand meets it.
    pub(super) fn goes_in_a_circle(&self, name: &str, now: Timestamp) -> bool {
        let met = self.met.iter().find(|met| met.name == name);
        met.is_some_and(|met| now > met.at.plus(GRACE))
    }

    /// Tells whether a target was challenged again and again, each time with another demand: that goes
    /// round as well.
    pub(super) fn is_challenged_too_often(&self, name: &str, target: &str, now: Timestamp) -> bool {
        let lately = |met: &&Met| met.target == target && now < met.at.plus(SPAN) && met.at <= now;
        let is_new = self.met.iter().all(|met| met.name != name);
        is_new && self.met.iter().filter(lately).count() >= MOST_IN_SPAN
    }

    /// Returns what the next sign-in at an issuer must bring: what was demanded last.
    pub fn demanded(&self, issuer: &Issuer) -> Option<&Demand> {
        let here = self.setbacks.iter().rev();
        here.filter(|setback| setback.issuer == *issuer)
            .find_map(|setback| setback.demand.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{ClientId, ProfileName, Subject};
    use crate::oauth::ClaimsRequest;
    use crate::store::Backend;

    fn issuer(tenant: &str) -> Issuer {
        Issuer::parse(&format!("https://id.example.com/{tenant}")).unwrap()
    }

    fn entry() -> Entry {
        Entry::new(
            (
                ProfileName::parse("work").unwrap(),
                issuer("a"),
                ClientId::parse("c").unwrap(),
            ),
            (Subject::parse("s").unwrap(), "s".into()),
            Backend::Memory,
            Timestamp(0),
            true,
        )
    }

    fn setback(name: &str, tenant: &str, at: i64) -> Setback {
        let claims = ClaimsRequest::parse(&format!(r#"{{"{name}":1}}"#)).unwrap();
        Setback {
            name: name.into(),
            issuer: issuer(tenant),
            at: Timestamp(at),
            refusal: Some(Refusal::new("interaction_required", None, None)),
            demand: Some(Demand::of_claims(claims)),
        }
    }

    #[test]
    fn a_refusal_stands_for_a_minute_and_a_half_and_for_its_target_alone() {
        let mut entry = entry();
        entry.set_back(setback("x", "a", 1000));

        let stands = |name: &str, now| entry.refused(name, Timestamp(now)).is_some();

        assert!(stands("x", 1000) && stands("x", 1089));
        assert!(!stands("x", 1090) && !stands("y", 1000));
        assert!(!stands("x", 999), "the clock was set back");
        entry.came("x", "x", Timestamp(1001));
        assert!(entry.refused("x", Timestamp(1002)).is_none());
    }

    #[test]
    fn the_next_sign_in_brings_what_was_demanded_last_at_its_tenant() {
        let mut entry = entry();
        for (name, tenant) in [("x", "a"), ("y", "a"), ("z", "b"), ("x", "a")] {
            entry.set_back(setback(name, tenant, 1000));
        }

        let demanded = |tenant| {
            let demand = entry.demanded(&issuer(tenant));
            demand
                .and_then(|demand| demand.claims.as_ref())
                .map(ClaimsRequest::as_str)
        };

        assert_eq!(demanded("a"), Some(r#"{"x":1}"#));
        assert_eq!(demanded("b"), Some(r#"{"z":1}"#));
        assert_eq!(demanded("c"), None);
    }

    #[test]
    fn a_challenge_that_comes_back_later_goes_in_a_circle_unless_the_target_got_another_token() {
        let mut entry = entry();
        entry.came("x+1", "x", Timestamp(1000));
        let circles = |entry: &Entry, name: &str, now| entry.goes_in_a_circle(name, Timestamp(now));

        assert!(
            !circles(&entry, "x+1", 1003),
            "others were challenged at the same time"
        );
        assert!(circles(&entry, "x+1", 1004));
        assert!(!circles(&entry, "x+2", 1004));
        entry.came("y", "y", Timestamp(1005));
        assert!(circles(&entry, "x+1", 1005));
        entry.came("x", "x", Timestamp(1005));
        assert!(!circles(&entry, "x+1", 1005));
    }

    #[test]
    fn three_demands_for_one_target_are_met_in_any_minute() {
        let mut entry = entry();
        for (name, at) in [("x+1", 1000), ("x+2", 1010), ("x+3", 1020)] {
            assert!(!entry.is_challenged_too_often(name, "x", Timestamp(at)));
            entry.came(name, "x", Timestamp(at));
        }
        let too_often = |name: &str, now| entry.is_challenged_too_often(name, "x", Timestamp(now));

        assert!(too_often("x+4", 1021));
        assert!(!too_often("x+3", 1021), "that one is met already");
        assert!(!entry.is_challenged_too_often("y+1", "y", Timestamp(1021)));
        assert!(!too_often("x+4", 1060));
    }

    #[test]
    fn the_lists_stay_short() {
        let mut entry = entry();
        for number in 0..100 {
            entry.set_back(setback(&number.to_string(), "a", 1000));
            entry.came(&format!("{number}+"), "t", Timestamp(1000));
        }

        assert_eq!((entry.setbacks.len(), entry.met.len()), (MOST, MOST));
    }
}
