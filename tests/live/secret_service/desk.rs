//! A home and a session bus of the test's own, and what runs on them.
//!
//! The bus starts no service by itself, so that an absent one stays absent.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use keyfob::sys::clock::{Clock, SystemClock};
use rustix::process::{Pid, Signal, kill_process};

use super::client::{Client, kind};
use super::{PATIENCE, report};

/// A home, and perhaps a bus, of our own.
pub(super) struct Desk {
    home: tempfile::TempDir,
    _bus: Option<Running>,
}

impl Desk {
    pub(super) fn without_bus() -> Self {
        let home = tempfile::tempdir().unwrap();
        for folder in ["run", "data", "config", "cache"] {
            let path = home.path().join(folder);
            fs::DirBuilder::new().mode(0o700).create(path).unwrap();
        }
        Self { home, _bus: None }
    }

    pub(super) fn new() -> Self {
        let desk = Self::without_bus();
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
        Self {
            _bus: Some(bus),
            ..desk
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// A command that knows this desk only.
    pub(super) fn run(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
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
    pub(super) fn unlocked(&self) -> Running {
        self.daemon(&["--unlock"], "passphrase of the test")
    }

    /// Starts the keyring as it is: locked, or not there.
    pub(super) fn started(&self) -> Running {
        self.daemon(&[], "")
    }

    pub(super) fn daemon(&self, arguments: &[&str], input: &str) -> Running {
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
    pub(super) fn wait_for_the_service(&self) {
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
    pub(super) fn client(&self, patience: Duration, limit: Option<usize>) -> Client {
        let program = self.run(std::env::current_exe().unwrap());
        let cache = self.path("cache");
        Client::start(
            program,
            &format!(
                "{} {} {}",
                patience.as_millis(),
                limit.unwrap_or(0),
                cache.display()
            ),
        )
    }

    /// Asks in a new process, and expects an error of this kind, in words and with a hint.
    pub(super) fn refuses(&self, question: &str, expected: &str) {
        let (answer, took) = self.client(PATIENCE, None).timed(question);
        report(question, &answer, took);
        assert_eq!(kind(&answer), expected, "{question}: {answer}");
        assert!(answer.contains("| exit 7 | hint"), "{answer}");
        assert!(took < Duration::from_secs(2), "{question} took {took:?}");
    }

    /// Lists our entries with another program.
    pub(super) fn search(&self) -> String {
        self.secret_tool(&["search", "--all", "service", "keyfob"], "")
    }

    pub(super) fn secret_tool(&self, arguments: &[&str], input: &str) -> String {
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
pub(super) struct Running(pub(super) Child);

impl Running {
    pub(super) fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.0);
        kill_process(pid, signal).unwrap();
    }

    /// Kills it, and waits until it is gone.
    pub(super) fn kill(self) {
        drop(self);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
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
