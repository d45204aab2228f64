//! Locks between threads and between processes.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use super::*;
use crate::sys::clock::SystemClock;

fn acquire(path: &Path, wait: Duration) -> Result<Acquired, LockError> {
    Lock::acquire(path, wait, &SystemClock::new(), &mut || false)
}

#[test]
fn only_one_of_many_threads_is_inside() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("l");
    let (inside, entered) = (AtomicU32::new(0), AtomicU32::new(0));

    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                let lock = acquire(&path, Duration::from_secs(20)).unwrap();
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                entered.fetch_add(1, Ordering::SeqCst);
                thread::yield_now();
                inside.fetch_sub(1, Ordering::SeqCst);
                drop(lock);
            });
        }
    });

    assert_eq!(entered.into_inner(), 16);
}

#[test]
fn a_wait_is_bounded_and_names_the_holder() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("l");
    let _held = acquire(&path, Duration::ZERO).unwrap();

    let error = acquire(&path, Duration::from_millis(12)).unwrap_err();

    let ours = process::id();
    assert!(matches!(error, LockError::Held { pid: Some(pid), .. } if pid == ours));
    let shown = error.to_string();
    assert!(
        shown.starts_with(&format!("process {ours} has held")),
        "{shown}"
    );
}

#[test]
fn a_waiter_leaves_when_the_lock_is_no_longer_needed() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("l");
    let _held = acquire(&path, Duration::ZERO).unwrap();
    let mut asked = 0;

    let ended = Lock::acquire(
        &path,
        Duration::from_secs(20),
        &SystemClock::new(),
        &mut || {
            asked += 1;
            asked == 3
        },
    );

    assert!(matches!(ended, Ok(Acquired::GivenUp)));
    assert_eq!(asked, 3);
}

#[test]
fn a_shorter_number_leaves_nothing_of_a_longer_one() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("l");
    files::write_private(&path, b"99999999999999").unwrap();

    drop(acquire(&path, Duration::ZERO).unwrap());

    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        process::id().to_string()
    );
}

/// Not a test of its own: the other process of the test below.
#[test]
#[ignore = "started by the_lock_of_a_killed_process_is_free"]
#[expect(
    clippy::disallowed_methods,
    reason = "the parent passes the path this way"
)]
fn hold_until_killed() {
    let Ok(path) = std::env::var("KEYFOB_TEST_LOCK") else {
        return;
    };
    let _held = acquire(Path::new(&path), Duration::ZERO).unwrap();
    println!("held");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
}

#[test]
fn the_lock_of_a_killed_process_is_free() {
    use std::io::{BufRead, BufReader};
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("l");
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture"])
        .arg("sys::lock::tests::hold_until_killed")
        .env("KEYFOB_TEST_LOCK", &path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(other.stdout.take().unwrap()).lines();
    assert!(
        lines
            .map_while(Result::ok)
            .any(|line| line.contains("held"))
    );

    let before = acquire(&path, Duration::ZERO).unwrap_err();
    other.kill().unwrap();
    other.wait().unwrap();
    let after = acquire(&path, Duration::from_secs(5)).unwrap();

    assert!(matches!(before, LockError::Held { pid: Some(pid), .. } if pid == other.id()));
    assert!(matches!(after, Acquired::Locked(_)));
}

#[test]
fn whether_a_lock_is_held_is_told_without_taking_it() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("l");
    assert!(!Lock::is_held(&path));
    assert!(!path.exists());

    let held = acquire(&path, Duration::ZERO).unwrap();
    assert!(Lock::is_held(&path));
    drop(held);

    assert!(!Lock::is_held(&path));
    assert!(!Lock::is_held(home.path()));
}
