//! A machine that sleeps in the middle of a renewal, for longer than the token lives: the program
//! is stopped where it stands, and goes on later.

use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use super::trial::Sheet;
use crate::support::bus::signal;
use crate::support::eventually;
use crate::support::gateway::{Gateway, Trouble};
use crate::support::process::Ran;
use crate::support::session::{Bench, STRICT};

/// How long a token lives here, and how long the machine sleeps.
const LIFE: Duration = Duration::from_secs(2);
const SLEEP: Duration = Duration::from_millis(2_500);

fn short_lived(store: &'static str) -> Bench {
    Bench::with(store, STRICT, |settings, _| {
        settings.lifetimes.access = LIFE;
        ""
    })
    .signed_in()
}

/// Stops the process whose number is sent, when it is called; says so when it is done.
fn stopper() -> (Sender<u32>, impl FnOnce() + Send + 'static, Receiver<()>) {
    let (tell, told) = channel();
    let (done, stopped) = channel();
    let stop = move || {
        signal(told.recv().unwrap(), "STOP");
        done.send(()).unwrap();
    };
    (tell, stop, stopped)
}

/// Renews, asleep from when the provider has the request until long after its answer came.
fn asleep(bench: &Bench) -> Ran {
    let (tell, stop, stopped) = stopper();
    bench.at_next_refresh(stop);
    let renewal = bench.world.start("token work --renew");
    tell.send(renewal.id()).unwrap();
    stopped.recv().unwrap();
    thread::sleep(SLEEP);
    signal(renewal.id(), "CONT");
    renewal.end()
}

#[test]
fn a_renewal_that_sleeps_before_it_reads_the_answer_goes_on() {
    for store in ["keyring", "sealed"] {
        let mut bench = Bench::new(store, STRICT);
        let mut sheet = Sheet::new(&bench, "asleep for 2.5 s", "before the answer is read");
        sheet.endure(&mut bench, "", |bench| asleep(bench), |_| {});
        sheet.publish();
    }
}

#[test]
fn a_waiter_that_sleeps_through_the_life_of_what_it_waits_for_renews_by_itself() {
    let mut bench = short_lived("keyring");
    let mut sheet = Sheet::new(
        &bench,
        "asleep for longer than a token lives",
        "waiting for the lock",
    );
    sheet.endure(
        &mut bench,
        "",
        |bench| {
            let (release, held) = channel::<()>();
            let (tell, told) = channel();
            bench.at_next_refresh(move || {
                tell.send(()).unwrap();
                held.recv().unwrap();
            });
            let first = bench.world.start("token work --renew");
            told.recv().unwrap();
            let second = bench.world.start("token work --renew");
            eventually("the second to wait for the lock", || {
                has_a_lock_open(second.id()).then_some(())
            });
            signal(second.id(), "STOP");
            release.send(()).unwrap();
            first.end().answer();
            thread::sleep(SLEEP);
            signal(second.id(), "CONT");
            second.end()
        },
        |_| {},
    );
    sheet.publish();
}

#[test]
fn a_connection_that_was_closed_while_asleep_is_made_anew() {
    let gateway = Gateway::plain();
    let mut bench = Bench::with("sealed", STRICT, |settings, _| {
        settings.front = Some(gateway.origin());
        ""
    });
    gateway.pass_on_to(bench.provider.port());
    bench = bench.signed_in();
    let mut sheet = Sheet::new(
        &bench,
        "idle connection closed while asleep",
        "between metadata and renewal",
    )
    .ends(&[0, 6]);
    sheet.endure(
        &mut bench,
        "",
        |bench| {
            fs::remove_dir_all(bench.world.path("cache/keyfob/documents")).unwrap();
            gateway.trouble(Some(("/.well-known", Trouble::ClosedWhenIdle)));
            let (tell, stop, stopped) = stopper();
            gateway.before_trouble(stop);
            let renewal = bench.world.start("token work --renew");
            tell.send(renewal.id()).unwrap();
            stopped.recv().unwrap();
            thread::sleep(SLEEP);
            signal(renewal.id(), "CONT");
            renewal.end()
        },
        |_| gateway.trouble(None),
    );
    sheet.publish();
}

#[test]
fn a_token_that_ended_while_its_answer_lay_unread_is_not_handed_out_as_new() {
    let mut bench = short_lived("keyring");
    let mut sheet = Sheet::new(
        &bench,
        "asleep for longer than a token lives",
        "before the answer is read",
    );
    sheet.endure(
        &mut bench,
        "",
        |bench| {
            asleep(bench);
            // Whatever was said, what is cached now must not be taken for fresh.
            bench.world.run("token work")
        },
        |_| {},
    );
    sheet.publish();
}

/// Whether a process has a session's lock open.
fn has_a_lock_open(process: u32) -> bool {
    let is_lock = |path: PathBuf| {
        path.parent()
            .is_some_and(|folder| folder.ends_with("locks"))
    };
    let open = fs::read_dir(format!("/proc/{process}/fd"));
    open.into_iter()
        .flatten()
        .flatten()
        .any(|entry| fs::read_link(entry.path()).is_ok_and(is_lock))
}
