//! The practice provider in the test's own process; stops when dropped.

use std::sync::LazyLock;
use std::time::Duration;

use keyfob::issuer::{Fault, KeyPool, Provider, Settings};

/// One pool for all: an RSA key is the slow part of a start.
static KEYS: LazyLock<KeyPool> = LazyLock::new(KeyPool::default);

/// A provider as it is, strict, that signs everybody in as `amara` without a page.
pub(crate) fn provider() -> Provider {
    provider_with(|_| {})
}

/// A provider with other settings.
pub(crate) fn provider_with(change: impl FnOnce(&mut Settings)) -> Provider {
    let mut settings = settings();
    change(&mut settings);
    Provider::start(settings).unwrap()
}

/// A provider that misbehaves.
pub(crate) fn faulty(fault: &str) -> Provider {
    provider_with(|settings| settings.faults = vec![Fault::parse(fault).unwrap()])
}

/// What all of them have in common.
pub(crate) fn settings() -> Settings {
    Settings {
        auto_approve: Some("amara".to_owned()),
        // RFC 8628 knows no half seconds, and nobody waits for five.
        interval: Duration::from_secs(1),
        keys: KEYS.clone(),
        ..Settings::default()
    }
}
