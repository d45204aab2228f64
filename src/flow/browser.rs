//! Signs in with the browser: authorization code with PKCE through a loopback redirect
//! (RFC 8252 §7.3, RFC 7636, RFC 9207; pushed by RFC 9126 when the provider offers it).
//!
//! The page that ends the sign-in is shown after the tokens were traded and verified, so it tells
//! what really happened. Never falls back to another flow by itself.

use std::cell::RefCell;
use std::time::Duration;

use url::Url;

use super::exchange::{self, Circumstances};
use super::page::{self, Outcome};
use super::{Client, Error, Event, SignedIn, Wire, draw};
use crate::base::{Secret, Timestamp};
use crate::oauth::authorize::{self, Request, ResponseMode};
use crate::oauth::callback::{self, CallbackError, Expected, Verdict};
use crate::oauth::grant::{Grant, Wanted};
use crate::oauth::metadata::Metadata;
use crate::sys::browser::{Browser, BrowserError};
use crate::sys::loopback::{Accept, Answer, Bind, Listener, LoopbackError, Reply};

/// The settings of one browser sign-in.
pub struct Settings<'a> {
    /// The profile's name, for the page that ends the sign-in.
    pub profile: &'a str,
    /// What the tokens shall be good for.
    pub wanted: &'a Wanted,
    /// Where the answer shall come.
    pub bind: Bind,
    /// How the answer shall come; `None` leaves it to what the provider offers.
    pub response_mode: Option<ResponseMode>,
    /// Parameters that the profile adds.
    pub extra: &'a [(String, String)],
    /// How long the person has.
    pub timeout: Duration,
}

impl Settings<'_> {
    /// The `max_age` that the profile asks for, which the answer must then meet (OIDC Core §3.1.2.1).
    fn max_age(&self) -> Option<Duration> {
        self.added("max_age")?.parse().ok().map(Duration::from_secs)
    }

    /// The value of a parameter that the profile adds.
    fn added(&self, parameter: &str) -> Option<&str> {
        let (_, value) = self.extra.iter().find(|(name, _)| name == parameter)?;
        Some(value)
    }
}

/// What the flow needs from the person's side.
pub struct Person<'a> {
    /// Opens the browser; `None` when the person wants to open the address.
    pub browser: Option<&'a dyn Browser>,
    /// Tells the person what goes on.
    pub tell: &'a mut dyn FnMut(Event<'_>),
    /// Tells whether the person has interrupted.
    pub interrupted: &'a dyn Fn() -> bool,
}

/// What was drawn for one sign-in, and when.
struct Drawn {
    state: Secret,
    nonce: Secret,
    verifier: Secret,
    began: Timestamp,
}

/// Signs in with the browser.
///
/// # Errors
///
/// Every [`Error`]; nothing was stored then, and the port is free again.
pub fn sign_in(
    wire: Wire<'_>,
    client: &Client,
    settings: &Settings<'_>,
    person: &mut Person<'_>,
) -> Result<SignedIn, Error> {
    let drawn = Drawn {
        state: draw()?,
        nonce: draw()?,
        verifier: draw()?,
        began: wire.clock.now(),
    };
    let mode = settings
        .response_mode
        .unwrap_or_else(|| best_mode(&client.metadata));
    let listener = Listener::bind(&Bind {
        accept: accept(mode),
        ..settings.bind.clone()
    })?;
    let redirect_uri = listener.redirect_uri().clone();
    let url = address(wire, client, settings, &drawn, (&redirect_uri, mode))?;

    let tell = RefCell::new(&mut person.tell);
    let by_hand = |why: Option<&BrowserError>| {
        let (url, redirect_uri) = (&url, &redirect_uri);
        tell.borrow_mut()(Event::OpenYourself {
            url,
            redirect_uri,
            why,
        });
    };
    match person.browser.map(|browser| browser.open(&url)) {
        Some(Ok(())) => tell.borrow_mut()(Event::BrowserOpened(&url)),
        Some(Err(error)) => by_hand(Some(&error)),
        None => by_hand(None),
    }
    let stop = || {
        // Some browsers fail only after a while.
        if let Some(error) = person.browser.and_then(Browser::failure) {
            by_hand(Some(&error));
        }
        (person.interrupted)()
    };

    let mut outcome = None;
    let mut judge = |answer: &Answer| {
        let reply = judge(wire, client, settings, &drawn, (&redirect_uri, answer));
        match reply {
            None => Reply::Junk { status: 400 },
            Some(result) => {
                let reply = last_reply(&result, client, settings.profile);
                outcome = Some(result);
                reply
            }
        }
    };
    let waited = listener.wait(settings.timeout, &stop, &mut judge);
    match (waited, outcome) {
        (_, Some(outcome)) => outcome,
        (Err(LoopbackError::TimedOut(_)), None) => Err(Error::TimedOut(settings.timeout)),
        (Err(LoopbackError::Stopped) | Ok(()), None) => Err(Error::Interrupted),
        (Err(error), None) => Err(error.into()),
    }
}

