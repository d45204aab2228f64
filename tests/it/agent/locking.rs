//! `keyfob agent lock` and `unlock`.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyfob::sys::clock::{Clock as _, SystemClock};

use super::raw::Raw;
use super::{Agent, in_memory, socket};
use crate::support::{World, provider};

const PASSPHRASE: &str = "four plain words here";

#[test]
fn a_locked_agent_gives_nothing_until_its_passphrase_comes() {
    let provider = provider();
    let world = in_memory(&provider);
    let _agent = Agent::start(&world, "");
    world.sign_in();
    let token = world.run("token work").ok().line();

    world.run_with("agent lock --stdin", PASSPHRASE).ok();

    for line in [
        "token work",
        "inspect work",
        "inspect work --userinfo",
        "login work",
    ] {
        let locked = world.run(line).exits(7);
        assert!(locked.stderr.contains("the agent is locked"), "{locked:#?}");
        assert!(locked.stderr.contains("keyfob agent unlock"), "{locked:#?}");
    }
    world.run("list").ok().says("the agent is locked");
    let status = world.run("agent status --json").ok().json();
    assert_eq!(status["locked"], true);
    assert!(status["sessions"].is_null() && status["in_locked_memory"].is_null());
    world
        .run_with("agent lock --stdin", "another")
        .exits(2)
        .says("locked already");
    world
        .run_with("agent unlock --stdin", "another")
        .exits(7)
        .says("does not unlock");
    world
        .run_with("agent unlock --stdin", format!("{PASSPHRASE}\n"))
        .ok();
    assert_eq!(world.run("token work").ok().silent().line(), token);
    world
        .run_with("agent unlock --stdin", PASSPHRASE)
        .exits(2)
        .says("is not locked");
}

#[test]
fn a_locked_agent_gives_nothing_of_a_session_on_the_disk_either() {
    let provider = provider();
    let world = World::at(&provider);
    let _agent = Agent::start(&world, "");
    world.sign_in();
    let token = world.run("token work --renew").ok().line();

    world.run_with("agent lock --stdin", PASSPHRASE).ok();
    world.run("token work").exits(7).says("keyfob agent unlock");
    world.run_with("agent unlock --stdin", PASSPHRASE).ok();

    assert_eq!(world.run("token work").ok().silent().line(), token);
}

#[test]
fn wrong_passphrases_are_answered_at_once_with_a_growing_wait() {
    let provider = provider();
    let world = in_memory(&provider);
    let _agent = Agent::start(&world, "");
    let mut raw = Raw::greeted(&socket(&world));
    let passphrase = URL_SAFE_NO_PAD.encode(PASSPHRASE);
    let lock = format!(r#"{{"ask":"lock","passphrase":"{passphrase}"}}"#);
    assert_eq!(raw.ask(&lock)["answer"], "done");
    let wrong = r#"{"ask":"unlock","passphrase":"d3Jvbmc"}"#;
    let said = |raw: &mut Raw, text: &str| {
        let answer = raw.ask(text);
        assert_eq!(answer["exit"], 7, "{answer}");
        answer["messages"][0].as_str().unwrap().to_owned()
    };

    assert!(said(&mut raw, wrong).ends_with("does not unlock the agent"));
    assert!(said(&mut raw, wrong).ends_with("taken in 1 s"));
    let unlock = format!(r#"{{"ask":"unlock","passphrase":"{passphrase}"}}"#);
    let clock = SystemClock::new();
    let early = said(&mut raw, &unlock);

    assert!(early.contains("the next one is taken in 1 s"), "{early}");
    // Whoever is too early is not tried at all: a try would have opened it.
    let answer = loop {
        let answer = raw.ask(&unlock);
        if answer["answer"] == "done" {
            break answer;
        }
        assert!(clock.elapsed() < Duration::from_secs(60), "{answer}");
        std::thread::yield_now();
    };
    assert_eq!(answer["answer"], "done");
    assert!(
        clock.elapsed() >= Duration::from_millis(500),
        "it was made to wait"
    );
}

#[test]
fn what_is_no_passphrase_is_refused() {
    let provider = provider();
    let world = in_memory(&provider);
    let _agent = Agent::start(&world, "");

    world
        .run_with("agent lock --stdin", "")
        .exits(2)
        .says("no passphrase");
    world
        .run_with("agent lock --stdin", "\n")
        .exits(2)
        .says("no passphrase");
    world
        .run_with("agent lock --stdin", "x".repeat(5000))
        .exits(2);
    world.run_with("agent lock --stdin", [0xff, 0xfe]).exits(2);
    world.run("agent lock").exits(2).says("no terminal");

    let status = world.run("agent status --json").ok().json();
    assert_eq!(status["locked"], false);
}
