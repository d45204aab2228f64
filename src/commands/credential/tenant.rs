//! Which tenant a profile's tokens are of, and whether it is the one that a program asks for.
//!
//! A token of another tenant than the one asked for is never handed out, however good it is.

use super::Failure;
use crate::app::{App, Room};
use crate::base::{Diagnostic, Exit, Hint, TenantId, printable_line};
use crate::config::Profile;
use crate::credential::Request;

/// Finds out which tenant a profile's tokens are of; `None` where there are no tenants, and before
/// the first contact.
pub(super) fn of(room: &Room<'_>) -> Option<TenantId> {
    let tenant = &room.profile.entra.as_ref()?.tenant;
    if let Some(id) = tenant.id() {
        return Some(id);
    }
    if tenant.is_any() {
        // Whoever may come from any tenant is served in the one at home.
        let entry = room.keep().entry(&room.key())?;
        return TenantId::parse(entry.home?.tenant()).ok();
    }
    room.pin()?.load().ok().flatten()
}

/// Tells whether a profile is, or may yet turn out to be, of the tenant that is asked for.
pub(super) fn may_be_meant(app: &App, profile: &Profile, request: &Request) -> bool {
    if request.tenant.is_none() {
        return true;
    }
    let Ok(room) = app.open(profile.clone()) else {
        return true;
    };
    let tenant = of(&room);
    let is_unknown = tenant.is_none() && profile.entra.is_some();
    is_unknown || is_meant(profile, tenant.as_ref(), request).is_ok()
}

/// Says why a profile that lists what is asked for is not meant all the same.
pub(super) fn other(app: &App, profile: Profile, request: &Request) -> Option<Failure> {
    let room = app.open(profile).ok()?;
    let other = is_meant(&room.profile, of(&room).as_ref(), request);
    other.err().map(Failure::from)
}

/// Makes sure that a profile is of the tenant that is asked for.
///
/// # Errors
///
/// [`OtherTenant`].
pub(super) fn is_meant(
    profile: &Profile,
    tenant: Option<&TenantId>,
    request: &Request,
) -> Result<(), OtherTenant> {
    let Some(asked) = &request.tenant else {
        return Ok(());
    };
    let named = profile.entra.as_ref().map(|entra| entra.tenant.to_string());
    let by_name = named.is_some_and(|named| named.eq_ignore_ascii_case(asked));
    let by_id = TenantId::parse(asked).is_ok_and(|asked| tenant == Some(&asked));
    if by_name || by_id {
        return Ok(());
    }
    Err(OtherTenant {
        profile: profile.name.to_string(),
        tenant: tenant.map_or_else(|| "no tenant".to_owned(), |id| format!("tenant `{id}`")),
        asked: printable_line(asked).into_owned(),
    })
}

/// A program wants a token of another tenant.
#[derive(Debug, thiserror::Error)]
#[error("profile `{profile}` is of {tenant}, and a token of tenant `{asked}` is asked for")]
pub(super) struct OtherTenant {
    profile: String,
    tenant: String,
    asked: String,
}

impl Diagnostic for OtherTenant {
    fn exit(&self) -> Exit {
        Exit::Config
    }

    fn hint(&self) -> Option<Hint> {
        let asked = &self.asked;
        Some(Hint::Try(format!(
            "if it is one of yours, make a profile of it: `keyfob config add NAME --entra {asked}`"
        )))
    }
}
