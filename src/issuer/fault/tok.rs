//! Faults of the token answer at a sign-in (RFC 6749 §5.1, §5.2).

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Act, FaultInfo, Flow, Point, Verdict, refuse, rewrite};
use crate::issuer::message::{Answer, Body};

pub(super) const ROWS: &[FaultInfo] = &[
    row(
        "tok.no_expires_in",
        "`expires_in` is absent",
        Verdict::Accept,
        &[json(|json| {
            json.remove("expires_in");
        })],
    ),
    row(
        "tok.no_scope",
        "`scope` is absent: it is what was asked for",
        Verdict::Accept,
        &[json(|json| {
            json.remove("scope");
        })],
    ),
    row(
        "tok.type.case",
        "`token_type` is written in odd case",
        Verdict::Accept,
        &[json(|json| set(json, "token_type", json!("bEARER")))],
    ),
    row(
        "tok.type.mac",
        "`token_type` is not known",
        refuse("token_type"),
        &[json(|json| set(json, "token_type", json!("mac")))],
    ),
    row(
        "tok.json.dup",
        "`access_token` comes twice",
        refuse("access_token"),
        &[Act::Answer(Point::Token, |answer, _| {
            rewrite(answer, |body| {
                let mut twice = b"{\"access_token\":\"the-first\",".to_vec();
                twice.extend(body.into_iter().skip(1));
                twice
            })
        })],
    ),
    row(
        "tok.json.bool",
        "`access_token` is no text",
        refuse("access_token"),
        &[json(|json| set(json, "access_token", json!(true)))],
    ),
    row(
        "tok.expires.str",
        "`expires_in` is a number in quotes",
        Verdict::Accept,
        &[json(|json| set(json, "expires_in", json!("3599")))],
    ),
    row(
        "tok.expires.neg",
        "`expires_in` is negative",
        refuse("expires_in"),
        &[json(|json| set(json, "expires_in", json!(-1)))],
    ),
    row(
        "tok.expires.huge",
        "`expires_in` is 1e20",
        refuse("expires_in"),
        &[json(|json| set(json, "expires_in", json!(1e20)))],
    ),
    row(
        "tok.200error",
        "an error comes with status 200",
        refuse("invalid_scope"),
        &[Act::Instead(Point::Token, |_| {
            let body = json!({"error": "invalid_scope", "error_description": "a fault says so"});
            Answer::json(200, &body)
        })],
    ),
    row(
        "tok.400html",
        "a refusal comes as HTML",
        refuse("400"),
        &[Act::Instead(Point::Token, |_| {
            let html = b"<html><body>Bad gateway, {\"access_token\":\"no\"}</body></html>";
            Answer::empty(400).holding("text/html", html.to_vec())
        })],
    ),
    row(
        "tok.newline",
        "the access token has line breaks and escapes in it",
        refuse("control"),
        &[json(|json| {
            let token = json.get("access_token").and_then(Value::as_str);
            let token = format!("{}\r\nX-Evil: yes\u{1b}[2J\0", token.unwrap_or_default());
            set(json, "access_token", json!(token));
        })],
    ),
    row(
        "tok.scope.less",
        "less is granted than was asked for",
        Verdict::Warn { check: "scope" },
        &[json(|json| set(json, "scope", json!("openid")))],
    ),
    row(
        "tok.scope.more",
        "more is granted than was asked for",
        Verdict::Accept,
        &[json(|json| {
            let scope = json.get("scope").and_then(Value::as_str);
            let scope = format!("{} everything.write", scope.unwrap_or_default());
            set(json, "scope", json!(scope));
        })],
    ),
    row(
        "tok.slowloris",
        "the answer comes one byte per second",
        refuse("within"),
        &[Act::Answer(Point::Token, |mut answer, _| {
            if let Body::Whole(body) = answer.body {
                answer.body = Body::Drip(body, Duration::from_secs(1));
            }
            answer
        })],
    ),
];

const fn row(
    name: &'static str,
    summary: &'static str,
    verdict: Verdict,
    acts: &'static [Act],
) -> FaultInfo {
    FaultInfo::new(name, summary, Flow::SignIn, verdict, acts)
}

const fn json(bend: fn(&mut Map<String, Value>)) -> Act {
    Act::TokenJson(bend)
}

fn set(json: &mut Map<String, Value>, name: &str, value: Value) {
    json.insert(name.to_owned(), value);
}
