//! Faults of the authorization request and response: what the endpoint insists on, and what the
//! browser brings back (RFC 6749 §4.1.2, RFC 9126, RFC 9207).

use serde_json::json;

use super::{Act, FaultInfo, Flag, Flow, Point, Verdict, refuse};
use crate::issuer::message::Answer;

pub(super) const ROWS: &[FaultInfo] = &[
    FaultInfo::new(
        "ar.iss.wrong",
        "the authorization response has another `iss`",
        Flow::SignIn,
        refuse("iss"),
        &[Act::Callback(|parameters| {
            set(parameters, "iss", "https://other.practice.example");
        })],
    ),
    FaultInfo::new(
        "ar.iss.missing",
        "the authorization response has no `iss`, although the metadata promises one",
        Flow::SignIn,
        refuse("iss"),
        &[Act::Callback(|parameters| remove(parameters, "iss"))],
    ),
    FaultInfo::new(
        "ar.state.wrong",
        "the authorization response has another `state`",
        Flow::SignIn,
        Verdict::Wait,
        &[Act::Callback(|parameters| {
            set(parameters, "state", "somebody-elses-state");
        })],
    ),
    FaultInfo::new(
        "ar.state.missing",
        "the authorization response has no `state`",
        Flow::SignIn,
        Verdict::Wait,
        &[Act::Callback(|parameters| remove(parameters, "state"))],
    ),
    FaultInfo::new(
        "resp.form_post.error",
        "every authorization request is answered with `access_denied`",
        Flow::SignIn,
        refuse("access_denied"),
        &[Act::Flag(Flag::DenyAll)],
    ),
    FaultInfo::new(
        "id.nonce.absent-req",
        "an authorization request without `nonce` is refused",
        Flow::SignIn,
        Verdict::Accept,
        &[Act::Flag(Flag::NonceRequired)],
    ),
    FaultInfo::new(
        "auth.basic",
        "client secrets are taken by HTTP Basic only",
        Flow::SignIn,
        Verdict::Accept,
        &[
            Act::Flag(Flag::BasicOnly),
            Act::Json(Point::Metadata, |json, _| {
                let methods = json!(["none", "client_secret_basic"]);
                json.insert("token_endpoint_auth_methods_supported".to_owned(), methods);
            }),
        ],
    ),
    FaultInfo::new(
        "par.500",
        "the pushed request endpoint fails: nobody may fall back to a plain request",
        Flow::Pushed,
        refuse("500"),
        &[Act::Instead(Point::Pushed, |_| Answer::text(500, "no\n"))],
    ),
];

type Parameters = Vec<(&'static str, String)>;

fn remove(parameters: &mut Parameters, name: &str) {
    parameters.retain(|(other, _)| *other != name);
}

fn set(parameters: &mut Parameters, name: &'static str, value: &str) {
    remove(parameters, name);
    parameters.push((name, value.to_owned()));
}
