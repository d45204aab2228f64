//! `keyfob logout`: what is revoked, what is forgotten, and what is still alive.

use keyfob::issuer::{Endpoint, Provider};

use crate::support::{Front, World, provider};

#[test]
fn both_tokens_are_revoked_and_everything_is_forgotten() {
    let provider = provider();
    let world = signed_in(&provider);
    let token = world.run("token work").ok().line();

    let output = world.run("logout work").ok();

    assert!(
        output.stderr.contains("refresh token is revoked"),
        "{output:#?}"
    );
    assert!(
        output.stderr.contains("access token is revoked"),
        "{output:#?}"
    );
    assert_eq!(output.stdout, "");
    assert_eq!(provider.requests(Endpoint::Revoke), 2);
    assert_eq!(introspected(&provider, &token), "{\"active\":false}");
    assert_eq!(world.sessions(), [""; 0]);
    assert_eq!(world.cached(), [""; 0]);
    assert!(!world.has_record(provider.issuer(), "work"));
}

#[test]
fn the_access_tokens_of_every_target_are_revoked() {
    let provider = provider();
    let targets = "[profile.work.target.orders]\nscopes = \"orders.read\"\n\
                   [profile.work.target.reports]\nscopes = \"reports.read\"\n";
    let world = World::with_profile(&provider, targets);
    world.sign_in();
    let tokens = ["token work/orders", "token work/reports", "token work"]
        .map(|line| world.run(line).ok().line());

    world.run("logout work").ok();

    // A provider need not end them with the refresh token (RFC 7009 §2.1): each is named.
    assert!(provider.requests(Endpoint::Revoke) > tokens.len());
    for token in tokens {
        assert_eq!(introspected(&provider, &token), "{\"active\":false}");
    }
}

#[test]
fn without_the_provider_the_session_is_forgotten_and_what_lives_on_is_said() {
    let front = Front::plain();
    let provider = front.provider(|_| {});
    let world = signed_in(&provider);
    front.set_down(true);

    let output = world.run("logout work").ok();

    assert!(
        output.stderr.contains("alive") || output.stderr.contains("live until"),
        "{output:#?}"
    );
    assert!(
        output.stderr.contains("Signed out of profile `work`"),
        "{output:#?}"
    );
    assert_eq!(world.sessions(), [""; 0]);
    assert_eq!(world.cached(), [""; 0]);
    assert!(!world.has_record(provider.issuer(), "work"));
    world.run("token work").exits(3);
}

#[test]
fn a_local_sign_out_asks_the_provider_nothing() {
    let provider = provider();
    let world = signed_in(&provider);
    let before = provider.log().len();

    world.run("logout work --local").ok().says("Signed out");

    assert_eq!(provider.log().len(), before);
    assert_eq!(world.sessions(), [""; 0]);
}

#[test]
fn signing_out_twice_is_no_fault() {
    let provider = provider();
    let world = signed_in(&provider);

    world.run("logout work").ok();
    world.run("logout work").ok().says("Nobody was signed in");

    assert_eq!(provider.requests(Endpoint::Revoke), 2);
}

#[test]
fn all_signs_out_of_every_profile() {
    let provider = provider();
    let issuer = provider.issuer();
    let world = World::with_profiles(&[
        ("home", issuer, ""),
        ("idle", issuer, ""),
        ("work", issuer, ""),
    ]);
    world.login("home").ok();
    world.login("work").ok();

    world.run("logout --all").ok().says("profile `home`");

    assert_eq!(world.sessions(), [""; 0]);
    assert!(!world.has_record(issuer, "home") && !world.has_record(issuer, "work"));
    assert_eq!(provider.requests(Endpoint::Revoke), 4);
}

#[test]
fn all_reaches_a_session_whose_profile_is_gone() {
    let provider = provider();
    let world = signed_in(&provider);
    world.configure("");

    let output = world.run("logout --all");

    assert_eq!(world.sessions(), [""; 0], "{output:#?}");
}

#[test]
fn everywhere_names_the_address_that_ends_the_providers_own_session() {
    let provider = provider();
    let world = signed_in(&provider);
    let id = world.run("token work --id-token").ok().line();
    world.run("config unset work.browser").ok();

    let output = world
        .run("logout work --everywhere")
        .ok()
        .says("/end_session");

    assert!(!output.stderr.contains(&id), "{output:#?}");
    assert_eq!(world.sessions(), [""; 0]);
}

fn signed_in(provider: &Provider) -> World {
    let world = World::at(provider);
    world.sign_in();
    world
}

/// What the provider says about a token (RFC 7662).
fn introspected(provider: &Provider, token: &str) -> String {
    crate::support::introspect(provider, token)
}
