//! Faults in answers that are no tokens.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::wire::{Reply, SCOPE, Wire, text};
use super::Row;
use super::metadata::metadata;

const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Starts a device sign-in, which is allowed at once.
fn device(wire: &Wire) -> Value {
    let form = [("client_id", "keyfob-cli"), ("scope", SCOPE)];
    wire.post("/device_authorization", &form).json()
}

fn poll(wire: &Wire, device: &Value) -> Reply {
    wire.post(
        "/token",
        &[
            ("grant_type", DEVICE_GRANT),
            ("client_id", "keyfob-cli"),
            ("device_code", text(device, "device_code")),
        ],
    )
}

fn polls(wire: &Wire, errors: &[&str]) {
    let device = device(wire);
    for error in errors {
        let reply = poll(wire, &device);
        assert_eq!((reply.status, reply.error().as_str()), (400, *error));
    }
}

fn polls_then_succeeds(wire: &Wire, errors: &[&str]) {
    let device = device(wire);
    for error in errors {
        assert_eq!(poll(wire, &device).error(), *error);
    }
    assert_eq!(poll(wire, &device).status, 200);
}

fn callback(wire: &Wire, name: &str) -> Option<String> {
    let mut callback = wire.authorize(&[]).callback();
    assert!(callback.contains_key("code"));
    callback.remove(name)
}

fn userinfo(wire: &Wire) -> Reply {
    let tokens = wire.sign_in();
    let header = format!("Bearer {}", text(&tokens, "access_token"));
    wire.get_with("/userinfo", &[("Authorization", &header)])
}

pub(super) const ANSWERS: &[Row] = &[
    ("ar.iss.wrong", |wire| {
        let iss = callback(wire, "iss").unwrap();
        assert_ne!(iss, wire.provider.issuer());
    }),
    ("ar.iss.missing", |wire| {
        assert!(callback(wire, "iss").is_none());
    }),
    ("ar.state.wrong", |wire| {
        assert_ne!(callback(wire, "state").unwrap(), "the-state");
    }),
    ("ar.state.missing", |wire| {
        assert!(callback(wire, "state").is_none());
    }),
    ("resp.form_post.error", |wire| {
        let page = wire.authorize(&[("response_mode", "form_post")]);
        assert_eq!(
            (page.status, page.field("error").as_str()),
            (200, "access_denied")
        );
        assert_eq!(page.field("state"), "the-state");
    }),
    ("id.nonce.absent-req", |wire| {
        assert!(wire.authorize(&[]).callback().contains_key("code"));
        assert_eq!(
            wire.authorize(&[("nonce", "")]).callback()["error"],
            "invalid_request"
        );
    }),
    ("auth.basic", |wire| {
        let methods = metadata(wire)["token_endpoint_auth_methods_supported"].clone();
        assert_eq!(methods, json!(["none", "client_secret_basic"]));
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", "keyfob-service"),
            ("client_secret", wire.provider.service_secret().expose()),
        ];
        assert_eq!(wire.post("/token", &form).error(), "invalid_client");
    }),
    ("par.500", |wire| {
        assert_eq!(wire.post("/par", &[]).status, 500);
    }),
    ("tok.no_expires_in", |wire| {
        assert!(wire.sign_in().get("expires_in").is_none());
    }),
    ("tok.no_scope", |wire| {
        assert!(wire.sign_in().get("scope").is_none());
    }),
    ("tok.type.case", |wire| {
        assert_eq!(wire.sign_in()["token_type"], "bEARER");
    }),
    ("tok.type.mac", |wire| {
        assert_eq!(wire.sign_in()["token_type"], "mac");
    }),
    ("tok.json.dup", |wire| {
        let reply = wire.trade(&wire.code(&[]), &[]);
        assert_eq!(reply.body.matches("\"access_token\":").count(), 2);
        assert!(reply.json().is_object());
    }),
    ("tok.json.bool", |wire| {
        assert_eq!(wire.sign_in()["access_token"], true);
    }),
    ("tok.expires.str", |wire| {
        assert_eq!(wire.sign_in()["expires_in"], "3599");
    }),
    ("tok.expires.neg", |wire| {
        assert_eq!(wire.sign_in()["expires_in"], -1);
    }),
    ("tok.expires.huge", |wire| {
        assert_eq!(wire.sign_in()["expires_in"], 1e20);
    }),
    ("tok.200error", |wire| {
        let reply = wire.trade(&wire.code(&[]), &[]);
        assert_eq!(
            (reply.status, reply.error().as_str()),
            (200, "invalid_scope")
        );
    }),
    ("tok.400html", |wire| {
        let reply = wire.trade(&wire.code(&[]), &[]);
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (400, "text/html")
        );
    }),
    ("tok.newline", |wire| {
        let tokens = wire.sign_in();
        let token = text(&tokens, "access_token");
        assert!(token.contains('\r') && token.contains('\u{1b}') && token.contains('\0'));
    }),
    ("tok.scope.less", |wire| {
        assert_eq!(wire.sign_in()["scope"], "openid");
    }),
    ("tok.scope.more", |wire| {
        let scope = text(&wire.sign_in(), "scope").to_owned();
        assert!(scope.starts_with(SCOPE) && scope.len() > SCOPE.len());
    }),
    ("tok.slowloris", |wire| {
        let code = wire.code(&[]);
        assert!(
            wire.impatient_trade(&code, Duration::from_millis(300))
                .is_err()
        );
    }),
    ("dev.interval.absent", |wire| {
        assert!(device(wire).get("interval").is_none());
    }),
    ("dev.slow_down", |wire| {
        polls_then_succeeds(wire, &["slow_down"]);
    }),
    ("dev.pending", |wire| {
        polls_then_succeeds(wire, &["authorization_pending"; 2]);
    }),
    ("dev.never", |wire| {
        polls(wire, &["authorization_pending"; 4]);
    }),
    ("dev.expired", |wire| polls(wire, &["expired_token"])),
    ("dev.denied", |wire| polls(wire, &["access_denied"])),
    ("dev.declined", |wire| {
        polls(wire, &["authorization_declined"]);
    }),
    ("dev.bad", |wire| polls(wire, &["bad_verification_code"])),
    ("dev.uri.http", |wire| {
        let device = device(wire);
        assert!(text(&device, "verification_uri").starts_with("http://login.practice.example"));
    }),
    ("dev.uri.esc", |wire| {
        assert!(text(&device(wire), "verification_uri").contains('\u{1b}'));
    }),
    ("dev.code.esc", |wire| {
        assert!(text(&device(wire), "user_code").contains('\u{1b}'));
    }),
    ("ui.sub.wrong", |wire| {
        let (said, known) = (userinfo(wire).json(), crate::issuer::Person::find("amara"));
        assert_ne!(text(&said, "sub"), known.unwrap().subject);
    }),
    ("ui.signed", |wire| {
        let reply = userinfo(wire);
        assert_eq!(reply.header("content-type"), "application/jwt");
        let keys = wire.get("/jwks").json();
        assert!(super::super::wire::verifies(&reply.body, &keys["keys"][0]));
    }),
];
