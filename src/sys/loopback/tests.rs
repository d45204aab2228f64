//! The listener against browsers, web pages and worse: all over real sockets.

mod address;
mod hold;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::*;

const ENOUGH: Duration = Duration::from_secs(20);

fn bind(host: LoopbackHost, accept: Accept) -> Listener {
    Listener::bind(&Bind {
        host,
        port: None,
        path: "/callback".to_owned(),
        accept,
    })
    .unwrap()
}

fn port(listener: &Listener) -> u16 {
    listener.redirect_uri().port().unwrap()
}

/// Sends bytes and reads to the end of the answer; empty when the connection was torn down.
fn send(port: u16, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut answer = Vec::new();
    drop(stream.write_all(bytes));
    drop(stream.read_to_end(&mut answer));
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(port: u16, target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").into_bytes()
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).unwrap_or("0").parse().unwrap_or(0)
}

/// Waits in a thread while `visit` talks to the port; the judge finishes on `code=right`.
fn session(
    listener: &Listener,
    visit: impl FnOnce(u16) + Send,
) -> (Result<(), LoopbackError>, Vec<String>) {
    let port = port(listener);
    let mut judged = Vec::new();
    let result = thread::scope(|scope| {
        scope.spawn(move || visit(port));
        listener.wait(ENOUGH, &|| false, &mut |answer| {
            let seen = answer.parameters.expose().to_owned();
            let origin = answer.origin.clone().unwrap_or_default();
            judged.push(format!("{:?} {seen} {origin}", answer.method));
            if seen == "code=right" {
                return Reply::Finish {
                    page: "<style>b{}</style>done".to_owned(),
                    status: 200,
                };
            }
            Reply::Junk { status: 400 }
        })
    });
    (result, judged)
}

/// Sends the right answer and returns the page.
fn finish(port: u16) -> String {
    send(port, &get(port, "/callback?code=right"))
}

#[test]
fn the_right_answer_gets_its_page_and_ends_the_wait() {
    let listener = bind(LoopbackHost::V4, Accept::Get);

    let (result, judged) = session(&listener, |port| {
        let answer = finish(port);

        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert_eq!(body, "<style>b{}</style>done");
        for line in [
            "HTTP/1.1 200 OK",
            "Cache-Control: no-store",
            "Connection: close",
            "Content-Type: text/html; charset=utf-8",
            "Referrer-Policy: no-referrer",
            "X-Content-Type-Options: nosniff",
            "Content-Security-Policy: default-src 'none'; \
             style-src 'sha256-7yqHVAesot11p6HczDsgKRipvI5UPgs97z80zNXlans='; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ] {
            assert!(head.lines().any(|found| found == line), "{line}\n{head}");
        }
        assert!(!head.contains("Access-Control"));
    });

    assert!(result.is_ok(), "{result:?}");
    assert_eq!(judged, ["Get code=right "]);
}

#[test]
fn a_form_is_let_through_with_its_origin() {
    let listener = bind(LoopbackHost::V4, Accept::Post);

    let (result, judged) = session(&listener, |port| {
        let form = format!(
            "POST /callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\
             Origin: https://id.example.com\r\nContent-Length: 10\r\n\
             Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n\r\ncode=right"
        );
        assert_eq!(status(&send(port, form.as_bytes())), 200);
    });

    assert!(result.is_ok(), "{result:?}");
    assert_eq!(judged, ["Post code=right https://id.example.com"]);
}

