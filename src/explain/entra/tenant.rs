//! Which tenant and which cloud is meant.
//!
//! Numbers are for people: nothing in keyfob decides by them.

use crate::explain::{ADMIN, Code, DEVELOPER, Next, Row};

/// The rows.
pub(in crate::explain) const ROWS: &[Row] = &[
    Row {
        code: Code::Number(50049),
        meaning: "the address names a host or a tenant that discovery does not know",
        fixers: DEVELOPER,
        next: Next::Step("check `tenant` and `cloud` with `keyfob config show {profile}`"),
        avoid: "switch the check of the authority off",
    },
    Row {
        code: Code::Number(50059),
        meaning: "neither the request nor the account's name says which tenant is meant",
        fixers: DEVELOPER,
        next: Next::Run("keyfob config set {profile}.tenant TENANT"),
        avoid: "use `common` for a client that signs in as itself",
    },
    Row {
        code: Code::Number(50107),
        meaning: "the account's federation names a realm that is not in the directory",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin to check the federation of the account's domain: Entra admin \
             center: Custom domain names",
        ),
        avoid: "change the app: the domain is what is set up wrongly",
    },
    Row {
        code: Code::Number(50128),
        meaning: "the domain in the request belongs to no tenant",
        fixers: DEVELOPER,
        next: Next::Run("keyfob config set {profile}.tenant TENANT"),
        avoid: "guess domains: the tenant's GUID always works",
    },
    Row {
        code: Code::Number(90002),
        meaning: "there is no tenant of this name or id in this cloud: a typing error, or another \
                  cloud",
        fixers: DEVELOPER,
        next: Next::Step(
            "compare the tenant's GUID and the cloud with Entra admin center > Overview: `keyfob \
             config show {profile}`",
        ),
        avoid: "create a tenant of that name",
    },
    Row {
        code: Code::Number(90019),
        meaning: "the request names no tenant",
        fixers: DEVELOPER,
        next: Next::Run("keyfob config set {profile}.tenant TENANT"),
        avoid: "use `common` for a client that signs in as itself",
    },
    Row {
        code: Code::Number(90038),
        meaning: "the tenant lives in another national cloud",
        fixers: DEVELOPER,
        next: Next::Step(
            "set the cloud with `keyfob config set {profile}.cloud us-government` (or `public`, \
             `china`), then run `keyfob login {profile}`",
        ),
        avoid: "send tokens of one cloud to another",
    },
    Row {
        code: Code::Number(90043),
        meaning: "the account's home is another national cloud, and the code must be redeemed \
                  there",
        fixers: DEVELOPER,
        next: Next::Step(
            "set the cloud with `keyfob config set {profile}.cloud us-government` (or `public`, \
             `china`), then run `keyfob login {profile}`",
        ),
        avoid: "redeem the code at the public cloud",
    },
    Row {
        code: Code::Number(90124),
        meaning: "the resource does not work with this endpoint: it is for version 1, or for work \
                  accounts only",
        fixers: DEVELOPER,
        next: Next::Step(
            "name a tenant with `keyfob config set {profile}.tenant TENANT`, and the resource in \
             the scope as `RESOURCE/.default`",
        ),
        avoid: "change the version in the address by hand",
    },
    Row {
        code: Code::Number(90130),
        meaning: "the app does not work with this endpoint: `common` and `consumers` are closed to \
                  it",
        fixers: DEVELOPER,
        next: Next::Run("keyfob config set {profile}.tenant TENANT"),
        avoid: "change the version in the address by hand",
    },
    Row {
        code: Code::Number(900023),
        meaning: "the tenant in the address is neither a GUID nor a domain",
        fixers: DEVELOPER,
        next: Next::Run("keyfob config set {profile}.tenant TENANT"),
        avoid: "use the tenant's display name",
    },
    Row {
        code: Code::Number(900382),
        meaning: "the app and the tenant live in different national clouds, and the request may \
                  not cross",
        fixers: DEVELOPER,
        next: Next::Step(
            "set the cloud with `keyfob config set {profile}.cloud us-government` (or `public`, \
             `china`), and use an app that is registered there",
        ),
        avoid: "reuse the client id of another cloud: each cloud has its own registrations",
    },
    Row {
        code: Code::Number(900432),
        meaning: "a confidential client may not be used across national clouds",
        fixers: DEVELOPER,
        next: Next::Step(
            "register the app in the tenant's own cloud, then set it with `keyfob config set \
             {profile}.client_id CLIENT_ID`",
        ),
        avoid: "move the secret to another cloud",
    },
    Row {
        code: Code::Number(9001023),
        meaning: "this grant cannot be used on `common` or `consumers`: it needs one tenant",
        fixers: DEVELOPER,
        next: Next::Run("keyfob config set {profile}.tenant TENANT"),
        avoid: "use `organizations` in its place: it is no tenant either",
    },
];
