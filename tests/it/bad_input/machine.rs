//! Machines without a home, a network, a keyring, or room on the disk.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use super::case::Case;
use crate::support::World;

pub(super) fn cases() -> Vec<Case> {
    [homes(), disks(), folders(), networks(), keyrings()]
        .into_iter()
        .flatten()
        .collect()
}

const XDG: [&str; 4] = [
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
];

fn homes() -> Vec<Case> {
    let homeless = |name, line: &str| {
        let case = Case::new(name, line).with("HOME", "somewhere");
        XDG.into_iter().fold(case, Case::without)
    };
    let read_only = |name, line: &str, folder: &'static str| {
        Case::new(name, line)
            .shell(OBEDIENT)
            .first(move |world| each_folder(&world.path(folder), 0o500))
            .last(move |world| each_folder(&world.path(folder), 0o700))
    };
    vec![
        homeless(
            "relative HOME",
            "login work --config config/keyfob/config.toml",
        )
        .gets(1, &["no home folder", "set HOME"]),
        homeless(
            "relative HOME and a new profile",
            "config add b --issuer https://a --client-id c",
        )
        .gets(8, &["no home folder", "set HOME"]),
        // The user database knows a home then; nothing may be written there by a test.
        Case::new("no HOME", "config path").without("HOME"),
        read_only("read-only state, a new sign-in", "login work", "state")
            .gets(7, &["no permission to", "give your user access"]),
        read_only("read-only state, a renewal", "token work --renew", "state")
            .gets(7, &["no permission to", "give your user access"]),
        read_only("read-only state and a cached token", "token work", "state").gets(0, &[]),
        read_only(
            "read-only state, a sign-out",
            "logout work --local",
            "state",
        )
        .gets(7, &["no permission to", "give your user access"]),
        read_only(
            "read-only configuration",
            "config set work.flow device",
            "config",
        )
        .gets(1, &["no permission to", "give your user access"]),
        Case::new("unreadable configuration", "token work")
            .shell(OBEDIENT)
            .first(|world| allow(&config(world), 0o000))
            .last(|world| allow(&config(world), 0o600))
            .gets(8, &["no permission to open", "config.toml"]),
        Case::new("unreadable token file", "inspect --file browser.sh")
            .shell(OBEDIENT)
            .first(|world| allow(&world.path("browser.sh"), 0o000))
            .gets(2, &["no permission to open", "`--file`"]),
    ]
}

/// Runs the program so that modes hold: for root, without the right to override them.
const OBEDIENT: &str = "if [ \"$(id -u)\" = 0 ]; then \
     exec setpriv --bounding-set=-dac_override,-dac_read_search \"$@\"; fi; exec \"$@\"";

fn config(world: &World) -> std::path::PathBuf {
    world.path("config/keyfob/config.toml")
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Sets the mode of a folder and of the folders in it.
fn each_folder(folder: &Path, mode: u32) {
    allow(folder, 0o700);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_folder(&path, mode);
        }
    }
    allow(folder, mode);
}

/// A limit on the size of files stands for a disk without room; notes of the shell's stay small.
const FULL: &str = "ulimit -f 0; exec \"$@\"";

fn disks() -> Vec<Case> {
    let full = |name, line: &str| {
        Case::new(name, line)
            .shell(FULL)
            .gets(7, &["no space left", "free some space"])
    };
    vec![
        full("no room for a sign-in", "login work"),
        full("no room for a renewal", "token work --renew"),
        full("no room for a client secret", "config secret x")
            .with("KEYFOB_STORE", "sealed")
            .stdin("hunter2"),
        full("no room for a setting", "config set work.flow device")
            .gets(1, &["no space left", "free some space"]),
        Case::new("no room, and a cached token", "token work").shell(FULL),
    ]
}

fn folders() -> Vec<Case> {
    vec![
        Case::new("no folder for the demo", "demo")
            .with("TMPDIR", "~/nope")
            .gets(1, &["cannot make a folder for the demo", "set TMPDIR"]),
        Case::new("no folder for an editor's copy", "config edit")
            .with("TMPDIR", "~/nope")
            .gets(1, &["cannot make a copy to edit", "set TMPDIR"]),
        Case::new("file for the configuration's folder", "token work")
            .with("KEYFOB_CONFIG_DIR", "~/passphrase")
            .gets(8, &["is none, but a file", "move it out of the way"]),
        Case::new("time zone of nonsense", "inspect work --json")
            .with("TZ", "nonsense")
            .with("COLUMNS", "-1"),
    ]
}

fn networks() -> Vec<Case> {
    let far = "login work --issuer https://192.0.2.1";
    vec![
        Case::new("no network for a sign-in", far)
            .shell(&offline())
            .gets(6, &["192.0.2.1:443", "check the network"]),
        Case::new(
            "no network for a name",
            "login work --issuer https://id.example.com",
        )
        .shell(&offline())
        .gets(6, &["id.example.com:443", "check the network"]),
        Case::new("no network, and a cached token", "token work").shell(&offline()),
        Case::new(
            "name that no network knows",
            "login work --issuer https://nobody.invalid",
        )
        .gets(
            6,
            &[
                "nobody.invalid:443",
                "cannot be resolved",
                "check the network",
            ],
        ),
        Case::new(
            "port where nobody listens",
            "login work --issuer http://127.0.0.1:1",
        )
        .gets(6, &["cannot connect to `127.0.0.1:1`", "check the network"]),
        Case::new(
            "proxy where nobody listens",
            "login work --issuer https://id.example.com",
        )
        .with("HTTPS_PROXY", "http://u:hunter2@127.0.0.1:1")
        .gets(6, &["`127.0.0.1:1` of `HTTPS_PROXY`", "proxy settings"]),
        Case::new("port that is taken", &format!("issuer --port {}", taken()))
            .gets(1, &["cannot listen on 127.0.0.1", "choose another port"]),
    ]
}

/// A port that somebody listens on until the tests end.
fn taken() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::mem::forget(listener);
    port
}

/// Without a network where the kernel lets us; elsewhere these addresses lead nowhere.
fn offline() -> String {
    let works = |flag: &str| {
        let tried = Command::new("unshare").args([flag, "true"]).output();
        tried.is_ok_and(|output| output.status.success())
    };
    ["-n", "-rn"]
        .into_iter()
        .find(|flag| works(flag))
        .map_or_else(
            || "exec \"$@\"".to_owned(),
            |flag| format!("exec unshare {flag} \"$@\""),
        )
}

fn keyrings() -> Vec<Case> {
    let without = |name, line: &str, bus: &str| {
        Case::new(name, line)
            .with("KEYFOB_STORE", "keyring")
            .with("DBUS_SESSION_BUS_ADDRESS", bus)
            .gets(
                7,
                &[
                    "no keyring can be reached",
                    "keyfob config set store sealed",
                ],
            )
    };
    let nowhere = "unix:path=/nonexistent/bus";
    vec![
        without("no keyring for a sign-in", "login work", nowhere),
        without("no keyring for a renewal", "token work --renew", nowhere),
        without("no keyring for a client secret", "config secret x", nowhere).stdin("hunter2"),
        without("bus address of nonsense", "login work", "nonsense"),
    ]
}
