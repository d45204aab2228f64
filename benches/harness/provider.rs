//! The practice provider behind TLS, for `benches/run`: as far away as a provider can be without a
//! network.
//!
//! `provider CERTIFICATE LOG` writes its own certificate to the first file, prints the issuer and
//! the secret of `keyfob-service`, one line each, and adds to the second file a line for every
//! exchange: the path, and the microseconds between the last byte of the request and the last of
//! the answer, TLS not counted. Signs everybody in as `amara`. Runs until it is killed.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use keyfob::issuer::{Lifetimes, Provider, Settings};
use keyfob::sys::files;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Nothing ends while it is measured.
const LIFE: Duration = Duration::from_secs(24 * 60 * 60);

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (Some(certificate), Some(log)) = (words.next(), words.next()) else {
        return Err("two files are to be named: the certificate's and the log's".into());
    };
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
    files::write_private(Path::new(&certificate), made.cert.pem().as_bytes())?;
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], PrivateKeyDer::from(key))?;
    let config = Arc::new(config);

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let provider = Provider::start(Settings {
        front: Some(format!(
            "https://localhost:{}",
            listener.local_addr()?.port()
        )),
        auto_approve: Some("amara".to_owned()),
        lifetimes: Lifetimes {
            access: LIFE,
            id: LIFE,
            ..Lifetimes::default()
        },
        ..Settings::default()
    })?;
    let secret = provider.service_secret();
    writeln!(
        std::io::stdout(),
        "{}\n{}",
        provider.issuer(),
        secret.expose()
    )?;

    for client in listener.incoming() {
        let (connection, client) = (ServerConnection::new(Arc::clone(&config))?, client?);
        let (to, log) = (provider.port(), log.clone());
        thread::spawn(move || relay(StreamOwned::new(connection, client), to, &log));
    }
    Ok(())
}

/// Passes one exchange on; whoever leaves early leaves.
#[expect(
    clippy::disallowed_methods,
    reason = "a stop-watch measures time itself"
)]
fn relay(mut client: StreamOwned<ServerConnection, TcpStream>, to: u16, log: &str) -> Option<()> {
    client.sock.set_nodelay(true).ok()?;
    let request = request(&mut client)?;
    let began = Instant::now();
    let mut provider = TcpStream::connect((Ipv4Addr::LOCALHOST, to)).ok()?;
    // One exchange per connection: the answer ends where the connection does.
    let line = request.windows(2).position(|two| two == b"\r\n")? + 2;
    let (first, rest) = request.split_at(line);
    provider
        .write_all(&[first, b"Connection: close\r\n", rest].concat())
        .ok()?;
    let mut answer = Vec::new();
    provider.read_to_end(&mut answer).ok()?;
    let took = began.elapsed();

    client.write_all(&answer).ok()?;
    client.conn.send_close_notify();
    client.flush().ok()?;
    let path = String::from_utf8_lossy(first);
    let path = path.split([' ', '?']).nth(1)?;
    let mut log = OpenOptions::new()
        .create(true)
        .append(true)
        .open(log)
        .ok()?;
    writeln!(log, "{path}\t{}", took.as_micros()).ok()
}

/// Reads one request: a header, and a body of the length that it names.
fn request(client: &mut impl Read) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        let read = client.read(&mut part).ok().filter(|read| *read > 0)?;
        bytes.extend(part.get(..read)?);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(bytes.get(..end)?).to_ascii_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .map_or(Some(0), |length| length.trim().parse::<usize>().ok())?;
        if bytes.len() >= end + 4 + length {
            return Some(bytes);
        }
    }
}
