//! Faults in the metadata and in plain answers.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::wire::{Reply, SCOPE, Wire, text};
use super::Row;
use crate::issuer::Endpoint;

const METADATA_PATH: &str = "/.well-known/openid-configuration";
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn metadata(wire: &Wire) -> Value {
    wire.get(METADATA_PATH).json()
}

fn issuer(wire: &Wire) -> String {
    text(&metadata(wire), "issuer").to_owned()
}

fn endpoint(wire: &Wire, name: &str) -> String {
    text(&metadata(wire), name).to_owned()
}

fn authorize_works_at(wire: &Wire, address: &str) {
    let query = super::super::wire::authorize_path(&[]);
    let (_, query) = query.split_once('?').unwrap();
    let separator = if address.contains('?') { '&' } else { '?' };
    let address = url::Url::parse(&format!("{address}{separator}{query}")).unwrap();
    let reply = wire.try_get(address.as_str(), &[]).unwrap();
    assert!(reply.callback().contains_key("code"));
}

pub(super) const METADATA: &[Row] = &[
    ("disc.ok", |wire| {
        let token = endpoint(wire, "token_endpoint");
        assert_eq!(token, wire.at("/elsewhere/token"));
        assert_eq!(wire.get("/jwks").status, 404);
        assert_eq!(wire.get("/elsewhere/jwks").status, 200);
    }),
    ("disc.jwks.moves", |wire| {
        let (first, second) = (endpoint(wire, "jwks_uri"), endpoint(wire, "jwks_uri"));
        assert_ne!(first, second);
        assert_eq!(wire.try_get(&second, &[]).unwrap().status, 200);
        assert_eq!(wire.get("/jwks").status, 404);
    }),
    ("disc.500", |wire| {
        assert_eq!(wire.get(METADATA_PATH).status, 500);
    }),
    ("disc.timeout", |wire| {
        assert!(wire.impatient(Duration::from_millis(300)).is_err());
        assert_eq!(wire.provider.log()[0].status, 0);
    }),
    ("disc.html", |wire| {
        let reply = wire.get(METADATA_PATH);
        assert_eq!(reply.header("content-type"), "text/html");
        assert!(reply.body.starts_with("<!doctype html>"));
    }),
    ("disc.truncated", |wire| {
        let reply = wire.get(METADATA_PATH);
        assert_eq!(reply.header("content-type"), "application/json");
        assert!(reply.body.starts_with('{') && !reply.body.ends_with('}'));
    }),
    ("disc.bom", |wire| {
        assert!(wire.get(METADATA_PATH).body.starts_with('\u{feff}'));
    }),
    ("disc.huge", |wire| {
        let endless = wire.try_get(&wire.at(METADATA_PATH), &[]);
        assert!(
            endless.is_err(),
            "more than the 4 MiB that these tests read"
        );
    }),
    ("disc.dupkeys", |wire| {
        assert_eq!(
            wire.get(METADATA_PATH).body.matches("\"issuer\":").count(),
            2
        );
    }),
    ("disc.redirect.host", |wire| {
        let reply = wire.get(METADATA_PATH);
        assert_eq!(reply.status, 302);
        assert!(reply.header("location").starts_with("http://localhost:"));
        let there = wire.try_get(reply.header("location"), &[]).unwrap();
        assert_eq!(there.status, 200);
        assert_eq!(wire.provider.requests(Endpoint::Trap), 1);
    }),
    ("disc.redirect.http", |wire| {
        let reply = wire.get(METADATA_PATH);
        assert_eq!(reply.status, 302);
        assert!(
            reply
                .header("location")
                .starts_with("http://login.practice.example/")
        );
    }),
    ("disc.iss.mismatch", |wire| {
        assert_eq!(issuer(wire), "https://other.practice.example");
    }),
    ("disc.slash", |wire| assert_eq!(issuer(wire), wire.at("/"))),
    ("disc.case", |wire| {
        assert_ne!(issuer(wire), wire.provider.issuer());
        assert!(issuer(wire).eq_ignore_ascii_case(wire.provider.issuer()));
    }),
    ("disc.port", |wire| {
        let (told, real) = (issuer(wire), wire.provider.issuer());
        assert_ne!(told, real);
        let port = |text: &str| url::Url::parse(text).unwrap().port();
        assert_eq!(port(&told), port(real));
    }),
    ("disc.template", |wire| {
        assert!(issuer(wire).contains("{tenantid}"));
    }),
    ("disc.endpoint.http", |wire| {
        assert!(endpoint(wire, "token_endpoint").starts_with("http://login.practice.example"));
    }),
    ("disc.endpoint.file", |wire| {
        assert!(endpoint(wire, "authorization_endpoint").starts_with("file:"));
    }),
    ("disc.endpoint.js", |wire| {
        assert!(endpoint(wire, "authorization_endpoint").starts_with("javascript:"));
    }),
    ("disc.endpoint.userinfo", |wire| {
        let address = url::Url::parse(&endpoint(wire, "authorization_endpoint")).unwrap();
        assert_eq!(address.username(), "accounts.example.com");
    }),
    ("disc.endpoint.privateip", |wire| {
        assert!(endpoint(wire, "token_endpoint").starts_with("https://169.254."));
    }),
    ("disc.authz.dash", |wire| {
        assert!(endpoint(wire, "authorization_endpoint").starts_with("--"));
    }),
    ("disc.authz.space", |wire| {
        let address = endpoint(wire, "authorization_endpoint");
        assert!(address.contains(" --no-sandbox"));
        authorize_works_at(wire, &address);
    }),
    ("disc.authz.meta", |wire| {
        let address = endpoint(wire, "authorization_endpoint");
        assert!(address.contains("$(touch"));
        authorize_works_at(wire, &address);
    }),
    ("disc.authz.nul", |wire| {
        let address = endpoint(wire, "authorization_endpoint");
        assert!(address.ends_with("%00"));
        authorize_works_at(wire, &address);
    }),
    ("disc.authz.query", |wire| {
        authorize_works_at(wire, &endpoint(wire, "authorization_endpoint"));
        assert_eq!(wire.authorize(&[]).status, 400);
    }),
    ("disc.pkce.absent", |wire| {
        assert!(
            metadata(wire)
                .get("code_challenge_methods_supported")
                .is_none()
        );
    }),
    ("disc.pkce.plain", |wire| {
        assert_eq!(
            metadata(wire)["code_challenge_methods_supported"],
            json!(["plain"])
        );
    }),
    ("disc.crosshost", |wire| {
        let address = endpoint(wire, "token_endpoint");
        assert!(address.starts_with("http://localhost:"));
        assert_eq!(wire.try_get(&address, &[]).unwrap().status, 405);
    }),
    ("date.skew", |wire| {
        let date = wire.get("/jwks").header("date").to_owned();
        let parser = jiff::fmt::rfc2822::DateTimeParser::new();
        let date = parser
            .parse_timestamp(date.replace("GMT", "+0000"))
            .unwrap()
            .as_second();
        let ahead = date - crate::issuer::clock::Clock::start(0).now().0;
        assert!((595..=605).contains(&ahead), "{ahead}");
    }),
];

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
