//! The keyring store against the real Secret Service: gnome-keyring on a bus of its own.
//!
//! Each test starts its own bus and daemon in its own folder, and a client process for the bus
//! address is the process's environment. The bus starts no service by itself, so that an absent
//! one stays absent. Needs `dbus-daemon`, `dbus-send`, `gnome-keyring-daemon` and `secret-tool`.
//! Never touches the keyring of the user who runs the tests.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use keyfob::base::{Diagnostic, Secret};
use keyfob::store::{Cache, Store, StoreError, keyring};
use keyfob::sys::clock::{Clock, SystemClock};
use rustix::process::{Pid, Signal, kill_process};

#[path = "../../src/store/tests/contract.rs"]
mod contract;

/// Long enough for a loaded machine, short enough to see a hang as one.
const PATIENCE: Duration = Duration::from_secs(5);

#[test]
fn the_real_keyring_keeps_the_contract_whole_and_in_pieces() {
    let desk = Desk::new();
    let _keyring = desk.unlocked();

    assert_eq!(desk.client(PATIENCE, None).ask("contract"), "done");
    assert_eq!(desk.client(PATIENCE, Some(300)).ask("contract"), "done");

    assert_eq!(desk.search(), "");
}

#[test]
fn a_secret_outlives_the_daemon_and_is_labelled_and_text_only() {
    let desk = Desk::new();
    let first = desk.unlocked();
    assert_eq!(
        desk.client(PATIENCE, None).ask("save session:a zwei-ü"),
        "done"
    );
    first.kill();

    let _second = desk.unlocked();

    assert_eq!(
        desk.client(PATIENCE, None).ask("load session:a"),
        "found zwei-ü"
    );
    let found = desk.search();
    assert!(found.contains("label = keyfob: session:a"), "{found}");
    assert!(found.contains("secret = keyfob:1:a:0:"), "{found}");
}

#[test]
fn every_call_to_a_healthy_keyring_is_quick() {
    let desk = Desk::new();
    let _keyring = desk.unlocked();
    let mut client = desk.client(PATIENCE, None);
    for question in [
        "load a",
        "probe",
        "save a token",
        "load a",
        "load a",
        "delete a",
    ] {
        let (answer, took) = client.timed(question);
        report(question, &answer, took);
        assert!(took < Duration::from_secs(1), "{question} took {took:?}");
    }
}

#[test]
fn a_locked_keyring_is_named() {
    let desk = Desk::new();
    let open = desk.unlocked();
    assert_eq!(
        desk.client(PATIENCE, None).ask("save session:a one"),
        "done"
    );
    open.kill();
    let _locked = desk.started();

    for question in [
        "load session:a",
        "save session:a two",
        "delete session:a",
        "probe",
    ] {
        desk.refuses(question, "Locked");
    }
}

#[test]
fn a_session_without_a_bus_is_named() {
    let desk = Desk::without_bus();

    for question in [
        "load session:a",
        "save session:a two",
        "delete session:a",
        "probe",
    ] {
        desk.refuses(question, "Missing");
    }
}

#[test]
fn a_bus_without_a_keyring_is_named() {
    let desk = Desk::new();

    for question in ["load session:a", "save session:a two", "probe"] {
        desk.refuses(question, "Missing");
    }
}

#[test]
fn a_keyring_that_was_never_set_up_finds_nothing_but_fails_the_probe() {
    let desk = Desk::new();
    let _fresh = desk.started();

    assert_eq!(desk.client(PATIENCE, None).ask("load session:a"), "nothing");
    for question in ["save session:a two", "probe"] {
        desk.refuses(question, "NotSetUp");
    }
}

