//! Somebody at a browser: follows redirects, chooses a person, allows; and holds the answer for the
//! program back until told to deliver it, whole or changed.

use std::cell::RefCell;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use http::Request;
use http::header::{CONTENT_TYPE, HOST, LOCATION};
use keyfob::base::Vars;
use keyfob::sys::http::{Detours, Http, HttpSettings, Proxies, Response};
use url::Url;

thread_local! {
    /// Which hosts lead to a practice provider, for this test's browser.
    static DETOURS: RefCell<Detours> = const { RefCell::new(Vec::new()) };
}

/// From here on, this test's browser finds the hosts there.
pub(crate) fn leads(hosts: &[&str], port: u16) {
    let to = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let detours = hosts.iter().map(|host| ((*host).to_owned(), to));
    DETOURS.set(detours.collect());
}

/// A sign-in takes three steps; more is a circle.
const MOST_STEPS: usize = 12;

/// What the provider sends to the program by way of the browser.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// Where to, without the parameters.
    pub(crate) to: Url,
    /// What.
    pub(crate) parameters: Vec<(String, String)>,
    /// Whether it is posted as a form.
    pub(crate) posted: bool,
}

/// A page that the browser shows.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The fields.
    pub(crate) headers: http::HeaderMap,
    /// The text.
    pub(crate) text: String,
}

/// Opens an address and signs `amara` in.
#[track_caller]
pub(crate) fn approve(address: &Url) -> Answer {
    approve_as(address, "amara")
}

/// Opens an address and signs somebody in.
#[track_caller]
pub(crate) fn approve_as(address: &Url, person: &str) -> Answer {
    let mut step = Step::Get(address.clone());
    for _ in 0..MOST_STEPS {
        if step.url().origin() != address.origin() {
            return step.answer();
        }
        let response = step.take();
        step = step.next(&response, person);
    }
    panic!("the pages lead in a circle from {}", address.path());
}

/// Types a device's code at its address, and decides.
#[track_caller]
pub(crate) fn approve_device(page: &Url, code: &str, person: &str, decision: &str) {
    let asked = post(page, &[("user_code", code)]);
    let (_, form) = asked.split_once("<form ").unwrap();
    let hidden = form
        .split("<input ")
        .find(|input| attribute(input, "name").as_deref() == Some("ticket"));
    let ticket = attribute(hidden.unwrap(), "value").unwrap();
    let pairs = [
        ("ticket", ticket.as_str()),
        ("person", person),
        ("decision", decision),
    ];
    post(page, &pairs);
}

/// Returns the document at an address.
#[track_caller]
pub(crate) fn get(address: &str) -> String {
    let response = Step::Get(Url::parse(address).unwrap()).take();
    String::from_utf8_lossy(&response.body).into_owned()
}

/// Posts a form and returns the page.
#[track_caller]
pub(crate) fn post(url: &Url, pairs: &[(&str, &str)]) -> String {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let response = Step::Post(url.clone(), pairs.iter().map(own).collect()).take();
    assert_eq!(
        response.status,
        200,
        "{}",
        String::from_utf8_lossy(&response.body)
    );
    String::from_utf8_lossy(&response.body).into_owned()
}

impl Answer {
    /// Returns a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.parameters.iter().filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// Replaces a parameter, or adds it.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Leaves a parameter out.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.parameters.retain(|(known, _)| known != name);
        self
    }

    /// Brings it to the program, and waits for its page.
    #[track_caller]
    pub(crate) fn deliver(&self) -> Page {
        let response = send(self.request());
        Page {
            status: response.status,
            headers: response.headers.clone(),
            text: String::from_utf8_lossy(&response.body).into_owned(),
        }
    }

    /// The request that brings it, as a browser makes it.
    pub(crate) fn request(&self) -> Request<Vec<u8>> {
        if self.posted {
            return Step::Post(self.to.clone(), self.parameters.clone()).request();
        }
        let mut url = self.to.clone();
        url.query_pairs_mut().extend_pairs(&self.parameters);
        Step::Get(url).request()
    }

    /// The value of the `Host` field that belongs to it.
    pub(crate) fn host(&self) -> String {
        let request = self.request();
        let authority = request.uri().authority().unwrap();
        let given = request.headers().get(HOST);
        given.map_or(authority.to_string(), |host| {
            host.to_str().unwrap().to_owned()
        })
    }
}

enum Step {
    Get(Url),
    Post(Url, Vec<(String, String)>),
}

impl Step {
    fn url(&self) -> &Url {
        match self {
            Self::Get(url) | Self::Post(url, _) => url,
        }
    }

    fn request(&self) -> Request<Vec<u8>> {
        match self {
            Self::Get(url) => Request::get(url.as_str()).body(Vec::new()).unwrap(),
            Self::Post(url, pairs) => {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                let form = form.extend_pairs(pairs).finish();
                let request = Request::post(url.as_str())
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
                request
                    .header("origin", "null")
                    .body(form.into_bytes())
                    .unwrap()
            }
        }
    }

    #[track_caller]
    fn take(&self) -> Response {
        send(self.request())
    }

    #[track_caller]
    fn next(&self, response: &Response, person: &str) -> Self {
        let page = String::from_utf8_lossy(&response.body);
        if (300..400).contains(&response.status) {
            let to = response.headers[LOCATION].to_str().unwrap();
            return Self::Get(self.url().join(to).unwrap());
        }
        let (_, form) = page
            .split_once("<form ")
            .unwrap_or_else(|| panic!("nothing to do: {} {page}", response.status));
        let action = attribute(form, "action").unwrap();
        let mut pairs: Vec<(String, String)> = form
            .split("<input ")
            .skip(1)
            .filter(|input| attribute(input, "type").as_deref() == Some("hidden"))
            .map(|input| {
                let value = attribute(input, "value").unwrap_or_default();
                (attribute(input, "name").unwrap(), value)
            })
            .collect();
        for (name, value) in [("person", person), ("decision", "allow")] {
            if form.contains(&format!("name=\"{name}\"")) {
                pairs.push((name.to_owned(), value.to_owned()));
            }
        }
        Self::Post(self.url().join(&action).unwrap(), pairs)
    }

    fn answer(self) -> Answer {
        match self {
            Self::Get(mut to) => {
                let parameters = to.query_pairs().into_owned().collect();
                to.set_query(None);
                Answer {
                    to,
                    parameters,
                    posted: false,
                }
            }
            Self::Post(to, parameters) => Answer {
                to,
                parameters,
                posted: true,
            },
        }
    }
}

#[track_caller]
fn send(request: Request<Vec<u8>>) -> Response {
    let http = Http::new(HttpSettings {
        ca_file: None,
        proxies: Proxies::new(&Vars::default()),
        detours: DETOURS.with_borrow(Clone::clone),
        timeout: Duration::from_secs(60),
    });
    http.unwrap().send(request).unwrap()
}

/// Reads an attribute of the tag that `text` begins within.
fn attribute(text: &str, name: &str) -> Option<String> {
    let (tag, _) = text.split_once('>')?;
    let (_, value) = tag.split_once(&format!("{name}=\""))?;
    let (value, _) = value.split_once('"')?;
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    let plain = named.iter().fold(value.to_owned(), |text, (name, plain)| {
        text.replace(name, plain)
    });
    Some(plain)
}
