//! A keyring that is locked, refuses, is gone, hangs, answers late, or answers nonsense; before a
//! renewal, and between the proof that it can be written and the write that counts.

use std::thread;
use std::time::Duration;

use super::trial::Sheet;
use crate::support::bus::{Bus, Keyring, Rules, signal};
use crate::support::eventually;
use crate::support::meddler::{Bend, Meddler};
use crate::support::process::{Running, run};
use crate::support::session::{Bench, STRICT};

const BEFORE: &str = "before";
const BETWEEN: &str = "between proof and write";

/// Longer than the program waits for a keyring.
const BOUND: Duration = Duration::from_secs(35);

#[test]
fn a_keyring_that_is_locked_loses_nothing() {
    let mut bench = Bench::new("keyring", STRICT);
    for moment in [BEFORE, BETWEEN] {
        let mut sheet = Sheet::new(&bench, "keyring locked", moment)
            .ends(&[7])
            .says(&["the keyring is locked"]);
        let lock = Keyring::locking(&bench.world);
        sheet.endure(
            &mut bench,
            "",
            |bench| {
                when(bench, moment, move || {
                    run(lock).answer();
                });
                bench.world.run("token work --renew")
            },
            restart,
        );
        sheet.publish();
    }
}

#[test]
fn a_bus_that_refuses_the_way_to_the_keyring_loses_nothing() {
    let mut bench = Bench::new("keyring", STRICT);
    for moment in [BEFORE, BETWEEN] {
        let mut sheet = Sheet::new(&bench, "keyring denied by the bus", moment)
            .ends(&[7])
            .says(&["the keyring refused"]);
        let rules = Rules::of(&bench.world);
        sheet.endure(
            &mut bench,
            "",
            |bench| {
                when(bench, moment, move || rules.deny());
                bench.world.run("token work --renew")
            },
            |bench| Rules::of(&bench.world).allow(),
        );
        sheet.publish();
    }
}

#[test]
fn a_keyring_whose_process_is_killed_loses_nothing() {
    let mut bench = Bench::new("keyring", STRICT);
    for moment in [BEFORE, BETWEEN] {
        let mut sheet = Sheet::new(&bench, "keyring killed", moment).ends(&[7]);
        sheet.endure(
            &mut bench,
            "",
            |bench| {
                let keyring = bench.desk.as_mut().unwrap().keyring.take();
                when(bench, moment, move || drop(keyring));
                bench.world.run("token work --renew")
            },
            restart,
        );
        sheet.publish();
    }
}

#[test]
fn a_bus_that_is_killed_loses_nothing() {
    let mut bench = Bench::new("keyring", STRICT);
    for moment in [BEFORE, BETWEEN] {
        let mut sheet = Sheet::new(&bench, "bus killed", moment).ends(&[7]);
        sheet.endure(
            &mut bench,
            "",
            |bench| {
                let bus = bench.desk.as_mut().unwrap().bus.take();
                when(bench, moment, move || drop(bus));
                bench.world.run("token work --renew")
            },
            |bench| {
                // The keyring ends with its bus.
                bench.desk.as_mut().unwrap().keyring = None;
                std::fs::remove_file(bench.world.path("run/bus")).unwrap();
                bench.desk.as_mut().unwrap().bus = Some(Bus::start(&mut bench.world));
                restart(bench);
            },
        );
        sheet.publish();
    }
}

#[test]
fn a_keyring_that_hangs_before_a_renewal_costs_its_patience_and_spends_nothing() {
    hang(BEFORE);
}

#[test]
fn a_keyring_that_hangs_between_proof_and_write_loses_nothing() {
    hang(BETWEEN);
}

fn hang(moment: &str) {
    let mut bench = Bench::new("keyring", STRICT);
    let mut sheet = Sheet::new(&bench, "keyring hangs", moment)
        .ends(&[7])
        .says(&["did not answer within"])
        .within(BOUND);
    let keyring = bench.desk.as_ref().unwrap().keyring.as_ref().unwrap().id();
    let asked = bench.refreshes().len();
    sheet.endure(
        &mut bench,
        "",
        |bench| {
            when(bench, moment, move || signal(keyring, "STOP"));
            let ran = bench.world.run("token work --renew");
            assert_eq!(
                bench.refreshes().len() - asked,
                usize::from(moment == BETWEEN)
            );
            ran
        },
        |_| signal(keyring, "CONT"),
    );
    sheet.publish();
}

