//! The authorization response: by redirect or by form post, always with `iss`
//! (RFC 6749 §4.1.2, OAuth 2.0 Form Post Response Mode §2, RFC 9207 §2).
//!
//! Goes to the redirect URI that was checked, and nowhere else.

use url::form_urlencoded::Serializer;

use crate::issuer::message::{Answer, Refusal};
use crate::issuer::pages;
use crate::issuer::random::{digest, token};
use crate::issuer::realm::Realm;
use crate::issuer::state::{Code, Grant, Session};

use super::AuthorizationRequest;

/// Where a response goes, and how.
#[derive(Clone, Debug)]
pub(in crate::issuer) struct ReturnTo {
    pub(in crate::issuer) redirect_uri: String,
    pub(super) mode: Mode,
    pub(super) state: Option<String>,
}

/// How a response travels.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mode {
    /// In the body of a POST that the browser makes.
    FormPost,
    /// In the redirect's query.
    Query,
}

impl Mode {
    /// Parses `response_mode`; absent means the query.
    pub(super) fn parse(text: Option<&str>) -> Option<Self> {
        match text {
            None | Some("query") => Some(Self::Query),
            Some("form_post") => Some(Self::FormPost),
            Some(_) => None,
        }
    }
}

/// Sends the client an authorization code.
pub(super) fn allow(realm: &Realm, asked: &AuthorizationRequest, session: &Session) -> Answer {
    let code = token();
    {
        let now = realm.clock.now();
        let mut state = realm.state();
        state.prune(now);
        let grant = state.add(Grant {
            client: asked.client.clone(),
            person: Some(session.person),
            scopes: asked.scopes.clone(),
            auth_time: session.auth_time,
            sid: session.sid.clone(),
            nonce: asked.nonce.clone(),
            target: asked.target.clone(),
            revoked: false,
        });
        let kept = Code {
            grant,
            redirect_uri: asked.return_to.redirect_uri.clone(),
            challenge: asked.challenge.clone(),
            expires: now.plus(realm.settings.lifetimes.code),
            spent: false,
        };
        state.codes.insert(digest(&code), kept);
    }
    send(realm, &asked.return_to, vec![("code", code)])
}

/// Sends the client an error.
pub(super) fn refuse(realm: &Realm, return_to: &ReturnTo, refusal: &Refusal) -> Answer {
    let parameters = vec![
        ("error", refusal.error.to_owned()),
        ("error_description", refusal.text.clone()),
    ];
    let mut answer = send(realm, return_to, parameters);
    answer.error = Some(refusal.error.to_owned());
    answer
}

fn send(
    realm: &Realm,
    return_to: &ReturnTo,
    mut parameters: Vec<(&'static str, String)>,
) -> Answer {
    if let Some(state) = &return_to.state {
        parameters.push(("state", state.clone()));
    }
    parameters.push(("iss", realm.issuer.clone()));
    realm.faults.bend_callback(&mut parameters);
    let uri = &return_to.redirect_uri;
    match return_to.mode {
        Mode::FormPost => pages::form_post(uri, &parameters),
        Mode::Query => {
            let separator = if uri.contains('?') { '&' } else { '?' };
            let query = Serializer::new(String::new())
                .extend_pairs(parameters)
                .finish();
            Answer::redirect(format!("{uri}{separator}{query}"))
                .with("Referrer-Policy", "no-referrer".to_owned())
        }
    }
}
