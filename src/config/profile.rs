//! A profile with every value decided, and how a person names one.
//!
//! Never holds a client's secret: only where it is found.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::base::{
    Audience, ClientId, Issuer, IssuerRule, NameError, ProfileName, Resource, Scopes, TargetName,
    TenantId, TenantRule, printable_line,
};

use crate::provider::Provider;
use crate::provider::entra::{Authority, Tenant};

use super::error::ConfigError;
use super::layers::{Effective, Origin};
use super::nearest::nearest;
use super::practice_hosts::PracticeHosts;
use super::serves::LateServes;
use super::setting::Setting;

/// One set of settings, decided.
#[derive(Clone, Debug)]
pub struct Profile {
    /// What people call it.
    pub name: ProfileName,
    /// Who signs people in.
    pub issuer: Issuer,
    /// What that provider is known to do.
    pub provider: &'static Provider,
    /// At Entra: the cloud and the tenant that the issuer was made of, or that it names.
    pub entra: Option<Authority>,
    /// At Entra, when any tenant may sign in: only these; all when empty.
    pub tenants: Vec<TenantId>,
    /// At Entra: whether the app has signing keys of its own (a claims-mapping policy's).
    pub app_keys: bool,
    /// The registered client.
    pub client_id: ClientId,
    /// Where the client's secret is found, if it has one.
    pub client_secret: Option<SecretReference>,
    /// How the client proves its secret.
    pub client_auth: ClientAuthentication,
    /// What is asked for when no target is named.
    pub base: Target,
    /// APIs that live under the same sign-in, by name; each is complete.
    pub targets: BTreeMap<TargetName, Target>,
    /// How a person signs in.
    pub flow: FlowChoice,
    /// How the browser brings the answer back.
    pub response_mode: ResponseModeChoice,
    /// Where the answer comes back to.
    pub redirect: Redirect,
    /// The command that opens a browser, if not the desktop's.
    pub browser: Option<String>,
    /// Parameters added to the authorization request; none of keyfob's own.
    pub authorize_parameters: Vec<(String, String)>,
    /// Certificates trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    /// Where refresh tokens rest.
    pub store: StoreChoice,
    /// Whether `token` on a terminal may open a browser.
    pub interactive: bool,
    /// How long a sign-in may take.
    pub timeout: Duration,
    /// Which of several accounts it is for, where one could have several sessions to choose from.
    pub account: Option<String>,
    /// How far the provider's clock may be off.
    pub leeway: Duration,
    /// The same for access tokens, which some providers' own libraries take less strictly.
    pub access_leeway: Duration,
    /// Real host names that lead to a practice provider, in tests.
    pub practice_hosts: PracticeHosts,
    pub(super) origins: Vec<Effective>,
}

impl Profile {
    /// Returns each effective value with where it came from, in the order they are shown.
    pub fn origins(&self) -> &[Effective] {
        &self.origins
    }

    /// Returns which issuer the provider's metadata must name; `pinned` is the tenant that a domain
    /// named before.
    pub fn issuer_rule(&self, pinned: Option<&TenantId>) -> IssuerRule {
        match &self.entra {
            Some(authority) => match authority.rule(pinned, &self.tenants) {
                IssuerRule::Tenant(rule) => IssuerRule::Tenant(TenantRule {
                    keys_of: self.app_keys.then(|| self.client_id.clone()),
                    ..rule
                }),
                exact @ IssuerRule::Exact(_) => exact,
            },
            None => IssuerRule::Exact(self.issuer.clone()),
        }
    }

    /// Tells whether a tenant is named by its domain, so that its GUID must be remembered.
    pub fn wants_pin(&self) -> bool {
        let tenant = self.entra.as_ref().map(|authority| &authority.tenant);
        matches!(tenant, Some(Tenant::Domain(_)))
    }

    /// Adds the tenant that a domain named on first contact to what is shown.
    pub fn show_pinned(&mut self, tenant: &TenantId) {
        let cloud = Setting::Cloud.key();
        let after = self.origins.iter().position(|value| value.key == cloud);
        let shown = Effective {
            key: "tenant_id".to_owned(),
            value: tenant.to_string(),
            origin: Origin::Pin,
        };
        self.origins.insert(after.unwrap_or_default(), shown);
    }

