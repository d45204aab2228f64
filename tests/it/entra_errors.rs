//! Every error of Entra's table against the program, wherever it shows.
//!
//! What holds in every row: the number is said, no character drives the terminal, nothing is kept
//! of a failed sign-in, and a session lives on unless the refusal says that its token is dead.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;

use keyfob::issuer::{Provider, Script};

use crate::support::{Output, World, assert_private, entra, entra_world};

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
                let refreshed = Refreshed::new();
                loop {
                    let Some(row) = queue.lock().unwrap().pop_front() else {
                        return;
                    };
                    let seen = catch_unwind(AssertUnwindSafe(|| refreshed.drive(row)));
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

/// Drives an error of a sign-in, and returns the exit status.
fn refused_sign_in((code, error, at): Row) -> i32 {
    let (name, said) = (format!("aadsts={code}"), format!("AADSTS{code}"));
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
    hold(&run, &said, error);
    assert_eq!(world.sessions(), [""; 0], "{said}");
    assert_eq!(world.cached(), [""; 0], "{said}");
    assert_private(&world, &[], &[&run]);
    run.status
}

/// Somebody who is signed in, for many refreshes.
struct Refreshed {
    provider: Provider,
    world: World,
}

impl Refreshed {
    fn new() -> Self {
        let provider = entra("amara", &[]);
        let world = entra_world(&provider, "");
        world.sign_in();
        Self { provider, world }
    }

    fn drive(&self, row: Row) -> i32 {
        let (code, error, at) = row;
        if at != "refresh" {
            return refused_sign_in(row);
        }
        let said = format!("AADSTS{code}");
        let script = Script::parse(&format!("aadsts={code}")).unwrap();
        self.provider.set_scripts(&[script]);

        let run = self.world.run("token work --renew");

        hold(&run, &said, error);
        assert_private(&self.world, &[], &[&run]);
        self.provider.set_scripts(&[]);
        self.world.forget_trouble();
        let after = self.world.run("token work --renew");
        if after.status == 3 {
            // A refresh token that the provider called dead is not tried again.
            assert_eq!(error, "invalid_grant", "{said}: {after:#?}");
            self.world.sign_in();
        } else {
            after.ok();
        }
        run.status
    }
}

fn hold(run: &Output, said: &str, error: &str) {
    assert!(![0, 1, 2].contains(&run.status), "{said}: {run:#?}");
    assert_eq!(run.stdout, "", "{said}");
    match error {
        "temporarily_unavailable" | "server_error" => assert_eq!(run.status, 6, "{said}: {run:#?}"),
        "authorization_pending" | "expired_token" => assert_eq!(run.status, 4, "{said}: {run:#?}"),
        _ => assert!(run.stderr.contains(said), "{said}: {run:#?}"),
    }
    let is_tame = |c: char| !c.is_control() || c == '\n';
    assert!(run.stderr.chars().all(is_tame), "{said}: {run:#?}");
}
