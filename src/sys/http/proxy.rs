//! Which proxy a request goes through, from the environment as curl reads it.
//!
//! `https_proxy`, then `all_proxy`, in lower then upper case; `no_proxy` lists exceptions. Plain
//! HTTP is for this machine alone, so `http_proxy` has no say. Loopback and link-local addresses
//! (cloud metadata) are never proxied, and a proxy's password is never shown.

use std::net::IpAddr;

use ureq::Proxy;

use super::error::ProxyPeer;
use super::{HttpError, address, is_loopback};
use crate::base::{Secret, Vars};

const PROXY: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const NO_PROXY: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// The proxies that the environment names.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    https: Option<(&'static str, Secret)>,
    exceptions: Vec<Exception>,
}

/// One entry of `no_proxy`.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Exception {
    Everything,
    /// The name itself and every name below it; with a port, that port only.
    Name(String, Option<u16>),
    /// Addresses whose first bits are these.
    Network(IpAddr, u8),
}

impl Proxies {
    /// Reads the variables; a wrong one is an error only once it is needed.
    pub fn new(vars: &Vars) -> Self {
        let set = |names: &[&'static str]| {
            let mut set = names
                .iter()
                .filter_map(|name| Some((*name, vars.get(name)?)));
            set.next()
        };
        Self {
            https: set(&PROXY).map(|(name, value)| (name, Secret::new(value.to_owned()))),
            exceptions: set(&NO_PROXY)
                .map(|(_, list)| exceptions(list))
                .unwrap_or_default(),
        }
    }

    /// Returns the proxy for an `https` request to a host, if it takes one.
    pub(super) fn for_host(&self, host: &str, port: u16) -> Result<Option<ProxyPeer>, HttpError> {
        let stays = is_loopback(host)
            || address(host).is_some_and(is_link_local)
            || self.exceptions.iter().any(|e| e.covers(host, port));
        if stays {
            return Ok(None);
        }
        let Some(proxy) = self.agent_proxy()? else {
            return Ok(None);
        };
        Ok(Some(ProxyPeer {
            host: proxy.host().to_owned(),
            port: proxy.port(),
            variable: self.https.as_ref().map_or("", |(name, _)| name),
        }))
    }

    /// Says in words which proxy an `https` request to a host goes through, and which variable names
    /// it; `None` when it takes none. Never shows a password.
    ///
    /// # Errors
    ///
    /// [`HttpError::Proxy`] when the variable holds no proxy.
    pub fn way(&self, host: &str, port: u16) -> Result<Option<String>, HttpError> {
        let proxy = self.for_host(host, port)?;
        Ok(proxy.map(|proxy| format!("{}:{}, from `{}`", proxy.host, proxy.port, proxy.variable)))
    }

    /// Returns the variable that names a proxy, if one does.
    pub fn variable(&self) -> Option<&'static str> {
        self.https.as_ref().map(|(variable, _)| *variable)
    }

    /// Returns the proxy as the client wants it.
    pub(super) fn agent_proxy(&self) -> Result<Option<Proxy>, HttpError> {
        let Some((variable, text)) = &self.https else {
            return Ok(None);
        };
        match Proxy::new(text.expose()) {
            Ok(proxy) if !proxy.host().is_empty() => Ok(Some(proxy)),
            Ok(_) | Err(_) => Err(HttpError::Proxy { variable }),
        }
    }
}

impl Exception {
    fn covers(&self, host: &str, port: u16) -> bool {
        match self {
            Self::Everything => true,
            Self::Name(name, only) => {
                let host = host.trim_end_matches('.').to_ascii_lowercase();
                let below = host
                    .strip_suffix(name)
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
                below && only.is_none_or(|only| only == port)
            }
            Self::Network(network, bits) => {
                address(host).is_some_and(|address| same_network(*network, address, *bits))
            }
        }
    }
}

fn exceptions(list: &str) -> Vec<Exception> {
    let entries = list.split(|c: char| c == ',' || c.is_whitespace());
    entries.filter_map(exception).collect()
}

