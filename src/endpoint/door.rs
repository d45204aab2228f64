//! The sockets: a bounded number of connections, each with seconds to say something sensible and
//! one answer.
//!
//! Never listens beyond 127.0.0.1, never keeps a connection open, never sends a CORS field. Whoever
//! holds many connections open and says nothing is put out for whoever comes next. `tiny_http` has
//! no limits on fields, connections or time, so what is in front of it elsewhere would be all of it
//! here.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Scope};
use std::time::Duration;

use zeroize::Zeroizing;

use super::request::{MOST_HEAD, Read, Refusal, Request, read};
use super::{Answer, End, Shape};
use crate::sys::clock::{Clock as _, SystemClock};

/// How many may be connected at once, those who are being answered included.
const MOST_CONNECTIONS: usize = 64;
/// How long a request may take to arrive, and an answer to be taken.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long is waited for a client to hang up, after the answer.
const HANG_UP: Duration = Duration::from_millis(500);
/// Out of file descriptors, most likely: some are about to close.
const PAUSE: Duration = Duration::from_millis(10);

/// A listening endpoint; nobody is answered before it is served.
#[derive(Debug)]
pub struct Door {
    listener: TcpListener,
    address: SocketAddr,
    end: End,
    live: Mutex<Live>,
}

#[derive(Debug, Default)]
struct Live {
    next: u64,
    open: BTreeMap<u64, Connection>,
}

#[derive(Debug)]
struct Connection {
    stream: Arc<TcpStream>,
    /// Whether it has said what it wants.
    is_heard: bool,
}

impl Door {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// What the system said.
    pub fn open() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        Ok(Self {
            address: listener.local_addr()?,
            listener,
            end: End::default(),
            live: Mutex::default(),
        })
    }

    /// Returns the address as it stands in a URL.
    pub fn authority(&self) -> String {
        self.address.to_string()
    }

    /// Begins to answer, until the door is closed.
    ///
    /// # Errors
    ///
    /// What the system said, when it gives no thread.
    pub fn serve<'s>(&'s self, scope: &'s Scope<'s, '_>, shape: &'s dyn Shape) -> io::Result<()> {
        let accept = move || {
            while !self.end.is_reached() {
                match self.listener.accept() {
                    Ok((stream, _)) => self.admit(scope, shape, stream),
                    Err(_) => drop(self.end.wait(PAUSE)),
                }
            }
        };
        thread::Builder::new()
            .name("endpoint".to_owned())
            .spawn_scoped(scope, accept)
            .map(drop)
    }

    /// Answers nobody any more, and hangs up on everybody.
    pub fn close(&self) {
        self.end.reach();
        // Wakes the thread from `accept`.
        drop(TcpStream::connect_timeout(&self.address, PATIENCE));
        for connection in self.live().open.values() {
            drop(connection.stream.shutdown(Shutdown::Both));
        }
    }

    fn live(&self) -> MutexGuard<'_, Live> {
        // No code can panic while it holds the lock half way through a change.
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn admit<'s>(&'s self, scope: &'s Scope<'s, '_>, shape: &'s dyn Shape, stream: TcpStream) {
        let stream = Arc::new(stream);
        let mut live = self.live();
        if self.end.is_reached() {
            return;
        }
        if live.open.len() >= MOST_CONNECTIONS {
            let silent = live.open.iter().find(|(_, it)| !it.is_heard);
            let Some(silent) = silent.map(|(number, _)| *number) else {
                return;
            };
            if let Some(silent) = live.open.remove(&silent) {
                drop(silent.stream.shutdown(Shutdown::Both));
            }
        }
        let number = live.next;
        live.next += 1;
        let connection = Connection {
            stream: Arc::clone(&stream),
            is_heard: false,
        };
        live.open.insert(number, connection);
        drop(live);
        let attended = thread::Builder::new().spawn_scoped(scope, move || {
            // How a connection ends is the client's affair.
            drop(self.attend(number, &stream, shape));
            self.live().open.remove(&number);
        });
        if attended.is_err() {
            self.live().open.remove(&number);
        }
    }

    fn attend(&self, number: u64, stream: &TcpStream, shape: &dyn Shape) -> io::Result<()> {
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let answer = match hear(stream, &self.authority())? {
            Ok(request) => {
                if let Some(connection) = self.live().open.get_mut(&number) {
                    connection.is_heard = true;
                }
                shape.answer(&request)
            }
            Err(refusal) => shape.refuse(refusal),
        };
        send(stream, &answer)
    }
}

/// Reads a request within its time; the inner error is what to answer instead.
fn hear(mut stream: &TcpStream, authority: &str) -> io::Result<Result<Request, Refusal>> {
    let clock = SystemClock::new();
    let mut heard = Zeroizing::new(Vec::with_capacity(2 * MOST_HEAD));
    let mut block = Zeroizing::new([0; 4096]);
    loop {
        match read(&heard, authority) {
            Read::Complete(request) => return Ok(Ok(request)),
            Read::Refused(refusal) => return Ok(Err(refusal)),
            Read::More => {}
        }
        let left = PATIENCE.saturating_sub(clock.elapsed());
        if left.is_zero() {
            return Ok(Err(Refusal::Slow));
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(block.as_mut_slice()) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(length) => heard.extend(block.iter().take(length)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if is_late(&error) => return Ok(Err(Refusal::Slow)),
            Err(error) => return Err(error),
        }
    }
}

fn is_late(error: &io::Error) -> bool {
    [io::ErrorKind::TimedOut, io::ErrorKind::WouldBlock].contains(&error.kind())
}

/// Sends an answer, and leaves the hanging up to the client for a moment: to hang up first, with
/// bytes unread, would tear the answer out of its hands.
fn send(mut stream: &TcpStream, answer: &Answer) -> io::Result<()> {
    let reason = http::StatusCode::from_u16(answer.status).ok();
    let reason = reason.and_then(|status| status.canonical_reason());
    let body = answer.body.expose();
    let allow = if answer.status == 405 {
        "Allow: GET\r\n"
    } else {
        ""
    };
    let head = format!(
        "HTTP/1.1 {} {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{allow}\
         Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        answer.status,
        reason.unwrap_or("Answer"),
        body.len(),
    );
    let mut whole = Zeroizing::new(Vec::with_capacity(head.len() + body.len()));
    whole.extend_from_slice(head.as_bytes());
    whole.extend_from_slice(body.as_bytes());
    stream.write_all(&whole)?;
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(HANG_UP))?;
    let mut rest = stream.take(1 << 20);
    io::copy(&mut rest, &mut io::sink()).map(drop)
}
