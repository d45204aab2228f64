//! Faults in the metadata.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::wire::{Wire, text};
use super::Row;
use crate::issuer::Endpoint;

const METADATA_PATH: &str = "/.well-known/openid-configuration";

pub(super) fn metadata(wire: &Wire) -> Value {
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
        assert_eq!(wire.get("/device").status, 200, "pages stay");
        assert_eq!(wire.post("/sign-in", &[]).status, 400, "pages stay");
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
