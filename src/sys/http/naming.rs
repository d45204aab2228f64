//! From the client library's errors to ours.
//!
//! Never lets the library's own words through where they could hold a URL.

use std::io;
use std::time::Duration;

use rustls::CertificateError;
use ureq::Timeout;

use super::{CONNECT, HttpError, Peer, TlsProblem};
use crate::base::printable_line;

/// Gives the client library's error its name.
pub(super) fn named(error: ureq::Error, peer: &Peer, within: Duration) -> HttpError {
    let peer = peer.clone();
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what the client cannot meet with these settings is `Broken`"
    )]
    match error {
        ureq::Error::Io(error) => named_io(error, peer, within),
        ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => HttpError::TimedOut {
            peer,
            within: within.min(CONNECT),
        },
        ureq::Error::Timeout(_) => HttpError::TimedOut { peer, within },
        ureq::Error::HostNotFound => HttpError::Unresolved { peer },
        ureq::Error::ConnectProxyFailed(_) => HttpError::ProxyRefused { peer },
        ureq::Error::LargeResponseHeader(..) => HttpError::HeaderTooLarge { peer },
        ureq::Error::Decompress(..) => HttpError::Undecodable { peer },
        ureq::Error::Protocol(_) | ureq::Error::Http(_) => HttpError::NotHttp { peer },
        ureq::Error::Rustls(error) => tls(&error, peer),
        ureq::Error::Tls(text) => HttpError::Tls {
            peer,
            problem: TlsProblem::Other(text.to_owned()),
        },
        other => HttpError::Broken {
            peer,
            source: io::Error::other(other.to_string()),
        },
    }
}

fn named_io(error: io::Error, peer: Peer, within: Duration) -> HttpError {
    let inner = error.get_ref();
    if let Some(error) = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return tls(error, peer);
    }
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "every kind that has no name here is `Broken`"
    )]
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => HttpError::TimedOut { peer, within },
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::AddrNotAvailable
        | io::ErrorKind::PermissionDenied => HttpError::Refused {
            peer,
            source: error,
        },
        io::ErrorKind::BrokenPipe
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::NotConnected
        | io::ErrorKind::UnexpectedEof => HttpError::Cut { peer },
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => HttpError::Undecodable { peer },
        _ => HttpError::Broken {
            peer,
            source: error,
        },
    }
}

fn tls(error: &rustls::Error, peer: Peer) -> HttpError {
    let other = || TlsProblem::Other(printable_line(&error.to_string()).into_owned());
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the library's other errors keep the library's words"
    )]
    let problem = match error {
        rustls::Error::InvalidCertificate(why) => match why {
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => TlsProblem::Expired,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TlsProblem::WrongName
            }
            // A bad signature: an authority of that name is trusted, with another key.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                TlsProblem::UnknownIssuer
            }
            CertificateError::Other(why) if why.to_string().contains("CaUsedAsEndEntity") => {
                TlsProblem::AuthorityItself
            }
            _ => other(),
        },
        rustls::Error::InvalidMessage(_) => TlsProblem::NotTls,
        rustls::Error::General(text) if text.starts_with("No CA certificates") => {
            TlsProblem::NoRoots
        }
        _ => other(),
    };
    HttpError::Tls { peer, problem }
}
