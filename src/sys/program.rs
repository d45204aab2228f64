//! Other programs of the user's: where they are, and what they say when they are asked something.
//!
//! Found on `PATH` by absolute folders only, started without a shell, heard up to a limit and only
//! for so long. Nobody is asked anything: stdin holds what it is given and then ends.

use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use super::clock::Clock;
use crate::base::Vars;

/// More than any answer has that is asked for here, in bytes.
const MOST: u64 = 4 * 1024 * 1024;

/// How often is looked whether it has ended.
const POLL: Duration = Duration::from_millis(10);

/// What a program is started with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Start<'a> {
    /// Its arguments.
    pub words: &'a [&'a str],
    /// What it reads.
    pub stdin: &'a [u8],
    /// Variables that are set, or taken away, besides those of this process.
    pub vars: &'a [(&'a str, Option<&'a str>)],
    /// The folder that it is started in; this process' own when there is none.
    pub folder: Option<&'a Path>,
}

/// What a program said. Both texts may hold secrets.
#[derive(Debug)]
pub struct Said {
    /// Its exit status; none when a signal ended it.
    pub status: Option<i32>,
    /// What it wrote to stdout.
    pub stdout: Zeroizing<Vec<u8>>,
    /// What it wrote to stderr.
    pub stderr: Zeroizing<Vec<u8>>,
}

impl Said {
    /// Tells whether it ended well.
    pub fn is_well(&self) -> bool {
        self.status == Some(0)
    }
}

/// Finds a program on `PATH`. Folders that are not absolute are passed over: the folder that
/// somebody happens to be in must not decide what is run.
pub fn find(name: &str, vars: &Vars) -> Option<PathBuf> {
    folders(vars)
        .into_iter()
        .flat_map(|folder| platform::names(name).map(move |name| folder.join(name)))
        .find(|path| platform::can_run(path))
}

/// Returns the folders of `PATH` that are absolute, in their order.
pub fn folders(vars: &Vars) -> Vec<PathBuf> {
    let path = vars.get("PATH").unwrap_or_default();
    std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .collect()
}

/// Runs a program to its end; none when it is not over after `patience`, and it is ended then.
///
/// # Errors
///
/// What the system said when it cannot be started or heard.
pub fn run(
    program: &Path,
    start: Start<'_>,
    (clock, patience): (&dyn Clock, Duration),
) -> io::Result<Option<Said>> {
    let mut command = Command::new(program);
    command
        .args(start.words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, value) in start.vars {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    if let Some(folder) = start.folder {
        command.current_dir(folder);
    }
    let mut running = Running(command.spawn()?);
    let (stdout, stderr) = (
        heard(running.0.stdout.take()),
        heard(running.0.stderr.take()),
    );
    if let Some(mut stdin) = running.0.stdin.take() {
        // A program that does not read what it is told says why by its status.
        drop(stdin.write_all(start.stdin));
    }
    let began = clock.elapsed();
    let left = || patience.saturating_sub(clock.elapsed().saturating_sub(began));
    let status = loop {
        if let Some(status) = running.0.try_wait()? {
            break status.code();
        }
        if left().is_zero() {
            return Ok(None);
        }
        clock.sleep(POLL);
    };
    // A child of its own may still hold the other end.
    let (Ok(stdout), Ok(stderr)) = (stdout.recv_timeout(left()), stderr.recv_timeout(left()))
    else {
        return Ok(None);
    };
    Ok(Some(Said {
        status,
        stdout,
        stderr,
    }))
}

/// Reads to the end, or to the limit, beside everything else.
fn heard(from: Option<impl Read + Send + 'static>) -> Receiver<Zeroizing<Vec<u8>>> {
    let (tell, heard) = channel();
    thread::spawn(move || {
        let mut bytes = Zeroizing::new(Vec::new());
        if let Some(from) = from {
            drop(from.take(MOST).read_to_end(&mut bytes));
        }
        drop(tell.send(bytes));
    });
    heard
}

/// A program that runs; it is ended when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[cfg(unix)]
mod platform {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    pub(super) fn names(name: &str) -> impl Iterator<Item = String> {
        [name.to_owned()].into_iter()
    }

    pub(super) fn can_run(path: &Path) -> bool {
        fs::metadata(path)
            .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    }
}

#[cfg(not(unix))]
mod platform {
    use std::path::Path;

    pub(super) fn names(name: &str) -> impl Iterator<Item = String> {
        let name = name.to_owned();
        ["exe", "cmd", "bat"]
            .into_iter()
            .map(move |end| format!("{name}.{end}"))
    }

    pub(super) fn can_run(path: &Path) -> bool {
        path.is_file()
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::sys::clock::SystemClock;

    fn shell(script: &str, stdin: &[u8], patience: Duration) -> Option<Said> {
        let start = Start {
            words: &["-c", script],
            stdin,
            vars: &[("ADDED", Some("yes")), ("HOME", None)],
            folder: Some(Path::new("/")),
        };
        run(Path::new("/bin/sh"), start, (&SystemClock::new(), patience)).unwrap()
    }

    #[test]
    fn a_program_is_told_and_heard() {
        let script = r#"read line; echo "$line $ADDED ${HOME-none} $(pwd)"; echo no >&2; exit 3"#;

        let said = shell(script, b"a line\n", Duration::from_secs(60)).unwrap();

        assert_eq!(said.status, Some(3));
        assert_eq!(&**said.stdout, b"a line yes none /\n");
        assert_eq!(&**said.stderr, b"no\n");
    }

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        assert!(shell("exec sleep 600", b"", Duration::from_millis(50)).is_none());
    }

    #[test]
    fn only_absolute_folders_are_looked_in() {
        let folder = tempfile::tempdir().unwrap();
        crate::sys::files::write_private(&folder.path().join("tool"), b"").unwrap();
        let path = |path: &str| Vars::new([("PATH".to_owned(), path.to_owned())]);
        let here = folder.path().to_str().unwrap();

        assert_eq!(find("tool", &path(here)), None, "nobody may run it");
        assert!(find("sh", &path(&format!(".::{here}:/bin"))).is_some());
        assert_eq!(find("sh", &path("bin:.:")), None);
    }
}
