//! A provider's key set (RFC 7517 §5) and the choice of one key for one token.
//!
//! A key that cannot be used is skipped with its reason, never fatal: providers publish keys for
//! other purposes in the same set. Never chooses by anything but `kid`, type, `alg` and issuer.

use serde_json::Value;

use super::algorithm::Algorithm;
use super::compact::Unverified;
use super::failure::{Check, Failure, Reason, shown};
use super::json::{JsonError, strict_object};
use super::key::{Key, KeyRefusal};
use crate::base::Issuer;

/// How many keys are tried when the token does not say which; real sets have two to six.
const MOST_TRIED: usize = 8;

/// The keys of a set that may verify signatures, and why the others may not.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    keys: Vec<Key>,
    skipped: Vec<SkippedKey>,
}

/// A key that is not used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SkippedKey {
    /// Its identifier, if it has one; as written by the provider, not safe to print.
    pub kid: Option<String>,
    /// Why it is not used.
    pub why: KeyRefusal,
}

/// Why a document is not a key set.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum KeySetError {
    /// Not a strict JSON object.
    #[error("the key set cannot be read: {0}")]
    Json(#[from] JsonError),
    /// There is no `keys` array of objects.
    #[error("the key set has no array `keys`")]
    NoKeys,
}

impl KeySet {
    /// Reads a key set; its size is the caller's to limit.
    ///
    /// # Errors
    ///
    /// [`KeySetError`] when the document is none. A key that is none is only skipped.
    pub fn parse(document: &[u8]) -> Result<Self, KeySetError> {
        let members = strict_object(document)?;
        let Some(Value::Array(entries)) = members.get("keys") else {
            return Err(KeySetError::NoKeys);
        };
        let mut set = Self::default();
        for entry in entries {
            let jwk = entry.as_object().ok_or(KeyRefusal::Member("kty"));
            match jwk.and_then(Key::read) {
                Ok(key) => set.keys.push(key),
                Err(why) => set.skipped.push(SkippedKey {
                    kid: entry.get("kid").and_then(Value::as_str).map(str::to_owned),
                    why,
                }),
            }
        }
        Ok(set)
    }

    /// Returns the keys that may be used.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Returns the keys that are not used, with the reasons.
    pub fn skipped(&self) -> &[SkippedKey] {
        &self.skipped
    }

    /// Chooses the key for a token.
    ///
    /// One candidate is chosen unproven: the caller verifies the signature with it. Several are
    /// tried when the token names none, and exactly one must match; a `kid` that means two keys of
    /// one kind means neither (RFC 7517 §4.5).
    pub(super) fn choose(
        &self,
        token: &Unverified,
        algorithm: Algorithm,
        issuer: &Issuer,
    ) -> Result<&Key, Failure> {
        let kid = token.header().kid.as_deref();
        let candidates = self.candidates(kid, algorithm, issuer);
        if let [only] = candidates[..] {
            return Ok(only);
        }
        if candidates.is_empty() {
            return Err(self.nothing_fits(kid, algorithm));
        }
        if kid.is_some() {
            return Err(Failure::of(Check::Key, Reason::AmbiguousKey));
        }
        let signed = |key: &&&Key| key.signed(algorithm, token.signing_input(), token.signature());
        let mut matching = candidates.iter().take(MOST_TRIED).filter(signed);
        match (matching.next(), matching.next()) {
            (Some(key), None) => Ok(key),
            (None, _) => Err(Failure::of(Check::Signature, Reason::BadSignature)),
            (Some(_), Some(_)) => Err(Failure::of(Check::Key, Reason::AmbiguousKey)),
        }
    }

    fn candidates(&self, kid: Option<&str>, algorithm: Algorithm, issuer: &Issuer) -> Vec<&Key> {
        let mut candidates: Vec<&Key> = Vec::new();
        for key in &self.keys {
            let is_meant = kid.is_none_or(|kid| key.kid() == Some(kid));
            let is_new = !candidates.iter().any(|held| held.is_same_as(key));
            if is_meant && is_new && key.fits(algorithm) && key.vouches_for(issuer) {
                candidates.push(key);
            }
        }
        candidates
    }

    fn nothing_fits(&self, kid: Option<&str>, algorithm: Algorithm) -> Failure {
        let known = |kid: &str| self.keys.iter().any(|key| key.kid() == Some(kid));
        let refused = |kid: &str| {
            let same = |key: &&SkippedKey| key.kid.as_deref() == Some(kid);
            self.skipped.iter().find(same)
        };
        let reason = match kid {
            None => Reason::NoKey { algorithm },
            Some(kid) if known(kid) => Reason::KeyDoesNotFit {
                kid: shown(kid),
                algorithm,
            },
            Some(kid) => match refused(kid) {
                Some(key) => Reason::UnusableKey {
                    kid: shown(kid),
                    why: key.why.clone(),
                },
                None => Reason::UnknownKey { kid: shown(kid) },
            },
        };
        Failure::of(Check::Key, reason)
    }
}
