//! Microsoft Entra ID as far as sessions are concerned: tenants, guests, one refresh token for all
//! of them, refusals in its own words. A real server with real signatures; it keeps no secret.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use keyfob::sys::clock::{Clock as _, SystemClock};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rsa::pkcs8::EncodePrivateKey as _;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::{Answer, World};

/// The tenant that everybody is at home in.
pub(crate) const HOME: &str = "aaaaaaaa-0000-4000-8000-000000000001";

/// The tenant that everybody is a guest of.
pub(crate) const AWAY: &str = "bbbbbbbb-0000-4000-8000-000000000002";

/// One key for all: making it is the slow part.
static KEY: LazyLock<RsaKeyPair> = LazyLock::new(|| {
    let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
    RsaKeyPair::from_pkcs8(key.to_pkcs8_der().unwrap().as_bytes()).unwrap()
});

/// The parameters of a request to the token endpoint, and the tenant that it was sent to.
pub(crate) type Form = BTreeMap<String, String>;

/// Refuses a token request: a status and a body.
type Refuse = dyn Fn(&Form) -> Option<(u16, Value)> + Send;

/// Changes what is answered to a token request.
type Change = dyn Fn(&Form, &mut Value) + Send;

/// A stand-in for Entra; open until dropped.
pub(crate) struct Entra {
    inner: Arc<Inner>,
    port: u16,
}

#[derive(Default)]
struct Inner {
    stopped: AtomicBool,
    /// Whether nobody gets the keys of the tenant away from home, and who waits for them.
    holds: AtomicBool,
    waiting: Mutex<Vec<TcpStream>>,
    state: Mutex<State>,
    refuse: Mutex<Option<Box<Refuse>>>,
    change: Mutex<Option<Box<Change>>>,
}

#[derive(Default)]
struct State {
    /// What each code and each refresh token is good for: a person, and a nonce.
    grants: BTreeMap<String, (String, Option<String>)>,
    seen: Vec<Form>,
    count: usize,
}

