//! The authorization request (RFC 6749 §4.1.1, OIDC Core §3.1.2.1), sent through the browser or
//! pushed first (RFC 9126).
//!
//! Never without PKCE, `state` and `nonce`; never with a parameter twice.

use oauth2::basic::BasicClient;
use oauth2::{AuthUrl, CsrfToken, RedirectUrl, Scope};
use serde::Deserialize;
use url::Url;
use zeroize::Zeroizing;

use super::{Refusal, form, pkce};
use crate::base::{ClientId, Diagnostic, Exit, Hint, Refused, Secret};
use crate::oauth::client_auth::ClientAuth;
use crate::oauth::grant::Wanted;

/// How the answer shall come back (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ResponseMode {
    /// As a POST: the code is never in the address bar, the history or a screenshot.
    FormPost,
    /// In the query of the redirect.
    Query,
}

/// One authorization request.
#[derive(Debug)]
pub struct Request<'a> {
    /// Who asks.
    pub client_id: &'a ClientId,
    /// Where the answer shall come.
    pub redirect_uri: &'a Url,
    /// How the answer shall come.
    pub response_mode: ResponseMode,
    /// Scopes, audience and resources.
    pub wanted: &'a Wanted,
    /// Binds the answer to this request.
    pub state: &'a Secret,
    /// Binds the ID token to this request.
    pub nonce: &'a Secret,
    /// The PKCE verifier; only its challenge is sent.
    pub verifier: &'a Secret,
    /// What the profile adds, such as `prompt` or `login_hint`.
    pub extra: &'a [(String, String)],
}

impl Request<'_> {
    /// Builds the URL to open; a query that the endpoint has already is kept.
    pub fn url(&self, endpoint: &Url) -> Url {
        let client = BasicClient::new(oauth2::ClientId::new(self.client_id.to_string()))
            .set_auth_uri(AuthUrl::from_url(endpoint.clone()))
            .set_redirect_uri(RedirectUrl::from_url(self.redirect_uri.clone()));
        let state = || CsrfToken::new(self.state.expose().to_owned());
        let mut request = client
            .authorize_url(state)
            .set_pkce_challenge(pkce::challenge(self.verifier))
            .add_scopes(
                self.wanted
                    .scopes
                    .iter()
                    .map(|scope| Scope::new(scope.to_owned())),
            )
            .add_extra_param("nonce", self.nonce.expose());
        if self.response_mode == ResponseMode::FormPost {
            // `query` is the default of the code flow: naming it would trip providers that know none.
            request = request.add_extra_param("response_mode", "form_post");
        }
        for (name, value) in self.wanted.parameters() {
            request = request.add_extra_param(name, value);
        }
        for (name, value) in self.extra {
            request = request.add_extra_param(name.as_str(), value.as_str());
        }
        request.url().0
    }

    /// Writes the form that pushes the request (RFC 9126 §2.1).
    pub fn pushed(&self, endpoint: &Url, auth: &ClientAuth) -> Zeroizing<String> {
        let mut bare = endpoint.clone();
        bare.set_query(None);
        let url = self.url(&bare);
        let pairs: Vec<_> = url.query_pairs().collect();
        let mut members: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(name, value)| (name.as_ref(), value.as_ref()))
            .collect();
        members.extend(
            auth.form(self.client_id)
                .into_iter()
                .filter(|(name, _)| *name != "client_id"),
        );
        form(&members)
    }
}

/// Builds the URL to open after a request was pushed: the reference and nothing else (RFC 9126 §4).
pub fn pushed_url(endpoint: &Url, client_id: &ClientId, request_uri: &str) -> Url {
    let mut url = endpoint.clone();
    url.query_pairs_mut()
        .append_pair("client_id", client_id.as_str())
        .append_pair("request_uri", request_uri);
    url
}

/// Why a request could not be pushed. There is no way back to a plain request (RFC 9126 §5).
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PushError {
    /// The provider gave a reason.
    #[error("the provider refused the pushed authorization request: {0}")]
    Refused(Refusal),
    /// The provider answered something else.
    #[error("the pushed authorization request was answered with HTTP {0} and no reference")]
    Faulty(u16),
}

impl Diagnostic for PushError {
    fn exit(&self) -> Exit {
        match self {
            Self::Refused(_) => Exit::Refused,
            Self::Faulty(_) => Exit::Unreachable,
        }
    }

    fn hint(&self) -> Option<Hint> {
        let hint = match self {
            Self::Refused(_) => {
                "check the profile's scopes, targets and `authorize` parameters with \
                 `keyfob config`"
            }
            Self::Faulty(_) => "try again later",
        };
        Some(Hint::Try(hint.to_owned()))
    }

    fn refused(&self) -> Option<Refused> {
        match self {
            Self::Refused(refusal) => Some(refusal.refused()),
            Self::Faulty(_) => None,
        }
    }
}

