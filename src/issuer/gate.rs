//! The accept loop in front of `tiny_http`: one request per connection, each within limits.
//!
//! `tiny_http` has no limit on headers, connections or time, and cannot cut a connection; so
//! clients talk to the gate, which passes one well-formed request on and then whatever comes back.
//! Never passes on a second request, a body of unknown length, or more than the limits below.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::realm::Realm;

/// More connections at once are closed unread; a test suite opens 50.
const MOST_CONNECTIONS: usize = 512;
/// The request line and header fields together.
const MOST_HEAD: usize = 16 * 1024;
/// No parameter of any endpoint is near this.
const MOST_BODY: usize = 64 * 1024;
/// How long a client may take for its request.
const DEADLINE: Duration = Duration::from_secs(5);

/// The open gate; closes when dropped.
pub(super) struct Gate {
    shared: Arc<Shared>,
    threads: Vec<(SocketAddr, JoinHandle<()>)>,
}

struct Shared {
    realm: Arc<Realm>,
    inner: SocketAddr,
    live: Mutex<HashMap<u64, Arc<TcpStream>>>,
    next: AtomicU64,
}

impl Gate {
    /// Opens the gate: what `listeners` accept is passed on to `inner`.
    pub(super) fn open(
        realm: &Arc<Realm>,
        listeners: Vec<TcpListener>,
        inner: SocketAddr,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            realm: Arc::clone(realm),
            inner,
            live: Mutex::default(),
            next: AtomicU64::new(0),
        });
        let mut gate = Self {
            shared,
            threads: Vec::new(),
        };
        for listener in listeners {
            let address = listener.local_addr()?;
            let shared = Arc::clone(&gate.shared);
            let name = "issuer-gate".to_owned();
            let thread = thread::Builder::new()
                .name(name)
                .spawn(move || accept(&listener, &shared))?;
            gate.threads.push((address, thread));
        }
        Ok(gate)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.shared.realm.end.reach();
        for (address, thread) in self.threads.drain(..) {
            // Wakes the thread from `accept`; the listener closes with it.
            drop(TcpStream::connect_timeout(&address, DEADLINE));
            drop(thread.join());
        }
        for stream in self.shared.live().values() {
            drop(stream.shutdown(Shutdown::Both));
        }
    }
}

impl Shared {
    fn live(&self) -> MutexGuard<'_, HashMap<u64, Arc<TcpStream>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    loop {
        let accepted = listener.accept();
        if shared.realm.end.is_reached() {
            return;
        }
        let Ok((client, _)) = accepted else {
            // Out of file descriptors, most likely: let some close.
            shared.realm.end.wait(Duration::from_millis(10));
            continue;
        };
        let client = Arc::new(client);
        let number = shared.next.fetch_add(1, Ordering::Relaxed);
        {
            let mut live = shared.live();
            if live.len() >= MOST_CONNECTIONS {
                continue;
            }
            live.insert(number, Arc::clone(&client));
        }
        let ours = Arc::clone(shared);
        let started = thread::Builder::new().spawn(move || {
            pass_on(&client, &ours);
            ours.live().remove(&number);
        });
        if started.is_err() {
            shared.live().remove(&number);
        }
    }
}

/// Serves one connection.
fn pass_on(client: &TcpStream, shared: &Shared) {
    drop(client.set_nodelay(true));
    match read_request(client, shared) {
        Ok(request) => {
            if let Err(_gone) = relay(client, &request, shared.inner) {
                // Either side hung up; there is nobody to tell.
            }
            drop(client.shutdown(Shutdown::Both));
        }
        Err(Unfit::Gone) => {}
        Err(Unfit::Refuse(status)) => refuse(client, status),
    }
}

fn relay(mut client: &TcpStream, request: &[u8], inner: SocketAddr) -> io::Result<u64> {
    let mut server = TcpStream::connect(inner)?;
    server.set_nodelay(true)?;
    server.write_all(request)?;
    io::copy(&mut server, &mut client)
}

/// Says why, then reads a little on, so that the answer is not lost to a connection reset.
fn refuse(mut client: &TcpStream, status: &str) {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\
         Cache-Control: no-store\r\n\r\n"
    );
    if client.write_all(head.as_bytes()).is_ok() {
        drop(client.shutdown(Shutdown::Write));
        drop(client.set_read_timeout(Some(Duration::from_millis(200))));
        let mut rest = client.take(4 << 20);
        drop(io::copy(&mut rest, &mut io::sink()));
    }
}

