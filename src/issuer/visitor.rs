//! Somebody who visits the practice provider's pages without a browser: follows redirects, chooses
//! a person, allows, and sends forms on, as the pages would have a browser do.
//!
//! Made for machines without a browser. Goes to loopback addresses only, and understands no page
//! but the practice provider's own.

use http::Request;
use http::header::{CONTENT_TYPE, LOCATION};
use url::Url;

use crate::base::{Vars, is_loopback_host};
use crate::sys::http::{Http, HttpError, HttpSettings, Proxies, Response};

use std::time::Duration;

/// A sign-in takes three steps; more is a circle.
const MOST_STEPS: usize = 12;

/// How long one step may take: the last one waits until the tokens are there.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Why a visit came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    /// A page led away from this machine.
    #[error("the page leads away from this machine")]
    Away,
    /// The way never ended.
    #[error("the pages lead in a circle")]
    Circle,
    /// The network failed.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// A page is none that the visitor understands.
    #[error("there is nothing to do on the page (HTTP {0})")]
    Lost(u16),
}

/// Visits an address, signs a person in, and returns the text of the last page.
///
/// # Errors
///
/// [`VisitError`].
pub fn visit(address: &Url, person: &str) -> Result<String, VisitError> {
    let http = Http::new(HttpSettings {
        ca_file: None,
        proxies: Proxies::new(&Vars::default()),
        detours: Vec::new(),
        timeout: TIMEOUT,
    })?;
    let mut step = Step {
        url: address.clone(),
        form: None,
    };
    for _ in 0..MOST_STEPS {
        let response = step.take(&http)?;
        match step.next(&response, person)? {
            Some(next) => step = next,
            None => return Ok(String::from_utf8_lossy(&response.body).into_owned()),
        }
    }
    Err(VisitError::Circle)
}

/// One request: a GET, or a POST of a form.
struct Step {
    url: Url,
    form: Option<String>,
}

impl Step {
    fn take(&self, http: &Http) -> Result<Response, VisitError> {
        if !is_loopback_host(&self.url) {
            return Err(VisitError::Away);
        }
        let request = match &self.form {
            None => Request::get(self.url.as_str()).body(Vec::new()),
            Some(form) => Request::post(self.url.as_str())
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("origin", "null")
                .body(form.clone().into_bytes()),
        };
        Ok(http.send(request.expect("a parsed URL makes a request"))?)
    }

    /// Reads where a page leads; `None` when it is the last.
    fn next(&self, response: &Response, person: &str) -> Result<Option<Self>, VisitError> {
        if (300..400).contains(&response.status) {
            let to = response
                .headers
                .get(LOCATION)
                .and_then(|to| to.to_str().ok());
            let url = to.and_then(|to| self.url.join(to).ok());
            let url = url.ok_or(VisitError::Lost(response.status))?;
            return Ok(Some(Self { url, form: None }));
        }
        let page = String::from_utf8_lossy(&response.body);
        let Some((_, form)) = page.split_once("<form ") else {
            return Ok(None);
        };
        let lost = || VisitError::Lost(response.status);
        let action = attribute(form, "action").ok_or_else(lost)?;
        let url = self.url.join(&action).map_err(|_| lost())?;
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        for input in form
            .split("<input ")
            .skip(1)
            .filter(|input| is_hidden(input))
        {
            let name = attribute(input, "name").ok_or_else(lost)?;
            pairs.append_pair(&name, &attribute(input, "value").unwrap_or_default());
        }
        if form.contains("name=\"person\"") {
            pairs.append_pair("person", person);
        }
        if form.contains("name=\"decision\"") {
            pairs.append_pair("decision", "allow");
        }
        Ok(Some(Self {
            url,
            form: Some(pairs.finish()),
        }))
    }
}

fn is_hidden(input: &str) -> bool {
    attribute(input, "type").as_deref() == Some("hidden")
}

/// Reads an attribute of the tag that `text` begins within.
fn attribute(text: &str, name: &str) -> Option<String> {
    let (tag, _) = text.split_once('>')?;
    let (_, value) = tag.split_once(&format!("{name}=\""))?;
    let (value, _) = value.split_once('"')?;
    Some(unescape(value))
}

fn unescape(text: &str) -> String {
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    named.iter().fold(text.to_owned(), |text, (name, plain)| {
        text.replace(name, plain)
    })
}