#[test]
fn a_keyring_that_answers_after_two_seconds_is_waited_for() {
    let mut bench = Bench::new("keyring", STRICT);
    for moment in [BEFORE, BETWEEN] {
        late(&mut bench, moment, Duration::from_secs(2), &[0]);
    }
}

#[test]
fn a_keyring_that_answers_after_the_patience_has_ended_loses_nothing() {
    let mut bench = Bench::new("keyring", STRICT);
    late(&mut bench, BETWEEN, Duration::from_secs(11), &[7]);
}

fn late(bench: &mut Bench, moment: &str, by: Duration, statuses: &'static [i32]) {
    let fault = format!("keyring late by {by:?}");
    let mut sheet = Sheet::new(bench, &fault, moment)
        .ends(statuses)
        .within(BOUND);
    let keyring = bench.desk.as_ref().unwrap().keyring.as_ref().unwrap().id();
    sheet.endure(
        bench,
        "",
        |bench| {
            when(bench, moment, move || {
                signal(keyring, "STOP");
                thread::spawn(move || {
                    thread::sleep(by);
                    signal(keyring, "CONT");
                });
            });
            bench.world.run("token work --renew")
        },
        // It may go on only after the program has ended.
        |bench| {
            eventually("the keyring to go on", || {
                Keyring::is_open(&bench.world).then_some(())
            });
        },
    );
    sheet.publish();
}

#[test]
fn a_keyring_that_answers_nonsense_loses_nothing() {
    let mut bench = Bench::new("keyring", STRICT);
    let meddler = Meddler::before_the_bus(&mut bench.world);
    for (fault, bend) in NONSENSE {
        for moment in [BEFORE, BETWEEN] {
            let fault = format!("keyring answers {fault}");
            let mut sheet = Sheet::new(&bench, &fault, moment)
                // An answer whose contents nobody needs may be nonsense.
                .ends(&[0, 7])
                .within(BOUND);
            let asked = bench.refreshes().len();
            sheet.endure(
                &mut bench,
                "",
                |bench| {
                    when(bench, moment, meddler.bender(*bend));
                    let ran = bench.world.run("token work --renew");
                    let sent = bench.refreshes().len() - asked;
                    let is_due = moment == BETWEEN || ran.status == Some(0);
                    assert_eq!(sent, usize::from(is_due), "{fault}: {ran:?}");
                    ran
                },
                |_| meddler.bend(None),
            );
            sheet.publish();
        }
    }
}

/// After a crash the keyring holds what is needed to go on; nonsense in that moment must not make
/// the answer in the journal worthless.
#[test]
fn a_keyring_that_answers_nonsense_while_a_crash_is_mended_loses_nothing() {
    let mut bench = Bench::new("keyring", STRICT);
    let meddler = Meddler::before_the_bus(&mut bench.world);
    for (fault, bend) in NONSENSE {
        let fault = format!("keyring answers {fault}");
        let mut sheet = Sheet::new(&bench, &fault, "while a crash is mended")
            .ends(&[0, 7])
            .within(BOUND);
        sheet.endure(
            &mut bench,
            "",
            |bench| {
                bench.at_next_refresh(meddler.bender(Bend::Cut));
                bench.world.run("token work --renew").refusal(7);
                assert!(bench.has_journal(), "{fault}");
                meddler.bend(Some(*bend));
                bench.world.run("token work --renew")
            },
            |_| meddler.bend(None),
        );
        sheet.publish();
    }
}

