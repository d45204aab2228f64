//! Something that stands in front of the provider: writes down all that passes, speaks TLS if it is
//! to, and can go down.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use keyfob::issuer::{Provider, Settings};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::settings;

/// Answers some requests in the provider's place: a status and a JSON body.
type Instead = Box<dyn Fn(&str) -> Option<(u16, String)> + Send>;

/// What stands in front of a provider; open until dropped.
pub(crate) struct Front {
    inner: Arc<Inner>,
    port: u16,
    certificate: Option<String>,
}

struct Inner {
    to: AtomicU16,
    down: AtomicBool,
    stopped: AtomicBool,
    seen: Mutex<Vec<u8>>,
    instead: Mutex<Option<Instead>>,
    tls: Option<Arc<ServerConfig>>,
}

impl Front {
    /// Something that only looks.
    pub(crate) fn plain() -> Self {
        Self::open(None, None)
    }

    /// Something that speaks TLS as `localhost`, with a certificate that nobody signed but itself.
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
        let inner = Arc::new(Inner {
            to: AtomicU16::new(0),
            down: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            seen: Mutex::default(),
            instead: Mutex::default(),
            tls,
        });
        let accepting = Arc::clone(&inner);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if accepting.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let inner = Arc::clone(&accepting);
                thread::spawn(move || inner.relay(stream.unwrap()));
            }
        });
        Self {
            inner,
            port,
            certificate,
        }
    }

    /// Starts the provider behind it.
    pub(crate) fn provider(&self, change: impl FnOnce(&mut Settings)) -> Provider {
        let scheme = match self.certificate {
            Some(_) => "https://localhost",
            None => "http://127.0.0.1",
        };
        let mut settings = settings();
        settings.front = Some(format!("{scheme}:{}", self.port));
        change(&mut settings);
        let provider = Provider::start(settings).unwrap();
        self.inner.to.store(provider.port(), Ordering::SeqCst);
        provider
    }

    /// The certificate, as PEM.
    pub(crate) fn certificate(&self) -> &str {
        self.certificate.as_deref().unwrap()
    }

    /// Closes every connection without a word, or does so no longer.
    pub(crate) fn set_down(&self, down: bool) {
        self.inner.down.store(down, Ordering::SeqCst);
    }

    /// Answers the requests that `instead` knows an answer to; the provider never sees them.
    pub(crate) fn answer(&self, instead: impl Fn(&str) -> Option<(u16, String)> + Send + 'static) {
        *self.inner.instead.lock().unwrap() = Some(Box::new(instead));
    }

    /// Leaves every request to the provider again.
    pub(crate) fn answer_nothing(&self) {
        *self.inner.instead.lock().unwrap() = None;
    }

    /// All that passed.
    pub(crate) fn seen(&self) -> String {
        String::from_utf8_lossy(&self.inner.seen.lock().unwrap()).into_owned()
    }

    /// Every code, verifier and token that passed.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let seen = self.seen();
        let mut secrets = Vec::new();
        for name in ["access_token", "refresh_token", "id_token", "device_code"] {
            secrets.extend(after(&seen, &format!("\"{name}\":\"")));
        }
        for name in ["code", "code_verifier", "refresh_token"] {
            secrets.extend(after(&seen, &format!("&{name}=")));
            secrets.extend(after(&seen, &format!("\n{name}=")));
        }
        secrets.sort();
        secrets.dedup();
        secrets
    }
}

/// What stands after each mark, up to where a token cannot go on.
fn after(text: &str, mark: &str) -> Vec<String> {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    text.split(mark)
        .skip(1)
        .map(|rest| rest.split(|c| !is_token(c)).next().unwrap().to_owned())
        .filter(|token| token.len() >= 16)
        .collect()
}

impl Inner {
    /// Passes one exchange on; whoever leaves early leaves.
    fn relay(&self, stream: TcpStream) -> Option<()> {
        if self.down.load(Ordering::SeqCst) {
            return None;
        }
        match &self.tls {
            None => self.exchange(stream),
            Some(config) => {
                let connection = ServerConnection::new(Arc::clone(config)).unwrap();
                self.exchange(StreamOwned::new(connection, stream))
            }
        }
    }

    fn exchange(&self, mut client: impl Read + Write) -> Option<()> {
        let request = request(&mut client)?;
        self.seen.lock().unwrap().extend(&request);
        let text = String::from_utf8_lossy(&request);
        let instead = self
            .instead
            .lock()
            .unwrap()
            .as_ref()
            .and_then(|answer| answer(&text));
        if let Some((status, body)) = instead {
            let head = format!(
                "HTTP/1.1 {status} said\r\nContent-Type: application/json\r\n\
                 Connection: close\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            client.write_all((head + &body).as_bytes()).ok()?;
            return client.flush().ok();
        }
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
        self.seen.lock().unwrap().extend(&answer);
        client.write_all(&answer).ok()?;
        client.flush().ok()
    }
}

/// Reads one request: a header, and a body of the length that it names.
pub(super) fn request(client: &mut impl Read) -> Option<Vec<u8>> {
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

impl Drop for Front {
    fn drop(&mut self) {
        self.inner.stopped.store(true, Ordering::SeqCst);
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
    }
}
