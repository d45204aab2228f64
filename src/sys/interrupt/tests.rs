//! Signals, each in a process of its own: this test binary, started again.

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::low_level::raise;

use super::*;

const CHILD: &str = "KEYFOB_TEST_CHILD";

/// Tells whether this is a process that `run` started, which may be killed.
#[expect(clippy::disallowed_methods, reason = "the parent says so this way")]
fn is_child() -> bool {
    std::env::var(CHILD).is_ok()
}

/// The signal of Ctrl-C, which a shell lets what it runs in the background ignore.
fn interrupt() -> i32 {
    let ignored = ignored();
    if ignored.contains(&SIGINT) {
        SIGHUP
    } else {
        SIGINT
    }
}

/// To this thread, so that the handler has run when this returns.
fn interrupt_self() {
    raise(interrupt()).unwrap();
}

/// Runs one of the ignored functions below in a process of its own.
fn run(name: &str) -> (ExitStatus, Vec<String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "--test-threads=1"])
        .arg(format!("sys::interrupt::tests::{name}"))
        .env(CHILD, "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let lines = lines.map_while(Result::ok).collect();
    (child.wait().unwrap(), lines)
}

fn reached(lines: &[String], word: &str) -> bool {
    lines.iter().any(|line| line.contains(word))
}

#[test]
#[ignore = "a process for the_first_signal_asks_and_the_second_ends_the_process"]
fn twice() {
    if !is_child() {
        return;
    }
    let interrupts = Interrupts::watch().unwrap();
    interrupt_self();
    println!("first {:?}", interrupts.requested());
    interrupt_self();
    println!("second");
}

#[test]
fn the_first_signal_asks_and_the_second_ends_the_process() {
    let (status, lines) = run("twice");

    assert!(
        reached(&lines, &format!("first Some({})", interrupt())),
        "{lines:?}"
    );
    assert!(!reached(&lines, "second"));
    assert_eq!(status.signal(), Some(interrupt()));
}

#[test]
#[ignore = "a process for a_critical_section_outlives_two_signals"]
fn deferred() {
    if !is_child() {
        return;
    }
    let interrupts = Interrupts::watch().unwrap();
    let guard = interrupts.defer();
    interrupt_self();
    interrupt_self();
    println!("inside");
    drop(guard);
    println!("after {:?}", interrupts.requested());
    interrupt_self();
    println!("third");
}

#[test]
fn a_critical_section_outlives_two_signals() {
    let (status, lines) = run("deferred");

    assert!(reached(&lines, "inside"));
    assert!(
        reached(&lines, &format!("after Some({})", interrupt())),
        "{lines:?}"
    );
    assert!(!reached(&lines, "third"));
    assert_eq!(status.signal(), Some(interrupt()));
}

#[test]
#[ignore = "a process for without_a_watch_signals_act_as_always"]
fn dropped() {
    if !is_child() {
        return;
    }
    drop(Interrupts::watch().unwrap());
    let second = Interrupts::watch().unwrap();
    interrupt_self();
    println!("watched {:?}", second.requested());
    drop(second);
    interrupt_self();
    println!("alive");
}

#[test]
fn without_a_watch_signals_act_as_always() {
    let (status, lines) = run("dropped");

    assert!(
        reached(&lines, &format!("watched Some({})", interrupt())),
        "{lines:?}"
    );
    assert!(!reached(&lines, "alive"));
    assert_eq!(status.signal(), Some(interrupt()));
}

#[test]
#[ignore = "a process for a_request_to_end_is_told_from_ctrl_c"]
fn terminated() {
    if !is_child() {
        return;
    }
    let interrupts = Interrupts::watch().unwrap();
    raise(SIGTERM).unwrap();
    println!("saw {:?}", interrupts.requested());
}

#[test]
fn a_request_to_end_is_told_from_ctrl_c() {
    let (status, lines) = run("terminated");

    assert!(reached(&lines, "saw Some(15)"), "{lines:?}");
    assert!(status.success());
}
