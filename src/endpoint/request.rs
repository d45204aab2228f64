//! PURE: reads one HTTP/1.1 request as a cloud's library sends it, or says why it is not one
//! (RFC 9112).
//!
//! A GET without a body, for exactly this address, and not from a browser or through a proxy: what
//! they add cannot be left out by a page. What is not understood is refused, never guessed.

use url::form_urlencoded;

/// The request line and the header fields together.
pub(super) const MOST_HEAD: usize = 16 << 10;
/// More fields than any library sends.
const MOST_FIELDS: usize = 64;

/// What browsers and proxies add.
const GIVEAWAYS: [&str; 4] = ["origin", "referer", "forwarded", "via"];
/// The same, by their beginnings.
const GIVEAWAY_PREFIXES: [&str; 2] = ["sec-fetch-", "x-forwarded-"];

/// A request that has come through.
#[derive(Clone, Debug)]
pub struct Request {
    /// The path, as it was sent.
    pub path: String,
    /// The query's names and values, decoded.
    query: Vec<(String, String)>,
    /// The names in small letters.
    fields: Vec<(String, String)>,
}

/// What the bytes so far are.
#[derive(Debug)]
pub(super) enum Read {
    /// A request, complete.
    Complete(Request),
    /// The start of one.
    More,
    /// Something else.
    Refused(Refusal),
}

/// Why a request does not come through.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// A browser or a proxy sent it.
    Browser,
    /// It is not HTTP as any library speaks it.
    Malformed,
    /// It is not a GET without a body.
    Method,
    /// It took too long.
    Slow,
    /// It names another host than this one.
    Host,
    /// It is too long.
    TooLong,
}

impl Refusal {
    /// Returns the status.
    pub fn status(self) -> u16 {
        match self {
            Self::Browser => 403,
            Self::Malformed => 400,
            Self::Method => 405,
            Self::Slow => 408,
            Self::Host => 421,
            Self::TooLong => 431,
        }
    }

    /// Says why.
    pub fn message(self) -> &'static str {
        match self {
            Self::Browser => "no request of a browser or through a proxy is answered",
            Self::Malformed => "this is not a request",
            Self::Method => "only GET without a body is answered",
            Self::Slow => "the request took too long",
            Self::Host => "this is not the host that was asked for",
            Self::TooLong => "the request is too long",
        }
    }
}

impl Request {
    /// Returns a header field; none when it is missing or comes twice.
    pub fn field(&self, name: &str) -> Option<&str> {
        only(&self.fields, name)
    }

    /// Returns a parameter of the query; none when it is missing or comes twice.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        only(&self.query, name)
    }

    /// Tells whether a parameter is there, however often.
    pub fn has_parameter(&self, name: &str) -> bool {
        self.query.iter().any(|(own, _)| own == name)
    }
}

fn only<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut found = pairs.iter().filter(|(own, _)| own == name);
    match (found.next(), found.next()) {
        (Some((_, value)), None) => Some(value),
        _ => None,
    }
}

/// Looks at the bytes so far; `authority` is the only host that is answered for.
pub(super) fn read(bytes: &[u8], authority: &str) -> Read {
    let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
    let mut head = httparse::Request::new(&mut fields);
    let length = match head.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) if bytes.len() <= MOST_HEAD => return Read::More,
        Ok(httparse::Status::Partial) | Err(httparse::Error::TooManyHeaders) => {
            return Read::Refused(Refusal::TooLong);
        }
        Err(_) => return Read::Refused(Refusal::Malformed),
    };
    if length > MOST_HEAD {
        return Read::Refused(Refusal::TooLong);
    }
    match check(&head, authority) {
        // What follows is a body that was not announced, or a second request.
        Ok(_) if bytes.len() > length => Read::Refused(Refusal::Malformed),
        Ok(request) => Read::Complete(request),
        Err(refusal) => Read::Refused(refusal),
    }
}

