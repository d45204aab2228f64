//! Sealing and opening bytes: ChaCha20-Poly1305 (RFC 8439) by ring, and what ring's randomness
//! and digests are needed for beside it.
//!
//! A sealed text is a fresh random nonce of 96 bits, the cipher text, and the tag. Never takes a
//! nonce from a caller, and never says why a text did not open.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use super::StoreError;
use crate::base::hex;

/// How many bytes a key has.
pub(super) const KEY_LEN: usize = 32;

/// A key, wiped when dropped.
pub(super) type Key = Zeroizing<[u8; KEY_LEN]>;

/// Seals a text; `facts` are what it is bound to, and what opens it must name again.
pub(super) fn seal(
    key: &[u8; KEY_LEN],
    facts: &[&[u8]],
    text: &[u8],
) -> Result<Vec<u8>, StoreError> {
    let nonce = random::<NONCE_LEN>()?;
    let tag_len = CHACHA20_POLY1305.tag_len();
    // Room for the tag, so that growing leaves no copy of the text behind.
    let mut sealed = Vec::with_capacity(NONCE_LEN + text.len() + tag_len);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(text);
    let (_, body) = sealed.split_at_mut(NONCE_LEN);
    let tag = cipher(key)
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(bound(facts)),
            body,
        )
        .map_err(|_| StoreError::Randomness)?;
    sealed.extend_from_slice(tag.as_ref());
    Ok(sealed)
}

/// Opens a sealed text, if it is whole and was sealed by this key for these facts.
pub(super) fn open(
    key: &[u8; KEY_LEN],
    facts: &[&[u8]],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let mut text = Zeroizing::new(body.to_vec());
    let len = cipher(key)
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(bound(facts)),
            &mut text,
        )
        .ok()?
        .len();
    text.truncate(len);
    Some(text)
}

/// Draws bytes from the operating system.
pub(super) fn random<const LEN: usize>() -> Result<[u8; LEN], StoreError> {
    let mut bytes = [0; LEN];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| StoreError::Randomness)?;
    Ok(bytes)
}

/// Draws a key.
pub(super) fn random_key() -> Result<Key, StoreError> {
    let mut key = Key::default();
    SystemRandom::new()
        .fill(key.as_mut())
        .map_err(|_| StoreError::Randomness)?;
    Ok(key)
}

/// Returns the SHA-256 digest in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

fn cipher(key: &[u8; KEY_LEN]) -> LessSafeKey {
    let key = UnboundKey::new(&CHACHA20_POLY1305, key);
    LessSafeKey::new(key.expect("a key of this cipher has 32 bytes"))
}

/// Joins facts so that no two lists read the same: each with its length in front.
fn bound(facts: &[&[u8]]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(facts.iter().map(|fact| fact.len() + 8).sum());
    for fact in facts {
        joined.extend_from_slice(&(fact.len() as u64).to_be_bytes());
        joined.extend_from_slice(fact);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; KEY_LEN] = [7; KEY_LEN];

    #[test]
    fn what_was_sealed_opens_with_the_same_key_and_facts_only() {
        let sealed = seal(&KEY, &[b"name", b"1"], b"text").unwrap();

        let opened = open(&KEY, &[b"name", b"1"], &sealed);

        assert_eq!(opened.as_deref().map(Vec::as_slice), Some(&b"text"[..]));
        assert!(open(&[8; KEY_LEN], &[b"name", b"1"], &sealed).is_none());
        assert!(open(&KEY, &[b"nam", b"e1"], &sealed).is_none());
        assert!(open(&KEY, &[b"name"], &sealed).is_none());
    }

    #[test]
    fn every_changed_bit_and_every_shorter_text_is_rejected() {
        let sealed = seal(&KEY, &[b"name"], b"a token").unwrap();

        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&KEY, &[b"name"], &changed).is_none(), "bit {bit}");
        }
        for len in 0..sealed.len() {
            assert!(open(&KEY, &[b"name"], &sealed[..len]).is_none(), "{len}");
        }
    }

    #[test]
    fn no_two_seals_of_a_text_are_alike() {
        let once = seal(&KEY, &[], b"text").unwrap();

        assert_ne!(once, seal(&KEY, &[], b"text").unwrap());
    }
}
