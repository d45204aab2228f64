//! Where a tenant's people sign in: a cloud, a tenant and the kind of directory, as one address.
//!
//! Reads every form that people paste: an issuer, a metadata address, a version 1 address, a bare
//! tenant. Never takes a look-alike host for Entra's.

use std::fmt;

use url::Url;

use super::cloud::{B2C, Cloud, EXTERNAL_ID, label};
use super::entra::CONSUMERS;
use crate::base::{
    Expected, Issuer, IssuerError, IssuerPattern, IssuerRule, TenantId, TenantRule, Tenants,
    is_loopback_host, printable_line,
};

/// An address of Entra's that people sign in at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Authority {
    /// The cloud.
    pub cloud: Cloud,
    /// The tenant in it.
    pub tenant: Tenant,
    /// The kind of directory.
    pub form: Form,
}

/// Whose accounts may sign in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Tenant {
    /// One tenant's, by its GUID.
    Id(TenantId),
    /// One tenant's, by a verified domain; its GUID is learned on first contact.
    Domain(String),
    /// Any tenant's, and personal accounts.
    Common,
    /// Any tenant's.
    Organizations,
    /// Personal accounts only.
    Consumers,
}

/// The kind of directory, which decides how issuers are written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Form {
    /// An organisation's own.
    Workforce,
    /// External ID for customers (`<label>.ciamlogin.com`).
    ExternalId {
        /// The first label of the host.
        label: String,
    },
    /// Azure AD B2C (`<label>.b2clogin.com`).
    B2c {
        /// The first label of the host.
        label: String,
        /// The user flow or custom policy.
        policy: String,
    },
}

/// Why a text names no tenant.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "`{0}` is no tenant: write its GUID, one of its domains such as `contoso.com`, \
     `organizations`, `common` or `consumers`"
)]
pub struct TenantError(String);

/// Why a text is no address of Entra's.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AuthorityError {
    /// No tenant in it.
    #[error(transparent)]
    Tenant(#[from] TenantError),
    /// No address that may be used.
    #[error(transparent)]
    Address(#[from] IssuerError),
    /// Another's host.
    #[error("`{0}` is no host of Microsoft Entra ID")]
    Host(String),
    /// Entra's host, but a path that is none of a tenant.
    #[error("`{0}` does not say which tenant: its path is not one that Entra has")]
    Path(String),
}

impl Tenant {
    /// Parses a GUID, a domain or one of the three words; lower case is made of what people type.
    ///
    /// # Errors
    ///
    /// [`TenantError`].
    pub fn parse(text: &str) -> Result<Self, TenantError> {
        let lower = text.to_ascii_lowercase();
        match lower.as_str() {
            "common" => return Ok(Self::Common),
            "organizations" => return Ok(Self::Organizations),
            "consumers" => return Ok(Self::Consumers),
            _ => {}
        }
        if let Ok(id) = TenantId::parse(text) {
            return Ok(Self::Id(id));
        }
        if is_domain(&lower) {
            return Ok(Self::Domain(lower));
        }
        Err(TenantError(printable_line(text).into_owned()))
    }

    /// Returns the tenant's GUID, when it is known without asking.
    pub fn id(&self) -> Option<TenantId> {
        match self {
            Self::Id(id) => Some(id.clone()),
            Self::Consumers => TenantId::parse(CONSUMERS).ok(),
            Self::Domain(_) | Self::Common | Self::Organizations => None,
        }
    }

    /// Tells whether accounts of more than one tenant may sign in.
    pub fn is_any(&self) -> bool {
        matches!(self, Self::Common | Self::Organizations)
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => f.write_str(id.as_str()),
            Self::Domain(domain) => f.write_str(domain),
            Self::Common => f.write_str("common"),
            Self::Organizations => f.write_str("organizations"),
            Self::Consumers => f.write_str("consumers"),
        }
    }
}

impl Authority {
    /// Names an organisation's tenant in a cloud.
    pub fn new(cloud: Cloud, tenant: Tenant) -> Self {
        let form = Form::Workforce;
        Self {
            cloud,
            tenant,
            form,
        }
    }

    /// Recognises an issuer that is written as keyfob writes it.
    pub fn of(issuer: &Issuer) -> Option<Self> {
        let found = Self::parse(issuer.as_str()).ok()?;
        let is_known = found.cloud.named().is_some();
        (is_known && found.address() == *issuer).then_some(found)
    }

    /// Reads what people paste: a tenant, an issuer, a metadata address; versions 1 and 2.
    ///
    /// # Errors
    ///
    /// [`AuthorityError`].
    pub fn parse(text: &str) -> Result<Self, AuthorityError> {
        let is_host = |ending: &str| {
            text.split('/')
                .next()
                .is_some_and(|host| host.ends_with(ending))
        };
        let with_scheme;
        let text = if text.contains("://") {
            text
        } else if is_host(EXTERNAL_ID) || is_host(B2C) {
            with_scheme = format!("https://{text}");
            &with_scheme
        } else {
            return Ok(Self::new(Cloud::public(), Tenant::parse(text)?));
        };
        let url = Issuer::parse(text)?.url();
        let path = url.path();
        let path = path
            .strip_suffix("/.well-known/openid-configuration")
            .unwrap_or(path);
        let segments: Vec<&str> = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect();
        let segments = segments.strip_suffix(&["v2.0"]).unwrap_or(&segments);
        let found = match (label(&url, EXTERNAL_ID), label(&url, B2C)) {
            (Some(label), _) => external_id(label, segments)?,
            (None, Some(label)) => b2c(label, segments)?,
            (None, None) => match (cloud(&url)?, segments) {
                (cloud, [tenant]) => Some(Self::new(cloud, Tenant::parse(tenant)?)),
                _ => None,
            },
        };
        found.ok_or_else(|| AuthorityError::Path(printable_line(text).into_owned()))
    }

