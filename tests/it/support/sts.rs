//! A stand-in for AWS STS on a real socket: takes what the real one takes (its API reference), refuses
//! everything else with the real one's codes, and writes down every request. Closed when dropped.

use std::collections::{BTreeMap, VecDeque};
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyfob::sys::clock::{Clock as _, SystemClock};

use super::front::request;

/// An STS that knows the role `dev` of one account.
pub(crate) struct Sts {
    inner: Arc<Inner>,
    port: u16,
}

#[derive(Default)]
struct Inner {
    stopped: AtomicBool,
    down: AtomicBool,
    seen: Mutex<Vec<BTreeMap<String, String>>>,
    instead: Mutex<VecDeque<(u16, String, String)>>,
    before: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Sts {
    /// The role that it knows.
    pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/team/dev";

    /// Opens.
    pub(crate) fn open() -> Self {
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
                thread::spawn(move || inner.exchange(stream.unwrap()));
            }
        });
        Self { inner, port }
    }

    /// The address.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The lines of a profile, or of its target, that name its role.
    pub(crate) fn lines(&self) -> String {
        format!(
            "aws_role = \"{}\"\naws_endpoint = \"{}\"\n",
            Self::ROLE,
            self.address()
        )
    }

    /// The forms that came.
    pub(crate) fn seen(&self) -> Vec<BTreeMap<String, String>> {
        self.inner.seen.lock().unwrap().clone()
    }

    /// How many requests came.
    pub(crate) fn requests(&self) -> usize {
        self.inner.seen.lock().unwrap().len()
    }

    /// Answers the next request otherwise; called again, the one after that.
    pub(crate) fn answer(&self, status: u16, body: &str) {
        self.answer_with(status, "", body);
    }

    /// The same with more lines in the header.
    pub(crate) fn answer_with(&self, status: u16, header: &str, body: &str) {
        let answer = (status, header.to_owned(), body.to_owned());
        self.inner.instead.lock().unwrap().push_back(answer);
    }

    /// Refuses the next request.
    pub(crate) fn refuse(&self, status: u16, code: &str, message: &str) {
        self.answer(status, &refusal(code, message));
    }

    /// Does something before the next answer.
    pub(crate) fn before_answer(&self, act: impl FnOnce() + Send + 'static) {
        *self.inner.before.lock().unwrap() = Some(Box::new(act));
    }

    /// Closes every connection without a word, or does so no longer.
    pub(crate) fn set_down(&self, down: bool) {
        self.inner.down.store(down, Ordering::SeqCst);
    }
}

impl Inner {
    fn exchange(&self, mut stream: TcpStream) -> Option<()> {
        if self.down.load(Ordering::SeqCst) {
            return None;
        }
        let bytes = request(&mut stream)?;
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let form: BTreeMap<String, String> = url::form_urlencoded::parse(body.as_bytes())
            .into_owned()
            .collect();
        let number = {
            let mut seen = self.seen.lock().unwrap();
            seen.push(form.clone());
            seen.len()
        };
        let before = self.before.lock().unwrap().take();
        if let Some(act) = before {
            act();
        }
        let instead = self.instead.lock().unwrap().pop_front();
        let (status, header, body) = instead.unwrap_or_else(|| {
            let (status, body) = answer(head, &form, number);
            (status, String::new(), body)
        });
        let whole = format!(
            "HTTP/1.1 {status} said\r\nContent-Type: text/xml\r\nConnection: close\r\n{header}\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(whole.as_bytes()).ok()
    }
}

fn answer(head: &str, form: &BTreeMap<String, String>, number: usize) -> (u16, String) {
    let value = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let invalid = |what: &str| (400, refusal("ValidationError", what));
    let head = head.to_ascii_lowercase();
    if !head.starts_with("post / http/1.1\r\n") || head.contains("\r\nauthorization:") {
        return invalid("an unsigned POST to the root is wanted");
    }
    if (value("Action"), value("Version")) != ("AssumeRoleWithWebIdentity", "2011-06-15") {
        return (400, refusal("InvalidAction", "no such action"));
    }
    let name = value("RoleSessionName");
    let fits = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if !(2..=64).contains(&name.len()) || !name.chars().all(fits) {
        return invalid("RoleSessionName");
    }
    let life: u64 = match form.get("DurationSeconds") {
        None => 3600,
        Some(text) => text.parse().unwrap(),
    };
    if !(900..=43_200).contains(&life) {
        return invalid("DurationSeconds");
    }
    let now = SystemClock::new().now();
    let Some(claims) = claims(value("WebIdentityToken")) else {
        return (400, refusal("InvalidIdentityToken", "not a JWT"));
    };
    if claims["exp"].as_i64().unwrap_or_default() <= now.0 {
        return (400, refusal("ExpiredTokenException", "Token expired"));
    }
    if value("RoleArn") != Sts::ROLE {
        let message = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
        return (403, refusal("AccessDenied", message));
    }
    let end = now.plus(Duration::from_secs(life));
    let end = jiff::Timestamp::from_second(end.0).unwrap();
    (200, granted(number, name, &claims, &end.to_string()))
}

fn claims(token: &str) -> Option<serde_json::Value> {
    let [_, claims, _] = token.split('.').collect::<Vec<_>>().try_into().ok()?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

/// A grant, as the real one writes it; no two are the same.
fn granted(number: usize, name: &str, claims: &serde_json::Value, end: &str) -> String {
    let audience = claims["azp"].as_str().or(claims["aud"].as_str());
    let (audience, subject) = (audience.unwrap_or("x"), claims["sub"].as_str().unwrap());
    format!(
        "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n\
         <AssumeRoleWithWebIdentityResult>\n\
         <SubjectFromWebIdentityToken>{subject}</SubjectFromWebIdentityToken>\n\
         <Audience>{audience}</Audience>\n<AssumedRoleUser>\n\
         <Arn>arn:aws:sts::123456789012:assumed-role/dev/{name}</Arn>\n\
         <AssumedRoleId>AROA123456789EXAMPLE:{name}</AssumedRoleId>\n</AssumedRoleUser>\n\
         <Credentials>\n<SessionToken>session/token+{number}==</SessionToken>\n\
         <SecretAccessKey>secret/key+{number}</SecretAccessKey>\n\
         <Expiration>{end}</Expiration>\n<AccessKeyId>ASIA{number:016}</AccessKeyId>\n\
         </Credentials>\n</AssumeRoleWithWebIdentityResult>\n\
         <ResponseMetadata><RequestId>request-{number}</RequestId></ResponseMetadata>\n\
         </AssumeRoleWithWebIdentityResponse>\n"
    )
}

fn refusal(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n<Error>\n\
         <Type>Sender</Type>\n<Code>{code}</Code>\n<Message>{message}</Message>\n</Error>\n\
         <RequestId>request-0</RequestId>\n</ErrorResponse>\n"
    )
}

impl Drop for Sts {
    fn drop(&mut self) {
        self.inner.stopped.store(true, Ordering::SeqCst);
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
    }
}
