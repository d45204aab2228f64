//! What every live test stands on: a world of its own, children that end with it, a person who
//! signs in, and the components.

pub(crate) mod browser;
pub(crate) mod bus;
pub(crate) mod cargo_registry;
pub(crate) mod gateway;
pub(crate) mod git_http;
pub(crate) mod google_sts;
pub(crate) mod guard;
pub(crate) mod html;
pub(crate) mod kube_api;
mod ldap;
pub(crate) mod meddler;
pub(crate) mod moto;
pub(crate) mod person;
pub(crate) mod pip_index;
pub(crate) mod postgres;
pub(crate) mod process;
pub(crate) mod provider;
pub(crate) mod python;
pub(crate) mod screen;
pub(crate) mod session;
mod sight;
pub(crate) mod ssh;
pub(crate) mod strace;
pub(crate) mod watch;
pub(crate) mod web;
pub(crate) mod world;

use std::fmt;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

/// How long anything here may take before the test that waits for it fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Asks again and again until there is an answer; fails the test, saying `what`, when patience ends.
pub(crate) fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(
            began.elapsed() < PATIENCE,
            "waited {PATIENCE:?} in vain for {what}"
        );
        thread::sleep(Duration::from_millis(20));
    }
}

/// The folder for what a person may want to look at afterwards; inside the build folder, so never
/// in the work tree.
pub(crate) fn artefacts(area: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("live")
        .join(area);
    std::fs::create_dir_all(&folder).expect("the build folder can be written");
    folder
}

/// Whether every case is to be tried, and not only a sample.
pub(crate) fn every_one() -> bool {
    std::env::var("KEYFOB_EVERY_BOUNDARY").is_ok_and(|value| value == "1")
}

/// Takes so many of them, evenly; all of them when every case is to be tried.
pub(crate) fn sampled<T>(all: &[T], sample: usize) -> impl Iterator<Item = &T> {
    let wanted = if every_one() {
        all.len()
    } else {
        sample.min(all.len())
    };
    (0..wanted).map(move |number| &all[number * all.len() / wanted])
}

/// Random numbers that can be had again: `KEYFOB_SEED` names those of an earlier run.
pub(crate) struct Dice {
    seed: u64,
    state: u64,
}

impl Dice {
    pub(crate) fn cast() -> Self {
        let told = std::env::var("KEYFOB_SEED").ok();
        let seed = told.map_or_else(
            || {
                let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
                u64::from(now.expect("it is after 1970").subsec_nanos())
            },
            |told| told.parse().expect("`KEYFOB_SEED` is a number"),
        );
        Self { seed, state: seed }
    }

    /// A number from 0 to just below 1 (SplitMix64, Steele, Lea and Flood 2014).
    pub(crate) fn roll(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let upper = u32::try_from(mixed >> 32).expect("half of it");
        f64::from(upper) / (f64::from(u32::MAX) + 1.0)
    }
}

impl fmt::Display for Dice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {}", self.seed)
    }
}
