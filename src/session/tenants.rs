//! Whose tokens came, where one refresh token serves several tenants (OpenID Connect Core §12.2, per
//! tenant).
//!
//! A tenant that was met before is continued strictly. The first ID token of another one continues
//! nothing, so that it must come with the word of the token endpoint that it is of the same home
//! account; without that word it is refused.

use serde_json::Map;

use super::spill::Spill;
use super::{Error, Local, Record};
use crate::base::Secret;
use crate::flow::exchange;
use crate::jwt::Claims;
use crate::oauth::token::TokenSet;

/// The claims of a tenant's first ID token that later ones are held to, or that tell people apart;
/// none that another sign-in of the same account changes.
const REMEMBERED: [&str; 6] = ["iss", "sub", "aud", "azp", "tid", "oid"];

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
        let Some(issuer) = exchange::issuer_named(id_token) else {
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

    /// Keeps the refresh token of an answer that another tenant gave to a process that died. Nothing
    /// else in it can be verified here, so that nothing else is kept.
    pub(super) fn keep_from_elsewhere(&self, record: &Record, spill: Spill) -> Result<(), Error> {
        let (answer, _) = spill.answer();
        if let Ok(tokens) = answer.tokens()
            && let Some(refresh_token) = tokens.refresh_token
            && record.home.is_some()
            && tokens.home == record.home
        {
            let next = Record {
                generation: record.generation + 1,
                refresh_token: Some(refresh_token),
                ..record.clone()
            };
            self.keep.save_record(&self.key, &next)?;
        }
        Ok(self.keep.journal.remove(self.key.as_str()).map(drop)?)
    }

    fn other_account(&self) -> Error {
        Error::OtherAccount(self.profile.clone())
    }
}

impl Record {
    /// Takes over what the session before knew, if it was of the same home account: the tenants that
    /// were met, and the refresh token where the new sign-in did not ask for one.
    pub(super) fn inheriting(mut self, before: Option<Self>) -> Self {
        let Some(mut before) = before.filter(|old| old.home.is_some() && old.home == self.home)
        else {
            return self;
        };
        let claims = before.claims.clone();
        before.remember(&claims);
        for (issuer, first) in before.tenants {
            if self.claims.iss.as_ref() != Some(&issuer) {
                self.tenants.entry(issuer).or_insert(first);
            }
        }
        self.refresh_token = self.refresh_token.or(before.refresh_token);
        self
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
