//! Sessions in a real Secret Service: healthy, locked, absent, and hung.

use std::time::Duration;

use serde_json::json;

use crate::support::bus::{Bus, Frozen, Keyring};
use crate::support::process::Running;
use crate::support::provider::{Npm, Practice};
use crate::support::world::World;

/// However the keyring fails, the answer comes within this time.
const BOUND: Duration = Duration::from_secs(30);

const REFRESHED: &str = "grant.success refresh_token";

struct Home {
    world: World,
    npm: Npm,
    keyring: Keyring,
    _bus: Bus,
}

/// Somebody signed in with the keyring of a desktop.
fn at_home() -> Home {
    let mut world = World::new();
    let bus = Bus::start(&mut world);
    let keyring = Keyring::start(&world, &bus);
    let npm = Npm::start(&json!({}));
    world.profile(&npm.issuer, "");
    world.signed_in();
    Home {
        world,
        npm,
        keyring,
        _bus: bus,
    }
}

#[test]
fn a_session_rests_in_the_keyring_and_nowhere_else() {
    let home = at_home();

    let kept = Keyring::attributes(&home.world, "service", "keyfob");

    assert!(kept.contains("keyfob"), "{kept}");
    let first = home.world.run("token work").answer().to_owned();
    std::fs::remove_dir_all(home.world.path("cache")).unwrap();
    assert_ne!(
        home.world.run("token work").answer(),
        first,
        "renewed with what the keyring keeps"
    );
    let mut grep = home.world.command("grep");
    grep.args(["-r", "-l", "-F", "-f", "-", "."]);
    let mut grep = Running::start(grep);
    grep.say(&first);
    let found = grep.end().stdout;
    assert_eq!(found, "", "no file holds the token in the clear");
}

#[test]
fn a_locked_keyring_is_named_and_costs_no_refresh_token() {
    let home = at_home();

    Keyring::lock(&home.world);
    let asked = home.world.run("token work --renew");

    assert!(asked.refusal(7).contains("locked"), "{}", asked.stderr);
    assert!(asked.took < BOUND, "it took {:?}", asked.took);
    assert_eq!(home.npm.count(REFRESHED), 0, "{:?}", home.npm.seen());
}

#[test]
fn a_keyring_that_hangs_is_given_up_within_a_bounded_time() {
    let home = at_home();

    let frozen = Frozen::freeze(home.keyring.id());
    let asked = home.world.run("token work --renew");
    drop(frozen);

    asked.refusal(7);
    assert!(asked.took < BOUND, "it took {:?}", asked.took);
    assert_eq!(home.npm.count(REFRESHED), 0, "{:?}", home.npm.seen());
    home.world.run("token work --renew").answer();
}

#[test]
fn without_a_keyring_nobody_is_asked_to_sign_in() {
    let mut world = World::new();
    let practice = Practice::start(&world, "--sign-in-as amara");
    world.profile(&practice.issuer, "");

    let login = world.run("login work --no-browser");

    let complaint = login.refusal(7);
    assert!(
        complaint.contains("sealed"),
        "the choice is named: {complaint}"
    );
    assert!(
        !complaint.contains("/authorize?"),
        "nobody signs in for nothing: {complaint}"
    );
    assert!(login.took < BOUND, "it took {:?}", login.took);
}

#[test]
fn a_bus_without_a_keyring_is_told_apart_from_being_signed_out() {
    let mut world = World::new();
    let _bus = Bus::start(&mut world);
    let practice = Practice::start(&world, "--sign-in-as amara");
    world.profile(&practice.issuer, "");

    let login = world.run("login work --no-browser");

    login.refusal(7);
    assert!(login.took < BOUND, "it took {:?}", login.took);
}
