//! `keyfob token`: what it prints, for whom, and when it asks the provider for more.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use keyfob::issuer::{Endpoint, Provider};
use serde_json::Value;

use crate::support::{Front, World, provider, provider_with};

const TARGETS: &str = "[profile.work.target.orders]\nscopes = \"orders.read\"\n\
                       [profile.work.target.reports]\nscopes = \"reports.read\"\n\
                       audience = \"https://reports.example.com\"\n";

#[test]
fn a_token_that_still_works_costs_no_request() {
    let provider = provider();
    let world = signed_in(&provider);
    let before = provider.log().len();

    let tokens: BTreeSet<String> = (0..3)
        .map(|_| world.run("token work").ok().silent().line())
        .collect();

    assert_eq!(tokens.len(), 1);
    assert_eq!(provider.log().len(), before);
}

#[test]
fn every_format_holds_the_token_and_nothing_is_said() {
    let provider = provider();
    let world = signed_in(&provider);
    let token = world.run("token work").ok().line();

    let print = |format: &str| {
        world
            .run(&format!("token work --format {format}"))
            .ok()
            .silent()
    };
    let json = print("json").json();

    assert_eq!(print("raw").stdout, format!("{token}\n"));
    assert_eq!(
        print("header").stdout,
        format!("Authorization: Bearer {token}\n")
    );
    let curl = format!("header = \"Authorization: Bearer {token}\"\n");
    assert_eq!(print("curl").stdout, curl);
    assert!(
        print("env")
            .stdout
            .contains(&format!("export KEYFOB_ACCESS_TOKEN='{token}'\n"))
    );
    assert_eq!(json["access_token"], token);
    assert_eq!(json["token_type"], "Bearer");
    assert_eq!(json["issuer"], provider.issuer());
    assert!(json["expires_in"].as_u64().unwrap() > 500, "{json}");
    let wrong = world.run("token work --format xml").exits(2);
    assert!(wrong.stderr.contains("curl"), "{wrong:#?}");
}

#[test]
fn the_provider_takes_the_token_that_is_printed() {
    let provider = provider();
    let world = signed_in(&provider);
    let config = world.run("token work --format curl").ok().stdout;

    let mut curl = Command::new("curl");
    curl.args(["-q", "-sS", "--noproxy", "*", "-K", "-"]);
    curl.arg(format!("{}/echo", provider.issuer()));
    let Ok(mut child) = curl.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else {
        // The live tier insists on curl; here a machine may be without.
        return;
    };
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), config.as_bytes()).unwrap();
    let answer = child.wait_with_output().unwrap();

    let answer: Value = serde_json::from_slice(&answer.stdout).unwrap();
    assert!(answer.to_string().contains("Amara"), "{answer}");
}

#[test]
fn an_id_token_is_printed_when_asked_for() {
    let provider = provider();
    let world = signed_in(&provider);

    let id = world.run("token work --id-token").ok().silent().line();
    let json = world.run("token work --id-token --format json").ok().json();

    assert_eq!(json["id_token"], id);
    assert_eq!(claims(&id)["aud"], "keyfob-cli");
    assert_ne!(id, world.run("token work").ok().line());
}

#[test]
fn each_target_has_a_token_of_its_own_under_one_sign_in() {
    let provider = provider();
    let world = World::with_profile(&provider, TARGETS);
    world.sign_in();

    let orders = world.run("token work/orders").ok().line();
    let reports = world.run("token work/reports").ok().line();

    assert_eq!(claims(&orders)["scope"], "orders.read");
    assert_eq!(claims(&reports)["aud"], "https://reports.example.com");
    let asked = provider.requests(Endpoint::Token);
    assert_eq!(world.run("token work/orders").ok().line(), orders);
    assert_eq!(world.run("token work/reports").ok().line(), reports);
    assert_eq!(provider.requests(Endpoint::Token), asked);
    let wrong = world.run("token work/order");
    assert!([2, 8].contains(&wrong.status), "{wrong:#?}");
    assert!(wrong.stderr.contains("orders"), "{wrong:#?}");
}

