//! Providers that answer with anything but what they should, or not at all.

use std::io::{BufRead as _, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use keyfob::issuer::Provider;

use super::case::{Case, hold};
use crate::support::{faulty, provider_with};

pub(super) fn cases() -> Vec<Case> {
    [bodies(), documents(), statuses(), wires(), tls()]
        .into_iter()
        .flatten()
        .collect()
}

/// Answers every connection with these bytes, and hangs up.
fn answering(bytes: impl Into<Vec<u8>>) -> u16 {
    let bytes = bytes.into();
    serving(move |mut stream| {
        asked(&stream);
        drop(stream.write_all(&bytes));
    })
}

/// Serves every connection on a thread of its own, until the tests end.
fn serving(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = Arc::new(serve);
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let serve = Arc::clone(&serve);
            thread::spawn(move || serve(stream));
        }
    });
    port
}

/// Reads a request up to the end of its header.
fn asked(stream: &TcpStream) {
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    lines.take_while(|line| !line.is_empty()).for_each(drop);
}

fn answer(status: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    )
}

fn at(name: &'static str, port: u16) -> Case {
    Case::new(
        name,
        &format!("login work --issuer http://127.0.0.1:{port}"),
    )
}

/// Metadata that is no metadata.
fn body(name: &'static str, kind: &str, body: &str, says: &[&str]) -> Case {
    let port = answering(answer("200 OK", kind, body));
    let place = format!("127.0.0.1:{port}/.well-known/openid-configuration");
    let all = [says, &[&place, "check that `issuer` names"]].concat();
    at(name, port).gets(6, &all)
}

fn bodies() -> Vec<Case> {
    let json = "application/json";
    vec![
        body(
            "HTML for metadata",
            "text/html",
            "<!doctype html><p>hi",
            &["an HTML page"],
        ),
        body("HTML said to be JSON", json, " <html>", &["an HTML page"]),
        body(
            "picture for metadata",
            "image/png",
            "\u{89}PNG\r\n\u{1a}\n",
            &["it is not JSON"],
        ),
        body(
            "text for metadata",
            "text/plain",
            "hello",
            &["it is not JSON"],
        ),
        body("no body for metadata", json, "", &["it is not JSON"]),
        body(
            "list for metadata",
            json,
            "[\"https://a\"]",
            &["not an object"],
        ),
        body("number for metadata", json, "7", &["not an object"]),
        body(
            "metadata without an issuer",
            json,
            "{}",
            &["missing field `issuer`"],
        ),
        body(
            "number for the issuer",
            json,
            "{\"issuer\":5}",
            &["expected a string"],
        ),
        body(
            "half of the metadata",
            json,
            "{\"issuer\":\"htt",
            &["it is not JSON"],
        ),
        body(
            "metadata with a byte order mark",
            json,
            "\u{feff}{}",
            &["byte order mark"],
        ),
        body(
            "metadata with raw escapes",
            json,
            "{\"issuer\":\"\u{1b}[2J\"}",
            &["not JSON"],
        ),
        body(
            "metadata that nests for ever",
            json,
            &"[".repeat(100_000),
            &["not JSON"],
        ),
    ]
}

/// Metadata that reads well and must not be used; `~` stands for the issuer.
fn document(name: &'static str, text: &'static str) -> Case {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let body = text.replace('~', &format!("http://127.0.0.1:{port}"));
    let bytes = answer("200 OK", "application/json", &body);
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            asked(&stream);
            drop(stream.write_all(bytes.as_bytes()));
        }
    });
    at(name, port)
}

fn documents() -> Vec<Case> {
    vec![
        document(
            "metadata of another issuer",
            "{\"issuer\":\"https://other.example\"}",
        )
        .gets(
            9,
            &[
                "speaks for the issuer `https://other.example`",
                "write `issuer`",
            ],
        ),
        document(
            "metadata of an issuer with escapes",
            "{\"issuer\":\"a\\u001b[2J\"}",
        )
        .gets(9, &["`a\\u{1b}[2J`"]),
        document("metadata without endpoints", "{\"issuer\":\"~\"}").gets(
            5,
            &["names no `authorization_endpoint`", "check that `issuer`"],
        ),
        document(
            "script as an endpoint",
            "{\"issuer\":\"~\",\"token_endpoint\":\"javascript:1\"}",
        )
        .gets(
            9,
            &[
                "`token_endpoint` cannot be used",
                "ask who runs the provider",
            ],
        ),
        document(
            "endpoint with escapes",
            "{\"issuer\":\"~\",\"jwks_uri\":\"https://a\\u001b[2J\"}",
        )
        .gets(9, &["`jwks_uri` cannot be used", "\\u{1b}"]),
    ]
}

fn statuses() -> Vec<Case> {
    let status = |name, status: &str, says: &[&str]| {
        let port = answering(answer(status, "text/plain", ""));
        at(name, port).gets(6, &[says, &["no provider answers at"]].concat())
    };
    let elsewhere = "HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\n\
                     Content-Length: 0\r\nConnection: close\r\n\r\n";
    vec![
        status(
            "metadata 404",
            "404 Not Found",
            &["HTTP 404", "keyfob config"],
        ),
        status(
            "metadata 401",
            "401 Unauthorized",
            &["HTTP 401", "keyfob config"],
        ),
        status("metadata 500", "500 Oops", &["HTTP 500", "try again later"]),
        status("metadata 503", "503 Busy", &["HTTP 503", "try again later"]),
        status(
            "metadata 429",
            "429 Slow Down",
            &["HTTP 429", "try again later"],
        ),
        at("redirect to elsewhere", answering(elsewhere)).gets(6, &["HTTP 302", "never followed"]),
    ]
}

