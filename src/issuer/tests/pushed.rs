//! Pushed requests, from both ends.

use super::authorize::refused_on_a_page;
use super::wire::{REDIRECT, Reply, SCOPE, VERIFIER, Wire, quick};
use crate::issuer::random::{base64url, digest};
use crate::issuer::{PushedRequests, Registration, Settings};

/// Pushes a request that is in order.
fn push(wire: &Wire, more: &[(&str, &str)]) -> Reply {
    let challenge = base64url(&digest(VERIFIER));
    let mut form = vec![
        ("response_type", "code"),
        ("client_id", "keyfob-cli"),
        ("redirect_uri", REDIRECT),
        ("scope", SCOPE),
        ("state", "the-state"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    form.extend(more);
    wire.post("/par", &form)
}

fn authorize_pushed(wire: &Wire, uri: &str, client: &str) -> Reply {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", client)
        .append_pair("request_uri", uri)
        .finish();
    wire.get(&format!("/authorize?{query}"))
}

#[test]
fn a_pushed_request_is_good_once_and_for_its_client() {
    let wire = Wire::start(Settings {
        registration: Registration::Open,
        ..quick()
    });

    let pushed = push(&wire, &[]);

    assert_eq!(
        (pushed.status, pushed.header("cache-control")),
        (201, "no-store")
    );
    assert_eq!(pushed.json()["expires_in"], 60);
    let uri = pushed.json()["request_uri"].as_str().unwrap().to_owned();
    refused_on_a_page(&authorize_pushed(&wire, &uri, "somebody-else"));
    let callback = authorize_pushed(&wire, &uri, "keyfob-cli").callback();
    assert_eq!(wire.trade(&callback["code"], &[]).status, 200);
    refused_on_a_page(&authorize_pushed(&wire, &uri, "keyfob-cli"));
}

#[test]
fn a_pushed_request_is_checked_when_it_is_pushed_and_expires() {
    let wire = Wire::start(quick());

    for (more, error) in [
        (("response_mode", "fragment"), "invalid_request"),
        (("request_uri", "urn:x"), "invalid_request"),
        (("resource", "nonsense"), "invalid_target"),
        (("client_secret", "x"), "invalid_client"),
    ] {
        assert_eq!(push(&wire, &[more]).error(), error, "{more:?}");
    }
    let uri = push(&wire, &[]).json()["request_uri"]
        .as_str()
        .unwrap()
        .to_owned();
    wire.provider.set_clock_skew(61);
    refused_on_a_page(&authorize_pushed(&wire, &uri, "keyfob-cli"));
}

#[test]
fn a_provider_can_insist_on_pushed_requests_or_have_none() {
    let insists = Wire::start(Settings {
        pushed: PushedRequests::Required,
        ..quick()
    });
    let without = Wire::start(Settings {
        pushed: PushedRequests::Unsupported,
        ..quick()
    });
    let metadata = |wire: &Wire| wire.get("/.well-known/openid-configuration").json();

    refused_on_a_page(&insists.authorize(&[]));
    assert_eq!(
        metadata(&insists)["require_pushed_authorization_requests"],
        true
    );
    assert_eq!(push(&without, &[]).status, 404);
    assert!(
        metadata(&without)
            .get("pushed_authorization_request_endpoint")
            .is_none()
    );
}
