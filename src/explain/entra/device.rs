//! What a device, a place, a risk or a policy of the tenant stands in the way of.
//!
//! Numbers are for people: nothing in keyfob decides by them.

use crate::explain::{ADMIN, Code, Next, Row, YOU_OR_ADMIN};

/// The rows.
pub(in crate::explain) const ROWS: &[Row] = &[
    Row {
        code: Code::Number(50005),
        meaning: "the sign-in comes from a platform that the tenant's policies do not allow",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "sign in from a platform that your organisation supports, with `keyfob login \
             {profile}`",
        ),
        avoid: "pretend to be another browser: the policy looks at more than the name",
    },
    Row {
        code: Code::Number(50097),
        meaning: "the tenant wants proof that the device is known to it",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "run `keyfob login {profile}` on a machine that is joined to the organisation, in the \
             browser that knows its account",
        ),
        avoid: "use `--device`: a device code can never prove a device",
    },
    Row {
        code: Code::Number(50127),
        meaning: "the tenant wants a broker app on this device (Authenticator or Company Portal), \
                  and none is there",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "install the broker app of your platform, sign in to it, then run `keyfob login \
             {profile}`",
        ),
        avoid: "use `--device`: a device code can never prove a device",
    },
    Row {
        code: Code::Number(50129),
        meaning: "the device is not joined to the organisation, and the tenant requires that",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "join the machine in its settings (Work or school account), then run `keyfob login \
             {profile}`",
        ),
        avoid: "use `--device`: a device code can never prove a device",
    },
    Row {
        code: Code::Number(50131),
        meaning: "conditional access refused the sign-in for its place, its device or its time",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "sign in from your usual network and device with `keyfob login {profile}`, or ask the \
             tenant's admin with the correlation id",
        ),
        avoid: "retry from the same place: the policy gives the same answer",
    },
    Row {
        code: Code::Number(50155),
        meaning: "the proof of the device failed for this account",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "run `keyfob login {profile}` in the browser that is signed in with the work account, \
             or ask the tenant's admin to look at the device",
        ),
        avoid: "use `--device`: a device code can never prove a device",
    },
    Row {
        code: Code::Number(50187),
        meaning: "the service that proves devices could not vouch for this one",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "run `keyfob login {profile}` in the browser that is signed in with the work account, \
             or ask the tenant's admin to look at the device",
        ),
        avoid: "use `--device`: a device code can never prove a device",
    },
    Row {
        code: Code::Number(53000),
        meaning: "the device is known but does not comply with the organisation's rules",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "open Company Portal, let it check the device and mend what it names, then run `keyfob \
             login {profile}`",
        ),
        avoid: "use `--device`: the second device would have to comply as well and cannot show it",
    },
    Row {
        code: Code::Number(53001),
        meaning: "the device is not joined to the organisation's domain, and the policy requires \
                  that",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "run `keyfob login {profile}` on a joined machine, in a browser that is signed in with \
             the work account",
        ),
        avoid: "use `--device`: a device code can never prove a device",
    },
    Row {
        code: Code::Number(53002),
        meaning: "the policy admits approved client apps only, and this app is not one of them",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin: Entra admin center: Conditional Access > the policy named in \
             the sign-in log > Grant, or exclude this app",
        ),
        avoid: "borrow the client id of an approved app",
    },
    Row {
        code: Code::Number(53003),
        meaning: "a conditional access policy of the tenant blocks this sign-in or this renewal",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "run `keyfob login {profile}` with a browser on a managed device; if it is refused \
             again, give the tenant's admin the correlation id and the time: Entra admin center: \
             Sign-in logs > Conditional Access",
        ),
        avoid: "fall back to a device code, which many tenants block, and do not retry in a loop",
    },
    Row {
        code: Code::Number(53004),
        meaning: "the account must prove its second factor first, and the sign-in is too risky to \
                  let it",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin to look at Entra ID Protection > Risky users, or to issue a \
             Temporary Access Pass",
        ),
        avoid: "retry from a strange network: it raises the risk",
    },
    Row {
        code: Code::Number(53009),
        meaning: "the app must enforce the organisation's app protection rules (Intune), and this \
                  one does not",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin to exclude this app: Entra admin center: Conditional Access > \
             the policy > Target resources",
        ),
        avoid: "retry: a command-line program cannot enforce those rules",
    },
    Row {
        code: Code::Number(53010),
        meaning: "a second factor cannot be enrolled here, because the policy wants a trusted \
                  place or device for it",
        fixers: ADMIN,
        next: Next::Step(
            "enrol from the organisation's network at https://aka.ms/mfasetup, or ask the tenant's \
             admin for a Temporary Access Pass",
        ),
        avoid: "retry from the same network",
    },
    Row {
        code: Code::Number(53011),
        meaning: "the account is blocked because it is at risk at its home tenant",
        fixers: ADMIN,
        next: Next::Step(
            "ask the admin of the account's home tenant: Entra ID Protection > Risky users > \
             dismiss or reset",
        ),
        avoid: "retry: each try is counted as a further risk",
    },
    Row {
        code: Code::Number(135011),
        meaning: "the device that signs in has been disabled in the directory",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin: Entra admin center: Devices > All devices > the device > \
             Enable",
        ),
        avoid: "join the device a second time: it stays disabled",
    },
    Row {
        code: Code::Number(530002),
        meaning: "the policy wants a device that complies with the organisation's rules",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "open Company Portal, let it check the device and mend what it names, then run `keyfob \
             login {profile}`",
        ),
        avoid: "use `--device`: a device code can never prove a device",
    },
    Row {
        code: Code::Number(530003),
        meaning: "the policy wants a managed device",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "run `keyfob login {profile}` on a machine that your organisation manages",
        ),
        avoid: "use `--device`: a device code can never prove a device",
    },
    Row {
        code: Code::Number(530032),
        meaning: "a security policy of the tenant blocks the sign-in",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin with the correlation id: Entra admin center: Sign-in logs",
        ),
        avoid: "retry: only a change of the policy helps",
    },
    Row {
        code: Code::Number(530034),
        meaning: "a delegated administrator was blocked because the activity in the home tenant \
                  looks suspicious",
        fixers: ADMIN,
        next: Next::Step(
            "ask the admin of the partner's home tenant to look at Entra ID Protection > Risky \
             users",
        ),
        avoid: "use another delegated account for the same work",
    },
    Row {
        code: Code::Number(530035),
        meaning: "security defaults of the tenant block the sign-in, for example for an old way of \
                  signing in",
        fixers: ADMIN,
        next: Next::Step(
            "run `keyfob login {profile}` with a browser; if it is refused as well, ask the \
             tenant's admin: Entra admin center: Properties > Security defaults",
        ),
        avoid: "ask to switch security defaults off before the browser was tried",
    },
    Row {
        code: Code::Number(530084),
        meaning: "the policy accepts tokens only that are bound to a device (token protection), \
                  and keyfob's are not",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin to exclude this app or resource: Entra admin center: \
             Conditional Access > the policy > Session > Require token protection",
        ),
        avoid: "retry and do not sign in again: only a program with the platform's broker can pass",
    },
    Row {
        code: Code::Number(700003),
        meaning: "the object of this device is gone from the directory",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "join the machine to the organisation again in its settings (Work or school account), \
             then run `keyfob login {profile}`",
        ),
        avoid: "retry the refresh: the token is bound to the device that is gone",
    },
];
