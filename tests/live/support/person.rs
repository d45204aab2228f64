//! A person without a browser: follows redirects, keeps cookies, fills in the forms it meets and
//! presses their buttons, until a page asks for nothing more.

use std::collections::BTreeMap;
use std::sync::Arc;

use ureq::http::{HeaderMap, Response, header};
use ureq::tls::TlsConfig;
use ureq::{Agent, Body};
use url::{Url, form_urlencoded};

use super::html::{Button, Form, forms, text};

/// Who signs in, and what they say when asked.
pub(crate) struct Person {
    name: &'static str,
    declines: bool,
    user_code: String,
    agent: Agent,
    cookies: BTreeMap<(String, String), String>,
}

/// People of these tests do not look at certificates; the program does.
fn any_certificate() -> TlsConfig {
    TlsConfig::builder()
        .disable_verification(true)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build()
}

/// A page a person has arrived at.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
}

impl Page {
    /// What the person reads there.
    pub(crate) fn text(&self) -> String {
        text(&self.html)
    }
}

/// More pages than any sign-in here has.
const PAGES: usize = 20;

impl Person {
    pub(crate) fn new(name: &'static str) -> Self {
        let agent = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(super::PATIENCE))
            .proxy(None)
            .tls_config(any_certificate())
            .build()
            .into();
        Self {
            name,
            declines: false,
            user_code: String::new(),
            agent,
            cookies: BTreeMap::new(),
        }
    }

    /// One who looks at the sign-in page and says no.
    pub(crate) fn declining(name: &'static str) -> Self {
        Self {
            declines: true,
            ..Self::new(name)
        }
    }

    /// One who types the code that another device shows.
    pub(crate) fn with_code(name: &'static str, user_code: String) -> Self {
        Self {
            user_code,
            ..Self::new(name)
        }
    }

    /// Opens this address and does what the pages ask, up to the last one.
    #[track_caller]
    pub(crate) fn walk(&mut self, url: &str) -> Page {
        let url = Url::parse(url).unwrap_or_else(|error| panic!("`{url}` is no address: {error}"));
        let mut page = self.get(&url);
        for _ in 0..PAGES {
            if let Some(way) = page.headers.get(header::LOCATION) {
                let way = way.to_str().expect("a redirect is text");
                page = self.get(&page.url.join(way).expect("a redirect is an address"));
                continue;
            }
            if let Some(cancel) = self.way_out(&page) {
                page = self.get(&cancel);
                continue;
            }
            let Some(form) = forms(&page.html).into_iter().next() else {
                return page;
            };
            page = self.send(&page.url, &form);
        }
        panic!(
            "{PAGES} pages without an end; the last was {}",
            page.url.path()
        );
    }

    /// Where someone who declines goes: the page's link out, when it has one.
    fn way_out(&self, page: &Page) -> Option<Url> {
        let (before, _) = page
            .html
            .split_once("[ Cancel ]")
            .filter(|_| self.declines)?;
        let link = before.rsplit("href=\"").next()?.split('"').next()?;
        page.url.join(link).ok()
    }

    fn send(&mut self, at: &Url, form: &Form) -> Page {
        let mut body = form_urlencoded::Serializer::new(String::new());
        let here = form
            .fields
            .iter()
            .any(|field| field.is_choice() && field.value == self.name);
        for field in &form.fields {
            let value = match (field.name.as_str(), field.kind.as_str()) {
                (_, "radio") if here && field.value != self.name => continue,
                (_, "radio") if !here && !field.checked => continue,
                ("login", _) => self.name,
                ("user_code", kind) if kind != "hidden" => &self.user_code,
                (_, "password") => "any",
                _ => &field.value,
            };
            body.append_pair(&field.name, value);
        }
        if let Some(button) = self.choose(&form.buttons) {
            body.append_pair(button.name.as_deref().unwrap_or_default(), &button.value);
        }
        let target = at
            .join(&form.action)
            .expect("a form's action is an address");
        let request = self
            .agent
            .post(target.as_str())
            .header(header::COOKIE, self.cookies_for(&target))
            .header(header::ORIGIN, at.origin().ascii_serialization());
        let answer = request
            .content_type("application/x-www-form-urlencoded")
            .send(body.finish())
            .unwrap_or_else(|error| panic!("the form for {} was not sent: {error}", target.path()));
        self.arrive(target, answer)
    }

    /// The named button of this person's choice: saying no, being oneself, or the first there is.
    fn choose<'a>(&self, buttons: &'a [Button]) -> Option<&'a Button> {
        let worth = |button: &&Button| match button.value.as_str() {
            "deny" => {
                if self.declines {
                    3
                } else {
                    -1
                }
            }
            value if value == self.name => 2,
            _ => 1,
        };
        let best = buttons.iter().rev().max_by_key(worth)?;
        Some(best).filter(|button| button.name.is_some())
    }

    fn get(&mut self, url: &Url) -> Page {
        let answer = self
            .agent
            .get(url.as_str())
            .header(header::COOKIE, self.cookies_for(url))
            .call()
            .unwrap_or_else(|error| panic!("{} did not answer: {error}", url.path()));
        self.arrive(url.clone(), answer)
    }

    fn arrive(&mut self, url: Url, answer: Response<Body>) -> Page {
        let (parts, mut body) = answer.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("a cookie is text");
            let pair = line.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                let site = url.host_str().unwrap_or_default().to_owned();
                self.cookies
                    .insert((site, name.to_owned()), value.to_owned());
            }
        }
        let html = body.read_to_string().expect("a page is text");
        Page {
            url,
            status: parts.status.as_u16(),
            headers: parts.headers,
            html,
        }
    }

    /// Cookies go by host name, whatever the port, as browsers do it.
    fn cookies_for(&self, url: &Url) -> String {
        let ours = self.cookies.iter().filter(|((site, _), value)| {
            Some(site.as_str()) == url.host_str() && !value.is_empty()
        });
        ours.map(|((_, name), value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ")
    }
}
