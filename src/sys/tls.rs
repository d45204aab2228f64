//! Who vouches for a server: the names in the certificates that it shows.
//!
//! For looking only. Nothing is sent over such a connection and nothing it says is believed:
//! whether a server is trusted is decided where requests are made.

use std::io;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme};
use webpki::EndEntityCert;

/// The most certificates of a chain that are looked at.
const MOST: usize = 8;

/// Returns the names of those who signed the certificates that a server shows, nearest first:
/// organisation and common name, as they are written. Not safe to print as it is.
///
/// # Errors
///
/// When nobody answers in time, or not with TLS.
pub fn signers(host: &str, port: u16, timeout: Duration) -> io::Result<Vec<String>> {
    let seen = Arc::new(Seen {
        provider: Arc::new(ring::default_provider()),
        chain: Mutex::new(Vec::new()),
    });
    let config = ClientConfig::builder_with_provider(Arc::clone(&seen.provider))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&seen) as _)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let mut tls = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
    let address = (host, port).to_socket_addrs()?.next();
    let address = address.ok_or(io::ErrorKind::NotFound)?;
    let mut tcp = TcpStream::connect_timeout(&address, timeout)?;
    tcp.set_read_timeout(Some(timeout))?;
    tcp.set_write_timeout(Some(timeout))?;
    while tls.is_handshaking() {
        tls.complete_io(&mut tcp)?;
    }
    let chain = seen.chain.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(chain.iter().take(MOST).filter_map(signer).collect())
}

fn signer(certificate: &CertificateDer<'static>) -> Option<String> {
    let certificate = EndEntityCert::try_from(certificate).ok()?;
    let issuer = certificate.issuer();
    let names = [ORGANISATION, COMMON_NAME].into_iter();
    let names: Vec<String> = names.filter_map(|kind| name_in(issuer, kind)).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// The attribute types `organizationName` and `commonName` (RFC 4519 §2.19 and §2.3) in DER.
const ORGANISATION: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x0a];
const COMMON_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x03];

/// Finds an attribute's text in a distinguished name: its type, then a string of a short length.
fn name_in(name: &[u8], kind: &[u8]) -> Option<String> {
    let at = name.windows(kind.len()).position(|part| part == kind)?;
    let value = name.get(at + kind.len()..)?;
    let (length, text) = (usize::from(*value.get(1)?), value.get(2..)?);
    let text = String::from_utf8_lossy(text.get(..length).filter(|_| length < 128)?);
    Some(text.into_owned())
}

/// Notes which certificates were shown.
#[derive(Debug)]
struct Seen {
    provider: Arc<CryptoProvider>,
    chain: Mutex<Vec<CertificateDer<'static>>>,
}

impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let mut chain = self.chain.lock().unwrap_or_else(PoisonError::into_inner);
        *chain = std::iter::once(own)
            .chain(others)
            .map(|certificate| certificate.clone().into_owned())
            .collect();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_a_signer_are_read_from_its_certificate() {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(vec!["a.example".to_owned()]).unwrap();
        let names = &mut params.distinguished_name;
        names.push(rcgen::DnType::OrganizationName, "Corp Interception");
        names.push(rcgen::DnType::CommonName, "Corp Root");
        let der = params.self_signed(&key).unwrap().der().clone();

        assert_eq!(signer(&der).unwrap(), "Corp Interception, Corp Root");
        assert_eq!(signer(&CertificateDer::from(vec![0x30, 0x00])), None);
    }

    #[test]
    fn a_name_that_is_cut_short_is_no_name() {
        assert_eq!(
            name_in(&[0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, 5, b'a'], ORGANISATION),
            None
        );
        assert_eq!(name_in(&[0x06, 0x03, 0x55, 0x04, 0x0a], ORGANISATION), None);
        assert_eq!(name_in(&[], ORGANISATION), None);
    }
}
