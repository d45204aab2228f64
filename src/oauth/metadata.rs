//! What a provider says of itself (OpenID Connect Discovery 1.0 §3 and §4, RFC 8414).
//!
//! A document counts only if its `issuer` is, byte for byte, the one that was asked for, and if
//! each endpoint is a URL that may be used. Nothing here is fetched, and nothing is guessed.

mod error;

use std::net::IpAddr;

use serde::Deserialize;
use url::{Host, Url};

pub use error::MetadataError;

use crate::base::{Issuer, IssuerRule, TokenIssuers, Unsettled, is_loopback_host, printable_line};

/// A provider's metadata, checked.
#[derive(Clone, Debug)]
pub struct Metadata {
    /// The issuer that the document confirms; where it is one for all tenants, the address asked.
    pub issuer: Issuer,
    /// Which issuer the provider's tokens must name.
    pub issuers: TokenIssuers,
    /// Where people sign in.
    pub authorization_endpoint: Option<Url>,
    /// Where grants are traded for tokens.
    pub token_endpoint: Option<Url>,
    /// Where the keys are.
    pub jwks_uri: Option<Url>,
    /// Where device codes come from (RFC 8628 §4).
    pub device_authorization_endpoint: Option<Url>,
    /// Where a session is ended (RP-Initiated Logout §2.1).
    pub end_session_endpoint: Option<Url>,
    /// Where authorization requests are pushed (RFC 9126 §5).
    pub pushed_authorization_request_endpoint: Option<Url>,
    /// Where tokens are revoked (RFC 7009).
    pub revocation_endpoint: Option<Url>,
    /// Where claims about the account are.
    pub userinfo_endpoint: Option<Url>,
    /// Whether requests must be pushed (RFC 9126 §5).
    pub pushed_requests_required: bool,
    /// Whether the redirect always names its issuer (RFC 9207 §3).
    pub names_issuer_in_redirect: bool,
    /// Whether the redirect can come as a POST (`form_post`).
    pub offers_form_post: bool,
    /// The names of the algorithms that ID tokens are signed with; empty when not said.
    pub id_token_algorithms: Vec<String>,
}

/// Returns where an issuer's metadata may be, in the order to ask: OpenID Connect Discovery §4
/// appends to the issuer's path, RFC 8414 §3.1 puts the well-known part before it.
pub fn locations(issuer: &Issuer) -> Vec<Url> {
    let base = issuer.url();
    let path = base.path().trim_end_matches('/').to_owned();
    let at = |path: String| {
        let mut url = base.clone();
        url.set_path(&path);
        url
    };
    let mut all = vec![at(format!("{path}/.well-known/openid-configuration"))];
    all.push(at(format!("/.well-known/oauth-authorization-server{path}")));
    if !path.is_empty() {
        all.push(at(format!("/.well-known/openid-configuration{path}")));
    }
    all
}

impl Metadata {
    /// Reads the document found at `at`, which must name the issuer that `rule` wants.
    ///
    /// # Errors
    ///
    /// Every [`MetadataError`] but `Missing`; nothing of a refused document is used.
    pub fn parse(body: &[u8], rule: &IssuerRule, at: &Url) -> Result<Self, MetadataError> {
        let document = Document::parse(body).map_err(|reason| MetadataError::Malformed {
            at: bare(at.as_str()),
            reason,
        })?;
        let issuers = rule
            .settle(&document.issuer)
            .map_err(|unsettled| document.of_another(rule, unsettled))?;
        if let Some(methods) = &document.code_challenge_methods_supported
            && !methods.iter().any(|method| method == "S256")
        {
            return Err(MetadataError::NoS256);
        }
        let issuer = issuers.single().unwrap_or_else(|| rule.address().clone());
        document.checked(issuer, issuers)
    }

    /// Returns the authorization endpoint.
    ///
    /// # Errors
    ///
    /// [`MetadataError::Missing`].
    pub fn authorization_endpoint(&self) -> Result<&Url, MetadataError> {
        self.need(
            "authorization_endpoint",
            self.authorization_endpoint.as_ref(),
        )
    }

    /// Returns the device authorization endpoint.
    ///
    /// # Errors
    ///
    /// [`MetadataError::Missing`].
    pub fn device_authorization_endpoint(&self) -> Result<&Url, MetadataError> {
        self.need(
            "device_authorization_endpoint",
            self.device_authorization_endpoint.as_ref(),
        )
    }

    /// Returns the token endpoint.
    ///
    /// # Errors
    ///
    /// [`MetadataError::Missing`].
    pub fn token_endpoint(&self) -> Result<&Url, MetadataError> {
        self.need("token_endpoint", self.token_endpoint.as_ref())
    }

    /// Returns where requests are pushed, when the provider offers that.
    ///
    /// # Errors
    ///
    /// [`MetadataError::Missing`] when it is required and has no address (RFC 9126 §5).
    pub fn push_endpoint(&self) -> Result<Option<&Url>, MetadataError> {
        let endpoint = self.pushed_authorization_request_endpoint.as_ref();
        if self.pushed_requests_required {
            return self
                .need("pushed_authorization_request_endpoint", endpoint)
                .map(Some);
        }
        Ok(endpoint)
    }

