//! Entra's own values of `error`.
//!
//! Data only: what follows from an error is decided elsewhere.

use crate::explain::{Code, DEVELOPER, DEVELOPER_OR_ADMIN, Next, Row, YOU};

/// The rows.
pub(in crate::explain) const ROWS: &[Row] = &[
    Row {
        code: Code::Name("authorization_declined"),
        meaning: "the person declined the sign-in on the other device",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "ask again without a word: no is an answer",
    },
    Row {
        code: Code::Name("bad_verification_code"),
        meaning: "the provider does not know this device code",
        fixers: YOU,
        next: Next::Run("keyfob login {profile} --device"),
        avoid: "reuse a device code",
    },
    Row {
        code: Code::Name("invalid_resource"),
        meaning: "the resource is not known in this tenant, or is not set up for this app",
        fixers: DEVELOPER_OR_ADMIN,
        next: Next::Step(
            "check the prefix of each scope, and the tenant, with `keyfob config show {profile}`",
        ),
        avoid: "retry: the same request gets the same answer",
    },
    Row {
        code: Code::Name("invalid_instance"),
        meaning: "the host is none of Entra's, or not of this cloud",
        fixers: DEVELOPER,
        next: Next::Step("check `tenant` and `cloud` with `keyfob config show {profile}`"),
        avoid: "switch the check of the authority off",
    },
    Row {
        code: Code::Name("insufficient_claims"),
        meaning: "the API wants claims in the token that it does not have: a stronger sign-in, or \
                  a newer token",
        fixers: YOU,
        next: Next::Step(
            "pass the API's header on: `keyfob token {profile} --claims-challenge -`, then `keyfob \
             login {profile}` if a person is needed",
        ),
        avoid: "send the same token again: only one that was asked for with these claims helps",
    },
];
