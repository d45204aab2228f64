//! Sweeps up what a process left half written when it was killed: every write takes the old ones
//! of its folder along, so that they never pile up.
//!
//! A file that may still be in the making is left alone: "old" is told by the file system's own
//! times, against the file just written, so that no clock that was set can matter.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// How the name of a file in the making begins.
pub(super) const PREFIX: &str = ".keyfob-";

/// How many random characters follow.
pub(super) const RANDOM: usize = 12;

/// No write takes nearly as long.
const OLD: Duration = Duration::from_secs(15 * 60);

/// Removes what was left in `folder` long before `now`. Best effort: the next write tries again.
pub(super) fn sweep(folder: &Path, now: SystemTime) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_ours = entry
            .file_name()
            .to_str()
            .and_then(|name| name.strip_prefix(PREFIX))
            .is_some_and(|random| random.len() == RANDOM);
        // Asked of the entry itself, never of what a link leads to.
        let is_old = || {
            let written = entry.metadata().and_then(|found| found.modified()).ok()?;
            now.duration_since(written).ok().filter(|age| *age > OLD)
        };
        if is_ours && is_old().is_some() {
            drop(fs::remove_file(entry.path()));
        }
    }
}
