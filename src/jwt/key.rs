//! One public key of a provider (RFC 7517, RFC 7518 §6, RFC 8037 §2) and what it verifies.
//!
//! Never a symmetric key, never one for encryption, never an RSA key below 2048 bits, never one
//! that is published with its private half: such a key cannot be made at all.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJsonWebKeyType, CoreJsonWebKeyUse};
use openidconnect::{
    JsonWebKey, JsonWebKeyAlgorithm, JsonWebKeyId, SignatureVerificationError as Refused,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::algorithm::Algorithm;
use super::material::{Curve, Material};
use crate::base::{Issuer, IssuerPattern, printable_line};

/// Shortest RSA modulus that is accepted, in bits (RFC 7518 §3.3), and the longest ring reads.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// A public key that may verify signatures.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(try_from = "Map<String, Value>", into = "Map<String, Value>")]
pub struct Key {
    kid: Option<JsonWebKeyId>,
    algorithm: Option<Algorithm>,
    issuer: Option<String>,
    material: Material,
}

/// Why a key of a set is not used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum KeyRefusal {
    /// A curve that is not known, or not this key type's.
    #[error("its curve `{0}` is not supported")]
    Curve(String),
    /// Its `alg` is not a signature algorithm of this key type.
    #[error("its `alg` `{0}` does not fit its type")]
    ForAnotherAlgorithm(String),
    /// Its `use` or `key_ops` says that it does not verify signatures.
    #[error("it is not meant to verify signatures")]
    NotForSignatures,
    /// A member is missing or malformed.
    #[error("its `{0}` is missing or malformed")]
    Member(&'static str),
    /// The private half is published too.
    #[error("its private half is published")]
    Private,
    /// A symmetric key.
    #[error("it is symmetric")]
    Symmetric,
    /// A key type that is not known.
    #[error("its type `{0}` is not known")]
    Type(String),
    /// An RSA key of too few (or far too many) bits.
    #[error("it has {0} bits, RSA keys need 2048 to 8192")]
    RsaBits(usize),
}

impl Key {
    /// Reads one member of a key set.
    ///
    /// # Errors
    ///
    /// [`KeyRefusal`] says why the key must not be used.
    pub fn read(jwk: &Map<String, Value>) -> Result<Self, KeyRefusal> {
        let kty = text(jwk, "kty")?.ok_or(KeyRefusal::Member("kty"))?;
        let material = match kty {
            "RSA" => rsa(jwk)?,
            "EC" => ec(jwk)?,
            "OKP" => okp(jwk)?,
            "oct" => return Err(KeyRefusal::Symmetric),
            other => return Err(KeyRefusal::Type(shown(other))),
        };
        if jwk.contains_key("d") {
            return Err(KeyRefusal::Private);
        }
        if !verifies(jwk)? {
            return Err(KeyRefusal::NotForSignatures);
        }
        let algorithm = match text(jwk, "alg")? {
            None => None,
            Some(name) => match Algorithm::parse(name) {
                Some(algorithm) if material.fits(algorithm) => Some(algorithm),
                _ => return Err(KeyRefusal::ForAnotherAlgorithm(shown(name))),
            },
        };
        Ok(Self {
            kid: text(jwk, "kid")?.map(|kid| JsonWebKeyId::new(kid.to_owned())),
            algorithm,
            issuer: text(jwk, "issuer")?.map(str::to_owned),
            material,
        })
    }

    /// Returns the key's identifier.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_ref().map(|kid| kid.as_str())
    }

    /// Tells whether signatures of this algorithm can be verified with the key.
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        self.algorithm.is_none_or(|only| only == algorithm) && self.material.fits(algorithm)
    }

    /// Tells whether the key may vouch for this issuer.
    ///
    /// Entra publishes one set for all tenants and says per key whose it is: an issuer, or a
    /// pattern with `{tenantid}` in it. Elsewhere the member does not exist.
    pub(super) fn vouches_for(&self, issuer: &Issuer) -> bool {
        let Some(stated) = &self.issuer else {
            return true;
        };
        stated == issuer.as_str()
            || IssuerPattern::parse(stated)
                .is_some_and(|pattern| pattern.tenant_in(issuer.as_str()).is_some())
    }

    /// Tells whether two entries of a set are the same key.
    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.material == other.material
    }

    /// Tells whether the signature is this key's.
    pub(super) fn signed(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        self.fits(algorithm) && self.material.signed(algorithm, message, signature)
    }
}

fn rsa(jwk: &Map<String, Value>) -> Result<Material, KeyRefusal> {
    let unsigned = |name| {
        let mut bytes = bytes(jwk, name)?;
        // RFC 7518 §6.3.1.1 forbids leading zeros; some libraries write one all the same.
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        bytes.drain(..zeros);
        Ok(bytes)
    };
    let (n, e) = (unsigned("n")?, unsigned("e")?);
    let top = n.first().map_or(0, |byte| byte.leading_zeros() as usize);
    let bits = (n.len() * 8).saturating_sub(top);
    if !RSA_BITS.contains(&bits) {
        return Err(KeyRefusal::RsaBits(bits));
    }
    let odd_and_more_than_one = e.last().is_some_and(|last| last & 1 == 1) && e != [1];
    if !odd_and_more_than_one {
        return Err(KeyRefusal::Member("e"));
    }
    Ok(Material::Rsa { n, e })
}

