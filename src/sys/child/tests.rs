//! Commands that are run and waited for, each by a process of its own: this test binary, started
//! again.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child as Process, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::*;

const SCRIPT: &str = "KEYFOB_TEST_SCRIPT";

/// Longer than anything takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

#[test]
#[ignore = "a process for the other tests here"]
#[expect(clippy::disallowed_methods, reason = "the parent says so this way")]
fn in_a_process_of_its_own() {
    let Ok(script) = env::var(SCRIPT) else {
        return;
    };
    let limit = CoreLimit::capture();
    crate::sys::harden::harden();
    let shell = Program::new(&"sh".into(), &["-c".into(), script.into()]);

    println!("[{:?}]", shell.run(limit).unwrap());
}

/// A keyfob that runs a script.
struct Running {
    process: Process,
    lines: Receiver<String>,
}

impl Running {
    fn start(script: &str) -> Self {
        Self::start_by(Command::new(env::current_exe().unwrap()), script)
    }

    fn start_by(mut command: Command, script: &str) -> Self {
        let mut process = command
            .args(["--ignored", "--exact", "--nocapture", "--test-threads=1"])
            .arg("sys::child::tests::in_a_process_of_its_own")
            .env(SCRIPT, script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = lines(process.stdout.take().unwrap());
        Self { process, lines }
    }

    /// Waits for a line that begins so, and returns the rest.
    #[track_caller]
    fn heard(&self, beginning: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(DEADLINE);
            let line = line.unwrap_or_else(|_| panic!("no line begins with `{beginning}`"));
            // The harness writes its own words before, without an end of the line.
            if let Some((_, rest)) = line.split_once(beginning) {
                return rest.to_owned();
            }
        }
    }

    #[track_caller]
    fn end(mut self) -> String {
        let end = self.heard("[");
        assert!(self.process.wait().unwrap().success());
        end.strip_suffix(']').unwrap().to_owned()
    }

    fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.process.id()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn lines(out: ChildStdout) -> Receiver<String> {
    let (tell, lines) = channel();
    std::thread::spawn(move || {
        let mut told = BufReader::new(out).lines().map_while(Result::ok);
        told.try_for_each(|line| tell.send(line))
    });
    lines
}

#[test]
fn its_end_is_the_commands() {
    for (script, end) in [
        ("exit 0", "Command(0)"),
        ("exit 3", "Command(3)"),
        ("exit 255", "Command(255)"),
        ("kill -9 $$", "Signal(9)"),
        ("kill -TERM $$", "Signal(15)"),
    ] {
        assert_eq!(Running::start(script).end(), end, "{script}");
    }
}

#[test]
fn a_signal_for_keyfob_is_one_for_the_command() {
    for (name, signal) in [
        ("INT", Signal::INT),
        ("TERM", Signal::TERM),
        ("HUP", Signal::HUP),
        ("QUIT", Signal::QUIT),
        ("USR1", Signal::USR1),
        ("USR2", Signal::USR2),
        ("WINCH", Signal::WINCH),
    ] {
        // A shell that runs this in the background has some of them ignored.
        let number = signal.as_raw();
        if crate::sys::interrupt::ignored().contains(&number) {
            continue;
        }
        // Twice, since keyfob itself ends at a second one where it waits for a person.
        // A trap ends a `wait` with a status above 128; the end of stdin ends the script.
        let script = format!(
            "trap 'trap \"exit 7\" {name}; echo once' {name}; exec 4<&0; cat <&4 >/dev/null & \
             echo; echo ready; until wait $! || [ $? -le 128 ]; do :; done"
        );
        let running = Running::start(&script);
        running.heard("ready");
        running.signal(signal);
        running.heard("once");
        running.signal(signal);

        assert_eq!(running.end(), "Command(7)", "{name}");
    }
}

#[test]
fn a_command_that_minds_no_signal_dies_of_it_and_keyfob_says_so() {
    let running = Running::start("echo; echo ready; exec sleep 60");
    running.heard("ready");
    running.signal(Signal::HUP);

    assert_eq!(running.end(), "Signal(1)");
}

#[test]
fn a_stopped_command_goes_on_when_keyfob_is_told_to() {
    let mut running = Running::start(
        "echo; echo ready; read -r line; kill -STOP $$; echo on; read -r line; exit 4",
    );
    running.heard("ready");
    let mut stdin = running.process.stdin.take().unwrap();
    writeln!(stdin, "stop").unwrap();
    // Until it has stopped there is nobody to continue.
    let heard = loop {
        running.signal(Signal::CONT);
        match running.lines.recv_timeout(Duration::from_millis(20)) {
            Ok(line) => break line,
            Err(error) => assert_eq!(error, std::sync::mpsc::RecvTimeoutError::Timeout),
        }
    };
    assert_eq!(heard, "on");
    writeln!(stdin, "end").unwrap();

    assert_eq!(running.end(), "Command(4)");
}

#[test]
fn a_signal_that_was_ignored_at_the_start_stays_so_for_both() {
    if cfg!(not(target_os = "linux")) {
        return;
    }
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' HUP; exec \"$0\" \"$@\""]);
    shell.arg(env::current_exe().unwrap());
    let script = "echo; grep SigIgn /proc/self/status; echo ready; read -r line; exit 5";
    let mut running = Running::start_by(shell, script);
    let ignored = running.heard("SigIgn:");
    running.heard("ready");
    running.signal(Signal::HUP);
    drop(running.process.stdin.take());

    let ignored = u64::from_str_radix(ignored.trim(), 16).unwrap();
    assert_eq!(ignored & 1, 1, "{ignored:x}");
    assert_eq!(running.end(), "Command(5)");
}

#[test]
fn the_command_has_the_limits_and_the_signals_of_whoever_started_keyfob() {
    if cfg!(not(target_os = "linux")) {
        return;
    }
    let look = "ulimit -c; ulimit -Hc; grep -E 'SigBlk|SigIgn|SigCgt' /proc/self/status; \
                ls /proc/self/fd | tr '\\n' ' '";
    let script = format!("echo; {look}; echo; echo done");
    let running = Running::start(&script);
    let mut seen = Vec::new();
    loop {
        let line = running.lines.recv_timeout(DEADLINE).unwrap();
        if line == "done" {
            break;
        }
        seen.push(line);
    }
    let seen = seen.join("\n");

    let plain = Command::new("sh")
        .args(["-c", look])
        .stdin(Stdio::piped())
        .output();
    let plain = String::from_utf8(plain.unwrap().stdout).unwrap();
    assert!(seen.ends_with(&plain), "{seen}\nbut directly:\n{plain}");
    assert_eq!(running.end(), "Command(0)");
}

#[test]
fn what_cannot_be_run_says_why() {
    let limit = CoreLimit::capture();
    let run = |name: &str| Program::new(&name.into(), &[]).run(limit).unwrap_err();

    assert_eq!(run("keyfob-no-such-command").exit(), Exit::NotFound);
    assert_eq!(run("/nowhere/at/all").exit(), Exit::NotFound);
    assert_eq!(run("/dev/null").exit(), Exit::CannotRun);
    assert_eq!(run("/").exit(), Exit::CannotRun);
    let become_it = Program::new(&"/dev/null".into(), &[]).become_it(limit);
    assert_eq!(become_it.unwrap_err().exit(), Exit::CannotRun);
}
