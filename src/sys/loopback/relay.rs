//! The server behind the gate: `tiny_http`, on a socket that nobody else can reach.
//!
//! Hears only what the gate wrote itself: one clean request, then the connection closes. A random
//! word shows that it was the gate, also where the socket has to be a second loopback port.

use std::io::{self, Read, Write};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};
use tiny_http::{Header, Response, Server};
use zeroize::Zeroizing;

use super::request::{Expected, MOST_FORM, Request};
use super::{Accept, Answer, Method, Reply};
use crate::base::Secret;

/// How long the two sides, in one process, may take over one request.
const PATIENCE: Duration = Duration::from_secs(2);
/// The header field that shows the gate's word.
const WORD: &str = "Keyfob-Gate";

/// A running server.
pub(super) struct Relay {
    server: Server,
    socket: Socket,
    word: Secret,
}

impl Relay {
    pub(super) fn start() -> io::Result<Self> {
        let mut word = [0; 32];
        SystemRandom::new()
            .fill(&mut word)
            .map_err(|_| io::Error::other("the system has no random numbers"))?;
        let (server, socket) = Socket::listen()?;
        Ok(Self {
            server,
            socket,
            word: Secret::new(URL_SAFE_NO_PAD.encode(word)),
        })
    }

    /// Has one request judged; returns the answer to send, and whether it ends the wait.
    pub(super) fn serve(
        &self,
        request: &Request,
        expected: &Expected,
        judge: &mut dyn FnMut(&Answer) -> Reply,
    ) -> io::Result<(Vec<u8>, bool)> {
        let mut stream = self.socket.connect()?;
        stream.write_all(self.written(request, expected).as_bytes())?;
        let finished = loop {
            let Some(received) = self.server.recv_timeout(PATIENCE)? else {
                return Err(io::ErrorKind::TimedOut.into());
            };
            if self.is_from_the_gate(&received) {
                break answer(received, judge)?;
            }
            received.respond(Response::empty(404))?;
        };
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok((closing(answer), finished))
    }

    fn written(&self, request: &Request, expected: &Expected) -> Zeroizing<String> {
        let parameters = request.parameters.as_str();
        let (method, mark, query, body) = match expected.accept {
            Accept::Get => ("GET ", "?", parameters, ""),
            Accept::Post => ("POST ", "", "", parameters),
        };
        let length = body.len().to_string();
        let (authority, path) = (expected.authority.as_str(), expected.path.as_str());
        // In one piece that never grows, since it may hold a code.
        let mut text = Zeroizing::new(String::with_capacity(parameters.len() + (4 << 10)));
        text.extend([method, path, mark, query, " HTTP/1.1\r\nHost: ", authority]);
        text.extend(["\r\nConnection: close\r\nContent-Length: ", &length]);
        if let Some(origin) = &request.origin {
            text.extend(["\r\nOrigin: ", origin]);
        }
        text.extend(["\r\n", WORD, ": ", self.word.expose(), "\r\n\r\n", body]);
        text
    }

    fn is_from_the_gate(&self, received: &tiny_http::Request) -> bool {
        value(received, WORD).is_some_and(|word| self.word.matches(word))
    }
}

fn value<'a>(received: &'a tiny_http::Request, name: &'static str) -> Option<&'a str> {
    let mut headers = received.headers().iter();
    let header = headers.find(|header| header.field.equiv(name))?;
    Some(header.value.as_str())
}

/// Asks the judge and responds; tells whether the wait is over.
fn answer(
    mut received: tiny_http::Request,
    judge: &mut dyn FnMut(&Answer) -> Reply,
) -> io::Result<bool> {
    let post = *received.method() == tiny_http::Method::Post;
    let parameters = if post {
        let mut form = String::with_capacity(received.body_length().unwrap_or(0).min(MOST_FORM));
        let limit = u64::try_from(MOST_FORM).unwrap_or(u64::MAX);
        received.as_reader().take(limit).read_to_string(&mut form)?;
        Secret::new(form)
    } else {
        let query = received
            .url()
            .split_once('?')
            .map_or("", |(_, query)| query);
        Secret::new(query.to_owned())
    };
    let reply = judge(&Answer {
        method: if post { Method::Post } else { Method::Get },
        origin: value(&received, "Origin").map(ToOwned::to_owned),
        parameters,
    });
    match reply {
        Reply::Junk { status } => {
            let plain = [("Content-Type", "text/plain; charset=utf-8")];
            received.respond(response(junk(status), status, &plain))?;
            Ok(false)
        }
        Reply::Finish { page, status } => {
            let policy = content_security_policy(&page);
            let headers = [
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Security-Policy", policy.as_str()),
                ("Referrer-Policy", "no-referrer"),
            ];
            received.respond(response(page, status, &headers))?;
            Ok(true)
        }
    }
}

