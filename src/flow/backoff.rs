//! What all processes of a user remember about a provider in trouble, so that together they leave it
//! alone for a while: its own `Retry-After` (RFC 9110 §10.2.3), else waits that grow.
//!
//! One file per issuer, 0600, without a secret; gone with the first answer of the token endpoint. A
//! person who signs in is never held back. A file that cannot be read, or that a clock set back has
//! left in the future, counts as none.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::Error;
use crate::base::{Issuer, Timestamp, hex};
use crate::sys::files;

/// Waits after the first, the second … failure in a row; the last one counts from there on.
///
/// The first two are short: a provider that forgives the second use of a refresh token does so for
/// half a minute, and an answer that was lost on the way is worth asking for again within it.
const WAITS: [Duration; 5] = [
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
    Duration::from_secs(30),
    Duration::from_secs(60),
];

/// In any span this long …
const SPAN: Duration = Duration::from_secs(60);

/// … a failing provider gets at most so many requests.
const MOST_IN_SPAN: usize = 3;

/// The longest wait that a `Retry-After` is believed for.
pub(super) const LONGEST_RETRY: Duration = Duration::from_secs(3600);

/// The largest file that is read.
const LARGEST: usize = 4096;

const VERSION: u32 = 1;

/// The memory of one provider's trouble.
#[derive(Clone, Copy, Debug)]
pub struct Backoff<'a> {
    /// The folder of these files; made when it is needed.
    pub dir: &'a Path,
    /// The provider.
    pub issuer: &'a Issuer,
}

impl Backoff<'_> {
    /// Tells whether the provider may be asked now.
    ///
    /// # Errors
    ///
    /// [`Error::HeldOff`] says how long not, and why.
    pub(super) fn check(&self, now: Timestamp) -> Result<(), Error> {
        match self.load(now) {
            Some(trouble) if trouble.until > now => Err(Error::HeldOff {
                issuer: self.issuer.clone(),
                left: trouble.until.since(now),
                said: trouble.said,
            }),
            _ => Ok(()),
        }
    }

    /// Notes that a request failed: what was `said`, and the wait that the provider asked for.
    pub(super) fn failed(&self, now: Timestamp, said: String, retry_after: Option<Duration>) {
        let trouble = Trouble::after(self.load(now), now, said, retry_after);
        let text = serde_json::to_vec(&trouble).expect("trouble has only text keys");
        // What cannot be remembered is not: this process fails by itself already.
        drop(
            files::private_dir(self.dir)
                .and_then(|()| files::write_private_unsynced(&self.place(), &text)),
        );
    }

    /// Notes that the provider is well.
    pub(super) fn is_well(&self) {
        drop(files::remove(&self.place()));
    }

    fn load(&self, now: Timestamp) -> Option<Trouble> {
        let bytes = files::read_private(&self.place(), LARGEST).ok()?;
        let trouble: Trouble = serde_json::from_slice(&bytes).ok()?;
        trouble.is_credible(now).then_some(trouble)
    }

    fn place(&self) -> PathBuf {
        let name = digest(&SHA256, self.issuer.as_str().as_bytes());
        self.dir.join(hex(&name.as_ref()[..16]) + ".json")
    }
}

/// The trouble so far.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Trouble {
    version: u32,
    /// How many requests failed in a row.
    failures: usize,
    /// When the last ones failed, the latest last.
    lately: Vec<Timestamp>,
    /// Until when the provider is left alone.
    until: Timestamp,
    /// How it failed last.
    said: String,
}

