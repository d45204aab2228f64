//! What the gate lets through, and what it does not.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use super::wire::{Wire, quick, text};
use crate::issuer::clock::Clock;
use crate::issuer::{Endpoint, Fault, Provider, Settings};

fn connect(wire: &Wire) -> TcpStream {
    let address = wire.provider.issuer().strip_prefix("http://").unwrap();
    let stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    stream
}

/// Sends bytes as they are and returns the status line.
fn raw(wire: &Wire, bytes: &[u8]) -> String {
    let mut stream = connect(wire);
    // The gate may hang up while a long request is still being sent.
    drop(stream.write_all(bytes));
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer));
    let answer = String::from_utf8_lossy(&answer).into_owned();
    answer.lines().next().unwrap_or_default().to_owned()
}

fn host(wire: &Wire) -> String {
    wire.provider
        .issuer()
        .strip_prefix("http://")
        .unwrap()
        .to_owned()
}

#[test]
fn a_host_that_is_not_ours_gets_421_and_no_endpoint() {
    let wire = Wire::start(quick());
    let host = host(&wire);
    let port = host.split(':').next_back().unwrap().to_owned();

    for foreign in [
        "evil.example",
        &format!("evil.example:{port}"),
        "127.0.0.1",
        "127.0.0.1:1",
    ] {
        let line = raw(
            &wire,
            format!("GET /jwks HTTP/1.1\r\nHost: {foreign}\r\n\r\n").as_bytes(),
        );
        assert!(line.starts_with("HTTP/1.1 421"), "{foreign}: {line}");
    }
    assert_eq!(wire.provider.requests(Endpoint::Keys), 0);
    let line = raw(
        &wire,
        format!("GET /jwks HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes(),
    );
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
}

#[test]
fn requests_out_of_shape_are_refused_before_any_endpoint() {
    let wire = Wire::start(quick());
    let host = host(&wire);
    let long = "x".repeat(20 * 1024);
    let cases = [
        ("GET /jwks HTTP/1.1\r\n\r\n".to_owned(), "400"),
        (
            format!("GET /jwks HTTP/1.1\r\nHost: {host}\r\nHost: {host}\r\n\r\n"),
            "400",
        ),
        (
            format!("GET /jwks HTTP/1.1\r\nHost: {host}\r\nX y: z\r\n\r\n"),
            "400",
        ),
        (
            format!("GET /jwks HTTP/1.1\r\nHost: {host}\r\nX: a\nY: b\r\n\r\n"),
            "400",
        ),
        (format!("GET /é HTTP/1.1\r\nHost: {host}\r\n\r\n"), "400"),
        (
            format!("GET /{long} HTTP/1.1\r\nHost: {host}\r\n\r\n"),
            "431",
        ),
        (
            format!("POST /token HTTP/1.1\r\nHost: {host}\r\nContent-Length: 70000\r\n\r\n"),
            "413",
        ),
        (
            format!("POST /token HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1\r\n\r\n"),
            "400",
        ),
        (
            format!(
                "POST /token HTTP/1.1\r\nHost: {host}\r\n\
                 Content-Length: 1\r\nContent-Length: 1\r\n\r\nx"
            ),
            "400",
        ),
        (
            format!(
                "POST /token HTTP/1.1\r\nHost: {host}\r\n\
                 Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            ),
            "411",
        ),
        ("nonsense\r\n\r\n".to_owned(), "400"),
    ];

    for (request, status) in cases {
        let line = raw(&wire, request.as_bytes());
        let start: String = request.chars().take(60).collect();
        assert!(
            line.starts_with(&format!("HTTP/1.1 {status}")),
            "{start:?}: {line}"
        );
    }
    assert_eq!(wire.provider.log(), []);
}

#[test]
fn a_body_of_a_megabyte_is_refused_and_the_client_hears_so() {
    let wire = Wire::start(quick());
    let value = "x".repeat(1 << 20);

    let reply = wire.try_post("/token", &[("grant_type", &value)], &[]);

    assert_eq!(reply.unwrap().status, 413);
}

#[test]
fn fifty_clients_sign_in_at_once_while_two_hundred_say_nothing() {
    let wire = Wire::start(quick());
    let idle: Vec<_> = (0..200).map(|_| connect(&wire)).collect();

    thread::scope(|scope| {
        let one = || assert!(wire.sign_in().get("id_token").is_some());
        let all: Vec<_> = (0..50).map(|_| scope.spawn(one)).collect();
        for one in all {
            one.join().unwrap();
        }
    });

    assert_eq!(wire.provider.requests(Endpoint::Token), 50);
    assert_eq!(idle.len(), 200);
}

#[test]
fn no_answer_allows_another_origin_to_read_it() {
    let wire = Wire::start(quick());
    let origin = [("Origin", "https://evil.example")];

    let keys = wire.get_with("/jwks", &origin);
    let preflight = raw(
        &wire,
        format!("OPTIONS /token HTTP/1.1\r\nHost: {}\r\n\r\n", host(&wire)).as_bytes(),
    );

    assert!(
        keys.headers
            .keys()
            .all(|name| !name.starts_with("access-control-"))
    );
    assert!(preflight.starts_with("HTTP/1.1 405"), "{preflight}");
}

#[test]
fn stopping_frees_the_port_at_once_and_ends_what_hangs() {
    let wire = Wire::start(Settings {
        faults: vec![Fault::parse("disc.timeout").unwrap()],
        ..quick()
    });
    let mut hanging = connect(&wire);
    let request = format!(
        "GET /.well-known/openid-configuration HTTP/1.1\r\nHost: {}\r\n\r\n",
        host(&wire)
    );
    hanging.write_all(request.as_bytes()).unwrap();
    let address = host(&wire);
    let port: u16 = address.rsplit(':').next().unwrap().parse().unwrap();
    let clock = Clock::start(0);

    wire.provider.stop();

    assert!(clock.elapsed() < Duration::from_secs(1));
    let mut rest = Vec::new();
    drop(hanging.read_to_end(&mut rest));
    assert!(rest.is_empty());
    assert!(TcpStream::connect(&address).is_err());
    let again = Provider::start(Settings { port, ..quick() }).unwrap();
    assert_eq!(again.issuer(), format!("http://{address}"));
}

#[test]
fn an_echo_without_a_good_token_says_what_is_missing() {
    let wire = Wire::start(quick());

    let none = wire.get("/echo");
    let bad = wire.echo("made-up");
    let in_query = wire.get(&format!(
        "/echo?access_token={}",
        text(&wire.sign_in(), "access_token")
    ));

    assert_eq!((none.status, bad.status, in_query.status), (401, 401, 401));
    assert_eq!(none.header("www-authenticate"), "Bearer realm=\"practice\"");
    assert!(
        bad.header("www-authenticate")
            .contains("error=\"invalid_token\"")
    );
}
