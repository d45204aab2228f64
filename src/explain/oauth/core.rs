//! The errors of RFC 6749, RFC 6750 and OpenID Connect Core.
//!
//! Data only: what follows from an error is decided elsewhere.

use crate::explain::{Code, DEVELOPER, NOBODY, Next, Row, YOU, YOU_OR_ADMIN, YOU_OR_DEVELOPER};

/// The rows.
pub(in crate::explain) const ROWS: &[Row] = &[
    Row {
        code: Code::Name("invalid_request"),
        meaning: "the provider could not read the request: a parameter is missing, doubled, \
                  malformed, or not known to it",
        fixers: YOU_OR_DEVELOPER,
        next: Next::Step(
            "compare the profile's settings, `authorize` parameters above all, with the provider's \
             documents: `keyfob config show {profile}`",
        ),
        avoid: "retry: the same request gets the same answer",
    },
    Row {
        code: Code::Name("invalid_client"),
        meaning: "the client could not prove who it is, or the provider does not know it",
        fixers: DEVELOPER,
        next: Next::Step(
            "check `client_id`, and where the secret comes from, with `keyfob config show \
             {profile}`",
        ),
        avoid: "sign in again before that: people are not at fault",
    },
    Row {
        code: Code::Name("invalid_grant"),
        meaning: "the code or the refresh token is no longer good: used, expired, revoked, or \
                  issued to another client",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: most providers give the same answer for good",
    },
    Row {
        code: Code::Name("unauthorized_client"),
        meaning: "this client may not use this way of signing in",
        fixers: DEVELOPER,
        next: Next::Step(
            "ask whoever registered the client to allow this grant type for it, or choose another \
             with `keyfob config set {profile}.flow browser`",
        ),
        avoid: "sign in with another account: the client is what is refused",
    },
    Row {
        code: Code::Name("unsupported_grant_type"),
        meaning: "the provider does not offer this way of getting a token",
        fixers: DEVELOPER,
        next: Next::Step(
            "choose another with `keyfob config set {profile}.flow browser`, or ask who runs the \
             provider to switch it on",
        ),
        avoid: "retry: the same request gets the same answer",
    },
    Row {
        code: Code::Name("invalid_scope"),
        meaning: "a scope is unknown to the provider, malformed, or not allowed for this client",
        fixers: YOU_OR_DEVELOPER,
        next: Next::Step(
            "compare the scopes of `keyfob config show {profile}` with what the provider offers \
             the client",
        ),
        avoid: "ask for more scopes to find one that works",
    },
    Row {
        code: Code::Name("access_denied"),
        meaning: "the person, or the provider's rules, said no",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "run `keyfob login {profile}` and agree; if nobody declined, ask the provider's admin \
             whether the account may use this client",
        ),
        avoid: "retry without a person: no is an answer",
    },
    Row {
        code: Code::Name("unsupported_response_type"),
        meaning: "the provider gives this client no code at the sign-in page",
        fixers: DEVELOPER,
        next: Next::Step(
            "ask whoever registered the client to allow the authorization code flow \
             (`response_type=code`)",
        ),
        avoid: "switch implicit grants on",
    },
    Row {
        code: Code::Name("server_error"),
        meaning: "the provider failed",
        fixers: NOBODY,
        next: Next::Step("wait a minute, then run `keyfob login {profile}`"),
        avoid: "sign in over and over: the session is not at fault",
    },
    Row {
        code: Code::Name("temporarily_unavailable"),
        meaning: "the provider is overloaded or under maintenance",
        fixers: NOBODY,
        next: Next::Step("wait a few minutes, then run `keyfob token {profile}`"),
        avoid: "retry at once: wait longer each time",
    },
    Row {
        code: Code::Name("invalid_token"),
        meaning: "the API does not take the access token: expired, revoked, damaged, or meant for \
                  another API",
        fixers: YOU_OR_DEVELOPER,
        next: Next::Run("keyfob token {profile} --renew"),
        avoid: "send the same token again; if a fresh one fails too, compare its `aud` with the \
                API by `keyfob inspect {profile}`",
    },
    Row {
        code: Code::Name("insufficient_scope"),
        meaning: "the access token lacks a scope that the API wants for this",
        fixers: YOU_OR_DEVELOPER,
        next: Next::Step(
            "ask for it, as in `keyfob token {profile} --scope 'SCOPE'`, or add it to the \
             profile's `scopes` and run `keyfob login {profile}`",
        ),
        avoid: "renew the token as it is: it gets the same scopes again",
    },
    Row {
        code: Code::Name("interaction_required"),
        meaning: "the provider will not go on without a person",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: it ends the same way each time",
    },
    Row {
        code: Code::Name("login_required"),
        meaning: "the provider wants a person to sign in again",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: it ends the same way each time",
    },
    Row {
        code: Code::Name("account_selection_required"),
        meaning: "several accounts are signed in at the provider, and a person must choose one",
        fixers: YOU,
        next: Next::Run("keyfob login {profile} --prompt select_account"),
        avoid: "retry without a person: nobody else can choose",
    },
    Row {
        code: Code::Name("consent_required"),
        meaning: "the person, or an admin, must first agree to what this client asks for",
        fixers: YOU_OR_ADMIN,
        next: Next::Run("keyfob login {profile} --prompt consent"),
        avoid: "retry the refresh: a consent cannot be given without a person",
    },
    Row {
        code: Code::Name("invalid_request_uri"),
        meaning: "the `request_uri` of the request points to nothing that the provider can use, or \
                  has expired",
        fixers: DEVELOPER,
        next: Next::Step(
            "run `keyfob login {profile}` anew: a pushed request lives for a minute or so",
        ),
        avoid: "open an old sign-in address again",
    },
    Row {
        code: Code::Name("invalid_request_object"),
        meaning: "the signed request is not valid: its signature, its audience or its time is \
                  wrong",
        fixers: DEVELOPER,
        next: Next::Step(
            "check with whoever registered the client which key and algorithm requests must be \
             signed with",
        ),
        avoid: "send the same request without a signature if the provider demands one",
    },
    Row {
        code: Code::Name("request_not_supported"),
        meaning: "the provider takes no `request` parameter",
        fixers: DEVELOPER,
        next: Next::Run("keyfob config unset {profile}.authorize.request"),
        avoid: "keep a `request` among the profile's `authorize` parameters",
    },
    Row {
        code: Code::Name("request_uri_not_supported"),
        meaning: "the provider takes no `request_uri` parameter",
        fixers: DEVELOPER,
        next: Next::Run("keyfob config unset {profile}.authorize.request_uri"),
        avoid: "keep a `request_uri` among the profile's `authorize` parameters",
    },
    Row {
        code: Code::Name("registration_not_supported"),
        meaning: "the provider takes no `registration` parameter",
        fixers: DEVELOPER,
        next: Next::Run("keyfob config unset {profile}.authorize.registration"),
        avoid: "keep a `registration` among the profile's `authorize` parameters",
    },
    Row {
        code: Code::Name("unmet_authentication_requirements"),
        meaning: "the sign-in could not be of the kind that was asked for",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "sign in with a stronger method by `keyfob login {profile} --prompt login`, or ask the \
             provider's admin which methods the account may use",
        ),
        avoid: "weaken what the API demands",
    },
];
