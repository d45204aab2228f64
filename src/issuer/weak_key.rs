//! An RSA key of 1024 bits, for the fault that publishes one (RFC 7518 §3.3 asks for 2048).
//!
//! `ring` refuses to sign with it, so the `rsa` crate does: this key protects nothing, and its
//! timing may be watched by anyone (RUSTSEC-2023-0071). Never used for anything else.

use ring::digest::{SHA256, digest};
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};

use super::random::base64url;

/// The DER that stands before a SHA-256 digest (RFC 8017 §9.2, note 1).
const SHA256_PREFIX: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// A key that nobody should trust.
pub(super) struct WeakKey(rsa::RsaPrivateKey);

impl WeakKey {
    /// Makes a key.
    pub(super) fn generate() -> Self {
        Self(rsa::RsaPrivateKey::new(&mut OsRng, 1024).expect("a 1024-bit RSA key can be made"))
    }

    /// Signs as RS256 would.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let scheme = Pkcs1v15Sign {
            hash_len: Some(32),
            prefix: Box::new(SHA256_PREFIX),
        };
        let sum = digest(&SHA256, message);
        self.0
            .sign(scheme, sum.as_ref())
            .expect("1024 bits hold a SHA-256 signature")
    }

    /// Returns the public half as a JWK.
    pub(super) fn jwk(&self, kid: &str) -> Value {
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
            "n": base64url(&self.0.n().to_bytes_be()),
            "e": base64url(&self.0.e().to_bytes_be()),
        })
    }
}
