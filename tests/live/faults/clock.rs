//! A clock that was set back or forward, by an hour and by a year, while the provider keeps true
//! time: libfaketime moves the program's clock, and no other.

use std::time::Duration;

use super::trial::Sheet;
use crate::support::process::{Ran, run};
use crate::support::session::{Bench, STRICT};

const SHIFTS: [(&str, &str); 4] = [
    ("-3600s", "clock set back 1 h"),
    ("+3600s", "clock set forward 1 h"),
    ("-31536000s", "clock set back 1 y"),
    ("+31536000s", "clock set forward 1 y"),
];

#[test]
fn a_clock_that_is_off_does_not_end_a_session_in_the_keyring() {
    set_clock(&mut Bench::new("keyring", STRICT));
}

#[test]
fn a_clock_that_is_off_does_not_end_a_session_in_sealed_files() {
    set_clock(&mut Bench::new("sealed", STRICT));
}

fn set_clock(bench: &mut Bench) {
    for (shift, fault) in SHIFTS {
        for (moment, line) in [
            ("a valid token is cached", "token work"),
            ("across a renewal", "token work --renew"),
        ] {
            let mut sheet = Sheet::new(bench, fault, moment)
                .ends(&[0, 9])
                .says(&["this machine's clock is"]);
            bench.world.run("token work").answer();
            sheet.endure(bench, "", |bench| at(bench, shift, line), |_| {});
            sheet.publish();
        }
        // What was cached by a clock that was off is not believed when it is right.
        let mut sheet = Sheet::new(bench, fault, "and then right again");
        let then_right = |bench: &mut Bench| {
            at(bench, shift, "token work --renew");
            bench.world.run("token work")
        };
        sheet.endure(bench, "", then_right, |_| {});
        sheet.publish();
    }
}

#[test]
fn a_clock_set_forward_within_a_tokens_life_asks_nobody() {
    let day = Duration::from_secs(24 * 60 * 60);
    let mut bench = Bench::with("sealed", STRICT, |settings, _| {
        settings.lifetimes.access = day;
        ""
    })
    .signed_in();
    let cached = bench.world.run("token work").answer().to_owned();
    let asked = bench.refreshes().len();
    let mut sheet = Sheet::new(
        &bench,
        "clock set forward 1 h",
        "a token of a day is cached",
    );

    sheet.endure(
        &mut bench,
        "",
        |bench| {
            let ran = at(bench, "+3600s", "token work");
            assert_eq!(ran.answer(), cached);
            assert_eq!(bench.refreshes().len(), asked);
            ran
        },
        |_| {},
    );
    sheet.publish();
}

/// Runs the program with its clock moved; what it waits for is not.
pub(super) fn at(bench: &Bench, shift: &str, line: &str) -> Ran {
    let mut command = bench.world.command("faketime");
    command.args(["-m", "--exclude-monotonic", "-f", shift]);
    command.arg(env!("CARGO_BIN_EXE_keyfob"));
    command.args(line.split_whitespace());
    run(command)
}
