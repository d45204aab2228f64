//! PURE: reads one HTTP/1.1 request as strictly as a browser writes it, or says why not.
//!
//! Understands no more than the answer to a sign-in needs (RFC 9112): no chunks, no upgrades, no
//! folded lines, no second Host. What it does not understand is refused, never guessed.

use zeroize::Zeroizing;

use super::Accept;

/// The longest header, all lines together.
pub(super) const MOST_HEADER: usize = 16 << 10;
/// The longest query.
const MOST_QUERY: usize = 8 << 10;
/// The longest form.
pub(super) const MOST_FORM: usize = 64 << 10;
/// The longest origin that is looked at.
const MOST_ORIGIN: usize = 512;

/// The one request that is let through.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    pub(super) authority: String,
    pub(super) path: String,
    pub(super) accept: Accept,
}

/// What the bytes so far are.
#[derive(Debug)]
pub(super) enum Read {
    /// The request, complete.
    Complete(Request),
    /// The start of a request.
    More,
    /// Not the one.
    Refused(Refusal),
}

/// A request with the right host, path, method and form.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) origin: Option<String>,
    pub(super) parameters: Zeroizing<String>,
}

/// Why a request is not the one: the status to answer with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    /// An answer to HEAD has no body.
    pub(super) bodiless: bool,
}

/// Looks at the bytes so far.
pub(super) fn read(bytes: &[u8], expected: &Expected) -> Read {
    let refuse = |status| {
        Read::Refused(Refusal {
            status,
            bodiless: bytes.starts_with(b"HEAD "),
        })
    };
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return match () {
            () if is_no_http(bytes) => refuse(400),
            () if bytes.len() > MOST_HEADER => refuse(431),
            () => Read::More,
        };
    };
    if end > MOST_HEADER {
        return refuse(431);
    }
    let (head, body) = bytes.split_at(end + 4);
    let head = head.get(..end).unwrap_or_default();
    match check(head, expected) {
        Err(status) => refuse(status),
        Ok(Checked { length, .. }) if body.len() < length => Read::More,
        Ok(Checked { length, .. }) if body.len() > length => refuse(400),
        Ok(checked) => complete(&checked, body).map_or_else(refuse, Read::Complete),
    }
}

/// Bytes that no further bytes can turn into a request: TLS, HTTP/2, bare line feeds.
fn is_no_http(bytes: &[u8]) -> bool {
    let bare = |(at, byte): (usize, &u8)| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        *byte == b'\n' && before != Some(&b'\r')
    };
    bytes
        .first()
        .is_some_and(|first| !first.is_ascii_uppercase())
        || bytes.contains(&0)
        || bytes.iter().enumerate().any(bare)
}

struct Checked<'a> {
    query: &'a str,
    origin: Option<&'a str>,
    length: usize,
    accept: Accept,
}

fn complete(checked: &Checked<'_>, body: &[u8]) -> Result<Request, u16> {
    let parameters = match checked.accept {
        Accept::Get => checked.query,
        Accept::Post => std::str::from_utf8(body).map_err(|_| 400_u16)?,
    };
    Ok(Request {
        origin: checked.origin.map(ToOwned::to_owned),
        parameters: Zeroizing::new(parameters.to_owned()),
    })
}

/// Checks the request line and the header fields; an error is the status to answer with.
fn check<'a>(head: &'a [u8], expected: &Expected) -> Result<Checked<'a>, u16> {
    let mut lines = head.split(|byte| *byte == b'\n').map(|line| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        (!line.contains(&b'\r')).then_some(line)
    });
    let request_line = lines.next().flatten().ok_or(400_u16)?;
    let fields = Fields::read(lines)?;
    let request_line = std::str::from_utf8(request_line).map_err(|_| 400_u16)?;
    let mut words = request_line.split(' ');
    let (Some(method), Some(target), Some("HTTP/1.1" | "HTTP/1.0"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(400);
    };
    if !target.starts_with('/') || !target.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(400);
    }
    let host = fields.host.ok_or(400_u16)?;
    if !host.eq_ignore_ascii_case(&expected.authority) {
        return Err(421);
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path != expected.path {
        return Err(404);
    }
    let length = match (method, expected.accept) {
        ("GET", Accept::Get) => fields.no_body()?,
        ("POST", Accept::Post) if target.contains('?') => return Err(404),
        ("POST", Accept::Post) => fields.form()?,
        _ => return Err(405),
    };
    if query.len() > MOST_QUERY {
        return Err(414);
    }
    Ok(Checked {
        query,
        origin: fields.origin,
        length,
        accept: expected.accept,
    })
}

/// The header fields that matter; each comes once at most.
#[derive(Default)]
struct Fields<'a> {
    host: Option<&'a str>,
    origin: Option<&'a str>,
    content_type: Option<&'a str>,
    content_length: Option<&'a str>,
    transfer_encoding: Option<&'a str>,
}

impl<'a> Fields<'a> {
    fn read(lines: impl Iterator<Item = Option<&'a [u8]>>) -> Result<Self, u16> {
        let mut fields = Self::default();
        for line in lines {
            let line = line.ok_or(400_u16)?;
            let colon = line.iter().position(|byte| *byte == b':').ok_or(400_u16)?;
            let (name, value) = line.split_at(colon);
            let token =
                |byte: &u8| byte.is_ascii_alphanumeric() || b"-_!#$%&'*+.^`|~".contains(byte);
            if name.is_empty() || !name.iter().all(token) {
                return Err(400);
            }
            let field = match name.to_ascii_lowercase().as_slice() {
                b"host" => &mut fields.host,
                b"origin" => &mut fields.origin,
                b"content-type" => &mut fields.content_type,
                b"content-length" => &mut fields.content_length,
                b"transfer-encoding" => &mut fields.transfer_encoding,
                // Cookies of other programs on this machine, whatever their bytes.
                _ => continue,
            };
            let value = value.get(1..).unwrap_or_default().trim_ascii();
            let value = std::str::from_utf8(value).map_err(|_| 400_u16)?;
            let visible = value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
            if !visible || field.replace(value).is_some() {
                return Err(400);
            }
        }
        if fields
            .origin
            .is_some_and(|origin| origin.len() > MOST_ORIGIN)
        {
            return Err(400);
        }
        Ok(fields)
    }

    fn no_body(&self) -> Result<usize, u16> {
        let none = self.content_length.is_none_or(|length| length == "0");
        let none = none && self.transfer_encoding.is_none();
        none.then_some(0).ok_or(400)
    }

    fn form(&self) -> Result<usize, u16> {
        if self.transfer_encoding.is_some() {
            return Err(411);
        }
        let length = self.content_length.ok_or(411_u16)?;
        if length.is_empty() || !length.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(400);
        }
        let length = length.parse().unwrap_or(usize::MAX);
        if length > MOST_FORM {
            return Err(413);
        }
        let kind = self.content_type.unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(415);
        }
        Ok(length)
    }
}
