//! Challenges of an API: met once, by the provider or by a person, and never in a circle.

use std::fs;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use keyfob::issuer::{Endpoint, Provider};

use crate::support::{Front, Running, World, approve, let_pass};

const CLAIMS: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;

/// The parameter as it is written in a form.
const SENT: &str = "claims=%7B%22access_token%22%3A%7B%22acrs%22%3A%7B%22essential%22%3Atrue%2C%22value%22%3A%22c1%22%7D%7D%7D";

fn header() -> String {
    let claims = BASE64_STANDARD.encode(CLAIMS);
    format!(
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nWWW-Authenticate: \
         Bearer realm=\"\", authorization_uri=\"https://evil.example/\", \
         error=\"insufficient_claims\", claims=\"{claims}\"\r\n\r\n"
    )
}

fn signed_in(front: &Front) -> (Provider, World) {
    let provider = front.provider(|settings| settings.lifetimes.access = Duration::from_secs(9000));
    let world = World::at(&provider);
    world.sign_in();
    (provider, world)
}

#[test]
fn a_challenge_is_met_by_a_refresh_that_carries_its_claims() {
    let front = Front::plain();
    let (provider, world) = signed_in(&front);
    let before = world.run("token work").ok().line();
    let asked = provider.requests(Endpoint::Token);

    let met = world
        .run_with("token work --claims-challenge -", header())
        .ok()
        .silent()
        .line();

    assert_ne!(met, before);
    assert_eq!(provider.requests(Endpoint::Token), asked + 1);
    assert_eq!(front.seen().matches(SENT).count(), 1);
    assert!(!front.seen().contains("xms_cc"), "that is Entra's alone");
    // Whoever asks next is not challenged again, for as long as most tokens live.
    assert_eq!(world.run("token work").ok().line(), met);
    assert_eq!(provider.requests(Endpoint::Token), asked + 1);
    world.age_tokens(Duration::from_secs(3700));
    assert_ne!(world.run("token work").ok().line(), met);
}

#[test]
fn twenty_that_are_challenged_at_once_cause_one_request() {
    let front = Front::plain();
    let (provider, world) = signed_in(&front);
    let asked = provider.requests(Endpoint::Token);

    let callers: Vec<Running> = (0..20)
        .map(|_| {
            let mut caller = world.spawn("token work --claims-challenge -");
            caller.type_in(CLAIMS.as_bytes());
            caller
        })
        .collect();
    let mut tokens: Vec<String> = callers
        .into_iter()
        .map(|one| one.wait().ok().line())
        .collect();

    tokens.dedup();
    assert_eq!(tokens.len(), 1);
    assert_eq!(provider.requests(Endpoint::Token), asked + 1);
}

#[test]
fn a_challenge_that_comes_back_for_the_token_that_meets_it_is_an_error() {
    let front = Front::plain();
    let (provider, world) = signed_in(&front);
    let encoded = BASE64_STANDARD.encode(CLAIMS);
    let line = format!("token work --claims-challenge {encoded}");
    world.run(&line).ok();
    world.age_notes(60);
    let asked = provider.requests(Endpoint::Token);

    let again = world.run(&line).exits(5);

    assert!(
        again
            .stderr
            .contains("the API refuses the token that has what it demanded"),
        "{again:#?}"
    );
    assert!(
        again.stderr.contains("c1") && again.stderr.contains("--renew"),
        "{again:#?}"
    );
    assert_eq!(provider.requests(Endpoint::Token), asked);
    // Another demand is another matter, and so is one more try that a person asks for.
    world
        .run_with(
            "token work --claims-challenge -",
            r#"{"access_token":{"x":null}}"#,
        )
        .ok();
    world.run(&format!("{line} --renew")).ok();
    // Who got a token without being challenged is not in a circle.
    world.age_notes(60);
    world.run("token work --renew").ok();
    world.run(&line).ok();
}

#[test]
fn what_the_provider_demands_is_asked_for_once_and_brought_by_the_next_sign_in() {
    let front = Front::plain();
    let (provider, world) = signed_in(&front);
    front.answer(|request| {
        let refused = request.contains("grant_type=refresh_token");
        let body = serde_json::json!({
            "error": "invalid_grant", "suberror": "basic_action", "error_codes": [50076],
            "error_description": "AADSTS50076: no.\r\nTrace ID: 0a", "claims": CLAIMS,
        });
        refused.then(|| (400, body.to_string()))
    });
    let asked = || front.seen().matches("grant_type=refresh_token").count();

    world.run("token work --renew").exits(3).says("AADSTS50076");
    fs::remove_dir_all(world.path("cache/keyfob/tokens")).unwrap();
    world.run("token work").exits(3).says("keyfob login work");
    for _ in 0..3 {
        world.run("token work").exits(3).says("AADSTS50076");
    }

    assert_eq!(asked(), 1, "the rest was known");
    // Another target is another matter, and so is a person who insists.
    world.run("token work --scope openid").exits(3);
    assert_eq!(asked(), 2);
    world.run("token work --renew").exits(3);
    assert_eq!(asked(), 3);
    world.age_notes(120);
    world.run("token work").exits(3);
    assert_eq!(asked(), 4);
    front.answer_nothing();
    let mut login = world.spawn("login work --no-browser");
    let address = login.address();
    // The request was pushed, so the address does not show it.
    assert_eq!(front.seen().matches(SENT).count(), 1);
    approve(&address).deliver();
    login.wait().ok();
    world.run("token work").ok();
    world.run("token work --renew").ok();
    assert_eq!(provider.requests(Endpoint::Token), 3);
}

