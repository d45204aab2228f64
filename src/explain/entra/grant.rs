//! What becomes of codes, refresh tokens and device codes.
//!
//! Numbers are for people: nothing in keyfob decides by them.

use crate::explain::{Code, DEVELOPER_OR_NOBODY, Next, Row, YOU, YOU_OR_DEVELOPER, YOU_OR_NOBODY};

/// The rows.
pub(in crate::explain) const ROWS: &[Row] = &[
    Row {
        code: Code::Number(50134),
        meaning: "the device code was typed in at another data centre than the one that issued it",
        fixers: YOU,
        next: Next::Run("keyfob login {profile} --device"),
        avoid: "type the old code again",
    },
    Row {
        code: Code::Number(50196),
        meaning: "the same client asked for the same so often that Entra takes it for a loop",
        fixers: DEVELOPER_OR_NOBODY,
        next: Next::Step(
            "stop whatever asks in a loop, wait five minutes, then run `keyfob token {profile}` \
             once",
        ),
        avoid: "retry: each request lengthens the pause",
    },
    Row {
        code: Code::Number(54005),
        meaning: "the sign-in's code was redeemed before, by somebody else or by a second request",
        fixers: YOU,
        next: Next::Step(
            "run `keyfob login {profile}` again; if you did not cause two requests, treat it as an \
             attack and tell your security people the correlation id",
        ),
        avoid: "ignore it when it comes back: a code must never be seen by others",
    },
    Row {
        code: Code::Number(70000),
        meaning: "the grant is not valid: revoked, issued to another client or tenant, or damaged",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: it ends the same way each time",
    },
    Row {
        code: Code::Number(70008),
        meaning: "the code or the refresh token has expired, since it was not used for too long",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: an expired token stays expired",
    },
    Row {
        code: Code::Number(70016),
        meaning: "the device code waits for the person, who has not finished yet",
        fixers: YOU_OR_NOBODY,
        next: Next::Step("open the address that was shown, type the code and sign in"),
        avoid: "begin anew: the waiting goes on by itself",
    },
    Row {
        code: Code::Number(70018),
        meaning: "the code that was typed in is wrong",
        fixers: YOU,
        next: Next::Step(
            "type the code again as it is shown, or get a new one with `keyfob login {profile} \
             --device`",
        ),
        avoid: "type a code that somebody sent you",
    },
    Row {
        code: Code::Number(70019),
        meaning: "the code was not typed in in time (15 minutes)",
        fixers: YOU,
        next: Next::Run("keyfob login {profile} --device"),
        avoid: "type the old code again",
    },
    Row {
        code: Code::Number(90119),
        meaning: "the code that was typed in is misspelt",
        fixers: YOU,
        next: Next::Step(
            "type the code again as it is shown, or get a new one with `keyfob login {profile} \
             --device`",
        ),
        avoid: "type a code that somebody sent you",
    },
    Row {
        code: Code::Number(90120),
        meaning: "the device sign-in is in a state in which it cannot go on",
        fixers: YOU,
        next: Next::Run("keyfob login {profile} --device"),
        avoid: "go back in the browser: begin anew",
    },
    Row {
        code: Code::Number(700005),
        meaning: "the code or the token was issued for another tenant than the one it is used at",
        fixers: YOU_OR_DEVELOPER,
        next: Next::Step(
            "run `keyfob login {profile}`; compare the tenant with `keyfob config show {profile}`",
        ),
        avoid: "use one code at two tenants",
    },
    Row {
        code: Code::Number(700082),
        meaning: "the refresh token has expired, since it was not used for too long (90 days as a \
                  rule)",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: an expired token stays expired",
    },
    Row {
        code: Code::Number(700084),
        meaning: "the refresh token was issued to a single-page application and lives a day at \
                  most",
        fixers: YOU_OR_DEVELOPER,
        next: Next::Step(
            "run `keyfob login {profile}`; to make it last, Entra admin center: App registrations \
             > the app > Authentication: move http://localhost from Single-page application to \
             Mobile and desktop applications",
        ),
        avoid: "refresh more often: the day is counted from the sign-in",
    },
];
