//! Finds out who a provider is: its metadata and its keys (OpenID Connect Discovery §4, RFC 8414 §3).
//!
//! A document that speaks for another issuer is never used, wherever it was found.

use std::time::Duration;

use http::Request;
use http::header::ACCEPT;

use super::documents::{self, Freshness};
use super::wire::date;
use super::{Error, Skew, Wire};
use crate::base::{Issuer, IssuerRule};
use crate::jwt::KeySet;
use crate::oauth::metadata::{Metadata, locations};

/// At most this often are keys fetched again because a token names one that we do not have.
const KEYS_AT_MOST_EVERY: Duration = Duration::from_secs(60);

/// Fetches a provider's metadata, at the first of its well-known addresses that has a document; it
/// must name the issuer that the rule wants.
///
/// # Errors
///
/// [`Error::Http`], [`Error::Metadata`], or [`Error::NoMetadata`] when no address has one.
pub fn fetch(wire: Wire<'_>, rule: &IssuerRule) -> Result<Metadata, Error> {
    let issuer = rule.address();
    let mut first = None;
    let mut all = locations(issuer);
    if let IssuerRule::Tenant(rule) = rule {
        // Such a provider has one layout; at the others another tenant could answer.
        all.truncate(1);
        if let (Some(client_id), Some(at)) = (&rule.keys_of, all.first_mut()) {
            // The document then names the key set that has the app's own keys in it.
            at.query_pairs_mut()
                .append_pair("appid", client_id.as_str());
        }
    }
    for at in all {
        let document = documents::fetch(wire, &at, Freshness::AsTold)?;
        match document.status {
            200 => return Ok(Metadata::parse(&document.body, rule, &at)?),
            // Not here; the other layouts may have it.
            status @ (400 | 401 | 403 | 404 | 405 | 410) => {
                first.get_or_insert((at.to_string(), status));
            }
            status @ 300..400 => {
                return Err(Error::Redirected {
                    at: at.into(),
                    status,
                });
            }
            status => {
                return Err(Error::NoMetadata {
                    issuer: issuer.clone(),
                    at: at.into(),
                    status,
                });
            }
        }
    }
    let (at, status) = first.unwrap_or_default();
    Err(Error::NoMetadata {
        issuer: issuer.clone(),
        at,
        status,
    })
}

/// Measures how far this machine's clock is from the provider's, by one request of its own: what
/// is cached tells nothing of now.
///
/// # Errors
///
/// [`Error::Http`] or [`Error::HeldOff`].
pub fn skew(wire: Wire<'_>, issuer: &Issuer) -> Result<Skew, Error> {
    let at = locations(issuer).swap_remove(0);
    let request = Request::get(at.as_str())
        .header(ACCEPT, "application/json")
        .body(Vec::new())
        .expect("a parsed URL makes a request");
    let answer = wire.send(request)?;
    Ok(Skew::measured(
        wire.clock.now(),
        date(&answer.headers, "date"),
    ))
}

/// The provider's keys, and whether asking for newer ones makes sense.
#[derive(Debug)]
pub struct Keys {
    /// The keys.
    pub set: KeySet,
    /// Whether they may be older than what the provider has now.
    pub may_be_old: bool,
}

/// Fetches the provider's keys.
///
/// # Errors
///
/// [`Error::Http`], [`Error::Status`], [`Error::Keys`], or [`Error::Metadata`] when the provider
/// names no key set.
pub fn keys(wire: Wire<'_>, metadata: &Metadata, freshness: Freshness) -> Result<Keys, Error> {
    let at = metadata.jwks_uri()?;
    let document = documents::fetch(wire, at, freshness)?;
    if document.status != 200 {
        let mut at = at.clone();
        at.set_query(None);
        return Err(Error::Status {
            at: at.into(),
            status: document.status,
        });
    }
    let now = wire.clock.now();
    let asked_lately = document
        .renewed
        .is_some_and(|renewed| now.since(renewed) < KEYS_AT_MOST_EVERY);
    Ok(Keys {
        set: KeySet::parse(&document.body)?,
        may_be_old: !document.new && !asked_lately,
    })
}
