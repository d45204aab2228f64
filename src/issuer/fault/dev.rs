//! Faults of the device flow (RFC 8628 §3.2, §3.5), with the words of Entra where they differ.

use serde_json::{Map, Value, json};

use super::{Act, FaultInfo, Flow, Point, Verdict, refuse};
use crate::issuer::message::{Answer, Refusal};
use crate::issuer::realm::Realm;

pub(super) const ROWS: &[FaultInfo] = &[
    answer(
        "dev.interval.absent",
        "no `interval` is given: it is 5 seconds then",
        Verdict::Accept,
        &[Act::Json(Point::Device, |json, _| {
            json.remove("interval");
        })],
    ),
    answer(
        "dev.slow_down",
        "the first poll is told to slow down",
        Verdict::Accept,
        &[poll(|_| said("slow_down"))],
    )
    .times(1),
    answer(
        "dev.pending",
        "the first two polls find nothing yet",
        Verdict::Accept,
        &[poll(|_| said("authorization_pending"))],
    )
    .times(2),
    answer(
        "dev.never",
        "every poll finds nothing yet, until the code expires",
        refuse("expired"),
        &[poll(|_| said("authorization_pending"))],
    ),
    answer(
        "dev.expired",
        "a poll finds the code expired",
        refuse("expired"),
        &[poll(|_| said("expired_token"))],
    ),
    answer(
        "dev.denied",
        "a poll finds that the person said no",
        refuse("denied"),
        &[poll(|_| said("access_denied"))],
    ),
    answer(
        "dev.declined",
        "a poll finds that the person said no, in Entra's words",
        refuse("declined"),
        &[poll(|_| said("authorization_declined"))],
    ),
    answer(
        "dev.bad",
        "a poll finds an unknown code, in Entra's words",
        refuse("bad_verification_code"),
        &[poll(|_| said("bad_verification_code"))],
    ),
    answer(
        "dev.uri.http",
        "the verification address is not `https`",
        refuse("verification_uri"),
        &[Act::Json(Point::Device, |json, _| {
            json.remove("verification_uri_complete");
            set(
                json,
                "verification_uri",
                "http://login.practice.example/device",
            );
        })],
    ),
    answer(
        "dev.uri.esc",
        "the verification address drives the terminal",
        Verdict::Either {
            check: "verification_uri",
        },
        &[Act::Json(Point::Device, |json, realm| {
            json.remove("verification_uri_complete");
            let address = realm.url("/device\u{1b}]0;owned\u{7}\u{1b}[2J");
            set(json, "verification_uri", &address);
        })],
    ),
    answer(
        "dev.code.esc",
        "the user code drives the terminal",
        Verdict::Either { check: "user_code" },
        &[Act::Json(Point::Device, |json, _| {
            let code = json
                .get("user_code")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let code = format!("\u{1b}[2J\u{1b}]0;owned\u{7}{code}\u{202e}");
            set(json, "user_code", &code);
        })],
    ),
];

const fn answer(
    name: &'static str,
    summary: &'static str,
    verdict: Verdict,
    acts: &'static [Act],
) -> FaultInfo {
    FaultInfo::new(name, summary, Flow::Device, verdict, acts)
}

const fn poll(answer: fn(&Realm) -> Answer) -> Act {
    Act::Instead(Point::Poll, answer)
}

fn said(error: &'static str) -> Answer {
    Refusal::new(error, "a fault says so").into()
}

fn set(json: &mut Map<String, Value>, name: &str, value: &str) {
    json.insert(name.to_owned(), json!(value));
}
