//! What an app's registration must say: redirect URIs, platforms, grant and response types, PKCE.
//!
//! Numbers are for people: nothing in keyfob decides by them.

use crate::explain::{Code, DEVELOPER, Next, Row, YOU_OR_DEVELOPER};

/// The rows.
pub(in crate::explain) const ROWS: &[Row] = &[
    Row {
        code: Code::Number(50011),
        meaning: "the redirect URI of the request is not among those of the app's registration",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Authentication > Add a platform > \
             Mobile and desktop applications > http://localhost; the path must fit too: `keyfob \
             config show {profile}`",
        ),
        avoid: "put it under Web or Single-page application: the platform decides how the code is \
                redeemed",
    },
    Row {
        code: Code::Number(50147),
        meaning: "the PKCE challenge has the wrong size",
        fixers: DEVELOPER,
        next: Next::Step(
            "run `keyfob login {profile}` again; if it comes back, something between changed the \
             request: report it with the correlation id",
        ),
        avoid: "switch PKCE off",
    },
    Row {
        code: Code::Number(50194),
        meaning: "the app is for one tenant only, and the request went to `common`",
        fixers: DEVELOPER,
        next: Next::Run("keyfob config set {profile}.tenant TENANT"),
        avoid: "make the app multi-tenant to get past it",
    },
    Row {
        code: Code::Number(70003),
        meaning: "the app asked with a grant type that is not supported here",
        fixers: DEVELOPER,
        next: Next::Step(
            "leave the flow to keyfob with `keyfob config unset {profile}.flow`, then run `keyfob \
             login {profile}`",
        ),
        avoid: "use a password grant instead",
    },
    Row {
        code: Code::Number(70004),
        meaning: "the redirect URI of the request is not valid",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Authentication: compare it with \
             `keyfob config show {profile}`",
        ),
        avoid: "use `http://[::1]`: Entra takes no IPv6 address",
    },
    Row {
        code: Code::Number(70005),
        meaning: "the response type of the request is not supported, or not enabled for the app",
        fixers: DEVELOPER,
        next: Next::Step(
            "take `response_type` out of `{profile}.authorize` with `keyfob config show \
             {profile}`: the default, a code, always works",
        ),
        avoid: "switch implicit grants on",
    },
    Row {
        code: Code::Number(70007),
        meaning: "the response mode of the request is not supported together with this response \
                  type",
        fixers: DEVELOPER,
        next: Next::Run("keyfob config unset {profile}.response_mode"),
        avoid: "use `query` for tokens: Entra refuses it on purpose",
    },
    Row {
        code: Code::Number(90023),
        meaning: "the token request does not fit the platform of the redirect URI, or has a header \
                  that only web pages send",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Authentication: move \
             http://localhost from Single-page application to Mobile and desktop applications",
        ),
        avoid: "send an Origin header to get past it",
    },
    Row {
        code: Code::Number(500113),
        meaning: "the app's registration has no redirect URI at all",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Authentication > Add a platform > \
             Mobile and desktop applications > http://localhost",
        ),
        avoid: "put it under Web: that asks for a secret",
    },
    Row {
        code: Code::Number(501481),
        meaning: "the PKCE verifier does not fit the challenge of the sign-in",
        fixers: DEVELOPER,
        next: Next::Step(
            "run `keyfob login {profile}` again, alone: two sign-ins may have been mixed up",
        ),
        avoid: "reuse the code of another browser window",
    },
    Row {
        code: Code::Number(501491),
        meaning: "the PKCE verifier has the wrong size",
        fixers: DEVELOPER,
        next: Next::Step(
            "run `keyfob login {profile}` again; if it comes back, something between changed the \
             request: report it with the correlation id",
        ),
        avoid: "switch PKCE off",
    },
    Row {
        code: Code::Number(700051),
        meaning: "the app may not get tokens straight from the sign-in page, because that is not \
                  enabled for it",
        fixers: DEVELOPER,
        next: Next::Step(
            "let keyfob ask for a code, which is its default: `keyfob config show {profile}` names \
             what asks for more",
        ),
        avoid: "switch implicit grants on",
    },
    Row {
        code: Code::Number(700054),
        meaning: "the app may not get ID tokens straight from the sign-in page, because that is \
                  not enabled for it",
        fixers: DEVELOPER,
        next: Next::Step(
            "let keyfob ask for a code, which is its default: `keyfob config show {profile}` names \
             what asks for more",
        ),
        avoid: "switch implicit grants on: the code flow brings an ID token without it",
    },
    Row {
        code: Code::Number(900971),
        meaning: "the app's registration has no address to answer to",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Authentication > Add a platform > \
             Mobile and desktop applications > http://localhost",
        ),
        avoid: "put it under Web: that asks for a secret",
    },
    Row {
        code: Code::Number(9002325),
        meaning: "the platform of the redirect URI demands PKCE, and the request had none",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Authentication: move \
             http://localhost to Mobile and desktop applications; keyfob always sends PKCE, so \
             something between removed it",
        ),
        avoid: "switch PKCE off",
    },
    Row {
        code: Code::Number(9002326),
        meaning: "a code that was issued to a web page was redeemed from elsewhere: the redirect \
                  URI is under Single-page application",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Authentication: move \
             http://localhost from Single-page application to Mobile and desktop applications",
        ),
        avoid: "send an Origin header to get past it",
    },
    Row {
        code: Code::Number(9002327),
        meaning: "codes of a single-page application can be redeemed by web pages only: the \
                  redirect URI has the wrong platform",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Authentication: move \
             http://localhost from Single-page application to Mobile and desktop applications",
        ),
        avoid: "send an Origin header to get past it: refresh tokens would live a day only",
    },
    Row {
        code: Code::Number(9002332),
        meaning: "the app admits work and school accounts only, and a personal account was to sign \
                  in",
        fixers: YOU_OR_DEVELOPER,
        next: Next::Run("keyfob login {profile} --prompt select_account"),
        avoid: "use `consumers` or `common` with this app",
    },
];
