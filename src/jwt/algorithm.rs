//! The signature algorithms that exist here (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864).
//!
//! Never `none` and never a keyed hash (HS256 …): there is no variant for them, so no token can
//! ask for them (RFC 8725 §3.1).

use std::fmt;

use openidconnect::JwsSigningAlgorithm;
use openidconnect::core::CoreJsonWebKeyType;
use ring::digest;
use serde::{Deserialize, Serialize};

/// A signature algorithm, by its JOSE name.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// Ed25519; written `EdDSA`, and `Ed25519` since RFC 9864.
    EdDsa,
}

/// A name that is not one of ours.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not a signature algorithm that is accepted")]
pub struct UnknownAlgorithm(String);

impl Algorithm {
    /// Every algorithm, in the order of RFC 7518.
    pub const ALL: &[Self] = &[
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::Es512,
        Self::EdDsa,
    ];

    /// Reads a JOSE name; letter case counts (RFC 7515 §4.1.1).
    pub fn parse(name: &str) -> Option<Self> {
        if name == "Ed25519" {
            return Some(Self::EdDsa);
        }
        Self::ALL.iter().copied().find(|alg| alg.name() == name)
    }

    /// Returns those of a provider's list that exist here, in its order; what is unknown is left
    /// out. The list is `id_token_signing_alg_values_supported` (OIDC Discovery §3).
    pub fn among<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Self> {
        let mut known: Vec<Self> = Vec::new();
        for algorithm in names.into_iter().filter_map(Self::parse) {
            if !known.contains(&algorithm) {
                known.push(algorithm);
            }
        }
        known
    }

    /// Returns the JOSE name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Hashes with the hash of this algorithm, as `at_hash` wants it (OIDC Core §3.1.3.6).
    pub(super) fn hash(self, bytes: &[u8]) -> digest::Digest {
        let hash = match self {
            Self::Rs256 | Self::Ps256 | Self::Es256 => &digest::SHA256,
            Self::Rs384 | Self::Ps384 | Self::Es384 => &digest::SHA384,
            // Ed25519 hashes with SHA-512 inside (RFC 8032 §5.1).
            Self::Rs512 | Self::Ps512 | Self::Es512 | Self::EdDsa => &digest::SHA512,
        };
        digest::digest(hash, bytes)
    }
}

impl JwsSigningAlgorithm for Algorithm {
    type KeyType = CoreJsonWebKeyType;

    fn key_type(&self) -> Option<CoreJsonWebKeyType> {
        Some(match self {
            Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 | Self::Ps384 | Self::Ps512 => {
                CoreJsonWebKeyType::RSA
            }
            Self::Es256 | Self::Es384 | Self::Es512 => CoreJsonWebKeyType::EllipticCurve,
            Self::EdDsa => CoreJsonWebKeyType::OctetKeyPair,
        })
    }

    fn uses_shared_secret(&self) -> bool {
        false
    }

    fn rsa_sha_256() -> Self {
        Self::Rs256
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl TryFrom<String> for Algorithm {
    type Error = UnknownAlgorithm;

    fn try_from(name: String) -> Result<Self, UnknownAlgorithm> {
        Self::parse(&name)
            .ok_or_else(|| UnknownAlgorithm(crate::base::printable_line(&name).into_owned()))
    }
}

impl From<Algorithm> for String {
    fn from(algorithm: Algorithm) -> Self {
        algorithm.name().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back_and_no_weak_one_is_read_at_all() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::parse(algorithm.name()), Some(*algorithm));
        }
        for name in [
            "none", "None", "NONE", "HS256", "HS384", "HS512", "rs256", "RS1", "",
        ] {
            assert_eq!(Algorithm::parse(name), None, "{name:?}");
        }
    }

    #[test]
    fn a_provider_s_list_is_cut_down_to_what_exists_here() {
        let listed = [
            "none",
            "HS256",
            "ES256",
            "RS256",
            "EdDSA",
            "Ed25519",
            "ML-DSA-44",
        ];

        let agreed = Algorithm::among(listed);

        assert_eq!(
            agreed,
            [Algorithm::Es256, Algorithm::Rs256, Algorithm::EdDsa]
        );
    }
}
