//! Faults of the metadata and of how it travels (OIDC Discovery §4.3, RFC 8414 §3.3).

use serde_json::json;
use url::Url;

use super::{Act, FaultInfo, Flag, Flow, Point, Verdict, refuse, rewrite};
use crate::issuer::message::{Answer, Body};
use crate::issuer::realm::Realm;

/// White space, which JSON allows before a value: a parser waits for more.
const SPACES: &[u8] = &[b' '; 64 * 1024];

pub(super) const ROWS: &[FaultInfo] = &[
    row(
        "disc.ok",
        "every endpoint is at an unusual path",
        Verdict::Accept,
        &[Act::Flag(Flag::PathsMove)],
    ),
    row(
        "disc.jwks.moves",
        "the key set has another address in every metadata answer",
        Verdict::Accept,
        &[Act::Flag(Flag::KeysMove)],
    ),
    row(
        "disc.500",
        "the metadata answers 500",
        retry("500"),
        &[instead(|_| Answer::text(500, "no\n"))],
    ),
    row(
        "disc.timeout",
        "the metadata never answers",
        retry("within"),
        &[instead(|_| Answer {
            body: Body::Silence,
            ..Answer::empty(200)
        })],
    ),
    row(
        "disc.html",
        "the metadata is a web page",
        refuse("JSON"),
        &[instead(|_| {
            let html = b"<!doctype html><html><body>Please sign in to the network</body></html>";
            Answer::empty(200).holding("text/html", html.to_vec())
        })],
    ),
    row(
        "disc.truncated",
        "half of the metadata is missing",
        refuse("JSON"),
        &[answer(|answer, _| {
            rewrite(answer, |mut body| {
                body.truncate(body.len() / 2);
                body
            })
        })],
    ),
    row(
        "disc.bom",
        "the metadata begins with a byte order mark",
        refuse("JSON"),
        &[answer(|answer, _| {
            rewrite(answer, |body| {
                let mut marked = vec![0xef, 0xbb, 0xbf];
                marked.extend(body);
                marked
            })
        })],
    ),
    row(
        "disc.huge",
        "the metadata never ends",
        refuse("more than"),
        &[answer(|answer, _| Answer {
            body: Body::Endless(SPACES),
            ..answer
        })],
    ),
    row(
        "disc.dupkeys",
        "`issuer` comes twice",
        refuse("issuer"),
        &[answer(|answer, _| {
            rewrite(answer, |body| {
                let mut twice = b"{\"issuer\":\"https://other.practice.example\",".to_vec();
                twice.extend(body.into_iter().skip(1));
                twice
            })
        })],
    ),
    row(
        "disc.redirect.host",
        "the metadata redirects to another host: nobody may call there",
        refuse("redirect"),
        &[instead(|realm| {
            away(other_host(&realm.url("/trap/metadata")))
        })],
    ),
    row(
        "disc.redirect.http",
        "the metadata redirects to plain `http`",
        refuse("redirect"),
        &[instead(|_| {
            away("http://login.practice.example/metadata".to_owned())
        })],
    ),
    row(
        "disc.iss.mismatch",
        "`issuer` is another one",
        refuse("issuer"),
        &[member("issuer", |_| {
            "https://other.practice.example".to_owned()
        })],
    ),
    row(
        "disc.slash",
        "`issuer` has a slash more",
        refuse("issuer"),
        &[member("issuer", |realm| realm.url("/"))],
    ),
    row(
        "disc.case",
        "`issuer` is in capitals",
        refuse("issuer"),
        &[member("issuer", |realm| realm.issuer.to_ascii_uppercase())],
    ),
    row(
        "disc.port",
        "`issuer` writes its port another way",
        refuse("issuer"),
        &[member("issuer", |realm| {
            let port = Url::parse(&realm.issuer).ok().and_then(|url| url.port());
            let port = port.unwrap_or_default();
            realm
                .issuer
                .replacen(&format!(":{port}"), &format!(":0{port}"), 1)
        })],
    ),
    row(
        "disc.template",
        "`issuer` has a placeholder in it",
        refuse("issuer"),
        &[member("issuer", |realm| realm.url("/{tenantid}/v2.0"))],
    ),
    row(
        "disc.pkce.absent",
        "the metadata does not mention PKCE",
        Verdict::Accept,
        &[Act::Json(Point::Metadata, |json, _| {
            json.remove("code_challenge_methods_supported");
        })],
    ),
    row(
        "disc.pkce.plain",
        "the metadata lists `plain` as the only PKCE method",
        refuse("S256"),
        &[Act::Json(Point::Metadata, |json, _| {
            let plain = json!(["plain"]);
            json.insert("code_challenge_methods_supported".to_owned(), plain);
        })],
    ),
    row(
        "date.skew",
        "the `Date` field is ten minutes ahead",
        Verdict::Accept,
        &[Act::Date(600)],
    ),
];

/// Makes a row that shows when the metadata is fetched.
pub(super) const fn row(
    name: &'static str,
    summary: &'static str,
    verdict: Verdict,
    acts: &'static [Act],
) -> FaultInfo {
    FaultInfo::new(name, summary, Flow::Discovery, verdict, acts)
}

const fn retry(check: &'static str) -> Verdict {
    Verdict::Retry { check }
}

const fn instead(answer: fn(&Realm) -> Answer) -> Act {
    Act::Instead(Point::Metadata, answer)
}

const fn answer(bend: fn(Answer, &Realm) -> Answer) -> Act {
    Act::Answer(Point::Metadata, bend)
}

/// Replaces one member of the metadata.
pub(super) const fn member(name: &'static str, value: fn(&Realm) -> String) -> Act {
    Act::Metadata(name, value)
}

/// Redirects without changing the method.
fn away(to: String) -> Answer {
    Answer::empty(302).with("Location", to)
}

/// Names this machine another way.
pub(super) fn other_host(url: &str) -> String {
    if url.contains("//localhost") {
        url.replacen("//localhost", "//127.0.0.1", 1)
    } else {
        url.replacen("//127.0.0.1", "//localhost", 1)
            .replacen("//[::1]", "//localhost", 1)
    }
}
