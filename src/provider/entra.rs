//! Microsoft Entra ID: its habits, its clouds, its tenants, and the addresses they make.
//!
//! What differs from the standards and why: metadata keeps quiet about PKCE and grants, the issuer
//! holds a GUID although a name was asked for, and one refresh token serves every API.

pub mod groups;

mod scopes;

pub use super::authority::{Authority, AuthorityError, Form, Tenant, TenantError};
pub use super::cloud::{CLOUDS, Cloud, CloudError, NamedCloud};
pub use scopes::{Hosts, ScopesError, complete, complete_one, resource, written_out};

use std::time::Duration;

use crate::base::Issuer;

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

/// Tells whether an issuer found in a token is the expected one as the other version writes it:
/// `sts.windows.net` in tokens of version 1, `login.microsoftonline.com/…/v2.0` in those of 2.
pub fn is_other_version(expected: &Issuer, found: &str) -> bool {
    let found_in = Authority::parse(found);
    match (Authority::parse(expected.as_str()), found_in) {
        (Ok(expected_in), Ok(found_in)) => {
            expected_in == found_in
                && expected_in.cloud.named().is_some()
                && expected.as_str() != found
        }
        (Err(_), _) | (_, Err(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_versions_of_one_tenants_issuer_are_told_from_another_tenants() {
        let tenant = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
        let two = Issuer::parse(&format!("https://login.microsoftonline.com/{tenant}/v2.0"));
        let two = two.unwrap();
        let one = format!("https://sts.windows.net/{tenant}/");

        assert!(is_other_version(&two, &one));
        assert!(is_other_version(
            &Issuer::parse(&one).unwrap(),
            two.as_str()
        ));
        for found in [
            two.as_str(),
            "https://sts.windows.net/11111111-2222-3333-4444-555555555555/",
            "https://sts.windows.net.evil.example/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/",
            "nonsense",
        ] {
            assert!(!is_other_version(&two, found), "{found}");
        }
        let custom = Issuer::parse("http://127.0.0.1:1/a").unwrap();
        assert!(!is_other_version(&custom, &one));
    }
}