#[test]
fn a_keyring_that_hangs_costs_the_patience_once() {
    let desk = Desk::new();
    let hung = desk.unlocked();
    let patience = Duration::from_millis(300);
    let mut early = desk.client(patience, None);
    assert_eq!(early.ask("save session:a one"), "done");
    hung.signal(Signal::STOP);
    let mut late = desk.client(patience, None);

    for client in [&mut early, &mut late] {
        let (answer, took) = client.timed("load session:a");
        report("hung: load", &answer, took);
        assert_eq!(kind(&answer), "TimedOut");
        assert!(took >= patience && took < patience * 3, "{took:?}");

        let (answer, took) = client.timed("probe");
        report("hung: probe", &answer, took);
        assert_eq!(kind(&answer), "TimedOut");
        assert!(took < patience / 3, "{took:?}");
    }

    hung.signal(Signal::CONT);
    assert_eq!(
        late.until("load session:a", |answer| kind(answer) != "TimedOut"),
        "found one"
    );
}

#[test]
fn a_keyring_killed_while_it_is_asked_ends_the_call_at_once() {
    let desk = Desk::new();
    let doomed = desk.unlocked();
    let mut client = desk.client(PATIENCE, None);
    assert_eq!(client.ask("save session:a one"), "done");

    doomed.signal(Signal::STOP);
    client.say("load session:a");
    doomed.kill();
    let (answer, took) = client.hear();
    report("killed during load", &answer, took);
    assert!(["Failed", "Missing"].contains(&kind(&answer)), "{answer}");
    assert!(took < PATIENCE, "{took:?}");

    let (answer, took) = client.timed("load session:a");
    report("load after the kill", &answer, took);
    assert!(["Failed", "Missing"].contains(&kind(&answer)), "{answer}");

    // A new daemon serves new processes; see the note in the store's `keyring.rs` for old ones.
    let _next = desk.unlocked();
    assert_eq!(
        desk.client(PATIENCE, None).ask("load session:a"),
        "found one"
    );
}

#[test]
fn a_cached_token_needs_no_keyring_while_the_kernel_has_its_key() {
    let desk = Desk::new();
    let hung = desk.unlocked();
    assert_eq!(
        desk.client(PATIENCE, None).ask("cache-save a1 token"),
        "done"
    );
    hung.signal(Signal::STOP);

    let (answer, took) = desk.client(PATIENCE, None).timed("cache-load a1");

    report("cached token", &answer, took);
    assert_eq!(answer, "found token");
    assert!(took < Duration::from_millis(100), "{took:?}");
}

#[test]
fn what_another_program_wrote_under_our_name_is_refused_and_can_be_removed() {
    let desk = Desk::new();
    let _keyring = desk.unlocked();
    desk.secret_tool(
        &["store", "--label=x", "service", "keyfob", "username", "a"],
        "hunter2",
    );
    let mut client = desk.client(PATIENCE, None);

    let answer = client.ask("load a");

    assert_eq!(kind(&answer), "Broken");
    assert!(!answer.contains("hunter2"));
    assert_eq!(client.ask("delete a"), "removed");
    assert_eq!(client.ask("load a"), "nothing");
}

/// A home, and perhaps a bus, of our own.
struct Desk {
    home: tempfile::TempDir,
    _bus: Option<Running>,
}

impl Desk {
    fn without_bus() -> Self {
        let home = tempfile::tempdir().unwrap();
        for folder in ["run", "data", "config", "cache"] {
            let path = home.path().join(folder);
            fs::DirBuilder::new().mode(0o700).create(path).unwrap();
        }
        Self { home, _bus: None }
    }

