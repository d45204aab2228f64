//! A client for these tests: it sends what it is told to and hands back what came.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use url::Url;

use crate::issuer::random::{base64url, digest};
use crate::issuer::{Algorithm, Fault, Provider, Settings};

pub(super) const REDIRECT: &str = "http://127.0.0.1:4711/callback";
pub(super) const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters";
pub(super) const SCOPE: &str = "openid profile email groups offline_access orders.read";

/// A provider and someone to talk to it.
pub(super) struct Wire {
    pub(super) provider: Provider,
    agent: ureq::Agent,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
}

/// Settings that start in no time: no RSA key is made.
pub(super) fn quick() -> Settings {
    Settings {
        algorithm: Algorithm::Es256,
        auto_approve: Some("amara".to_owned()),
        interval: Duration::ZERO,
        ..Settings::default()
    }
}

/// The same, with a fault.
pub(super) fn faulty(name: &str) -> Settings {
    Settings {
        faults: vec![Fault::parse(name).unwrap()],
        ..quick()
    }
}

impl Wire {
    pub(super) fn start(settings: Settings) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(20)))
            .build();
        Self {
            provider: Provider::start(settings).unwrap(),
            agent: config.into(),
        }
    }

    /// Returns an address of the provider.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.provider.issuer())
    }

    pub(super) fn get(&self, path: &str) -> Reply {
        self.get_with(path, &[])
    }

    pub(super) fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.try_get(&self.at(path), headers).unwrap()
    }

    pub(super) fn try_get(
        &self,
        url: &str,
        headers: &[(&str, &str)],
    ) -> Result<Reply, ureq::Error> {
        let mut request = self.agent.get(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.call().and_then(Reply::read)
    }

    pub(super) fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        self.post_with(path, form, &[])
    }

    pub(super) fn post_with(
        &self,
        path: &str,
        form: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Reply {
        self.try_post(path, form, headers).unwrap()
    }

    pub(super) fn try_post(
        &self,
        path: &str,
        form: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Result<Reply, ureq::Error> {
        self.try_post_to(&self.at(path), form, headers)
    }

    pub(super) fn try_post_to(
        &self,
        url: &str,
        form: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Result<Reply, ureq::Error> {
        let mut request = self.agent.post(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send_form(form.iter().copied());
        answer.and_then(Reply::read)
    }

    /// Asks for authorization, with changes to a request that is in order: `""` leaves one out.
    pub(super) fn authorize(&self, changes: &[(&str, &str)]) -> Reply {
        self.get(&authorize_path(changes))
    }

    /// Signs in and returns the code.
    pub(super) fn code(&self, changes: &[(&str, &str)]) -> String {
        let reply = self.authorize(changes);
        reply.callback().remove("code").expect("a code comes back")
    }

    /// Trades a code, with changes to a request that is in order.
    pub(super) fn trade(&self, code: &str, changes: &[(&str, &str)]) -> Reply {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", "keyfob-cli"),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("code", code),
        ];
        change(&mut form, changes);
        self.post("/token", &form)
    }

    /// Signs in and returns the token answer.
    pub(super) fn sign_in(&self) -> Value {
        let reply = self.trade(&self.code(&[]), &[]);
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()
    }

    /// Fetches the metadata with little patience.
    pub(super) fn impatient(&self, patience: Duration) -> Result<Reply, ureq::Error> {
        let request = self.agent.get(self.at("/.well-known/openid-configuration"));
        let request = request.config().timeout_global(Some(patience)).build();
        request.call().and_then(Reply::read)
    }

    /// Trades a code with little patience.
    pub(super) fn impatient_trade(
        &self,
        code: &str,
        patience: Duration,
    ) -> Result<Reply, ureq::Error> {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", "keyfob-cli"),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("code", code),
        ];
        self.impatient_post("/token", &form, patience)
    }

    /// Posts a form with little patience.
    pub(super) fn impatient_post(
        &self,
        path: &str,
        form: &[(&str, &str)],
        patience: Duration,
    ) -> Result<Reply, ureq::Error> {
        let request = self.agent.post(self.at(path));
        let request = request.config().timeout_global(Some(patience)).build();
        request
            .send_form(form.iter().copied())
            .and_then(Reply::read)
    }

    /// Refreshes.
    pub(super) fn refresh(&self, token: &str, changes: &[(&str, &str)]) -> Reply {
        let mut form = vec![
            ("grant_type", "refresh_token"),
            ("client_id", "keyfob-cli"),
            ("refresh_token", token),
        ];
        change(&mut form, changes);
        self.post("/token", &form)
    }

    /// Calls the protected resource.
    pub(super) fn echo(&self, token: &str) -> Reply {
        self.get_with("/echo", &[("Authorization", &format!("Bearer {token}"))])
    }
}

/// Writes an authorization request, with changes to one that is in order.
pub(super) fn authorize_path(changes: &[(&str, &str)]) -> String {
    let challenge = base64url(&digest(VERIFIER));
    let mut query = vec![
        ("response_type", "code"),
        ("client_id", "keyfob-cli"),
        ("redirect_uri", REDIRECT),
        ("scope", SCOPE),
        ("state", "the-state"),
        ("nonce", "the-nonce"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    change(&mut query, changes);
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    format!("/authorize?{query}")
}

/// Replaces, adds and (when empty) leaves out parameters.
fn change<'a>(form: &mut Vec<(&'a str, &'a str)>, changes: &[(&'a str, &'a str)]) {
    for (name, value) in changes {
        form.retain(|(other, _)| other != name);
        if !value.is_empty() {
            form.push((name, value));
        }
    }
}

impl Reply {
    fn read(answer: http::Response<ureq::Body>) -> Result<Self, ureq::Error> {
        let (parts, mut body) = answer.into_parts();
        let headers = parts.headers.iter().map(|(name, value)| {
            let value = value.to_str().unwrap_or_default();
            (name.as_str().to_owned(), value.to_owned())
        });
        Ok(Self {
            status: parts.status.as_u16(),
            headers: headers.collect(),
            body: body.with_config().limit(4 << 20).read_to_string()?,
        })
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// Returns the OAuth error code of a JSON answer.
    pub(super) fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }

    /// Returns the parameters of the redirect.
    pub(super) fn callback(&self) -> BTreeMap<String, String> {
        assert_eq!(self.status, 303, "{self:?}");
        let to = Url::parse(self.header("location")).unwrap();
        assert!(to.as_str().starts_with(REDIRECT), "{to}");
        to.query_pairs().into_owned().collect()
    }

    /// Returns a hidden field's value.
    pub(super) fn field(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&start).expect("the field is there");
        rest.split('"').next().unwrap().to_owned()
    }
}

/// Takes a token apart: header and claims.
pub(super) fn parts(token: &str) -> (Value, Value) {
    let read = |text: &str| -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
    };
    let mut parts = token.split('.');
    (read(parts.next().unwrap()), read(parts.next().unwrap()))
}

/// Returns a member that is text.
pub(super) fn text<'a>(json: &'a Value, name: &str) -> &'a str {
    json[name]
        .as_str()
        .unwrap_or_else(|| panic!("`{name}` is text in {json}"))
}

/// Tells whether a key of a key set verifies a token.
pub(super) fn verifies(token: &str, jwk: &Value) -> bool {
    use ring::signature::{
        ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
        UnparsedPublicKey,
    };
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(jwk, name)).unwrap();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    match text(jwk, "kty") {
        "EC" => {
            let point = [vec![4], bytes("x"), bytes("y")].concat();
            let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
            key.verify(message.as_bytes(), &signature).is_ok()
        }
        "RSA" => {
            let (n, e) = (bytes("n"), bytes("e"));
            let key = RsaPublicKeyComponents { n, e };
            let algorithm = &RSA_PKCS1_2048_8192_SHA256;
            key.verify(algorithm, message.as_bytes(), &signature)
                .is_ok()
        }
        _ => false,
    }
}
