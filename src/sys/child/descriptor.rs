//! A secret by an open descriptor: a number that the command reads from, once, and that ends.
//!
//! A pipe that holds all of it and has nobody at its other end; what a pipe will not take lies in
//! memory, or in a file that has no name any more. Never blocks, and never leaves a name behind.

#[cfg(unix)]
use std::fs::File;
#[cfg(unix)]
use std::io::{self, Seek as _, Write as _};
#[cfg(unix)]
use std::os::fd::{AsRawFd as _, OwnedFd};

use super::ChildError;
use crate::base::Secret;

/// A number that is kept free for the command, and then holds something for it.
#[cfg(unix)]
#[derive(Debug)]
pub struct Descriptor {
    number: u32,
    /// None is stdin, which is there anyway.
    held: Option<OwnedFd>,
}

/// There is none.
#[cfg(not(unix))]
#[derive(Debug)]
pub enum Descriptor {}

#[cfg(unix)]
impl Descriptor {
    /// Takes a number before anything in this process does. It must not be open yet, except for
    /// stdin, which the command then reads the secret from.
    ///
    /// # Errors
    ///
    /// [`ChildError::DescriptorTaken`], or what the system said.
    pub fn reserve(number: u32) -> Result<Self, ChildError> {
        let failed = |source| ChildError::Descriptor { number, source };
        if number == 0 {
            return Ok(Self { number, held: None });
        }
        let wanted = i32::try_from(number).map_err(|_| ChildError::DescriptorTaken(number))?;
        let nothing = OwnedFd::from(File::open("/dev/null").map_err(failed)?);
        let held = if nothing.as_raw_fd() == wanted {
            nothing
        } else {
            rustix::io::fcntl_dupfd_cloexec(&nothing, wanted)
                .ok()
                .filter(|held| held.as_raw_fd() == wanted)
                .ok_or(ChildError::DescriptorTaken(number))?
        };
        let held = Some(held);
        Ok(Self { number, held })
    }

    /// Puts a secret there, with a line's end, and lets the command inherit it.
    ///
    /// # Errors
    ///
    /// [`ChildError::Descriptor`].
    pub fn fill(mut self, secret: &Secret) -> Result<Self, ChildError> {
        let number = self.number;
        let failed = |source| ChildError::Descriptor { number, source };
        let source = open(secret).map_err(failed)?;
        match &mut self.held {
            None => rustix::stdio::dup2_stdin(&source),
            // The copy has no close-on-exec flag, whatever was there before.
            Some(held) => rustix::io::dup2(&source, held),
        }
        .map_err(|error| failed(error.into()))?;
        Ok(self)
    }
}

/// Opens something that gives the secret to whoever reads it, and then nothing more.
#[cfg(unix)]
fn open(secret: &Secret) -> io::Result<OwnedFd> {
    let mut line = zeroize::Zeroizing::new(Vec::with_capacity(secret.expose().len() + 1));
    line.extend_from_slice(secret.expose().as_bytes());
    line.push(b'\n');
    let (reader, mut writer) = io::pipe()?;
    rustix::io::ioctl_fionbio(&writer, true)?;
    match writer.write(&line) {
        Ok(length) if length == line.len() => return Ok(reader.into()),
        // A user with many pipes gets small ones.
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
        Err(error) => return Err(error),
    }
    let mut file = nameless()?;
    file.write_all(&line)?;
    file.rewind()?;
    Ok(file.into())
}

#[cfg(target_os = "linux")]
fn nameless() -> io::Result<File> {
    use rustix::fs::{MemfdFlags, memfd_create};
    Ok(memfd_create("keyfob", MemfdFlags::CLOEXEC)?.into())
}

#[cfg(unix)]
#[cfg(not(target_os = "linux"))]
fn nameless() -> io::Result<File> {
    tempfile::tempfile()
}

#[cfg(not(unix))]
impl Descriptor {
    /// There are no numbers to take.
    ///
    /// # Errors
    ///
    /// [`ChildError::NoDescriptors`].
    pub fn reserve(_: u32) -> Result<Self, ChildError> {
        Err(ChildError::NoDescriptors)
    }

    /// There is none to fill.
    ///
    /// # Errors
    ///
    /// None: there is no such value.
    pub fn fill(self, _: &Secret) -> Result<Self, ChildError> {
        match self {}
    }
}
