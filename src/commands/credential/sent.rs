//! What a program sends on stdin, within a limit; wiped afterwards, since it may hold a secret.

use std::io::{self, BufRead as _, Read as _};

use zeroize::Zeroizing;

use super::Failure;
use crate::credential::{MOST_SENT, Misread};

/// Reads all there is.
pub(super) fn all() -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut sent = Zeroizing::new(Vec::with_capacity(4096));
    let limit = MOST_SENT as u64 + 1;
    let read = io::stdin().take(limit).read_to_end(&mut sent);
    read.map_err(Failure::from_io)?;
    bounded(sent)
}

/// Reads one line, without its line feed; none at the end.
pub(super) fn line() -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    let mut sent = Zeroizing::new(Vec::with_capacity(4096));
    let limit = MOST_SENT as u64 + 1;
    let read = io::stdin().lock().take(limit).read_until(b'\n', &mut sent);
    if read.map_err(Failure::from_io)? == 0 {
        return Ok(None);
    }
    let mut sent = bounded(sent)?;
    if sent.last() == Some(&b'\n') {
        sent.pop();
    }
    Ok(Some(sent))
}

fn bounded(sent: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, Failure> {
    if sent.len() > MOST_SENT {
        return Err(Misread::TooLong {
            what: "the request",
            most: MOST_SENT,
        }
        .into());
    }
    Ok(sent)
}
