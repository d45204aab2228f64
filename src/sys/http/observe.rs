//! One exchange as it may be told to a person: method, address without its query, status, time.
//!
//! Never holds a query, a header or a body: those carry codes and tokens.

use std::fmt;
use std::time::Duration;

use http::Request;

use super::{HttpError, Response};
use crate::base::printable_line;
use crate::sys::clock::{Clock, SystemClock};

/// An exchange that has ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Exchange {
    /// The method and the address, without its query.
    what: String,
    /// The status; none when there was no answer.
    status: Option<u16>,
    /// How long it took.
    took: Duration,
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, took) = (printable_line(&self.what), self.took.as_millis());
        match self.status {
            Some(status) => write!(f, "{what} → {status}, {took} ms"),
            None => write!(f, "{what} → no answer, {took} ms"),
        }
    }
}

/// Somebody who is told.
pub(super) struct Observer(pub(super) Box<dyn Fn(&Exchange) + Send + Sync>);

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// An exchange that has begun.
pub(super) struct Begun {
    what: String,
    clock: SystemClock,
}

/// Notes what is about to be sent.
pub(super) fn begin(request: &Request<Vec<u8>>) -> Begun {
    let (method, uri) = (request.method(), request.uri());
    let scheme = uri.scheme_str().unwrap_or_default();
    // The host without what may stand before an `@`.
    let host = uri.host().unwrap_or_default();
    let port = uri
        .port()
        .map_or_else(String::new, |port| format!(":{port}"));
    let path = uri.path();
    Begun {
        what: format!("{method} {scheme}://{host}{port}{path}"),
        clock: SystemClock::new(),
    }
}

impl Begun {
    /// Notes how it ended.
    pub(super) fn end(self, result: &Result<Response, HttpError>) -> Exchange {
        Exchange {
            what: self.what,
            status: result.as_ref().ok().map(|response| response.status),
            took: self.clock.elapsed(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_has_no_query_no_user_and_nothing_that_drives_a_terminal() {
        let request = Request::post("https://me:hunter2@id.example.com:8443/token?code=hunter2")
            .body(b"secret=hunter2".to_vec())
            .unwrap();

        let told = begin(&request).end(&Err(HttpError::NotAbsolute));

        let text = Exchange {
            took: Duration::from_millis(7),
            ..told
        };
        let text = text.to_string();
        assert_eq!(
            text,
            "POST https://id.example.com:8443/token → no answer, 7 ms"
        );
    }
}
