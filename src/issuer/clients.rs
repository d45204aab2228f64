//! Who may ask the practice provider for tokens, and where answers may go (RFC 6749 §2, §3.1.2).
//!
//! A redirect URI is compared byte for byte; only the port and path of a loopback address are free
//! (RFC 8252 §7.3). Nothing is ever sent to any other address.

use url::{Host, Url};

use crate::base::Secret;

/// The public client that is always there: a native application on loopback addresses.
pub const CLI_CLIENT: &str = "keyfob-cli";

/// The confidential client that is always there, for services and introspection.
pub const SERVICE_CLIENT: &str = "keyfob-service";

/// A registered client (RFC 6749 §2.2).
#[derive(Clone, Debug)]
pub struct Client {
    id: String,
    secret: Option<Secret>,
    redirects: Vec<String>,
}

impl Client {
    /// Registers a public client, which may use every loopback redirect URI.
    pub fn public(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            secret: None,
            redirects: Vec::new(),
        }
    }

    /// Registers a confidential client, which may use every loopback redirect URI.
    pub fn confidential(id: &str, secret: Secret) -> Self {
        Self {
            secret: Some(secret),
            ..Self::public(id)
        }
    }

    /// Lets the client use one more redirect URI, exactly as written.
    #[must_use]
    pub fn redirecting_to(mut self, uri: &str) -> Self {
        self.redirects.push(uri.to_owned());
        self
    }

    /// Returns the `client_id`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Tells whether the client has a secret.
    pub(super) fn is_confidential(&self) -> bool {
        self.secret.is_some()
    }

    /// Tells whether this is the client's secret.
    pub(super) fn has_secret(&self, text: &str) -> bool {
        let secret = self.secret.as_ref();
        secret.is_some_and(|secret| secret.matches(text))
    }

    /// Tells whether answers may go to this URI.
    pub(super) fn may_use(&self, redirect_uri: &str) -> bool {
        self.redirects.iter().any(|listed| listed == redirect_uri) || is_loopback(redirect_uri)
    }
}

/// Tells whether a URI is `http` on this machine, whatever its port and path.
fn is_loopback(uri: &str) -> bool {
    // What a URL parser would repair in silence must not reach a `Location` field.
    if !uri.bytes().all(|byte| matches!(byte, 0x21..=0x7e)) || uri.contains(['\\', '#', '@']) {
        return false;
    }
    let Ok(url) = Url::parse(uri) else {
        return false;
    };
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    here && url.scheme() == "http"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_loopback_redirect_is_allowed_and_nothing_else() {
        let client = Client::public("a").redirecting_to("https://app.example.com/cb");

        for uri in [
            "http://127.0.0.1:4711/",
            "http://127.0.0.1/callback?tenant=x",
            "http://[::1]:9/deep/path",
            "http://localhost:8400",
            "https://app.example.com/cb",
        ] {
            assert!(client.may_use(uri), "{uri}");
        }
        for uri in [
            "https://127.0.0.1:4711/",
            "http://127.0.0.1.evil.example/",
            "http://localhost.evil.example/",
            "http://127.0.0.1:1/#fragment",
            "http://user@127.0.0.1:1/",
            "http://127.0.0.1:1/\r\nX: y",
            "http:\\\\127.0.0.1/",
            "https://app.example.com/cb/",
            "https://app.example.com/CB",
            "javascript:alert(1)",
            "/relative",
            "",
        ] {
            assert!(!client.may_use(uri), "{uri:?}");
        }
    }
}