#[test]
fn a_sign_in_of_another_kind_is_asked_for_as_rfc_9470_has_it() {
    let front = Front::plain();
    let (provider, world) = signed_in(&front);
    let asked = provider.requests(Endpoint::Token);
    let challenge = |acr: &str, age: u32| {
        format!(
            "Bearer error=\"insufficient_user_authentication\", acr_values=\"{acr}\", max_age={age}"
        )
    };
    let token = |challenge: &str, more: &str| {
        world.run_with(
            &format!("token work --claims-challenge - {more}"),
            challenge,
        )
    };

    // The sign-in that is there may be of that kind, and then a refresh will do.
    token(&challenge("0 1", 3600), "").ok();
    assert_eq!(provider.requests(Endpoint::Token), asked + 1);
    let stronger = challenge("gold", 300);
    token(&stronger, "")
        .exits(3)
        .says("a sign-in of the class gold");
    assert_eq!(
        provider.requests(Endpoint::Token),
        asked + 1,
        "a refresh cannot help"
    );
    // No provider that gives less will do.
    let mut login = world.spawn("token work --claims-challenge - --login");
    login.type_in(stronger.as_bytes());
    let address = world
        .wait_until_opened()
        .then(|| world.opened()[0].parse::<url::Url>().unwrap());
    let address = address.unwrap();
    for pushed in ["acr_values=gold&", "max_age=300"] {
        assert!(front.seen().contains(pushed), "{pushed}");
    }
    approve(&address).deliver();
    let refused = login.wait().exits(9);
    assert!(refused.stderr.contains("acr"), "{refused:#?}");
    assert_eq!(refused.stdout, "");
    // The session is as it was.
    world.run("token work").ok();
}

#[test]
fn a_newer_sign_in_is_made_when_a_person_is_there_and_is_too_old_again_later() {
    let front = Front::plain();
    let (_provider, world) = signed_in(&front);
    let newer = "Bearer error=\"insufficient_user_authentication\", max_age=0";
    let_pass("1s");
    world
        .run_with("token work --claims-challenge -", newer)
        .exits(3)
        .says("at most 0 s old");

    let mut asker = world.spawn("token work --claims-challenge - --login");
    asker.type_in(newer.as_bytes());
    assert!(world.wait_until_opened());
    let address: url::Url = world.opened()[0].parse().unwrap();
    approve(&address).deliver();
    let token = asker.wait().ok().line();

    assert!(front.seen().contains("max_age=0"));
    assert_eq!(world.run("token work").ok().line(), token);
    world.age_notes(60);
    let_pass("1s");
    world
        .run_with("token work --claims-challenge -", newer)
        .exits(3);
}

#[test]
fn what_is_no_challenge_is_refused_before_anybody_is_asked() {
    let front = Front::plain();
    let (provider, world) = signed_in(&front);
    let asked = provider.requests(Endpoint::Token);
    let deep = format!("{}1{}", "{\"a\":".repeat(9), "}".repeat(9));
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(9000));
    for (text, says) in [
        ("", "neither"),
        ("Basic realm=\"x\"", "only for Basic"),
        ("Bearer error=\"invalid_token\"", "--renew"),
        ("Bearer error=\"insufficient_scope\"", "--scope"),
        ("Bearer claims=\"\u{1b}[2J\"", "base64"),
        ("[]", "neither"),
        (&deep, "nested"),
        (&long, "8 KiB"),
        (&"x".repeat(70_000), "64 KiB"),
    ] {
        let refused = world
            .run_with("token work --claims-challenge -", text)
            .exits(2);
        assert!(refused.stderr.contains(says), "{text}: {refused:#?}");
        assert!(!refused.stderr.contains('\u{1b}'), "{refused:#?}");
        assert_eq!(refused.stdout, "");
    }
    world
        .run_with("token work --id-token --claims-challenge -", header())
        .exits(2);
    assert_eq!(provider.requests(Endpoint::Token), asked);
}
