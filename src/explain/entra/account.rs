//! Whom Entra knows in a tenant, and what is wrong with the account: unknown, a stranger, locked,
//! disabled, not assigned.
//!
//! Numbers are for people: nothing in keyfob decides by them.

use crate::explain::{
    ADMIN, Code, Next, Row, YOU, YOU_OR_ADMIN, YOU_OR_ADMIN_OR_NOBODY, YOU_OR_DEVELOPER,
};

/// The rows.
pub(in crate::explain) const ROWS: &[Row] = &[
    Row {
        code: Code::Number(50002),
        meaning: "a proxy of the network restricts which tenants can be signed in to, and refused \
                  this one (tenant restrictions)",
        fixers: ADMIN,
        next: Next::Step(
            "ask whoever runs the network to add the tenant to its tenant restrictions",
        ),
        avoid: "go round the company's proxy to get in",
    },
    Row {
        code: Code::Number(50014),
        meaning: "the invitation of this guest account has not been accepted yet",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "open the invitation mail and accept it, then run `keyfob login {profile}`",
        ),
        avoid: "ask for a second invitation before you looked for the first",
    },
    Row {
        code: Code::Number(50020),
        meaning: "the account that signed in is not in this tenant, neither as a member nor as a \
                  guest",
        fixers: YOU_OR_ADMIN,
        next: Next::Run("keyfob login {profile} --prompt select_account"),
        avoid: "switch the profile to `common`: the API accepts its own tenants only",
    },
    Row {
        code: Code::Number(50034),
        meaning: "no such account exists in this tenant",
        fixers: YOU,
        next: Next::Step(
            "check the name and the tenant with `keyfob config show {profile}`, then run `keyfob \
             login {profile} --prompt select_account`",
        ),
        avoid: "reset a password: the account is not here at all",
    },
    Row {
        code: Code::Number(50053),
        meaning: "the account is locked after too many wrong passwords, or the sign-in comes from \
                  an address with a bad record",
        fixers: YOU_OR_ADMIN_OR_NOBODY,
        next: Next::Step(
            "wait ten minutes, or reset the password at https://aka.ms/sspr, then run `keyfob \
             login {profile}`",
        ),
        avoid: "keep trying passwords: each try lengthens the lock",
    },
    Row {
        code: Code::Number(50055),
        meaning: "the password has expired",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "use a device code for this: change the password on the sign-in page in a browser",
    },
    Row {
        code: Code::Number(50056),
        meaning: "the directory has no password for this account, or one that it cannot check",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "sign in with another method by `keyfob login {profile}`, or ask the tenant's admin to \
             reset the password",
        ),
        avoid: "use a password grant: there is no password to check",
    },
    Row {
        code: Code::Number(50057),
        meaning: "the account is disabled",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin: Entra admin center: Users > the person > Account status > \
             enable",
        ),
        avoid: "sign in again: it ends the same way until the account is enabled",
    },
    Row {
        code: Code::Number(50064),
        meaning: "the account name or the password was refused by the directory",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "keep trying: the account gets locked",
    },
    Row {
        code: Code::Number(50105),
        meaning: "the app admits assigned people only, and this account is not assigned to it",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin: Entra admin center: Enterprise applications > the app > Users \
             and groups > Add user/group",
        ),
        avoid: "ask for consent again: an assignment is another thing",
    },
    Row {
        code: Code::Number(50126),
        meaning: "the account name or the password is wrong",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "keep trying: the account gets locked",
    },
    Row {
        code: Code::Number(50135),
        meaning: "the password must be changed because it is known to others or the account is at \
                  risk",
        fixers: YOU,
        next: Next::Run("keyfob login {profile}"),
        avoid: "reuse the old password with a different ending",
    },
    Row {
        code: Code::Number(50144),
        meaning: "the password of the on-premises account has expired",
        fixers: YOU_OR_ADMIN,
        next: Next::Step(
            "change the password in your organisation's directory, then run `keyfob login \
             {profile}`",
        ),
        avoid: "reset it in the cloud unless your organisation writes passwords back",
    },
    Row {
        code: Code::Number(51004),
        meaning: "the account does not exist in the tenant where the app was asked for",
        fixers: YOU_OR_ADMIN,
        next: Next::Run("keyfob login {profile} --prompt select_account"),
        avoid: "switch the profile to `common`: the API accepts its own tenants only",
    },
    Row {
        code: Code::Number(90072),
        meaning: "the account is of another identity provider and is not a guest of this tenant",
        fixers: YOU_OR_ADMIN,
        next: Next::Run("keyfob login {profile} --prompt select_account"),
        avoid: "retry with the same account before a guest invitation was accepted",
    },
    Row {
        code: Code::Number(500021),
        meaning: "the network's proxy lets nobody sign in to this tenant (tenant restrictions)",
        fixers: ADMIN,
        next: Next::Step(
            "ask whoever runs the network to add the tenant to its tenant restrictions",
        ),
        avoid: "go round the company's proxy to get in",
    },
    Row {
        code: Code::Number(500022),
        meaning: "the network's proxy allows sign-ins to certain tenants only, and this one is not \
                  among them (tenant restrictions)",
        fixers: ADMIN,
        next: Next::Step(
            "ask whoever runs the network to add the tenant to its tenant restrictions",
        ),
        avoid: "go round the company's proxy to get in",
    },
    Row {
        code: Code::Number(500208),
        meaning: "the domain of this account is not one that this kind of tenant lets sign in",
        fixers: YOU_OR_DEVELOPER,
        next: Next::Step(
            "use an account of this tenant, or write the right tenant with `keyfob config set \
             {profile}.tenant TENANT`",
        ),
        avoid: "invite the account before you know which kind of tenant this is",
    },
    Row {
        code: Code::Number(500212),
        meaning: "the account's home tenant has a rule against reaching this other tenant",
        fixers: ADMIN,
        next: Next::Step(
            "ask your own tenant's admin: Entra admin center: External Identities > Cross-tenant \
             access settings > Outbound",
        ),
        avoid: "ask the other tenant's admin first: the home tenant refuses",
    },
    Row {
        code: Code::Number(500213),
        meaning: "the resource's tenant has a rule against accounts of this home tenant",
        fixers: ADMIN,
        next: Next::Step(
            "ask the resource tenant's admin: Entra admin center: External Identities > \
             Cross-tenant access settings > Inbound",
        ),
        avoid: "change the profile: only a rule of that tenant helps",
    },
    Row {
        code: Code::Number(501051),
        meaning: "the caller has none of the app's roles, and the app admits only callers that \
                  have one",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin: Entra admin center: Enterprise applications > the API > Users \
             and groups, and assign the app role",
        ),
        avoid: "ask for more scopes: a role is assigned, not requested",
    },
];
