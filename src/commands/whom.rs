//! Whom a sign-in is for, and what the provider shall ask: the flags of `keyfob login` that become
//! parameters of the authorization request (OpenID Connect Core §3.1.2.1).
//!
//! A hint is a convenience for the person; who signed in is known from the verified ID token alone.

use clap::Args;

use super::Failure;
use crate::app::{App, Room};
use crate::base::{Diagnostic, Exit, Hint, ProfileName, printable_line};
use crate::session::{self, Entry};

/// What the provider can be told to ask (OpenID Connect Core §3.1.2.1, Initiating User Registration
/// via OpenID Connect).
const PROMPTS: [&str; 5] = ["none", "login", "consent", "select_account", "create"];

/// Whom a sign-in is for.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Whom {
    /// Go on with this account, or sign it in
    #[arg(long, value_name = "ACCOUNT", conflicts_with = "login_hint")]
    account: Option<String>,
    /// Tell the provider who is about to sign in
    #[arg(long, value_name = "NAME", conflicts_with = "device")]
    login_hint: Option<String>,
    /// What the provider is to ask, as in `select_account`
    #[arg(long, value_name = "PROMPT", conflicts_with = "device", value_parser = prompt)]
    prompt: Option<String>,
    /// Whose accounts are meant at Entra: a domain, `consumers`, …
    #[arg(long, value_name = "DOMAIN", conflicts_with = "device")]
    domain_hint: Option<String>,
}

/// Why the flags make no sense together.
#[derive(Debug, thiserror::Error)]
pub(super) enum WhomError {
    /// A person is to choose an account, and it is chosen.
    #[error("`--prompt select_account` lets a person choose, and `{0}` has chosen already")]
    Chosen(&'static str),
    /// One sign-in there is of one profile.
    #[error("profile `{0}` has a session of its own: accounts are shared at Entra only")]
    NotShared(ProfileName),
}

impl Diagnostic for WhomError {
    fn exit(&self) -> Exit {
        Exit::Usage
    }

    fn hint(&self) -> Option<Hint> {
        Some(match self {
            Self::Chosen(flag) => Hint::Try(format!("leave out `{flag}`, or the prompt")),
            Self::NotShared(_) => Hint::Try("use `--login-hint` instead".to_owned()),
        })
    }
}

impl Whom {
    /// Returns the account that is meant.
    pub(super) fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// Binds the profile to the account that is meant, if it is signed in already.
    ///
    /// # Errors
    ///
    /// [`WhomError::NotShared`], or why the profile cannot be bound.
    pub(super) fn is_known(&self, app: &App, room: &Room<'_>) -> Result<bool, Failure> {
        let Some(account) = self.account() else {
            return Ok(false);
        };
        let profile = &room.profile;
        if !session::is_shared(profile) {
            return Err(WhomError::NotShared(profile.name.clone()).into());
        }
        let keep = room.keep();
        let mut all = session::accounts(&keep, profile).into_iter();
        let alive = |entry: &Entry| entry.ended.is_none() && entry.refreshable;
        let Some(entry) = all.find(|entry| entry.is_of(account) && alive(entry)) else {
            return Ok(false);
        };
        session::sit(&keep, profile, &entry)?;
        app.console.note(&format!(
            "{} is signed in already: profile `{}` goes on with it.",
            printable_line(&entry.label),
            profile.name
        ));
        Ok(true)
    }

    /// Returns the parameters that the flags stand for, and at a provider whose sessions are shared
    /// by profiles a hint at the account that the profile had last.
    ///
    /// # Errors
    ///
    /// [`WhomError`].
    pub(super) fn parameters(
        &self,
        app: &App,
        room: &Room<'_>,
    ) -> Result<Vec<(String, String)>, Failure> {
        let selects = self.prompt.as_deref().is_some_and(|prompt| {
            session::is_shared(&room.profile)
                && prompt.split(' ').any(|one| one == "select_account")
        });
        // An id is of no use to the person who is asked, nor to the provider.
        let account = room
            .profile
            .account
            .clone()
            .filter(|name| name.contains('@'));
        let mut hint = self.login_hint.clone().or(account);
        if selects && self.login_hint.is_some() {
            return Err(WhomError::Chosen("--login-hint").into());
        }
        if selects && self.account.is_some() {
            return Err(WhomError::Chosen("--account").into());
        }
        if selects {
            hint = None;
        }
        let of_profile = |name: &str| {
            let mut added = room.profile.authorize_parameters.iter();
            added.any(|(known, _)| known == name)
        };
        if selects && of_profile("login_hint") {
            app.console.note(
                "keyfob: the profile's `login_hint` is left out, so that an account can be chosen.",
            );
            hint = Some(String::new());
        } else if hint.is_none() && !selects && !of_profile("login_hint") {
            hint = last_account(app, room);
        }
        let named = [
            ("login_hint", hint),
            ("prompt", self.prompt.clone()),
            ("domain_hint", self.domain_hint.clone()),
        ];
        let given = named
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Ok(given.collect())
    }
}

/// The account that the profile had last, as its provider best knows it.
fn last_account(app: &App, room: &Room<'_>) -> Option<String> {
    let shared = session::is_shared(&room.profile);
    let entry = shared.then(|| app.entry(room)).flatten()?;
    Some(entry.login_hint.unwrap_or(entry.label))
}

/// Says that another account signed in than the profile's session was of, and what became of that.
pub(super) fn tell_of_change(
    app: &App,
    room: &Room<'_>,
    (before, after): (Option<&Entry>, &Entry),
) {
    let Some(before) = before.filter(|before| !before.is_the_account_of(after)) else {
        return;
    };
    let (label, name) = (printable_line(&before.label), &room.profile.name);
    let became = match &before.home {
        Some(home) => {
            format!("Its session is kept: `keyfob login {name} --account {home}` goes back to it.")
        }
        None => "Its session is forgotten here.".to_owned(),
    };
    app.console.note(&format!(
        "Until now profile `{name}` was signed in as {label}. {became}"
    ));
}

fn prompt(text: &str) -> Result<String, String> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let known = words.iter().all(|word| PROMPTS.contains(word));
    let alone = words.len() == 1 || !words.contains(&"none");
    match () {
        () if words.is_empty() || !known => Err(format!("it is one of {}", PROMPTS.join(", "))),
        () if !alone => Err("`none` stands alone".to_owned()),
        () => Ok(words.join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_is_one_that_providers_know() {
        assert_eq!(prompt("login  consent").unwrap(), "login consent");
        assert_eq!(prompt("none").unwrap(), "none");
        for text in ["", "select-account", "none login", "login x"] {
            assert!(prompt(text).is_err(), "{text}");
        }
    }
}
