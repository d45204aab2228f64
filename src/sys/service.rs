//! What starts a user's services here, and with which program they would be started.

use std::io;
use std::path::PathBuf;

/// What starts a user's services.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Services {
    /// launchd, on macOS.
    Launchd,
    /// systemd, on Linux.
    Systemd,
    /// Nothing that is known here.
    Unknown,
}

/// Returns what starts services on this system.
pub fn services() -> Services {
    match () {
        () if cfg!(target_os = "macos") => Services::Launchd,
        () if cfg!(target_os = "linux") => Services::Systemd,
        () => Services::Unknown,
    }
}

/// Returns the file of the program that is running.
///
/// # Errors
///
/// What the system said.
pub fn own_program() -> io::Result<PathBuf> {
    std::env::current_exe()
}
