//! The names under which a session and its tokens are kept.
//!
//! Digests: they say nothing about whose they are, and fit every file system and keyring.

use std::fmt;

use ring::digest::{Context, SHA256};

use super::ask::Kind;
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::base::{ClientId, HomeAccount, Issuer, ProfileName, hex};
use crate::oauth::Demand;
use crate::oauth::grant::Wanted;

/// Names one session: an issuer, a client there, and the profile that signed in; or a cloud, a client
/// there, and a home account.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct SessionKey(String);

impl SessionKey {
    /// Names the session of a profile.
    pub fn new(issuer: &Issuer, client_id: &ClientId, profile: &ProfileName) -> Self {
        Self(digest(&[
            issuer.as_str(),
            client_id.as_str(),
            profile.as_str(),
        ]))
    }

    /// Names the session of an account that several profiles share: a cloud, a client there, and the
    /// home account.
    pub fn shared(issuer: &Issuer, client_id: &ClientId, home: &HomeAccount) -> Self {
        let cloud = issuer.url().origin().ascii_serialization();
        Self(digest(&[
            "shared",
            &cloud,
            client_id.as_str(),
            home.as_str(),
        ]))
    }

    /// Takes a name back from where it was written; `None` when it is no such name.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        fits.then(|| Self(text.to_owned()))
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Names what is cached for this session and one target.
    pub fn cached(&self, kind: Kind, wanted: &Wanted) -> String {
        self.cached_at(None, kind, wanted)
    }

    /// The same for a session with tokens of several tenants.
    pub fn cached_at(&self, tenant: Option<&Issuer>, kind: Kind, wanted: &Wanted) -> String {
        let tenant = tenant.map(Issuer::as_str);
        let kind = match (kind, tenant) {
            (Kind::Access, _) => "access",
            (Kind::Id, None) => return format!("{self}-id"),
            (Kind::Id, Some(tenant)) => return format!("{self}-id-{}", digest(&[tenant])),
        };
        // The same scopes in another order are the same scopes (RFC 6749 §3.3).
        let mut scopes: Vec<&str> = wanted.scopes.iter().collect();
        scopes.sort_unstable();
        let scopes = scopes.join(" ");
        let mut parts = vec![kind, &scopes];
        parts.extend(tenant.into_iter().flat_map(|tenant| ["tenant", tenant]));
        parts.extend(wanted.parameters().flat_map(|(name, value)| [name, value]));
        let demanded = wanted.demand.as_ref().map(Demand::parameters);
        let demanded = demanded.unwrap_or_default();
        parts.extend(
            demanded
                .iter()
                .flat_map(|(name, value)| [*name, value.as_str()]),
        );
        format!("{self}-{}", digest(&parts))
    }
}

impl<'de> Deserialize<'de> for SessionKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("no session's name"))
    }
}

impl fmt::Display for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The first half of SHA-256 over the parts, each with its length, so that no two lists collide.
pub(super) fn digest(parts: &[&str]) -> String {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    hex(&context.finish().as_ref()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cannot_be_shifted_into_each_other() {
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_ne!(digest(&["a", ""]), digest(&["a"]));
        assert_eq!(digest(&["a"]).len(), 32);
    }

    #[test]
    fn only_a_digest_is_taken_back() {
        let key = SessionKey(digest(&["x"]));

        assert_eq!(SessionKey::parse(key.as_str()), Some(key));
        for text in ["", "../../etc/passwd", "0123456789abcdef0123456789abcdeg"] {
            assert_eq!(SessionKey::parse(text), None);
        }
    }
}
