//! The program that asks the user in a window, as `ssh` and `ssh-agent` use it (ssh-agent(1),
//! `SSH_ASKPASS`): yes is the exit status 0 with nothing, or `yes`, on its stdout.
//!
//! Started by an absolute path and never through a shell; the question is its only argument.
//! Whatever it does instead of answering is no.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::clock::Clock;
use crate::base::printable;

/// The variable that names the program.
pub const VARIABLE: &str = "SSH_ASKPASS";

/// How often is looked whether it has ended.
const POLL: Duration = Duration::from_millis(50);

/// An answer is short.
const MOST_BYTES: usize = 64;

/// Such a program.
#[derive(Clone, Debug)]
pub struct Askpass(PathBuf);

/// How a question ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reply {
    /// Yes.
    Yes,
    /// No, or nothing that is a yes.
    No,
    /// Nobody answered in time, or the answer is wanted no more.
    None,
}

impl Askpass {
    /// Takes the program's path; none when it is not absolute, since then the folder that somebody
    /// happened to be in, or a search, would decide what is run.
    pub fn new(path: &str) -> Option<Self> {
        let path = PathBuf::from(path);
        path.is_absolute().then_some(Self(path))
    }

    /// Returns the program.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Asks, and waits for the answer until the time is over or `gone` says that nobody wants it
    /// any more.
    ///
    /// # Errors
    ///
    /// What the system said when the program cannot be started.
    pub fn confirm(
        &self,
        question: &str,
        (clock, patience): (&dyn Clock, Duration),
        gone: &dyn Fn() -> bool,
    ) -> io::Result<Reply> {
        let mut command = Command::new(&self.0);
        command
            .arg(&*printable(question))
            .env("SSH_ASKPASS_PROMPT", "confirm")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut asking = Asking(group::start(&mut command)?);
        let began = clock.elapsed();
        loop {
            if let Some(status) = asking.0.try_wait()? {
                let yes = status.success() && said_yes(&mut asking.0);
                return Ok(if yes { Reply::Yes } else { Reply::No });
            }
            if gone() || clock.elapsed().saturating_sub(began) >= patience {
                return Ok(Reply::None);
            }
            clock.sleep(POLL);
        }
    }
}

/// Nothing and `yes` are yes, as for `ssh-agent`.
fn said_yes(child: &mut Child) -> bool {
    let Some(mut stdout) = child.stdout.take() else {
        return false;
    };
    if group::do_not_wait(&stdout).is_err() {
        return false;
    }
    let mut said = vec![0; MOST_BYTES];
    let said = match stdout.read(&mut said) {
        Ok(length) => &said[..length],
        // Nothing was said, and a child of the program's still holds the other end.
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => &[],
        Err(_) => return false,
    };
    let said = String::from_utf8_lossy(said);
    said.trim().is_empty() || said.trim().eq_ignore_ascii_case("yes")
}

/// A program that has been asked; it goes away with all of its own when this is dropped.
struct Asking(Child);

impl Drop for Asking {
    fn drop(&mut self) {
        group::end(&mut self.0);
        drop(self.0.wait());
    }
}

/// The program and its children, as one.
#[cfg(unix)]
mod group {
    use std::io;
    use std::os::unix::process::CommandExt as _;
    use std::process::{Child, ChildStdout, Command};

    use rustix::process::{Pid, Signal, kill_process_group};

    pub(super) fn start(command: &mut Command) -> io::Result<Child> {
        command.process_group(0).spawn()
    }

    pub(super) fn do_not_wait(stdout: &ChildStdout) -> io::Result<()> {
        Ok(rustix::io::ioctl_fionbio(stdout, true)?)
    }

    pub(super) fn end(child: &mut Child) {
        // A number that was waited for may be another process's by now.
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        if let Some(id) = id {
            kill_process_group(id, Signal::KILL).unwrap_or_default();
        }
        drop(child.kill());
    }
}

/// The program alone.
#[cfg(not(unix))]
mod group {
    use std::io;
    use std::process::{Child, ChildStdout, Command};

    pub(super) fn start(command: &mut Command) -> io::Result<Child> {
        command.spawn()
    }

    #[expect(clippy::unnecessary_wraps, reason = "the Unix side can fail")]
    pub(super) fn do_not_wait(_: &ChildStdout) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn end(child: &mut Child) {
        drop(child.kill());
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::sys::clock::SystemClock;

    fn asked(script: &str, patience: Duration, gone: bool) -> Reply {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("askpass");
        crate::sys::files::write_private(&path, format!("#!/bin/sh\n{script}\n").as_bytes())
            .unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o700)).unwrap();
        let askpass = Askpass::new(path.to_str().unwrap()).unwrap();
        // Another test's child may hold the script open for writing for a moment (ETXTBSY).
        let clock = SystemClock::new();
        loop {
            match askpass.confirm("really?", (&clock, patience), &|| gone) {
                Ok(reply) => return reply,
                Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    #[test]
    fn yes_is_status_0_with_nothing_or_yes_on_stdout() {
        let minute = Duration::from_secs(60);
        for (script, reply) in [
            ("exit 0", Reply::Yes),
            ("echo yes", Reply::Yes),
            ("[ \"$1\" = 'really?' ] && [ $# = 1 ]", Reply::Yes),
            ("[ \"$SSH_ASKPASS_PROMPT\" = confirm ]", Reply::Yes),
            ("sleep 60 & exit 0", Reply::Yes),
            ("exit 1", Reply::No),
            ("echo no", Reply::No),
            ("echo yes; exit 1", Reply::No),
            ("printf '\\377\\000yes'", Reply::No),
            ("kill -9 $$", Reply::No),
        ] {
            assert_eq!(asked(script, minute, false), reply, "{script}");
        }
    }

    #[test]
    fn silence_is_no_answer_and_leaves_nothing_running() {
        let moment = Duration::from_millis(100);
        assert_eq!(asked("sleep 60", moment, false), Reply::None);
        assert_eq!(
            asked("sleep 60", Duration::from_secs(60), true),
            Reply::None
        );
    }

    #[test]
    fn only_an_absolute_path_is_run() {
        assert!(Askpass::new("askpass").is_none());
        assert!(Askpass::new("./askpass").is_none());
        assert!(Askpass::new("").is_none());
        assert!(Askpass::new("/usr/bin/ssh-askpass").is_some());
    }
}
