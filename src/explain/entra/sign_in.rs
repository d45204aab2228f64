//! What stands between a person and a session: an account to choose, a second factor, a session
//! that is over.
//!
//! Numbers are for people: nothing in keyfob decides by them.

use crate::explain::{ADMIN, Code, Next, Row, YOU, YOU_OR_DEVELOPER, YOU_OR_NOBODY};

/// The rows.
pub(in crate::explain) const ROWS: &[Row] = &[
    Row {
        code: Code::Number(16000),
        meaning: "several accounts are signed in at Microsoft and it cannot tell which is meant, \
                  or the one chosen does not exist in this tenant",
        fixers: YOU,
        next: Next::Run("keyfob login {profile} --prompt select_account"),
        avoid: "renew again and again: without a person Entra gives the same answer",
    },
    Row {
        code: Code::Number(50058),
        meaning: "a silent sign-in was asked for, but the browser has no session at Microsoft",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "send `prompt=none`: it can never bring up the sign-in page",
    },
    Row {
        code: Code::Number(50072),
        meaning: "this account must enrol a second factor before it may go on",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "use a password grant or a device code: the enrolment page needs a browser",
    },
    Row {
        code: Code::Number(50074),
        meaning: "a second factor is required for this request, and the session has none",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: it cannot add a second factor",
    },
    Row {
        code: Code::Number(50076),
        meaning: "the tenant wants a second factor for this resource or from this place, and the \
                  sign-in had none",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh and do not delete the session: it may still serve other \
                resources",
    },
    Row {
        code: Code::Number(50078),
        meaning: "the second factor of this session has expired under the tenant's rules",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: only a new second factor helps",
    },
    Row {
        code: Code::Number(50079),
        meaning: "the account must enrol for a second factor, because an administrator or a new \
                  place asks for it",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "use a device code: the enrolment page needs a full browser",
    },
    Row {
        code: Code::Number(50085),
        meaning: "the refresh token belongs to an account of a social provider, and that provider \
                  must be asked again",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry: this refresh token does not work without that sign-in",
    },
    Row {
        code: Code::Number(50088),
        meaning: "Microsoft has sent too many calls or messages for second factors to this \
                  telephone lately",
        fixers: YOU_OR_NOBODY,
        next: Next::Step(
            "wait an hour, or use an authenticator app, then run `keyfob login {profile}`",
        ),
        avoid: "ask for more codes: each one lengthens the wait",
    },
    Row {
        code: Code::Number(50089),
        meaning: "the sign-in page stood open too long and its flow token expired",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "go back in the browser: the old page stays dead",
    },
    Row {
        code: Code::Number(50125),
        meaning: "the sign-in was interrupted because the account must register for password reset \
                  or change its password",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "use a device code on a second machine: the page may refuse to finish there",
    },
    Row {
        code: Code::Number(50132),
        meaning: "the session is no longer valid, because the password was changed or expired, or \
                  a policy ended it",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "restore an old token from a backup: it was revoked at the provider",
    },
    Row {
        code: Code::Number(50133),
        meaning: "the session was ended by a password change or by an administrator",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: this refresh token stays dead",
    },
    Row {
        code: Code::Number(50140),
        meaning: "the sign-in was interrupted by the question whether to stay signed in",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "close the browser before the page says that it is done",
    },
    Row {
        code: Code::Number(50143),
        meaning: "the signed-in session is of another tenant than the domain hint or the request \
                  names",
        fixers: YOU_OR_DEVELOPER,
        next: Next::Step(
            "run `keyfob config unset {profile}.authorize.domain_hint` if it is set, then `keyfob \
             login {profile} --prompt select_account`",
        ),
        avoid: "change the tenant of the profile to match the browser's session",
    },
    Row {
        code: Code::Number(50158),
        meaning: "an external second factor that the tenant has set up was not satisfied",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: the external provider must be visited in a browser",
    },
    Row {
        code: Code::Number(50161),
        meaning: "the claims from the external second-factor provider could not be validated",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin to check Entra admin center: Conditional Access > Custom \
             controls, or the external authentication method",
        ),
        avoid: "sign in again before that: the check fails the same way",
    },
    Row {
        code: Code::Number(50163),
        meaning: "Entra could not build the claims request for the external claims provider",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin to check Entra admin center: Conditional Access > Custom \
             controls, or the external authentication method",
        ),
        avoid: "change the app: it has no part in this exchange",
    },
    Row {
        code: Code::Number(50173),
        meaning: "the refresh token is dead, since sessions were revoked or the password changed \
                  after it was issued",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: this refresh token stays dead",
    },
    Row {
        code: Code::Number(50199),
        meaning: "Microsoft wants the person to confirm that they meant to sign in to this app",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "confirm a sign-in that you did not begin yourself",
    },
    Row {
        code: Code::Number(51006),
        meaning: "the tenant wants a fresh sign-in with a stronger method than the browser's \
                  session had",
        fixers: YOU,
        next: Next::Run("keyfob login {profile} --prompt login"),
        avoid: "retry the refresh: it cannot make the sign-in stronger",
    },
    Row {
        code: Code::Number(70020),
        meaning: "the request needs a person at a sign-in page",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: it ends the same way each time",
    },
    Row {
        code: Code::Number(70043),
        meaning: "the session is older than the tenant's sign-in frequency allows",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "look for a longer token: the tenant's admin sets this time",
    },
    Row {
        code: Code::Number(70044),
        meaning: "the session has expired or was ended by the tenant's sign-in frequency rule",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "look for a longer token: the tenant's admin sets this time",
    },
    Row {
        code: Code::Number(500121),
        meaning: "the second factor was refused, ran out of time, or was not answered",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "approve a request that you did not cause: deny and report it",
    },
    Row {
        code: Code::Number(700020),
        meaning: "Entra cannot go on without a person",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: it ends the same way each time",
    },
];