/// Reads the answer to a pushed request: the `request_uri` (RFC 9126 §2.2).
///
/// # Errors
///
/// [`PushError`]; a reference that is empty or not printable ASCII counts as none.
pub fn parse_pushed(status: u16, body: &[u8]) -> Result<String, PushError> {
    #[derive(Deserialize)]
    struct Document {
        request_uri: String,
    }

    if let Some(refusal) = Refusal::parse(body) {
        return Err(PushError::Refused(refusal));
    }
    let document: Option<Document> = super::object(body).ok();
    match document {
        Some(Document { request_uri })
            if matches!(status, 200 | 201)
                && !request_uri.is_empty()
                && request_uri.bytes().all(|byte| byte.is_ascii_graphic()) =>
        {
            Ok(request_uri)
        }
        _ => Err(PushError::Faulty(status)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::{Resource, Scopes};
    use crate::oauth::testing::{CASES, bodies};

    fn with_request<T>(run: impl FnOnce(&Request<'_>) -> T) -> T {
        let wanted = Wanted {
            scopes: Scopes::parse("openid a").unwrap(),
            resources: vec![Resource::parse("https://api.example.com/").unwrap()],
            ..Wanted::default()
        };
        run(&Request {
            client_id: &ClientId::parse("keyfob-cli").unwrap(),
            redirect_uri: &Url::parse("http://127.0.0.1:7/").unwrap(),
            response_mode: ResponseMode::FormPost,
            wanted: &wanted,
            state: &Secret::new("st".into()),
            nonce: &Secret::new("no".into()),
            verifier: &Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into()),
            extra: &[("prompt".into(), "consent".into())],
        })
    }

    #[test]
    fn the_endpoints_own_query_is_kept_and_every_protection_is_there() {
        let endpoint = Url::parse("https://id.example.com/a?tenant=x").unwrap();

        let url = with_request(|request| request.url(&endpoint));

        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let value = |name: &str| {
            let mut found = pairs.iter().filter(|pair| pair.0 == name);
            let value = found.next().map(|pair| pair.1.clone());
            assert!(found.next().is_none(), "{name} is there twice");
            value.unwrap_or_default()
        };
        assert_eq!(value("tenant"), "x");
        assert_eq!(value("response_type"), "code");
        assert_eq!(value("client_id"), "keyfob-cli");
        assert_eq!(value("redirect_uri"), "http://127.0.0.1:7/");
        assert_eq!(value("response_mode"), "form_post");
        assert_eq!(value("scope"), "openid a");
        assert_eq!(value("state"), "st");
        assert_eq!(value("nonce"), "no");
        assert_eq!(value("code_challenge_method"), "S256");
        assert_eq!(
            value("code_challenge"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
        assert_eq!(value("resource"), "https://api.example.com/");
        assert_eq!(value("prompt"), "consent");
        assert!(!url.as_str().contains("dBjftJeZ4CVP"));
    }

    #[test]
    fn a_pushed_request_leaves_only_its_reference_in_the_browser() {
        let endpoint = Url::parse("https://id.example.com/a").unwrap();
        let id = ClientId::parse("keyfob-cli").unwrap();

        let body = with_request(|request| request.pushed(&endpoint, &ClientAuth::None));
        let url = pushed_url(&endpoint, &id, "urn:x:1");

        assert!(body.contains("code_challenge=") && body.contains("state=st"));
        assert_eq!(body.matches("client_id=").count(), 1);
        assert_eq!(
            url.query(),
            Some("client_id=keyfob-cli&request_uri=urn%3Ax%3A1")
        );
    }

    #[test]
    fn the_answer_to_a_push_is_a_reference_or_a_reason() {
        let parse = |status, body: &str| parse_pushed(status, body.as_bytes());

        assert_eq!(
            parse(201, r#"{"request_uri":"urn:x","expires_in":60}"#).unwrap(),
            "urn:x"
        );
        assert!(matches!(
            parse(400, r#"{"error":"invalid_request"}"#),
            Err(PushError::Refused(_))
        ));
        assert_eq!(parse(413, ""), Err(PushError::Faulty(413)));
        assert_eq!(
            parse(201, r#"{"request_uri":"a b"}"#),
            Err(PushError::Faulty(201))
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(CASES))]

        #[test]
        fn whatever_a_push_is_answered_a_reference_fits_an_address(
            status in prop_oneof![Just(200), Just(201), any::<u16>()],
            body in bodies(&[("request_uri", r#""urn:x:1""#), ("expires_in", "60"), ("error", "")]),
        ) {
            if let Ok(reference) = parse_pushed(status, &body) {
                prop_assert!(matches!(status, 200 | 201));
                prop_assert!(reference.bytes().all(|byte| byte.is_ascii_graphic()));
            }
        }
    }
}
