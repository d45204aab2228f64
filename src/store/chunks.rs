//! How one secret is laid out over a keyring's records, where a record has a limit. PURE.
//!
//! The head record, under the secret's own key, is text: format, slot, number of pieces, SHA-256
//! of the secret, and, when all fits in one record, the secret in base64. Otherwise the base64
//! text is cut into pieces under `key#slot.number`. The two slots take turns: pieces of the new
//! secret are written beside the old ones, then the head that names them, then the old ones go.
//! A crash between any two writes leaves the old secret or the new one, whole. Never writes a
//! record that is not plain ASCII, since some keyrings keep text only.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use super::aead::sha256;
use super::{Backend, StoreError};
use crate::base::Secret;

/// Somewhere that keeps small records.
pub(super) trait Records {
    /// Returns a record.
    fn get(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError>;
    /// Writes a record, in one step.
    fn put(&mut self, name: &str, record: &[u8]) -> Result<(), StoreError>;
    /// Removes a record; tells whether it was there.
    fn remove(&mut self, name: &str) -> Result<bool, StoreError>;
}

/// Reads the secret under a key.
pub(super) fn read(records: &mut dyn Records, key: &str) -> Result<Option<Secret>, StoreError> {
    let mut fault = "";
    // A writer may finish between our reads; then the head names other pieces.
    for _ in 0..READS {
        let Some(record) = records.get(key)? else {
            return Ok(None);
        };
        let head = Head::parse(key, &record)?;
        if head.deleted {
            return Ok(None);
        }
        match gather(records, key, &head)? {
            Ok(secret) => return Ok(Some(secret)),
            Err(found) => fault = found,
        }
    }
    Err(broken(key, fault))
}

/// Writes the secret under a key, in records of at most `limit` bytes.
pub(super) fn write(
    records: &mut dyn Records,
    key: &str,
    secret: &Secret,
    limit: Option<usize>,
) -> Result<(), StoreError> {
    let text = encode(secret);
    let old = match limit {
        None => None,
        // A head that cannot be read is about to be replaced.
        Some(_) => records
            .get(key)?
            .and_then(|record| Head::parse(key, &record).ok()),
    };
    let slot = old.as_ref().map_or(Slot::A, |head| head.slot.other());
    let whole = head_text(slot, 0, &sha256(secret.expose().as_bytes()), &text);
    let Some(limit) = limit else {
        return records.put(key, whole.as_bytes());
    };
    if whole.len() <= limit {
        records.put(key, whole.as_bytes())?;
        sweep(records, key, slot, 0)?;
    } else {
        let pieces: Vec<&[u8]> = text.as_bytes().chunks(limit).collect();
        if pieces.len() > MOST_PIECES {
            return Err(StoreError::TooLong {
                backend: Backend::Keyring,
                limit: limit * MOST_PIECES,
            });
        }
        for (number, piece) in pieces.iter().enumerate() {
            records.put(&piece_name(key, slot, number), piece)?;
        }
        let digest = sha256(secret.expose().as_bytes());
        let head = head_text(slot, pieces.len(), &digest, "");
        records.put(key, head.as_bytes())?;
        sweep(records, key, slot, pieces.len())?;
    }
    sweep(records, key, slot.other(), 0)
}

/// Removes the secret under a key, readable or not; tells whether there was one.
pub(super) fn remove(
    records: &mut dyn Records,
    key: &str,
    limit: Option<usize>,
) -> Result<bool, StoreError> {
    if limit.is_none() {
        return records.remove(key);
    }
    let Some(record) = records.get(key)? else {
        return Ok(false);
    };
    let head = Head::parse(key, &record).ok();
    let (slot, deleted) = head.map_or((Slot::A, false), |head| (head.slot, head.deleted));
    if !deleted {
        // From here on there is nothing to read, whatever becomes of the pieces.
        records.put(key, head_text(slot, 0, DELETED, "").as_bytes())?;
    }
    sweep(records, key, Slot::A, 0)?;
    sweep(records, key, Slot::B, 0)?;
    records.remove(key)?;
    Ok(!deleted)
}

/// Removes pieces from number `from` on, the last first, so that a crash never leaves a gap that
/// would hide the rest from the next sweep.
fn sweep(records: &mut dyn Records, key: &str, slot: Slot, from: usize) -> Result<(), StoreError> {
    let mut end = from;
    while end < MOST_PIECES && records.get(&piece_name(key, slot, end))?.is_some() {
        end += 1;
    }
    for number in (from..end).rev() {
        records.remove(&piece_name(key, slot, number))?;
    }
    Ok(())
}

/// Puts the secret together; the inner error says what is wrong with it.
fn gather(
    records: &mut dyn Records,
    key: &str,
    head: &Head,
) -> Result<Result<Secret, &'static str>, StoreError> {
    let mut text = head.text.clone();
    for number in 0..head.pieces {
        let Some(piece) = records.get(&piece_name(key, head.slot, number))? else {
            return Ok(Err("a piece is missing"));
        };
        // A new buffer each time: growing one would leave copies of the secret behind.
        let mut longer = Zeroizing::new(Vec::with_capacity(text.len() + piece.len()));
        longer.extend_from_slice(&text);
        longer.extend_from_slice(&piece);
        text = longer;
    }
    Ok(decode(&text, &head.digest))
}

