//! Why a request got no answer: each stage has its error, each names host and port and no more.
//!
//! Never holds a path, a query, a header or a body.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::MOST_HEADER;
use crate::base::{Diagnostic, Exit, Hint, in_words, printable_line};
use crate::sys::files::FileError;

/// Who was spoken to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Peer {
    /// The host, as the URL has it, in lower case.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The proxy on the way, if there is one.
    pub(super) proxy: Option<ProxyPeer>,
}

/// The proxy on the way, and the variable that names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct ProxyPeer {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) variable: &'static str,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}:{}`", printable_line(&self.host), self.port)?;
        let Some(proxy) = &self.proxy else {
            return Ok(());
        };
        let host = printable_line(&proxy.host);
        let (port, variable) = (proxy.port, proxy.variable);
        write!(f, " through the proxy `{host}:{port}` of `{variable}`")
    }
}

/// Why a request got no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The exchange failed in a way that has no name here.
    #[error("the exchange with {peer} failed")]
    Broken {
        /// Who was spoken to.
        peer: Peer,
        /// What the system said.
        source: io::Error,
    },
    /// The CA file cannot be read.
    #[error("the CA file cannot be read")]
    CaFile(#[source] FileError),
    /// The CA file is no PEM text with certificates.
    #[error("`{}` holds no PEM certificates, or a broken one", printable_line(&.path.to_string_lossy()))]
    CaFileContent {
        /// The file.
        path: PathBuf,
    },
    /// The connection ended before the answer did.
    #[error("{peer} closed the connection before the answer was complete")]
    Cut {
        /// Who was spoken to.
        peer: Peer,
    },
    /// The header is longer than what is read.
    #[error("the header of the answer from {peer} has more than {} KiB", MOST_HEADER >> 10)]
    HeaderTooLarge {
        /// Who was spoken to.
        peer: Peer,
    },
    /// The URL has no host, or has a user name in it.
    #[error("a request needs an absolute URL with a host and without a user name")]
    NotAbsolute,
    /// The answer is not HTTP.
    #[error("{peer} does not answer in HTTP")]
    NotHttp {
        /// Who was spoken to.
        peer: Peer,
    },
    /// The URL is not `https`.
    #[error("{peer} would be asked without TLS, which is for loopback addresses only")]
    NotPrivate {
        /// Who would have been spoken to.
        peer: Peer,
    },
    /// A variable that names a proxy does not.
    #[error("`{variable}` does not hold a proxy's URL")]
    Proxy {
        /// The variable.
        variable: &'static str,
    },
    /// The proxy would not connect.
    #[error("cannot reach {peer}: the proxy refused")]
    ProxyRefused {
        /// Who was to be spoken to, and through whom.
        peer: Peer,
    },
    /// Nobody listens there, or no network leads there.
    #[error("cannot connect to {peer}")]
    Refused {
        /// Who was to be spoken to.
        peer: Peer,
        /// What the system said.
        source: io::Error,
    },
    /// The deadline passed.
    #[error("{peer} gave no complete answer within {}", in_words(*.within))]
    TimedOut {
        /// Who was spoken to.
        peer: Peer,
        /// How long it was given.
        within: Duration,
    },
    /// No private connection could be agreed on.
    #[error("no trusted connection to {peer}: {problem}")]
    Tls {
        /// Who was spoken to.
        peer: Peer,
        /// What is wrong.
        problem: TlsProblem,
    },
    /// The body is longer than what is read.
    #[error("the answer from {peer} has more than {most} bytes")]
    TooLarge {
        /// Who was spoken to.
        peer: Peer,
        /// The limit.
        most: usize,
    },
    /// The body says it is compressed, and is not.
    #[error("the answer from {peer} cannot be decompressed")]
    Undecodable {
        /// Who was spoken to.
        peer: Peer,
    },
    /// The name has no address.
    #[error("the name of {peer} cannot be resolved")]
    Unresolved {
        /// Who was to be spoken to.
        peer: Peer,
    },
}

/// What is wrong with a TLS connection.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TlsProblem {
    /// The server shows an authority's own certificate as its own.
    #[error("its certificate is that of a certificate authority, not of a server")]
    AuthorityItself,
    /// The certificate is past its end, or before its start.
    #[error("its certificate is not valid at this time")]
    Expired,
    /// This machine trusts no certificate at all.
    #[error("this machine has no trusted root certificates")]
    NoRoots,
    /// The other side does not speak TLS.
    #[error("it does not speak TLS")]
    NotTls,
    /// Something else, in the words of the TLS library.
    #[error("{0}")]
    Other(String),
    /// Nobody this machine trusts vouches for the certificate.
    #[error("its certificate is signed by nobody this machine trusts")]
    UnknownIssuer,
    /// The certificate is for another name.
    #[error("its certificate is for another name")]
    WrongName,
}

impl Diagnostic for HttpError {
    fn exit(&self) -> Exit {
        match self {
            Self::CaFile(_)
            | Self::CaFileContent { .. }
            | Self::NotAbsolute
            | Self::NotPrivate { .. }
            | Self::Proxy { .. } => Exit::Config,
            Self::Broken { .. }
            | Self::Cut { .. }
            | Self::HeaderTooLarge { .. }
            | Self::NotHttp { .. }
            | Self::ProxyRefused { .. }
            | Self::Refused { .. }
            | Self::TimedOut { .. }
            | Self::Tls { .. }
            | Self::TooLarge { .. }
            | Self::Undecodable { .. }
            | Self::Unresolved { .. } => Exit::Unreachable,
        }
    }

    fn hint(&self) -> Option<Hint> {
        let hint = match self {
            Self::CaFile(_) | Self::CaFileContent { .. } => "correct `ca_file` in the profile",
            Self::HeaderTooLarge { .. }
            | Self::NotHttp { .. }
            | Self::TooLarge { .. }
            | Self::Undecodable { .. } => "check that the URL is the provider's",
            Self::NotAbsolute | Self::NotPrivate { .. } => "use a URL that starts with `https://`",
            Self::Proxy { .. } => "write it like `http://proxy.example.com:3128`, or unset it",
            Self::ProxyRefused { .. } => "ask who runs the proxy, or name the host in `NO_PROXY`",
            Self::Broken { .. } | Self::Cut { .. } | Self::TimedOut { .. } => {
                "check the network and try again"
            }
            Self::Refused { .. } | Self::Unresolved { .. } => {
                "check the network, the name and the proxy settings, and try again"
            }
            Self::Tls { problem, .. } => problem.hint()?,
        };
        Some(Hint::Try(hint.to_owned()))
    }
}

impl TlsProblem {
    fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::AuthorityItself => {
                "give the server a certificate of its own, signed by that authority"
            }
            Self::Expired => "check this machine's clock; if it is right, tell the provider",
            Self::NoRoots => "install the system's `ca-certificates`, or set `ca_file`",
            Self::NotTls => "check the port, and whether something sits in between",
            Self::Other(_) => return None,
            Self::UnknownIssuer => {
                "if the provider has a private certificate authority, name its PEM file in \
                 `ca_file` of the profile"
            }
            Self::WrongName => "check the host name in the URL",
        })
    }
}