fn accept(mode: ResponseMode) -> Accept {
    match mode {
        ResponseMode::FormPost => Accept::Post,
        ResponseMode::Query => Accept::Get,
    }
}

/// A form keeps the code out of the address bar, the history and pictures of the screen.
fn best_mode(metadata: &Metadata) -> ResponseMode {
    if metadata.offers_form_post {
        ResponseMode::FormPost
    } else {
        ResponseMode::Query
    }
}

/// Builds the address to open, pushing the request first when the provider offers it.
fn address(
    wire: Wire<'_>,
    client: &Client,
    settings: &Settings<'_>,
    drawn: &Drawn,
    (redirect_uri, response_mode): (&Url, ResponseMode),
) -> Result<Url, Error> {
    let metadata = &client.metadata;
    let endpoint = metadata.authorization_endpoint()?;
    let request = Request {
        client_id: &client.client_id,
        redirect_uri,
        response_mode,
        wanted: settings.wanted,
        state: &drawn.state,
        nonce: &drawn.nonce,
        verifier: &drawn.verifier,
        extra: settings.extra,
    };
    let Some(push) = metadata.push_endpoint()? else {
        return Ok(request.url(endpoint));
    };
    let form = request.pushed(push, &client.auth);
    let answer = exchange::post(wire, client, push, &form)?;
    let request_uri = authorize::parse_pushed(answer.status, &answer.body)?;
    Ok(authorize::pushed_url(
        endpoint,
        &client.client_id,
        &request_uri,
    ))
}

/// Judges one request to the redirect address; `None` is junk.
fn judge(
    wire: Wire<'_>,
    client: &Client,
    settings: &Settings<'_>,
    drawn: &Drawn,
    (redirect_uri, answer): (&Url, &Answer),
) -> Option<Result<SignedIn, Error>> {
    let expected = Expected {
        state: &drawn.state,
        issuers: &client.metadata.issuers,
        issuer_required: client.metadata.names_issuer_in_redirect,
    };
    match callback::judge(&answer.parameters, &expected) {
        Verdict::Junk => None,
        Verdict::Refused(error) => Some(Err(error.into())),
        Verdict::Code(code) => {
            let grant = Grant::AuthorizationCode {
                code: &code,
                redirect_uri,
                verifier: &drawn.verifier,
            };
            Some(trade(wire, client, settings, (&grant, &code), drawn))
        }
    }
}

fn trade(
    wire: Wire<'_>,
    client: &Client,
    settings: &Settings<'_>,
    (grant, code): (&Grant<'_>, &Secret),
    drawn: &Drawn,
) -> Result<SignedIn, Error> {
    let answer = exchange::send(wire, client, grant, settings.wanted)?;
    let circumstances = Circumstances {
        code: Some(code.expose()),
        nonce: Some(drawn.nonce.expose()),
        began: Some(drawn.began),
        max_age: settings.max_age(),
        acr_values: settings.added("acr_values"),
        continues: None,
        judged_at: None,
    };
    exchange::signed_in(wire, client, &answer, circumstances)
}

fn last_reply(result: &Result<SignedIn, Error>, client: &Client, profile: &str) -> Reply {
    let issuer = client.metadata.issuer.url();
    let provider = issuer.host_str().unwrap_or_default();
    let reason;
    let (outcome, status) = match result {
        Ok(signed_in) => {
            let account = signed_in.label();
            (
                Outcome::SignedIn {
                    account,
                    profile,
                    provider,
                },
                200,
            )
        }
        Err(error) => {
            reason = error.to_string();
            let declined = matches!(error, Error::Callback(CallbackError::Declined(_)));
            let outcome = if declined {
                Outcome::Declined {
                    provider,
                    reason: &reason,
                }
            } else {
                Outcome::Failed {
                    provider,
                    reason: &reason,
                }
            };
            (outcome, 400)
        }
    };
    Reply::Finish {
        page: page::page(&outcome),
        status,
    }
}