fn check(head: &httparse::Request<'_, '_>, authority: &str) -> Result<Request, Refusal> {
    let mut fields = Vec::with_capacity(head.headers.len());
    for field in head.headers.iter() {
        let value = std::str::from_utf8(field.value).map_err(|_| Refusal::Malformed)?;
        if !value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(Refusal::Malformed);
        }
        fields.push((field.name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let (path, query) = target(head.path.unwrap_or_default())?;
    let request = Request {
        path: path.to_owned(),
        query: form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        fields,
    };
    if request.field("host") != Some(authority) {
        return Err(Refusal::Host);
    }
    let gives_away = |name: &str| {
        GIVEAWAYS.contains(&name) || GIVEAWAY_PREFIXES.iter().any(|it| name.starts_with(it))
    };
    if request.fields.iter().any(|(name, _)| gives_away(name)) {
        return Err(Refusal::Browser);
    }
    let has_body = request.fields.iter().any(|(name, value)| {
        name == "transfer-encoding" || name == "content-length" && value != "0"
    });
    if head.method != Some("GET") || has_body {
        return Err(Refusal::Method);
    }
    Ok(request)
}

/// Takes a request's target apart; one in absolute form is a proxy's.
fn target(text: &str) -> Result<(&str, &str), Refusal> {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    if !plain || !text.starts_with('/') || text.starts_with("//") || text.contains('#') {
        return Err(Refusal::Malformed);
    }
    Ok(text.split_once('?').unwrap_or((text, "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "127.0.0.1:40001";

    fn refused(text: &str) -> Refusal {
        let Read::Refused(refusal) = read(text.as_bytes(), HERE) else {
            panic!("it comes through: {text:?}");
        };
        refusal
    }

    #[test]
    fn what_libraries_send_comes_through() {
        let text = "GET /token?resource=https%3A%2F%2Fvault.azure.net&a=1&a=2 HTTP/1.1\r\n\
                    Host: 127.0.0.1:40001\r\nX-Identity-Header: abc\r\nAccept: */*\r\n\
                    Accept-Encoding: gzip\r\nConnection: keep-alive\r\n\r\n";
        let Read::Complete(request) = read(text.as_bytes(), HERE) else {
            panic!("it is not read");
        };

        assert_eq!(request.path, "/token");
        assert_eq!(
            request.parameter("resource"),
            Some("https://vault.azure.net")
        );
        assert_eq!(request.parameter("a"), None);
        assert!(request.has_parameter("a"));
        assert_eq!(request.field("x-identity-header"), Some("abc"));
        for end in 0..text.len() {
            assert!(
                matches!(read(&text.as_bytes()[..end], HERE), Read::More),
                "{end}"
            );
        }
    }

    #[test]
    fn who_names_another_host_or_comes_from_a_browser_is_refused() {
        let get = |fields: &str| format!("GET / HTTP/1.1\r\n{fields}\r\n");
        let host = "Host: 127.0.0.1:40001\r\n";
        for (text, refusal) in [
            (get(""), Refusal::Host),
            (get("Host: localhost:40001\r\n"), Refusal::Host),
            (get("Host: 127.0.0.1:40002\r\n"), Refusal::Host),
            (get("Host: 127.0.0.1\r\n"), Refusal::Host),
            (get("Host: evil.example:40001\r\n"), Refusal::Host),
            (get(&format!("{host}Host: evil.example\r\n")), Refusal::Host),
            (get(&format!("{host}{host}")), Refusal::Host),
            (get(&format!("{host}Origin: null\r\n")), Refusal::Browser),
            (
                get(&format!("{host}Sec-Fetch-Mode: cors\r\n")),
                Refusal::Browser,
            ),
            (
                get(&format!("{host}sec-fetch-site: none\r\n")),
                Refusal::Browser,
            ),
            (
                get(&format!("{host}X-Forwarded-For: 10.0.0.1\r\n")),
                Refusal::Browser,
            ),
            (
                get(&format!("{host}Forwarded: for=x\r\n")),
                Refusal::Browser,
            ),
            (get(&format!("{host}Via: 1.1 proxy\r\n")), Refusal::Browser),
            (
                get(&format!("{host}Referer: https://x.example\r\n")),
                Refusal::Browser,
            ),
        ] {
            assert_eq!(refused(&text), refusal, "{text:.80}");
        }
    }

    #[test]
    fn what_is_no_plain_get_is_refused() {
        let get = |fields: &str| format!("GET / HTTP/1.1\r\n{fields}\r\n");
        let host = "Host: 127.0.0.1:40001\r\n";
        for (text, refusal) in [
            (
                get(&format!("{host}Content-Length: 4\r\n")) + "abcd",
                Refusal::Method,
            ),
            (
                get(&format!("{host}Transfer-Encoding: chunked\r\n")),
                Refusal::Method,
            ),
            (format!("POST / HTTP/1.1\r\n{host}\r\n"), Refusal::Method),
            (format!("PUT / HTTP/1.1\r\n{host}\r\n"), Refusal::Method),
            (format!("HEAD / HTTP/1.1\r\n{host}\r\n"), Refusal::Method),
            (format!("OPTIONS / HTTP/1.1\r\n{host}\r\n"), Refusal::Method),
            (
                format!("GET http://127.0.0.1:40001/ HTTP/1.1\r\n{host}\r\n"),
                Refusal::Malformed,
            ),
            (
                format!("GET //evil/ HTTP/1.1\r\n{host}\r\n"),
                Refusal::Malformed,
            ),
            (
                format!("GET /#x HTTP/1.1\r\n{host}\r\n"),
                Refusal::Malformed,
            ),
            (
                format!("GET / HTTP/1.1\r\n{host}A: \u{e9}\r\n\r\n"),
                Refusal::Malformed,
            ),
            (
                format!("GET / HTTP/1.1\r\n{host}\r\nGET / HTTP/1.1\r\n"),
                Refusal::Malformed,
            ),
            (
                format!("GET / HTTP/1.1\r\n{host} folded: x\r\n\r\n"),
                Refusal::Malformed,
            ),
            ("\u{16}\u{3}\u{1}".to_owned(), Refusal::Malformed),
            (
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
                Refusal::Malformed,
            ),
            (get(&"A: b\r\n".repeat(65)), Refusal::TooLong),
            (
                get(&format!("{host}A: {}\r\n", "x".repeat(MOST_HEAD))),
                Refusal::TooLong,
            ),
            (format!("GET /{}", "x".repeat(MOST_HEAD)), Refusal::TooLong),
        ] {
            assert_eq!(refused(&text), refusal, "{text:.80}");
        }
    }
}