#[test]
fn scope_resource_and_audience_ask_for_another_token() {
    let provider = provider();
    let world = World::with_profile(&provider, TARGETS);
    world.sign_in();

    let scope = world
        .run_words(&["token", "work", "--scope", "openid orders.read"])
        .ok()
        .line();
    let audience = world
        .run("token work --audience https://a.example.com")
        .ok()
        .line();
    let resource = world
        .run("token work --resource https://r.example.com")
        .ok()
        .line();

    assert_eq!(claims(&scope)["scope"], "openid orders.read");
    assert_eq!(claims(&audience)["aud"], "https://a.example.com");
    assert_eq!(claims(&resource)["aud"], "https://r.example.com");
    // Each is cached under what it is for.
    let asked = provider.requests(Endpoint::Token);
    let again = world
        .run_words(&["token", "work", "--scope", "orders.read openid"])
        .ok()
        .line();
    assert_eq!(claims(&again)["scope"], "openid orders.read");
    world
        .run("token work --audience https://a.example.com")
        .ok();
    assert_eq!(provider.requests(Endpoint::Token), asked);
    // What was not granted at the sign-in cannot be had by a refresh.
    world
        .run("token work --scope orders.write")
        .exits(5)
        .says("invalid_scope");
    world.run("token work").ok();
}

#[test]
fn a_longer_life_than_the_token_has_left_renews_it() {
    let provider = provider_with(|settings| {
        settings.lifetimes.access = std::time::Duration::from_secs(3600);
    });
    let world = signed_in(&provider);
    let first = world.run("token work --min-ttl 30m").ok().silent().line();
    assert_eq!(provider.requests(Endpoint::Token), 1);

    // More than it ever lives is had once, with a word about it.
    let most = world
        .run("token work --min-ttl 3h")
        .ok()
        .says("no longer life");
    assert_eq!(most.line(), first);

    let renewed = world.run("token work --renew").ok().line();
    assert_ne!(renewed, first);
    assert_eq!(world.run("token work").ok().line(), renewed);
}

#[test]
fn nobody_signed_in_is_exit_3_and_opens_nothing() {
    let provider = provider();
    let world = World::with_profile(&provider, "interactive = true");

    // No terminal is there, so `interactive` asks nobody.
    let output = world.run("token work").exits(3).says("keyfob login work");

    assert_eq!(output.stdout, "");
    assert_eq!(provider.log().len(), 0);
    assert!(world.opened().is_empty());
}

#[test]
fn login_signs_in_first_when_it_is_asked_to() {
    let provider = provider();
    let world = World::at(&provider);

    let mut running = world.spawn("token work --login");
    crate::support::approve(&running.address()).deliver();
    let output = running.wait().ok();

    assert!(claims(&output.line())["sub"].is_string());
    assert!(!output.stderr.contains(&output.line()), "{output:#?}");
    assert!(world.wait_until_opened());
    // Now somebody is: nothing is opened again.
    world.run("token work --login").ok().silent();
    assert_eq!(world.opened().len(), 1);
}

#[test]
fn a_session_in_memory_ends_with_the_command_and_leaves_no_file() {
    let provider = provider();
    let world = World::at(&provider).with("KEYFOB_STORE", "memory");

    let mut running = world.spawn("token work --login");
    crate::support::approve(&running.address()).deliver();
    running.wait().ok();

    world.run("token work").exits(3);
    assert_eq!(world.sessions(), [""; 0]);
    assert_eq!(world.cached(), [""; 0]);
    assert!(!world.has_record(provider.issuer(), "work"));
}

#[test]
fn a_token_is_handed_out_without_the_provider() {
    let front = Front::plain();
    let provider = front.provider(|_| {});
    let world = signed_in(&provider);
    let token = world.run("token work").ok().line();

    front.set_down(true);

    assert_eq!(world.run("token work").ok().silent().line(), token);
    let failed = world.run("token work --renew").exits(6);
    assert_eq!(failed.stdout, "");
    front.set_down(false);
    world.forget_trouble();
    world.run("token work --renew").ok();
}

#[test]
fn a_wrong_passphrase_is_exit_7_and_loses_nothing() {
    let provider = provider();
    let world = signed_in(&provider);
    let token = world.run("token work").ok().line();
    world.write("wrong", "not-the-one");

    let wrong = world.path("wrong").display().to_string();
    let mut command = world.command(&["token", "work", "--renew"]);
    command.env("KEYFOB_PASSPHRASE_FILE", wrong);
    let output = crate::support::Running::start(&mut command).wait().exits(7);

    assert!(output.stderr.contains("passphrase"), "{output:#?}");
    assert_eq!(world.run("token work").ok().line(), token);
    world.run("token work --renew").ok();
}

fn signed_in(provider: &Provider) -> World {
    let world = World::at(provider);
    world.sign_in();
    world
}

/// The claims of a token, unverified: these tests look at what was asked for.
fn claims(token: &str) -> Value {
    let token = keyfob::jwt::Unverified::parse(token).unwrap();
    Value::Object(token.claims().all().clone())
}
