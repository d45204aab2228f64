//! Whose certificates are trusted: the platform's verifier, or with a CA file, the platform's root
//! certificates and those of the file together.
//!
//! Never trusts less than the platform because of a CA file, and never anything unread.

use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use ureq::tls::{Certificate, PemItem, RootCerts, parse_pem};

use super::HttpError;
use crate::sys::files;

/// The largest CA file; the whole bundle of a distribution has 220 KiB.
const MOST_CA_FILE: usize = 4 << 20;

/// Reads the CA file, if there is one, and returns what to trust.
pub(super) fn roots(ca_file: Option<&Path>) -> Result<RootCerts, HttpError> {
    let Some(path) = ca_file else {
        return Ok(RootCerts::PlatformVerifier);
    };
    let pem = files::read_bounded(path, MOST_CA_FILE).map_err(HttpError::CaFile)?;
    let mut trusted = certificates(&pem).ok_or_else(|| HttpError::CaFileContent {
        path: path.to_owned(),
    })?;
    // What the platform cannot read is left out, as its own verifier would.
    let platform = rustls_native_certs::load_native_certs();
    trusted.extend(
        platform
            .certs
            .iter()
            .map(|der| Certificate::from_der(der).to_owned()),
    );
    Ok(RootCerts::from(trusted.into_iter()))
}

/// Returns the certificates of a PEM text; none when it holds none, or a broken one.
fn certificates(pem: &[u8]) -> Option<Vec<Certificate<'static>>> {
    let mut found = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(certificate) = item.ok()? {
            let der = CertificateDer::from(certificate.der());
            RootCertStore::empty().add(der.into_owned()).ok()?;
            found.push(certificate);
        }
    }
    (!found.is_empty()).then_some(found)
}
