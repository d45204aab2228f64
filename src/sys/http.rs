//! One client for all requests: TLS by rustls with the platform's trust, and strict limits.
//!
//! Never follows a redirect, never speaks plain HTTP beyond this machine, never reads more than
//! 1 MiB, never waits past its deadline, and never puts a path, a query or a proxy's password into
//! a message. A status is no error here: whoever asked knows what a 400 means (RFC 6749 §5.2).

mod detour;
mod error;
mod naming;
mod observe;
mod proxy;
#[cfg(test)]
mod tests;
mod trust;

use std::io::{self, Read};
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::{HeaderMap, Method, Request, Uri};
use rustls::crypto::ring;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body};
use zeroize::Zeroizing;

use observe::Observer;

pub use detour::Detours;
pub use error::{HttpError, Peer, TlsProblem};
pub use observe::Exchange;
pub use proxy::Proxies;

/// The longest body that is read; metadata and key sets of large providers have some 20 KiB.
const MOST_BODY: usize = 1 << 20;
/// The longest header; servers commonly stop at 8 or 16 KiB themselves.
const MOST_HEADER: usize = 64 << 10;
/// Sockets older than this are not used again: servers close idle ones after 5 s and more.
const IDLE: Duration = Duration::from_secs(3);
/// How long a connection may take at most, within the whole deadline.
const CONNECT: Duration = Duration::from_secs(10);

/// What the client is made from.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// PEM certificates to trust besides the platform's.
    pub ca_file: Option<PathBuf>,
    /// The proxies that the environment names.
    pub proxies: Proxies,
    /// Host names that lead to a practice provider, in tests.
    pub detours: Detours,
    /// How long one request may take, from its start to the last byte of the answer.
    pub timeout: Duration,
}

/// The client. Keeps connections for the next request to the same host.
#[derive(Debug)]
pub struct Http {
    settings: HttpSettings,
    roots: RootCerts,
    direct: OnceLock<Agent>,
    proxied: OnceLock<Agent>,
    observer: Option<Observer>,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decoded; wiped when dropped.
    pub body: Zeroizing<Vec<u8>>,
}

impl Http {
    /// Makes a client; reads the CA file, and connects to nobody yet.
    ///
    /// # Errors
    ///
    /// [`HttpError::CaFile`] and [`HttpError::CaFileContent`].
    pub fn new(settings: HttpSettings) -> Result<Self, HttpError> {
        Ok(Self {
            roots: trust::roots(settings.ca_file.as_deref())?,
            settings,
            direct: OnceLock::new(),
            proxied: OnceLock::new(),
            observer: None,
        })
    }

    /// Tells somebody of every exchange that has ended.
    #[must_use]
    pub fn observed(self, tell: Box<dyn Fn(&Exchange) + Send + Sync>) -> Self {
        let observer = Some(Observer(tell));
        Self { observer, ..self }
    }

    /// Sends one request and reads the whole answer; the request's body is wiped afterwards.
    ///
    /// # Errors
    ///
    /// [`HttpError`]; a redirect or an error status is none.
    pub fn send(&self, request: Request<Vec<u8>>) -> Result<Response, HttpError> {
        let Some(observer) = &self.observer else {
            return self.exchange(request);
        };
        let seen = observe::begin(&request);
        let result = self.exchange(request);
        (observer.0)(&seen.end(&result));
        result
    }

    fn exchange(&self, request: Request<Vec<u8>>) -> Result<Response, HttpError> {
        let (mut parts, body) = request.into_parts();
        let body = Zeroizing::new(body);
        let mut way = Way::to(&parts.uri, &self.settings.proxies)?;
        if detour::lead(&self.settings.detours, &mut parts) {
            way.peer.proxy = None;
        }
        let agent = self.agent(&way)?;
        let failed = |error| naming::named(error, &way.peer, self.settings.timeout);
        let bodiless = body.is_empty() && matches!(parts.method, Method::GET | Method::HEAD);
        let answer = if bodiless {
            agent.run(Request::from_parts(parts, ()))
        } else {
            agent.run(Request::from_parts(parts, body.as_slice()))
        };
        let (parts, mut body) = answer.map_err(failed)?.into_parts();
        let Some(body) = read_body(&mut body).map_err(|e| failed(e.into()))? else {
            return Err(HttpError::TooLarge {
                peer: way.peer,
                most: MOST_BODY,
            });
        };
        Ok(Response {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        })
    }

