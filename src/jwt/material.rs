//! The numbers of a public key and what they verify: RSA, P-256, P-384 and Ed25519 by ring, P-521
//! by a crate of its own, because ring has none.
//!
//! Never decides whether a key may be used; `key` does that before one of these exists.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use p521::ecdsa::signature::Verifier;
use ring::signature as rs;
use serde_json::{Map, Value, json};

use super::algorithm::Algorithm;

/// The numbers of a public key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// An uncompressed point (SEC 1 §2.3.3).
    Ec {
        curve: Curve,
        point: Vec<u8>,
    },
    Ed25519(Vec<u8>),
    /// Verifies nothing; exists because the trait can be asked for a symmetric key.
    Nothing,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Curve {
    P256,
    P384,
    P521,
}

impl Material {
    pub(super) fn fits(&self, algorithm: Algorithm) -> bool {
        use Algorithm as A;
        match algorithm {
            A::Rs256 | A::Rs384 | A::Rs512 | A::Ps256 | A::Ps384 | A::Ps512 => {
                matches!(self, Self::Rsa { .. })
            }
            A::Es256 => self.is_on(Curve::P256),
            A::Es384 => self.is_on(Curve::P384),
            A::Es512 => self.is_on(Curve::P521),
            A::EdDsa => matches!(self, Self::Ed25519(_)),
        }
    }

    fn is_on(&self, wanted: Curve) -> bool {
        matches!(self, Self::Ec { curve, .. } if *curve == wanted)
    }

    pub(super) fn signed(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let ring = |key: &[u8], by: &'static dyn rs::VerificationAlgorithm| {
            rs::UnparsedPublicKey::new(by, key)
                .verify(message, signature)
                .is_ok()
        };
        match self {
            Self::Rsa { n, e } => rsa_parameters(algorithm).is_some_and(|parameters| {
                rs::RsaPublicKeyComponents { n, e }
                    .verify(parameters, message, signature)
                    .is_ok()
            }),
            Self::Ec { curve, point } => match curve {
                Curve::P256 => ring(point, &rs::ECDSA_P256_SHA256_FIXED),
                Curve::P384 => ring(point, &rs::ECDSA_P384_SHA384_FIXED),
                Curve::P521 => p521_signed(point, message, signature),
            },
            Self::Ed25519(point) => ring(point, &rs::ED25519),
            Self::Nothing => false,
        }
    }

    /// Returns the members of the JWK that say what the key is.
    pub(super) fn members(&self) -> Map<String, Value> {
        let encoded = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let halves = |point: &[u8]| {
            let (x, y) = point.get(1..).unwrap_or_default().split_at(point.len() / 2);
            (encoded(x), encoded(y))
        };
        let mut jwk = Map::new();
        let mut put = |name: &str, value: Value| jwk.insert(name.to_owned(), value);
        match self {
            Self::Rsa { n, e } => {
                put("kty", json!("RSA"));
                put("n", json!(encoded(n)));
                put("e", json!(encoded(e)));
            }
            Self::Ec { curve, point } => {
                let (x, y) = halves(point);
                put("kty", json!("EC"));
                put("crv", json!(curve.name()));
                put("x", json!(x));
                put("y", json!(y));
            }
            Self::Ed25519(x) => {
                put("kty", json!("OKP"));
                put("crv", json!("Ed25519"));
                put("x", json!(encoded(x)));
            }
            Self::Nothing => {}
        }
        jwk
    }
}

fn rsa_parameters(algorithm: Algorithm) -> Option<&'static rs::RsaParameters> {
    use Algorithm as A;
    match algorithm {
        A::Rs256 => Some(&rs::RSA_PKCS1_2048_8192_SHA256),
        A::Rs384 => Some(&rs::RSA_PKCS1_2048_8192_SHA384),
        A::Rs512 => Some(&rs::RSA_PKCS1_2048_8192_SHA512),
        A::Ps256 => Some(&rs::RSA_PSS_2048_8192_SHA256),
        A::Ps384 => Some(&rs::RSA_PSS_2048_8192_SHA384),
        A::Ps512 => Some(&rs::RSA_PSS_2048_8192_SHA512),
        A::Es256 | A::Es384 | A::Es512 | A::EdDsa => None,
    }
}

/// ring has no P-521, so this one curve comes from another crate.
fn p521_signed(point: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(point);
    let signature = p521::ecdsa::Signature::from_slice(signature);
    matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(message, &signature).is_ok())
}

impl Curve {
    fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }
}
