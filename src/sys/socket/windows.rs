//! No socket where there are none: every attempt says so.

use std::convert::Infallible;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::{Peer, SocketError};

/// There is none.
pub fn is_there(_: &Path) -> bool {
    false
}

/// Cannot be.
#[derive(Debug)]
pub struct Listener(Infallible);

/// What a wait at a listener came to.
#[derive(Debug)]
pub enum Event {
    /// The user has connected.
    Connected(Connection),
    /// Somebody else has, and was hung up on.
    Refused(Peer),
    /// The wait is over, or somebody called.
    Woken,
}

/// Cannot be.
#[derive(Debug)]
pub struct Waker(Infallible);

impl Waker {
    /// Cannot be asked.
    pub fn wake(&self) {
        match self.0 {}
    }
}

impl Listener {
    /// Refuses.
    ///
    /// # Errors
    ///
    /// [`SocketError::Unsupported`].
    pub fn bind(_: &Path) -> Result<Self, SocketError> {
        Err(SocketError::Unsupported)
    }

    /// Cannot be asked.
    ///
    /// # Errors
    ///
    /// None.
    pub fn wake_on_signals(&mut self) -> io::Result<()> {
        match self.0 {}
    }

    /// Cannot be asked.
    ///
    /// # Errors
    ///
    /// None.
    pub fn waker(&self) -> io::Result<Waker> {
        match self.0 {}
    }

    /// Cannot be asked.
    ///
    /// # Errors
    ///
    /// None.
    pub fn wait(&self, _: Duration, _: bool) -> io::Result<Event> {
        match self.0 {}
    }
}

/// Cannot be.
#[derive(Debug)]
pub struct Connection(Infallible);

impl Connection {
    /// Refuses.
    ///
    /// # Errors
    ///
    /// [`SocketError::Unsupported`].
    pub fn connect(_: &Path, _: Duration) -> Result<Self, SocketError> {
        Err(SocketError::Unsupported)
    }

    /// Cannot be asked.
    pub fn peer(&self) -> Peer {
        match self.0 {}
    }

    /// Cannot be asked.
    ///
    /// # Errors
    ///
    /// None.
    pub fn hook(&self) -> io::Result<Hook> {
        match self.0 {}
    }

    /// Cannot be asked.
    ///
    /// # Errors
    ///
    /// None.
    pub fn receive(&self, _: &mut [u8], _: Duration) -> io::Result<bool> {
        match self.0 {}
    }

    /// Cannot be asked.
    ///
    /// # Errors
    ///
    /// None.
    pub fn send(&self, _: &[u8], _: Duration) -> io::Result<()> {
        match self.0 {}
    }
}

/// Cannot be.
#[derive(Debug)]
pub struct Hook(Infallible);

impl Hook {
    /// Cannot be asked.
    pub fn end(&self) {
        match self.0 {}
    }
}
