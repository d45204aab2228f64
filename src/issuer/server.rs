//! From a request on the wire to an endpoint and back.
//!
//! Answers nobody who does not name this provider in `Host`: a page elsewhere that makes its own
//! name resolve to this machine (DNS rebinding) gets 421. Sends no CORS field, ever.

use std::io::{self, Write};
use std::sync::Arc;
use std::thread;

use crate::base::printable_line;

use super::clock::http_date;
use super::endpoints;
use super::fault::Flag;
use super::log::{Endpoint, LoggedRequest};
use super::message::{Answer, Body, Method, Request};
use super::random::token;
use super::realm::Realm;
use super::scenario;

/// What a silent answer waits for at most.
const SILENCE: std::time::Duration = std::time::Duration::from_secs(600);

/// Answers what comes in until the server is unblocked.
pub(super) fn run(server: &tiny_http::Server, realm: &Arc<Realm>) {
    while let Ok(incoming) = server.recv() {
        let realm = Arc::clone(realm);
        // A thread each, because faults hold some answers back for long. The gate limits how many.
        drop(thread::Builder::new().spawn(move || serve(incoming, &realm)));
    }
}

fn serve(mut incoming: tiny_http::Request, realm: &Realm) {
    let answered = read(&mut incoming).map(|request| {
        let (endpoint, answer) = answer(realm, &request);
        write_down(realm, &request, endpoint, &answer);
        answer
    });
    let mut writer = incoming.into_writer();
    realm.end.wait(realm.settings.latency);
    if let Ok(answer) = answered
        && send(realm, answer, &mut writer).is_err()
    {
        // The client hung up; there is nobody to tell.
    }
}

fn read(incoming: &mut tiny_http::Request) -> io::Result<Request> {
    let mut body = Vec::new();
    incoming.as_reader().read_to_end(&mut body)?;
    let method = match incoming.method().as_str() {
        "GET" => Method::Get,
        "POST" => Method::Post,
        _ => Method::Other,
    };
    let (path, query) = match incoming.url().split_once('?') {
        Some((path, query)) => (path, query),
        None => (incoming.url(), ""),
    };
    let headers = incoming.headers().iter().map(|header| {
        let name = header.field.as_str().as_str().to_ascii_lowercase();
        (name, header.value.as_str().to_owned())
    });
    Ok(Request {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers: headers.collect(),
        body,
    })
}

/// Finds who answers, and lets them.
fn answer(realm: &Realm, request: &Request) -> (Endpoint, Answer) {
    if let Some(stage) = &realm.stage {
        return scenario::entra::answer(realm, stage, request);
    }
    let host = request.header("host").unwrap_or_default();
    if !realm.authorities.iter().any(|ours| ours == host) {
        let text = "this provider does not answer to that Host\n";
        return (Endpoint::Nowhere, Answer::text(421, text));
    }
    let Some(endpoint) = route(realm, &request.path) else {
        return (
            Endpoint::Nowhere,
            Answer::text(404, "there is nothing here\n"),
        );
    };
    (endpoint, endpoints::answer(realm, endpoint, request))
}

/// The paths that clients know from the metadata only.
const IN_METADATA: [&str; 9] = [
    "/authorize",
    "/device_authorization",
    "/end_session",
    "/introspect",
    "/jwks",
    "/par",
    "/revoke",
    "/token",
    "/userinfo",
];