enum Unfit {
    /// The client hung up.
    Gone,
    /// The status line's code and reason.
    Refuse(&'static str),
}

impl From<io::Error> for Unfit {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind::{TimedOut, WouldBlock};
        if [TimedOut, WouldBlock].contains(&error.kind()) {
            Self::Refuse("408 Request Timeout")
        } else {
            Self::Gone
        }
    }
}

/// Reads one whole request and makes it the connection's last.
fn read_request(mut client: &TcpStream, shared: &Shared) -> Result<Vec<u8>, Unfit> {
    let deadline = shared.realm.clock.elapsed() + DEADLINE;
    let mut bytes = Vec::with_capacity(2048);
    let end = loop {
        if let Some(end) = head_end(&bytes) {
            break end;
        }
        if bytes.len() > MOST_HEAD {
            return Err(Unfit::Refuse("431 Request Header Fields Too Large"));
        }
        read_some(client, shared, deadline, &mut bytes)?;
    };
    let body = bytes.split_off(end);
    let head = Head::parse(&bytes)?;
    if head.length > MOST_BODY {
        return Err(Unfit::Refuse("413 Content Too Large"));
    }
    if head.expects_continue {
        client.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    let mut request = head.text;
    let whole = request.len() + head.length;
    request.extend(body);
    while request.len() < whole {
        read_some(client, shared, deadline, &mut request)?;
    }
    request.truncate(whole);
    Ok(request)
}

fn read_some(
    mut client: &TcpStream,
    shared: &Shared,
    deadline: Duration,
    into: &mut Vec<u8>,
) -> Result<(), Unfit> {
    let left = deadline.saturating_sub(shared.realm.clock.elapsed());
    if left.is_zero() {
        return Err(Unfit::Refuse("408 Request Timeout"));
    }
    client.set_read_timeout(Some(left))?;
    let mut chunk = [0; 4096];
    let count = client.read(&mut chunk)?;
    if count == 0 {
        return Err(Unfit::Gone);
    }
    into.extend(chunk.iter().take(count));
    Ok(())
}

fn head_end(bytes: &[u8]) -> Option<usize> {
    let position = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(position + 4)
}

struct Head {
    /// The head to pass on.
    text: Vec<u8>,
    length: usize,
    expects_continue: bool,
}

impl Head {
    fn parse(bytes: &[u8]) -> Result<Self, Unfit> {
        const BAD: Unfit = Unfit::Refuse("400 Bad Request");
        let clean = |byte: &u8| matches!(byte, b'\r' | b'\n' | b'\t' | 0x20..=0x7e);
        let text = str::from_utf8(bytes).map_err(|_| BAD)?;
        if !bytes.iter().all(clean) {
            return Err(BAD);
        }
        let mut lines = text.trim_end().split("\r\n");
        let first = lines.next().unwrap_or_default();
        let mut head = format!("{first}\r\nConnection: close\r\n");
        let (mut length, mut expects_continue, mut hosts) = (None, false, 0);
        for line in lines {
            let (name, value) = line.split_once(':').ok_or(BAD)?;
            let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
            if name.is_empty() || !name.chars().all(token) || line.contains(['\r', '\n']) {
                return Err(BAD);
            }
            match name.to_ascii_lowercase().as_str() {
                "connection" | "keep-alive" | "upgrade" => continue,
                "transfer-encoding" => return Err(Unfit::Refuse("411 Length Required")),
                "expect" => {
                    expects_continue = true;
                    continue;
                }
                "content-length" if length.is_some() => return Err(BAD),
                "content-length" => {
                    let digits = value.trim();
                    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
                    length = Some(digits.parse().ok().filter(|_| plain).ok_or(BAD)?);
                }
                "host" => hosts += 1,
                _ => {}
            }
            head.push_str(line);
            head.push_str("\r\n");
        }
        if hosts != 1 {
            return Err(BAD);
        }
        head.push_str("\r\n");
        Ok(Self {
            text: head.into_bytes(),
            length: length.unwrap_or(0),
            expects_continue,
        })
    }
}
