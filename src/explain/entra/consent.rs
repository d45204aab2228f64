//! What an app may ask for: resources, scopes, permissions and consent.
//!
//! Numbers are for people: nothing in keyfob decides by them.

use crate::explain::{
    ADMIN, ADMIN_OR_NOBODY, Code, DEVELOPER, DEVELOPER_OR_ADMIN, Next, Row, YOU, YOU_OR_ADMIN,
};

/// The rows.
pub(in crate::explain) const ROWS: &[Row] = &[
    Row {
        code: Code::Number(28000),
        meaning: "the request names scopes of more than one resource, and a token is for one",
        fixers: DEVELOPER,
        next: Next::Step(
            "give each API a target of its own, as in `keyfob config set \
             {profile}.target.orders.scopes api://orders/.default`",
        ),
        avoid: "list all scopes in one request: the sign-in may, a token request may not",
    },
    Row {
        code: Code::Number(50001),
        meaning: "the resource is not known in this tenant, because its name is wrong or it was \
                  never added",
        fixers: DEVELOPER_OR_ADMIN,
        next: Next::Step(
            "check `resource` and the prefix of each scope with `keyfob config show {profile}`; an \
             admin can add the API by opening \
             https://{login}/{tenant}/adminconsent?client_id={client}",
        ),
        avoid: "create a second app with the same name: the id decides",
    },
    Row {
        code: Code::Number(65001),
        meaning: "nobody has consented to this app, or to one of these scopes, for this account",
        fixers: YOU_OR_ADMIN,
        next: Next::Run("keyfob login {profile} --prompt consent"),
        avoid: "retry the refresh: a consent cannot be given without a person",
    },
    Row {
        code: Code::Number(65002),
        meaning: "a consent between two of Microsoft's own apps must be arranged by Microsoft, so \
                  this client id is a borrowed one",
        fixers: DEVELOPER,
        next: Next::Step(
            "register an app of your own and set it with `keyfob config set {profile}.client_id \
             CLIENT_ID`; `keyfob config add --entra TENANT` prints what to register",
        ),
        avoid: "look for another Microsoft client id that still works",
    },
    Row {
        code: Code::Number(65004),
        meaning: "the person declined the consent",
        fixers: YOU,
        next: Next::Run("keyfob login {profile} --prompt consent"),
        avoid: "ask for more scopes than the work at hand needs",
    },
    Row {
        code: Code::Number(65005),
        meaning: "the app asks for a resource that is set up wrongly or not available to it",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > API permissions: compare each entry \
             with what the API exposes under Expose an API",
        ),
        avoid: "sign in again before the registration is mended",
    },
    Row {
        code: Code::Number(70011),
        meaning: "a scope in the request is wrong: an unknown name, or `.default` mixed with named \
                  scopes of the same resource",
        fixers: DEVELOPER,
        next: Next::Step(
            "keep either `RESOURCE/.default` or named scopes of one resource: `keyfob config set \
             {profile}.scopes 'openid offline_access RESOURCE/.default'`",
        ),
        avoid: "add `.default` beside other scopes of the same resource",
    },
    Row {
        code: Code::Number(90008),
        meaning: "the app asks for a token for itself without permission to read profiles of Graph",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > API permissions > Microsoft Graph > \
             Delegated > User.Read",
        ),
        avoid: "ask for a token whose audience is the app itself when an API is meant",
    },
    Row {
        code: Code::Number(90009),
        meaning: "the app asks for a token for itself and names itself by an address, where only \
                  its GUID will do",
        fixers: DEVELOPER,
        next: Next::Run(
            "keyfob config set {profile}.scopes '{client}/.default openid \
                         offline_access'",
        ),
        avoid: "use the `api://` address of the same app in that place",
    },
    Row {
        code: Code::Number(90093),
        meaning: "the account may not give this consent or read this from Graph",
        fixers: ADMIN,
        next: Next::Step(
            "ask an admin of the tenant to consent at \
             https://{login}/{tenant}/adminconsent?client_id={client}",
        ),
        avoid: "sign in again with the same account: it lacks the right",
    },
    Row {
        code: Code::Number(90094),
        meaning: "an admin of the tenant must consent to this app before anybody can use it",
        fixers: ADMIN,
        next: Next::Step(
            "ask an admin of the tenant to open \
             https://{login}/{tenant}/adminconsent?client_id={client}",
        ),
        avoid: "retry with the same account: people may not consent by themselves here",
    },
    Row {
        code: Code::Number(90095),
        meaning: "an admin must consent, and a request for that has been sent to the tenant's \
                  admins",
        fixers: ADMIN_OR_NOBODY,
        next: Next::Step(
            "wait for the answer, or ask an admin: Entra admin center: Enterprise applications > \
             Admin consent requests",
        ),
        avoid: "send the request again: it is in the admins' list already",
    },
    Row {
        code: Code::Number(500011),
        meaning: "the tenant has no service principal for the resource that the scope names",
        fixers: DEVELOPER_OR_ADMIN,
        next: Next::Step(
            "check the prefix of each scope, and the tenant, with `keyfob config show {profile}`; \
             if both are right, ask an admin to run `az ad sp create --id RESOURCE_APP_ID`",
        ),
        avoid: "strip or add a slash by guess: the identifier must be exactly the registered one",
    },
    Row {
        code: Code::Number(650052),
        meaning: "the organisation has no subscription to the service that is asked for, or nobody \
                  enabled it",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin to subscribe to the service and to add it: Entra admin center: \
             Enterprise applications > New application",
        ),
        avoid: "ask for other scopes of the same service",
    },
    Row {
        code: Code::Number(650053),
        meaning: "the resource has no scope of this name, which often means that the `api://…/` \
                  prefix is missing and Graph was asked",
        fixers: DEVELOPER,
        next: Next::Step(
            "write the scope with its resource, as in `keyfob config set {profile}.scopes 'openid \
             offline_access api://APP_ID/SCOPE'`",
        ),
        avoid: "add the scope to Microsoft Graph: it belongs to your own API",
    },
    Row {
        code: Code::Number(650054),
        meaning: "the app asks for permissions of a resource that was removed or is not available",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > API permissions: remove the dead \
             permission and grant consent again",
        ),
        avoid: "sign in again before that: the list is read anew each time",
    },
    Row {
        code: Code::Number(650056),
        meaning: "the app's registration does not list this resource, or nobody has consented to \
                  it",
        fixers: DEVELOPER_OR_ADMIN,
        next: Next::Step(
            "Entra admin center: App registrations > the app > API permissions > Add a permission \
             for this API, then Grant admin consent",
        ),
        avoid: "send the permission in the request alone: the registration must list it",
    },
    Row {
        code: Code::Number(650057),
        meaning: "the resource is not in the list of permissions of the app's registration",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > API permissions > Add a permission \
             for the API whose id the message names",
        ),
        avoid: "copy the id of the enterprise application: the app id counts",
    },
    Row {
        code: Code::Number(700022),
        meaning: "the request names scopes of more than one resource, and a token is for one",
        fixers: DEVELOPER,
        next: Next::Step(
            "give each API a target of its own, as in `keyfob config set \
             {profile}.target.orders.scopes api://orders/.default`",
        ),
        avoid: "list all scopes in one request: the sign-in may, a token request may not",
    },
    Row {
        code: Code::Number(901002),
        meaning: "Entra's version 2 does not know the `resource` parameter",
        fixers: DEVELOPER,
        next: Next::Run("keyfob config unset {profile}.resource"),
        avoid: "send `resource` in other clothes: name the API in the scope, as \
                `RESOURCE/.default`",
    },
    Row {
        code: Code::Number(1002012),
        meaning: "a client that signs in as itself may ask for `RESOURCE/.default` only",
        fixers: DEVELOPER,
        next: Next::Run("keyfob config set {profile}.scopes RESOURCE/.default"),
        avoid: "name single permissions: app roles are granted in the portal, not requested",
    },
    Row {
        code: Code::Number(9010010),
        meaning: "the `resource` parameter does not agree with the resource that the scopes name",
        fixers: DEVELOPER,
        next: Next::Run("keyfob config unset {profile}.resource"),
        avoid: "try to make both agree: name the API in the scope alone, as `RESOURCE/.default`",
    },
];
