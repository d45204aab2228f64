//! Whom a sign-in is for, and what the provider shall ask: the flags of `keyfob login` that become
//! parameters of the authorization request (OpenID Connect Core §3.1.2.1).
//!
//! A hint is a convenience for the person; who signed in is known from the verified ID token alone.

use clap::Args;

use super::Failure;
use crate::app::{App, Room};
use crate::base::{Diagnostic, Exit, Hint};
use crate::session;

/// What the provider can be told to ask (OpenID Connect Core §3.1.2.1, Initiating User Registration
/// via OpenID Connect).
const PROMPTS: [&str; 5] = ["none", "login", "consent", "select_account", "create"];

/// Whom a sign-in is for.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Whom {
    /// Tell the provider who is about to sign in
    #[arg(long, value_name = "NAME", conflicts_with = "device")]
    login_hint: Option<String>,
    /// Tell the provider what to ask: none, login, consent, select_account or create
    #[arg(long, value_name = "PROMPT", conflicts_with = "device", value_parser = prompt)]
    prompt: Option<String>,
    /// Tell Entra whose accounts are meant: a domain, `organizations` or `consumers`
    #[arg(long, value_name = "DOMAIN", conflicts_with = "device")]
    domain_hint: Option<String>,
}

/// Why the flags make no sense together.
#[derive(Debug, thiserror::Error)]
pub(super) enum WhomError {
    /// A person is to choose an account, and it is chosen.
    #[error("`--prompt select_account` lets a person choose, and `{0}` has chosen already")]
    Chosen(&'static str),
}

impl Diagnostic for WhomError {
    fn exit(&self) -> Exit {
        Exit::Usage
    }

    fn hint(&self) -> Option<Hint> {
        let Self::Chosen(flag) = self;
        Some(Hint::Try(format!("leave out `{flag}`, or the prompt")))
    }
}

impl Whom {
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
        let mut hint = self.login_hint.clone();
        if selects && hint.is_some() {
            return Err(WhomError::Chosen("--login-hint").into());
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
