//! `kill -9` in the middle of a renewal: at its system calls, by strace, and at any time.
//!
//! Each kill is followed by `keyfob token`, which must answer from the cache, and by `keyfob token
//! --renew`, which must go on with the session. Only one thing may be lost: a session of a provider
//! that ends it on the second use of a refresh token, killed after the token was sent and before
//! the answer was in the journal. Nobody but the provider can close that window.
//!
//! A full disk must not lose a session either: then the keyring alone has to keep it.
//!
//! A sample of the calls by default; `KEYFOB_EVERY_BOUNDARY=1` takes them all, and 1000 times. The
//! times are random: the seed is shown, and `KEYFOB_SEED` repeats them. The counts are in
//! `crash.txt`, in the build folder.

use std::thread;
use std::time::{Duration, Instant};

use crate::support::process::{Ran, run};
use crate::support::session::{Bench, STRICT, WITH_GRACE};
use crate::support::strace::{Call, calls_in};
use crate::support::{Dice, every_one, sampled};

mod bench;
mod table;

use bench::Kill;
use table::Row;

/// What a renewal does to the world, or waits for it to do: after each of these, something differs.
const CALLS: &str = "clone3,connect,creat,fdatasync,flock,fsync,ftruncate,keyctl,mkdir,openat,\
    recvfrom,recvmsg,rename,renameat,renameat2,sendmsg,sendto,socket,unlink,unlinkat,write";

#[test]
fn a_kill_at_any_call_loses_nothing_with_a_keyring_and_a_strict_provider() {
    kill_at_calls(&mut Bench::new("keyring", STRICT), 40);
}

#[test]
fn a_kill_at_any_call_loses_nothing_with_a_keyring_and_a_provider_with_grace() {
    kill_at_calls(&mut Bench::new("keyring", WITH_GRACE), 15);
}

#[test]
fn a_kill_at_any_call_loses_nothing_with_sealed_files_and_a_strict_provider() {
    kill_at_calls(&mut Bench::new("sealed", STRICT), 25);
}

#[test]
fn a_kill_at_any_call_loses_nothing_with_sealed_files_and_a_provider_with_grace() {
    kill_at_calls(&mut Bench::new("sealed", WITH_GRACE), 10);
}

#[test]
fn a_kill_at_any_time_loses_nothing_with_a_keyring() {
    kill_at_times(&mut Bench::new("keyring", STRICT), (20, 350));
}

#[test]
fn a_kill_at_any_time_loses_nothing_with_a_keyring_and_a_provider_with_grace() {
    kill_at_times(&mut Bench::new("keyring", WITH_GRACE), (10, 250));
}

#[test]
fn a_kill_at_any_time_loses_nothing_with_sealed_files() {
    kill_at_times(&mut Bench::new("sealed", STRICT), (10, 250));
}

#[test]
fn a_kill_at_any_time_loses_nothing_with_sealed_files_and_a_provider_with_grace() {
    kill_at_times(&mut Bench::new("sealed", WITH_GRACE), (6, 150));
}

#[test]
fn a_disk_that_is_full_at_any_write_loses_nothing_with_a_keyring() {
    fill_disk_at_writes(&mut Bench::new("keyring", STRICT), "+", 10);
}

#[test]
fn a_write_that_fails_loses_nothing_with_a_keyring() {
    fill_disk_at_writes(&mut Bench::new("keyring", STRICT), "", 6);
}

#[test]
fn a_write_that_fails_loses_nothing_with_sealed_files() {
    fill_disk_at_writes(&mut Bench::new("sealed", STRICT), "", 8);
}

/// With a strict provider nobody can help it: the disk is the only place there is.
#[test]
fn a_disk_that_is_full_at_any_write_loses_nothing_with_sealed_files_and_a_provider_with_grace() {
    fill_disk_at_writes(&mut Bench::new("sealed", WITH_GRACE), "+", 8);
}

/// Kills one renewal after the other, each at another call.
fn kill_at_calls(bench: &mut Bench, sample: usize) {
    let boundaries = boundaries(&traced(bench, None).1);
    let mut row = Row::new(format!("calls, {}", bench.name()), boundaries.len());
    for (name, number) in sampled(&boundaries, sample) {
        let place = format!("{name} number {number}");
        bench.survive(&mut row, &place, |bench| {
            let kill = format!("inject={name}:signal=KILL:when={number}");
            let (ran, calls) = traced(bench, Some(&kill));
            assert!(matches!(ran.status, None | Some(0)), "{ran:?}");
            Kill {
                killed: ran.status.is_none(),
                sent: done(&calls, |call| {
                    call.name == "recvfrom" || is_body(&calls, call)
                }),
                journalled: Some(done(&calls, is_journal)),
            }
        });
    }
    // Threads take turns as they like, and one reads now more, now fewer pieces: its last calls are
    // not always reached.
    let tried = if every_one() {
        boundaries.len()
    } else {
        sample
    };
    assert!(row.kills * 4 >= tried * 3, "{} kills of {tried}", row.kills);
    bench.assert_tidy();
    table::publish(row);
}

