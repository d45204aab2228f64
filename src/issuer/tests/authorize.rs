//! What the authorization endpoint refuses, and where it says so.

use super::wire::{REDIRECT, Reply, Wire, authorize_path, quick};
use crate::issuer::{Client, Registration, Settings};

pub(super) fn refused_on_a_page(reply: &Reply) {
    assert_eq!(reply.status, 400, "{reply:?}");
    assert_eq!(reply.header("location"), "");
    assert!(reply.body.contains("not in order"));
}

#[test]
fn a_redirect_uri_that_is_not_the_clients_is_never_redirected_to() {
    let wire = Wire::start(quick());

    for uri in [
        "https://evil.example/cb",
        "http://127.0.0.1.evil.example/",
        "http://localhost@evil.example/",
        "http://127.0.0.1:1/#x",
        "javascript:alert(1)",
        "//evil.example",
        "",
    ] {
        let reply = wire.authorize(&[("redirect_uri", uri)]);
        refused_on_a_page(&reply);
        let broken = wire.authorize(&[("redirect_uri", uri), ("response_type", "token")]);
        refused_on_a_page(&broken);
    }
}

#[test]
fn an_unknown_client_is_told_on_a_page() {
    let wire = Wire::start(quick());

    refused_on_a_page(&wire.authorize(&[("client_id", "nobody")]));
    refused_on_a_page(&wire.authorize(&[("client_id", "")]));
}

#[test]
fn a_parameter_that_comes_twice_is_told_on_a_page() {
    let wire = Wire::start(quick());

    for name in ["client_id", "redirect_uri", "state", "scope"] {
        let path = format!("{}&{name}=x", authorize_path(&[]));
        refused_on_a_page(&wire.get(&path));
    }
    let twice = format!(
        "{}&resource=https://a.example&resource=urn:b",
        authorize_path(&[])
    );
    assert!(wire.get(&twice).callback().contains_key("code"));
}

#[test]
fn what_the_client_may_know_goes_back_with_state_and_issuer() {
    let wire = Wire::start(quick());
    let changes: &[(&[(&str, &str)], &str)] = &[
        (&[("response_type", "token")], "unsupported_response_type"),
        (
            &[("response_type", "code id_token")],
            "unsupported_response_type",
        ),
        (&[("response_type", "")], "invalid_request"),
        (&[("response_mode", "fragment")], "invalid_request"),
        (&[("scope", "openid everything")], "invalid_scope"),
        (&[("scope", "")], "invalid_request"),
        (&[("code_challenge", "")], "invalid_request"),
        (&[("code_challenge", "short")], "invalid_request"),
        (&[("code_challenge_method", "plain")], "invalid_request"),
        (&[("code_challenge_method", "")], "invalid_request"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("prompt", "magic")], "invalid_request"),
        (&[("max_age", "soon")], "invalid_request"),
        (&[("resource", "not a uri")], "invalid_target"),
        (&[("resource", "https://a.example/#part")], "invalid_target"),
        (&[("request", "e30.e30.")], "request_not_supported"),
        (
            &[("request_uri", "https://a.example/r")],
            "request_uri_not_supported",
        ),
        (&[("registration", "{}")], "registration_not_supported"),
    ];

    for (changes, error) in changes {
        let callback = wire.authorize(changes).callback();
        assert_eq!(callback["error"], *error, "{changes:?}");
        assert_eq!(callback["state"], "the-state");
        assert_eq!(callback["iss"], wire.provider.issuer());
        assert!(!callback.contains_key("code"));
    }
}

#[test]
fn an_authorization_request_can_be_posted() {
    let wire = Wire::start(quick());
    let path = authorize_path(&[]);
    let (_, query) = path.split_once('?').unwrap();
    let form: Vec<_> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();

    let reply = wire.post("/authorize", &form);

    assert!(reply.callback().contains_key("code"));
}

#[test]
fn prompt_none_never_shows_a_page() {
    let wire = Wire::start(Settings {
        auto_approve: None,
        ..quick()
    });

    let callback = wire.authorize(&[("prompt", "none")]).callback();

    assert_eq!(callback["error"], "login_required");
}

#[test]
fn a_session_is_not_enough_for_prompt_login_an_old_max_age_or_another_person() {
    let wire = Wire::start(Settings {
        auto_approve: None,
        ..quick()
    });
    let page = wire.authorize(&[]);
    let (ticket, person) = (page.field("ticket"), "sofia");
    let form = [
        ("ticket", ticket.as_str()),
        ("person", person),
        ("decision", "allow"),
    ];
    let signed_in = wire.post("/sign-in", &form);
    let cookie = signed_in
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let ask =
        |changes: &[(&str, &str)]| wire.get_with(&authorize_path(changes), &[("Cookie", &cookie)]);

    assert_eq!(ask(&[]).status, 303);
    assert_eq!(ask(&[("max_age", "3600")]).status, 303);
    assert_eq!(ask(&[("login_hint", "sofia@practice.example")]).status, 303);
    for changes in [
        ("prompt", "login"),
        ("prompt", "consent"),
        ("login_hint", "amara"),
    ] {
        assert_eq!(ask(&[changes]).status, 200, "{changes:?}");
    }
    wire.provider.set_clock_skew(7200);
    let page = ask(&[("max_age", "3600")]);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("value=\"sofia\" checked"));
}

#[test]
fn saying_no_sends_access_denied_back() {
    let wire = Wire::start(Settings {
        auto_approve: None,
        ..quick()
    });
    let ticket = wire.authorize(&[]).field("ticket");

    let reply = wire.post("/sign-in", &[("ticket", &ticket), ("decision", "deny")]);

    assert_eq!(reply.callback()["error"], "access_denied");
    assert_eq!(reply.header("set-cookie"), "");
}

#[test]
fn a_form_that_another_site_sends_is_refused() {
    let wire = Wire::start(Settings {
        auto_approve: None,
        ..quick()
    });
    let ticket = wire.authorize(&[]).field("ticket");
    let form = [
        ("ticket", ticket.as_str()),
        ("person", "amara"),
        ("decision", "allow"),
    ];

    let foreign = wire.post_with("/sign-in", &form, &[("Origin", "https://evil.example")]);
    let own = wire.post_with("/sign-in", &form, &[("Origin", wire.provider.issuer())]);

    refused_on_a_page(&foreign);
    assert!(own.callback().contains_key("code"));
}

#[test]
fn any_client_id_is_good_when_registration_is_open_and_listed_redirects_are_exact() {
    let wire = Wire::start(Settings {
        registration: Registration::Open,
        clients: vec![Client::public("app").redirecting_to("https://app.example/cb")],
        ..quick()
    });

    assert_eq!(wire.authorize(&[("client_id", "whoever")]).status, 303);
    let listed = wire.authorize(&[
        ("client_id", "app"),
        ("redirect_uri", "https://app.example/cb"),
    ]);
    assert!(
        listed
            .header("location")
            .starts_with("https://app.example/cb?code=")
    );
    refused_on_a_page(&wire.authorize(&[
        ("client_id", "app"),
        ("redirect_uri", "https://app.example/cb2"),
    ]));
}

#[test]
fn a_redirect_uri_keeps_its_own_query() {
    let wire = Wire::start(quick());

    let reply = wire.authorize(&[("redirect_uri", &format!("{REDIRECT}?tenant=blue"))]);

    let callback = reply.callback();
    assert_eq!(callback["tenant"], "blue");
    assert!(callback.contains_key("code"));
}
