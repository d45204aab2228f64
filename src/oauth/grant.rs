//! What is traded at the token endpoint, and its form (RFC 6749 §4.1.3, §4.4, §6; RFC 8628 §3.4).
//!
//! The implicit and the password grant do not exist here (RFC 9700 §2.1.2, §2.4).

use url::Url;
use zeroize::Zeroizing;

use super::{Demand, form};
use crate::base::{Audience, ClientId, Resource, Scopes, Secret};
use crate::oauth::client_auth::ClientAuth;

/// What is traded for tokens.
#[derive(Debug)]
pub enum Grant<'a> {
    /// The code that came through the redirect, with what proves that we asked for it.
    AuthorizationCode {
        /// The code.
        code: &'a Secret,
        /// Exactly the redirect URI of the request (RFC 6749 §4.1.3).
        redirect_uri: &'a Url,
        /// The PKCE verifier (RFC 7636 §4.5).
        verifier: &'a Secret,
    },
    /// The client itself.
    ClientCredentials,
    /// A device code that a person approves elsewhere.
    DeviceCode(&'a Secret),
    /// A refresh token.
    Refresh(&'a Secret),
}

/// What the tokens shall be good for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Wanted {
    /// The scopes; left out of the request when empty.
    pub scopes: Scopes,
    /// The `audience` parameter that some providers take.
    pub audience: Option<Audience>,
    /// The `resource` parameters (RFC 8707).
    pub resources: Vec<Resource>,
    /// What an API demands beyond that, if it does.
    pub demand: Option<Demand>,
}

impl Grant<'_> {
    /// Writes the token request's form; `habits` are what this provider wants beside the standards.
    pub fn body(
        &self,
        wanted: &Wanted,
        client_id: &ClientId,
        auth: &ClientAuth,
        habits: &[(&'static str, &'static str)],
    ) -> Zeroizing<String> {
        let scope = wanted.scopes.to_string();
        let mut pairs = vec![("grant_type", self.name())];
        let mut scoped = true;
        match self {
            Self::AuthorizationCode {
                code,
                redirect_uri,
                verifier,
            } => {
                pairs.push(("code", code.expose()));
                pairs.push(("redirect_uri", redirect_uri.as_str()));
                pairs.push(("code_verifier", verifier.expose()));
                // The code carries the scopes already (RFC 6749 §4.1.3 has no `scope`).
                scoped = false;
            }
            Self::ClientCredentials => {}
            Self::DeviceCode(code) => {
                pairs.push(("device_code", code.expose()));
                scoped = false;
            }
            Self::Refresh(token) => pairs.push(("refresh_token", token.expose())),
        }
        if scoped && !scope.is_empty() {
            pairs.push(("scope", &scope));
        }
        // A token is for one resource, at many providers strictly (RFC 8707 §2.2). Where a code
        // carries several, which one is asked for later, by the refresh that needs it.
        let named = scoped || wanted.resources.len() < 2;
        pairs.extend(
            wanted
                .parameters()
                .filter(|(name, _)| named || *name != "resource"),
        );
        // The code carries them already, as it does the scopes.
        let claims = wanted
            .demand
            .as_ref()
            .and_then(|demand| demand.claims.as_ref());
        if let Some(claims) = claims.filter(|_| scoped) {
            pairs.push(("claims", claims.as_str()));
        }
        pairs.extend(habits);
        pairs.extend(auth.form(client_id));
        form(&pairs)
    }

    fn name(&self) -> &'static str {
        match self {
            Self::AuthorizationCode { .. } => "authorization_code",
            Self::ClientCredentials => "client_credentials",
            Self::DeviceCode(_) => "urn:ietf:params:oauth:grant-type:device_code",
            Self::Refresh(_) => "refresh_token",
        }
    }
}

impl Wanted {
    /// Returns the same without what an API demands.
    #[must_use]
    pub fn undemanded(&self) -> Self {
        Self {
            demand: None,
            ..self.clone()
        }
    }

    /// Returns the `audience` and `resource` parameters.
    pub fn parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let audience = self
            .audience
            .iter()
            .map(|audience| ("audience", audience.as_str()));
        audience.chain(
            self.resources
                .iter()
                .map(|resource| ("resource", resource.as_str())),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_names_its_scopes_and_a_code_does_not() {
        let id = ClientId::parse("c").unwrap();
        let wanted = Wanted {
            scopes: Scopes::parse("a b").unwrap(),
            resources: vec![Resource::parse("https://api.example.com/").unwrap()],
            ..Wanted::default()
        };
        let secret = Secret::new("s&1".into());
        let redirect_uri = Url::parse("http://127.0.0.1:7/").unwrap();
        let code = Grant::AuthorizationCode {
            code: &secret,
            redirect_uri: &redirect_uri,
            verifier: &secret,
        };

        let refresh = Grant::Refresh(&secret).body(&wanted, &id, &ClientAuth::None, &[]);
        let code = code.body(&wanted, &id, &ClientAuth::None, &[]);

        assert_eq!(
            *refresh,
            "grant_type=refresh_token&refresh_token=s%261&scope=a+b\
             &resource=https%3A%2F%2Fapi.example.com%2F&client_id=c"
        );
        assert_eq!(
            *code,
            "grant_type=authorization_code&code=s%261&redirect_uri=http%3A%2F%2F127.0.0.1%3A7%2F\
             &code_verifier=s%261&resource=https%3A%2F%2Fapi.example.com%2F&client_id=c"
        );
    }

    #[test]
    fn a_code_for_several_resources_is_traded_without_naming_one() {
        let resource = |text| Resource::parse(text).unwrap();
        let wanted = Wanted {
            resources: vec![
                resource("https://a.example.com/"),
                resource("https://b.example.com/"),
            ],
            audience: Some(Audience::parse("api").unwrap()),
            ..Wanted::default()
        };
        let code = Secret::new("s".into());

        let body = Grant::DeviceCode(&code).body(
            &wanted,
            &ClientId::parse("c").unwrap(),
            &ClientAuth::None,
            &[("client_info", "1")],
        );

        assert!(!body.contains("resource="), "{}", *body);
        assert!(body.contains("audience=api"), "{}", *body);
        assert!(body.contains("client_info=1"), "{}", *body);
    }
}
