//! Signing keys: RS256 and ES256, with rotation (RFC 7517, RFC 7518 §3).
//!
//! RSA keys are made by the `rsa` crate once per [`KeyPool`] and used by `ring` only. No private
//! key is ever written anywhere.

use std::sync::{Arc, Mutex, PoisonError};

use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use rsa::pkcs8::EncodePrivateKey;
use serde_json::{Value, json};

use super::random::base64url;
use super::weak_key::WeakKey;

/// What the practice provider signs with.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256; such keys cost nothing to make.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2048 bits; what every client can do.
    #[default]
    Rs256,
}

impl Algorithm {
    /// Returns the name in a token's header.
    pub fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }

    /// Parses the name in a token's header.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Es256, Self::Rs256]
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }

    /// Returns the other one.
    pub(super) fn other(self) -> Self {
        match self {
            Self::Es256 => Self::Rs256,
            Self::Rs256 => Self::Es256,
        }
    }
}

/// RSA keys, made when first needed and kept. Clones share them: tests that hand one pool to many
/// providers pay for a key once.
#[derive(Clone, Default)]
pub struct KeyPool(Arc<Mutex<Vec<Arc<SigningKey>>>>);

impl KeyPool {
    /// Returns the pool's `index`-th key, making it and those before it when missing.
    pub(super) fn rsa(&self, index: usize) -> Arc<SigningKey> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while keys.len() <= index {
            keys.push(Arc::new(SigningKey::rsa()));
        }
        Arc::clone(&keys[index])
    }
}

impl std::fmt::Debug for KeyPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyPool([hidden])")
    }
}

/// One private key with its `kid`.
pub(super) struct SigningKey {
    kid: String,
    pair: Pair,
}

enum Pair {
    Ec(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl SigningKey {
    /// Makes a key.
    pub(super) fn rsa() -> Self {
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048)
            .expect("a 2048-bit RSA key can be made");
        let der = key.to_pkcs8_der().expect("an RSA key has a PKCS #8 form");
        let pair = RsaKeyPair::from_pkcs8(der.as_bytes()).expect("ring reads 2048-bit RSA keys");
        let kid = key_id(pair.public().as_ref());
        Self {
            kid,
            pair: Pair::Rsa(pair),
        }
    }

    /// Makes a key.
    pub(super) fn ec() -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let der = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("P-256 keys can be made");
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, der.as_ref(), &random)
            .expect("ring reads the keys it makes");
        let kid = key_id(pair.public_key().as_ref());
        Self {
            kid,
            pair: Pair::Ec(pair),
        }
    }

    /// Returns the key's `kid`.
    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    /// Returns what the key signs with.
    pub(super) fn algorithm(&self) -> Algorithm {
        match self.pair {
            Pair::Ec(_) => Algorithm::Es256,
            Pair::Rsa(_) => Algorithm::Rs256,
        }
    }

    /// Signs.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Ec(pair) => {
                let signature = pair.sign(&random, message);
                signature.expect("a P-256 key signs").as_ref().to_vec()
            }
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .expect("the signature is as long as the modulus");
                signature
            }
        }
    }

    /// Returns the public half as a JWK (RFC 7517 §4).
    pub(super) fn jwk(&self) -> Value {
        match &self.pair {
            Pair::Ec(pair) => {
                // An uncompressed point: 0x04, then two coordinates of 32 bytes.
                let point = pair.public_key().as_ref();
                let (x, y) = point.split_at(1).1.split_at(32);
                json!({
                    "kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y),
                    "use": "sig", "alg": "ES256", "kid": self.kid,
                })
            }
            Pair::Rsa(pair) => {
                let public = PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({
                    "kty": "RSA", "n": base64url(&public.n), "e": base64url(&public.e),
                    "use": "sig", "alg": "RS256", "kid": self.kid,
                })
            }
        }
    }
}

fn key_id(public: &[u8]) -> String {
    let sum = ring::digest::digest(&ring::digest::SHA256, public);
    base64url(sum.as_ref().split_at(12).0)
}

/// The provider's keys: one that signs, those before it still published.
pub(super) struct KeyRing {
    pool: KeyPool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How many RSA keys of the pool were taken.
    taken: usize,
    /// Oldest first.
    keys: Vec<Arc<SigningKey>>,
    /// The key of the algorithm that is not in use, once something asked for it.
    other: Option<Arc<SigningKey>>,
    /// A key that is nobody's, once a fault asked for it.
    forger: Option<Arc<SigningKey>>,
    /// A key that is too short, once a fault asked for it.
    weak: Option<Arc<WeakKey>>,
}

impl KeyRing {
    /// Makes a ring without keys; the first use makes one.
    pub(super) fn new(pool: KeyPool) -> Self {
        Self {
            pool,
            state: Mutex::default(),
        }
    }

    /// Returns the key that signs.
    pub(super) fn current(&self, algorithm: Algorithm) -> Arc<SigningKey> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match state.keys.last() {
            Some(key) => Arc::clone(key),
            None => self.add(&mut state, algorithm),
        }
    }

    /// Returns a key for the algorithm that is not in use.
    pub(super) fn other(&self, algorithm: Algorithm) -> Arc<SigningKey> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let key = match state.other.take() {
            Some(key) => key,
            None => self.make(&mut state, algorithm.other()),
        };
        state.other = Some(Arc::clone(&key));
        key
    }

    /// Makes a new key the one that signs; one earlier key stays published.
    pub(super) fn rotate(&self, algorithm: Algorithm) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.add(&mut state, algorithm);
        let too_many = state.keys.len().saturating_sub(2);
        state.keys.drain(..too_many);
    }

    /// Returns the published keys, the one that signs first.
    pub(super) fn published(&self, algorithm: Algorithm) -> Vec<Arc<SigningKey>> {
        self.current(algorithm);
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.keys.iter().rev().cloned().collect()
    }

    /// Returns a key that was never published, for faults.
    pub(super) fn forger(&self, algorithm: Algorithm) -> Arc<SigningKey> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let key = match state.forger.take() {
            Some(key) => key,
            None => self.make(&mut state, algorithm),
        };
        state.forger = Some(Arc::clone(&key));
        key
    }

    /// Returns a key that is too short, for faults.
    pub(super) fn weak(&self) -> Arc<WeakKey> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let key = state
            .weak
            .get_or_insert_with(|| Arc::new(WeakKey::generate()));
        Arc::clone(key)
    }

    fn add(&self, state: &mut State, algorithm: Algorithm) -> Arc<SigningKey> {
        let key = self.make(state, algorithm);
        state.keys.push(Arc::clone(&key));
        key
    }

    fn make(&self, state: &mut State, algorithm: Algorithm) -> Arc<SigningKey> {
        match algorithm {
            Algorithm::Es256 => Arc::new(SigningKey::ec()),
            Algorithm::Rs256 => {
                state.taken += 1;
                self.pool.rsa(state.taken - 1)
            }
        }
    }
}
