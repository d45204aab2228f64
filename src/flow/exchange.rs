//! The token endpoint: sends a grant, and verifies the ID token that comes back.
//!
//! The raw answer is handed out before it is understood, so that a caller can make it safe first.
//! A token request is sent once, never again by itself: a grant may be good for one use only.

use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request};
use url::Url;
use zeroize::Zeroizing;

use super::documents::Freshness;
use super::wire::{date, retry_after};
use super::{Client, Error, SignedIn, Skew, Wire, metadata};
use crate::base::{Secret, Timestamp};
use crate::jwt::{
    self, AccessTokenTypes, Algorithm, Claims, Expect, ExpectAccess, Failure, KeySet, MadeBy,
    TokenKind, Verified,
};
use crate::oauth::grant::{Grant, Wanted};
use crate::oauth::token::{self, TokenError, TokenSet};
use crate::provider::RefreshToken;

/// An answer as it came: not understood yet.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The wait that the provider asks for.
    pub retry_after: Option<Duration>,
    /// The body; may hold tokens.
    pub body: Zeroizing<Vec<u8>>,
    /// How far this machine's clock is from the provider's.
    pub skew: Skew,
    /// When it was asked for, by this machine's clock: what it holds has lived since then at most,
    /// while it may lie unread for long, as on a machine that sleeps.
    pub at: Timestamp,
}

impl Answer {
    /// Reads the tokens in it.
    ///
    /// # Errors
    ///
    /// See [`token::parse`].
    pub fn tokens(&self) -> Result<TokenSet, TokenError> {
        token::parse(self.status, self.retry_after, &self.body)
    }
}

/// Sends a grant to the token endpoint, once.
///
/// # Errors
///
/// [`Error::Http`], [`Error::HeldOff`], or [`Error::Metadata`] when the provider has no token
/// endpoint.
pub fn send(
    wire: Wire<'_>,
    client: &Client,
    grant: &Grant<'_>,
    wanted: &Wanted,
) -> Result<Answer, Error> {
    let endpoint = client.metadata.token_endpoint()?;
    let habits: &[_] = match client.provider.refresh {
        // Entra says whose tokens they are only when it is asked.
        RefreshToken::HomeAccount => &[("client_info", "1")],
        RefreshToken::OneSignIn => &[],
    };
    let form = grant.body(wanted, &client.client_id, &client.auth, habits);
    post(wire, client, endpoint, &form)
}

/// Posts a form as the client to one of the provider's endpoints, once.
///
/// # Errors
///
/// [`Error::Http`] or [`Error::HeldOff`].
pub fn post(
    wire: Wire<'_>,
    client: &Client,
    endpoint: &Url,
    form: &Zeroizing<String>,
) -> Result<Answer, Error> {
    let mut request = Request::post(endpoint.as_str())
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(ACCEPT, "application/json")
        .body(form.as_bytes().to_vec())
        .expect("a parsed URL makes a request");
    if let Some(header) = client.auth.header(&client.client_id) {
        let mut value = HeaderValue::from_str(&header).expect("base64 fits a header");
        value.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, value);
    }
    let at = wire.clock.now();
    let response = wire.send(request)?;
    wire.is_well(&response);
    let now = wire.clock.now();
    Ok(Answer {
        status: response.status,
        retry_after: retry_after(&response.headers, now),
        skew: Skew::measured(now, date(&response.headers, "date")),
        body: response.body,
        at,
    })
}

/// What an ID token must fit, besides its provider and its client.
#[derive(Clone, Copy, Debug, Default)]
pub struct Circumstances<'a> {
    /// The authorization code that was traded for it.
    pub code: Option<&'a str>,
    /// The `nonce` that was sent.
    pub nonce: Option<&'a str>,
    /// When the sign-in began: an older token is a replay.
    pub began: Option<Timestamp>,
    /// The most that may have passed since the person signed in at the provider, if that was asked.
    pub max_age: Option<Duration>,
    /// The classes of sign-in that were asked for, if any were.
    pub acr_values: Option<&'a str>,
    /// The claims of the session that this token continues (OIDC Core §12.2).
    pub continues: Option<&'a Claims>,
    /// The time by which its dates are judged; `None` for now.
    pub judged_at: Option<Timestamp>,
}

/// Reads the tokens of an answer and verifies whom they sign in.
///
/// # Errors
///
/// [`Error::Token`], [`Error::NoIdToken`], or [`Error::Verification`] with the clocks' difference.
pub fn signed_in(
    wire: Wire<'_>,
    client: &Client,
    answer: &Answer,
    circumstances: Circumstances<'_>,
) -> Result<SignedIn, Error> {
    let tokens = answer.tokens()?;
    let id_token = tokens.id_token.as_ref().ok_or(Error::NoIdToken)?;
    let identity = verify(
        wire,
        client,
        id_token,
        Some(&tokens.access_token),
        circumstances,
    )
    .map_err(|error| error.with_skew(answer.skew))?;
    Ok(SignedIn {
        tokens,
        identity,
        at: answer.at,
    })
}