impl Entra {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let inner = Arc::new(Inner::default());
        let accepting = Arc::clone(&inner);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if accepting.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let inner = Arc::clone(&accepting);
                thread::spawn(move || inner.serve(stream.unwrap(), port));
            }
        });
        Self { inner, port }
    }

    /// A user with profiles: name, tenant, scopes, and more lines.
    pub(crate) fn world(&self, profiles: &[(&str, &str, &str, &str)]) -> World {
        let world = World::new();
        self.configure(&world, profiles);
        world
    }

    /// Writes a user's profiles.
    pub(crate) fn configure(&self, world: &World, profiles: &[(&str, &str, &str, &str)]) {
        let browser = world.browser_command();
        let texts = profiles.iter().map(|(name, tenant, scopes, more)| {
            format!(
                "[profile.{name}]\nprovider = \"entra\"\ncloud = \"http://127.0.0.1:{}\"\n\
                 tenant = \"{tenant}\"\nclient_id = \"keyfob-cli\"\nscopes = \"{scopes}\"\n\
                 store = \"sealed\"\nbrowser = \"{browser}\"\n{more}\n",
                self.port
            )
        });
        world.configure(&texts.collect::<String>());
    }

    /// The issuer of a tenant.
    pub(crate) fn issuer(&self, tenant: &str) -> String {
        issuer(self.port, tenant)
    }

    /// Runs a `login` line with a person at the browser, and returns the address that they opened.
    #[track_caller]
    pub(crate) fn login(&self, world: &World, line: &str, person: &str) -> (Url, super::Output) {
        let mut running = world.spawn(&format!("login {line} --no-browser"));
        let address = running.address();
        self.approve(&address, person).deliver();
        (address, running.wait())
    }

    /// Signs a person in at an address; what comes back is held until it is delivered.
    pub(crate) fn approve(&self, address: &Url, person: &str) -> Answer {
        let asked: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
        let mut state = self.inner.state.lock().unwrap();
        state.count += 1;
        let code = format!("code-{}", state.count);
        let grant = (person.to_owned(), asked.get("nonce").cloned());
        state.grants.insert(code.clone(), grant);
        let parameters = [("code", code), ("state", asked["state"].clone())];
        Answer {
            to: asked["redirect_uri"].parse().unwrap(),
            parameters: parameters
                .map(|(name, value)| (name.to_owned(), value))
                .to_vec(),
            posted: asked
                .get("response_mode")
                .is_some_and(|mode| mode == "form_post"),
        }
    }

    /// Refuses the token requests that `refuse` knows an answer to.
    pub(crate) fn refuse(&self, refuse: impl Fn(&Form) -> Option<(u16, Value)> + Send + 'static) {
        *self.inner.refuse.lock().unwrap() = Some(Box::new(refuse));
    }

    /// Changes what is answered to token requests.
    pub(crate) fn change(&self, change: impl Fn(&Form, &mut Value) + Send + 'static) {
        *self.inner.change.lock().unwrap() = Some(Box::new(change));
    }

    /// Gives nobody the keys of the tenant away from home: whoever wants them waits in vain.
    pub(crate) fn hold_keys(&self) {
        self.inner.holds.store(true, Ordering::SeqCst);
    }

    /// Whether somebody wants the keys that are held.
    pub(crate) fn keys_are_wanted(&self) -> bool {
        !self.inner.waiting.lock().unwrap().is_empty()
    }

    /// Is as it was.
    pub(crate) fn behave(&self) {
        self.inner.holds.store(false, Ordering::SeqCst);
        *self.inner.refuse.lock().unwrap() = None;
        *self.inner.change.lock().unwrap() = None;
    }

    /// Every token request so far.
    pub(crate) fn seen(&self) -> Vec<Form> {
        self.inner.state.lock().unwrap().seen.clone()
    }

    /// The refresh token that was given last.
    pub(crate) fn brought(&self) -> String {
        format!("rt-{}", self.inner.state.lock().unwrap().count)
    }

    /// Whose a refresh token is.
    pub(crate) fn person_of(&self, refresh_token: &str) -> String {
        self.inner.state.lock().unwrap().grants[refresh_token]
            .0
            .clone()
    }

    /// Every refresh so far.
    pub(crate) fn refreshes(&self) -> Vec<Form> {
        let mut seen = self.seen();
        seen.retain(|form| form["grant_type"] == "refresh_token");
        seen
    }
}

/// Refuses as Entra does.
pub(crate) fn said(error: &str, suberror: Option<&str>) -> (u16, Value) {
    let mut body = json!({
        "error": error, "error_codes": [50076], "trace_id": "0a", "correlation_id": "73",
        "error_description": "AADSTS50076: no.\r\nTrace ID: 0a\r\nCorrelation ID: 73",
        "timestamp": "2026-11-23 12:00:00Z",
    });
    if let Some(suberror) = suberror {
        body["suberror"] = suberror.into();
    }
    (400, body)
}

/// What a person is called, and their object's id in a tenant.
pub(crate) fn object(person: &str, tenant: &str) -> String {
    let digest = ring::digest::digest(
        &ring::digest::SHA256,
        format!("{person} {tenant}").as_bytes(),
    );
    let hex = keyfob::base::hex(&digest.as_ref()[..16]);
    let groups = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    groups.join("-")
}

/// What the token endpoint says of a person's home.
pub(crate) fn client_info(person: &str) -> String {
    BASE64.encode(json!({ "uid": object(person, HOME), "utid": HOME }).to_string())
}

fn issuer(port: u16, tenant: &str) -> String {
    format!("http://127.0.0.1:{port}/{tenant}/v2.0")
}