    fn new() -> Self {
        let mut desk = Self::without_bus();
        let config = desk.path("bus.conf");
        let text = BUS_CONFIG.replace("SOCKET", desk.path("run/bus").to_str().unwrap());
        fs::File::create(&config)
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        let mut bus = desk.run("dbus-daemon");
        bus.arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address"])
            .stdout(Stdio::piped());
        let mut bus = Running(bus.spawn().expect("`dbus-daemon` must be installed"));
        let mut address = String::new();
        let out = bus.0.stdout.as_mut().unwrap();
        BufReader::new(out).read_line(&mut address).unwrap();
        assert!(address.starts_with("unix:path="), "{address}");
        desk._bus = Some(bus);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// A command that knows this desk only.
    fn run(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin");
        command.env("HOME", self.home.path());
        for (name, folder) in [("RUNTIME", "run"), ("DATA", "data"), ("CONFIG", "config")] {
            let suffix = if name == "RUNTIME" { "DIR" } else { "HOME" };
            command.env(format!("XDG_{name}_{suffix}"), self.path(folder));
        }
        let bus = format!("unix:path={}", self.path("run/bus").display());
        command.env("DBUS_SESSION_BUS_ADDRESS", bus);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Starts the keyring unlocked, making it at the first start.
    fn unlocked(&self) -> Running {
        self.daemon(&["--unlock"], "passphrase of the test")
    }

    /// Starts the keyring as it is: locked, or not there.
    fn started(&self) -> Running {
        self.daemon(&[], "")
    }

    fn daemon(&self, arguments: &[&str], input: &str) -> Running {
        let mut daemon = self.run("gnome-keyring-daemon");
        daemon
            .args(["--foreground", "--components=secrets"])
            .arg(format!(
                "--control-directory={}",
                self.path("run/c").display()
            ))
            .args(arguments)
            .stdin(Stdio::piped());
        let child = daemon
            .spawn()
            .expect("`gnome-keyring-daemon` must be installed");
        let mut daemon = Running(child);
        daemon
            .0
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        self.wait_for_the_service();
        daemon
    }

    /// Waits until the bus knows somebody who offers the service.
    fn wait_for_the_service(&self) {
        let clock = SystemClock::new();
        while clock.elapsed() < Duration::from_secs(10) {
            let mut ask = self.run("dbus-send");
            ask.args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.DBus",
                "/",
            ])
            .arg("org.freedesktop.DBus.NameHasOwner")
            .arg("string:org.freedesktop.secrets")
            .stdout(Stdio::piped());
            let answer = ask.output().expect("`dbus-send` must be installed").stdout;
            let answer = String::from_utf8_lossy(&answer).into_owned();
            if answer.contains("boolean true") {
                return;
            }
            clock.sleep(Duration::from_millis(5));
        }
        panic!("gnome-keyring did not start within 10 s");
    }