    /// Returns the named target, or the profile's own when none is named.
    ///
    /// # Errors
    ///
    /// [`ConfigError::UnknownTarget`] names the targets there are.
    pub fn target(&self, name: Option<&TargetName>) -> Result<&Target, ConfigError> {
        let Some(name) = name else {
            return Ok(&self.base);
        };
        self.targets
            .get(name)
            .ok_or_else(|| ConfigError::UnknownTarget {
                profile: self.name.clone(),
                target: name.clone(),
                known: self.targets.keys().cloned().collect(),
                suggestion: nearest(name.as_str(), self.targets.keys().map(TargetName::as_str)),
            })
    }
}

/// What a token is asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Target {
    /// The scopes.
    pub scopes: Scopes,
    /// The audience, for providers that want it so.
    pub audience: Option<Audience>,
    /// The resource (RFC 8707).
    pub resource: Option<Resource>,
    /// Where its token may go.
    pub serves: LateServes,
}

/// Where a client's secret is found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SecretReference {
    /// In this environment variable.
    Environment(String),
    /// In this file.
    File(PathBuf),
    /// In the keyring, under this name.
    Keyring(String),
}

impl fmt::Display for SecretReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name) => write!(f, "the variable `{name}`"),
            Self::File(path) => write!(f, "the file `{}`", printable_line(&path.to_string_lossy())),
            Self::Keyring(name) => write!(f, "the store's entry `{name}`"),
        }
    }
}

/// How the client proves its secret (RFC 6749 §2.3.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClientAuthentication {
    /// It has none: a public client.
    None,
    /// In the `Authorization` header.
    Basic,
    /// In the request's body.
    Post,
}

/// How a person signs in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FlowChoice {
    /// In a browser on this machine.
    Browser,
    /// On another device, with a code.
    Device,
}

/// How the browser brings the answer back.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ResponseModeChoice {
    /// As a form when the provider offers it, else in the query.
    Auto,
    /// As a form, always.
    FormPost,
    /// In the query, always.
    Query,
}

/// Where the answer comes back to (RFC 8252 §7.3).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Redirect {
    /// The host as it is registered.
    pub host: RedirectHost,
    /// The port, if it must be this one.
    pub port: Option<u16>,
    /// The path as it is registered, with its first `/`.
    pub path: String,
}

/// The host of the redirect URI.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RedirectHost {
    /// `localhost`.
    Localhost,
    /// `127.0.0.1`.
    V4,
    /// `[::1]`.
    V6,
}

/// Where refresh tokens rest.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StoreChoice {
    /// The system's keyring.
    Keyring,
    /// A file sealed by a passphrase.
    Sealed,
    /// The memory of the agent.
    Agent,
    /// Nowhere: they end with the process.
    Memory,
}

impl StoreChoice {
    /// Every choice.
    pub const ALL: [Self; 4] = [Self::Keyring, Self::Sealed, Self::Agent, Self::Memory];

    /// Returns the word in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::Sealed => "sealed",
            Self::Agent => "agent",
            Self::Memory => "memory",
        }
    }
}

/// What a person typed to name a profile and a target: `work`, `work/orders` or `/orders`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Selector {
    /// The profile, if it was named.
    pub profile: Option<ProfileName>,
    /// The target, if one was named.
    pub target: Option<TargetName>,
}

impl Selector {
    /// Names a profile, and a target if there is one.
    pub fn of(profile: &ProfileName, target: Option<&TargetName>) -> Self {
        Self {
            profile: Some(profile.clone()),
            target: target.cloned(),
        }
    }

    /// Parses what was typed.
    ///
    /// # Errors
    ///
    /// [`NameError`] when a part is no name.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let (profile, target) = match text.split_once('/') {
            Some((profile, target)) => (profile, Some(TargetName::parse(target)?)),
            None => (text, None),
        };
        let profile = match (profile, &target) {
            ("", Some(_)) => None,
            (name, _) => Some(ProfileName::parse(name)?),
        };
        Ok(Self { profile, target })
    }
}

impl FromStr for Selector {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse(text)
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(profile) = &self.profile {
            write!(f, "{profile}")?;
        }
        match &self.target {
            Some(target) => write!(f, "/{target}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_names_a_profile_a_target_or_both() {
        for text in ["work", "work/orders", "/orders"] {
            assert_eq!(Selector::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "/", "work/", "a/b/c", "../x", "a b"] {
            assert!(Selector::parse(text).is_err(), "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_selector_that_is_read_is_written_as_it_was(text in "[a-z./_\\- ]{0,12}|.{0,20}") {
            if let Ok(selector) = Selector::parse(&text) {
                proptest::prop_assert_eq!(selector.to_string(), text);
            }
        }
    }
}