impl Trouble {
    /// Adds a failure to what was before.
    fn after(
        before: Option<Self>,
        now: Timestamp,
        said: String,
        retry_after: Option<Duration>,
    ) -> Self {
        let (mut failures, mut lately) = before.map_or_else(Default::default, |trouble| {
            (trouble.failures, trouble.lately)
        });
        let wait = WAITS.get(failures).or(WAITS.last());
        let wait = retry_after.or(wait.copied()).unwrap_or_default();
        failures += 1;
        lately.push(now);
        lately.drain(..lately.len().saturating_sub(MOST_IN_SPAN));
        let full = (lately.len() == MOST_IN_SPAN).then(|| lately.first().map(|at| at.plus(SPAN)));
        Self {
            version: VERSION,
            failures,
            until: now
                .plus(wait.min(LONGEST_RETRY))
                .max(full.flatten().unwrap_or(now)),
            lately,
            said,
        }
    }

    /// Whether a clock that runs true could have written this.
    fn is_credible(&self, now: Timestamp) -> bool {
        let last = self.lately.last().copied().unwrap_or_default();
        self.version == VERSION && last <= now && self.until <= last.plus(LONGEST_RETRY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(before: Option<Trouble>, now: i64) -> Trouble {
        Trouble::after(before, Timestamp(now), "HTTP 503".into(), None)
    }

    #[test]
    fn whoever_waits_as_told_asks_at_most_three_times_in_any_minute() {
        let mut asked: Vec<i64> = vec![1000];
        let mut trouble = failed(None, 1000);
        while asked.len() < 40 {
            let now = trouble.until.0;
            asked.push(now);
            trouble = failed(Some(trouble), now);
        }

        for from in &asked {
            let within = asked.iter().filter(|at| (*from..from + 60).contains(at));
            assert!(within.count() <= MOST_IN_SPAN, "from {from}: {asked:?}");
        }
        assert_eq!(asked[..4], [1000, 1005, 1020, 1060]);
        assert!(asked.windows(2).all(|pair| pair[1] - pair[0] <= 60));
    }

    #[test]
    fn three_failures_at_once_count_as_three() {
        let trouble = (0..3).fold(None, |before, _| Some(failed(before, 1000)));

        assert_eq!(trouble.unwrap().until, Timestamp(1060));
    }

    #[test]
    fn the_provider_says_how_long_within_an_hour() {
        let said = |seconds| {
            let wait = Some(Duration::from_secs(seconds));
            Trouble::after(None, Timestamp(1000), String::new(), wait).until
        };

        assert_eq!(said(1), Timestamp(1001));
        assert_eq!(said(900), Timestamp(1900));
        assert_eq!(said(1_000_000), Timestamp(4600));
    }

    #[test]
    fn a_clock_that_was_set_holds_nobody_off_for_long() {
        let trouble = failed(None, 1_000_000);

        assert!(trouble.is_credible(Timestamp(1_000_000)));
        assert!(!trouble.is_credible(Timestamp(999_000)), "set back");
        assert!(trouble.is_credible(Timestamp(9_000_000)), "set forward");
        assert!(trouble.until < Timestamp(9_000_000));
        let forged = Trouble {
            until: Timestamp(2_000_000),
            ..trouble
        };
        assert!(!forged.is_credible(Timestamp(1_000_000)));
    }

    #[test]
    fn what_one_process_noted_another_one_heeds_until_the_provider_is_well() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("backoff");
        let issuer = Issuer::parse("https://id.example.com").unwrap();
        let other = Issuer::parse("https://other.example.com").unwrap();
        let backoff = |issuer| Backoff { dir: &dir, issuer };
        assert!(backoff(&issuer).check(Timestamp(1000)).is_ok());

        backoff(&issuer).failed(Timestamp(1000), "HTTP 503".into(), None);

        let held = backoff(&issuer).check(Timestamp(1002)).unwrap_err();
        assert!(
            matches!(&held, Error::HeldOff { left, .. } if left.as_secs() == 3),
            "{held:?}"
        );
        assert!(held.to_string().contains("HTTP 503"), "{held}");
        assert!(backoff(&issuer).check(Timestamp(1005)).is_ok());
        assert!(backoff(&other).check(Timestamp(1002)).is_ok());
        backoff(&issuer).is_well();
        assert!(backoff(&issuer).check(Timestamp(1002)).is_ok());
    }
}
