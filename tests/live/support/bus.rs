//! A Secret Service of its own: gnome-keyring on a private D-Bus, in a world's home.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::eventually;
use super::process::{Running, run};
use super::world::World;

/// A D-Bus session nobody else is on.
pub(crate) struct Bus {
    _daemon: Running,
}

impl Bus {
    /// Starts the bus and tells the world's programs where it is. Nothing can be activated on it:
    /// who is there was started by the test.
    pub(crate) fn start(world: &mut World) -> Self {
        let socket = world.path("run/bus");
        let rules = Rules::of(world);
        let mut command = world.command("dbus-daemon");
        command
            .arg("--nofork")
            .arg("--config-file")
            .arg(rules.write(""));
        let daemon = Running::start(command);
        eventually("the private bus", || socket.exists().then_some(()));
        world.set(
            "DBUS_SESSION_BUS_ADDRESS",
            format!("unix:path={}", socket.display()),
        );
        Self { _daemon: daemon }
    }
}

/// The bus's rules, which can change while it runs.
pub(crate) struct Rules {
    file: PathBuf,
    socket: PathBuf,
    reload: Command,
}

impl Rules {
    pub(crate) fn of(world: &World) -> Self {
        let mut reload = world.command("dbus-send");
        reload.args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.DBus",
            "/",
            "org.freedesktop.DBus.ReloadConfig",
        ]);
        Self {
            file: world.path("bus.conf"),
            socket: world.path("run/bus"),
            reload,
        }
    }

    fn write(&self, more: &str) -> &Path {
        let rules = format!(
            "<!DOCTYPE busconfig PUBLIC '-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN' \
             'http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd'>\
             <busconfig><type>session</type><listen>unix:path={}</listen>\
             <policy context='default'><allow send_destination='*' eavesdrop='true'/>\
             <allow eavesdrop='true'/><allow own='*'/>{more}</policy></busconfig>",
            self.socket.display()
        );
        std::fs::write(&self.file, rules).expect("a world can be written");
        &self.file
    }

    /// Lets nobody through to the keyring.
    pub(crate) fn deny(self) {
        self.change("<deny send_destination='org.freedesktop.secrets'/>");
    }

    /// Lets everybody through again.
    pub(crate) fn allow(self) {
        self.change("");
    }

    fn change(self, more: &str) {
        self.write(more);
        run(self.reload).answer();
    }
}

/// gnome-keyring's Secret Service, unlocked.
pub(crate) struct Keyring {
    daemon: Running,
}

impl Keyring {
    pub(crate) fn start(world: &World, _on: &Bus) -> Self {
        let mut command = world.command("gnome-keyring-daemon");
        command.args(["--foreground", "--unlock", "--components=secrets"]);
        let mut daemon = Running::start(command);
        daemon.say("a password for this test\n");
        let keyring = Self { daemon };
        eventually("the keyring to open", || Self::is_open(world).then_some(()));
        keyring
    }

    /// The same with nothing kept and nobody who unlocks it: there is no collection yet.
    pub(crate) fn start_bare(world: &World, _on: &Bus) -> Self {
        let mut command = world.command("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        let keyring = Self {
            daemon: Running::start(command),
        };
        eventually("somebody to offer the service", || {
            let mut command = dbus_send(world);
            command.args(["/org/freedesktop/secrets", "org.freedesktop.DBus.Peer.Ping"]);
            (run(command).status == Some(0)).then_some(())
        });
        keyring
    }

    pub(crate) fn is_open(world: &World) -> bool {
        let mut command = dbus_send(world);
        command.args([
            "/org/freedesktop/secrets/collection/login",
            "org.freedesktop.DBus.Properties.Get",
            "string:org.freedesktop.Secret.Collection",
            "string:Locked",
        ]);
        run(command).stdout.contains("boolean false")
    }

    /// Locks what is kept, as a screen lock does. Nobody is there to answer the prompt.
    pub(crate) fn lock(world: &World) {
        run(Self::locking(world)).answer();
        assert!(!Self::is_open(world), "the keyring is locked");
    }

    /// The command that does so.
    pub(crate) fn locking(world: &World) -> Command {
        let mut command = dbus_send(world);
        command.args([
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/collection/login",
        ]);
        command
    }

    /// Everything it keeps, as its own tool lists it: attributes only.
    pub(crate) fn attributes(world: &World, name: &str, value: &str) -> String {
        let mut command = world.command("secret-tool");
        command.args(["search", "--all", name, value]);
        let ran = run(command);
        // The tool lists attributes on standard error and the secrets on standard output.
        ran.stderr
    }

    pub(crate) fn id(&self) -> u32 {
        self.daemon.id()
    }
}

fn dbus_send(world: &World) -> Command {
    let mut command = world.command("dbus-send");
    command.args([
        "--session",
        "--print-reply",
        "--dest=org.freedesktop.secrets",
    ]);
    command
}

/// Stops a process where it stands, until this is dropped.
pub(crate) struct Frozen(u32);

impl Frozen {
    pub(crate) fn freeze(id: u32) -> Self {
        signal(id, "STOP");
        Self(id)
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        signal(self.0, "CONT");
    }
}

/// Tells a process a signal.
pub(crate) fn signal(id: u32, name: &str) {
    let status = Command::new("kill")
        .args([format!("-{name}"), id.to_string()])
        .status();
    let told = status.is_ok_and(|status| status.success());
    // Dropped after a failed test, the process may be gone already.
    if !told {
        drop(writeln!(
            std::io::stderr(),
            "process {id} was not told {name}"
        ));
    }
}
