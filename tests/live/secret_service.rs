//! The keyring store against the real Secret Service: gnome-keyring on a bus of its own.
//!
//! Each test starts its own bus and daemon in its own folder, and a client process for the bus
//! address is the process's environment. Needs `dbus-daemon`, `dbus-send`, `gnome-keyring-daemon`
//! and `secret-tool`. Never touches the keyring of the user who runs the tests.

use std::time::Duration;

use rustix::process::Signal;

use client::kind;
use desk::Desk;

mod client;
mod desk;

/// Long enough for a loaded machine, short enough to see a hang as one.
const PATIENCE: Duration = Duration::from_secs(5);

#[test]
fn the_real_keyring_keeps_the_contract_whole_and_in_pieces() {
    let desk = Desk::new();
    let _keyring = desk.unlocked();

    assert_eq!(desk.client(PATIENCE, None).ask("contract"), "done");
    assert_eq!(desk.client(PATIENCE, Some(300)).ask("contract"), "done");

    assert_eq!(desk.search(), "");
}

#[test]
fn a_secret_outlives_the_daemon_and_is_labelled_and_text_only() {
    let desk = Desk::new();
    let first = desk.unlocked();
    assert_eq!(
        desk.client(PATIENCE, None).ask("save session:a zwei-ü"),
        "done"
    );
    first.kill();

    let _second = desk.unlocked();

    assert_eq!(
        desk.client(PATIENCE, None).ask("load session:a"),
        "found zwei-ü"
    );
    let found = desk.search();
    assert!(found.contains("label = keyfob: session:a"), "{found}");
    assert!(found.contains("secret = keyfob:1:a:0:"), "{found}");
}

#[test]
fn every_call_to_a_healthy_keyring_is_quick() {
    let desk = Desk::new();
    let _keyring = desk.unlocked();
    let mut client = desk.client(PATIENCE, None);
    for question in [
        "load a",
        "probe",
        "save a token",
        "load a",
        "load a",
        "delete a",
    ] {
        let (answer, took) = client.timed(question);
        report(question, &answer, took);
        assert!(took < Duration::from_secs(1), "{question} took {took:?}");
    }
}

#[test]
fn a_locked_keyring_is_named() {
    let desk = Desk::new();
    let open = desk.unlocked();
    assert_eq!(
        desk.client(PATIENCE, None).ask("save session:a one"),
        "done"
    );
    open.kill();
    let _locked = desk.started();

    for question in [
        "load session:a",
        "save session:a two",
        "delete session:a",
        "probe",
    ] {
        desk.refuses(question, "Locked");
    }
}

#[test]
fn a_session_without_a_bus_is_named() {
    let desk = Desk::without_bus();

    for question in [
        "load session:a",
        "save session:a two",
        "delete session:a",
        "probe",
    ] {
        desk.refuses(question, "Missing");
    }
}

#[test]
fn a_bus_without_a_keyring_is_named() {
    let desk = Desk::new();

    for question in ["load session:a", "save session:a two", "probe"] {
        desk.refuses(question, "Missing");
    }
}

#[test]
fn a_keyring_that_was_never_set_up_finds_nothing_but_fails_the_probe() {
    let desk = Desk::new();
    let _fresh = desk.started();

    assert_eq!(desk.client(PATIENCE, None).ask("load session:a"), "nothing");
    for question in ["save session:a two", "probe"] {
        desk.refuses(question, "NotSetUp");
    }
}

#[test]
fn a_keyring_that_hangs_costs_the_patience_once() {
    let desk = Desk::new();
    let hung = desk.unlocked();
    let patience = Duration::from_millis(300);
    let mut early = desk.client(patience, None);
    assert_eq!(early.ask("save session:a one"), "done");
    hung.signal(Signal::STOP);
    let mut late = desk.client(patience, None);

    for client in [&mut early, &mut late] {
        let (answer, took) = client.timed("load session:a");
        report("hung: load", &answer, took);
        assert_eq!(kind(&answer), "TimedOut");
        assert!(took >= patience && took < patience * 3, "{took:?}");

        let (answer, took) = client.timed("probe");
        report("hung: probe", &answer, took);
        assert_eq!(kind(&answer), "TimedOut");
        assert!(took < patience / 3, "{took:?}");
    }

    hung.signal(Signal::CONT);
    assert_eq!(
        late.until("load session:a", |answer| kind(answer) != "TimedOut"),
        "found one"
    );
}

#[test]
fn a_keyring_killed_while_it_is_asked_ends_the_call_at_once() {
    let desk = Desk::new();
    let doomed = desk.unlocked();
    let mut client = desk.client(PATIENCE, None);
    assert_eq!(client.ask("save session:a one"), "done");

    doomed.signal(Signal::STOP);
    client.say("load session:a");
    doomed.kill();
    let (answer, took) = client.hear();
    report("killed during load", &answer, took);
    assert!(["Failed", "Missing"].contains(&kind(&answer)), "{answer}");
    assert!(took < PATIENCE, "{took:?}");

    let (answer, took) = client.timed("load session:a");
    report("load after the kill", &answer, took);
    assert!(["Failed", "Missing"].contains(&kind(&answer)), "{answer}");

    let _next = desk.unlocked();
    let (answer, took) = client.timed("load session:a");
    report("an old client at a new daemon", &answer, took);
    assert_ne!(answer, "nothing");
    assert_eq!(
        desk.client(PATIENCE, None).ask("load session:a"),
        "found one"
    );
}

#[test]
fn a_cached_token_needs_no_keyring_while_the_kernel_has_its_key() {
    let desk = Desk::new();
    let hung = desk.unlocked();
    assert_eq!(
        desk.client(PATIENCE, None).ask("cache-save a1 token"),
        "done"
    );
    hung.signal(Signal::STOP);

    let (answer, took) = desk.client(PATIENCE, None).timed("cache-load a1");

    report("cached token", &answer, took);
    assert_eq!(answer, "found token");
    assert!(took < Duration::from_millis(100), "{took:?}");
}

#[test]
fn what_another_program_wrote_under_our_name_is_refused_and_can_be_removed() {
    let desk = Desk::new();
    let _keyring = desk.unlocked();
    desk.secret_tool(
        &["store", "--label=x", "service", "keyfob", "username", "a"],
        "hunter2",
    );
    let mut client = desk.client(PATIENCE, None);

    let answer = client.ask("load a");

    assert_eq!(kind(&answer), "Broken");
    assert!(!answer.contains("hunter2"));
    assert_eq!(client.ask("delete a"), "removed");
    assert_eq!(client.ask("load a"), "nothing");
}

/// Shows a figure to who runs the tests with `--nocapture`.
#[expect(clippy::print_stdout, reason = "the figures are for people")]
fn report(question: &str, answer: &str, took: Duration) {
    println!("{:>9.2} ms  {question}: {answer}", took.as_secs_f64() * 1e3);
}
