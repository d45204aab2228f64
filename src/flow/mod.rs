//! One grant, from its start to its end: metadata, request, answer, verified tokens.
//!
//! A flow never stores anything and never prints anything: what a person must see goes out as an
//! [`Event`], and what is worth keeping comes back as [`SignedIn`].

pub mod assume_role;
pub mod browser;
pub mod device;
pub mod documents;
pub mod exchange;
pub mod graph;
pub mod metadata;
pub mod page;
pub mod sign_out;
pub mod userinfo;

mod backoff;
mod error;
mod wire;

pub use backoff::Backoff;
pub use error::{Error, Skew};
pub use wire::Wire;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom as _, SystemRandom};
use url::Url;

use crate::base::{ClientId, Secret, Timestamp};
use crate::jwt::Verified;
use crate::oauth::client_auth::ClientAuth;
use crate::oauth::device::Authorization;
use crate::oauth::metadata::Metadata;
use crate::oauth::token::TokenSet;
use crate::provider::Provider;
use crate::sys::browser::BrowserError;

/// A registered client at a provider.
#[derive(Debug)]
pub struct Client {
    /// The provider, by its checked metadata.
    pub metadata: Metadata,
    /// What that provider is known to do.
    pub provider: &'static Provider,
    /// Who we are there.
    pub client_id: ClientId,
    /// How we show it.
    pub auth: ClientAuth,
    /// How far two clocks may be apart.
    pub leeway: Duration,
    /// The same for access tokens.
    pub access_leeway: Duration,
}

/// What a completed sign-in brought.
#[derive(Debug)]
pub struct SignedIn {
    /// The tokens; the ID token among them is the verified one.
    pub tokens: TokenSet,
    /// The verified ID token.
    pub identity: Verified,
    /// When the answer came, by this machine's clock.
    pub at: Timestamp,
}

impl SignedIn {
    /// Returns what people call the account. Foreign text; never decides anything.
    pub fn label(&self) -> &str {
        self.identity.claims().label()
    }
}

/// What a person should be told while a sign-in runs.
#[derive(Debug)]
pub enum Event<'a> {
    /// A browser was asked to open the address.
    BrowserOpened(&'a Url),
    /// No browser could be opened: the person opens the address.
    OpenYourself {
        /// The address.
        url: &'a Url,
        /// Where the answer will come: the port matters over SSH.
        redirect_uri: &'a Url,
        /// Why the browser did not, if one was tried.
        why: Option<&'a BrowserError>,
    },
    /// The person goes to an address elsewhere and types a code.
    DeviceCode(&'a Authorization),
    /// A device code is still waiting; how much time is left.
    StillWaiting(Duration),
}

/// Draws 256 random bits, written as 43 characters that need no escaping anywhere.
///
/// # Errors
///
/// [`Error::Randomness`] when the system has none to give.
pub fn draw() -> Result<Secret, Error> {
    let mut bytes = zeroize::Zeroizing::new([0; 32]);
    SystemRandom::new()
        .fill(bytes.as_mut())
        .map_err(|_| Error::Randomness)?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes.as_ref())))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_thousand_draws_are_all_different_and_fit_rfc_7636() {
        let drawn: BTreeSet<String> = (0..1000)
            .map(|_| draw().unwrap().expose().to_owned())
            .collect();

        assert_eq!(drawn.len(), 1000);
        for text in drawn {
            assert_eq!(text.len(), 43);
            assert!(
                text.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            );
        }
    }
}