fn response(body: String, status: u16, headers: &[(&str, &str)]) -> Response<io::Cursor<Vec<u8>>> {
    let always = [
        ("Cache-Control", "no-store"),
        ("Server", "keyfob"),
        ("X-Content-Type-Options", "nosniff"),
    ];
    // A whole page in one piece, with its length.
    let mut response = Response::from_string(body)
        .with_chunked_threshold(usize::MAX)
        .with_status_code(status);
    for (name, value) in headers.iter().chain(&always) {
        if let Ok(header) = Header::from_bytes(*name, *value) {
            response.add_header(header);
        }
    }
    response
}

/// The text for whoever is not the browser that was waited for.
pub(super) fn junk(status: u16) -> String {
    format!("{status}: this is not the answer to a sign-in\n")
}

/// Allows the page's own style sheet, by its hash, and nothing else (CSP Level 3 §2.3.1); a page
/// with a form may send it. Foreign text is escaped before it gets here, so such a form is ours;
/// where a provider sends it on to cannot be known, and browsers hold redirects to the same list.
pub(super) fn content_security_policy(page: &str) -> String {
    let style = page
        .split_once("<style>")
        .and_then(|(_, rest)| rest.split_once("</style>"))
        .map(|(style, _)| digest::digest(&digest::SHA256, style.as_bytes()));
    let style = style.map_or_else(
        || "'none'".to_owned(),
        |hash| format!("'sha256-{}'", STANDARD.encode(hash)),
    );
    let form = if page.contains("<form ") {
        "*"
    } else {
        "'none'"
    };
    format!(
        "default-src 'none'; style-src {style}; base-uri 'none'; form-action {form}; \
         frame-ancestors 'none'"
    )
}

/// Adds `Connection: close`, which `tiny_http` keeps to itself.
fn closing(mut answer: Vec<u8>) -> Vec<u8> {
    if let Some(end) = answer.windows(2).position(|two| two == b"\r\n") {
        answer.splice(end..end, *b"\r\nConnection: close");
    }
    answer
}

fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> io::Error {
    error
        .downcast::<io::Error>()
        .map_or_else(io::Error::other, |error| *error)
}

/// A socket in a folder that only the user can enter.
#[cfg(unix)]
struct Socket {
    path: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

#[cfg(unix)]
impl Socket {
    fn listen() -> io::Result<(Server, Self)> {
        use std::os::unix::fs::PermissionsExt;
        let mut builder = tempfile::Builder::new();
        let private = std::fs::Permissions::from_mode(0o700);
        let builder = builder.prefix("keyfob-").permissions(private);
        // A deep TMPDIR can be too long for a socket's name.
        builder
            .tempdir()
            .and_then(Self::listen_in)
            .or_else(|first| {
                let second = builder.tempdir_in("/tmp").and_then(Self::listen_in);
                second.map_err(|_| first)
            })
    }

    fn listen_in(folder: tempfile::TempDir) -> io::Result<(Server, Self)> {
        let path = folder.path().join("gate");
        let server = Server::http_unix(&path).map_err(failed)?;
        let socket = Self {
            path,
            _folder: folder,
        };
        Ok((server, socket))
    }

    fn connect(&self) -> io::Result<std::os::unix::net::UnixStream> {
        let stream = std::os::unix::net::UnixStream::connect(&self.path)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(stream)
    }
}

/// A second loopback port, which only answers to the gate's word.
#[cfg(not(unix))]
struct Socket {
    address: std::net::SocketAddr,
}

#[cfg(not(unix))]
impl Socket {
    fn listen() -> io::Result<(Server, Self)> {
        let listener = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let server = Server::from_listener(listener, None).map_err(failed)?;
        Ok((server, Self { address }))
    }

    fn connect(&self) -> io::Result<std::net::TcpStream> {
        let stream = std::net::TcpStream::connect(self.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(stream)
    }
}
