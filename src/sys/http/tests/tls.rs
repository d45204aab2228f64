//! Whom the client trusts, against real TLS servers with certificates made for the test.

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::*;
use crate::base::{Diagnostic, Exit};
use crate::sys::files;

/// A TLS server with a certificate for `name`; returns the port and the certificate's PEM.
pub(super) fn serve_tls(name: &str) -> (u16, String) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let port = serve(move |stream| {
        let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(tls, stream);
        if !header(&mut stream).is_empty() {
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: today\r\n\r\nhi";
            drop(stream.write_all(answer));
        }
    });
    (port, cert.pem())
}

pub(super) fn ca_file(home: &tempfile::TempDir, pem: &str) -> PathBuf {
    let path = home.path().join("ca.pem");
    files::write_private(&path, pem.as_bytes()).unwrap();
    path
}

#[test]
fn a_server_vouched_for_by_the_ca_file_is_trusted() {
    let home = tempfile::tempdir().unwrap();
    let (port, pem) = serve_tls("localhost");
    let http = client(Some(ca_file(&home, &pem)), SECOND * 10);

    let answer = http
        .send(get(&format!("https://localhost:{port}/")))
        .unwrap();

    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"hi"[..]));
    assert_eq!(answer.headers["date"], "today");
}

#[test]
fn a_self_signed_server_is_refused_with_a_way_out() {
    let home = tempfile::tempdir().unwrap();
    let (_, pem_of_another) = serve_tls("localhost");
    let (port, _) = serve_tls("localhost");
    let url = format!("https://localhost:{port}/");

    for ca_file in [None, Some(ca_file(&home, &pem_of_another))] {
        let error = client(ca_file, SECOND * 10).send(get(&url)).unwrap_err();

        let HttpError::Tls { problem, .. } = &error else {
            panic!("{error:?}");
        };
        let expected = [TlsProblem::UnknownIssuer, TlsProblem::NoRoots];
        assert!(expected.contains(problem), "{problem:?}");
        assert!(format!("{:?}", error.hint()).contains("ca_file"));
        assert_eq!(error.exit(), Exit::Unreachable);
    }
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let (port, pem) = serve_tls("id.example.com");

    let http = client(Some(ca_file(&home, &pem)), SECOND * 10);
    let error = http
        .send(get(&format!("https://localhost:{port}/")))
        .unwrap_err();

    let problem = TlsProblem::WrongName;
    assert!(
        matches!(&error, HttpError::Tls { problem: p, .. } if *p == problem),
        "{error:?}"
    );
}

#[test]
fn a_ca_file_without_certificates_is_an_error_at_once() {
    let home = tempfile::tempdir().unwrap();
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

    for text in ["", "no PEM", broken] {
        let settings = HttpSettings {
            ca_file: Some(ca_file(&home, text)),
            proxies: Proxies::default(),
            detours: Vec::new(),
            timeout: SECOND,
        };
        let error = Http::new(settings).unwrap_err();

        assert!(
            matches!(error, HttpError::CaFileContent { .. }),
            "{error:?}"
        );
        assert_eq!(error.exit(), Exit::Config);
    }
}

#[test]
fn a_port_that_does_not_speak_tls_is_named_so() {
    let port = serve(|mut stream| drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")));

    let home = tempfile::tempdir().unwrap();
    let (_, pem) = serve_tls("localhost");
    let http = client(Some(ca_file(&home, &pem)), SECOND * 10);
    let error = http
        .send(get(&format!("https://localhost:{port}/")))
        .unwrap_err();

    let problem = TlsProblem::NotTls;
    assert!(
        matches!(&error, HttpError::Tls { problem: p, .. } if *p == problem),
        "{error:?}"
    );
}
