//! Microsoft Entra ID: its habits, its clouds, its tenants, and the addresses they make.
//!
//! What differs from the standards and why: metadata keeps quiet about PKCE and grants, the issuer
//! holds a GUID although a name was asked for, and one refresh token serves every API.

pub mod groups;

mod scopes;

pub use super::authority::{Authority, AuthorityError, Form, Tenant, TenantError};
pub use super::cloud::{CLOUDS, Cloud, CloudError, NamedCloud};
pub use scopes::{Hosts, ScopesError, complete, resource};

use std::time::Duration;

use super::{MetadataHabit, OfflineAccess, Provider, RefreshToken, ResourceParameter, Revocation};

/// The tenant of personal accounts, the same in every copy of the public cloud.
pub const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

pub(super) const PROVIDER: Provider = Provider {
    name: "entra",
    title: "Microsoft Entra ID",
    owns: super::cloud::owns,
    offline: OfflineAccess::WhenAsked,
    // Its portal registers `localhost` only; the port is then ignored.
    redirect_host: "localhost",
    resource: ResourceParameter::Refused(
        "Entra refuses the parameter: name the API in `scopes` instead",
    ),
    algorithms: &["RS256"],
    // Its own libraries allow five minutes, and so do the APIs that people compare with.
    access_leeway: Duration::from_secs(300),
    refresh: RefreshToken::HomeAccount,
    revocation: Revocation::Nowhere,
    metadata: MetadataHabit::Silent,
};