    /// One agent for each way, since an agent's settings decide whether it can keep its TLS state.
    fn agent(&self, way: &Way) -> Result<&Agent, HttpError> {
        if way.peer.proxy.is_none() {
            return Ok(self.direct.get_or_init(|| self.new_agent(None)));
        }
        let proxy = self.settings.proxies.agent_proxy()?;
        Ok(self.proxied.get_or_init(|| self.new_agent(proxy)))
    }

    fn new_agent(&self, proxy: Option<ureq::Proxy>) -> Agent {
        let tls = TlsConfig::builder()
            .root_certs(self.roots.clone())
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(MOST_HEADER)
            .max_idle_age(IDLE)
            .proxy(proxy)
            .timeout_connect(Some(CONNECT.min(self.settings.timeout)))
            .timeout_global(Some(self.settings.timeout))
            .tls_config(tls)
            .user_agent(concat!("keyfob/", env!("CARGO_PKG_VERSION")))
            .build();
        Agent::with_parts(config, DefaultConnector::default(), Names::default())
    }
}

/// How one request travels.
struct Way {
    peer: Peer,
}

impl Way {
    fn to(uri: &Uri, proxies: &Proxies) -> Result<Self, HttpError> {
        let (Some(scheme), Some(authority), Some(host)) =
            (uri.scheme_str(), uri.authority(), uri.host())
        else {
            return Err(HttpError::NotAbsolute);
        };
        if host.is_empty() || authority.as_str().contains('@') {
            return Err(HttpError::NotAbsolute);
        }
        let port = uri
            .port_u16()
            .unwrap_or(if scheme == "http" { 80 } else { 443 });
        let mut peer = Peer {
            host: host.to_ascii_lowercase(),
            port,
            proxy: None,
        };
        match scheme {
            "https" => peer.proxy = proxies.for_host(host, port)?,
            // Plain text stays on this machine, which no proxy can reach for us.
            "http" if is_loopback(host) => {}
            _ => return Err(HttpError::NotPrivate { peer }),
        }
        Ok(Self { peer })
    }
}

/// Tells whether a host, as it stands in a URL, is this machine.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || address(host).is_some_and(|address| address.is_loopback())
}

/// Reads an IP address as it stands in a URL.
fn address(host: &str) -> Option<IpAddr> {
    let bare = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host);
    bare.parse().ok()
}

/// Reads the decoded body; none when it is too long. Outgrown buffers are wiped.
fn read_body(body: &mut Body) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let said = body.content_length().unwrap_or(0);
    let first = usize::try_from(said).unwrap_or(MOST_BODY).min(MOST_BODY) + 1;
    let mut reader = body.as_reader();
    let mut bytes = Zeroizing::new(vec![0; first.max(16 << 10)]);
    let mut filled = 0;
    loop {
        match reader.read(bytes.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if filled > MOST_BODY {
            return Ok(None);
        }
        if filled == bytes.len() {
            let mut larger = Zeroizing::new(vec![0; bytes.len() * 2]);
            larger
                .iter_mut()
                .zip(bytes.iter())
                .for_each(|(to, from)| *to = *from);
            bytes = larger;
        }
    }
    bytes.truncate(filled);
    Ok(Some(bytes))
}

/// The system's resolver, with its failures told from those of a connection.
#[derive(Debug, Default)]
struct Names(DefaultResolver);

impl Resolver for Names {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        self.0.resolve(uri, config, timeout).map_err(|error| {
            if matches!(error, ureq::Error::Io(_)) {
                ureq::Error::HostNotFound
            } else {
                error
            }
        })
    }
}
