//! The client against real sockets, most of them badly behaved.

mod tls;
mod tunnel;

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;

use super::*;
const SECOND: Duration = Duration::from_secs(1);

fn client(ca_file: Option<PathBuf>, timeout: Duration) -> Http {
    let proxies = Proxies::default();
    Http::new(HttpSettings {
        ca_file,
        proxies,
        detours: Vec::new(),
        timeout,
    })
    .unwrap()
}

fn get(url: &str) -> Request<Vec<u8>> {
    Request::get(url).body(Vec::new()).unwrap()
}

/// Answers every connection with `answer`; returns the port.
fn serve(answer: impl Fn(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            answer(stream);
        }
    });
    port
}

/// Reads one request's header and returns its lines.
fn header(stream: &mut impl Read) -> Vec<String> {
    let lines = BufReader::with_capacity(1, stream).lines();
    let lines = lines.map_while(Result::ok);
    lines.take_while(|line| !line.is_empty()).collect()
}

fn answer_with(text: &'static str) -> u16 {
    serve(move |mut stream| {
        header(&mut stream);
        drop(stream.write_all(text.as_bytes()));
    })
}

/// Sends a plain GET to a local port.
fn ask(port: u16, timeout: Duration) -> Result<Response, HttpError> {
    client(None, timeout).send(get(&format!("http://127.0.0.1:{port}/a?code=hunter2")))
}

#[test]
fn a_redirect_is_an_answer_and_is_not_followed() {
    let (sender, asked) = mpsc::channel();
    let target = serve(move |_| sender.send(()).unwrap());
    let port = serve(move |mut stream| {
        header(&mut stream);
        let to = format!("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{target}/\r\n\r\n");
        drop(stream.write_all(to.as_bytes()));
    });

    let answer = ask(port, SECOND * 10).unwrap();

    assert_eq!(answer.status, 302);
    assert!(asked.try_recv().is_err());
}

#[test]
fn an_error_status_is_an_answer_with_its_body() {
    let port = answer_with("HTTP/1.1 400 Bad\r\nContent-Length: 4\r\n\r\nbody");

    let answer = ask(port, SECOND * 10).unwrap();

    assert_eq!((answer.status, answer.body.as_slice()), (400, &b"body"[..]));
}

#[test]
fn a_form_arrives_with_our_name_and_its_body() {
    let (sender, seen) = mpsc::channel();
    let port = serve(move |mut stream| {
        let lines = header(&mut stream);
        let mut body = [0; 3];
        stream.read_exact(&mut body).unwrap();
        sender.send((lines, body)).unwrap();
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    });
    let form = Request::post(format!("http://localhost:{port}/token"))
        .body(b"a=b".to_vec())
        .unwrap();

    client(None, SECOND * 10).send(form).unwrap();

    let (lines, body) = seen.recv().unwrap();
    let agent = concat!("user-agent: keyfob/", env!("CARGO_PKG_VERSION"));
    assert!(
        lines.iter().any(|line| line.eq_ignore_ascii_case(agent)),
        "{lines:?}"
    );
    assert_eq!(&body, b"a=b");
}

#[test]
fn fifty_megabytes_are_stopped_at_one() {
    for head in ["Content-Length: 52428800\r\n", ""] {
        let port = serve(move |mut stream| {
            header(&mut stream);
            drop(write!(
                stream,
                "HTTP/1.1 200 OK\r\n{head}Connection: close\r\n\r\n"
            ));
            let block = vec![b'x'; 1 << 16];
            for _ in 0..800 {
                if stream.write_all(&block).is_err() {
                    return;
                }
            }
        });

        let error = ask(port, SECOND * 20).unwrap_err();

        assert!(matches!(error, HttpError::TooLarge { .. }), "{error:?}");
    }
}

