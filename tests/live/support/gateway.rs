//! Something between the program and the provider, as networks have it: passes on what it is sent,
//! with TLS if it is to, until told to make trouble.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::net::sockopt::set_socket_linger;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What goes wrong with an exchange.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Trouble {
    /// The connection is reset as soon as it is there.
    Connect,
    /// It is reset after the first bytes of the client's: in the TLS handshake, if there is one.
    FirstBytes,
    /// It is reset after the whole request, which goes no further.
    Request,
    /// This comes back, and the request goes no further.
    Answer(String),
    /// The request goes on, and the connection is reset before the answer.
    NoAnswer,
    /// The request goes on, and the connection ends in the middle of the answer's header.
    HalfHeader,
    /// The request goes on, and the connection ends in the middle of the answer's body.
    HalfBody,
    /// The answer says nothing of closing the connection, and then it is closed.
    ClosedWhenIdle,
}

/// Open until dropped.
pub(crate) struct Gateway {
    shared: Arc<Shared>,
    port: u16,
    certificate: Option<String>,
}

#[derive(Default)]
struct Shared {
    to: AtomicU16,
    stopped: AtomicBool,
    tls: Option<Arc<ServerConfig>>,
    trouble: Mutex<Option<(&'static str, Trouble)>>,
    deed: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Gateway {
    pub(crate) fn plain() -> Self {
        Self::open(None, None)
    }

    /// With a certificate for `localhost` that nobody signed but itself.
    pub(crate) fn tls() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], PrivateKeyDer::from(key))
            .unwrap();
        Self::open(Some(Arc::new(config)), Some(made.cert.pem()))
    }

    fn open(tls: Option<Arc<ServerConfig>>, certificate: Option<String>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            tls,
            ..Shared::default()
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if accepting.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&accepting);
                thread::spawn(move || shared.serve(stream));
            }
        });
        Self {
            shared,
            port,
            certificate,
        }
    }

    /// The origin that clients see.
    pub(crate) fn origin(&self) -> String {
        match self.certificate {
            Some(_) => format!("https://localhost:{}", self.port),
            None => format!("http://127.0.0.1:{}", self.port),
        }
    }

    /// Its certificate, as PEM.
    pub(crate) fn certificate(&self) -> Option<&str> {
        self.certificate.as_deref()
    }

    /// Passes on to this port of 127.0.0.1.
    pub(crate) fn pass_on_to(&self, port: u16) {
        self.shared.to.store(port, Ordering::SeqCst);
    }

    /// Makes trouble for requests whose path begins so, or no more.
    pub(crate) fn trouble(&self, what: Option<(&'static str, Trouble)>) {
        *lock(&self.shared.trouble) = what;
    }

    /// Does this once, before the next answer that is in trouble goes to the client.
    pub(crate) fn before_trouble(&self, what: impl FnOnce() + Send + 'static) {
        *lock(&self.shared.deed) = Some(Box::new(what));
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
    }
}

fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// Serves one connection; whoever leaves early leaves.
    fn serve(&self, mut stream: TcpStream) -> Option<()> {
        let raw = stream.try_clone().ok()?;
        let now = lock(&self.trouble).clone().map(|(_, trouble)| trouble);
        match now {
            Some(Trouble::Connect) => return reset(&raw),
            Some(Trouble::FirstBytes) => {
                drop(stream.read(&mut [0; 64]));
                return reset(&raw);
            }
            _ => {}
        }
        match &self.tls {
            None => self.exchange(stream, &raw),
            Some(config) => {
                let connection = ServerConnection::new(Arc::clone(config)).unwrap();
                self.exchange(StreamOwned::new(connection, stream), &raw)
            }
        }
    }

    fn exchange(&self, mut client: impl Read + Write, raw: &TcpStream) -> Option<()> {
        let request = request(&mut client)?;
        let path = String::from_utf8_lossy(&request).into_owned();
        let path = path.split(' ').nth(1)?.to_owned();
        let trouble = lock(&self.trouble).clone();
        let trouble = trouble.filter(|(begin, _)| path.starts_with(begin));
        let Some((_, trouble)) = trouble else {
            let answer = self.pass_on(&request)?;
            client.write_all(&answer).ok()?;
            return client.flush().ok();
        };
        if let Trouble::Answer(text) = &trouble {
            client.write_all(text.as_bytes()).ok()?;
            return client.flush().ok();
        }
        if trouble == Trouble::Request {
            return reset(raw);
        }
        let mut answer = self.pass_on(&request)?;
        let head = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        match trouble {
            Trouble::HalfHeader => answer.truncate(head / 2),
            Trouble::HalfBody => answer.truncate(head + (answer.len() - head) / 2),
            Trouble::ClosedWhenIdle => {
                let text = String::from_utf8(answer).ok()?;
                answer = text.replacen("Connection: close\r\n", "", 1).into_bytes();
            }
            _ => return reset(raw),
        }
        let deed = lock(&self.deed).take();
        if let Some(deed) = deed {
            deed();
        }
        client.write_all(&answer).ok()?;
        client.flush().ok()?;
        raw.shutdown(Shutdown::Both).ok()
    }

    fn pass_on(&self, request: &[u8]) -> Option<Vec<u8>> {
        let to = (Ipv4Addr::LOCALHOST, self.to.load(Ordering::SeqCst));
        let mut provider = TcpStream::connect(to).ok()?;
        // One exchange per connection: the answer ends where the connection does.
        let line = request.windows(2).position(|two| two == b"\r\n")? + 2;
        let (first, rest) = request.split_at(line);
        for part in [first, b"Connection: close\r\n", rest] {
            provider.write_all(part).ok()?;
        }
        let mut answer = Vec::new();
        provider.read_to_end(&mut answer).ok()?;
        Some(answer)
    }
}

/// Ends a connection so that the other side is told at once that all is lost.
fn reset(stream: &TcpStream) -> Option<()> {
    set_socket_linger(stream, Some(Duration::ZERO)).ok()
}

/// Reads one request: a header, and a body of the length that it names.
fn request(client: &mut impl Read) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        let read = client.read(&mut part).ok().filter(|read| *read > 0)?;
        bytes.extend(&part[..read]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .map_or(0, |length| length.trim().parse().unwrap());
        if bytes.len() >= end + 4 + length {
            return Some(bytes);
        }
    }
}
