//! Ctrl-C and its kin: the first asks waits to end, the second ends the process.
//!
//! A critical section can hold both off for a moment ([`Interrupts::defer`]); what arrived
//! meanwhile counts when it ends. Outside a watch, signals do what they always do. How a process
//! answers signals belongs to the whole process, and so does the one value behind this module.

#[cfg(unix)]
#[path = "interrupt/unix.rs"]
mod platform;
#[cfg(not(unix))]
#[path = "interrupt/windows.rs"]
mod platform;
#[cfg(test)]
#[cfg(unix)]
mod tests;

#[cfg(unix)]
pub(super) use platform::ignored;

use std::io;
use std::num::NonZeroU8;

/// A watch over the signals that ask a program to end; ends when dropped.
#[derive(Debug)]
#[must_use = "the watch ends when this is dropped"]
pub struct Interrupts {
    _private: (),
}

/// Holds signals off a critical section until it is dropped.
#[derive(Debug)]
#[must_use = "signals act again when this is dropped"]
pub struct Deferred<'a> {
    _watch: &'a Interrupts,
}

impl Interrupts {
    /// Starts watching for Ctrl-C, and for the requests to end and to hang up.
    ///
    /// # Errors
    ///
    /// What the system said, when it would not take the handler.
    pub fn watch() -> io::Result<Self> {
        platform::begin_watch()?;
        Ok(Self { _private: () })
    }

    /// Returns the signal that asked the program to end, if one did.
    pub fn requested(&self) -> Option<NonZeroU8> {
        platform::requested()
    }

    /// Holds off even a second signal until the guard is dropped. Keep it short.
    pub fn defer(&self) -> Deferred<'_> {
        platform::begin_defer();
        Deferred { _watch: self }
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        platform::end_watch();
    }
}

impl Drop for Deferred<'_> {
    fn drop(&mut self) {
        platform::end_defer();
    }
}