    /// Returns where the keys are.
    ///
    /// # Errors
    ///
    /// [`MetadataError::Missing`].
    pub fn jwks_uri(&self) -> Result<&Url, MetadataError> {
        self.need("jwks_uri", self.jwks_uri.as_ref())
    }

    fn need<'a>(
        &self,
        member: &'static str,
        endpoint: Option<&'a Url>,
    ) -> Result<&'a Url, MetadataError> {
        endpoint.ok_or_else(|| MetadataError::Missing {
            issuer: self.issuer.to_string(),
            member,
        })
    }
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    jwks_uri: Option<String>,
    device_authorization_endpoint: Option<String>,
    end_session_endpoint: Option<String>,
    pushed_authorization_request_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    require_pushed_authorization_requests: bool,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    response_modes_supported: Vec<String>,
    #[serde(default)]
    id_token_signing_alg_values_supported: Vec<String>,
    code_challenge_methods_supported: Option<Vec<String>>,
}

impl Document {
    fn parse(body: &[u8]) -> Result<Self, String> {
        if body.starts_with(b"\xef\xbb\xbf") {
            return Err("it is not JSON: it begins with a byte order mark (RFC 8259 §8.1)".into());
        }
        if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<') {
            return Err("it is an HTML page, not JSON".into());
        }
        super::object(body).map_err(|error| {
            let what = if error.is_data() {
                ""
            } else {
                "it is not JSON: "
            };
            format!("{what}{}", printable_line(&error.to_string()))
        })
    }

    fn of_another(&self, rule: &IssuerRule, unsettled: Unsettled) -> MetadataError {
        match unsettled {
            Unsettled::Other(expected) => MetadataError::Issuer {
                expected,
                found: printable_line(&self.issuer).into_owned(),
            },
            Unsettled::Moved { pinned, found } => MetadataError::Moved {
                address: rule.address().to_string(),
                pinned,
                found,
            },
        }
    }

    fn checked(self, issuer: Issuer, issuers: TokenIssuers) -> Result<Metadata, MetadataError> {
        let check = |member, text: Option<String>| {
            text.map(|text| endpoint(member, &text, &issuer))
                .transpose()
        };
        Ok(Metadata {
            authorization_endpoint: check("authorization_endpoint", self.authorization_endpoint)?,
            token_endpoint: check("token_endpoint", self.token_endpoint)?,
            jwks_uri: check("jwks_uri", self.jwks_uri)?,
            device_authorization_endpoint: check(
                "device_authorization_endpoint",
                self.device_authorization_endpoint,
            )?,
            end_session_endpoint: check("end_session_endpoint", self.end_session_endpoint)?,
            pushed_authorization_request_endpoint: check(
                "pushed_authorization_request_endpoint",
                self.pushed_authorization_request_endpoint,
            )?,
            revocation_endpoint: check("revocation_endpoint", self.revocation_endpoint)?,
            userinfo_endpoint: check("userinfo_endpoint", self.userinfo_endpoint)?,
            pushed_requests_required: self.require_pushed_authorization_requests,
            names_issuer_in_redirect: self.authorization_response_iss_parameter_supported,
            offers_form_post: self
                .response_modes_supported
                .iter()
                .any(|mode| mode == "form_post"),
            id_token_algorithms: self.id_token_signing_alg_values_supported,
            issuer,
            issuers,
        })
    }
}

/// Lets an endpoint through that is safe to send requests to, or to hand to a browser.
fn endpoint(member: &'static str, text: &str, issuer: &Issuer) -> Result<Url, MetadataError> {
    let refuse = |reason| {
        let found = bare(&printable_line(text));
        Err(MetadataError::Endpoint {
            member,
            found,
            reason,
        })
    };
    let lower = text.to_ascii_lowercase();
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) || lower.contains("%00") {
        return refuse("has white space or control characters in it");
    }
    let Ok(url) = Url::parse(text) else {
        return refuse("is not a URL");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("carries a user name");
    }
    let at_home = is_loopback_host(&issuer.url());
    match url.scheme() {
        "https" => {}
        "http" if at_home && is_loopback_host(&url) => {}
        _ => return refuse("is not an `https` address"),
    }
    if is_link_local(&url) && !is_link_local(&issuer.url()) {
        return refuse("is a link-local address, where cloud machines keep their credentials");
    }
    if url.fragment().is_some() {
        return refuse("has a fragment");
    }
    Ok(url)
}

fn is_link_local(url: &Url) -> bool {
    let address = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => address
            .to_ipv4_mapped()
            .map_or(IpAddr::V6(address), IpAddr::V4),
        Some(Host::Domain(_)) | None => return false,
    };
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

/// An address as it may be shown: no query, no fragment, no user name or password.
fn bare(text: &str) -> String {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    match path.split_once("//") {
        Some((scheme, rest)) => {
            let (host, tail) = rest
                .split_once('/')
                .map_or((rest, ""), |(host, tail)| (host, tail));
            let host = host.rsplit('@').next().unwrap_or_default();
            let slash = if rest.contains('/') { "/" } else { "" };
            format!("{scheme}//{host}{slash}{tail}")
        }
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests;
