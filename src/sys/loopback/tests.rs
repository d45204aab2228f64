//! The listener against browsers, web pages and worse: all over real sockets.

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
fn it_works_while_two_hundred_idle_connections_are_held_open() {
    let listener = bind(LoopbackHost::V4, Accept::Get);

    let (result, _) = session(&listener, |port| {
        let connect = |_| TcpStream::connect(("127.0.0.1", port)).unwrap();
        let idle: Vec<_> = (0..200).map(connect).collect();
        assert_eq!(status(&finish(port)), 200);
        drop(idle);
    });

    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn it_works_while_two_hundred_requests_are_left_unfinished() {
    let listener = bind(LoopbackHost::V4, Accept::Get);

    let (result, _) = session(&listener, |port| {
        let begin = |_| {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
            drop(stream.write_all(b"GET /callback?code="));
            stream
        };
        let begun: Vec<_> = (0..200).map(begin).collect();
        assert_eq!(status(&finish(port)), 200);
        drop(begun);
    });

    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn an_endless_header_is_cut_off() {
    let listener = bind(LoopbackHost::V4, Accept::Get);

    let (result, _) = session(&listener, |port| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(b"GET /callback HTTP/1.1\r\nX: ").unwrap();
        let block = [b'x'; 1 << 16];
        let sent = (0..1000).take_while(|_| stream.write_all(&block).is_ok());
        assert!(sent.count() < 1000);
        assert_eq!(status(&finish(port)), 200);
    });

    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn a_silent_connection_is_hung_up_on() {
    let listener = bind(LoopbackHost::V4, Accept::Get);

    let (result, _) = session(&listener, |port| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(ENOUGH)).unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
        assert_eq!(status(&finish(port)), 200);
    });

    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn a_request_in_pieces_is_put_together() {
    let listener = bind(LoopbackHost::V4, Accept::Get);

    let (result, judged) = session(&listener, |port| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_nodelay(true).unwrap();
        for byte in get(port, "/callback?code=right") {
            stream.write_all(&[byte]).unwrap();
        }
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert_eq!(status(&answer), 200);
    });

    assert!(result.is_ok(), "{result:?}");
    assert_eq!(judged, ["Get code=right "]);
}

#[test]
fn the_wait_ends_at_its_deadline_under_steady_requests() {
    let listener = bind(LoopbackHost::V4, Accept::Get);
    let port = port(&listener);
    let over = AtomicBool::new(false);

    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
                    drop(stream.write_all(&get(port, "/callback?state=wrong")));
                    drop(stream.set_read_timeout(Some(Duration::from_millis(100))));
                    drop(stream.read(&mut [0; 64]));
                }
            }
        });
        let deadline = Duration::from_millis(150);
        let junk = &mut |_: &Answer| Reply::Junk { status: 400 };
        let result = listener.wait(deadline, &|| false, junk);
        over.store(true, Ordering::SeqCst);
        assert!(
            matches!(result, Err(LoopbackError::TimedOut(_))),
            "{result:?}"
        );
    });
}

#[test]
fn localhost_is_heard_on_both_families_at_one_port() {
    let listener = bind(LoopbackHost::Localhost, Accept::Get);
    if listener.lacks_ipv6() {
        return;
    }

    let (result, _) = session(&listener, |port| {
        for address in ["127.0.0.1", "::1"] {
            let mut stream = TcpStream::connect((address, port)).unwrap();
            let target = if address == "::1" { "right" } else { "wrong" };
            let request =
                format!("GET /callback?code={target} HTTP/1.1\r\nHost: LOCALHOST:{port}\r\n\r\n");
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert_eq!(status(&answer), if address == "::1" { 200 } else { 400 });
        }
    });

    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn a_squatter_on_the_other_family_gets_no_code() {
    // Given somebody who listens on IPv6 alone.
    let Ok(squatter) = v6(0) else { return };
    let port = squatter.local_addr().unwrap().port();

    let error = Listener::bind(&Bind {
        host: LoopbackHost::Localhost,
        port: Some(port),
        path: "/".to_owned(),
        accept: Accept::Get,
    })
    .unwrap_err();

    assert!(
        matches!(error, LoopbackError::PortTaken { .. }),
        "{error:?}"
    );
    let shown = error.to_string();
    assert_eq!(
        shown,
        format!("port {port} on localhost is taken by another program")
    );
}

#[test]
fn a_fixed_port_is_free_again_after_the_sign_in() {
    let first = bind(LoopbackHost::V4, Accept::Get);
    let port = port(&first);
    let again = || {
        Listener::bind(&Bind {
            host: LoopbackHost::V4,
            port: Some(port),
            path: "/callback".to_owned(),
            accept: Accept::Get,
        })
    };
    assert!(matches!(again(), Err(LoopbackError::PortTaken { .. })));

    let (result, _) = session(&first, |port| drop(finish(port)));
    drop(first);

    assert!(result.is_ok());
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    assert!(again().is_ok());
}

#[test]
fn the_redirect_uri_is_exact() {
    let listener = bind(LoopbackHost::V6, Accept::Get);
    let expected = format!("http://[::1]:{}/callback", port(&listener));
    assert_eq!(listener.redirect_uri().as_str(), expected);

    for path in [
        "callback",
        "",
        "//evil.example/",
        "/a?b",
        "/a#b",
        "/a b",
        "/a\r\nb",
        "/\\x",
    ] {
        let error = Listener::bind(&Bind {
            host: LoopbackHost::V4,
            port: None,
            path: path.to_owned(),
            accept: Accept::Get,
        });
        assert!(matches!(error, Err(LoopbackError::Path(_))), "{path:?}");
    }
}

#[test]
fn a_page_without_a_style_sheet_allows_none() {
    let policy = relay::content_security_policy("<p>hi");

    assert!(
        policy.starts_with("default-src 'none'; style-src 'none';"),
        "{policy}"
    );
}
