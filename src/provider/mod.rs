//! What providers are known to do beside the standards, as data: one row each. Pure.
//!
//! A habit decides what is asked for and how it is said; it never loosens a check. What a provider
//! says in its own metadata stands above what is written here.

pub mod entra;
pub mod first_party;

mod authority;
mod cloud;

use std::time::Duration;

use crate::base::Issuer;

/// A kind of provider and its habits.
#[derive(Debug)]
pub struct Provider {
    /// The word in the configuration.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Tells whether an issuer is this provider's; by whole host names only.
    pub owns: fn(&Issuer) -> bool,
    /// What it takes to be given what `offline_access` asks for.
    pub offline: OfflineAccess,
    /// The redirect host that clients are registered with.
    pub redirect_host: &'static str,
    /// What becomes of the `resource` parameter (RFC 8707).
    pub resource: ResourceParameter,
    /// The only algorithms its tokens are signed with, by name; any that are known when empty.
    pub algorithms: &'static [&'static str],
    /// How far clocks may be apart for an access token, when the person does not say.
    pub access_leeway: Duration,
    /// What one refresh token is good for.
    pub refresh: RefreshToken,
    /// Whether a refresh token can be taken back at the provider.
    pub revocation: Revocation,
    /// Whether metadata lists what the provider supports.
    pub metadata: MetadataHabit,
}

/// What it takes to be given what `offline_access` asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OfflineAccess {
    /// The person must be asked for consent, or the scope is dropped in silence (OIDC Core §11).
    WithConsent,
    /// The scope is enough; `prompt=consent` would ask needlessly.
    WhenAsked,
}

/// What becomes of the `resource` parameter (RFC 8707).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ResourceParameter {
    /// It is sent when a profile has one.
    Sent,
    /// The provider refuses it, for the reason told.
    Refused(&'static str),
}

/// What one refresh token is good for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RefreshToken {
    /// One sign-in of one client, spent by its use.
    OneSignIn,
    /// Every resource and tenant of one client and home account; its use does not end it.
    HomeAccount,
}

/// Whether a refresh token can be taken back at the provider.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Revocation {
    /// At its revocation endpoint, if metadata names one (RFC 7009).
    Endpoint,
    /// Not one by one.
    Nowhere,
}

/// Whether metadata lists what the provider supports.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MetadataHabit {
    /// It does, as far as the standard asks for it.
    Complete,
    /// It leaves out PKCE and grant types that the provider supports all the same.
    Silent,
}

/// Any provider that follows the standards.
pub static STANDARD: Provider = DEFAULTS;

/// Microsoft Entra ID.
pub static ENTRA: Provider = entra::PROVIDER;

/// Every provider with habits of its own.
pub static ALL: [&Provider; 1] = [&ENTRA];

/// Finds the provider whose issuer it is; the standard one when nobody owns it.
pub fn of(issuer: &Issuer) -> &'static Provider {
    let mut all = ALL.iter().copied();
    all.find(|provider| (provider.owns)(issuer))
        .unwrap_or(&STANDARD)
}

/// The standards' own habits, which each row changes a part of.
const DEFAULTS: Provider = Provider {
    name: "standard",
    title: "OpenID Connect",
    owns: |_| false,
    offline: OfflineAccess::WithConsent,
    redirect_host: "127.0.0.1",
    resource: ResourceParameter::Sent,
    algorithms: &[],
    access_leeway: Duration::from_secs(60),
    refresh: RefreshToken::OneSignIn,
    revocation: Revocation::Endpoint,
    metadata: MetadataHabit::Complete,
};

impl PartialEq for Provider {
    /// Rows are told apart by their names, which are unique.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Provider {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = ALL.iter().map(|row| row.name).collect();

        assert_eq!(names.len(), ALL.len());
        assert!(!names.contains(STANDARD.name));
    }

    #[test]
    fn a_provider_is_known_by_its_whole_host_name() {
        let of = |issuer: &str| of(&Issuer::parse(issuer).unwrap()).name;

        for issuer in [
            "https://login.microsoftonline.com/common/v2.0",
            "https://login.microsoftonline.us/x/v2.0",
            "https://login.partner.microsoftonline.cn/x/v2.0",
            "https://login.microsoftonline.de/x/v2.0",
            "https://login.sovcloud-identity.fr/x/v2.0",
            "https://sts.windows.net/x/",
            "https://contoso.ciamlogin.com/x/v2.0",
            "https://contoso.b2clogin.com/x/b2c_1_in/v2.0",
        ] {
            assert_eq!(of(issuer), "entra", "{issuer}");
        }
        for issuer in [
            "https://login.microsoftonline.com.evil.example/common/v2.0",
            "https://xlogin.microsoftonline.com/common/v2.0",
            "https://evil.example/login.microsoftonline.com/v2.0",
            "https://login.microsoftonline.com:444/common/v2.0",
            "https://ciamlogin.com/x/v2.0",
            "https://a.b.ciamlogin.com/x/v2.0",
            "https://evilciamlogin.com/x/v2.0",
            "https://x.ciamlogin.com.evil.example/x/v2.0",
            "http://127.0.0.1:8080/common/v2.0",
        ] {
            assert_eq!(of(issuer), "standard", "{issuer}");
        }
    }
}
