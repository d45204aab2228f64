//! Revocation, introspection, signing out, keys, the log and the start.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::wire::{REDIRECT, Reply, Wire, authorize_path, parts, quick, text};
use crate::base::{Diagnostic, Exit};
use crate::issuer::{Endpoint, IssuerStartError, OnRequest, Provider, Registration, Settings};

fn revoke(wire: &Wire, token: &str, client: &str) -> Reply {
    wire.post("/revoke", &[("client_id", client), ("token", token)])
}

#[test]
fn revoking_a_refresh_token_ends_its_family() {
    let wire = Wire::start(quick());
    let tokens = wire.sign_in();

    let reply = revoke(&wire, text(&tokens, "refresh_token"), "keyfob-cli");

    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
    assert_eq!(wire.echo(text(&tokens, "access_token")).status, 401);
    assert_eq!(
        wire.refresh(text(&tokens, "refresh_token"), &[]).error(),
        "invalid_grant"
    );
}

#[test]
fn revoking_an_access_token_ends_only_that() {
    let wire = Wire::start(quick());
    let tokens = wire.sign_in();

    assert_eq!(
        revoke(&wire, text(&tokens, "access_token"), "keyfob-cli").status,
        200
    );

    assert_eq!(wire.echo(text(&tokens, "access_token")).status, 401);
    assert_eq!(
        wire.refresh(text(&tokens, "refresh_token"), &[]).status,
        200
    );
}

#[test]
fn an_unknown_token_is_revoked_already_and_a_strangers_is_refused() {
    let wire = Wire::start(Settings {
        registration: Registration::Open,
        ..quick()
    });
    let tokens = wire.sign_in();

    assert_eq!(revoke(&wire, "made-up", "keyfob-cli").status, 200);
    let stranger = revoke(&wire, text(&tokens, "refresh_token"), "somebody-else");
    assert_eq!(stranger.error(), "invalid_grant");
    assert_eq!(wire.echo(text(&tokens, "access_token")).status, 200);
}

fn introspect(wire: &Wire, token: &str) -> Value {
    let secret = wire.provider.service_secret().expose().to_owned();
    let client = ("client_id", "keyfob-service");
    let form = [client, ("client_secret", secret.as_str()), ("token", token)];
    let reply = wire.post("/introspect", &form);
    assert_eq!(reply.status, 200);
    reply.json()
}

#[test]
fn a_live_token_is_active_and_any_other_is_just_not() {
    let wire = Wire::start(quick());
    let tokens = wire.sign_in();
    let token = text(&tokens, "access_token");

    let live = introspect(&wire, token);
    let refresh = introspect(&wire, text(&tokens, "refresh_token"));
    revoke(&wire, token, "keyfob-cli");

    assert_eq!(live["active"], true);
    assert_eq!(live["username"], "amara");
    assert_eq!(live["aud"], json!(["https://api.practice.example"]));
    assert_eq!(refresh["active"], true);
    assert_eq!(introspect(&wire, token), json!({ "active": false }));
    assert_eq!(introspect(&wire, "made-up"), json!({ "active": false }));
    let public = [("client_id", "keyfob-cli"), ("token", token)];
    assert_eq!(wire.post("/introspect", &public).status, 401);
}

fn end_session(wire: &Wire, parameters: &[(&str, &str)]) -> Reply {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    wire.get(&format!("/end_session?{query}"))
}

#[test]
fn a_hint_of_ours_signs_out_and_leads_back_with_its_state() {
    let wire = Wire::start(quick());
    let tokens = wire.sign_in();
    let hint = ("id_token_hint", text(&tokens, "id_token"));

    let back = ("post_logout_redirect_uri", REDIRECT);
    let reply = end_session(&wire, &[hint, back, ("state", "s 1")]);

    assert_eq!(reply.status, 303);
    assert_eq!(reply.header("location"), format!("{REDIRECT}?state=s+1"));
    assert!(end_session(&wire, &[hint]).body.contains("Signed out"));
    assert_eq!(
        wire.refresh(text(&tokens, "refresh_token"), &[]).status,
        200
    );
}

#[test]
fn without_a_hint_a_person_confirms_and_strangers_get_no_redirect() {
    let wire = Wire::start(quick());
    let back = ("post_logout_redirect_uri", REDIRECT);
    let client = ("client_id", "keyfob-cli");

    let asked = end_session(&wire, &[client, back]);
    let done = wire.post("/end_session", &[("ticket", &asked.field("ticket"))]);

    assert!(asked.body.contains("Sign out?"));
    assert_eq!(done.header("location"), REDIRECT);
    for refused in [
        vec![back],
        vec![client, ("post_logout_redirect_uri", "https://evil.example")],
        vec![("id_token_hint", "e30.e30.x"), back],
    ] {
        let reply = end_session(&wire, &refused);
        assert_eq!(
            (reply.status, reply.header("location")),
            (400, ""),
            "{refused:?}"
        );
    }
}

