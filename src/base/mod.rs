//! The nouns of keyfob: small types that the rest of the house speaks in.
//!
//! Nothing here reads a file, a clock or the network, and nothing here knows any other module.
//!
//! | word | means |
//! |---|---|
//! | issuer | URL that identifies the provider (OIDC Core §1.2) |
//! | scope | one value of the `scope` parameter; [`Scopes`] is the set (RFC 6749 §3.3) |
//! | audience | who a token is for: the `aud` claim (RFC 7519 §4.1.3) |
//! | resource | the RFC 8707 request parameter |
//! | target | audience, resource or scopes, whichever the provider wants |
//! | tenant | one organisation at a provider that serves many, by its GUID |
//! | home account | one person at such a provider, by object and tenant id of their home |
//! | profile | a named set of settings |
//! | account | issuer and subject, with a label for people |
//! | session | what a sign-in left behind for one profile, or for those of a home account |

mod diagnostic;
mod hex;
mod home;
mod issuer;
mod issuer_rule;
mod names;
mod printable;
mod refused;
mod relayed;
mod role_arn;
mod scope;
mod secret;
mod site;
mod tenant;
mod time;
mod vars;

pub use diagnostic::{Diagnostic, Exit, Hint, in_one_line};
pub use hex::hex;
pub use home::{HomeAccount, NotAHome};
pub use issuer::{Issuer, IssuerError, is_loopback_host};
pub use issuer_rule::{
    Expected, IssuerRule, TenantRule, TenantTokens, Tenants, TokenIssuers, Unsettled,
};
pub use names::{
    Audience, ClientId, NameError, ProfileName, Resource, SshHost, Subject, TargetName,
};
pub use printable::{printable, printable_line};
pub use refused::Refused;
pub use relayed::Relayed;
pub use role_arn::{RoleArn, RoleArnError, is_policy_arn};
pub use scope::{ScopeError, Scopes};
pub use secret::Secret;
pub use site::{Site, SiteError};
pub use tenant::{IssuerPattern, NotAGuid, TenantId};
pub use time::{SpanError, Timestamp, in_words, span};
pub use vars::Vars;
