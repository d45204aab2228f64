//! Keeps what a sign-in brought.

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
    let home = home(local, signed_in)?;
    let label = signed_in.label();
    if let (Some(account), Some(home)) = (&profile.account, &home)
        && !is_called(account, (home, label))
    {
        return Err(Error::NotTheAccount {
            profile: profile.name.clone(),
            wanted: account.clone(),
            found: label.to_owned(),
        });
    }
    let whose = (&profile.issuer, &profile.client_id);
    let own = SessionKey::new(whose.0, whose.1, &profile.name);
    let key = match &home {
        Some(home) => SessionKey::shared(whose.0, whose.1, home),
        None => own.clone(),
    };
    let local = &Local {
        key: key.clone(),
        ..*local
    };
    let guard = keep.lock(&local.key, &mut || false)?;
    if unwanted() {
        return Ok(None);
    }
    // Ctrl-C between the record and the tokens would leave another account's tokens cached.
    let watch = Interrupts::watch().ok();
    let _deferred = watch.as_ref().map(Interrupts::defer);
    let before = keep.record(&local.key, &profile.name).ok().flatten();
    let generation = before.as_ref().map_or(0, |old| old.generation + 1);
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
        tenants: before
            .filter(|_| home.is_some())
            .map_or_else(Default::default, |old| old.tenants_beside(claims)),
        home: home.clone(),
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
        (signed_in.identity.subject().clone(), label.to_owned()),
        keep.store.backend(),
        signed_in.at,
        tokens.refresh_token.is_some(),
    );
    entry.home = home;
    entry.is_family = tokens.is_family;
    let hint = claims.claim("login_hint").and_then(|hint| hint.as_str());
    entry.login_hint = hint
        .filter(|hint| hint.len() <= LONGEST_HINT)
        .map(ToOwned::to_owned);
    keep.save_entry(&local.key, &entry)?;
    super::seat::sit(&keep, profile, &entry)?;
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
    drop(guard);
    if key != own && keep.entry(&own).is_some() {
        // From before this profile shared a session; nothing leads to it any more.
        let _guard = keep.lock(&own, &mut || false)?;
        keep.forget(&own)?;
    }
    Ok(Some(entry))
}

/// Whose session it is, where profiles can share it: by the word of the token endpoint, or else by the
/// verified ID token, which names the home where nobody is a guest.
fn home(local: &Local<'_>, signed_in: &SignedIn) -> Result<Option<HomeAccount>, Error> {
    if !local.is_shared {
        return Ok(None);
    }
    let claims = signed_in.identity.claims();
    let claim = |name| claims.claim(name).and_then(|value| value.as_str());
    let here = claim("oid").zip(claim("tid"));
    let here = here.and_then(|(object, tenant)| HomeAccount::new(object, tenant));
    match (&signed_in.tokens.home, here) {
        // At home the two must be the same; a guest is another object in each tenant.
        (Some(said), Some(here)) if said.tenant() == here.tenant() && *said != here => {
            Err(Error::OtherAccount(local.profile.clone()))
        }
        (Some(said), _) => Ok(Some(said.clone())),
        (None, here) => Ok(here),
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