#[test]
fn a_body_of_exactly_the_limit_is_read() {
    let port = serve(|mut stream| {
        header(&mut stream);
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"));
        drop(stream.write_all(&vec![b'x'; MOST_BODY]));
    });

    assert_eq!(ask(port, SECOND * 20).unwrap().body.len(), MOST_BODY);
}

#[test]
fn an_endless_header_is_stopped() {
    let port = serve(|mut stream| {
        header(&mut stream);
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\nX: "));
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
    });

    let error = ask(port, SECOND * 20).unwrap_err();

    assert!(
        matches!(error, HttpError::HeaderTooLarge { .. }),
        "{error:?}"
    );
}

#[test]
fn one_byte_at_a_time_hits_the_deadline() {
    let (sender, ended) = mpsc::channel::<()>();
    let ended = std::sync::Mutex::new(ended);
    let port = serve(move |mut stream| {
        header(&mut stream);
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"));
        let pause = Duration::from_millis(20);
        while stream.write_all(b"x").is_ok() {
            // Waits, but no longer than the test lives.
            if ended.lock().unwrap().recv_timeout(pause) != Err(mpsc::RecvTimeoutError::Timeout) {
                return;
            }
        }
    });
    let clock = crate::sys::clock::SystemClock::new();

    let error = ask(port, Duration::from_millis(300)).unwrap_err();

    assert!(matches!(error, HttpError::TimedOut { .. }), "{error:?}");
    assert!(crate::sys::clock::Clock::elapsed(&clock) < SECOND * 5);
    drop(sender);
}

#[test]
fn a_server_that_says_nothing_hits_the_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();

    let error = ask(port, Duration::from_millis(200)).unwrap_err();

    assert!(matches!(error, HttpError::TimedOut { .. }), "{error:?}");
}

#[test]
fn half_an_answer_is_no_answer() {
    for half in [
        "",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf",
    ] {
        let error = ask(answer_with(half), SECOND * 10).unwrap_err();

        assert!(
            matches!(error, HttpError::Cut { .. }),
            "{half:?}: {error:?}"
        );
    }
}

#[test]
fn what_is_not_http_or_not_gzip_is_named_so() {
    let garbage = ask(answer_with("SSH-2.0-OpenSSH_9\r\n\r\n"), SECOND * 10).unwrap_err();
    let gzip = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!";
    let compressed = ask(answer_with(gzip), SECOND * 10).unwrap_err();

    assert!(matches!(garbage, HttpError::NotHttp { .. }), "{garbage:?}");
    assert!(
        matches!(compressed, HttpError::Undecodable { .. }),
        "{compressed:?}"
    );
}

#[test]
fn nobody_there_is_told_from_no_such_name() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);

    let refused = ask(port, SECOND * 10).unwrap_err();
    let unknown = client(None, SECOND * 10).send(get("https://keyfob.invalid/"));

    assert!(matches!(refused, HttpError::Refused { .. }), "{refused:?}");
    let unknown = unknown.unwrap_err();
    assert!(
        matches!(unknown, HttpError::Unresolved { .. }),
        "{unknown:?}"
    );
}

#[test]
fn plain_http_stays_on_this_machine() {
    for url in [
        "http://id.example.com/",
        "http://10.0.0.1/",
        "http://127.0.0.1.example.com/",
        "ftp://localhost/",
    ] {
        let error = client(None, SECOND).send(get(url)).unwrap_err();

        assert!(
            matches!(error, HttpError::NotPrivate { .. }),
            "{url}: {error:?}"
        );
    }
    for url in ["/path", "https://me:pw@id.example.com/"] {
        let error = client(None, SECOND).send(get(url)).unwrap_err();

        assert!(matches!(error, HttpError::NotAbsolute), "{url}: {error:?}");
    }
}

#[test]
fn a_message_never_holds_the_query() {
    let error = ask(answer_with(""), SECOND * 10).unwrap_err();

    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains("hunter2") && !shown.contains("code"),
        "{shown}"
    );
}