fn exception(entry: &str) -> Option<Exception> {
    if entry == "*" {
        return Some(Exception::Everything);
    }
    if let Some((network, bits)) = entry.split_once('/') {
        return Some(Exception::Network(address(network)?, bits.parse().ok()?));
    }
    if let Some(address) = address(entry) {
        return Some(Exception::Network(address, 128));
    }
    let (name, port) = match entry.rsplit_once(':') {
        Some((name, port)) => (name, Some(port.parse().ok()?)),
        None => (entry, None),
    };
    let name = name.strip_prefix('*').unwrap_or(name);
    let name = name.trim_matches('.').to_ascii_lowercase();
    (!name.is_empty()).then_some(Exception::Name(name, port))
}

fn same_network(network: IpAddr, address: IpAddr, bits: u8) -> bool {
    let starts_same = |a: u128, b: u128, width: u32| {
        let bits = u32::from(bits).min(width);
        bits == 0 || (a ^ b) >> (width - bits) == 0
    };
    match (network, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => starts_same(a.to_bits().into(), b.to_bits().into(), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => starts_same(a.to_bits(), b.to_bits(), 128),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(pairs: &[(&str, &str)]) -> Proxies {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Proxies::new(&Vars::new(pairs.iter().map(owned)))
    }

    fn chosen(proxies: &Proxies, host: &str) -> Option<String> {
        let peer = proxies.for_host(host, 443).unwrap()?;
        Some(format!("{}:{} {}", peer.host, peer.port, peer.variable))
    }

    #[test]
    fn the_https_proxy_comes_before_the_one_for_all() {
        let both = [
            ("ALL_PROXY", "socks5://s:1"),
            ("HTTPS_PROXY", "http://u:p@h:3128"),
        ];

        assert_eq!(
            chosen(&proxies(&both), "id.example.com").unwrap(),
            "h:3128 HTTPS_PROXY"
        );
        assert_eq!(
            chosen(&proxies(&both[..1]), "id.example.com").unwrap(),
            "s:1 ALL_PROXY"
        );
        assert_eq!(chosen(&proxies(&[("http_proxy", "http://h:1")]), "a"), None);
    }

    #[test]
    fn this_machine_and_cloud_metadata_are_never_proxied() {
        let proxies = proxies(&[("ALL_PROXY", "http://p:1")]);

        for host in [
            "localhost",
            "127.0.0.1",
            "127.9.9.9",
            "[::1]",
            "169.254.169.254",
            "[fe80::1]",
        ] {
            assert_eq!(chosen(&proxies, host), None, "{host}");
        }
        assert!(chosen(&proxies, "10.0.0.1").is_some());
    }

    #[test]
    fn exceptions_are_names_suffixes_ports_and_networks() {
        let list = "example.com, .corp.test,*.star.test api.test:8443,10.0.0.0/8,[2001:db8::]/32,\
                    192.168.1.7";
        let proxies = proxies(&[("https_proxy", "http://p:1"), ("NO_PROXY", list)]);

        for host in [
            "example.com",
            "ID.Example.COM",
            "example.com.",
            "a.corp.test",
            "corp.test",
            "x.star.test",
            "10.1.2.3",
            "[2001:db8::5]",
            "192.168.1.7",
        ] {
            assert_eq!(chosen(&proxies, host), None, "{host}");
        }
        for host in [
            "notexample.com",
            "11.1.2.3",
            "[2001:db9::5]",
            "192.168.1.8",
            "api.test",
        ] {
            assert!(chosen(&proxies, host).is_some(), "{host}");
        }
        assert!(proxies.for_host("api.test", 8443).unwrap().is_none());
    }

    #[test]
    fn a_star_turns_proxies_off() {
        let proxies = proxies(&[("https_proxy", "http://p:1"), ("no_proxy", "*")]);

        assert_eq!(chosen(&proxies, "id.example.com"), None);
    }

    #[test]
    fn a_wrong_variable_is_named_without_its_value() {
        for wrong in [
            "ftp://u:hunter2@h",
            "http://",
            "::hunter2::",
            "http://u:hunter2@",
        ] {
            let error = proxies(&[("HTTPS_PROXY", wrong)]).for_host("a.test", 443);

            let shown = error.unwrap_err().to_string();
            assert!(shown.contains("`HTTPS_PROXY`"), "{shown}");
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }
}
