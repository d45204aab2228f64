//! `--confirm`: no token without a person's yes, through the program that asks.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use keyfob::issuer::Provider;
use keyfob::sys::clock::{Clock as _, SystemClock};

use super::forward::{abroad, lend, trail, until};
use super::{Agent, in_memory};
use crate::support::{World, provider};

/// A user with a program that asks, which writes down what it was asked, and then does `script`.
fn asked_by(provider: &Provider, script: &str) -> World {
    let world = in_memory(provider);
    let log = world.path("asked.log");
    let text = format!(
        "#!/bin/sh\nprintf '%s [%s] %s\\n' \"$#\" \"$SSH_ASKPASS_PROMPT\" \"$1\" >>'{}'\n{script}\n",
        log.display()
    );
    let path = world.write("askpass", text);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    world.with("SSH_ASKPASS", path.to_str().unwrap())
}

fn questions(world: &World) -> String {
    fs::read_to_string(world.path("asked.log")).unwrap_or_default()
}

#[test]
fn a_person_who_says_yes_is_shown_who_asks() {
    let provider = provider();
    let world = asked_by(&provider, "exit 0");
    let _agent = Agent::start(&world, "--confirm");
    world.sign_in();

    world.run("token work/orders").ok();

    let asked = questions(&world);
    assert!(
        asked.contains("1 [confirm] keyfob: give an access token for work/orders?"),
        "{asked}"
    );
    assert!(asked.contains("asked for by process "), "{asked}");
    assert!(asked.contains(": keyfob"), "{asked}");
    // The test itself started it.
    let own = std::env::current_exe().unwrap();
    assert!(asked.contains(own.to_str().unwrap()), "{asked}");
    assert!(asked.contains("who runs the agent"), "{asked}");
    // Each use is asked about; what gives no token is not.
    world.run("token work/orders").ok();
    world.run("agent status").ok();
    assert_eq!(questions(&world).matches("[confirm]").count(), 2);
}

#[test]
fn anything_but_a_yes_is_no() {
    for script in [
        "exit 1",
        "echo no",
        "printf '\\377\\001garbage'",
        "kill -9 $$",
    ] {
        let provider = provider();
        let world = asked_by(&provider, script);
        let _agent = Agent::start(&world, "--confirm");
        world.sign_in();

        let output = world.run("token work").exits(5);

        assert!(output.stderr.contains("said no"), "{script}: {output:#?}");
        assert_eq!(output.stdout, "");
    }
}

#[test]
fn a_forward_asks_with_its_host_and_a_no_is_written_down() {
    let provider = provider();
    let world = asked_by(&provider, "[ -e \"$HOME/yes\" ]");
    let _agent = Agent::start(&world, "");
    world.sign_in();
    let lent = lend(&world, "--host dev1 --target work/orders --confirm");
    let remote = abroad(&lent.socket);

    remote.run("token work/orders").exits(5).says("said no");
    // What is refused anyway is asked about nowhere.
    remote.run("token work").exits(5);
    world.write("yes", "");
    remote.run("token work/orders").ok();

    let asked = questions(&world);
    assert_eq!(asked.matches("[confirm]").count(), 2, "{asked}");
    assert!(
        asked.contains("give an access token for work/orders to dev1?"),
        "{asked}"
    );
    let outcomes: Vec<_> = trail(&world, "forward_used")
        .iter()
        .map(|used| used["outcome"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(outcomes, ["refused", "refused", "given"]);
    // The agent's own user is not asked.
    world.run("token work/orders").ok();
    assert_eq!(questions(&world).matches("[confirm]").count(), 2);
}

#[test]
fn an_agent_that_cannot_ask_gives_nothing_and_says_so() {
    for (askpass, word) in [
        (None, "`SSH_ASKPASS` is not set"),
        (Some("askpass"), "`SSH_ASKPASS` is no absolute path"),
        (Some("/nonexistent/askpass"), "cannot be started"),
    ] {
        let provider = provider();
        let mut world = in_memory(&provider);
        if let Some(askpass) = askpass {
            world = world.with("SSH_ASKPASS", askpass);
        }
        let agent = Agent::start(&world, "--confirm");
        world.sign_in();

        world.run("token work").exits(5).says(word);

        world.run("agent stop").ok();
        let output = agent.end().ok();
        let warned = output.stderr.contains("no token will be given");
        assert_eq!(
            warned,
            askpass != Some("/nonexistent/askpass"),
            "{output:#?}"
        );
    }
}

#[test]
fn a_question_that_hangs_ends_with_its_agent_and_holds_up_nobody_else() {
    let provider = provider();
    let world = asked_by(&provider, "sleep 1000");
    let agent = Agent::start(&world, "--confirm");
    world.sign_in();
    let clock = SystemClock::new();
    let hanging = world.spawn("token work");
    until("the question", || !questions(&world).is_empty());

    world.run("agent status").ok();
    world.run("agent stop").ok();
    agent.end().ok();

    let output = hanging.wait();
    assert_eq!(output.status, 5, "{output:#?}");
    assert!(
        clock.elapsed() < Duration::from_secs(50),
        "it waited for the answer"
    );
}
