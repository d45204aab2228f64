//! Ends a session: takes back at the provider what can be taken back, then forgets it here.
//!
//! Forgetting never depends on the provider; what is still alive there is said.

use super::{Error, Keep, Kind, SessionKey};
use crate::base::ProfileName;
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

/// Revokes the session's tokens, as far as the provider lets us.
///
/// # Errors
///
/// [`Error::Store`] when the session cannot be read.
pub fn revoke(
    wire: Wire<'_>,
    client: &Client,
    keep: &Keep<'_>,
    (key, profile): (&SessionKey, &ProfileName),
    wanted: &[Wanted],
) -> Result<Farewell, Error> {
    let record = keep.record(key, profile)?;
    let refresh = record.and_then(|record| record.refresh_token);
    let refresh = refresh.map(|token| fate(wire, client, &token, revoke::Kind::Refresh));
    let mut access = Fate::None;
    for wanted in wanted {
        let held = keep.held(&key.cached(Kind::Access, wanted));
        if let Some(held) = held.filter(|held| held.expires > keep.clock.now()) {
            access = fate(wire, client, &held.token, revoke::Kind::Access);
        }
    }
    Ok(Farewell {
        refresh: refresh.unwrap_or(Fate::None),
        access,
    })
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

/// Forgets the session here; answers whether there was one.
///
/// # Errors
///
/// [`Error::Store`], [`Error::File`] or [`Error::Lock`].
pub fn forget(keep: &Keep<'_>, key: &SessionKey) -> Result<bool, Error> {
    let _guard = keep.lock(key, &mut || false)?;
    keep.forget(key)
}