    /// Starts a process that uses the store.
    fn client(&self, patience: Duration, limit: Option<usize>) -> Client {
        let module = module_path!().split_once("::").unwrap().1;
        let mut child = self
            .run(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "--nocapture", "--test-threads=1"])
            .arg(format!("{module}::answer_the_questions_on_stdin"))
            .env("CLIENT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let questions = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        let mut client = Client {
            _process: Running(child),
            questions,
            answers,
        };
        let cache = self.path("cache").to_str().unwrap().to_owned();
        client.say(&format!(
            "{} {} {cache}",
            patience.as_millis(),
            limit.unwrap_or(0)
        ));
        client
    }

    /// Asks in a new process, and expects an error of this kind, in words and with a hint.
    fn refuses(&self, question: &str, expected: &str) {
        let (answer, took) = self.client(PATIENCE, None).timed(question);
        report(question, &answer, took);
        assert_eq!(kind(&answer), expected, "{question}: {answer}");
        assert!(answer.contains("| exit 7 | hint"), "{answer}");
        assert!(took < Duration::from_secs(2), "{question} took {took:?}");
    }

    /// Lists our entries with another program.
    fn search(&self) -> String {
        self.secret_tool(&["search", "--all", "service", "keyfob"], "")
    }

    fn secret_tool(&self, arguments: &[&str], input: &str) -> String {
        let mut tool = self.run("secret-tool");
        tool.args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut tool = tool.spawn().expect("`secret-tool` must be installed");
        tool.stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        let output = tool.wait_with_output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

/// A process that ends with the test.
struct Running(Child);

impl Running {
    fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.0);
        kill_process(pid, signal).unwrap();
    }

    /// Kills it, and waits until it is gone.
    fn kill(self) {
        drop(self);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A process that answers questions about the store, one line each.
struct Client {
    _process: Running,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Client {
    fn say(&mut self, question: &str) {
        writeln!(self.questions, "{question}").unwrap();
    }

    /// Hears an answer, and how long the call took.
    fn hear(&mut self) -> (String, Duration) {
        loop {
            let mut line = String::new();
            let read = self.answers.read_line(&mut line).unwrap();
            assert!(read > 0, "the client ended without an answer");
            // The test runner of the client prints lines of its own.
            if let Some((_, rest)) = line.split_once("@@ ") {
                let (micros, answer) = rest.trim_end().split_once(' ').unwrap();
                let took = Duration::from_micros(micros.parse().unwrap());
                return (answer.to_owned(), took);
            }
        }
    }

    fn timed(&mut self, question: &str) -> (String, Duration) {
        self.say(question);
        self.hear()
    }

    fn ask(&mut self, question: &str) -> String {
        self.timed(question).0
    }

    /// Asks until the answer is good enough, for at most ten seconds.
    fn until(&mut self, question: &str, good: impl Fn(&str) -> bool) -> String {
        let clock = SystemClock::new();
        loop {
            let answer = self.ask(question);
            if good(&answer) || clock.elapsed() > Duration::from_secs(10) {
                return answer;
            }
            clock.sleep(Duration::from_millis(5));
        }
    }
}

/// The variant's name, of an answer that is an error.
fn kind(answer: &str) -> &str {
    let rest = answer.strip_prefix("error ").unwrap_or(answer);
    rest.split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or("")
}

/// Shows a figure to who runs the tests with `--nocapture`.
fn report(question: &str, answer: &str, took: Duration) {
    println!("{:>9.2} ms  {question}: {answer}", took.as_secs_f64() * 1e3);
}

#[test]
#[ignore = "a process for the other tests"]
#[expect(
    clippy::disallowed_methods,
    reason = "tells a client from a plain run of ignored tests"
)]
fn answer_the_questions_on_stdin() {
    if std::env::var("CLIENT").is_err() {
        return;
    }
    let mut lines = std::io::stdin().lines().map(Result::unwrap);
    let settings = lines.next().unwrap();
    let mut words = settings.split(' ');
    let patience = Duration::from_millis(words.next().unwrap().parse().unwrap());
    let limit = words.next().unwrap().parse().unwrap();
    let cache = Path::new(words.next().unwrap()).join("tokens");
    let keyring = match limit {
        0 => keyring(patience),
        limit => keyring(patience).with_limit(limit),
    };
    let store: Arc<dyn Store> = Arc::new(keyring);
    let cache = Cache::new(cache, Arc::clone(&store));

    let clock = SystemClock::new();
    for question in lines {
        let started = clock.elapsed();
        let outcome = answer(&question, store.as_ref(), &cache);
        let took = (clock.elapsed() - started).as_micros();
        let text = outcome.unwrap_or_else(|error| {
            let (exit, hint) = (error.exit().code(), error.hint());
            format!(
                "error {error:?} | {error} | exit {exit} | hint {}",
                hint.is_some()
            )
        });
        println!("@@ {took} {}", text.replace('\n', " "));
    }
}

fn answer(question: &str, store: &dyn Store, cache: &Cache) -> Result<String, StoreError> {
    let words: Vec<&str> = question.split(' ').collect();
    let found = |secret: Option<Secret>| {
        secret.map_or("nothing".to_owned(), |secret| {
            format!("found {}", secret.expose())
        })
    };
    let done = |()| "done".to_owned();
    match words.as_slice() {
        ["contract"] => {
            contract::contract(store);
            Ok(done(()))
        }
        ["probe"] => store.probe().map(done),
        ["load", key] => store.load(key).map(found),
        ["save", key, text] => store.save(key, &Secret::new((*text).into())).map(done),
        ["delete", key] => {
            let removed = store.delete(key)?;
            Ok(if removed { "removed" } else { "nothing" }.to_owned())
        }
        ["cache-save", key, text] => cache.save(key, &Secret::new((*text).into())).map(done),
        ["cache-load", key] => Ok(found(cache.load(key))),
        _ => panic!("no such question: {question}"),
    }
}

/// A session bus that starts nothing by itself.
const BUS_CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC
  "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=SOCKET</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;
