//! Lines put at the end of a private file, each in one write.
//!
//! Never touches what is there: a line that could not be written whole is ended by the next one.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::{FileError, platform};

/// Puts a line at the end of a file of the user's own, which is born 0600 if it is missing; returns
/// how long the file is now. What the line's bytes are is the caller's affair, the line feed at the
/// end included. It survives the end of the process; power lost soon after may take it away.
///
/// # Errors
///
/// [`FileError`]; when `path` is a link, a pipe, another user's, or readable by others, nothing is
/// written. When the disk is full, a part may have been.
pub fn append_private(path: &Path, line: &[u8]) -> Result<u64, FileError> {
    let failed = |error| FileError::new("write", path, error);
    let mut file = platform::open_for_append(path)?;
    let mut bytes = Vec::with_capacity(line.len() + 1);
    if !ends_a_line(&mut file).map_err(failed)? {
        bytes.push(b'\n');
    }
    bytes.extend_from_slice(line);
    match file.write(&bytes).map_err(failed)? {
        written if written == bytes.len() => {}
        // Whatever stopped it in the middle, it is as good as full.
        _ => return Err(failed(io::ErrorKind::StorageFull.into())),
    }
    file.metadata().map(|found| found.len()).map_err(failed)
}

/// Tells whether the file is empty, or its last byte is a line feed.
fn ends_a_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}
