//! What a program sends on stdin, within a limit; wiped afterwards, since it may hold a secret.

use std::io::{self, BufRead as _, Read as _};

use zeroize::Zeroizing;

use super::Failure;
use crate::credential::MOST_SENT;

const LIMIT: u64 = MOST_SENT as u64 + 1;

/// Reads all there is, and no more than one byte above the limit: what is longer is the protocol's
/// to refuse.
pub(super) fn all() -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut sent = Zeroizing::new(Vec::with_capacity(4096));
    let read = io::stdin().take(LIMIT).read_to_end(&mut sent);
    read.map_err(Failure::from_io)?;
    Ok(sent)
}

/// Reads one line, without its line feed, like [`all`]; none at the end.
pub(super) fn line() -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    let mut sent = Zeroizing::new(Vec::with_capacity(4096));
    let read = io::stdin().lock().take(LIMIT).read_until(b'\n', &mut sent);
    if read.map_err(Failure::from_io)? == 0 {
        return Ok(None);
    }
    if sent.last() == Some(&b'\n') {
        sent.pop();
    }
    Ok(Some(sent))
}
