//! Randomness and digests for codes, tokens and tickets.
//!
//! What is handed out is kept as its SHA-256 only; never the text itself.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest as ring_digest};
use ring::rand::{SecureRandom, SystemRandom};

/// The SHA-256 of something that was handed out.
pub(super) type Digest = [u8; 32];

/// Draws 256 random bits, as 43 URL-safe characters.
pub(super) fn token() -> String {
    base64url(&bytes::<32>())
}

/// Draws a code for a person to type: eight letters, none a vowel, in two groups
/// (RFC 8628 §6.1).
pub(super) fn user_code() -> String {
    const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
    let mut code = String::with_capacity(9);
    while code.len() < 9 {
        if code.len() == 4 {
            code.push('-');
        }
        // 240 is the last multiple of 20 in a byte: above it, some letters would be likelier.
        let [byte] = bytes::<1>();
        if byte < 240 {
            code.push(char::from(LETTERS[usize::from(byte % 20)]));
        }
    }
    code
}

/// Draws random bytes.
pub(super) fn bytes<const N: usize>() -> [u8; N] {
    let mut drawn = [0; N];
    SystemRandom::new()
        .fill(&mut drawn)
        .expect("the operating system has randomness to give");
    drawn
}

/// Returns the SHA-256 of a text.
pub(super) fn digest(text: &str) -> Digest {
    let mut sum = [0; 32];
    sum.copy_from_slice(ring_digest(&SHA256, text.as_bytes()).as_ref());
    sum
}

/// Encodes bytes as JOSE wants them (RFC 7515 §2).
pub(super) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
