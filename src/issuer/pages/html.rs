//! Small HTML: escaping, one page frame, and the headers that lock a page down.
//!
//! Foreign text enters by [`Html::text`] or [`escape`] only.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use url::{Host, Url};

use crate::issuer::message::Answer;

const STYLE: &str = include_str!("style.css");
const SUBMIT: &str = "document.forms[0].submit()";

/// HTML that grows.
#[derive(Default)]
pub(in crate::issuer) struct Html(String);

impl Html {
    /// Adds markup of ours.
    pub(in crate::issuer) fn add(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds text, escaped.
    pub(in crate::issuer) fn text(&mut self, text: &str) -> &mut Self {
        self.0.push_str(&escape(text));
        self
    }
}

/// Makes text safe between tags and in quoted attributes.
pub(in crate::issuer) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

/// Returns a URI's origin, as people and policies read it.
pub(in crate::issuer) fn origin(uri: &str) -> String {
    Url::parse(uri).map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
}

/// A page on its way.
pub(in crate::issuer) struct Page {
    title: String,
    body: Html,
    form_action: Cow<'static, str>,
    script: Option<&'static str>,
}

impl Page {
    /// Makes a page whose forms lead back here only.
    pub(in crate::issuer) fn new(title: &str, body: Html) -> Self {
        Self {
            title: title.to_owned(),
            body,
            form_action: Cow::Borrowed("'self'"),
            script: None,
        }
    }

    /// Lets the page's forms lead to a URI: browsers judge the redirect behind a form, too.
    pub(in crate::issuer) fn leading_to(mut self, uri: &str) -> Self {
        let host = Url::parse(uri).ok().and_then(|url| match url.host() {
            // A policy has no words for an IPv6 address (CSP3 §2.3.1).
            Some(Host::Ipv6(_)) | None => None,
            Some(Host::Domain(_) | Host::Ipv4(_)) => Some(url.origin().ascii_serialization()),
        });
        let allowed = host.unwrap_or_else(|| "http:".to_owned());
        self.form_action = Cow::Owned(format!("'self' {allowed}"));
        self
    }

    /// Lets the page's forms lead to any web page.
    pub(in crate::issuer) fn leading_anywhere(mut self) -> Self {
        self.form_action = Cow::Borrowed("'self' http: https:");
        self
    }

    /// Makes the page submit its form.
    pub(in crate::issuer) fn submitting_itself(mut self) -> Self {
        self.script = Some(SUBMIT);
        self
    }

    /// Wraps the page up.
    pub(in crate::issuer) fn answer(self, status: u16) -> Answer {
        let script = self
            .script
            .map(|script| format!("<script>{script}</script>"));
        let html = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{} - practice provider</title><style>{STYLE}</style></head><body><main>\
             <p class=\"brand\"><b>Practice provider</b> &middot; made-up people, no passwords</p>\
             {}</main>{}</body></html>",
            escape(&self.title),
            self.body.0,
            script.unwrap_or_default(),
        );
        let script_source = self
            .script
            .map(|script| format!("; script-src {}", source(script)));
        let policy = format!(
            "default-src 'none'; style-src {}; form-action {}; frame-ancestors 'none'; \
             base-uri 'none'{}",
            source(STYLE),
            self.form_action,
            script_source.unwrap_or_default(),
        );
        Answer::empty(status)
            .holding("text/html; charset=utf-8", html.into_bytes())
            .with("Content-Security-Policy", policy)
            .with("Referrer-Policy", "no-referrer".to_owned())
            .with("X-Content-Type-Options", "nosniff".to_owned())
            .with("X-Frame-Options", "DENY".to_owned())
            .no_store()
    }
}

/// Names inline text in a policy by its hash (CSP3 §2.3.1).
fn source(text: &str) -> String {
    let sum = digest(&SHA256, text.as_bytes());
    format!("'sha256-{}'", STANDARD.encode(sum.as_ref()))
}
