//! What goes wrong in the agent, or between it and those who ask.

use std::fs;

use keyfob::issuer::Fault;

use super::raw::impostor;
use super::{Agent, configure, in_memory, socket};
use crate::support::{World, provider};

#[test]
fn an_error_in_the_agent_prints_as_it_would_without() {
    for fault in ["rt.500", "rt.429", "rt.sub.changed", "rt.invalid_grant.mfa"] {
        let fault = Fault::parse(fault).unwrap();
        let provider = provider();
        let (alone, served) = (World::at(&provider), World::at(&provider));
        alone.sign_in();
        served.sign_in();
        let _agent = Agent::start(&served, "");
        provider.set_faults(&[fault]);

        let alone = alone.run("token work --renew");
        let served = served.run("token work --renew");

        assert_ne!(alone.status, 0, "{alone:#?}");
        assert_eq!(served.status, alone.status);
        assert_eq!(served.stderr, alone.stderr);
    }
}

#[test]
fn a_session_that_the_provider_ended_is_told_as_without_the_agent() {
    let provider = provider();
    let (alone, served) = (World::at(&provider), World::at(&provider));
    alone.sign_in();
    served.sign_in();
    let _agent = Agent::start(&served, "");
    provider.revoke_everything();

    let alone = alone.run("token work --renew").exits(3);
    let served = served.run("token work --renew").exits(3);

    assert!(served.stderr.contains("cause:"), "{served:#?}");
    assert_eq!(served.stderr, alone.stderr);
}

#[test]
fn an_agent_that_means_something_else_by_a_profile_is_not_believed() {
    let (provider, other) = (provider(), provider());
    let world = World::at(&provider);
    world.sign_in();
    let token = world.run("token work").ok().line();
    let theirs = World::new();

    for (issuer, store) in [
        (other.issuer(), "sealed"),
        (provider.issuer(), "agent"),
        (provider.issuer(), "memory"),
    ] {
        configure(&theirs, issuer, store);
        let agent = Agent::start(&theirs, "");
        let mut command = world.command(&["-v", "token", "work"]);
        command.env("KEYFOB_AGENT", socket(&theirs));
        let output = crate::support::Running::start(&mut command).wait().ok();

        assert_eq!(output.line(), token);
        assert!(output.stderr.contains("not from the agent"), "{output:#?}");
        agent.signal("TERM");
        agent.end().ok();
    }
    theirs.configure("");
    let _agent = Agent::start(&theirs, "");
    let world = world.with("KEYFOB_AGENT", socket(&theirs).to_str().unwrap());
    let output = world.run("-v token work").ok().says("not from the agent");
    assert_eq!(output.line(), token);
}

#[test]
fn an_agent_that_cannot_open_the_store_leaves_it_to_the_process() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let token = world.run("token work").ok().line();
    let mut command = world.command(&["agent"]);
    command.env_remove("KEYFOB_PASSPHRASE_FILE");
    let mut agent = crate::support::Running::start(&mut command);
    agent.wait_for(|line| line.contains("the agent is process").then_some(()));

    let renewed = world.run("-v token work --renew").ok();

    assert_ne!(renewed.line(), token);
    assert!(
        renewed.stderr.contains("not from the agent"),
        "{renewed:#?}"
    );
}

#[test]
fn a_setting_of_this_run_that_the_agent_cannot_know_keeps_it_out() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let _agent = Agent::start(&world, "");

    let output = world.with("KEYFOB_LEEWAY", "10s").run("-v token work").ok();

    assert!(!output.stderr.contains("the agent answered"), "{output:#?}");
}

#[test]
fn an_agent_that_dies_in_the_middle_is_replaced_by_the_process() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let token = world.run("token work").ok().line();
    let impostor = impostor(&socket(&world), |peer| {
        peer.hear().unwrap();
        peer.say(r#"{"answer":"hello","version":1,"pid":1}"#);
        peer.hear().unwrap();
    });

    let output = world.run("-v token work").ok().says("broke off");

    assert_eq!(output.line(), token);
    impostor.join().unwrap();
}

#[test]
fn an_agent_that_hangs_is_named_and_not_waited_for() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let token = world.run("token work").ok().line();
    let agent = Agent::start(&world, "");
    agent.signal("STOP");

    let output = world
        .run("token work")
        .ok()
        .says("did not answer within 3 s");
    world.run("agent status").exits(7).says("did not answer");
    agent.signal("CONT");

    assert_eq!(output.line(), token);
    world.run("agent status").ok();
}

#[test]
fn an_agent_that_dies_in_the_middle_takes_its_sessions_with_it() {
    let provider = provider();
    let world = in_memory(&provider);
    let impostor = impostor(&socket(&world), |peer| {
        peer.hear().unwrap();
        peer.say(r#"{"answer":"hello","version":1,"pid":1}"#);
        peer.hear().unwrap();
    });

    world.run("token work").exits(7).says("broke off");

    impostor.join().unwrap();
    world.run("token work").exits(7).says("not running");
}

#[test]
fn an_agent_that_talks_nonsense_is_not_believed() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let token = world.run("token work").ok().line();
    for nonsense in [
        r#"{"answer":"done"}"#,
        r#"{"answer":"song"}"#,
        "nonsense",
        r#"{"answer":"ticket","token":7}"#,
    ] {
        let impostor = impostor(&socket(&world), move |peer| {
            peer.hear().unwrap();
            peer.say(r#"{"answer":"hello","version":1,"pid":1}"#);
            peer.hear().unwrap();
            peer.say(nonsense);
        });

        let output = world.run("-v token work").ok().says("not from the agent");

        assert_eq!(output.line(), token);
        impostor.join().unwrap();
        fs::remove_file(socket(&world)).unwrap();
    }
}

#[test]
fn what_an_agent_says_cannot_drive_the_terminal() {
    let provider = provider();
    let world = in_memory(&provider);
    let impostor = impostor(&socket(&world), |peer| {
        peer.hear().unwrap();
        peer.say(r#"{"answer":"hello","version":1,"pid":1}"#);
        peer.hear().unwrap();
        peer.say(
            r#"{"answer":"error","reason":"failed","messages":["a\u001b[2Jb"],"hint":{"try":"c\nd"},"exit":0}"#,
        );
    });

    let output = world.run("token work").exits(1);

    assert!(output.stderr.contains("a\\u{1b}[2Jb"), "{output:#?}");
    assert!(!output.stderr.contains('\u{1b}'));
    impostor.join().unwrap();
}
