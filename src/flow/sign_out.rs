//! Signs out at the provider: revokes tokens (RFC 7009) and ends the provider's own session
//! (RP-Initiated Logout 1.0).
//!
//! Never touches what is stored here: a provider that cannot be reached keeps nobody signed in.

use super::{Client, Error, Wire, exchange};
use crate::base::Secret;
use crate::oauth::revoke::{self, Kind, Outcome};

/// Revokes one token; `None` when the provider offers no revocation.
///
/// # Errors
///
/// [`Error::Http`] when the provider cannot be reached.
pub fn revoke(
    wire: Wire<'_>,
    client: &Client,
    token: &Secret,
    kind: Kind,
) -> Result<Option<Outcome>, Error> {
    let Some(endpoint) = &client.metadata.revocation_endpoint else {
        return Ok(None);
    };
    let form = revoke::body(token, kind, &client.client_id, &client.auth);
    let answer = exchange::post(wire, client, endpoint, &form)?;
    Ok(Some(revoke::outcome(
        answer.status,
        answer.retry_after,
        &answer.body,
    )))
}
