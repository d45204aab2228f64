//! A passphrase made into a key: Argon2id (RFC 9106), on one lane.
//!
//! Never keeps the passphrase, and wipes the memory that the derivation filled.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use super::StoreError;
use super::aead::{KEY_LEN, Key};
use crate::base::Secret;

/// What deriving a key costs, on one lane (RFC 9106 §3.1).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Cost {
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
}

impl Cost {
    /// The second recommended option of RFC 9106 §4, on one lane: 64 MiB, three passes.
    pub(super) const NEW: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
    };

    /// Four times the memory, and the passes, of what this version writes; room for later ones.
    pub(super) const MOST: Self = Self {
        memory_kib: 256 * 1024,
        passes: 12,
    };
}

/// Derives a key.
///
/// # Errors
///
/// [`StoreError::Exhausted`] without the memory for it; [`StoreError::Costly`] when cost or salt
/// are out of range.
pub(super) fn derive(passphrase: &Secret, salt: &[u8], cost: Cost) -> Result<Key, StoreError> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(KEY_LEN))
        .map_err(|_| StoreError::Costly)?;
    let mut memory = Vec::new();
    memory
        .try_reserve_exact(params.block_count())
        .map_err(|_| StoreError::Exhausted)?;
    memory.resize(params.block_count(), Block::default());
    let mut key = Key::default();
    let derived = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(
            passphrase.expose().as_bytes(),
            salt,
            key.as_mut(),
            &mut memory,
        );
    memory.iter_mut().for_each(Zeroize::zeroize);
    derived.map_err(|_| StoreError::Costly)?;
    Ok(key)
}

/// How many bytes a salt has (RFC 9106 §4).
pub(super) const SALT_LEN: usize = 16;
