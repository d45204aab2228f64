//! Accepts connections of the user and answers them, each in a thread of its own.
//!
//! Never trusts a peer to be quick or to make sense: frames have deadlines and limits, connections
//! a number, and what cannot be understood is answered with why. Decides nothing: that is the
//! [`Desk`].

use std::collections::BTreeMap;
use std::io;
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Scope};
use std::time::Duration;

use super::frame::{Answer, Fault, Hello, Reason, Request, VERSION, Welcome};
use super::wire::{self, IN_TRANSIT};
use crate::sys::socket::{Connection, Event, Hook, Listener, Peer, Waker};

/// How many may be connected at once; the next ones wait in the system's queue.
const MOST_CONNECTIONS: usize = 256;

/// How long a connection may be silent between two requests.
const SILENCE: Duration = Duration::from_secs(30);

/// After a fault of the machine, such as too many open files, nobody is accepted for so long.
const PAUSE: Duration = Duration::from_secs(1);

/// Whoever answers requests.
pub trait Desk: Sync {
    /// Answers a request of a peer that has been checked.
    fn answer(&self, request: Request, peer: Peer) -> Answer;
}

/// Answers until `more` says that there is nothing more to wait for; otherwise it says how long to
/// wait before it is asked again. Returns when everybody who was being answered has their answer.
///
/// # Errors
///
/// What the system said, when nothing can be listened to at all.
pub fn serve(
    listener: &Listener,
    desk: &dyn Desk,
    more: &mut dyn FnMut() -> Option<Duration>,
    refused: &dyn Fn(Peer),
) -> io::Result<()> {
    let server = Server {
        desk,
        waker: listener.waker()?,
        connections: Mutex::default(),
    };
    thread::scope(|scope| {
        let mut paused = false;
        while let Some(wait) = more() {
            let room = !paused && server.connections().open < MOST_CONNECTIONS;
            let wait = if paused { wait.min(PAUSE) } else { wait };
            paused = false;
            match listener.wait(wait, room) {
                Ok(Event::Connected(connection)) => server.begin(scope, connection),
                Ok(Event::Refused(peer)) => refused(peer),
                Ok(Event::Woken) => {}
                Err(_) => paused = true,
            }
        }
        server.end();
    });
    Ok(())
}

struct Server<'a> {
    desk: &'a dyn Desk,
    waker: Waker,
    connections: Mutex<Connections>,
}

#[derive(Default)]
struct Connections {
    open: usize,
    next: u64,
    /// Those that wait for a request: they can be ended at any time.
    idle: BTreeMap<u64, Arc<Hook>>,
    ending: bool,
}

impl<'a> Server<'a> {
    fn connections(&self) -> MutexGuard<'_, Connections> {
        // No code can panic while it holds the lock half way through a change.
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn begin<'s>(&'s self, scope: &'s Scope<'s, 'a>, connection: Connection) {
        self.connections().open += 1;
        let attended = thread::Builder::new().spawn_scoped(scope, move || {
            // How a connection ends is the peer's affair.
            drop(self.attend(&connection));
            drop(connection);
            self.left();
        });
        if attended.is_err() {
            self.left();
        }
    }

    fn left(&self) {
        let mut connections = self.connections();
        connections.open -= 1;
        if connections.open + 1 == MOST_CONNECTIONS {
            self.waker.wake();
        }
    }

    fn end(&self) {
        let mut connections = self.connections();
        connections.ending = true;
        connections.idle.values().for_each(|hook| hook.end());
    }

    fn attend(&self, connection: &Connection) -> io::Result<()> {
        let hook = Arc::new(connection.hook()?);
        let id = {
            let mut connections = self.connections();
            connections.next += 1;
            connections.next
        };
        let next = |wait| self.next_frame((id, &hook), connection, wait);
        let Some(hello) = next(IN_TRANSIT)? else {
            return Ok(());
        };
        if let Err(fault) = Hello::parse(&hello) {
            return wire::send(connection, &Answer::Error(fault).print());
        }
        let welcome = Answer::Hello(Welcome {
            version: VERSION,
            pid: process::id(),
        });
        wire::send(connection, &welcome.print())?;
        loop {
            let frame = match next(SILENCE) {
                Ok(Some(frame)) => frame,
                Ok(None) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    // Where the next frame would begin is not known.
                    let fault = Fault::new(Reason::BadRequest, "the frame is too long".into());
                    return wire::send(connection, &Answer::Error(fault).print());
                }
                Err(error) => return Err(error),
            };
            let answer = match Request::parse(&frame) {
                Ok(request) => self.desk.answer(request, connection.peer()),
                Err(fault) => Answer::Error(fault),
            };
            drop(frame);
            wire::send(connection, &answer.print())?;
        }
    }

    /// Waits for a frame, as one who can be sent home meanwhile.
    fn next_frame(
        &self,
        (id, hook): (u64, &Arc<Hook>),
        connection: &Connection,
        wait: Duration,
    ) -> io::Result<Option<zeroize::Zeroizing<Vec<u8>>>> {
        {
            let mut connections = self.connections();
            if connections.ending {
                return Ok(None);
            }
            connections.idle.insert(id, Arc::clone(hook));
        }
        let frame = wire::receive(connection, wait);
        self.connections().idle.remove(&id);
        frame
    }
}