#[test]
fn junk_is_refused_unjudged_and_the_wait_goes_on() {
    let listener = bind(LoopbackHost::V4, Accept::Get);

    let (result, judged) = session(&listener, |port| {
        let host = format!("Host: 127.0.0.1:{port}\r\n");
        let line = "GET /callback?code=x HTTP/1.1\r\n";
        for (expected, request) in [
            (404, format!("GET / HTTP/1.1\r\n{host}\r\n")),
            (404, format!("GET /favicon.ico HTTP/1.1\r\n{host}\r\n")),
            (404, format!("GET /callback/ HTTP/1.1\r\n{host}\r\n")),
            (404, format!("GET /CALLBACK HTTP/1.1\r\n{host}\r\n")),
            (
                405,
                format!("POST /callback HTTP/1.1\r\n{host}Content-Length: 0\r\n\r\n"),
            ),
            (405, format!("HEAD /callback HTTP/1.1\r\n{host}\r\n")),
            (405, format!("OPTIONS /callback HTTP/1.1\r\n{host}\r\n")),
            (421, format!("{line}Host: evil.example:{port}\r\n\r\n")),
            (421, format!("{line}Host: localhost:{port}\r\n\r\n")),
            (421, format!("{line}Host: 127.0.0.1\r\n\r\n")),
            (400, format!("{line}\r\n")),
            (400, format!("{line}{host}{host}\r\n")),
            (400, format!("{line}{host}Origin: a\r\nOrigin: b\r\n\r\n")),
            (400, format!("{line}{host}Content-Length: 3\r\n\r\nabc")),
            (
                400,
                format!("{line}{host}Transfer-Encoding: chunked\r\n\r\n"),
            ),
            (400, format!("{line}{host} folded\r\n\r\n")),
            (
                400,
                format!("GET http://127.0.0.1:{port}/callback HTTP/1.1\r\n{host}\r\n"),
            ),
            (400, format!("GET /callback HTTP/2.0\r\n{host}\r\n")),
            (400, format!("GET  /callback HTTP/1.1\r\n{host}\r\n")),
            (400, format!("GET /callback HTTP/1.1\n{host}\n")),
            (400, "\u{16}\u{3}\u{1}".to_owned()),
            (
                414,
                format!("GET /callback?{} HTTP/1.1\r\n{host}\r\n", "x".repeat(9000)),
            ),
            (
                431,
                format!("{line}{host}X: {}\r\n\r\n", "x".repeat(20_000)),
            ),
        ] {
            let answer = send(port, request.as_bytes());
            assert_eq!(status(&answer), expected, "{request}\n{answer}");
            assert!(!answer.contains("Access-Control"), "{answer}");
        }
        assert_eq!(status(&finish(port)), 200);
    });

    assert!(result.is_ok(), "{result:?}");
    assert_eq!(judged, ["Get code=right "]);
}

#[test]
fn a_form_that_is_none_is_refused_unjudged() {
    let listener = bind(LoopbackHost::V4, Accept::Post);
    let stop = AtomicBool::new(false);
    let port = port(&listener);

    thread::scope(|scope| {
        scope.spawn(|| {
            let start = format!("POST /callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n");
            let form = "Content-Type: application/x-www-form-urlencoded\r\n";
            for (expected, rest) in [
                (411, format!("{form}\r\n")),
                (
                    411,
                    format!("{form}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                ),
                (413, format!("{form}Content-Length: 65537\r\n\r\n")),
                (
                    413,
                    format!("{form}Content-Length: {}\r\n\r\n", "9".repeat(30)),
                ),
                (400, format!("{form}Content-Length: -1\r\n\r\n")),
                (400, format!("{form}Content-Length: 1\r\n\r\nab")),
                (
                    400,
                    format!("{form}Content-Length: 1\r\nContent-Length: 1\r\n\r\na"),
                ),
                (
                    415,
                    "Content-Type: text/plain\r\nContent-Length: 1\r\n\r\na".to_owned(),
                ),
                (415, "Content-Length: 1\r\n\r\na".to_owned()),
            ] {
                let answer = send(port, format!("{start}{rest}").as_bytes());
                assert_eq!(status(&answer), expected, "{rest}\n{answer}");
            }
            let with_query = start.replace("/callback", "/callback?code=x");
            assert_eq!(
                status(&send(port, format!("{with_query}{form}\r\n").as_bytes())),
                404
            );
            assert_eq!(status(&finish(port)), 405);
            stop.store(true, Ordering::SeqCst);
        });
        let stopped = || stop.load(Ordering::SeqCst);
        let result = listener.wait(ENOUGH, &stopped, &mut |answer| panic!("judged {answer:?}"));
        assert!(matches!(result, Err(LoopbackError::Stopped)), "{result:?}");
    });
}

#[test]
fn what_the_judge_refuses_gets_its_status_and_the_wait_goes_on() {
    let listener = bind(LoopbackHost::V4, Accept::Get);

    let (result, judged) = session(&listener, |port| {
        let refused = send(port, &get(port, "/callback?state=wrong"));
        assert_eq!(status(&refused), 400);
        assert!(refused.contains("text/plain"), "{refused}");
        assert_eq!(status(&finish(port)), 200);
    });

    assert!(result.is_ok(), "{result:?}");
    assert_eq!(judged, ["Get state=wrong ", "Get code=right "]);
}

#[test]
fn only_a_page_with_a_form_may_send_one() {
    let with = relay::content_security_policy("<form method=\"post\" action=\"https://a/\">");
    let without = relay::content_security_policy("<p>&lt;form action=https://evil.example");

    assert!(with.contains("form-action *;"), "{with}");
    assert!(without.contains("form-action 'none';"), "{without}");
}

#[test]
fn a_page_without_a_style_sheet_allows_none() {
    let policy = relay::content_security_policy("<p>hi");

    assert!(
        policy.starts_with("default-src 'none'; style-src 'none';"),
        "{policy}"
    );
}
