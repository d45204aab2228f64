//! The real curl, fed through a pipe: no token is ever in a command line.

use crate::support::process::{Ran, Running};
use crate::support::provider::Practice;
use crate::support::world::World;

/// Pipes what `keyfob` prints into curl, as a shell would.
#[track_caller]
fn piped(world: &World, keyfob: &str, curl: &[&str], url: &str) -> Ran {
    let printed = world.run(keyfob);
    let mut command = world.command("curl");
    command
        .args(["--silent", "--show-error", "--fail", "--max-time", "20"])
        .args(curl)
        .arg(url);
    let mut curl = Running::start(command);
    let line = std::fs::read(format!("/proc/{}/cmdline", curl.id())).unwrap_or_default();
    let token = world.run("token work").answer().to_owned();
    assert!(
        !String::from_utf8_lossy(&line).contains(&token),
        "the token is in curl's arguments"
    );
    printed.answer();
    curl.say(&printed.stdout);
    curl.end()
}

fn signed_in() -> (World, Practice) {
    let mut world = World::new();
    let practice = Practice::start(&world, "--sign-in-as amara");
    world.profile(&practice.issuer, "store = \"sealed\"\n");
    world.signed_in();
    (world, practice)
}

#[test]
fn curl_takes_a_configuration_from_a_pipe() {
    let (world, practice) = signed_in();
    let echo = format!("{}/echo", practice.issuer);

    let answer = piped(&world, "token work --format curl", &["-K", "-"], &echo);

    assert!(answer.answer().contains("Amara"), "{}", answer.stdout);
}

#[test]
fn curl_takes_a_header_from_a_pipe() {
    let (world, practice) = signed_in();
    let echo = format!("{}/echo", practice.issuer);

    let answer = piped(&world, "token work --format header", &["-H", "@-"], &echo);

    assert!(answer.answer().contains("Amara"), "{}", answer.stdout);
}

#[test]
fn the_echo_endpoint_refuses_a_call_without_a_token() {
    let (world, practice) = signed_in();
    let mut command = world.command("curl");
    command.args([
        "--silent",
        "--output",
        "/dev/null",
        "--write-out",
        "%{http_code}",
    ]);
    command.arg(format!("{}/echo", practice.issuer));

    let answer = crate::support::process::run(command);

    assert_eq!(answer.answer(), "401");
}