/// Kills renewals at random times within as long as one takes, and a little longer.
fn kill_at_times(bench: &mut Bench, (sample, all): (u32, u32)) {
    let mut dice = Dice::cast();
    let began = Instant::now();
    bench.world.run("token work --renew").answer();
    let whole = began.elapsed();
    let kills = if every_one() { all } else { sample };
    let mut row = Row::new(format!("times, {}", bench.name()), 0);
    for _ in 0..kills {
        let after = whole.mul_f64(dice.roll() * 1.25);
        bench.survive(&mut row, &format!("after {after:?} ({dice})"), |bench| {
            let renewal = bench.world.start("token work --renew");
            thread::sleep(after);
            // Kills it.
            drop(renewal);
            // What was sent just before may still be on its way.
            thread::sleep(Duration::from_millis(15));
            Kill {
                killed: true,
                sent: false,
                journalled: None,
            }
        });
    }
    bench.assert_tidy();
    row.note = dice.to_string();
    table::publish(row);
}

/// Lets writes fail as on a full disk: one of them, or from one on all.
fn fill_disk_at_writes(bench: &mut Bench, reach: &str, sample: usize) {
    let mut boundaries = boundaries(&traced(bench, None).1);
    // From the first `write` on, nothing could be said either.
    boundaries.retain(|(name, _)| is_write(name) && (reach.is_empty() || name != "write"));
    let what = if reach.is_empty() { "fails" } else { "full" };
    let name = format!("{what}, {}", bench.name());
    let mut row = Row::new(name, boundaries.len());
    for (name, number) in sampled(&boundaries, sample) {
        let place = format!("{name} number {number}{reach} without space");
        bench.survive(&mut row, &place, |bench| {
            let full = format!("inject={name}:error=ENOSPC:when={number}{reach}");
            let (ran, _) = traced(bench, Some(&full));
            let said = format!("{place}: {ran:?}");
            assert!(ran.status.is_some_and(|status| status < 10), "{said}");
            assert!(
                ran.status == Some(0) || ran.stderr.starts_with("keyfob: "),
                "{said}"
            );
            Kill {
                killed: ran.status != Some(0),
                sent: false,
                // Nobody was killed, so there is no excuse.
                journalled: Some(true),
            }
        });
    }
    bench.assert_tidy();
    table::publish(row);
}

fn is_write(name: &str) -> bool {
    ["write", "fsync", "rename", "renameat", "renameat2"].contains(&name)
}

/// Renews under strace, which may step in as told; gives how it ended, and what it had done.
fn traced(bench: &Bench, injection: Option<&str>) -> (Ran, Vec<Call>) {
    let trace = bench.world.path("tmp/trace");
    let mut command = bench.world.command("strace");
    command.args(["-f", "-s", "0", "-e"]);
    command.arg(format!("trace={CALLS}")).arg("-o").arg(&trace);
    if let Some(injection) = injection {
        command.arg("-e").arg(injection);
    }
    command.arg(env!("CARGO_BIN_EXE_keyfob"));
    command.args(["token", "work", "--renew"]);
    let ran = run(command);
    assert!(injection.is_some() || ran.status == Some(0), "{ran:?}");
    (ran, calls_in(&trace))
}

/// Where to kill: strace counts each call of each thread by itself, so the so-manieth call of one
/// name is in the first thread that comes so far. What happens before the session is locked is left
/// out: nothing was touched.
fn boundaries(calls: &[Call]) -> Vec<(String, usize)> {
    let (mut counts, mut found) = (Vec::<((u32, &str), usize)>::new(), Vec::new());
    let mut is_locked = false;
    for call in calls {
        is_locked |= call.name == "flock";
        let this = (call.thread, call.name.as_str());
        let at = counts.iter().position(|(known, _)| *known == this);
        let at = at.unwrap_or_else(|| {
            counts.push((this, 0));
            counts.len() - 1
        });
        counts[at].1 += 1;
        let boundary = (call.name.clone(), counts[at].1);
        if is_locked && !found.contains(&boundary) {
            found.push(boundary);
        }
    }
    assert!(found.len() > 40, "a renewal does more than {found:?}");
    found
}

/// Whether such a call came to its end: its thread entered another one.
fn done(calls: &[Call], is_it: impl Fn(&Call) -> bool) -> bool {
    let Some(at) = calls.iter().position(is_it) else {
        return false;
    };
    calls[at + 1..]
        .iter()
        .any(|call| call.thread == calls[at].thread)
}

/// The rename that puts an answer into the journal.
fn is_journal(call: &Call) -> bool {
    call.name.starts_with("rename") && call.text.contains(".journal\"")
}

/// The second part of a request: the first is its head.
fn is_body(calls: &[Call], call: &Call) -> bool {
    let mut sent = calls.iter().filter(|other| other.name == "sendto");
    sent.nth(1).is_some_and(|second| std::ptr::eq(second, call))
}
