//! Are keyfob's files its user's alone?
//!
//! Only looks; changes no mode.

use std::path::{Path, PathBuf};

use crate::base::Exit;
use crate::doctor::{Check, Finding, Patient};
use crate::sys::files::{self, Looseness};

/// The most files that are named.
const MOST: usize = 6;

pub(in crate::doctor) struct Files;

impl Check for Files {
    fn name(&self) -> &'static str {
        "files"
    }

    fn run(&self, patient: &Patient) -> Finding {
        let dirs = &patient.dirs;
        let mut seen = 0;
        let mut faults = Vec::new();
        if let Some(config) = &patient.config {
            look(config, Wanted::Settings, &mut seen, &mut faults);
        }
        for folder in [&dirs.state, &dirs.cache] {
            look(folder, Wanted::Private, &mut seen, &mut faults);
            for below in [
                "sessions", "locks", "journal", "sealed", "tokens", "audit", "attempts",
            ] {
                let folder = folder.join(below);
                for name in files::names_in(&folder) {
                    look(&folder.join(name), Wanted::Private, &mut seen, &mut faults);
                }
            }
        }
        let Some((worst, path, how)) = faults.iter().max_by_key(|(worst, ..)| *worst) else {
            return Finding::good(format!("{seen} looked at, yours alone"));
        };
        let said = format!("`{}` {how}", path.display());
        let remedy = format!(
            "run `chmod go-rwx {}`, and find out who changed it",
            path.display()
        );
        let more = faults.iter().take(MOST);
        let more: Vec<String> = more
            .map(|(_, path, how)| format!("`{}` {how}", path.display()))
            .collect();
        let finding = if *worst {
            Finding::bad(said, remedy, Exit::Config)
        } else {
            Finding::warning(said, remedy)
        };
        finding.with(more)
    }
}

/// How private a file must be.
#[derive(Clone, Copy)]
enum Wanted {
    /// Nobody else may read it.
    Private,
    /// Others may read it, and not write it.
    Settings,
}

/// Notes what is wrong with a file: whether that is grave, which file, and what.
fn look(
    path: &Path,
    wanted: Wanted,
    seen: &mut usize,
    faults: &mut Vec<(bool, PathBuf, &'static str)>,
) {
    let Some(looseness) = files::looseness(path) else {
        return;
    };
    *seen += 1;
    let fault = match (looseness, wanted) {
        (Looseness::AnothersOwn, _) => (true, "belongs to somebody else"),
        (Looseness::Writable, _) => (true, "can be changed by others"),
        (Looseness::Readable, Wanted::Private) => (false, "can be read by others"),
        (Looseness::Readable, Wanted::Settings) | (Looseness::Private, _) => return,
    };
    faults.push((fault.0, path.to_owned(), fault.1));
}
