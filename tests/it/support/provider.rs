//! The practice provider in the test's own process; stops when dropped.

use std::sync::LazyLock;
use std::time::Duration;

use keyfob::issuer::{Entra, Fault, KeyPool, Provider, SERVICE_CLIENT, Script, Settings};

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

/// A provider that plays Entra, signs somebody in without a page, and follows these scripts.
pub(crate) fn entra(person: &str, scripts: &[&str]) -> Provider {
    provider_with(|settings| {
        settings.auto_approve = Some(person.to_owned());
        settings.entra = Some(Entra {
            scripts: scripts
                .iter()
                .map(|name| Script::parse(name).unwrap())
                .collect(),
            access_life: None,
        });
    })
}

/// What the provider says about a token (RFC 7662), as the service that may ask.
pub(crate) fn introspect(provider: &Provider, token: &str) -> String {
    let form = [
        ("client_id", SERVICE_CLIENT),
        ("client_secret", provider.service_secret().expose()),
        ("token", token),
    ];
    let url = format!("http://127.0.0.1:{}/introspect", provider.port());
    super::person::post(&url.parse().unwrap(), &form)
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
