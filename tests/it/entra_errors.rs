//! Every error of Entra's table against the program, wherever it shows.
//!
//! What holds in every row: the number is said, no character drives the terminal, nothing is kept
//! of a failed sign-in, and a session lives on unless the refusal says that its token is dead.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;

use keyfob::issuer::Script;

use crate::support::{Output, assert_private, entra, entra_world};

/// Most of a row's time is waiting.
const AT_ONCE: usize = 6;

type Row = (u32, &'static str, &'static str);

#[test]
fn every_error_of_entra_is_said_and_costs_no_session() {
    let rows: Vec<Row> = Script::errors().collect();
    let count = rows.len();
    let queue = Mutex::new(VecDeque::from(rows));
    let results = Mutex::new(Vec::new());

    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(row) = queue.lock().unwrap().pop_front() else {
                        return;
                    };
                    let seen = catch_unwind(AssertUnwindSafe(|| drive(row)));
                    results.lock().unwrap().push((row, seen.ok()));
                }
            });
        }
    });

    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(row, _)| row.0);
    let mut table = String::new();
    for ((code, error, at), seen) in &results {
        let seen = seen.map_or("NOT AS IT SHOULD BE".to_owned(), |status| {
            format!("exit {status}")
        });
        writeln!(table, "AADSTS{code:<8} {at:<10} {error:<26} {seen}").unwrap();
    }
    let path = crate::root().join("target/entra-errors.txt");
    keyfob::sys::files::write_private(&path, table.as_bytes()).unwrap();
    let failed: Vec<u32> = results
        .iter()
        .filter(|(_, seen)| seen.is_none())
        .map(|(row, _)| row.0)
        .collect();
    assert_eq!(results.len(), count);
    assert!(failed.is_empty(), "not as they should be: {failed:?}");
}

/// Drives one error through its place, and returns the exit status.
fn drive((code, error, at): Row) -> i32 {
    let name = format!("aadsts={code}");
    let said = format!("AADSTS{code}");
    if at == "refresh" {
        return refused_refresh(&name, &said, error);
    }
    let provider = entra("amara", &[&name]);
    let world = entra_world(&provider, "");
    let run = if matches!(at, "device" | "poll") {
        // What is pending goes on for ever.
        world.run("login work --device --timeout 3s")
    } else {
        let mut running = world.spawn("login work --no-browser");
        if let Some(address) = running.address_or_end() {
            crate::support::approve(&address).deliver();
        }
        running.wait()
    };
    hold(&run, &said, error == "authorization_pending");
    assert_eq!(world.sessions(), [""; 0], "{said}");
    assert_eq!(world.cached(), [""; 0], "{said}");
    assert_private(&world, &[], &[&run]);
    run.status
}

fn refused_refresh(name: &str, said: &str, error: &str) -> i32 {
    let provider = entra("amara", &[]);
    let world = entra_world(&provider, "");
    world.sign_in();
    let before = world.run("token work").ok().line();
    provider.set_scripts(&[Script::parse(name).unwrap()]);

    let run = world.run("token work --renew");

    hold(&run, said, false);
    if matches!(error, "temporarily_unavailable" | "server_error") {
        assert_eq!(run.status, 6, "{run:#?}");
    }
    provider.set_scripts(&[]);
    world.forget_trouble();
    let after = world.run("token work --renew");
    if after.status == 3 {
        // A refresh token that the provider called dead is not tried again.
        assert_eq!(error, "invalid_grant", "{said}: {after:#?}");
    } else {
        assert_ne!(after.ok().line(), before, "{said}");
    }
    assert_private(&world, &[&before], &[&run]);
    run.status
}

fn hold(run: &Output, said: &str, is_silent: bool) {
    assert!(![0, 1, 2].contains(&run.status), "{said}: {run:#?}");
    assert_eq!(run.stdout, "", "{said}");
    assert!(is_silent || run.stderr.contains(said), "{said}: {run:#?}");
    let is_tame = |c: char| !c.is_control() || c == '\n';
    assert!(run.stderr.chars().all(is_tame), "{said}: {run:#?}");
}
