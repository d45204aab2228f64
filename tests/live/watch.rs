//! The watch over the machine's processes can see: a token that is planted is found.

use std::process::Command;

use crate::support::eventually;
use crate::support::process::Running;
use crate::support::watch;
use crate::support::world::World;

/// A signed JWT as far as anyone can see, and another each time.
fn token(name: &str) -> String {
    let number = std::process::id();
    let signature = "s".repeat(64);
    format!("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.{name}-{number}-{signature}")
}

/// A process that does nothing, until it is dropped.
fn idle(world: &World) -> Command {
    let mut command = world.command("sh");
    command.args(["-c", "read nothing; :", "sh"]);
    command
}

#[test]
fn a_token_in_a_command_line_is_found() {
    let world = World::new();
    let token = token("line");
    watch::planted(&token);
    let mut command = idle(&world);
    command.arg(&token);

    let process = Running::start(command);
    let found = eventually("it to be found", || watch::found(&token).pop());

    assert_eq!(found.process, process.id());
    assert_eq!(
        (found.program.as_str(), found.place),
        ("sh", "command line")
    );
}

#[test]
fn a_token_in_an_environment_is_found() {
    let world = World::new();
    let token = token("environment");
    watch::planted(&token);
    let mut command = idle(&world);
    command.env("TOKEN", &token);

    let process = Running::start(command);
    let found = eventually("it to be found", || watch::found(&token).pop());

    assert_eq!(found.process, process.id());
    assert_eq!((found.program.as_str(), found.place), ("sh", "environment"));
}

#[test]
fn a_process_that_becomes_another_program_is_looked_at_again() {
    let world = World::new();
    let token = token("exec");
    watch::planted(&token);
    let mut command = world.command("sh");
    command.args(["-c", "read token; TOKEN=$token exec sleep 60"]);

    let mut process = Running::start(command);
    process.say(&token);
    let found = eventually("it to be found", || watch::found(&token).pop());

    assert_eq!(found.process, process.id());
    assert_eq!(
        (found.program.as_str(), found.place),
        ("sleep", "environment")
    );
}

#[test]
fn a_test_in_whose_world_a_token_is_seen_fails() {
    let world = World::new();
    let token = token("unplanned");
    let mut command = idle(&world);
    command.arg(&token);

    let _process = Running::start(command);
    eventually("it to be found", || watch::found(&token).pop());
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(world)));

    let said = ended.expect_err("the test fails");
    let said = said.downcast_ref::<String>().expect("it says why");
    assert!(
        said.contains("command line") && !said.contains(&token),
        "{said}"
    );
}

#[test]
fn what_may_hold_a_token_may_in_its_environment_alone() {
    let world = World::new();
    let (fine, wrong) = (token("fine"), token("wrong"));
    watch::planted(&fine);
    watch::planted(&wrong);
    let mut command = idle(&world);
    command.env("TOKEN", &fine).arg(&wrong);
    watch::allow_environment(&mut command);

    let _process = Running::start(command);
    eventually("the other to be found", || watch::found(&wrong).pop());

    assert!(watch::found(&fine).is_empty());
}
