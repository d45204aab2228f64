//! From a profile to a client at its provider, and to what a token shall be good for.

use std::path::Path;

use super::pin::Pin;
use super::{Ask, Error, Keep};
use crate::base::{Secret, Vars};
use crate::config::{ClientAuthentication, Profile, SecretReference, Target};
use crate::flow::{Client, Wire, metadata};
use crate::oauth::Demand;
use crate::oauth::client_auth::ClientAuth;
use crate::oauth::grant::Wanted;
use crate::provider::{RefreshToken, entra};
use crate::sys::files::{self, FileError};

/// The longest client secret that is read from a file.
const LONGEST_SECRET: usize = 64 * 1024;

/// Finds the profile's provider and gets the client's secret, if it has one.
///
/// A tenant that is met for the first time is pinned to its GUID.
///
/// # Errors
///
/// [`Error::Flow`] when the provider cannot be used, [`Error::Secret`] when the secret is not
/// where the profile says.
pub fn client(
    wire: Wire<'_>,
    profile: &Profile,
    keep: &Keep<'_>,
    vars: &Vars,
    pin: Option<&Pin>,
) -> Result<Client, Error> {
    let auth = auth(profile, keep, vars)?;
    let pinned = pin.map_or(Ok(None), Pin::load)?;
    let metadata = metadata::fetch(wire, &profile.issuer_rule(pinned.as_ref()))?;
    if let (Some(pin), None, Some(tenant)) = (pin, pinned, metadata.issuers.tenant()) {
        pin.save(tenant)?;
    }
    Ok(Client {
        metadata,
        provider: profile.provider,
        client_id: profile.client_id.clone(),
        auth,
        leeway: profile.leeway,
        access_leeway: profile.access_leeway,
    })
}

fn auth(profile: &Profile, keep: &Keep<'_>, vars: &Vars) -> Result<ClientAuth, Error> {
    let Some(reference) = &profile.client_secret else {
        return Ok(ClientAuth::None);
    };
    let missing = |cause| Error::Secret {
        profile: profile.name.clone(),
        reference: reference.clone(),
        cause,
    };
    let secret = match reference {
        SecretReference::Environment(name) => vars.get(name).map(|text| Secret::new(text.into())),
        SecretReference::File(path) => from_file(path).map_err(|error| missing(Some(error)))?,
        SecretReference::Keyring(name) => keep.store.load(&secret_name(name))?,
    };
    let secret = secret
        .filter(|secret| !secret.is_empty())
        .ok_or_else(|| missing(None))?;
    Ok(match profile.client_auth {
        ClientAuthentication::Basic => ClientAuth::Basic(secret),
        ClientAuthentication::Post => ClientAuth::Post(secret),
        ClientAuthentication::None => ClientAuth::None,
    })
}

/// The store's key of a client secret.
pub fn secret_name(name: &str) -> String {
    format!("client-secret-{name}")
}

fn from_file(path: &Path) -> Result<Option<Secret>, FileError> {
    let bytes = files::read_private(path, LONGEST_SECRET)?;
    let text = std::str::from_utf8(&bytes).ok();
    Ok(text.map(|text| Secret::new(text.trim_end_matches(['\r', '\n']).to_owned())))
}

/// Says what a target's tokens shall be good for.
pub fn wanted(target: &Target) -> Wanted {
    Wanted {
        scopes: target.scopes.clone(),
        audience: target.audience.clone(),
        resources: target.resource.iter().cloned().collect(),
        demand: None,
    }
}

/// Asks for the token that a target presents to other programs.
pub fn presented(target: &Target) -> Ask {
    Ask {
        kind: target.serves.present.into(),
        wanted: wanted(target),
        min_life: None,
        renew: false,
    }
}

/// Tells whether one refresh token of the profile's provider serves every API and tenant of an
/// account, so that profiles share a session.
pub fn is_shared(profile: &Profile) -> bool {
    profile.provider.refresh == RefreshToken::HomeAccount
}

/// Says what an API demands as the profile's provider wants to hear it: Entra is told, beside the
/// claims, that whoever asks can answer a challenge.
pub fn as_provider_wants(profile: &Profile, mut demand: Demand) -> Demand {
    if is_shared(profile) {
        demand.claims = demand.claims.map(|claims| claims.with_capability());
    }
    demand
}

/// Says what a sign-in asks for: all that the profile's targets will need, so that one sign-in
/// serves them all, and `openid`, without which nobody is signed in. Where a token is for one
/// resource, and a refresh token for all, only the first resource is named.
pub fn wanted_at_sign_in(profile: &Profile) -> Wanted {
    let mut all = wanted(&profile.base);
    if !all.scopes.contains("openid") {
        all.scopes.add("openid");
    }
    let one_resource = profile.provider.refresh == RefreshToken::HomeAccount;
    for target in profile.targets.values() {
        if one_resource && entra::resource(&all.scopes).is_some() {
            break;
        }
        target.scopes.iter().for_each(|scope| all.scopes.add(scope));
        if let Some(resource) = &target.resource
            && !all.resources.contains(resource)
        {
            all.resources.push(resource.clone());
        }
    }
    all
}