fn wires() -> Vec<Case> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    let url = "check that the URL is the provider's";
    let cut = format!("{head}Content-Length: 500\r\n\r\n{{\"issuer\":");
    let packed = format!("{head}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{{}}");
    let long = format!("{head}X: {}\r\n\r\n", "a".repeat(100_000));
    let large = format!(
        "{head}Content-Length: 52428800\r\n\r\n{}",
        "a".repeat(2 << 20)
    );
    let chunks = format!("{head}Transfer-Encoding: chunked\r\n\r\nzz\r\n");
    let endless = serving(|mut stream| {
        asked(&stream);
        let begun = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n{\"issuer\":\"");
        while begun.is_ok() && stream.write_all(&[b'a'; 1 << 14]).is_ok() {}
    });
    let silent = serving(|stream| {
        asked(&stream);
        thread::park();
    });
    let mute = serving(|_stream| thread::park());
    let hurried = |case: Case| {
        case.with("KEYFOB_TIMEOUT", "1")
            .gets(6, &["within 5 s", "try again"])
    };
    vec![
        at("half an answer", answering(cut)).gets(6, &["before the answer was complete"]),
        at("no answer", answering("")).gets(6, &["before the answer was complete"]),
        at("greeting of another protocol", answering("SSH-2.0-x\r\n"))
            .gets(6, &["does not answer in HTTP", url]),
        at("binary for an answer", answering([0, 255, 27, 91, 50, 74])).gets(6, &[url]),
        at("body that is not compressed", answering(packed))
            .gets(6, &["cannot be decompressed", url]),
        at("broken chunks", answering(chunks)).gets(6, &["127.0.0.1"]),
        at("header of 100 KiB", answering(long)).gets(6, &["more than 64 KiB", url]),
        at("body of 50 MiB", answering(large)).gets(6, &["more than 1048576 bytes", url]),
        at("body without an end", endless).gets(6, &["more than 1048576 bytes", url]),
        hurried(at("silence after the request", silent)),
        hurried(Case::new(
            "silence instead of TLS",
            &format!("login work --issuer https://127.0.0.1:{mute}"),
        )),
    ]
}

fn tls() -> Vec<Case> {
    let at = |name, port: u16| {
        Case::new(
            name,
            &format!("login work --issuer https://127.0.0.1:{port}"),
        )
    };
    // A record of 0x200 bytes that begins like a ServerHello and ends after five of them.
    let hello = b"\x16\x03\x03\x02\x00\x02\x00\x01\xfc\x03";
    vec![
        at(
            "plain HTTP for TLS",
            answering("HTTP/1.1 400 Bad Request\r\n\r\n"),
        )
        .gets(6, &["does not speak TLS", "check the port"]),
        at(
            "TLS cut in the middle",
            serving(move |mut stream| {
                let mut first = [0; 1];
                drop(std::io::Read::read(&mut stream, &mut first));
                drop(stream.write_all(hello));
            }),
        )
        .gets(6, &["127.0.0.1", "check the network"]),
        at("certificate of nobody", untrusted()).gets(6, &["no trusted connection", "ca_file"]),
    ]
}

/// Speaks TLS with a certificate that it signed itself.
fn untrusted() -> u16 {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let crypto = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(crypto)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    serving(move |mut stream| {
        let mut session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
        while session.is_handshaking() && session.complete_io(&mut stream).is_ok() {}
    })
}

/// Sign-ins that begin well.
pub(super) fn half_way() {
    let sign_in = |name, provider: &Provider| {
        let line = format!("login work --no-browser --issuer {}", provider.issuer());
        Case::new(name, &line).person()
    };
    let skewed = |seconds| provider_with(|settings| settings.clock_skew = seconds);
    let (ahead, behind) = (skewed(600), skewed(-600));
    let faults = [
        (
            "token with line breaks",
            "tok.newline",
            6,
            "has spaces or control characters",
        ),
        ("refusal as HTML", "tok.400html", 6, "HTTP 400"),
        (
            "number for a token",
            "tok.json.bool",
            6,
            "`access_token` is not a text",
        ),
        ("error with status 200", "tok.200error", 5, "invalid"),
        ("unknown token type", "tok.type.mac", 6, "`mac`"),
        ("token twice", "tok.json.dup", 6, "duplicate member"),
    ];
    let providers = faults.map(|(_, fault, _, _)| faulty(fault));
    let mut cases: Vec<Case> = faults
        .iter()
        .zip(&providers)
        .map(|((name, _, exit, says), provider)| sign_in(name, provider).gets(*exit, &[says]))
        .collect();
    cases.push(sign_in("clock ten minutes behind", &ahead).gets(
        9,
        &[
            "this machine's clock is 10 min behind the provider's",
            "set this machine's clock",
        ],
    ));
    cases.push(sign_in("clock ten minutes ahead", &behind).gets(
        9,
        &[
            "this machine's clock is 10 min ahead of the provider's",
            "set this machine's clock",
        ],
    ));
    let devices = [
        ("user code with escapes", "dev.code.esc"),
        ("device address with escapes", "dev.uri.esc"),
    ];
    let screens = devices.map(|(_, fault)| faulty(fault));
    for ((name, _), provider) in devices.iter().zip(&screens) {
        let line = format!("login work --device --issuer {}", provider.issuer());
        cases
            .push(Case::new(name, &line).gets(6, &["device authorization endpoint is not usable"]));
    }
    hold(cases);
}
