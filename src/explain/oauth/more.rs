//! The errors of the other standards: device codes, proof of possession, pushed and signed
//! requests, registration, revocation, step-up.
//!
//! Data only: what follows from an error is decided elsewhere.

use crate::explain::{
    ADMIN, Code, DEVELOPER, DEVELOPER_OR_ADMIN, NOBODY, Next, Row, YOU, YOU_OR_DEVELOPER,
    YOU_OR_NOBODY,
};

/// The rows.
pub(in crate::explain) const ROWS: &[Row] = &[
    Row {
        code: Code::Name("authorization_pending"),
        meaning: "the person has not finished the sign-in on the other device yet",
        fixers: YOU_OR_NOBODY,
        next: Next::Step("open the address that was shown, type the code and sign in"),
        avoid: "begin anew: the waiting goes on by itself",
    },
    Row {
        code: Code::Name("slow_down"),
        meaning: "the provider is asked too often whether the person has finished",
        fixers: NOBODY,
        next: Next::Step("wait: keyfob asks more slowly by itself"),
        avoid: "start a second sign-in beside it",
    },
    Row {
        code: Code::Name("expired_token"),
        meaning: "the device code was not confirmed in time",
        fixers: YOU,
        next: Next::Run("keyfob login {profile} --device"),
        avoid: "type the old code again",
    },
    Row {
        code: Code::Name("invalid_target"),
        meaning: "the provider does not know the resource or the audience that the token shall be \
                  for, or this client may not have it",
        fixers: YOU_OR_DEVELOPER,
        next: Next::Step(
            "check the profile's `resource` and `audience` with `keyfob config show {profile}`",
        ),
        avoid: "drop the audience to get any token: the API would refuse it",
    },
    Row {
        code: Code::Name("invalid_dpop_proof"),
        meaning: "the proof that the sender has the token's key is not valid: its key, address, \
                  time or signature is wrong",
        fixers: YOU_OR_DEVELOPER,
        next: Next::Step("set this machine's clock, then run `keyfob login {profile}`"),
        avoid: "reuse a proof: each request needs its own",
    },
    Row {
        code: Code::Name("use_dpop_nonce"),
        meaning: "the provider or the API wants the proof of possession made again with the nonce \
                  that it just sent",
        fixers: YOU_OR_DEVELOPER,
        next: Next::Step(
            "send the request again with the `DPoP-Nonce` header's value as `nonce` in a new proof",
        ),
        avoid: "reuse the old proof or an old nonce",
    },
    Row {
        code: Code::Name("insufficient_user_authentication"),
        meaning: "the API wants a sign-in that is newer or stronger than the one behind the token",
        fixers: YOU,
        next: Next::Step(
            "pass the API's header on: `keyfob token {profile} --claims-challenge -`, then `keyfob \
             login {profile}` if a person is needed",
        ),
        avoid: "renew the token as it is: a refresh cannot change the sign-in",
    },
    Row {
        code: Code::Name("unsupported_token_type"),
        meaning: "the provider cannot revoke this kind of token",
        fixers: YOU_OR_NOBODY,
        next: Next::Step(
            "run `keyfob logout {profile}`: the session here is forgotten, and the token ends by \
             itself",
        ),
        avoid: "retry: the provider gives the same answer",
    },
    Row {
        code: Code::Name("invalid_redirect_uri"),
        meaning: "a redirect URI of the registration is not allowed",
        fixers: DEVELOPER,
        next: Next::Step(
            "register `http://localhost` or `http://127.0.0.1` as a native app's redirect URI (RFC \
             8252)",
        ),
        avoid: "register an address that others can receive",
    },
    Row {
        code: Code::Name("invalid_client_metadata"),
        meaning: "a field of the client's registration is not allowed",
        fixers: DEVELOPER,
        next: Next::Step(
            "compare the registration with what the provider supports: grant types, response \
             types, authentication method",
        ),
        avoid: "send the same registration again",
    },
    Row {
        code: Code::Name("invalid_software_statement"),
        meaning: "the software statement of the registration is not valid",
        fixers: DEVELOPER,
        next: Next::Step(
            "get a fresh software statement from whoever issues it, and check its issuer and time",
        ),
        avoid: "edit a signed statement",
    },
    Row {
        code: Code::Name("unapproved_software_statement"),
        meaning: "the provider does not approve of this software statement",
        fixers: DEVELOPER_OR_ADMIN,
        next: Next::Step("ask who runs the provider to approve its issuer"),
        avoid: "register without it under another name",
    },
    Row {
        code: Code::Name("invalid_authorization_details"),
        meaning: "the `authorization_details` of the request are of an unknown type, or malformed",
        fixers: DEVELOPER,
        next: Next::Step(
            "compare them with the provider's documents: `keyfob config show {profile}` lists the \
             `authorize` parameters",
        ),
        avoid: "retry: the same request gets the same answer",
    },
    Row {
        code: Code::Name("redirect_uri_mismatch"),
        meaning: "the redirect URI of the request is not registered for this client",
        fixers: DEVELOPER,
        next: Next::Step(
            "register the redirect URI that `keyfob config show {profile}` makes, as a native or \
             desktop app",
        ),
        avoid: "register a web app's address in its place",
    },
    Row {
        code: Code::Name("admin_policy_enforced"),
        meaning: "the organisation's admin does not let this client ask for these scopes",
        fixers: ADMIN,
        next: Next::Step("ask the organisation's admin to trust this client id: {client}"),
        avoid: "split the scopes over several sign-ins",
    },
    Row {
        code: Code::Name("org_internal"),
        meaning: "the client is for people of its own organisation only",
        fixers: YOU_OR_DEVELOPER,
        next: Next::Run("keyfob login {profile} --prompt select_account"),
        avoid: "publish the client to get past it",
    },
    Row {
        code: Code::Name("mfa_required"),
        meaning: "the provider wants a second factor",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: it cannot add a second factor",
    },
];
