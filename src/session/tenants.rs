//! Whose tokens came, where one refresh token serves several tenants (OpenID Connect Core §12.2, per
//! tenant).
//!
//! A tenant that was met before is continued strictly. The first ID token of another one continues
//! nothing, so that it must come with the word of the token endpoint that it is of the same home
//! account; without that word it is refused.

use std::collections::BTreeMap;

use serde_json::Map;

use super::{Error, Local, Record};
use crate::base::Secret;
use crate::jwt::{Claims, Unverified};
use crate::oauth::token::TokenSet;

/// The claims of a tenant's first ID token that later ones are held to, or that tell people apart.
const REMEMBERED: [&str; 7] = ["iss", "sub", "aud", "azp", "tid", "oid", "auth_time"];

/// The most further tenants that are remembered; of more, each answer is judged by itself.
const MOST: usize = 64;

impl Local<'_> {
    /// Makes sure that an answer is not for another account than the session's.
    pub(super) fn is_the_same_account(
        &self,
        record: &Record,
        tokens: &TokenSet,
    ) -> Result<(), Error> {
        match (&record.home, &tokens.home) {
            (Some(known), Some(said)) if known != said => Err(self.other_account()),
            _ => Ok(()),
        }
    }

    /// Returns what a new ID token must continue; nothing for the first one of a tenant, which is
    /// then known to be of the session's account.
    pub(super) fn predecessor<'r>(
        &self,
        record: &'r Record,
        id_token: &Secret,
        tokens: &TokenSet,
    ) -> Result<Option<&'r Claims>, Error> {
        let (true, Some(home)) = (self.is_shared, &record.home) else {
            return Ok(Some(&record.claims));
        };
        // Not believed: the verification holds the token to the issuer that it is asked at.
        let seen = Unverified::parse(id_token.expose()).ok();
        let Some(issuer) = seen.and_then(|token| token.claims().iss.clone()) else {
            return Ok(Some(&record.claims));
        };
        if record.claims.iss.as_ref() == Some(&issuer) {
            return Ok(Some(&record.claims));
        }
        match record.tenants.get(&issuer) {
            Some(first) => Ok(Some(first)),
            None if tokens.home.as_ref() == Some(home) => Ok(None),
            None => Err(self.other_account()),
        }
    }

    fn other_account(&self) -> Error {
        Error::OtherAccount(self.profile.clone())
    }
}

impl Record {
    /// Returns the tenants that are remembered, and the one of this record's sign-in, beside that of
    /// a new sign-in of the same account.
    pub(super) fn tenants_beside(mut self, new: &Claims) -> BTreeMap<String, Claims> {
        let own = self.claims.clone();
        self.remember(&own);
        self.tenants
            .retain(|issuer, _| Some(issuer) != new.iss.as_ref());
        self.tenants
    }

    /// Remembers a tenant by its first verified ID token.
    pub(super) fn remember(&mut self, first: &Claims) {
        let Some(issuer) = first.iss.clone() else {
            return;
        };
        if self.tenants.len() >= MOST {
            return;
        }
        let all = first.all().iter();
        let kept: Map<_, _> = all
            .filter(|(name, _)| REMEMBERED.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        if let Ok(claims) = Claims::read(kept) {
            self.tenants.insert(issuer, claims);
        }
    }
}
