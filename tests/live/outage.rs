//! A provider that stops answering in the middle of a session: gone, and hung.

use std::time::Duration;

use serde_json::json;

use crate::support::bus::Frozen;
use crate::support::provider::Npm;
use crate::support::world::World;

fn signed_in() -> (Npm, World) {
    let npm = Npm::start(&json!({}));
    let mut world = World::new();
    world.profile(&npm.issuer, "store = \"sealed\"\n");
    world.signed_in();
    (npm, world)
}

#[test]
fn a_valid_token_is_served_while_the_provider_is_gone() {
    let (npm, world) = signed_in();
    let before = world.run("token work").answer().to_owned();

    drop(npm);

    assert_eq!(world.run("token work").answer(), before);
    world.run("token work --renew").refusal(6);
    assert_eq!(world.run("token work").answer(), before, "nothing was lost");
}

#[test]
fn signing_out_offline_forgets_and_says_what_is_still_alive() {
    let (npm, world) = signed_in();

    drop(npm);
    let logout = world.run("logout work");

    assert_eq!(logout.status, Some(0), "{}", logout.stderr);
    assert!(
        logout.stderr.contains("live until they end"),
        "{}",
        logout.stderr
    );
    world.run("token work").refusal(3);
}

#[test]
fn a_provider_that_hangs_costs_a_bounded_time_and_no_token() {
    let (npm, world) = signed_in();
    let before = world.run("token work").answer().to_owned();

    let frozen = Frozen::freeze(npm.id());
    let asked = world.run("token work --renew");
    drop(frozen);

    asked.refusal(6);
    assert!(
        asked.took < Duration::from_secs(45),
        "it took {:?}",
        asked.took
    );
    let left_alone = world.run("token work --renew");
    assert!(left_alone.refusal(6).contains("is left alone for"));
    std::fs::remove_dir_all(world.path("cache/keyfob/backoff")).unwrap();
    assert_ne!(world.run("token work --renew").answer(), before);
}
