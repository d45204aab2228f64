//! Processes under test: started with a stated environment, ended when the test ends, and never
//! waited for without a bound.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{PATIENCE, eventually};

/// What a process that has ended left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

impl Ran {
    /// Its answer, without the final newline; fails unless it ended well.
    #[track_caller]
    pub(crate) fn answer(&self) -> &str {
        assert_eq!(self.status, Some(0), "stderr:\n{}", self.stderr);
        self.stdout.trim_end_matches('\n')
    }

    /// Its complaint; fails unless it ended with this status and without an answer.
    #[track_caller]
    pub(crate) fn refusal(&self, status: i32) -> &str {
        assert_eq!(
            self.status,
            Some(status),
            "stdout:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        assert_eq!(self.stdout, "", "a refusal leaves standard output empty");
        &self.stderr
    }
}

/// A process that is ended, and waited for, when this is dropped.
pub(crate) struct Guarded(pub(crate) Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        // Both fail only when it has ended already, which is what is wanted.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A process that goes on while the test looks at its lines as they come.
pub(crate) struct Running {
    child: Guarded,
    stdin: Option<ChildStdin>,
    stdout: Lines,
    stderr: Lines,
    began: Instant,
}

/// One stream of a running process, read by a thread so that it never blocks.
struct Lines {
    coming: Receiver<String>,
    seen: String,
    reader: Option<JoinHandle<()>>,
}

impl Lines {
    fn of(stream: impl Read + Send + 'static) -> Self {
        let (send, coming) = channel();
        let reader = thread::spawn(move || {
            let mut stream = BufReader::new(stream);
            let mut line = Vec::new();
            while stream
                .read_until(b'\n', &mut line)
                .is_ok_and(|read| read > 0)
            {
                if send
                    .send(String::from_utf8_lossy(&line).into_owned())
                    .is_err()
                {
                    break;
                }
                line.clear();
            }
        });
        Self {
            coming,
            seen: String::new(),
            reader: Some(reader),
        }
    }

    /// The next line for which `wanted` has an answer.
    #[track_caller]
    fn find<T>(&mut self, what: &str, wanted: impl FnMut(&str) -> Option<T>) -> T {
        let found = self.find_or_end(what, wanted);
        found.unwrap_or_else(|| panic!("it ended before {what}; it said:\n{}", self.seen))
    }

    /// The same; `None` when the stream ends before.
    #[track_caller]
    fn find_or_end<T>(
        &mut self,
        what: &str,
        mut wanted: impl FnMut(&str) -> Option<T>,
    ) -> Option<T> {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let line = match self.coming.recv_timeout(left) {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout) => {
                    panic!("waited in vain for {what}; so far:\n{}", self.seen)
                }
                Err(RecvTimeoutError::Disconnected) => return None,
            };
            self.seen.push_str(&line);
            if let Some(answer) = wanted(line.trim_end_matches(['\n', '\r'])) {
                return Some(answer);
            }
        }
    }

    fn rest(&mut self) -> String {
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the reading thread does not panic");
        }
        self.seen.extend(self.coming.try_iter());
        std::mem::take(&mut self.seen)
    }
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("`{name}` cannot be started ({error}); run tests/run"));
        let stdout = child.stdout.take().expect("standard output was piped");
        let stderr = child.stderr.take().expect("standard error was piped");
        Self {
            stdin: child.stdin.take(),
            stdout: Lines::of(stdout),
            stderr: Lines::of(stderr),
            child: Guarded(child),
            began: Instant::now(),
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.0.id()
    }

    /// Says `text` to it and closes its standard input.
    pub(crate) fn say(&mut self, text: &str) {
        let mut stdin = self.stdin.take().expect("standard input is said to once");
        // It may have ended without listening: its status tells.
        drop(stdin.write_all(text.as_bytes()));
    }

    #[track_caller]
    pub(crate) fn stdout_line<T>(&mut self, what: &str, ask: impl FnMut(&str) -> Option<T>) -> T {
        self.stdout.find(what, ask)
    }

    #[track_caller]
    pub(crate) fn stderr_line<T>(&mut self, what: &str, ask: impl FnMut(&str) -> Option<T>) -> T {
        self.stderr.find(what, ask)
    }

    /// The same; `None` when it ends before.
    #[track_caller]
    pub(crate) fn stderr_line_or_end<T>(
        &mut self,
        what: &str,
        ask: impl FnMut(&str) -> Option<T>,
    ) -> Option<T> {
        self.stderr.find_or_end(what, ask)
    }

    /// Waits for its end, within patience; all it said is in the answer.
    #[track_caller]
    pub(crate) fn end(mut self) -> Ran {
        drop(self.stdin.take());
        let child = &mut self.child.0;
        let status: ExitStatus = eventually("the process to end", || {
            child.try_wait().expect("it is our child")
        });
        let took = self.began.elapsed();
        Ran {
            status: status.code(),
            stdout: self.stdout.rest(),
            stderr: self.stderr.rest(),
            took,
        }
    }
}

/// Runs a command to its end, within patience.
#[track_caller]
pub(crate) fn run(command: Command) -> Ran {
    Running::start(command).end()
}