#[test]
fn signing_out_ends_the_browsers_session() {
    let wire = Wire::start(Settings {
        auto_approve: None,
        ..quick()
    });
    let ticket = wire.authorize(&[]).field("ticket");
    let form = [
        ("ticket", ticket.as_str()),
        ("person", "priya"),
        ("decision", "allow"),
    ];
    let signed_in = wire.post("/sign-in", &form);
    let cookie = signed_in
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let cookie = [("Cookie", cookie.as_str())];
    let ticket = wire.get_with("/end_session", &cookie).field("ticket");

    let reply = wire.post_with("/end_session", &[("ticket", &ticket)], &cookie);

    assert!(reply.header("set-cookie").contains("Max-Age=0"));
    let silent = wire.get_with(&authorize_path(&[("prompt", "none")]), &cookie);
    assert_eq!(silent.callback()["error"], "login_required");
}

#[test]
fn a_rotated_key_stays_published_for_one_more_turn() {
    let wire = Wire::start(quick());
    let kids = || {
        let keys = wire.get("/jwks").json()["keys"].as_array().unwrap().clone();
        keys.into_iter()
            .map(|key| text(&key, "kid").to_owned())
            .collect::<Vec<_>>()
    };

    let before = kids();
    wire.provider.rotate_keys();
    let after = kids();
    wire.provider.rotate_keys();

    assert_eq!((before.len(), after.len()), (1, 2));
    assert_eq!(after[1], before[0]);
    let (header, _) = parts(text(&wire.sign_in(), "id_token"));
    assert_eq!(header["kid"], kids()[0]);
    assert!(!kids().contains(&before[0]));
}

#[test]
fn a_key_that_has_lived_its_time_is_replaced() {
    let wire = Wire::start(Settings {
        key_lifetime: Some(Duration::ZERO),
        ..quick()
    });
    let kid = || parts(text(&wire.sign_in(), "id_token")).0["kid"].clone();

    assert_ne!(kid(), kid());
}

#[test]
fn the_log_counts_requests_and_holds_no_secret() {
    let seen = Arc::new(AtomicUsize::new(0));
    let wire = Wire::start({
        let seen = Arc::clone(&seen);
        let count = move |_: &_| {
            seen.fetch_add(1, Ordering::Relaxed);
        };
        Settings {
            on_request: Some(OnRequest::new(count)),
            ..quick()
        }
    });
    let tokens = wire.sign_in();
    wire.refresh("not-the-refresh-token", &[]);
    wire.get("/no/such/path");

    let log = wire.provider.log();

    assert_eq!(seen.load(Ordering::Relaxed), 4);
    assert_eq!(wire.provider.requests(Endpoint::Token), 2);
    assert_eq!(wire.provider.requests(Endpoint::Nowhere), 1);
    assert_eq!(log[1].grant, Some("authorization_code"));
    assert_eq!(log[2].error.as_deref(), Some("invalid_grant"));
    assert_eq!((log[0].path.as_str(), log[0].status), ("/authorize", 303));
    let text_of_log = format!("{log:?}");
    for secret in [
        text(&tokens, "access_token"),
        text(&tokens, "refresh_token"),
        "the-state",
    ] {
        assert!(!text_of_log.contains(secret));
    }
}

#[test]
fn settings_that_make_no_sense_are_refused_with_a_hint() {
    let start = |settings| Provider::start(settings).unwrap_err();
    let unknown = start(Settings {
        auto_approve: Some("nobody".to_owned()),
        ..quick()
    });
    let taken = Wire::start(quick());
    let port = taken
        .provider
        .issuer()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();

    assert_eq!(unknown.to_string(), "there is no sample person `nobody`");
    assert_eq!(
        (unknown.exit(), unknown.hint().is_some()),
        (Exit::Usage, true)
    );
    for path in ["x", "/x/", "/a b", "/a//b", "/../x", "/a?b", "/"] {
        let error = start(Settings {
            path: path.to_owned(),
            ..quick()
        });
        assert!(matches!(error, IssuerStartError::Path(_)), "{path}");
    }
    let error = start(Settings { port, ..quick() });
    assert!(matches!(error, IssuerStartError::Listen { .. }));
    assert!(error.to_string().contains(&port.to_string()), "{error}");
}

#[test]
fn a_slow_provider_holds_every_answer_back() {
    let wire = Wire::start(Settings {
        latency: Duration::from_millis(150),
        ..quick()
    });
    let clock = crate::issuer::clock::Clock::start(0);

    wire.get("/jwks");

    assert!(clock.elapsed() >= Duration::from_millis(150));
}

#[test]
fn a_hook_may_look_at_the_requests_it_is_told_of() {
    let paths = Arc::new(Mutex::new(Vec::new()));
    let hook = {
        let paths = Arc::clone(&paths);
        OnRequest::new(move |request| paths.lock().unwrap().push(request.path.clone()))
    };
    let wire = Wire::start(Settings {
        on_request: Some(hook),
        ..quick()
    });

    wire.get("/jwks?secret=1");

    assert_eq!(*paths.lock().unwrap(), ["/jwks"]);
}
