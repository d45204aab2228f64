//! Ends a session: takes back at the provider what can be taken back, then forgets it here.
//!
//! Forgetting never depends on the provider; what is still alive there is said.

use super::keep::Guard;
use super::{Error, Keep, Kind, SessionKey};
use crate::base::{Issuer, ProfileName};
use crate::flow::sign_out;
use crate::flow::{Client, Wire};
use crate::oauth::grant::Wanted;
use crate::oauth::revoke::{self, Outcome};

/// What became of a token at the provider.
#[derive(Debug)]
pub enum Fate {
    /// Revoked.
    Dead,
    /// There was none.
    None,
    /// Still alive, for the reason told.
    Alive(String),
}

/// What became of a session's tokens at the provider.
#[derive(Debug)]
pub struct Farewell {
    /// The refresh token.
    pub refresh: Fate,
    /// The access token of the profile's own target.
    pub access: Fate,
}

/// The end of a session, while no other process can renew it: what is revoked must be what is
/// forgotten.
pub struct Ending<'a> {
    keep: Keep<'a>,
    key: &'a SessionKey,
    _guard: Option<Guard>,
}

impl<'a> Ending<'a> {
    /// Takes the session's lock.
    ///
    /// # Errors
    ///
    /// [`Error::Lock`].
    pub fn begin(keep: Keep<'a>, key: &'a SessionKey) -> Result<Self, Error> {
        let guard = keep.lock(key, &mut || false)?;
        Ok(Self {
            keep,
            key,
            _guard: guard,
        })
    }

    /// Revokes the session's tokens, as far as the provider lets us.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] when the session cannot be read.
    pub fn revoke(
        &self,
        wire: Wire<'_>,
        client: &Client,
        (profile, tenant): (&ProfileName, Option<&Issuer>),
        wanted: &[Wanted],
    ) -> Result<Farewell, Error> {
        let record = self.keep.record(self.key, profile)?;
        let refresh = record.and_then(|record| record.refresh_token);
        let refresh = refresh.map(|token| fate(wire, client, &token, revoke::Kind::Refresh));
        let mut access = Fate::None;
        for wanted in wanted {
            let held = self
                .keep
                .held(&self.key.cached_at(tenant, Kind::Access, wanted));
            if let Some(held) = held.filter(|held| held.expires > self.keep.clock.now()) {
                let next = fate(wire, client, &held.token, revoke::Kind::Access);
                // One that lives on must not be hidden by another that is dead.
                if !matches!(access, Fate::Alive(_)) {
                    access = next;
                }
            }
        }
        Ok(Farewell {
            refresh: refresh.unwrap_or(Fate::None),
            access,
        })
    }

    /// Forgets the session here; answers whether there was one.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] or [`Error::File`].
    pub fn forget(self) -> Result<bool, Error> {
        self.keep.forget(self.key)
    }
}

fn fate(wire: Wire<'_>, client: &Client, token: &crate::base::Secret, kind: revoke::Kind) -> Fate {
    match sign_out::revoke(wire, client, token, kind) {
        Ok(Some(Outcome::Done)) => Fate::Dead,
        Ok(None) => Fate::Alive("the provider offers no revocation".into()),
        Ok(Some(Outcome::Later(_))) => Fate::Alive("the provider is busy".into()),
        Ok(Some(Outcome::Refused(Some(refusal), _))) => Fate::Alive(refusal.to_string()),
        Ok(Some(Outcome::Refused(None, status))) => Fate::Alive(format!("HTTP {status}")),
        Err(error) => Fate::Alive(error.to_string()),
    }
}
