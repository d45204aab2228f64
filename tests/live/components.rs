//! The components themselves: each is there, and does what the tests of the program rely on. When
//! one of these fails, look at the machine before looking at keyfob.

mod servers;

use serde_json::{Value, json};

use crate::support::browser::{Visit, drive};
use crate::support::bus::{Bus, Keyring};
use crate::support::person::Person;
use crate::support::process::run;
use crate::support::provider::Npm;
use crate::support::screen::Screen;
use crate::support::world::World;

fn metadata(npm: &Npm) -> Value {
    let url = format!("{}/.well-known/openid-configuration", npm.issuer);
    let text = ureq::get(url)
        .call()
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_npm_provider_offers_everything_a_session_needs() {
    let npm = Npm::start(&json!({ "par": "required" }));

    let metadata = metadata(&npm);

    assert_eq!(metadata["issuer"], npm.issuer);
    assert_eq!(metadata["require_pushed_authorization_requests"], true);
    assert_eq!(
        metadata["authorization_response_iss_parameter_supported"],
        true
    );
    for endpoint in [
        "device_authorization",
        "revocation",
        "introspection",
        "end_session",
    ] {
        assert!(
            metadata[format!("{endpoint}_endpoint")].is_string(),
            "no {endpoint} endpoint"
        );
    }
    let modes = metadata["response_modes_supported"].as_array().unwrap();
    assert!(modes.contains(&json!("form_post")) && modes.contains(&json!("query")));
}

#[test]
fn a_person_and_a_browser_read_the_same_refusal() {
    let npm = Npm::start(&json!({}));
    let wrong = format!("{}/auth?client_id=nobody", npm.issuer);

    let read = Person::new("ada").walk(&wrong);
    let seen = drive(
        &Visit {
            name: "refusal",
            user: "ada",
            answer: "approve",
        },
        &wrong,
    );

    assert_eq!(read.status, 400);
    assert!(read.text().contains("invalid_client"), "{}", read.text());
    assert!(
        seen["text"].as_str().unwrap().contains("invalid_client"),
        "{seen}"
    );
}

#[test]
fn a_person_approves_a_device_by_the_code_it_shows() {
    let npm = Npm::start(&json!({}));
    let asked = ureq::post(format!("{}/device/auth", npm.issuer))
        .send_form([("client_id", "keyfob-cli"), ("scope", "openid")])
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();
    let asked: Value = serde_json::from_str(&asked).unwrap();
    let told = |name: &str| asked[name].as_str().unwrap().to_owned();

    let page = Person::with_code("ada", told("user_code")).walk(&told("verification_uri"));

    assert!(page.text().contains("was successful"), "{}", page.text());
}

#[test]
fn the_keyring_keeps_a_secret_until_it_is_locked() {
    let mut world = World::new();
    let bus = Bus::start(&mut world);
    let _keyring = Keyring::start(&world, &bus);
    let lookup = || {
        let mut command = world.command("secret-tool");
        command.args(["lookup", "place", "here"]);
        run(command)
    };
    let mut store = world.command("secret-tool");
    store.args(["store", "--label", "a test", "place", "here"]);
    let mut store = crate::support::process::Running::start(store);
    store.say("kept");
    store.end().answer();

    assert_eq!(lookup().answer(), "kept");
    assert!(Keyring::attributes(&world, "place", "here").contains("attribute.place = here"));
    Keyring::lock(&world);

    assert_ne!(lookup().stdout, "kept");
}

#[test]
fn the_terminal_shows_what_was_said_and_how_it_ended() {
    let world = World::new();

    let screen = Screen::open(&world, (60, 10), "read word; echo \"heard $word\"; false");
    screen.press("hello");
    screen.press("Enter");

    assert_eq!(screen.ended(), 1);
    assert!(screen.text().contains("heard hello"), "{}", screen.text());
}
