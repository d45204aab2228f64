//! Faults of a refresh (RFC 6749 §6, OIDC Core §12.2, RFC 9700 §4.14).

use std::time::Duration;

use serde_json::json;

use super::{Act, FaultInfo, Flag, Flow, Point, Verdict, refuse};
use crate::issuer::clock::http_date;
use crate::issuer::message::{Answer, Body};
use crate::issuer::mint::Occasion;

pub(super) const ROWS: &[FaultInfo] = &[
    row(
        "rt.iss.changed",
        "the refreshed ID token is from another issuer",
        refuse("iss"),
        &[Act::IdToken(Occasion::Refresh, |draft, _| {
            let issuer = json!("https://other.practice.example");
            draft.claims.insert("iss".to_owned(), issuer);
        })],
    ),
    row(
        "rt.sub.changed",
        "the refreshed ID token is about somebody else",
        refuse("sub"),
        &[Act::IdToken(Occasion::Refresh, |draft, _| {
            draft
                .claims
                .insert("sub".to_owned(), json!("somebody-else"));
        })],
    ),
    row(
        "rt.reuse",
        "the refresh counts as a second use: the family is revoked",
        Verdict::SignInAgain,
        &[Act::Flag(Flag::RefreshReused)],
    ),
    row(
        "rt.norotate",
        "no new refresh token comes back: the old one stays",
        Verdict::Accept,
        &[Act::Flag(Flag::RefreshStays)],
    ),
    row(
        "rt.invalid_grant.mfa",
        "the refresh is refused for now: a person must do more",
        Verdict::SignInAgain,
        &[Act::Instead(Point::Refresh, |_| {
            let body = json!({
                "error": "invalid_grant",
                "suberror": "basic_action",
                "error_description": "multi-factor authentication is needed for this scope",
                "error_codes": [50076],
            });
            Answer {
                error: Some("invalid_grant".to_owned()),
                ..Answer::json(400, &body)
            }
        })],
    ),
    row(
        "rt.500",
        "the token endpoint fails at a refresh",
        Verdict::Retry { check: "500" },
        &[Act::Instead(Point::Refresh, |_| Answer::text(500, "no\n"))],
    ),
    row(
        "rt.429",
        "the token endpoint asks to come back in a minute",
        Verdict::Retry { check: "429" },
        &[Act::Instead(Point::Refresh, |_| {
            Answer::json(429, &json!({"error": "temporarily_unavailable"}))
                .with("Retry-After", "60".to_owned())
        })],
    ),
    row(
        "rt.503",
        "the token endpoint names the time to come back at, two minutes ahead",
        Verdict::Retry { check: "503" },
        &[Act::Instead(Point::Refresh, |realm| {
            let back = realm.clock.now().plus(Duration::from_secs(120));
            Answer::text(503, "maintenance\n").with("Retry-After", http_date(back))
        })],
    ),
    row(
        "rt.slow",
        "the answer to a refresh comes one byte per second",
        refuse("within"),
        &[Act::Answer(Point::Refresh, |mut answer, _| {
            if let Body::Whole(body) = answer.body {
                answer.body = Body::Drip(body, Duration::from_secs(1));
            }
            answer
        })],
    ),
    row(
        "rt.lost",
        "the refresh token is replaced, and the connection cut before the answer",
        Verdict::SignInAgain,
        &[Act::Answer(Point::Refresh, |answer, _| Answer {
            body: Body::Cut,
            ..answer
        })],
    )
    .times(1),
];

const fn row(
    name: &'static str,
    summary: &'static str,
    verdict: Verdict,
    acts: &'static [Act],
) -> FaultInfo {
    FaultInfo::new(name, summary, Flow::Refresh, verdict, acts)
}
