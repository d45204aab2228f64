//! A tenant of a provider that serves many, and the issuers that are written with a place for one.
//!
//! Never takes a tenant's name for its GUID: a name can change hands, a GUID cannot.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::issuer::Issuer;

/// What stands for a tenant's GUID in an issuer that is meant for all of them.
const SLOT: &str = "{tenantid}";

/// A GUID's length in characters.
const LENGTH: usize = 36;

/// A tenant's GUID, in lower case, as metadata and tokens spell it.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenantId(String);

/// A text is no GUID.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is no GUID")]
pub struct NotAGuid(String);

impl TenantId {
    /// Parses a GUID as people write it, in any case.
    ///
    /// # Errors
    ///
    /// [`NotAGuid`] for everything but 32 hexadecimal digits with hyphens after 8, 12, 16 and 20.
    pub fn parse(text: &str) -> Result<Self, NotAGuid> {
        let is_guid = text.len() == LENGTH
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        if !is_guid {
            return Err(NotAGuid(super::printable_line(text).into_owned()));
        }
        Ok(Self(text.to_ascii_lowercase()))
    }

    /// Returns the GUID.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for TenantId {
    type Error = NotAGuid;

    fn try_from(text: String) -> Result<Self, NotAGuid> {
        Self::parse(&text)
    }
}

impl From<TenantId> for String {
    fn from(tenant: TenantId) -> Self {
        tenant.0
    }
}

/// An issuer with `{tenantid}` where a tenant's GUID belongs, once or more often.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct IssuerPattern(String);

impl IssuerPattern {
    /// Parses a pattern; `None` when it has no place for a tenant, or is no issuer with one.
    pub fn parse(text: &str) -> Option<Self> {
        let pattern = Self(text.to_owned());
        let some = TenantId("0".repeat(8) + "-0000-0000-0000-" + &"0".repeat(12));
        let fits = text.contains(SLOT) && Issuer::parse(&pattern.filled(&some)).is_ok();
        fits.then_some(pattern)
    }

    /// Returns the pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the issuer of one tenant.
    pub fn of(&self, tenant: &TenantId) -> Issuer {
        Issuer::parse(&self.filled(tenant)).expect("a pattern was an issuer with a GUID in it")
    }

    /// Returns the tenant whose issuer a text is, to the byte; `None` when it is none's.
    pub fn tenant_in(&self, issuer: &str) -> Option<TenantId> {
        let (before, _) = self.0.split_once(SLOT)?;
        let guid = issuer.strip_prefix(before)?.get(..LENGTH)?;
        let tenant = TenantId::parse(guid).ok()?;
        (self.filled(&tenant) == issuer).then_some(tenant)
    }

    fn filled(&self, tenant: &TenantId) -> String {
        self.0.replace(SLOT, &tenant.0)
    }
}

impl fmt::Display for IssuerPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";

    #[test]
    fn a_guid_is_32_digits_in_five_groups_whatever_their_case() {
        assert_eq!(
            TenantId::parse(&GUID.to_uppercase()).unwrap().as_str(),
            GUID
        );
        for text in [
            "",
            "contoso.com",
            "common",
            "8eaef0232b344da19baa8bc8c9d6a490",
            "{8eaef023-2b34-4da1-9baa-8bc8c9d6a490}",
            "8eaef023-2b34-4da1-9baa-8bc8c9d6a49g",
            "8eaef023-2b34-4da1-9baa-8bc8c9d6a4900",
            "8eaef023-2b34-4da1-9baa-8bc8c9d6a49\u{e9}",
            " 8eaef023-2b34-4da1-9baa-8bc8c9d6a490",
        ] {
            assert!(TenantId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_pattern_finds_the_tenant_of_an_issuer_that_fits_to_the_byte() {
        let pattern = IssuerPattern::parse("https://a.example/{tenantid}/v2.0").unwrap();
        let tenant = TenantId::parse(GUID).unwrap();

        let issuer = pattern.of(&tenant);

        assert_eq!(issuer.as_str(), format!("https://a.example/{GUID}/v2.0"));
        assert_eq!(pattern.tenant_in(issuer.as_str()), Some(tenant));
        for text in [
            format!("https://a.example/{GUID}/v2.0/"),
            format!("https://a.example/{GUID}/x/v2.0"),
            format!("https://a.example.evil.example/{GUID}/v2.0"),
            format!("https://a.example/{}/v2.0", GUID.to_uppercase()),
            "https://a.example/common/v2.0".to_owned(),
            "https://a.example/{tenantid}/v2.0".to_owned(),
            String::new(),
        ] {
            assert_eq!(pattern.tenant_in(&text), None, "{text}");
        }
    }

    #[test]
    fn a_pattern_with_two_places_wants_one_tenant_in_both() {
        let pattern = IssuerPattern::parse("https://{tenantid}.a.example/{tenantid}/v2.0").unwrap();
        let other = "00000000-2b34-4da1-9baa-8bc8c9d6a490";

        let same = pattern.tenant_in(&format!("https://{GUID}.a.example/{GUID}/v2.0"));

        assert_eq!(same, TenantId::parse(GUID).ok());
        let mixed = format!("https://{GUID}.a.example/{other}/v2.0");
        assert_eq!(pattern.tenant_in(&mixed), None);
    }

    #[test]
    fn what_has_no_place_for_a_tenant_or_is_no_issuer_is_no_pattern() {
        for text in [
            "https://a.example/v2.0",
            "http://a.example/{tenantid}",
            "{tenantid}",
            "https://a.example/{tenantid}?x",
        ] {
            assert_eq!(IssuerPattern::parse(text), None, "{text}");
        }
    }
}
