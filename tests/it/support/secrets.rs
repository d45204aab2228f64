//! What must never be seen: secrets in the clear, in a file or on stderr; files that others read.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Output, PASSPHRASE, World};

/// Holds a world to its secrets: none of them is in any file in the clear or in what the runs said
/// on stderr, and everything that the program wrote is the user's alone.
#[track_caller]
pub(crate) fn assert_private(world: &World, secrets: &[&str], runs: &[&Output]) {
    for secret in secrets.iter().copied().chain([PASSPHRASE]) {
        assert!(secret.len() >= 8, "`{secret}` is too short to search for");
        for run in runs {
            assert!(!run.stderr.contains(secret), "a secret is said: {run:#?}");
        }
    }
    for path in files(world.home()) {
        let bytes = fs::read(&path).unwrap();
        for secret in secrets.iter().copied().chain([PASSPHRASE]) {
            let is_there = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            let is_given = path == world.path("passphrase");
            assert!(!is_there || is_given, "a secret is in {}", path.display());
        }
    }
    for folder in ["cache/keyfob", "state/keyfob", "data/keyfob"] {
        assert_modes(&world.path(folder));
    }
}

/// Every plain file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                files.push(path);
            }
        }
    }
    files
}

#[cfg(unix)]
#[track_caller]
fn assert_modes(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;

    for path in files(folder) {
        for (place, wanted) in [(path.as_path(), 0o600), (path.parent().unwrap(), 0o700)] {
            let mode = fs::metadata(place).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, wanted, "{} is {mode:o}", place.display());
        }
    }
}

#[cfg(not(unix))]
fn assert_modes(_: &Path) {}