    /// Returns the address: what a profile calls its issuer, and where metadata is looked for.
    pub fn address(&self) -> Issuer {
        let tenant = &self.tenant;
        let text = match &self.form {
            Form::Workforce => format!("{}/{tenant}/v2.0", self.cloud.origin()),
            Form::ExternalId { label } => format!("https://{label}{EXTERNAL_ID}/{tenant}/v2.0"),
            Form::B2c { label, policy } => {
                format!("https://{label}{B2C}/{tenant}/{policy}/v2.0")
            }
        };
        Issuer::parse(&text).expect("a known host and a checked tenant make an issuer")
    }

    /// Returns which issuer metadata must name: `pinned` is the tenant that a domain named before,
    /// and `only` bounds the tenants where any may sign in.
    pub fn rule(&self, pinned: Option<&TenantId>, only: &[TenantId]) -> IssuerRule {
        let any = |never: Option<TenantId>| {
            let only = only.to_vec();
            Expected::Told(Tenants::Any { only, never })
        };
        let expected = match (&self.tenant, self.tenant.id(), pinned) {
            (Tenant::Common, ..) => any(None),
            (Tenant::Organizations, ..) => any(Tenant::Consumers.id()),
            (_, Some(id), _) => Expected::Told(Tenants::One(id)),
            (_, None, Some(pinned)) => Expected::Pinned(pinned.clone()),
            (_, None, None) => Expected::Unknown,
        };
        IssuerRule::Tenant(TenantRule {
            address: self.address(),
            patterns: self.patterns(),
            older: self.older(),
            expected,
            keys_of: None,
        })
    }

    /// How an issuer is written there.
    fn patterns(&self) -> Vec<IssuerPattern> {
        let forms = match &self.form {
            Form::Workforce => vec![format!("{}/{{tenantid}}/v2.0", self.cloud.origin())],
            // The host of the issuer is another than the one that was asked.
            Form::ExternalId { label } => vec![
                format!("https://{{tenantid}}{EXTERNAL_ID}/{{tenantid}}/v2.0"),
                format!("https://{label}{EXTERNAL_ID}/{{tenantid}}/v2.0"),
            ],
            // The policy's name is written in lower case there, however it was asked for.
            Form::B2c { label, policy } => vec![
                format!("https://{label}{B2C}/{{tenantid}}/v2.0/"),
                format!("https://{label}{B2C}/tfp/{{tenantid}}/{policy}/v2.0/"),
                format!(
                    "https://{label}{B2C}/tfp/{{tenantid}}/{}/v2.0/",
                    policy.to_ascii_lowercase()
                ),
            ],
        };
        forms
            .iter()
            .filter_map(|form| IssuerPattern::parse(form))
            .collect()
    }

    /// How the issuer of a version 1 access token is written, where there are such tokens.
    fn older(&self) -> Option<IssuerPattern> {
        match (&self.form, &self.cloud) {
            (Form::Workforce, Cloud::Named(cloud)) => IssuerPattern::parse(cloud.older_issuer?),
            (Form::Workforce, Cloud::Custom(origin)) => {
                IssuerPattern::parse(&format!("{origin}/{{tenantid}}/"))
            }
            (Form::ExternalId { .. } | Form::B2c { .. }, _) => None,
        }
    }

    /// Returns the same place with the tenant's GUID in it.
    #[must_use]
    pub fn pinned_to(&self, tenant: &TenantId) -> Self {
        Self {
            tenant: Tenant::Id(tenant.clone()),
            ..self.clone()
        }
    }
}

/// The cloud of an address; a loopback address is a practice provider's.
fn cloud(url: &Url) -> Result<Cloud, AuthorityError> {
    let own = || Cloud::parse(&url.origin().ascii_serialization()).ok();
    let own = || is_loopback_host(url).then(own).flatten();
    Cloud::at(url).or_else(own).ok_or_else(|| {
        let host = url.host_str().unwrap_or_default();
        AuthorityError::Host(printable_line(host).into_owned())
    })
}

fn external_id(label: String, segments: &[&str]) -> Result<Option<Authority>, AuthorityError> {
    let tenant = match segments {
        [] => Tenant::parse(&format!("{label}.onmicrosoft.com"))?,
        [tenant] => Tenant::parse(tenant)?,
        _ => return Ok(None),
    };
    Ok(one_tenant(tenant, Form::ExternalId { label }))
}

fn b2c(label: String, segments: &[&str]) -> Result<Option<Authority>, AuthorityError> {
    let (["tfp", tenant, policy] | [tenant, policy]) = segments else {
        return Ok(None);
    };
    let is_policy = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !policy.bytes().all(is_policy) {
        return Ok(None);
    }
    let policy = (*policy).to_owned();
    Ok(one_tenant(
        Tenant::parse(tenant)?,
        Form::B2c { label, policy },
    ))
}

/// The directories of customers have one tenant each.
fn one_tenant(tenant: Tenant, form: Form) -> Option<Authority> {
    let one = matches!(tenant, Tenant::Id(_) | Tenant::Domain(_));
    one.then(|| Authority {
        cloud: Cloud::public(),
        tenant,
        form,
    })
}

/// A domain name of two labels or more (RFC 1123 §2.1).
fn is_domain(text: &str) -> bool {
    let fits = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(fits)
}

#[cfg(test)]
mod tests;