/// Finds the endpoint of a path.
fn route(realm: &Realm, path: &str) -> Option<Endpoint> {
    const METADATA: [&str; 2] = [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
    ];
    let prefix = realm.settings.path.as_str();
    let [openid, _] = METADATA;
    if METADATA
        .into_iter()
        .any(|start| path.strip_prefix(start) == Some(prefix))
    {
        return Some(Endpoint::Discovery);
    }
    let mut rest = path.strip_prefix(prefix)?;
    if rest == openid {
        return Some(Endpoint::Discovery);
    }
    if realm.faults.flag(Flag::PathsMove) {
        rest = match rest.strip_prefix("/elsewhere") {
            Some(moved) => moved,
            None if IN_METADATA.contains(&rest) => return None,
            None => rest,
        };
    }
    if rest.starts_with("/jwks/") && realm.faults.flag(Flag::KeysMove) {
        return Some(Endpoint::Keys);
    }
    if rest.starts_with("/authorize/") && realm.faults.flag(Flag::OddAuthorizePath) {
        return Some(Endpoint::Authorize);
    }
    match rest {
        "" | "/" => Some(Endpoint::Front),
        "/authorize" => Some(Endpoint::Authorize),
        "/device_authorization" => Some(Endpoint::Device),
        "/device" => Some(Endpoint::DevicePage),
        "/end_session" => Some(Endpoint::EndSession),
        "/introspect" => Some(Endpoint::Introspect),
        "/jwks" if !realm.faults.flag(Flag::KeysMove) => Some(Endpoint::Keys),
        "/par" => Some(Endpoint::Pushed),
        "/revoke" => Some(Endpoint::Revoke),
        "/sign-in" => Some(Endpoint::SignIn),
        "/token" => Some(Endpoint::Token),
        "/userinfo" => Some(Endpoint::UserInfo),
        _ if rest == "/echo" || rest.starts_with("/echo/") => Some(Endpoint::Echo),
        _ if rest == "/trap" || rest.starts_with("/trap/") => Some(Endpoint::Trap),
        _ => None,
    }
}

fn write_down(realm: &Realm, request: &Request, endpoint: Endpoint, answer: &Answer) {
    let form = request.form().ok().filter(|_| endpoint == Endpoint::Token);
    let grant = form.and_then(|form| {
        let asked = form.get("grant_type")?;
        endpoints::GRANTS.into_iter().find(|known| *known == asked)
    });
    let short: String = request.path.chars().take(200).collect();
    realm.record(LoggedRequest {
        at: realm.clock.now(),
        method: match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Other => "other",
        },
        path: printable_line(&short).into_owned(),
        endpoint,
        grant,
        status: match answer.body {
            Body::Cut | Body::Silence => 0,
            Body::Drip(..) | Body::Endless(_) | Body::Whole(_) => answer.status,
        },
        error: answer.error.clone(),
    });
}

/// Writes the answer; the connection closes behind it.
fn send(realm: &Realm, answer: Answer, writer: &mut impl Write) -> io::Result<()> {
    let mut head = format!(
        "HTTP/1.1 {} {}\r\nServer: keyfob practice provider\r\nDate: {}\r\nConnection: close\r\n",
        answer.status,
        reason(answer.status),
        http_date(realm.faults.bend_date(realm.clock.now())),
    );
    for (name, value) in &answer.headers {
        head.push_str(&format_field(name, value));
    }
    match answer.body {
        Body::Cut => Ok(()),
        Body::Silence => {
            realm.end.wait(SILENCE);
            Ok(())
        }
        Body::Whole(body) => {
            head.push_str(&format_field("Content-Length", &body.len().to_string()));
            head.push_str("\r\n");
            let mut whole = head.into_bytes();
            whole.extend(body);
            writer.write_all(&whole)?;
            writer.flush()
        }
        Body::Drip(body, span) => {
            head.push_str(&format_field("Content-Length", &body.len().to_string()));
            head.push_str("\r\n");
            writer.write_all(head.as_bytes())?;
            for byte in body {
                writer.flush()?;
                if realm.end.wait(span) {
                    break;
                }
                writer.write_all(&[byte])?;
            }
            writer.flush()
        }
        Body::Endless(chunk) => {
            head.push_str("\r\n");
            writer.write_all(head.as_bytes())?;
            while !realm.end.is_reached() {
                writer.write_all(chunk)?;
            }
            Ok(())
        }
    }
}

/// Writes a header field; what would start another one is left out.
fn format_field(name: &str, value: &str) -> String {
    let clean: String = value.chars().filter(|c| !c.is_control()).collect();
    format!("{name}: {clean}\r\n")
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        302 => "Found",
        303 => "See Other",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        421 => "Misdirected Request",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Answer",
    }
}

/// A fresh cookie and the field that sets it.
pub(super) fn new_cookie(realm: &Realm) -> (String, String) {
    let value = token();
    let path = match realm.settings.path.as_str() {
        "" => "/",
        path => path,
    };
    let field = format!("{COOKIE}={value}; Path={path}; HttpOnly; SameSite=Lax");
    (value, field)
}

/// The name of the cookie that keeps a browser signed in.
pub(super) const COOKIE: &str = "practice_session";
