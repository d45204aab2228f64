//! Addresses and ports: who hears the answer, and who must not.

use super::*;

#[test]
fn localhost_is_heard_on_both_families_at_one_port() {
    let listener = bind(LoopbackHost::Localhost, Accept::Get);
    assert_eq!(listener.lacks_ipv6(), host::v6(0).is_err());
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
    let Ok(squatter) = host::v6(0) else { return };
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
fn nobody_else_on_the_network_reaches_the_port() {
    for (host, own) in [
        (LoopbackHost::V4, "127.0.0.1"),
        (LoopbackHost::Localhost, "127.0.0.1"),
        (LoopbackHost::V6, "::1"),
    ] {
        let listener = bind(host, Accept::Get);
        let port = port(&listener);

        assert!(TcpStream::connect((own, port)).is_ok(), "{own}");
        for elsewhere in addresses() {
            assert!(
                TcpStream::connect((elsewhere, port)).is_err(),
                "{elsewhere}"
            );
        }
    }
}

/// Other addresses of this machine: one of its loopback network, and those it has on a network.
fn addresses() -> Vec<std::net::IpAddr> {
    let mut addresses = vec!["127.0.0.2".parse().unwrap()];
    // Says which address would be used, and sends nothing.
    for (own, there) in [("0.0.0.0:0", "192.0.2.1:9"), ("[::]:0", "[2001:db8::1]:9")] {
        let socket = std::net::UdpSocket::bind(own);
        let routed = socket.and_then(|socket| socket.connect(there).and(socket.local_addr()));
        addresses.extend(routed.map(|address| address.ip()).ok());
    }
    addresses
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
