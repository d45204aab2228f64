//! The program between the practice provider as Entra and an API of its own: challenges from their
//! beginning to their end, guests, and what conditional access wants.

use std::time::Duration;

use http::Request;
use keyfob::base::Vars;
use keyfob::issuer::{Entra, Provider};
use keyfob::sys::clock::{Clock as _, SystemClock};
use keyfob::sys::http::{Http, HttpSettings, Proxies};

use crate::support::{World, entra, entra_world};

/// Calls the sample API; what it wants in place of an answer, when it is not content.
fn call(provider: &Provider, token: &str) -> Result<String, String> {
    let http = Http::new(HttpSettings {
        ca_file: None,
        proxies: Proxies::new(&Vars::default()),
        timeout: Duration::from_secs(30),
        detours: Vec::new(),
    });
    let request = Request::get(format!("{}/orders", provider.origin()))
        .header("authorization", format!("Bearer {token}"))
        .body(Vec::new());
    let response = http.unwrap().send(request.unwrap()).unwrap();
    if response.status == 200 {
        return Ok(String::from_utf8(response.body.to_vec()).unwrap());
    }
    assert_eq!(response.status, 401);
    let wants = response.headers["www-authenticate"].to_str().unwrap();
    Err(wants.to_owned())
}

fn signed_in(person: &str, scripts: &[&str]) -> (Provider, World) {
    let provider = entra(person, scripts);
    let world = entra_world(&provider, "");
    world.sign_in();
    (provider, world)
}

#[test]
fn an_api_that_wants_a_newer_token_gets_one_however_it_says_so() {
    for script in [
        "api.challenge",
        "api.challenge.unpadded",
        "api.challenge.two",
        "api.challenge.hostile_uri",
    ] {
        let (provider, world) = signed_in("amara", &[script]);
        let token = world.run("token work").ok().line();
        let wants = call(&provider, &token).unwrap_err();

        let met = world
            .run_with("token work --claims-challenge -", &wants)
            .ok()
            .silent()
            .line();

        assert!(
            call(&provider, &met).unwrap().contains("amara@contoso.com"),
            "{script}"
        );
        // The next one who asks is not challenged.
        let next = world.run("token work").ok().line();
        assert!(call(&provider, &next).is_ok(), "{script}");
    }
}

#[test]
fn an_api_that_wants_a_second_factor_gets_it_from_a_person() {
    let (provider, world) = signed_in("amara", &["api.challenge.acrs"]);
    let token = world.run("token work").ok().line();
    let wants = call(&provider, &token).unwrap_err();
    world
        .run_with("token work --claims-challenge -", &wants)
        .exits(3)
        .says("AADSTS50076");

    // What was demanded is remembered, so that a plain sign-in brings it.
    world.login("work").ok();
    let met = world
        .run_with("token work --claims-challenge -", &wants)
        .ok()
        .line();

    assert!(call(&provider, &met).is_ok());
}

#[test]
fn an_api_that_is_never_content_is_given_up_on() {
    let (provider, world) = signed_in("amara", &["api.challenge.always"]);
    let mut token = world.run("token work").ok().line();
    let (clock, asked) = (
        SystemClock::new(),
        provider.requests(keyfob::issuer::Endpoint::Token),
    );
    loop {
        let wants = call(&provider, &token).unwrap_err();
        let next = world.run_with("token work --claims-challenge -", &wants);
        if next.status != 0 {
            next.exits(5).says("--renew");
            break;
        }
        token = next.line();
        assert!(
            clock.elapsed() < Duration::from_secs(60),
            "it goes on and on"
        );
    }
    assert!(provider.requests(keyfob::issuer::Endpoint::Token) - asked <= 3);
}

#[test]
fn a_challenge_that_cannot_be_read_is_no_reason_to_ask_the_provider() {
    let (provider, world) = signed_in("amara", &["api.challenge.broken"]);
    let token = world.run("token work").ok().line();
    let wants = call(&provider, &token).unwrap_err();

    world
        .run_with("token work --claims-challenge -", &wants)
        .exits(2)
        .says("base64");
}

#[test]
fn what_conditional_access_wants_of_a_refresh_is_brought_by_the_next_sign_in() {
    let (_provider, world) = signed_in("amara", &["ca.mfa"]);

    world.run("token work --renew").exits(3).says("AADSTS50076");
    world.run("token work").ok();
    world.login("work").ok();

    world.run("token work --renew").ok();
}

#[test]
fn a_guest_has_tokens_of_both_tenants_by_one_sign_in() {
    let provider = entra("mei-lin", &[]);
    let world = World::new();
    let browser = world.browser_command();
    let profile = |name: &str, tenant: &str, scope: &str| {
        format!(
            "[profile.{name}]\nprovider = \"entra\"\ncloud = \"{}\"\ntenant = \"{tenant}\"\n\
             client_id = \"{}\"\nstore = \"sealed\"\nbrowser = \"{browser}\"\n\
             scopes = \"openid profile offline_access {scope}\"\n",
            provider.origin(),
            Entra::APP
        )
    };
    world.configure(
        &[
            profile("work", Entra::HOME, "api://orders/Orders.Read"),
            profile("partner", Entra::OTHER, "api://orders/Orders.Read"),
            profile(
                "billing",
                Entra::HOME_DOMAIN,
                "api://invoices/Invoices.Read",
            ),
        ]
        .concat(),
    );
    world.sign_in();

    let home = world.run("token work").ok().line();
    let away = world.run("token partner").ok().silent().line();
    world.run("token billing").ok();

    assert!(call(&provider, &home).unwrap().contains(Entra::HOME));
    let seen = call(&provider, &away).unwrap();
    assert!(
        seen.contains(Entra::OTHER) && !seen.contains(Entra::HOME),
        "{seen}"
    );
    assert_eq!(world.sessions().len(), 1);
    for name in ["work", "partner", "billing"] {
        world.run(&format!("token {name} --renew")).ok();
    }
}

#[test]
fn who_is_no_guest_is_refused_there_and_nowhere_else() {
    let provider = entra("amara", &[]);
    let world = entra_world(&provider, "");
    world.sign_in();
    let other = world.with("KEYFOB_TENANT", Entra::OTHER);

    let refused = other.run("token work");

    assert!(matches!(refused.status, 3 | 5), "{refused:#?}");
    assert_eq!(refused.stdout, "");
}
