//! The header of a sealed store: how the passphrase becomes a key, and the files' key sealed
//! under that key, which is also how a wrong passphrase is noticed.
//!
//! Its digest tells a damaged header from a wrong passphrase. Never asks for more memory or time
//! than the limits below, whatever the file says.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::PLACE;
use crate::base::Secret;
use crate::store::StoreError;
use crate::store::aead::{self, KEY_LEN, Key, sha256};
use crate::store::derive::{Cost, SALT_LEN, derive};
use crate::sys::files;

/// The header file, as JSON.
#[derive(Deserialize, Serialize)]
pub(super) struct Header {
    format: u32,
    #[serde(flatten)]
    cost: Cost,
    salt: String,
    /// The files' key, sealed.
    key: String,
    /// Of all of the above.
    digest: String,
}

/// What every version's header has.
#[derive(Deserialize)]
struct AnyHeader {
    format: u32,
}

impl Header {
    /// Draws a salt and a key for the files, and seals it.
    pub(super) fn make(passphrase: &Secret, cost: Cost) -> Result<(Self, Key), StoreError> {
        if passphrase.is_empty() {
            return Err(StoreError::EmptyPassphrase);
        }
        let salt = aead::random::<SALT_LEN>()?;
        let files_key = aead::random_key()?;
        let sealed = aead::seal(
            &*derive(passphrase, &salt, cost)?,
            &[MARK, &bytes_of(cost), &salt],
            files_key.as_ref(),
        )?;
        let mut header = Self {
            format: FORMAT,
            cost,
            salt: BASE64.encode(salt),
            key: BASE64.encode(sealed),
            digest: String::new(),
        };
        header.digest = header.expected_digest();
        Ok((header, files_key))
    }

    /// Loads the header; `None` when there is none.
    pub(super) fn load(path: &Path) -> Result<Option<Self>, StoreError> {
        let text = match files::read_private(path, MOST) {
            Ok(text) => text,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let any: AnyHeader =
            serde_json::from_slice(&text).map_err(|_| broken("it is not a header"))?;
        if any.format > FORMAT {
            return Err(StoreError::Newer {
                place: PLACE,
                key: NAME.to_owned(),
                found: any.format,
                known: FORMAT,
            });
        }
        let header: Self =
            serde_json::from_slice(&text).map_err(|_| broken("it is not a header"))?;
        if header.digest != header.expected_digest() {
            return Err(broken("its digest does not fit"));
        }
        Ok(Some(header))
    }

    /// Writes the header.
    pub(super) fn save(&self, path: &Path) -> Result<(), StoreError> {
        let text = serde_json::to_vec(self).map_err(|_| StoreError::Exhausted)?;
        files::write_private(path, &text)?;
        Ok(())
    }

    /// Opens the files' key.
    pub(super) fn open(&self, passphrase: &Secret) -> Result<Key, StoreError> {
        if self.cost.memory_kib > Cost::MOST.memory_kib || self.cost.passes > Cost::MOST.passes {
            return Err(StoreError::Costly);
        }
        let bytes = |text: &str| BASE64.decode(text).map_err(|_| broken("it is not base64"));
        let salt = bytes(&self.salt)?;
        let above = derive(passphrase, &salt, self.cost).map_err(|error| {
            if matches!(error, StoreError::Costly) {
                broken("its cost or its salt is out of range")
            } else {
                error
            }
        })?;
        let opened = aead::open(
            &above,
            &[MARK, &bytes_of(self.cost), &salt],
            &bytes(&self.key)?,
        )
        .ok_or(StoreError::WrongPassphrase)?;
        let key = <[u8; KEY_LEN]>::try_from(opened.as_slice());
        Ok(Zeroizing::new(
            key.map_err(|_| broken("its key is not a key"))?,
        ))
    }

    /// Changes the cost as somebody would who can write the file.
    #[cfg(test)]
    pub(super) fn forge(&mut self, cost: Cost) {
        self.cost = cost;
        self.digest = self.expected_digest();
    }

    fn expected_digest(&self) -> String {
        let Self {
            format,
            cost,
            salt,
            key,
            digest: _,
        } = self;
        let (memory, passes) = (cost.memory_kib, cost.passes);
        sha256(format!("{format} {memory} {passes} {salt} {key}").as_bytes())
    }
}

fn bytes_of(cost: Cost) -> [u8; 8] {
    let bytes = (u64::from(cost.memory_kib) << 32) | u64::from(cost.passes);
    bytes.to_be_bytes()
}

pub(super) fn broken(fault: &'static str) -> StoreError {
    super::broken(NAME, fault)
}

/// What messages call it.
const NAME: &str = "header";

/// Binds the sealed key to its use.
const MARK: &[u8] = b"keyfob-sealed-header-1";

/// The format that this program writes.
const FORMAT: u32 = 1;

/// The longest header file.
const MOST: usize = 4096;
