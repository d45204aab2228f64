//! How an agent starts, how it ends, and that there is never more than one.

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::UnixListener;
use std::time::Duration;

use keyfob::sys::clock::{Clock as _, SystemClock};

use super::{Agent, in_memory, socket};
use crate::support::{World, provider};

/// Much longer than an agent here may live.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn an_agent_says_where_it_listens_and_its_socket_is_the_users_alone() {
    let world = World::new();
    let agent = Agent::start(&world, "");

    let socket = socket(&world);
    let found = fs::symlink_metadata(&socket).unwrap();
    let folder = fs::metadata(socket.parent().unwrap()).unwrap();
    assert!(found.file_type().is_socket());
    assert_eq!(found.permissions().mode() & 0o777, 0o600);
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
    agent.signal("TERM");
    let output = agent.end().ok();

    assert_eq!(output.line(), socket.to_str().unwrap());
    assert!(!socket.exists());
}

#[test]
fn a_socket_is_the_users_alone_under_any_umask() {
    let world = World::new();
    let mut shell = world.command(&[]);
    let program = shell.get_program().to_owned();
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", "umask 000; exec \"$0\" agent"])
        .arg(program);
    for (name, value) in shell.env_clear().get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let full = world.command(&[]);
    command.env_clear();
    for (name, value) in full.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let mut running = crate::support::Running::start(&mut command);
    running.wait_for(|line| line.contains("the agent is process").then_some(()));

    let mode = |path| fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777;
    let socket = socket(&world);
    assert_eq!(mode(socket.as_path()), 0o600);
    assert_eq!(mode(socket.parent().unwrap()), 0o700);
    running.signal("TERM");
    running.wait().ok();
}

#[test]
fn an_agent_that_nobody_asks_ends_and_says_so() {
    let world = World::new();

    let idle = Agent::start(&world, "--idle 1s").end().ok();
    assert!(
        idle.stderr.contains("nobody has asked it for 1 s"),
        "{idle:#?}"
    );
    let life = Agent::start(&world, "--life 1s").end().ok();
    assert!(life.stderr.contains("its life of 1 s is over"), "{life:#?}");

    world.run("agent --idle 0s").exits(2);
    world.run("agent --life soon").exits(2);
}

#[test]
fn to_look_at_an_agent_does_not_keep_it_alive() {
    let provider = provider();
    let world = in_memory(&provider);
    let agent = Agent::start(&world, "--idle 3s");

    // Each of these would put off the end for ever if it counted.
    let (mut looks, clock) = (0, SystemClock::new());
    while world.run("agent status").status == 0 {
        looks += 1;
        assert!(clock.elapsed() < PATIENCE, "it lives on and on");
    }

    assert!(looks > 0);
    agent.end().ok().says("nobody has asked it");
}

#[test]
fn every_signal_that_asks_it_to_end_ends_it() {
    let world = World::new();
    for (name, number) in [("TERM", 15), ("INT", 2), ("HUP", 1)] {
        let agent = Agent::start(&world, "");

        agent.signal(name);

        agent.end().ok().says(&format!("signal {number}"));
        assert!(!socket(&world).exists());
    }
}

#[test]
fn a_second_agent_says_that_one_runs() {
    let world = World::new();
    let agent = Agent::start(&world, "");

    let second = world.run("agent").exits(1);

    assert!(second.stderr.contains("already running"), "{second:#?}");
    assert!(
        second.stderr.contains(&agent.id().to_string()),
        "{second:#?}"
    );
    assert_eq!(second.stdout, "");
    world.run("agent status").ok();
}

#[test]
fn a_socket_that_a_killed_agent_left_is_taken_over() {
    let provider = provider();
    let world = in_memory(&provider);
    let agent = Agent::start(&world, "");
    agent.signal("KILL");
    assert_eq!(agent.end().status, 128 + 9);
    assert!(socket(&world).exists());

    world.run("token work").exits(7).says("not running");
    world.run("agent status").exits(7).says("not running");
    let _agent = Agent::start(&world, "");

    world.run("agent status").ok();
}

#[test]
fn whatever_else_stands_at_the_path_is_left_alone() {
    let world = World::new();
    let place = socket(&world);
    keyfob::sys::files::private_dir(place.parent().unwrap()).unwrap();

    fs::File::create(&place).unwrap();
    world.run("agent").exits(1).says("plain file, not a socket");
    fs::remove_file(&place).unwrap();
    let forwarded = UnixListener::bind(&place).unwrap();
    world.run("agent").exits(1).says("already running");

    drop(forwarded);
    assert!(place.exists());
}

#[test]
fn a_folder_that_others_can_change_is_no_place_for_a_socket() {
    let world = World::new();
    let folder = world.path("open");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();

    let refused = world.run("agent --socket open/agent.sock").exits(1);

    assert!(
        refused.stderr.contains("open to other users"),
        "{refused:#?}"
    );
    let long = format!("agent --socket {}", "x".repeat(150));
    world.run(&long).exits(1).says("too long");
}

#[test]
fn another_socket_is_used_when_it_is_named() {
    let provider = provider();
    let world = in_memory(&provider);
    let place = world.path("own/agent.sock");
    let agent = Agent::start(&world, "--socket own/agent.sock");
    world.run("agent status").exits(7);
    let world = world.with("KEYFOB_AGENT", place.to_str().unwrap());

    world.run("agent status").ok();
    world.sign_in();
    world.run("agent stop").ok();

    assert_eq!(agent.end().ok().line(), place.to_str().unwrap());
}

#[test]
fn an_agent_is_not_asked_when_it_is_turned_off() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let _agent = Agent::start(&world, "");
    let world = world.with("KEYFOB_AGENT", "off");

    let alone = world.run("-v token work").ok();

    assert!(!alone.stderr.contains("the agent"), "{alone:#?}");
    world.run("agent status").exits(7).says("KEYFOB_AGENT");
    world.run("agent").exits(1).says("--socket");
}

#[test]
fn a_variable_that_names_no_socket_is_an_error() {
    let provider = provider();
    for wrong in ["agent.sock", "OFF"] {
        let world = World::at(&provider).with("KEYFOB_AGENT", wrong);
        for line in ["token work", "agent status", "agent"] {
            world.run(line).exits(8).says("KEYFOB_AGENT");
        }
    }
}
