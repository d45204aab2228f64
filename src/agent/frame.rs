//! What goes over the agent's socket, as data (PURE): frames, hello, requests, answers, limits.
//!
//! `PROTOCOL.md` is the document; a test holds the two together. What is not known is ignored in
//! both directions, except for a request's name: that is answered with an error of its own. There
//! is no answer that holds a refresh token.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

mod answer;
mod fault;
mod forward;
mod request;
mod role;

pub use answer::{Answer, FateText, Sessions, SignedOut, Status, TokenAnswer, Welcome};
pub use fault::{Fault, HintText, Reason};
pub use forward::{ForwardAsk, Forwarded, Granted, OpenForward, Unforward};
pub use request::{Adopt, AdoptedToken, Passphrase, Request, SignOut, TokenAsk, Wish};
pub use role::{RoleAnswer, RoleAsk};

/// The version that is spoken here.
pub const VERSION: u32 = 1;

/// The longest frame: an ID and an access token of 64 KiB each, and what stands around them.
pub const MOST_BYTES: usize = 256 * 1024;

/// How many bytes say how long a frame is.
pub const PREFIX: usize = 4;

/// Reads how long a frame is; `None` when it is longer than any may be.
pub fn length(prefix: [u8; PREFIX]) -> Option<usize> {
    let length = usize::try_from(u32::from_be_bytes(prefix)).ok()?;
    (length <= MOST_BYTES).then_some(length)
}

/// Writes a whole frame; `None` when it would be too long.
///
/// The buffer has its size before it is filled, so that no copy of a secret stays behind.
fn frame(message: &impl Serialize) -> Option<Zeroizing<Vec<u8>>> {
    let mut size = Size(0);
    serde_json::to_writer(&mut size, message).expect("text keys, and nothing is written");
    let length = u32::try_from(size.0)
        .ok()
        .filter(|_| size.0 <= MOST_BYTES)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(PREFIX + size.0));
    bytes.extend_from_slice(&length.to_be_bytes());
    serde_json::to_writer(&mut *bytes, message).expect("text keys, and memory to write to");
    Some(bytes)
}

/// Counts what is written to it.
struct Size(usize);

impl std::io::Write for Size {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What a client says first.
#[derive(Debug, Deserialize, Serialize)]
pub struct Hello {
    /// The versions that it speaks.
    pub hello: Vec<u32>,
}

impl Hello {
    /// Says hello.
    pub fn print() -> Zeroizing<Vec<u8>> {
        let hello = vec![VERSION];
        frame(&Self { hello }).expect("a hello is short")
    }

    /// Reads a client's hello.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it is none, or when it speaks no version that is spoken here.
    pub fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let hello: Self = read(bytes)?;
        if hello.hello.contains(&VERSION) {
            return Ok(hello);
        }
        Err(Fault::new(
            Reason::Version,
            format!("the agent speaks version {VERSION} of its protocol, and the client does not"),
        ))
    }
}

/// A message without members.
#[derive(Serialize)]
struct Nothing {}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    // What serde says may repeat what was sent, and what was sent may be a secret.
    serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("line {} column {}", error.line(), error.column());
        Fault::new(
            Reason::BadRequest,
            format!("what was sent is no request of this protocol (at {place})"),
        )
    })
}

/// Secrets of visible ASCII, as tokens are, as JSON text. They are wiped when dropped, here and
/// there.
mod secret {
    use std::borrow::Cow;

    use serde::{Deserialize, Deserializer, Serializer};

    use crate::base::Secret;

    pub(super) fn serialize<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(secret.expose())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
        Cow::<str>::deserialize(from).map(|text| Secret::new(text.into_owned()))
    }
}

/// Secrets that may hold any character, as base64url (RFC 4648 §5): a JSON text with escapes is
/// taken apart in buffers that nobody wipes.
mod encoded {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};
    use zeroize::Zeroizing;

    use crate::base::Secret;

    pub(super) fn serialize<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
        let secret = secret.expose();
        let mut text = Zeroizing::new(String::with_capacity(secret.len() / 3 * 4 + 4));
        BASE64.encode_string(secret, &mut text);
        to.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
        let refused = || D::Error::custom("no secret");
        let text = <&str>::deserialize(from)?;
        let mut bytes = Zeroizing::new(vec![0; text.len()]);
        let length = BASE64
            .decode_slice(text, &mut bytes)
            .map_err(|_| refused())?;
        let text = bytes
            .get(..length)
            .and_then(|text| str::from_utf8(text).ok());
        let text = text.ok_or_else(refused)?;
        Ok(Secret::new(text.to_owned()))
    }
}
