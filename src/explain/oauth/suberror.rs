//! The values of `suberror` beside Entra's errors.
//!
//! Data only: what follows from an error is decided elsewhere.

use crate::explain::{ADMIN, Code, Next, Row, YOU, YOU_OR_ADMIN, YOU_OR_DEVELOPER};

/// The rows.
pub(in crate::explain) const ROWS: &[Row] = &[
    Row {
        code: Code::Suberror("basic_action"),
        meaning: "a person can solve this at the sign-in page",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: a person is needed",
    },
    Row {
        code: Code::Suberror("additional_action"),
        meaning: "a person must do something outside the sign-in page first, such as enrol or mend \
                  a device, and then try again",
        fixers: YOU_OR_ADMIN,
        next: Next::Step("do what the provider's message says, then run `keyfob login {profile}`"),
        avoid: "retry before that was done",
    },
    Row {
        code: Code::Suberror("message_only"),
        meaning: "there is no way out at the sign-in page: the provider only says why",
        fixers: ADMIN,
        next: Next::Step(
            "read the provider's message, and give it with the correlation id to the tenant's \
             admin",
        ),
        avoid: "sign in again: it ends at the same message",
    },
    Row {
        code: Code::Suberror("consent_required"),
        meaning: "a consent is missing, which a person or an admin must give",
        fixers: YOU_OR_ADMIN,
        next: Next::Run("keyfob login {profile} --prompt consent"),
        avoid: "retry the refresh: a consent cannot be given without a person",
    },
    Row {
        code: Code::Suberror("user_password_expired"),
        meaning: "the password has expired and must be changed first",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "use a device code for this: change the password in a browser",
    },
    Row {
        code: Code::Suberror("bad_token"),
        meaning: "the refresh token cannot be used any more",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: this refresh token stays dead",
    },
    Row {
        code: Code::Suberror("token_expired"),
        meaning: "the refresh token has expired",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "retry the refresh: an expired token stays expired",
    },
    Row {
        code: Code::Suberror("client_mismatch"),
        meaning: "the refresh token belongs to another client, or to another family of clients",
        fixers: YOU_OR_DEVELOPER,
        next: Next::Run("keyfob login {profile}"),
        avoid: "move refresh tokens between apps",
    },
    Row {
        code: Code::Suberror("protection_policy_required"),
        meaning: "the tenant admits only apps that enforce its protection rules (Intune), and this \
                  one cannot",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin to exclude this app: Entra admin center: Conditional Access > \
             the policy > Target resources",
        ),
        avoid: "sign in again: a command-line program cannot enforce those rules",
    },
    Row {
        code: Code::Suberror("device_authentication_failed"),
        meaning: "the proof of the device failed, or the device is not known",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "run `keyfob login {profile}` in the browser that is signed in with the work account, \
             on a joined machine",
        ),
        avoid: "use `--device`: a device code can never prove a device",
    },
];
