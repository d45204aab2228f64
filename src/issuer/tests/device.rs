//! The device flow, from both ends.

use std::time::Duration;

use serde_json::Value;

use super::wire::{Reply, SCOPE, Wire, quick, text};
use crate::issuer::{Settings, random};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn with_interval(interval: Duration) -> Wire {
    Wire::start(Settings {
        auto_approve: None,
        interval,
        ..quick()
    })
}

fn begin(wire: &Wire) -> Value {
    let form = [("client_id", "keyfob-cli"), ("scope", SCOPE)];
    let reply = wire.post("/device_authorization", &form);
    assert_eq!(
        (reply.status, reply.header("cache-control")),
        (200, "no-store")
    );
    reply.json()
}

fn poll(wire: &Wire, begun: &Value) -> Reply {
    wire.post(
        "/token",
        &[
            ("grant_type", GRANT),
            ("client_id", "keyfob-cli"),
            ("device_code", text(begun, "device_code")),
        ],
    )
}

fn decide(wire: &Wire, begun: &Value, decision: &str) -> Reply {
    let page = wire.post("/device", &[("user_code", text(begun, "user_code"))]);
    assert_eq!(page.status, 200, "{page:?}");
    assert!(page.body.contains(text(begun, "user_code")));
    let ticket = page.field("ticket");
    let form = [
        ("ticket", ticket.as_str()),
        ("person", "mei-lin"),
        ("decision", decision),
    ];
    wire.post("/device", &form)
}

#[test]
fn a_device_waits_for_its_person_and_gets_its_tokens_once() {
    let wire = with_interval(Duration::ZERO);
    let begun = begin(&wire);

    let before = poll(&wire, &begun);
    let done = decide(&wire, &begun, "allow");
    let after = poll(&wire, &begun);
    let again = poll(&wire, &begun);

    assert_eq!(before.error(), "authorization_pending");
    assert!(done.status == 200 && done.body.contains("signed in"));
    assert_eq!(after.status, 200);
    let said = wire.echo(text(&after.json(), "access_token")).json();
    assert_eq!(text(&said, "name"), "Mei-Lin Tan");
    assert_eq!(again.error(), "invalid_grant");
}

#[test]
fn a_device_that_is_turned_away_is_told_so() {
    let wire = with_interval(Duration::ZERO);
    let begun = begin(&wire);

    decide(&wire, &begun, "deny");

    assert_eq!(poll(&wire, &begun).error(), "access_denied");
    let page = wire.post("/device", &[("user_code", text(&begun, "user_code"))]);
    assert_eq!(page.status, 400, "a decided code cannot be decided again");
}

#[test]
fn of_two_open_pages_the_first_decides() {
    let wire = with_interval(Duration::ZERO);
    for (first, second, outcome) in [("allow", "deny", 200), ("deny", "allow", 400)] {
        let begun = begin(&wire);
        let code = [("user_code", text(&begun, "user_code"))];
        let tickets = [(); 2].map(|()| wire.post("/device", &code).field("ticket"));
        let decide = |ticket: &str, decision: &str| {
            let form = [
                ("ticket", ticket),
                ("person", "jonas"),
                ("decision", decision),
            ];
            wire.post("/device", &form).status
        };

        assert_eq!(decide(&tickets[0], first), 200);
        assert_eq!(decide(&tickets[1], second), 400);

        assert_eq!(poll(&wire, &begun).status, outcome);
    }
}

#[test]
fn polls_that_come_too_fast_are_slowed_down() {
    let wire = with_interval(Duration::from_secs(60));
    let begun = begin(&wire);

    assert_eq!(begun["interval"], 60);
    assert_eq!(poll(&wire, &begun).error(), "authorization_pending");
    assert_eq!(poll(&wire, &begun).error(), "slow_down");
    assert_eq!(poll(&wire, &begun).error(), "slow_down");
}

#[test]
fn a_device_code_expires_and_belongs_to_its_client() {
    let wire = with_interval(Duration::ZERO);
    let begun = begin(&wire);

    let made_up = serde_json::json!({ "device_code": "made-up" });
    assert_eq!(poll(&wire, &made_up).error(), "invalid_grant");
    wire.provider.set_clock_skew(601);
    assert_eq!(poll(&wire, &begun).error(), "expired_token");
    let page = wire.post("/device", &[("user_code", text(&begun, "user_code"))]);
    assert_eq!(page.status, 400);
}

#[test]
fn a_user_code_is_found_however_it_is_typed() {
    let wire = with_interval(Duration::ZERO);
    let begun = begin(&wire);
    let typed = text(&begun, "user_code").to_lowercase().replace('-', " ");

    let filled = wire.get(&format!("/device?user_code={}", text(&begun, "user_code")));
    let wrong = wire.post("/device", &[("user_code", "<script>alert(1)</script>")]);

    assert!(
        filled
            .body
            .contains(&format!("value=\"{}\"", text(&begun, "user_code")))
    );
    assert_eq!(wrong.status, 400);
    assert!(wrong.body.contains("&lt;script&gt;") && !wrong.body.contains("<script>alert"));
    assert_eq!(wire.post("/device", &[("user_code", &typed)]).status, 200);
}

#[test]
fn user_codes_are_easy_to_type_and_never_repeat() {
    let codes: std::collections::BTreeSet<_> = (0..500).map(|_| random::user_code()).collect();

    assert_eq!(codes.len(), 500);
    for code in codes {
        assert_eq!((code.len(), code.find('-')), (9, Some(4)), "{code}");
        assert!(
            code.chars()
                .all(|c| c == '-' || "BCDFGHJKLMNPQRSTVWXZ".contains(c)),
            "{code}"
        );
    }
}