fn encode(secret: &Secret) -> Zeroizing<String> {
    let bytes = secret.expose().as_bytes();
    let mut text = Zeroizing::new(String::with_capacity(bytes.len().div_ceil(3) * 4));
    STANDARD_NO_PAD.encode_string(bytes, &mut text);
    text
}

fn decode(text: &[u8], digest: &str) -> Result<Secret, &'static str> {
    let mut bytes = Zeroizing::new(vec![0; text.len()]);
    let Ok(len) = STANDARD_NO_PAD.decode_slice(text, &mut bytes) else {
        return Err("its text is not base64");
    };
    bytes.truncate(len);
    if sha256(&bytes) != digest {
        return Err("its digest does not fit");
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| "its text is not UTF-8")?;
    Ok(Secret::new(text.to_owned()))
}

/// What the head record says.
#[derive(Debug)]
struct Head {
    slot: Slot,
    pieces: usize,
    digest: String,
    deleted: bool,
    text: Zeroizing<Vec<u8>>,
}

impl Head {
    fn parse(key: &str, record: &[u8]) -> Result<Self, StoreError> {
        let fault = |fault| move || broken(key, fault);
        let record = std::str::from_utf8(record).map_err(|_| broken(key, FOREIGN))?;
        let rest = record.strip_prefix(MARK).ok_or_else(fault(FOREIGN))?;
        let mut words = rest.splitn(5, ':');
        let format = words.next().and_then(|word| word.parse::<u32>().ok());
        match format {
            Some(FORMAT) => {}
            Some(found) if found > FORMAT => {
                return Err(StoreError::Newer {
                    place: PLACE,
                    key: key.to_owned(),
                    found,
                    known: FORMAT,
                });
            }
            Some(_) | None => return Err(broken(key, FOREIGN)),
        }
        let slot = words.next().and_then(Slot::parse);
        let pieces = words.next().and_then(|word| word.parse().ok());
        let pieces = pieces.filter(|pieces| *pieces <= MOST_PIECES);
        let digest = words.next();
        let (Some(slot), Some(pieces), Some(digest), Some(text)) =
            (slot, pieces, digest, words.next())
        else {
            return Err(broken(key, "its head is incomplete"));
        };
        Ok(Self {
            slot,
            pieces,
            digest: digest.to_owned(),
            deleted: digest == DELETED,
            text: Zeroizing::new(text.as_bytes().to_vec()),
        })
    }
}

fn head_text(slot: Slot, pieces: usize, digest: &str, text: &str) -> Zeroizing<String> {
    let start = format!("{MARK}{FORMAT}:{}:{pieces}:{digest}:", slot.name());
    let mut head = Zeroizing::new(String::with_capacity(start.len() + text.len()));
    head.push_str(&start);
    head.push_str(text);
    head
}

fn piece_name(key: &str, slot: Slot, number: usize) -> String {
    format!("{key}#{}.{number}", slot.name())
}

fn broken(key: &str, fault: &'static str) -> StoreError {
    StoreError::Broken {
        place: PLACE,
        key: key.to_owned(),
        fault,
    }
}

/// Which of the two sets of pieces.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Slot {
    A,
    B,
}

impl Slot {
    fn name(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
        }
    }

    fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::A, Self::B]
            .into_iter()
            .find(|slot| slot.name() == name)
    }
}

/// What messages call the place.
const PLACE: &str = "keyring";

/// Opens every head record.
const MARK: &str = "keyfob:";

/// The format of head records that this program writes.
const FORMAT: u32 = 1;

/// Stands in the place of the digest while an entry is being deleted.
const DELETED: &str = "deleted";

/// The fault of a record that keyfob did not write.
const FOREIGN: &str = "it is not a record of keyfob";

/// More pieces than any token needs, few enough to bound the work on a bad head.
const MOST_PIECES: usize = 64;

/// How often a read starts again when a writer was faster.
const READS: usize = 4;

#[cfg(test)]
mod tests;