fn ec(jwk: &Map<String, Value>) -> Result<Material, KeyRefusal> {
    let (curve, size) = match text(jwk, "crv")?.ok_or(KeyRefusal::Member("crv"))? {
        "P-256" => (Curve::P256, 32),
        "P-384" => (Curve::P384, 48),
        "P-521" => (Curve::P521, 66),
        other => return Err(KeyRefusal::Curve(shown(other))),
    };
    let mut point = vec![4];
    point.extend(sized(jwk, "x", size)?);
    point.extend(sized(jwk, "y", size)?);
    Ok(Material::Ec { curve, point })
}

fn okp(jwk: &Map<String, Value>) -> Result<Material, KeyRefusal> {
    match text(jwk, "crv")?.ok_or(KeyRefusal::Member("crv"))? {
        "Ed25519" => Ok(Material::Ed25519(sized(jwk, "x", 32)?)),
        other => Err(KeyRefusal::Curve(shown(other))),
    }
}

/// `use` and `key_ops`, where they exist, must both allow verifying.
fn verifies(jwk: &Map<String, Value>) -> Result<bool, KeyRefusal> {
    let by_use = text(jwk, "use")?.is_none_or(|purpose| purpose == "sig");
    let by_operations = match jwk.get("key_ops") {
        None => true,
        Some(Value::Array(operations)) => operations.iter().any(|operation| operation == "verify"),
        Some(_) => return Err(KeyRefusal::Member("key_ops")),
    };
    Ok(by_use && by_operations)
}

fn text<'a>(
    jwk: &'a Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'a str>, KeyRefusal> {
    match jwk.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(KeyRefusal::Member(name)),
    }
}

fn bytes(jwk: &Map<String, Value>, name: &'static str) -> Result<Vec<u8>, KeyRefusal> {
    let encoded = text(jwk, name)?.ok_or(KeyRefusal::Member(name))?;
    BASE64_URL_SAFE_NO_PAD
        .decode(encoded)
        .map_err(|_| KeyRefusal::Member(name))
}

fn sized(jwk: &Map<String, Value>, name: &'static str, size: usize) -> Result<Vec<u8>, KeyRefusal> {
    let bytes = bytes(jwk, name)?;
    (bytes.len() == size)
        .then_some(bytes)
        .ok_or(KeyRefusal::Member(name))
}

fn shown(text: &str) -> String {
    printable_line(text).chars().take(40).collect()
}

/// Lets the crate's verifier use our keys. What it asks per key is already decided when a key is
/// made, so `key_use` has nothing left to say.
impl JsonWebKey for Key {
    type KeyUse = CoreJsonWebKeyUse;
    type SigningAlgorithm = Algorithm;

    fn key_id(&self) -> Option<&JsonWebKeyId> {
        self.kid.as_ref()
    }

    fn key_type(&self) -> &CoreJsonWebKeyType {
        match self.material {
            Material::Rsa { .. } => &CoreJsonWebKeyType::RSA,
            Material::Ec { .. } => &CoreJsonWebKeyType::EllipticCurve,
            Material::Ed25519(_) => &CoreJsonWebKeyType::OctetKeyPair,
            Material::Nothing => &CoreJsonWebKeyType::Symmetric,
        }
    }

    fn key_use(&self) -> Option<&CoreJsonWebKeyUse> {
        None
    }

    fn signing_alg(&self) -> JsonWebKeyAlgorithm<&Algorithm> {
        match &self.algorithm {
            Some(algorithm) => JsonWebKeyAlgorithm::Algorithm(algorithm),
            None => JsonWebKeyAlgorithm::Unspecified,
        }
    }

    fn new_symmetric(_key: Vec<u8>) -> Self {
        Self {
            kid: None,
            algorithm: None,
            issuer: None,
            material: Material::Nothing,
        }
    }

    fn verify_signature(
        &self,
        algorithm: &Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Refused> {
        if !self.fits(*algorithm) {
            return Err(Refused::InvalidKey(algorithm.name().to_owned()));
        }
        if !self.signed(*algorithm, message, signature) {
            return Err(Refused::CryptoError("the signature does not match".into()));
        }
        Ok(())
    }

    fn hash_bytes(&self, bytes: &[u8], algorithm: &Algorithm) -> Result<Vec<u8>, String> {
        Ok(algorithm.hash(bytes).as_ref().to_vec())
    }
}

impl TryFrom<Map<String, Value>> for Key {
    type Error = KeyRefusal;

    fn try_from(jwk: Map<String, Value>) -> Result<Self, KeyRefusal> {
        Self::read(&jwk)
    }
}

impl From<Key> for Map<String, Value> {
    fn from(key: Key) -> Self {
        let mut jwk = key.material.members();
        let mut put = |name: &str, value: Value| jwk.insert(name.to_owned(), value);
        if let Some(kid) = &key.kid {
            put("kid", json!(kid.as_str()));
        }
        if let Some(algorithm) = key.algorithm {
            put("alg", json!(algorithm.name()));
        }
        if let Some(issuer) = &key.issuer {
            put("issuer", json!(issuer));
        }
        jwk
    }
}

#[cfg(test)]
mod tests;
