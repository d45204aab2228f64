//! Where to listen: the three hosts of loopback redirect URIs (RFC 8252 §7.3, §8.3).
//!
//! Never listens on a name's addresses as the resolver gives them: a hosts file could name others.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use super::LoopbackError;

/// How many random ports are tried until both address families have the same one free.
const TRIES: u32 = 32;

/// The hosts a redirect URI can have (RFC 8252 §7.3, §8.3).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LoopbackHost {
    /// `localhost`: both address families, on one port.
    Localhost,
    /// `127.0.0.1`.
    V4,
    /// `[::1]`.
    V6,
}

impl LoopbackHost {
    /// Returns the host as it stands in a URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Localhost => "localhost",
            Self::V4 => "127.0.0.1",
            Self::V6 => "[::1]",
        }
    }

    pub(super) fn listen(self, port: Option<u16>) -> Result<Vec<TcpListener>, LoopbackError> {
        let named = |error: io::Error| match (port, error.kind()) {
            (Some(port), io::ErrorKind::AddrInUse) => LoopbackError::PortTaken {
                port,
                host: self.name(),
            },
            _ => self.cannot_listen(error),
        };
        let wanted = port.unwrap_or(0);
        match self {
            Self::V4 => Ok(vec![v4(wanted).map_err(named)?]),
            Self::V6 => Ok(vec![v6(wanted).map_err(named)?]),
            Self::Localhost if port.is_some() => both(wanted).map_err(named),
            Self::Localhost => {
                let mut last = both(0);
                for _ in 1..TRIES {
                    match last {
                        Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = both(0),
                        settled => return settled.map_err(named),
                    }
                }
                last.map_err(named)
            }
        }
    }

    pub(super) fn cannot_listen(self, source: io::Error) -> LoopbackError {
        LoopbackError::Bind {
            host: self.name(),
            source,
        }
    }
}

fn v4(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
}

pub(super) fn v6(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port)))
}

/// Both families on one port: a browser may try either, and a squatter on the other one would get
/// the code. A machine without IPv6 has no other one.
fn both(port: u16) -> io::Result<Vec<TcpListener>> {
    let first = v4(port)?;
    match v6(first.local_addr()?.port()) {
        Ok(second) => Ok(vec![first, second]),
        Err(error) if has_no_ipv6(&error) => Ok(vec![first]),
        Err(error) => Err(error),
    }
}

fn has_no_ipv6(error: &io::Error) -> bool {
    #[cfg(unix)]
    let unsupported = error.raw_os_error() == Some(rustix::io::Errno::AFNOSUPPORT.raw_os_error());
    // WSAEAFNOSUPPORT
    #[cfg(not(unix))]
    let unsupported = error.raw_os_error() == Some(10047);
    unsupported || error.kind() == io::ErrorKind::AddrNotAvailable
}
