//! Requests through real proxies.

use std::net::Shutdown;

use super::tls::{ca_file, serve_tls};
use super::*;
use crate::base::Vars;

fn client_through(proxy: String, ca_file: Option<PathBuf>) -> Http {
    let proxies = Proxies::new(&Vars::new([("HTTPS_PROXY".to_owned(), proxy)]));
    Http::new(HttpSettings {
        ca_file,
        proxies,
        detours: Vec::new(),
        timeout: SECOND * 10,
    })
    .unwrap()
}

/// Connects everybody to one local port, whatever name they asked for.
fn serve_proxy(target: u16, asked: mpsc::Sender<Vec<String>>) -> u16 {
    serve(move |mut near| {
        asked.send(header(&mut near)).unwrap();
        drop(near.write_all(b"HTTP/1.1 200 Connected\r\n\r\n"));
        let mut far = TcpStream::connect(("127.0.0.1", target)).unwrap();
        let (mut from_near, mut to_far) = (near.try_clone().unwrap(), far.try_clone().unwrap());
        thread::spawn(move || io::copy(&mut from_near, &mut to_far));
        drop(io::copy(&mut far, &mut near));
        drop(near.shutdown(Shutdown::Both));
    })
}

#[test]
fn tls_is_spoken_with_the_provider_and_not_with_the_proxy() {
    let home = tempfile::tempdir().unwrap();
    let (target, pem) = serve_tls("id.example.com");
    let (sender, asked) = mpsc::channel();
    let proxy = serve_proxy(target, sender);
    let http = client_through(
        format!("http://127.0.0.1:{proxy}"),
        Some(ca_file(&home, &pem)),
    );

    let answer = http
        .send(get("https://id.example.com/?code=hunter2"))
        .unwrap();

    assert_eq!(answer.body.as_slice(), b"hi");
    let asked = asked.recv().unwrap();
    assert_eq!(asked[0], "CONNECT id.example.com:443 HTTP/1.1");
    assert!(!asked.concat().contains("hunter2"), "{asked:?}");
}

#[test]
fn a_proxy_is_asked_to_connect_and_its_refusal_keeps_its_password() {
    let (sender, seen) = mpsc::channel();
    let port = serve(move |mut stream| {
        sender.send(header(&mut stream)).unwrap();
        drop(stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
    });
    let http = client_through(format!("http://me:hunter2@127.0.0.1:{port}"), None);

    let error = http.send(get("https://id.example.com/")).unwrap_err();

    let asked = seen.recv().unwrap();
    assert_eq!(asked[0], "CONNECT id.example.com:443 HTTP/1.1");
    assert!(
        asked
            .iter()
            .any(|line| line.contains("Basic bWU6aHVudGVyMg=="))
    );
    assert!(matches!(error, HttpError::ProxyRefused { .. }), "{error:?}");
    let shown = format!("{error} {error:?}");
    assert!(
        shown.contains("HTTPS_PROXY") && !shown.contains("hunter2"),
        "{shown}"
    );
}
