//! What is the service's own fault, or a request's bad shape.
//!
//! Numbers are for people: nothing in keyfob decides by them.

use crate::explain::{
    ADMIN, Code, DEVELOPER, DEVELOPER_OR_NOBODY, NOBODY, NOBODY_OR_ADMIN, Next, Row,
};

/// The rows.
pub(in crate::explain) const ROWS: &[Row] = &[
    Row {
        code: Code::Number(40008),
        meaning: "the federated identity provider answered with an error of its own",
        fixers: NOBODY_OR_ADMIN,
        next: Next::Step(
            "wait a minute and run `keyfob login {profile}`; if it goes on, give the tenant's \
             admin the correlation id",
        ),
        avoid: "change the app: the other provider is at fault",
    },
    Row {
        code: Code::Number(40009),
        meaning: "the federated identity provider refused the refresh",
        fixers: NOBODY_OR_ADMIN,
        next: Next::Step(
            "run `keyfob login {profile}`; if it goes on, give the tenant's admin the correlation \
             id",
        ),
        avoid: "retry the refresh: the other provider must be asked by a person",
    },
    Row {
        code: Code::Number(40010),
        meaning: "the federated identity provider failed and could be asked again",
        fixers: NOBODY_OR_ADMIN,
        next: Next::Step(
            "wait a minute and run `keyfob login {profile}`; if it goes on, give the tenant's \
             admin the correlation id",
        ),
        avoid: "change the app: the other provider is at fault",
    },
    Row {
        code: Code::Number(40011),
        meaning: "the federated identity provider reported an error with a retry",
        fixers: NOBODY_OR_ADMIN,
        next: Next::Step(
            "wait a minute and run `keyfob login {profile}`; if it goes on, give the tenant's \
             admin the correlation id",
        ),
        avoid: "retry at once: wait longer each time",
    },
    Row {
        code: Code::Number(40012),
        meaning: "the federated identity provider sent a response that is an error",
        fixers: NOBODY_OR_ADMIN,
        next: Next::Step(
            "wait a minute and run `keyfob login {profile}`; if it goes on, give the tenant's \
             admin the correlation id",
        ),
        avoid: "change the app: the other provider is at fault",
    },
    Row {
        code: Code::Number(40013),
        meaning: "the federated identity provider sent something that Entra could not use",
        fixers: NOBODY_OR_ADMIN,
        next: Next::Step(
            "wait a minute and run `keyfob login {profile}`; if it goes on, give the tenant's \
             admin the correlation id",
        ),
        avoid: "change the app: the other provider is at fault",
    },
    Row {
        code: Code::Number(40014),
        meaning: "the federated identity provider could not be reached or did not finish",
        fixers: NOBODY_OR_ADMIN,
        next: Next::Step(
            "wait a minute and run `keyfob login {profile}`; if it goes on, give the tenant's \
             admin the correlation id",
        ),
        avoid: "change the app: the other provider is at fault",
    },
    Row {
        code: Code::Number(40015),
        meaning: "the federated identity provider refused the code of the sign-in",
        fixers: NOBODY_OR_ADMIN,
        next: Next::Step(
            "wait a minute and run `keyfob login {profile}`; if it goes on, give the tenant's \
             admin the correlation id",
        ),
        avoid: "change the app: the other provider is at fault",
    },
    Row {
        code: Code::Number(50029),
        meaning: "an address in the request has characters that are not allowed",
        fixers: DEVELOPER,
        next: Next::Step(
            "look for blanks and odd characters in the addresses of `keyfob config show {profile}`",
        ),
        avoid: "percent-encode a setting by hand: keyfob does",
    },
    Row {
        code: Code::Number(50033),
        meaning: "a part of Entra failed for a moment",
        fixers: NOBODY,
        next: Next::Step(
            "wait a minute, then run `keyfob token {profile}`; if it goes on, see \
             https://status.entra.microsoft.com",
        ),
        avoid: "sign in again: the session is not at fault",
    },
    Row {
        code: Code::Number(50192),
        meaning: "the request is not valid",
        fixers: DEVELOPER,
        next: Next::Step(
            "run `keyfob login {profile} --verbose` and compare what is asked for with `keyfob \
             config show {profile}`",
        ),
        avoid: "retry: the same request gets the same answer",
    },
    Row {
        code: Code::Number(70012),
        meaning: "the part of Microsoft that serves personal accounts failed for a moment",
        fixers: NOBODY,
        next: Next::Step(
            "wait a minute, then run `keyfob token {profile}`; if it goes on, see \
             https://status.entra.microsoft.com",
        ),
        avoid: "sign in again: the session is not at fault",
    },
    Row {
        code: Code::Number(80013),
        meaning: "the clock of an on-premises authentication agent is off",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin to set the clock of the machine that runs the authentication \
             agent",
        ),
        avoid: "change your own clock: the agent's is off",
    },
    Row {
        code: Code::Number(90006),
        meaning: "Entra failed for a moment",
        fixers: NOBODY,
        next: Next::Step(
            "wait a minute, then run `keyfob token {profile}`; if it goes on, see \
             https://status.entra.microsoft.com",
        ),
        avoid: "sign in again: the session is not at fault",
    },
    Row {
        code: Code::Number(90012),
        meaning: "the request took Entra too long",
        fixers: NOBODY,
        next: Next::Step(
            "wait a minute, then run `keyfob token {profile}`; if it goes on, see \
             https://status.entra.microsoft.com",
        ),
        avoid: "retry at once: wait longer each time",
    },
    Row {
        code: Code::Number(90013),
        meaning: "something in the request is not what it should be",
        fixers: DEVELOPER,
        next: Next::Step("compare what is asked for with `keyfob config show {profile}`"),
        avoid: "retry: the same request gets the same answer",
    },
    Row {
        code: Code::Number(90014),
        meaning: "a parameter that is required is missing in the request",
        fixers: DEVELOPER,
        next: Next::Step(
            "see which one the message names, and compare with `keyfob config show {profile}`",
        ),
        avoid: "retry: the same request gets the same answer",
    },
    Row {
        code: Code::Number(90015),
        meaning: "the address of the request is too long",
        fixers: DEVELOPER,
        next: Next::Step("ask for fewer scopes: `keyfob config show {profile}`"),
        avoid: "retry: the same request gets the same answer",
    },
    Row {
        code: Code::Number(90024),
        meaning: "Entra is too busy for this request",
        fixers: NOBODY,
        next: Next::Step(
            "wait a minute, then run `keyfob token {profile}`; if it goes on, see \
             https://status.entra.microsoft.com",
        ),
        avoid: "retry at once: wait longer each time",
    },
    Row {
        code: Code::Number(90025),
        meaning: "a part of Entra is too busy for this request",
        fixers: NOBODY,
        next: Next::Step(
            "wait a minute, then run `keyfob token {profile}`; if it goes on, see \
             https://status.entra.microsoft.com",
        ),
        avoid: "retry at once: wait longer each time",
    },
    Row {
        code: Code::Number(90033),
        meaning: "a part of Entra is not available for a moment",
        fixers: NOBODY,
        next: Next::Step(
            "wait a minute, then run `keyfob token {profile}`; if it goes on, see \
             https://status.entra.microsoft.com",
        ),
        avoid: "sign in again: the session is not at fault",
    },
    Row {
        code: Code::Number(90036),
        meaning: "something unexpected happened at Entra while it answered this request",
        fixers: DEVELOPER_OR_NOBODY,
        next: Next::Step(
            "wait a minute and run `keyfob login {profile}`; if it comes back, give support the \
             trace id and the time",
        ),
        avoid: "retry in a loop",
    },
    Row {
        code: Code::Number(90055),
        meaning: "this client or this tenant asks too often (HTTP 429)",
        fixers: NOBODY,
        next: Next::Step("wait as long as `Retry-After` says, then run `keyfob token {profile}`"),
        avoid: "retry at once: each request lengthens the pause",
    },
    Row {
        code: Code::Number(90056),
        meaning: "the endpoint was called with the wrong HTTP method, as when something between \
                  follows a redirect or opens the address",
        fixers: DEVELOPER,
        next: Next::Step(
            "check for a proxy that rewrites requests (`keyfob login {profile} --verbose` names \
             it), then try again",
        ),
        avoid: "open a token endpoint in a browser",
    },
    Row {
        code: Code::Number(90090),
        meaning: "Entra could not read the app's permissions at Graph",
        fixers: NOBODY_OR_ADMIN,
        next: Next::Step(
            "wait a minute, then run `keyfob token {profile}`; if it goes on, see \
             https://status.entra.microsoft.com",
        ),
        avoid: "change the permissions before it was tried again",
    },
    Row {
        code: Code::Number(90123),
        meaning: "the token cannot be passed on in this way",
        fixers: DEVELOPER,
        next: Next::Step("run `keyfob login {profile}` and use the tokens of that sign-in"),
        avoid: "move tokens between apps or machines",
    },
    Row {
        code: Code::Number(230109),
        meaning: "Entra's backup sign-in service answered, and it does not serve this kind of \
                  request",
        fixers: NOBODY_OR_ADMIN,
        next: Next::Step(
            "wait a minute, then run `keyfob token {profile}`; if it goes on, see \
             https://status.entra.microsoft.com",
        ),
        avoid: "sign in again: the session is not at fault",
    },
    Row {
        code: Code::Number(900144),
        meaning: "the body of the request lacks a parameter, as when it is not form-encoded or a \
                  proxy emptied it",
        fixers: DEVELOPER,
        next: Next::Step(
            "see which one the message names; `keyfob token {profile} --verbose` shows what is \
             done",
        ),
        avoid: "move parameters to the address: secrets end up in logs there",
    },
    Row {
        code: Code::Number(900561),
        meaning: "the endpoint takes POST only and got a GET, as when a proxy or a redirect \
                  changed the request",
        fixers: DEVELOPER,
        next: Next::Step(
            "check for a proxy that rewrites requests (`keyfob login {profile} --verbose` names \
             it), then try again",
        ),
        avoid: "open a token endpoint in a browser",
    },
    Row {
        code: Code::Number(1000031),
        meaning: "the app could not be read in the tenant's directory at this moment",
        fixers: NOBODY_OR_ADMIN,
        next: Next::Step(
            "wait a minute, then run `keyfob token {profile}`; if it goes on, see \
             https://status.entra.microsoft.com",
        ),
        avoid: "delete the app: it may only be that the directory is behind",
    },
    Row {
        code: Code::Number(9002313),
        meaning: "the request is malformed: a parameter is missing, doubled or not encoded",
        fixers: DEVELOPER,
        next: Next::Step(
            "compare what is asked for with `keyfob config show {profile}`; `authorize` parameters \
             are the likely cause",
        ),
        avoid: "retry: the same request gets the same answer",
    },
];
