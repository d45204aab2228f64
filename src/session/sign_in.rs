//! Keeps what a sign-in brought.

use std::collections::BTreeMap;

use super::local::Local;
use super::record::{Entry, Record};
use super::renewal::Arrival;
use super::seat::is_called;
use super::{Error, Keep, SessionKey};
use crate::base::HomeAccount;
use crate::config::Profile;
use crate::flow::SignedIn;
use crate::oauth::Demand;
use crate::oauth::grant::Wanted;
use crate::store::Backend;
use crate::sys::interrupt::Interrupts;

/// The longest `login_hint` claim that is kept.
const LONGEST_HINT: usize = 1024;

/// Makes sure, before anybody is asked to sign in, that the session could be kept. Keys that are
/// damaged go: what they sealed is lost with them, and a new sign-in must be possible.
///
/// # Errors
///
/// [`Error::Store`].
pub fn ready(keep: &Keep<'_>) -> Result<(), Error> {
    keep.store.probe()?;
    keep.journal.mend()?;
    keep.cache.mend()?;
    Ok(keep.journal.prepare()?)
}

/// Keeps a sign-in, in place of the one before: the record first, then tokens, then the entry.
/// What it met of an API's demand is cached as such.
/// Keeps nothing if, under the session's lock, it is `unwanted`: somebody else signs in now, or has
/// signed out.
///
/// # Errors
///
/// [`Error::Store`], [`Error::File`] or [`Error::Lock`].
pub fn save(
    local: &Local<'_>,
    profile: &Profile,
    (signed_in, demand): (&SignedIn, Option<&Demand>),
    unwanted: &dyn Fn() -> bool,
) -> Result<Option<Entry>, Error> {
    let keep = local.keep;
    let home = home(local, profile, signed_in)?;
    let own = SessionKey::new(&profile.issuer, &profile.client_id, &profile.name);
    let key = home.as_ref().map_or_else(
        || own.clone(),
        |home| SessionKey::shared(&profile.issuer, &profile.client_id, home),
    );
    let local = &Local { key, ..*local };
    let guard = keep.lock(&local.key, &mut || false)?;
    if unwanted() {
        return Ok(None);
    }
    // Ctrl-C between the record and the tokens would leave another account's tokens cached.
    let watch = Interrupts::watch().ok();
    let _deferred = watch.as_ref().map(Interrupts::defer);
    keep.journal.remove(local.key.as_str())?;
    let record = record(local, signed_in, home.as_ref());
    keep.save_record(&local.key, &record)?;
    // What is cached may be another account's.
    keep.forget_tokens(&local.key)?;
    let mut entry = entry(profile, signed_in, (home, keep.store.backend()));
    entry.refreshable = record.refresh_token.is_some();
    keep.save_entry(&local.key, &entry)?;
    super::seat::sit(&keep, profile, &entry)?;
    let tokens = &signed_in.tokens;
    let id = tokens.id_token.as_ref();
    let id = id.zip(signed_in.identity.claims().exp);
    let wanted = Wanted {
        demand: demand.cloned(),
        ..held_for(profile, local.signed_in_for, &entry)
    };
    let arrival = Arrival {
        at: signed_in.at,
        generation: record.generation,
        renewable: entry.refreshable,
    };
    drop(local.cache(tokens, id, arrival, &wanted));
    drop(guard);
    if local.key != own && keep.entry(&own).is_some() {
        // From before this profile shared a session; nothing leads to it any more.
        let _guard = keep.lock(&own, &mut || false)?;
        keep.forget(&own)?;
    }
    Ok(Some(entry))
}

/// The record of the sign-in, one generation after the one that it replaces.
fn record(local: &Local<'_>, signed_in: &SignedIn, home: Option<&HomeAccount>) -> Record {
    let before = local.keep.record(&local.key, local.profile).ok().flatten();
    let (tokens, claims) = (&signed_in.tokens, signed_in.identity.claims());
    let granted = tokens.scopes.as_ref();
    let record = Record {
        generation: before.as_ref().map_or(0, |old| old.generation + 1),
        refresh_token: tokens.refresh_token.clone(),
        claims: claims.clone(),
        scopes: granted.unwrap_or(&local.signed_in_for.scopes).clone(),
        tenants: BTreeMap::new(),
        home: home.cloned(),
    };
    record.inheriting(before)
}

fn entry(
    profile: &Profile,
    signed_in: &SignedIn,
    (home, store): (Option<HomeAccount>, Backend),
) -> Entry {
    let hint = signed_in.identity.claims().claim("login_hint");
    let hint = hint.and_then(|hint| hint.as_str());
    let hint = hint.filter(|hint| hint.len() <= LONGEST_HINT);
    Entry {
        home,
        is_family: signed_in.tokens.is_family,
        login_hint: hint.map(ToOwned::to_owned),
        ..Entry::new(
            (
                profile.name.clone(),
                profile.issuer.clone(),
                profile.client_id.clone(),
            ),
            (
                signed_in.identity.subject().clone(),
                signed_in.label().to_owned(),
            ),
            store,
            signed_in.at,
            signed_in.tokens.refresh_token.is_some(),
        )
    }
}

/// Whose session it is, where profiles can share it: by the word of the token endpoint, or else by the
/// verified ID token, which names the home where nobody is a guest.
fn home(
    local: &Local<'_>,
    profile: &Profile,
    signed_in: &SignedIn,
) -> Result<Option<HomeAccount>, Error> {
    if !local.is_shared {
        return Ok(None);
    }
    let claims = signed_in.identity.claims();
    let claim = |name| claims.claim(name).and_then(|value| value.as_str());
    let here = claim("oid").zip(claim("tid"));
    let here = here.and_then(|(object, tenant)| HomeAccount::new(object, tenant));
    let home = match (signed_in.tokens.home.clone(), here) {
        // At home the two must be the same; a guest is another object in each tenant.
        (Some(said), Some(here)) if said.tenant() == here.tenant() && said != here => {
            return Err(Error::OtherAccount(profile.name.clone()));
        }
        (said, here) => said.or(here),
    };
    let label = signed_in.label();
    match (&profile.account, &home) {
        (Some(wanted), Some(home)) if !is_called(wanted, (home, label)) => {
            Err(Error::NotTheAccount {
                profile: profile.name.clone(),
                wanted: wanted.clone(),
                found: label.to_owned(),
            })
        }
        _ => Ok(home),
    }
}

/// The target under which the sign-in's own access token is cached: the profile's own, unless the
/// sign-in asked for more than that; then it would be broader than what is asked for later. With
/// no refresh token to get a narrower one, it is all there is.
fn held_for(profile: &Profile, signed_in_for: &Wanted, entry: &Entry) -> Wanted {
    let broader = !profile.targets.is_empty();
    if broader && entry.refreshable {
        signed_in_for.clone()
    } else {
        super::client::wanted(&profile.base)
    }
}