/// What seals the journal is in the keyring; while it is not to be had, the journal waits.
#[test]
fn a_key_that_is_not_to_be_had_while_a_crash_is_mended_loses_nothing() {
    let mut bench = Bench::new("keyring", STRICT);
    let meddler = Meddler::before_the_bus(&mut bench.world);
    for (fault, nonsense) in [("text of another program", "hunter2"), ("no text", "")] {
        let fault = format!("journal's key is {fault}");
        let mut sheet = Sheet::new(&bench, &fault, "while a crash is mended").ends(&[7]);
        let key = run(secret_tool(&bench, "lookup")).answer().to_owned();
        sheet.endure(
            &mut bench,
            "",
            |bench| {
                bench.at_next_refresh(meddler.bender(Bend::Cut));
                bench.world.run("token work --renew").refusal(7);
                meddler.bend(None);
                say(bench, nonsense);
                let ran = bench.world.run("token work --renew");
                assert!(bench.has_journal(), "{fault}: {ran:?}");
                ran
            },
            |bench| say(bench, &key),
        );
        sheet.publish();
    }
}

/// A keyring that lost its collection finds nothing; what it will find again must not be given up.
#[test]
fn a_keyring_that_was_not_set_up_yet_while_a_crash_is_mended_loses_nothing() {
    let mut bench = Bench::new("keyring", STRICT);
    let mut sheet = Sheet::new(
        &bench,
        "keyring without its collection",
        "while a crash is mended",
    )
    .ends(&[7]);
    let kept = bench.world.path("data/keyrings");
    let away = bench.world.path("data/away");
    sheet.endure(
        &mut bench,
        "",
        |bench| {
            let keyring = bench.desk.as_mut().unwrap().keyring.take();
            bench.at_next_refresh(move || drop(keyring));
            bench.world.run("token work --renew").refusal(7);
            std::fs::rename(&kept, &away).unwrap();
            let desk = bench.desk.as_mut().unwrap();
            let bus = desk.bus.as_ref().unwrap();
            desk.keyring = Some(Keyring::start_bare(&bench.world, bus));
            let ran = bench.world.run("token work --renew");
            assert!(bench.has_journal(), "{ran:?}");
            ran
        },
        |bench| {
            bench.desk.as_mut().unwrap().keyring = None;
            drop(std::fs::remove_dir_all(&kept));
            std::fs::rename(&away, &kept).unwrap();
            restart(bench);
        },
    );
    sheet.publish();
}

/// The keyring's own tool, about the journal's key.
fn secret_tool(bench: &Bench, verb: &str) -> std::process::Command {
    let mut command = bench.world.command("secret-tool");
    command.arg(verb);
    if verb == "store" {
        command.arg("--label=keyfob: journal-key");
    }
    command.args(["service", "keyfob", "username", "journal-key"]);
    command
}

/// Has the keyring keep another text for the journal's key.
fn say(bench: &Bench, text: &str) {
    let mut tool = Running::start(secret_tool(bench, "store"));
    tool.say(text);
    tool.end().answer();
    assert_eq!(run(secret_tool(bench, "lookup")).stdout, text);
}

const NONSENSE: &[(&str, Bend)] = &[
    ("cut off in the middle", Bend::Cut),
    ("what is no message", Bend::Noise),
    ("nothing", Bend::Empty),
    ("zeros", Bend::Zeros),
    ("another type", Bend::Text),
    ("4 GiB, it says", Bend::Huge),
    (
        "that it refuses",
        Bend::Error("org.freedesktop.DBus.Error.AccessDenied"),
    ),
    (
        "that it is out of memory",
        Bend::Error("org.freedesktop.DBus.Error.NoMemory"),
    ),
    (
        "that there is no such object",
        Bend::Error("org.freedesktop.Secret.Error.NoSuchObject"),
    ),
    (
        "0.3 s late each time",
        Bend::Late(Duration::from_millis(300)),
    ),
];

/// Does it now, or when the provider has rotated the refresh token and not yet answered.
fn when(bench: &Bench, moment: &str, what: impl FnOnce() + Send + 'static) {
    if moment == BEFORE {
        what();
    } else {
        bench.at_next_refresh(what);
    }
}

/// Starts the keyring again, unlocked.
fn restart(bench: &mut Bench) {
    let desk = bench.desk.as_mut().unwrap();
    desk.keyring = None;
    desk.keyring = Some(Keyring::start(&bench.world, desk.bus.as_ref().unwrap()));
}
