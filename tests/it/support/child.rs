//! A run of the real program: what it says, line by line, and how it ends.
//!
//! Every wait has a deadline; a program that is still running then is killed and the test fails.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use keyfob::sys::clock::{Clock as _, SystemClock};
use url::Url;

/// Longer than anything takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(90);

/// How a run ended.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    /// The exit status; 128 and the number after a signal.
    pub(crate) status: i32,
    /// The answer.
    pub(crate) stdout: String,
    /// Everything else.
    pub(crate) stderr: String,
}

/// A run that has not ended.
pub(crate) struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    heard: Receiver<Heard>,
    open: usize,
    stdout: Vec<u8>,
    stderr: String,
    clock: SystemClock,
}

enum Heard {
    Closed,
    Err(String),
    Out(Vec<u8>),
}

impl Output {
    /// Holds the run to its exit status.
    #[track_caller]
    pub(crate) fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self:#?}");
        self
    }

    /// Holds the run to success, and to saying nothing but the answer.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        self.exits(0)
    }

    /// Holds stderr to having a word in it.
    #[track_caller]
    pub(crate) fn says(self, word: &str) -> Self {
        assert!(self.stderr.contains(word), "no `{word}`: {self:#?}");
        self
    }

    /// Holds stderr to being silent.
    #[track_caller]
    pub(crate) fn silent(self) -> Self {
        assert_eq!(self.stderr, "", "{self:#?}");
        self
    }

    /// The only line of the answer.
    #[track_caller]
    pub(crate) fn line(&self) -> String {
        let line = self.stdout.strip_suffix('\n');
        let line = line.filter(|line| !line.is_empty() && !line.contains('\n'));
        line.unwrap_or_else(|| panic!("not one line: {self:#?}"))
            .to_owned()
    }

    /// The answer as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

impl Running {
    /// Starts the program.
    pub(crate) fn start(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::piped());
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (tell, heard) = channel();
        let (mut out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let told = tell.clone();
        thread::spawn(move || {
            let mut bytes = vec![0; 64 * 1024];
            while let Ok(length @ 1..) = out.read(&mut bytes) {
                let part = bytes[..length].to_vec();
                if told.send(Heard::Out(part)).is_err() {
                    return;
                }
            }
            drop(told.send(Heard::Closed));
        });
        thread::spawn(move || {
            let mut err = BufReader::new(err);
            let mut line = Vec::new();
            while let Ok(1..) = err.read_until(b'\n', &mut line) {
                let text = String::from_utf8_lossy(&line).into_owned();
                line.clear();
                if tell.send(Heard::Err(text)).is_err() {
                    return;
                }
            }
            drop(tell.send(Heard::Closed));
        });
        Self {
            stdin: child.stdin.take(),
            child,
            heard,
            open: 2,
            stdout: Vec::new(),
            stderr: String::new(),
            clock: SystemClock::new(),
        }
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has said so far.
    pub(crate) fn stderr(&self) -> &str {
        &self.stderr
    }

    /// Types something, and no more after it.
    pub(crate) fn type_in(&mut self, text: &[u8]) {
        let mut stdin = self.stdin.take().unwrap();
        // A program that does not read has ended, or will not listen: its status tells.
        drop(stdin.write_all(text));
    }

    /// Waits for a line of stderr in which `find` finds something.
    #[track_caller]
    pub(crate) fn wait_for<T>(&mut self, find: impl Fn(&str) -> Option<T>) -> T {
        loop {
            let found = self.stderr.lines().find_map(&find);
            if let Some(found) = found {
                return found;
            }
            assert!(self.listen(), "it ended: {}", self.stderr);
        }
    }

    /// Waits for the address that a person is to open.
    #[track_caller]
    pub(crate) fn address(&mut self) -> Url {
        self.wait_for(address)
    }

    /// Waits for the address that a person is to open; none when the program ends without one.
    #[track_caller]
    pub(crate) fn address_or_end(&mut self) -> Option<Url> {
        while self.said_address().is_none() && self.listen() {}
        self.said_address()
    }

    fn said_address(&self) -> Option<Url> {
        self.stderr.lines().find_map(address)
    }

    /// Whether it has ended by now.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Output {
        self.stdin = None;
        while self.listen() {}
        // Both streams are closed: the process is as good as gone.
        let status = self.child.wait().unwrap();
        Output {
            status: number(status),
            stdout: String::from_utf8_lossy(&self.stdout).into_owned(),
            stderr: std::mem::take(&mut self.stderr),
        }
    }

    /// Sends a signal by its name.
    #[track_caller]
    pub(crate) fn signal(&self, name: &str) {
        let id = self.id().to_string();
        let kill = Command::new("kill").args(["-s", name, &id]).status();
        assert!(kill.unwrap().success());
    }

    /// Hears one more thing; false when there is nothing more to hear.
    #[track_caller]
    fn listen(&mut self) -> bool {
        if self.open == 0 {
            return false;
        }
        let left = DEADLINE.saturating_sub(self.clock.elapsed());
        match self.heard.recv_timeout(left) {
            Ok(Heard::Closed) => self.open -= 1,
            Ok(Heard::Err(text)) => self.stderr.push_str(&text),
            Ok(Heard::Out(part)) => self.stdout.extend(part),
            Err(RecvTimeoutError::Disconnected) => self.open = 0,
            Err(RecvTimeoutError::Timeout) => {
                drop(self.child.kill());
                panic!("still running after {DEADLINE:?}: {}", self.stderr);
            }
        }
        self.open > 0
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Reads a line that is an address with a query.
fn address(line: &str) -> Option<Url> {
    let url = Url::parse(line.trim()).ok()?;
    url.query().is_some().then_some(url)
}

#[cfg(unix)]
fn number(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;

    let signalled = || 128 + status.signal().unwrap_or_default();
    status.code().unwrap_or_else(signalled)
}

#[cfg(not(unix))]
fn number(status: ExitStatus) -> i32 {
    status.code().unwrap_or(-1)
}
