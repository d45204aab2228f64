//! A small web server on loopback, of which a test says what it answers.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tiny_http::{Header, Response, Server};

use super::gateway::Gateway;

/// More than one, so that nobody waits for a client who asks twice at once.
const THREADS: usize = 4;

/// What a client asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// With the query.
    pub(crate) path: String,
    pub(crate) body: Vec<u8>,
    headers: Vec<(String, String)>,
}

impl Asked {
    /// A field of the header, whatever its case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.headers.iter();
        let found = fields.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// How it was authorized: the scheme, without what follows.
    pub(crate) fn scheme(&self) -> Option<&str> {
        self.header("authorization")?.split(' ').next()
    }
}

/// What it is told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Told {
    pub(crate) fn text(status: u16, text: &str) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: text.as_bytes().to_owned(),
        }
        .with("Content-Type", "text/plain")
    }

    pub(crate) fn json(status: u16, value: &serde_json::Value) -> Self {
        Self::text(status, &value.to_string()).with("Content-Type", "application/json")
    }

    /// With this field, and no other of its name.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Open until dropped.
pub(crate) struct Web {
    server: Arc<Server>,
    threads: Vec<JoinHandle<()>>,
    asked: Arc<Mutex<Vec<Asked>>>,
    gateway: Option<Gateway>,
}

impl Web {
    /// Answers on plain HTTP, as this does.
    pub(crate) fn plain(answer: impl Fn(&Asked) -> Told + Send + Sync + 'static) -> Self {
        let server = Server::http("127.0.0.1:0").expect("a loopback port is free");
        let (server, answer) = (Arc::new(server), Arc::new(answer));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let threads = (0..THREADS).map(|_| {
            let (server, answer) = (Arc::clone(&server), Arc::clone(&answer));
            let asked = Arc::clone(&asked);
            thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    serve(request, &*answer, &asked);
                }
            })
        });
        let threads = threads.collect();
        Self {
            server,
            threads,
            asked,
            gateway: None,
        }
    }

    /// Answers with TLS, for `localhost`, as this does.
    pub(crate) fn tls(answer: impl Fn(&Asked) -> Told + Send + Sync + 'static) -> Self {
        let gateway = Gateway::tls();
        let mut web = Self::plain(answer);
        gateway.pass_on_to(web.port());
        web.gateway = Some(gateway);
        web
    }

    fn port(&self) -> u16 {
        let address = self.server.server_addr().to_ip();
        address.expect("it listens on an address").port()
    }

    /// The origin that clients see.
    pub(crate) fn origin(&self) -> String {
        match &self.gateway {
            Some(gateway) => gateway.origin(),
            None => format!("http://127.0.0.1:{}", self.port()),
        }
    }

    /// Its certificate as PEM, if it has one.
    pub(crate) fn certificate(&self) -> Option<&str> {
        self.gateway.as_ref().and_then(Gateway::certificate)
    }

    /// Everything it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.clone()
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        // Each wakes one of them.
        for _ in &self.threads {
            self.server.unblock();
        }
        for thread in std::mem::take(&mut self.threads) {
            drop(thread.join());
        }
    }
}

fn serve(
    mut request: tiny_http::Request,
    answer: &(dyn Fn(&Asked) -> Told + Send + Sync),
    asked: &Mutex<Vec<Asked>>,
) {
    let fields = request.headers().iter();
    let mut one = Asked {
        method: request.method().to_string(),
        path: request.url().to_owned(),
        body: Vec::new(),
        headers: fields
            .map(|field| (field.field.to_string(), field.value.to_string()))
            .collect(),
    };
    // Where an upgrade is offered, as cargo does, there is no end of what could be read.
    let has_body = ["content-length", "transfer-encoding"]
        .iter()
        .any(|name| one.header(name).is_some());
    if has_body {
        // Who hangs up in the middle is answered as one who sent less.
        drop(request.as_reader().read_to_end(&mut one.body));
    }
    let told = answer(&one);
    let mut log = asked.lock().unwrap_or_else(PoisonError::into_inner);
    log.push(one);
    drop(log);
    let mut response = Response::from_data(told.body).with_status_code(told.status);
    for (name, value) in told.headers {
        let field = Header::from_bytes(name, value).expect("a test writes a proper field");
        response.add_header(field);
    }
    drop(request.respond(response));
}

/// Hands a request to another server, and its answer back.
#[track_caller]
pub(crate) fn pass_on(origin: &str, asked: &Asked) -> Told {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let mut request = http::Request::builder()
        .method(asked.method.as_str())
        .uri(format!("{origin}{}", asked.path));
    for (name, value) in &asked.headers {
        let is_of_connection = ["host", "connection", "content-length", "transfer-encoding"]
            .contains(&name.to_ascii_lowercase().as_str());
        if !is_of_connection {
            request = request.header(name, value);
        }
    }
    let request = request.body(&asked.body[..]).expect("it came as a request");
    let mut answer = agent.run(request).expect("the server behind it is up");
    let headers = answer.headers().iter();
    let headers = headers
        .filter(|(name, _)| {
            !["connection", "content-length", "transfer-encoding"].contains(&name.as_str())
        })
        .map(|(name, value)| {
            let value = value.to_str().expect("such fields are ASCII");
            (name.to_string(), value.to_owned())
        });
    Told {
        status: answer.status().as_u16(),
        headers: headers.collect(),
        body: answer.body_mut().read_to_vec().expect("it answers in full"),
    }
}