impl Inner {
    fn serve(&self, stream: TcpStream, port: u16) -> Option<()> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let path = line.split(' ').nth(1)?.to_owned();
        let mut length = 0;
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).ok()?;
            let header = header.trim().to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if header.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let path = path.split('?').next()?;
        let (tenant, rest) = path.trim_start_matches('/').split_once('/')?;
        let (status, answer) = match rest {
            "v2.0/.well-known/openid-configuration" => (200, metadata(port, tenant)),
            "discovery/v2.0/keys" => {
                if tenant == AWAY && self.holds.load(Ordering::SeqCst) {
                    self.waiting.lock().unwrap().push(reader.into_inner());
                    return None;
                }
                (200, keys(port, tenant))
            }
            "oauth2/v2.0/token" => {
                let mut form: Form = form_urlencoded::parse(&body).into_owned().collect();
                form.insert("tenant".into(), tenant.into());
                self.token(&form, port)
            }
            _ => (404, json!({})),
        };
        let text = answer.to_string();
        let head = format!(
            "HTTP/1.1 {status} said\r\nContent-Type: application/json\r\nConnection: close\r\n\
             Content-Length: {}\r\n\r\n",
            text.len()
        );
        let stream = reader.get_mut();
        stream.write_all((head + &text).as_bytes()).ok()?;
        stream.flush().ok()
    }

    fn token(&self, form: &Form, port: u16) -> (u16, Value) {
        let mut state = self.state.lock().unwrap();
        state.seen.push(form.clone());
        if let Some(refused) = self.refuse.lock().unwrap().as_ref().and_then(|it| it(form)) {
            return refused;
        }
        let spent = form.get("code").or(form.get("refresh_token")).unwrap();
        let Some((person, nonce)) = state.grants.get(spent).cloned() else {
            return said("invalid_grant", Some("bad_token"));
        };
        if form.contains_key("code") {
            state.grants.remove(spent);
        }
        state.count += 1;
        let (access, refresh) = (format!("at-{}", state.count), format!("rt-{}", state.count));
        // The refresh token before stays good.
        state.grants.insert(refresh.clone(), (person.clone(), None));
        let mut answer = json!({
            "token_type": "Bearer", "expires_in": "3599", "ext_expires_in": 3599,
            "access_token": access, "refresh_token": refresh,
            "id_token": id_token(form, &person, nonce.as_deref(), port),
        });
        if form.get("client_info").is_some_and(|asked| asked == "1") {
            answer["client_info"] = client_info(&person).into();
        }
        if let Some(scope) = form.get("scope") {
            answer["scope"] = scope.as_str().into();
        }
        if let Some(change) = self.change.lock().unwrap().as_ref() {
            change(form, &mut answer);
        }
        (200, answer)
    }
}

fn metadata(port: u16, tenant: &str) -> Value {
    let at = format!("http://127.0.0.1:{port}/{tenant}");
    json!({
        "issuer": issuer(port, tenant),
        "authorization_endpoint": format!("{at}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{at}/oauth2/v2.0/token"),
        "jwks_uri": format!("{at}/discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    })
}

fn keys(port: u16, tenant: &str) -> Value {
    let public = PublicKeyComponents::<Vec<u8>>::from(KEY.public());
    json!({ "keys": [{
        "kty": "RSA", "use": "sig", "kid": "k1", "issuer": issuer(port, tenant),
        "n": BASE64.encode(&public.n), "e": BASE64.encode(&public.e),
    }] })
}

fn id_token(form: &Form, person: &str, nonce: Option<&str>, port: u16) -> String {
    let (tenant, now) = (&form["tenant"], SystemClock::new().now().0);
    let mut claims = json!({
        "iss": issuer(port, tenant), "aud": form["client_id"], "ver": "2.0", "tid": tenant,
        "oid": object(person, tenant), "sub": format!("pairwise-{person}-{tenant}"),
        "preferred_username": format!("{person}@contoso.example"),
        "login_hint": format!("O.{person}"), "iat": now, "nbf": now, "exp": now + 3600,
    });
    if let Some(nonce) = nonce {
        claims["nonce"] = nonce.into();
    }
    sign(&claims)
}

/// Signs claims as the stand-in does.
pub(crate) fn sign(claims: &Value) -> String {
    let header = json!({ "typ": "JWT", "alg": "RS256", "kid": "k1" });
    let parts = [header.to_string(), claims.to_string()].map(|part| BASE64.encode(part));
    let text = parts.join(".");
    let mut signature = vec![0; KEY.public().modulus_len()];
    let random = SystemRandom::new();
    KEY.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature)
        .unwrap();
    format!("{text}.{}", BASE64.encode(signature))
}

impl Drop for Entra {
    fn drop(&mut self) {
        self.inner.stopped.store(true, Ordering::SeqCst);
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
    }
}
