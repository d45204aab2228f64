//! A named key that rests in a store: 32 random bytes, and a random id that says which key a
//! sealed file needs.
//!
//! Never shown, never written anywhere but to a store and, for the cache, to the kernel.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::aead::{self, KEY_LEN, Key};
use super::{Store, StoreError};
use crate::base::Secret;

/// How many bytes an id has.
pub(super) const ID_LEN: usize = 8;

/// Says which key it is.
pub(super) type Id = [u8; ID_LEN];

/// How many bytes id and key have together.
pub(super) const RECORD_LEN: usize = ID_LEN + KEY_LEN;

/// A key and its id.
#[derive(Clone)]
pub(super) struct SealingKey {
    pub(super) id: Id,
    pub(super) key: Key,
}

impl SealingKey {
    /// Draws a new one.
    pub(super) fn draw() -> Result<Self, StoreError> {
        Ok(Self {
            id: aead::random()?,
            key: aead::random_key()?,
        })
    }

    /// Loads the key of this name.
    pub(super) fn load(store: &dyn Store, name: &'static str) -> Result<Option<Self>, StoreError> {
        let Some(text) = store.load(name)? else {
            return Ok(None);
        };
        let key = Self::from_text(&text).ok_or(StoreError::BrokenKey { name })?;
        Ok(Some(key))
    }

    /// Loads the key of this name, or draws it and saves it first.
    ///
    /// Reads back what it saved, so that of two who draw at once one key wins for both, nearly
    /// always. Where "nearly" is not enough the caller holds a lock.
    pub(super) fn load_or_draw(store: &dyn Store, name: &'static str) -> Result<Self, StoreError> {
        if let Some(found) = Self::load(store, name)? {
            return Ok(found);
        }
        store.save(name, &Self::draw()?.to_text())?;
        Self::load(store, name)?.ok_or(StoreError::Forgetful {
            backend: store.backend(),
        })
    }

    /// Removes the key of this name if it is damaged: nothing that it sealed can be opened again.
    pub(super) fn mend(store: &dyn Store, name: &'static str) -> Result<(), StoreError> {
        match Self::load(store, name) {
            Err(StoreError::Broken { .. } | StoreError::BrokenKey { .. }) => {
                store.delete(name).map(drop)
            }
            other => other.map(drop),
        }
    }

    /// Returns id and key as the bytes that the kernel keeps.
    pub(super) fn to_bytes(&self) -> Zeroizing<[u8; RECORD_LEN]> {
        let mut bytes = Zeroizing::new([0; RECORD_LEN]);
        let (id, key) = bytes.split_at_mut(ID_LEN);
        id.copy_from_slice(&self.id);
        key.copy_from_slice(self.key.as_ref());
        bytes
    }

    /// Takes id and key from bytes.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (id, rest) = bytes.split_first_chunk::<ID_LEN>()?;
        let mut key = Key::default();
        if rest.len() != KEY_LEN {
            return None;
        }
        key.copy_from_slice(rest);
        Some(Self { id: *id, key })
    }

    fn to_text(&self) -> Secret {
        let bytes = self.to_bytes();
        // Sized before it is filled, so that no shorter copy is left behind.
        let mut text = String::with_capacity(RECORD_LEN * 2);
        URL_SAFE_NO_PAD.encode_string(bytes.as_ref(), &mut text);
        Secret::new(text)
    }

    fn from_text(text: &Secret) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; RECORD_LEN]);
        let len = URL_SAFE_NO_PAD
            .decode_slice(text.expose(), bytes.as_mut())
            .ok()?;
        Self::from_bytes(bytes.get(..len)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Memory;

    #[test]
    fn a_key_is_drawn_once_and_found_again() {
        let store = Memory::default();

        let drawn = SealingKey::load_or_draw(&store, "cache-key").unwrap();
        let found = SealingKey::load_or_draw(&store, "cache-key").unwrap();

        assert_eq!(drawn.id, found.id);
        assert_eq!(drawn.key, found.key);
        assert_ne!(drawn.key.as_ref(), &[0; KEY_LEN]);
    }

    #[test]
    fn a_key_has_exactly_its_length() {
        for len in 0..=RECORD_LEN + 1 {
            let key = SealingKey::from_bytes(&vec![7; len]);

            assert_eq!(key.is_some(), len == RECORD_LEN, "{len}");
        }
    }

    #[test]
    fn a_broken_key_is_an_error_and_never_replaced() {
        let store = Memory::default();
        for text in ["", "AAAA", "not base64 at all!", &"A".repeat(55)] {
            store.save("cache-key", &Secret::new(text.into())).unwrap();

            let answer = SealingKey::load_or_draw(&store, "cache-key");

            assert!(matches!(answer, Err(StoreError::BrokenKey { .. })));
            assert!(store.load("cache-key").unwrap().unwrap().matches(text));
        }
    }
}