/// Verifies an ID token with the provider's keys, fetching them again if it names an unknown one.
///
/// # Errors
///
/// [`Error::Verification`] with the check that failed, or why the keys could not be had.
pub fn verify(
    wire: Wire<'_>,
    client: &Client,
    id_token: &Secret,
    access_token: Option<&Secret>,
    circumstances: Circumstances<'_>,
) -> Result<Verified, Error> {
    let algorithms = algorithms(client);
    let token = id_token.expose();
    let made_by = made_by(client, token, TokenKind::Id)?;
    let expect = Expect {
        code: circumstances.code,
        nonce: circumstances.nonce,
        access_token: access_token.map(Secret::expose),
        issued_after: circumstances.began,
        max_age: circumstances.max_age,
        acr_values: circumstances.acr_values,
        continues: circumstances.continues,
        ..Expect::new(
            &made_by.issuer,
            &client.client_id,
            &algorithms,
            circumstances.judged_at.unwrap_or_else(|| wire.clock.now()),
            client.leeway,
        )
    };
    with_keys(wire, client, &|keys| {
        jwt::verify_id_token(token, keys, &expect)
    })
}

/// Returns the issuer that an ID token names: not believed, but by it the session finds what the token
/// is then verified to continue.
pub fn issuer_named(id_token: &Secret) -> Option<String> {
    let seen = jwt::Unverified::parse(id_token.expose()).ok()?;
    seen.claims().iss.clone()
}

/// Tells whether the ID token of an answer passes every check at the time that it names as its own:
/// if so, it fails now for a clock alone.
pub fn holds_in_its_time(
    wire: Wire<'_>,
    client: &Client,
    tokens: &TokenSet,
    circumstances: Circumstances<'_>,
) -> bool {
    let Some(id_token) = &tokens.id_token else {
        return false;
    };
    let seen = jwt::Unverified::parse(id_token.expose()).ok();
    let Some(issued) = seen.and_then(|token| token.claims().iat) else {
        return false;
    };
    let then = Circumstances {
        judged_at: Some(issued),
        ..circumstances
    };
    verify(wire, client, id_token, Some(&tokens.access_token), then).is_ok()
}

/// Verifies an access token as an API would (RFC 9068 §4), for any audience.
///
/// # Errors
///
/// As [`verify`].
pub fn verify_access(wire: Wire<'_>, client: &Client, token: &Secret) -> Result<Verified, Error> {
    let token = token.expose().trim();
    let made_by = made_by(client, token, TokenKind::Access)?;
    let algorithms = access_algorithms(client);
    let expect = ExpectAccess {
        issuer: &made_by.issuer,
        key_issuer: &made_by.key_issuer,
        algorithms: &algorithms,
        audience: None,
        types: AccessTokenTypes::Any,
        now: wire.clock.now(),
        leeway: client.access_leeway,
    };
    with_keys(wire, client, &|keys| {
        jwt::verify_access_token(token, keys, &expect)
    })
}

/// Verifies with the provider's keys, and once more with newer ones if the token names one that is
/// not among them.
fn with_keys(
    wire: Wire<'_>,
    client: &Client,
    check: &dyn Fn(&KeySet) -> Result<Verified, Failure>,
) -> Result<Verified, Error> {
    let keys = metadata::keys(wire, &client.metadata, Freshness::AsTold)?;
    match check(&keys.set) {
        Err(failure) if failure.wants_new_keys() && keys.may_be_old => {
            let keys = metadata::keys(wire, &client.metadata, Freshness::Anew)?;
            check(&keys.set).map_err(failed)
        }
        result => result.map_err(failed),
    }
}

/// Decides whose token it must be; of a provider of many tenants, the token says which.
fn made_by(client: &Client, token: &str, kind: TokenKind) -> Result<MadeBy, Error> {
    jwt::made_by(token, kind, &client.metadata.issuers).map_err(failed)
}

fn failed(failure: Failure) -> Error {
    Error::Verification {
        failure,
        skew: Skew::default(),
    }
}

/// The algorithms that an API should take: metadata lists those of ID tokens only, so all that we
/// know, but for what the provider is known never to sign with.
pub fn access_algorithms(client: &Client) -> Vec<Algorithm> {
    known_to_sign(client, Algorithm::ALL.iter().copied())
}

/// The algorithms that the provider names and that we know; all that we know when it names none.
pub fn algorithms(client: &Client) -> Vec<Algorithm> {
    let named = &client.metadata.id_token_algorithms;
    if named.is_empty() {
        return known_to_sign(client, Algorithm::ALL.iter().copied());
    }
    known_to_sign(
        client,
        named.iter().filter_map(|name| Algorithm::parse(name)),
    )
}

/// Leaves out what the provider is known never to sign with.
fn known_to_sign(client: &Client, all: impl Iterator<Item = Algorithm>) -> Vec<Algorithm> {
    let only = client.provider.algorithms;
    all.filter(|algorithm| only.is_empty() || only.contains(&algorithm.name()))
        .collect()
}
