//! What `provider = "entra"` stands for: the issuer made of a cloud and a tenant.
//!
//! Never guesses a tenant: the issuer is compared exactly, so only its GUID will do.

use crate::base::{Issuer, printable_line};

use super::value::ValueError;

/// A cloud that Entra runs in; an app registration lives in one of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Cloud {
    Public,
    UsGovernment,
    China,
}

impl Cloud {
    pub(super) const ALL: [Self; 3] = [Self::Public, Self::UsGovernment, Self::China];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::UsGovernment => "us-government",
            Self::China => "china",
        }
    }

    fn host(self) -> &'static str {
        match self {
            Self::Public => "login.microsoftonline.com",
            Self::UsGovernment => "login.microsoftonline.us",
            Self::China => "login.partner.microsoftonline.cn",
        }
    }
}

/// Parses a tenant's GUID; metadata spells it in lower case.
pub(super) fn tenant(text: &str) -> Result<String, ValueError> {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let is_hex = |group: &&str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    if lengths == [8, 4, 4, 4, 12] && groups.iter().all(is_hex) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(ValueError::NoTenant(printable_line(text).into_owned()))
    }
}

/// Makes the issuer of a tenant, as its metadata says it (version 2 endpoints).
pub(super) fn issuer(cloud: Cloud, tenant: &str) -> Issuer {
    Issuer::parse(&format!("https://{}/{tenant}/v2.0", cloud.host()))
        .expect("a known host and a GUID make an issuer")
}

/// Tells whether an issuer is Entra's.
pub(super) fn owns(issuer: &Issuer) -> bool {
    let url = issuer.url();
    Cloud::ALL
        .iter()
        .any(|cloud| url.host_str() == Some(cloud.host()))
}
