//! What every live test stands on: a world of its own, children that end with it, a person who
//! signs in, and the components.

pub(crate) mod browser;
pub(crate) mod bus;
pub(crate) mod html;
pub(crate) mod person;
pub(crate) mod process;
pub(crate) mod provider;
pub(crate) mod screen;
pub(crate) mod ssh;
pub(crate) mod strace;
pub(crate) mod world;

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

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
