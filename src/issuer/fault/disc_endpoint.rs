//! Faults of the addresses in the metadata: what a browser is given to open, and where secrets go.

use super::disc::{member, other_host, row};
use super::{Act, FaultInfo, Flag, Verdict, refuse};

const AUTHORIZE: &str = "authorization_endpoint";
const TOKEN: &str = "token_endpoint";

const EITHER: Verdict = Verdict::Either { check: AUTHORIZE };

pub(super) const ROWS: &[FaultInfo] = &[
    row(
        "disc.endpoint.http",
        "the token endpoint is plain `http`",
        refuse(TOKEN),
        &[member(TOKEN, |_| {
            "http://login.practice.example/token".to_owned()
        })],
    ),
    row(
        "disc.endpoint.file",
        "the authorization endpoint is a file",
        refuse(AUTHORIZE),
        &[member(AUTHORIZE, |_| "file:///etc/passwd".to_owned())],
    ),
    row(
        "disc.endpoint.js",
        "the authorization endpoint is a script",
        refuse(AUTHORIZE),
        &[member(AUTHORIZE, |_| {
            "javascript:alert(document.domain)//".to_owned()
        })],
    ),
    row(
        "disc.endpoint.userinfo",
        "the authorization endpoint has a user name in it",
        refuse(AUTHORIZE),
        &[member(AUTHORIZE, |realm| {
            realm
                .url("/authorize")
                .replacen("http://", "http://accounts.example.com@", 1)
        })],
    ),
    row(
        "disc.endpoint.privateip",
        "the token endpoint is a link-local address",
        refuse(TOKEN),
        &[member(TOKEN, |_| {
            "https://169.254.169.254/latest/token".to_owned()
        })],
    ),
    row(
        "disc.authz.dash",
        "the authorization endpoint is an option of a browser",
        refuse(AUTHORIZE),
        &[member(AUTHORIZE, |_| {
            "--renderer-cmd-prefix=/tmp/practice".to_owned()
        })],
    ),
    row(
        "disc.authz.space",
        "the authorization endpoint has spaces and an option in it",
        EITHER,
        &[
            odd(),
            member(AUTHORIZE, |realm| realm.url("/authorize/ --no-sandbox")),
        ],
    ),
    row(
        "disc.authz.meta",
        "the authorization endpoint has a shell's signs in it",
        EITHER,
        &[
            odd(),
            member(AUTHORIZE, |realm| {
                realm.url("/authorize/$(touch${IFS}practice);`id`|id")
            }),
        ],
    ),
    row(
        "disc.authz.nul",
        "the authorization endpoint has an encoded NUL in it",
        EITHER,
        &[
            odd(),
            member(AUTHORIZE, |realm| realm.url("/authorize/%00")),
        ],
    ),
    row(
        "disc.authz.query",
        "the authorization endpoint has a query of its own, and insists on it",
        Verdict::Accept,
        &[
            Act::Flag(Flag::AuthorizeQuery),
            member(AUTHORIZE, |realm| realm.url("/authorize?tenant=blue")),
        ],
    ),
    row(
        "disc.crosshost",
        "the token endpoint is on another host than the issuer",
        Verdict::Accept,
        &[member(TOKEN, |realm| other_host(&realm.url("/token")))],
    ),
];

const fn odd() -> Act {
    Act::Flag(Flag::OddAuthorizePath)
}
