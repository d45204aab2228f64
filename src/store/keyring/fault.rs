//! What the keyring's software says went wrong, in keyfob's words.
//!
//! The Secret Service crate hides its error type, so some faults are told apart by their text;
//! the live tests hold the texts to what the real service says. Never repeats a record's content.

use keyring_core::Error;

use crate::store::{Backend, StoreError};

/// Names why there is no store at all; a bus that lets nobody through to it is no reason to do
/// without.
pub(super) fn no_store(error: &Error) -> StoreError {
    let reason = said(error);
    let named = by_text(&reason);
    if matches!(named, StoreError::Denied { .. }) {
        named
    } else {
        StoreError::Missing { reason }
    }
}

/// Says that a call ended without an answer, which is a fault of the keyring's software.
pub(super) fn ended_early() -> StoreError {
    StoreError::Failed {
        reason: "its software gave up".to_owned(),
    }
}

/// Names what went wrong with one entry.
pub(super) fn name(entry: &str, error: &Error) -> StoreError {
    let broken = |fault| StoreError::Broken {
        place: "keyring",
        key: entry.to_owned(),
        fault,
    };
    match error {
        Error::NoStorageAccess(_) | Error::PlatformFailure(_) => by_text(&said(error)),
        Error::NoDefaultStore => StoreError::Missing {
            reason: said(error),
        },
        Error::TooLong(_, limit) => StoreError::TooLong {
            backend: Backend::Keyring,
            limit: usize::try_from(*limit).unwrap_or(usize::MAX),
        },
        // These two carry the record itself.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => broken("it is not text"),
        Error::Ambiguous(_) => broken("the keyring holds it several times"),
        Error::NoEntry => broken("it was there a moment ago"),
        Error::BadStoreFormat(_) | Error::Invalid(..) | Error::NotSupportedByStore(_) | _ => {
            StoreError::Failed {
                reason: said(error),
            }
        }
    }
}

fn by_text(said: &str) -> StoreError {
    let has = |any_of: &[&str]| any_of.iter().any(|text| said.contains(text));
    if has(LOCKED) {
        return StoreError::Locked;
    }
    if has(NOT_SET_UP) {
        return StoreError::NotSetUp;
    }
    let reason = said.to_owned();
    if has(MISSING) {
        StoreError::Missing { reason }
    } else if has(DENIED) {
        StoreError::Denied { reason }
    } else {
        StoreError::Failed { reason }
    }
}

/// Returns the error with what caused it, in a bounded length.
fn said(error: &Error) -> String {
    let text = if let Error::NoStorageAccess(inner) | Error::PlatformFailure(inner) = error {
        inner.to_string()
    } else {
        error.to_string()
    };
    let text = PREFIXES.iter().fold(text.as_str(), |text, prefix| {
        text.strip_prefix(prefix).unwrap_or(text)
    });
    text.chars().take(200).collect()
}

/// Which library failed is nothing to a reader.
const PREFIXES: &[&str] = &["Platform failure: ", "zbus error: ", "zbus fdo error: "];

/// Secret Service: an item is locked, or its prompt was dismissed (at once, without a display).
/// macOS: user interaction is not allowed.
const LOCKED: &[&str] = &[
    "object locked",
    "IsLocked",
    "prompt dismissed",
    "User interaction",
];

/// Secret Service: there is no default collection.
const NOT_SET_UP: &[&str] = &["result not returned"];

/// Nobody offers the service on this bus, or the bus has gone.
const MISSING: &[&str] = &[
    "no secret service provider",
    "ServiceUnknown",
    "NameHasNoOwner",
    "Spawn.",
    "No keychain is available",
];

/// D-Bus and macOS refuse; macOS: the person pressed Deny or Cancel.
const DENIED: &[&str] = &[
    "AccessDenied",
    "not authorized",
    "canceled",
    "access denied",
];
