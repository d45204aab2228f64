//! A home that cannot be written: on a read-only file system, or on one without room.
//!
//! Real mounts, in a mount namespace of their own: root may make one, and so may others where the
//! kernel lets them. Elsewhere these tests fail and say so.

use std::fmt::Write as _;
use std::fs;

use super::trial::Sheet;
use crate::support::every_one;
use crate::support::person::Person;
use crate::support::process::{Ran, Running};
use crate::support::session::{Bench, STRICT, WITH_GRACE};
use crate::support::world::address_on;

/// What stands for "the mount could not be made", which keyfob itself never ends with.
const NO_MOUNT: i32 = 99;

#[test]
fn a_read_only_home_serves_what_is_cached_and_spends_nothing_that_it_cannot_keep() {
    for store in ["keyring", "sealed"] {
        let mut bench = Bench::new(store, STRICT);
        for (folders, renewal) in [
            (&["state", "cache"][..], &[1, 7][..]),
            (&["state"], &[1, 7]),
            // A cache costs time, never the answer.
            (&["cache"], &[0]),
        ] {
            let fault = format!("read-only {}", folders.join(" and "));
            let mut sheet = Sheet::new(&bench, &fault, "a valid token is cached");
            let held = bench.world.run("token work").answer().to_owned();
            sheet.endure(
                &mut bench,
                "",
                |bench| {
                    let ran = read_only(bench, folders, "token work");
                    assert_eq!(ran.answer(), held);
                    ran
                },
                |_| {},
            );
            sheet.publish();
            let mut sheet = Sheet::new(&bench, &fault, "renewing")
                .ends(renewal)
                .says(&["read-only file system"]);
            let asked = bench.refreshes().len();
            sheet.endure(
                &mut bench,
                "",
                |bench| {
                    let ran = read_only(bench, folders, "token work --renew");
                    let sent = bench.refreshes().len() - asked;
                    assert_eq!(sent, usize::from(ran.status == Some(0)), "{ran:#?}");
                    ran
                },
                |_| {},
            );
            sheet.publish();
        }
    }
}

/// The proof that the store can be written is small, and an answer is not: room for the one must
/// not be taken for room for the other.
#[test]
fn a_disk_with_little_room_left_loses_nothing_with_sealed_files() {
    little_room(STRICT);
    little_room(WITH_GRACE);
}

fn little_room(rotation: keyfob::issuer::Rotation) {
    let long = "a-scope-that-makes-answers-long".repeat(200);
    let mut bench = Bench::with("sealed", rotation, |settings, _| {
        settings.scopes = vec![long.clone()];
        ""
    });
    let settings = bench.world.path("config/keyfob/config.toml");
    let text = fs::read_to_string(&settings).unwrap();
    let text = text.replace("offline_access", &format!("offline_access {long}"));
    bench.world.write("config/keyfob/config.toml", &text);
    bench = bench.signed_in();
    let mut sheet = Sheet::new(&bench, "0 to 12 blocks left on the disk", "renewing")
        .ends(&[0, 1, 7])
        .says(&["no space left"]);
    for blocks in blocks() {
        sheet.endure(
            &mut bench,
            &format!("{blocks} blocks"),
            |bench| with_room(bench, blocks, "token work --renew"),
            |_| {},
        );
    }
    sheet.publish();
}

#[test]
fn a_disk_without_room_at_any_write_of_a_sign_in_leaves_nobody_half_signed_in() {
    for store in ["keyring", "sealed"] {
        let mut bench = Bench::new(store, STRICT);
        let mut sheet = Sheet::new(&bench, "0 to 12 blocks left on the disk", "signing in")
            .ends(&[0, 1, 7])
            .says(&["no space left"]);
        for blocks in blocks() {
            sheet.endure(
                &mut bench,
                &format!("{blocks} blocks"),
                |bench| {
                    let mut ran = with_room(bench, blocks, "login work --no-browser");
                    if ran.status == Some(0) {
                        // It says who signed in, on standard error; the token is asked for.
                        ran = bench.world.run("token work");
                    }
                    ran
                },
                |_| {},
            );
        }
        sheet.publish();
    }
}

/// How many blocks are left: around what a proof takes, and more than all needs.
fn blocks() -> Vec<usize> {
    if every_one() {
        (0..=12).collect()
    } else {
        vec![0, 1, 3, 12]
    }
}

/// Runs the program where these folders are on a read-only file system.
fn read_only(bench: &Bench, folders: &[&str], line: &str) -> Ran {
    let mut script = String::new();
    for folder in folders {
        let path = bench.world.path(folder);
        let path = path.display();
        writeln!(
            script,
            "mount --bind {path} {path} && mount -o remount,bind,ro {path} || exit {NO_MOUNT}"
        )
        .unwrap();
    }
    script.push_str("exec \"$@\"");
    mounted(bench, &script, line)
}

/// Runs the program where the state folder has room for so many blocks more; what it writes there
/// is there afterwards too.
fn with_room(bench: &Bench, blocks: usize, line: &str) -> Ran {
    let (state, copy) = (bench.world.path("state"), bench.world.path("copy"));
    let (state, copy) = (state.display(), copy.display());
    let script = format!(
        "cp -a {state} {copy} && mount -t tmpfs -o size=2m,mode=700 none {state} || exit {NO_MOUNT}
        cp -a {copy}/. {state}/ || exit {NO_MOUNT}
        cat /dev/zero >{state}/filler 2>/dev/null
        truncate -s -{} {state}/filler || exit {NO_MOUNT}
        \"$@\"
        status=$?
        rm {state}/filler
        rm -rf {copy} && cp -a {state} {copy} && umount {state} || exit {NO_MOUNT}
        rm -rf {state}/keyfob && cp -a {copy}/. {state}/ && rm -rf {copy} || exit {NO_MOUNT}
        exit $status",
        blocks * 4096
    );
    mounted(bench, &script, line)
}

fn mounted(bench: &Bench, script: &str, line: &str) -> Ran {
    let mut command = bench.world.command("unshare");
    command.arg("--mount");
    if !rustix::process::geteuid().is_root() {
        command.args(["--map-current-user", "--keep-caps"]);
    }
    command.args(["sh", "-c", script, "sh", env!("CARGO_BIN_EXE_keyfob")]);
    command.args(line.split_whitespace());
    let mut running = Running::start(command);
    if let Some(address) = running.stderr_line_or_end("an address, or its end", address_on) {
        Person::new("ada").walk(&address);
    }
    let ran = running.end();
    assert_ne!(
        ran.status,
        Some(NO_MOUNT),
        "no mount can be made here, so this cannot be tested: run as root: {ran:#?}"
    );
    assert!(!ran.stderr.starts_with("unshare:"), "{ran:#?}");
    ran
}
