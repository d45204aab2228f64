//! Public documents (metadata, key sets) fetched and cached by HTTP's own rules (RFC 9111).
//!
//! The cache file is 0600 and holds nothing secret; but it says where tokens are sent, and by which
//! keys they are verified. So it begins with its digest, and what is not as it was written, or not
//! the user's alone, is fetched again. A redirect is never followed, and a body is never larger than
//! the HTTP client's limit.

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::Request;
use http_cache_semantics::{AfterResponse, BeforeRequest, CacheOptions, CachePolicy};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Error, Wire};
use crate::base::{Timestamp, hex};
use crate::sys::files;
use crate::sys::http::{HttpError, Response};

/// Waits before the second and the third try, after a fault that may pass.
const WAITS: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(800)];

/// The most that a cache file may hold: a document at its limit, escaped, and its headers.
const LARGEST_FILE: usize = 8 * 1024 * 1024;

/// A document as the provider, or the cache, gave it.
#[derive(Debug)]
pub struct Document {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// When it was last fetched anew, whatever the provider said; `None` for never.
    pub renewed: Option<Timestamp>,
    /// Whether it came from the provider just now.
    pub new: bool,
}

/// How old a document may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Freshness {
    /// As the provider said when it gave it.
    AsTold,
    /// Fetched anew, whatever the provider said.
    Anew,
}

#[derive(Deserialize, Serialize)]
struct Cached {
    policy: CachePolicy,
    #[serde(default)]
    renewed: Option<Timestamp>,
    body: String,
}

/// Fetches a document, from the cache when the provider's own rules allow it.
///
/// # Errors
///
/// [`Error::Http`] when the provider cannot be reached. A status other than 200 is no error here.
pub fn fetch(wire: Wire<'_>, url: &Url, freshness: Freshness) -> Result<Document, Error> {
    let request = Request::get(url.as_str())
        .header("accept", "application/json")
        .body(())
        .expect("a parsed URL makes a request");
    let now = wire.clock.now();
    let (held, renewed) = held(wire, url, freshness);
    let Some(held) = held else {
        return ask(wire, url, &request.into_parts().0, (None, renewed));
    };
    match held.policy.before_request(&request, system_time(now)) {
        BeforeRequest::Fresh(_) => Ok(Document {
            status: 200,
            body: held.body.into_bytes(),
            renewed,
            new: false,
        }),
        BeforeRequest::Stale { request, matches } => {
            ask(wire, url, &request, (matches.then_some(held), renewed))
        }
    }
}

/// Returns what the cache may answer with, and when the document was last fetched anew.
fn held(wire: Wire<'_>, url: &Url, freshness: Freshness) -> (Option<Cached>, Option<Timestamp>) {
    let held = load(wire, url);
    match freshness {
        Freshness::AsTold => {
            let renewed = held.as_ref().and_then(|held| held.renewed);
            (held, renewed)
        }
        Freshness::Anew => {
            // Written down first: a provider that fails is not asked more often than others.
            let renewed = Some(wire.clock.now());
            if let Some(held) = held {
                save(wire, url, &Cached { renewed, ..held });
            }
            (None, renewed)
        }
    }
}

/// Asks the provider, whether what is held still holds or for all of it, and caches the answer.
fn ask(
    wire: Wire<'_>,
    url: &Url,
    request: &http::request::Parts,
    (held, renewed): (Option<Cached>, Option<Timestamp>),
) -> Result<Document, Error> {
    let (answer, body) = take_apart(send(wire, request)?);
    let now = system_time(wire.clock.now());
    let (policy, body) = match held.map(|held| (held.policy, held.body)) {
        None => {
            let options = CacheOptions {
                shared: false,
                ..CacheOptions::default()
            };
            let policy = CachePolicy::new_options(request, &answer, now, options);
            (policy, body)
        }
        Some((policy, text)) => match policy.after_response(request, &answer, now) {
            AfterResponse::NotModified(policy, _) => (policy, text.into_bytes()),
            AfterResponse::Modified(policy, _) => (policy, body),
        },
    };
    let status = match answer.status().as_u16() {
        304 => 200,
        status => status,
    };
    if status == 200
        && policy.is_storable()
        && let Ok(text) = std::str::from_utf8(&body)
    {
        let body = text.to_owned();
        let cached = Cached {
            policy,
            renewed,
            body,
        };
        save(wire, url, &cached);
    }
    Ok(Document {
        status,
        body,
        renewed,
        new: true,
    })
}

/// Sends a request that changes nothing; for a person who waits, again after a fault that may pass.
fn send(wire: Wire<'_>, request: &http::request::Parts) -> Result<Response, Error> {
    let mut waits = WAITS.into_iter();
    loop {
        let again = Request::from_parts(request.clone(), Vec::new());
        let result = wire.send(again);
        let passing = match &result {
            Ok(response) => response.status >= 500,
            Err(Error::Http(error)) => {
                matches!(error, HttpError::Broken { .. } | HttpError::Cut { .. })
            }
            Err(_) => false,
        };
        match waits.next() {
            Some(wait) if passing && !wire.heeds_trouble => wire.clock.sleep(wait),
            _ => return result,
        }
    }
}

fn take_apart(response: Response) -> (http::Response<()>, Vec<u8>) {
    let mut head = http::Response::new(());
    *head.status_mut() = http::StatusCode::from_u16(response.status).unwrap_or_default();
    *head.headers_mut() = response.headers;
    (head, response.body.to_vec())
}

fn load(wire: Wire<'_>, url: &Url) -> Option<Cached> {
    let bytes = files::read_private(&place(wire, url)?, LARGEST_FILE).ok()?;
    let (digest, text) = bytes.split_at_checked(DIGEST)?;
    (digest == digest_of(text).as_bytes())
        .then(|| serde_json::from_slice(text).ok())
        .flatten()
}

/// A cache that cannot be written costs time, not the answer: nothing is reported.
fn save(wire: Wire<'_>, url: &Url, cached: &Cached) {
    let Some(place) = place(wire, url) else {
        return;
    };
    if let Ok(bytes) = serde_json::to_vec(cached) {
        drop(files::private_dir(place.parent().unwrap_or(&place)));
        let whole = [digest_of(&bytes).as_bytes(), &bytes].concat();
        drop(files::write_private_unsynced(&place, &whole));
    }
}

/// How many characters a digest has.
const DIGEST: usize = 64;

fn digest_of(text: &[u8]) -> String {
    hex(digest(&SHA256, text).as_ref())
}

fn place(wire: Wire<'_>, url: &Url) -> Option<PathBuf> {
    let name = digest(&SHA256, url.as_str().as_bytes());
    let name = hex(&name.as_ref()[..16]);
    Some(wire.cache?.join("documents").join(name + ".json"))
}

fn system_time(now: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(u64::try_from(now.0).unwrap_or(0))
}
