//! Frames over a connection, each within a time. Never reads more than a frame may be long.

use std::io;
use std::time::Duration;

use zeroize::Zeroizing;

use super::frame::{PREFIX, length};
use crate::sys::socket::Connection;

/// How long a frame may be on its way once it has begun.
pub(super) const IN_TRANSIT: Duration = Duration::from_secs(5);

/// Sends a frame.
pub(super) fn send(connection: &Connection, frame: &[u8]) -> io::Result<()> {
    connection.send(frame, IN_TRANSIT)
}

/// Waits for a frame; `None` when the peer has ended the connection instead.
///
/// # Errors
///
/// [`io::ErrorKind::InvalidData`] when the frame would be too long; what the system said otherwise.
pub(super) fn receive(
    connection: &Connection,
    wait: Duration,
) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut prefix = [0; PREFIX];
    if !connection.receive(&mut prefix, wait)? {
        return Ok(None);
    }
    let length = length(prefix).ok_or(io::ErrorKind::InvalidData)?;
    let mut bytes = Zeroizing::new(vec![0; length]);
    if length > 0 && !connection.receive(&mut bytes, IN_TRANSIT)? {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(bytes))
}
