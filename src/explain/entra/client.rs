//! How a client proves who it is: secrets, certificates, assertions, federated credentials.
//!
//! Numbers are for people: nothing in keyfob decides by them.

use crate::explain::{ADMIN, Code, DEVELOPER, DEVELOPER_OR_ADMIN, DEVELOPER_OR_NOBODY, Next, Row};

/// The rows.
pub(in crate::explain) const ROWS: &[Row] = &[
    Row {
        code: Code::Number(50012),
        meaning: "the client could not prove who it is, with its certificate, its assertion or its \
                  secret",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Certificates & secrets: compare the \
             thumbprint or the secret's end date with what is sent",
        ),
        avoid: "retry: the same proof fails each time",
    },
    Row {
        code: Code::Number(50013),
        meaning: "the assertion that was passed on is not valid for this app: another audience, \
                  another issuer, or expired",
        fixers: DEVELOPER,
        next: Next::Step(
            "look at `aud`, `iss` and `exp` of the incoming token with `keyfob inspect -`: its \
             audience must be the app that passes it on",
        ),
        avoid: "pass on an ID token, or a token that was issued for Graph",
    },
    Row {
        code: Code::Number(50017),
        meaning: "the certificate chain cannot be validated: expired, unknown, or one of its parts \
                  is missing",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Certificates & secrets > \
             Certificates: upload the one that is in use",
        ),
        avoid: "send the private key anywhere: Entra needs the public part only",
    },
    Row {
        code: Code::Number(50027),
        meaning: "the assertion is no JWT that Entra can read",
        fixers: DEVELOPER,
        next: Next::Step(
            "look at the assertion with `keyfob inspect -`: three parts, `alg`, and `x5t#S256` or \
             `kid`",
        ),
        avoid: "add blanks, quotes or line ends around it",
    },
    Row {
        code: Code::Number(50146),
        meaning: "the app must be asked for with its own signing key",
        fixers: DEVELOPER,
        next: Next::Step(
            "read the keys with the app's id added, as in \
             `https://{login}/{tenant}/discovery/v2.0/keys?appid={client}`, or take the custom key \
             off the app",
        ),
        avoid: "switch the check of signatures off",
    },
    Row {
        code: Code::Number(70001),
        meaning: "the app is not known in this tenant, or is switched off there",
        fixers: DEVELOPER_OR_ADMIN,
        next: Next::Step(
            "compare `client_id`, `tenant` and `cloud` with App registrations > the app > \
             Overview: `keyfob config show {profile}`",
        ),
        avoid: "make a second app before the id and the tenant were compared",
    },
    Row {
        code: Code::Number(70002),
        meaning: "the client's secret is wrong, or the client must prove who it is and did not",
        fixers: DEVELOPER,
        next: Next::Step(
            "copy the secret's value anew (Entra admin center: App registrations > the app > \
             Certificates & secrets), keep it with `keyfob config secret NAME`, and name it by \
             `keyfob config set {profile}.client_secret keyring:NAME`",
        ),
        avoid: "paste the secret's id: it is a GUID, and the value is not",
    },
    Row {
        code: Code::Number(70021),
        meaning: "no federated identity credential of the app fits the assertion",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Certificates & secrets > Federated \
             credentials: compare issuer, subject and audience letter by letter with `keyfob \
             inspect -`",
        ),
        avoid: "add a second credential before you saw which of the three differs",
    },
    Row {
        code: Code::Number(500131),
        meaning: "the audience of the assertion is not the app that passes it on",
        fixers: DEVELOPER,
        next: Next::Step(
            "look at `aud` of the incoming token with `keyfob inspect -`, and let its caller ask \
             for your app's scope",
        ),
        avoid: "pass on a token that was issued for Graph or for another API",
    },
    Row {
        code: Code::Number(500133),
        meaning: "the assertion is outside the time in which it is valid",
        fixers: DEVELOPER_OR_NOBODY,
        next: Next::Step(
            "set the clock of the machine that made it, then make a fresh one; `keyfob inspect -` \
             shows its times",
        ),
        avoid: "send the same assertion again: it does not get younger",
    },
    Row {
        code: Code::Number(700016),
        meaning: "the app is not known in this tenant: a wrong client id, a wrong tenant, another \
                  cloud, or no consent yet",
        fixers: DEVELOPER_OR_ADMIN,
        next: Next::Step(
            "compare `client_id`, `tenant` and `cloud` with App registrations > the app > \
             Overview: `keyfob config show {profile}`",
        ),
        avoid: "make a second app before the id and the tenant were compared",
    },
    Row {
        code: Code::Number(700023),
        meaning: "the assertion's `sub` or `iss` is not the client's id",
        fixers: DEVELOPER,
        next: Next::Step(
            "make `iss` and `sub` of the assertion the client id {client}; `keyfob inspect -` \
             shows both",
        ),
        avoid: "use the object id of the enterprise application: the app id counts",
    },
    Row {
        code: Code::Number(700024),
        meaning: "the client's assertion is outside its time window: a clock is off, or it was \
                  kept too long",
        fixers: DEVELOPER,
        next: Next::Step(
            "set this machine's clock, then try again; `keyfob inspect -` shows the window of the \
             assertion",
        ),
        avoid: "make assertions that live for hours: five to ten minutes is right",
    },
    Row {
        code: Code::Number(700025),
        meaning: "the app is a public client, and a secret was sent",
        fixers: DEVELOPER,
        next: Next::Run("keyfob config unset {profile}.client_secret"),
        avoid: "make the app confidential to please the secret",
    },
    Row {
        code: Code::Number(700027),
        meaning: "the assertion's signature does not fit a certificate of the app: the key is not \
                  registered, or the thumbprint is wrong",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Certificates & secrets > \
             Certificates: compare the thumbprint with the assertion's `x5t#S256` or `x5t` in \
             `keyfob inspect -`",
        ),
        avoid: "upload the private key; and check the clock before the certificate",
    },
    Row {
        code: Code::Number(700030),
        meaning: "the certificate of the assertion cannot be used: its subject, its issuer or its \
                  chain does not fit the app",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Certificates & secrets > \
             Certificates: upload the certificate that signs, and send its whole chain only where \
             it is asked for",
        ),
        avoid: "switch to a secret because a certificate was refused",
    },
    Row {
        code: Code::Number(700211),
        meaning: "no federated identity credential of the app has the assertion's issuer",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Certificates & secrets > Federated \
             credentials: write the issuer exactly as `iss` in `keyfob inspect -`, slash included",
        ),
        avoid: "change the subject: the issuer is what differs",
    },
    Row {
        code: Code::Number(700212),
        meaning: "no federated identity credential of the app has the assertion's audience",
        fixers: DEVELOPER,
        next: Next::Step(
            "ask the workload's provider for a token with the audience \
             `api://AzureADTokenExchange`, or write yours in Entra admin center: App registrations \
             > the app > Certificates & secrets > Federated credentials",
        ),
        avoid: "change the subject: the audience is what differs",
    },
    Row {
        code: Code::Number(700213),
        meaning: "no federated identity credential of the app has the assertion's subject",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Certificates & secrets > Federated \
             credentials: write the subject exactly as `sub` in `keyfob inspect -`; branches, tags \
             and environments are different subjects",
        ),
        avoid: "use wildcards: a subject is compared letter by letter",
    },
    Row {
        code: Code::Number(700229),
        meaning: "a token of an app or a person of Entra was given where a federated credential \
                  wants another issuer's",
        fixers: DEVELOPER,
        next: Next::Step(
            "give the assertion of the workload's own provider, or of a managed identity for \
             `api://AzureADTokenExchange`",
        ),
        avoid: "pass an access token for an API as a client's assertion",
    },
    Row {
        code: Code::Number(7000112),
        meaning: "the app is disabled in this tenant",
        fixers: ADMIN,
        next: Next::Step(
            "ask the tenant's admin: Entra admin center: Enterprise applications > the app > \
             Properties > Enabled for users to sign in",
        ),
        avoid: "sign in again: nobody can use the app until it is enabled",
    },
    Row {
        code: Code::Number(7000114),
        meaning: "the app may not act on behalf of people",
        fixers: DEVELOPER,
        next: Next::Step(
            "ask for a token as the app itself, or give the app delegated permissions: Entra admin \
             center: App registrations > the app > API permissions",
        ),
        avoid: "pass on a token that was issued to an app: only a person's can be",
    },
    Row {
        code: Code::Number(7000215),
        meaning: "the client's secret is wrong: often the secret's id was copied in place of its \
                  value",
        fixers: DEVELOPER,
        next: Next::Step(
            "copy the secret's value anew (Entra admin center: App registrations > the app > \
             Certificates & secrets > New client secret), keep it with `keyfob config secret \
             NAME`, and name it by `keyfob config set {profile}.client_secret keyring:NAME`",
        ),
        avoid: "paste the secret's id, a GUID, and do not percent-encode the value yourself",
    },
    Row {
        code: Code::Number(7000218),
        meaning: "Entra wants a secret or an assertion, because it takes the app for a \
                  confidential client",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Authentication: put the redirect \
             URI under Mobile and desktop applications, and for device codes switch Allow public \
             client flows on",
        ),
        avoid: "add a secret to a program that people run on their own machines",
    },
    Row {
        code: Code::Number(7000222),
        meaning: "the client's secret has expired",
        fixers: DEVELOPER,
        next: Next::Step(
            "make a new one (Entra admin center: App registrations > the app > Certificates & \
             secrets > New client secret) and keep it with `keyfob config secret NAME`; a \
             certificate or a federated credential lasts better",
        ),
        avoid: "lengthen the old one: an expired secret stays expired",
    },
    Row {
        code: Code::Number(7002137),
        meaning: "the assertion's subject is not in the form that this kind of federated \
                  credential expects",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Certificates & secrets > Federated \
             credentials: compare the scenario that was chosen with `sub` in `keyfob inspect -`",
        ),
        avoid: "shorten the subject by hand",
    },
    Row {
        code: Code::Number(7002138),
        meaning: "the assertion's issuer, subject or audience fits a federated credential but for \
                  capital letters",
        fixers: DEVELOPER,
        next: Next::Step(
            "Entra admin center: App registrations > the app > Certificates & secrets > Federated \
             credentials: write the value with the same capital letters as in `keyfob inspect -`",
        ),
        avoid: "rename the repository: the credential is what must change",
    },
];
