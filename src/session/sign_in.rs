//! Keeps what a sign-in brought.

use super::local::Local;
use super::record::{Entry, Record};
use super::renewal::Arrival;
use super::{Error, Keep};
use crate::config::Profile;
use crate::flow::SignedIn;
use crate::oauth::Demand;
use crate::oauth::grant::Wanted;
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
    let claims = signed_in.identity.claims();
    let _guard = keep.lock(&local.key, &mut || false)?;
    if unwanted() {
        return Ok(None);
    }
    // Ctrl-C between the record and the tokens would leave another account's tokens cached.
    let watch = Interrupts::watch().ok();
    let _deferred = watch.as_ref().map(Interrupts::defer);
    let generation = keep
        .record(&local.key, &profile.name)
        .ok()
        .flatten()
        .map_or(0, |old| old.generation + 1);
    let tokens = &signed_in.tokens;
    keep.journal.remove(local.key.as_str())?;
    let granted = tokens
        .scopes
        .clone()
        .unwrap_or_else(|| local.signed_in_for.scopes.clone());
    let record = Record {
        generation,
        refresh_token: tokens.refresh_token.clone(),
        claims: claims.clone(),
        scopes: granted,
    };
    keep.save_record(&local.key, &record)?;
    // What is cached may be another account's.
    keep.forget_tokens(&local.key)?;
    let mut entry = Entry::new(
        (
            profile.name.clone(),
            profile.issuer.clone(),
            profile.client_id.clone(),
        ),
        (
            signed_in.identity.subject().clone(),
            signed_in.label().to_owned(),
        ),
        keep.store.backend(),
        signed_in.at,
        tokens.refresh_token.is_some(),
    );
    let hint = claims.claim("login_hint").and_then(|hint| hint.as_str());
    entry.login_hint = hint
        .filter(|hint| hint.len() <= LONGEST_HINT)
        .map(ToOwned::to_owned);
    keep.save_entry(&local.key, &entry)?;
    let id = tokens.id_token.as_ref().zip(claims.exp);
    let wanted = Wanted {
        demand: demand.cloned(),
        ..held_for(profile, local.signed_in_for, &entry)
    };
    let arrival = Arrival {
        at: signed_in.at,
        generation,
        renewable: tokens.refresh_token.is_some(),
    };
    drop(local.cache(tokens, id, arrival, &wanted));
    Ok(Some(entry))
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
