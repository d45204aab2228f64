//! A request as the endpoints see it, and the answer they give.
//!
//! Knows HTTP only as far as the endpoints do; never touches a socket. An empty parameter counts
//! as absent (RFC 6749 §3.1).

use std::time::Duration;

use serde_json::{Value, json};
use url::form_urlencoded;

/// The methods that some endpoint takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// Any other.
    Other,
}

/// One request.
pub(super) struct Request {
    /// The method.
    pub(super) method: Method,
    /// The path, as it came.
    pub(super) path: String,
    /// The query, without `?`, as it came.
    pub(super) query: String,
    /// Header fields, names in lower case.
    pub(super) headers: Vec<(String, String)>,
    /// The body.
    pub(super) body: Vec<u8>,
}

impl Request {
    /// Returns a header field that came exactly once.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(field, _)| field == name);
        let (_, value) = values.next()?;
        values.next().is_none().then_some(value.as_str())
    }

    /// Returns a cookie's value.
    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        self.header("cookie")?
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// Returns the query's parameters.
    pub(super) fn query(&self) -> Form {
        Form::parse(self.query.as_bytes())
    }

    /// Returns the body's parameters.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] when the body is not `application/x-www-form-urlencoded`.
    pub(super) fn form(&self) -> Result<Form, Refusal> {
        let kind = self.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let text = "the body is not application/x-www-form-urlencoded";
            return Err(Refusal::new("invalid_request", text));
        }
        Ok(Form::parse(&self.body))
    }
}

/// Decoded parameters in the order they came.
#[derive(Clone, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Decodes `a=b&c=d`.
    pub(super) fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// Returns a parameter that has a value.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Returns every value of a parameter.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Returns a parameter or says that it is missing.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] that names the parameter.
    pub(super) fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| {
            Refusal::new(
                "invalid_request",
                format!("the parameter `{name}` is missing"),
            )
        })
    }

    /// Refuses a parameter that came twice; only `resource` may (RFC 6749 §3.1, RFC 8707 §2).
    ///
    /// # Errors
    ///
    /// A [`Refusal`] that names the parameter.
    pub(super) fn once_each(&self) -> Result<(), Refusal> {
        for (index, (name, _)) in self.0.iter().enumerate() {
            let earlier = self.0.iter().take(index);
            if name != "resource" && earlier.into_iter().any(|(other, _)| other == name) {
                let text = format!("the parameter `{name}` came more than once");
                return Err(Refusal::new("invalid_request", text));
            }
        }
        Ok(())
    }
}

/// An error as OAuth says it (RFC 6749 §4.1.2.1, §5.2).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Refusal {
    /// The HTTP status, where the answer is not a redirect.
    pub(super) status: u16,
    /// The error code.
    pub(super) error: &'static str,
    /// What is wrong, for the client's developer.
    pub(super) text: String,
}

impl Refusal {
    /// Makes a refusal with status 400.
    pub(super) fn new(error: &'static str, text: impl Into<String>) -> Self {
        Self {
            status: 400,
            error,
            text: ascii(&text.into()),
        }
    }

    /// Makes a refusal of the client itself, with status 401.
    pub(super) fn of_client(text: &str) -> Self {
        Self {
            status: 401,
            ..Self::new("invalid_client", text)
        }
    }
}

/// `error_description` has no room for quotes, backslashes and what is not ASCII (RFC 6749 §5.2).
fn ascii(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '"' | '\\' => '\'',
            ' '..='~' => c,
            _ => '?',
        })
        .collect()
}

/// What goes back.
pub(super) struct Answer {
    /// The status.
    pub(super) status: u16,
    /// Header fields.
    pub(super) headers: Vec<(&'static str, String)>,
    /// The body.
    pub(super) body: Body,
    /// The OAuth error code, for the log.
    pub(super) error: Option<String>,
}

/// How the body is sent.
pub(super) enum Body {
    /// At once, with its length.
    Whole(Vec<u8>),
    /// One byte per span.
    Drip(Vec<u8>, Duration),
    /// Again and again, until the other side has enough.
    Endless(&'static [u8]),
    /// Never: the connection is cut before the status line.
    Cut,
    /// Never: the connection stays open in silence.
    Silence,
}

impl Answer {
    /// Makes an answer without a body.
    pub(super) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Whole(Vec::new()),
            error: None,
        }
    }

    /// Makes an answer in plain text.
    pub(super) fn text(status: u16, text: &str) -> Self {
        Self::empty(status).holding("text/plain; charset=utf-8", text.as_bytes().to_vec())
    }

    /// Makes a JSON answer.
    pub(super) fn json(status: u16, value: &Value) -> Self {
        Self::empty(status).holding("application/json", value.to_string().into_bytes())
    }

    /// Makes an answer that sends the browser on.
    pub(super) fn redirect(to: String) -> Self {
        Self::empty(303).with("Location", to).no_store()
    }

    /// Sets the body and its type.
    pub(super) fn holding(mut self, kind: &str, body: Vec<u8>) -> Self {
        self.headers.retain(|(name, _)| *name != "Content-Type");
        self.body = Body::Whole(body);
        self.with("Content-Type", kind.to_owned())
    }

    /// Adds a header field.
    pub(super) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Forbids every cache to keep it.
    pub(super) fn no_store(self) -> Self {
        self.with("Cache-Control", "no-store".to_owned())
            .with("Pragma", "no-cache".to_owned())
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let body = json!({"error": refusal.error, "error_description": refusal.text});
        let mut answer = Self::json(refusal.status, &body).no_store();
        if refusal.status == 401 {
            answer = answer.with("WWW-Authenticate", "Basic realm=\"practice\"".to_owned());
        }
        answer.error = Some(refusal.error.to_owned());
        answer
    }
}
