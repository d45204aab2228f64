//! Why a session gives no token.

use crate::base::{
    Diagnostic, Exit, Hint, ProfileName, Refused, Relayed, RoleArn, in_words, printable_line,
};
use crate::config::SecretReference;
use crate::flow;
use crate::flow::assume_role::RoleError;
use crate::oauth::token::TokenError;
use crate::store::{Backend, StoreError};
use crate::sys::files::FileError;
use crate::sys::http::HttpError;
use crate::sys::lock::LockError;

use std::path::PathBuf;
use std::time::Duration;

/// Why a session gives no token.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file that remembers a tenant holds none.
    #[error("the file that remembers which tenant it is cannot be read: `{}`", .0.display())]
    BrokenPin(PathBuf),
    /// An API demands what the token in hand has.
    #[error("the API refuses the token that has what it demanded of profile `{profile}`: {demand}")]
    ChallengedAgain {
        /// The profile.
        profile: ProfileName,
        /// What it demands.
        demand: String,
    },
    /// The provider no longer takes the refresh token.
    #[error("the sign-in for profile `{profile}` has ended")]
    Ended {
        /// The profile.
        profile: ProfileName,
        /// What the provider said.
        #[source]
        cause: EndedBy,
    },
    /// A file of ours cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The flow came to nothing.
    #[error(transparent)]
    Flow(#[from] flow::Error),
    /// The network cannot be used at all.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The session's lock cannot be had.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The token in hand does not live long enough, and no new one could be had.
    #[error("the token for profile `{profile}` lives only {} longer", in_words(*left))]
    LifeTooShort {
        /// The profile.
        profile: ProfileName,
        /// How long it lives.
        left: Duration,
        /// Why there is no new one.
        #[source]
        cause: Box<Error>,
    },
    /// Another account signed in than the profile is for.
    #[error(
        "profile `{profile}` is for the account {}, and {} signed in: nothing was kept",
        printable_line(wanted),
        printable_line(found)
    )]
    NotTheAccount {
        /// The profile.
        profile: ProfileName,
        /// Whom it is for.
        wanted: String,
        /// Who signed in.
        found: String,
    },
    /// The tokens that came are somebody else's.
    #[error("the provider answered the refresh of profile `{0}` with tokens of another account")]
    OtherAccount(ProfileName),
    /// An API demands a sign-in of another kind or age.
    #[error("the API demands {demand}, and the one for profile `{profile}` is not")]
    OtherSignInNeeded {
        /// The profile.
        profile: ProfileName,
        /// What it demands.
        demand: String,
    },
    /// The session is in another store than the one that is chosen.
    #[error("the session of profile `{profile}` is in the {kept} store, but `store` is `{chosen}`")]
    OtherStore {
        /// The profile.
        profile: ProfileName,
        /// Where the session is.
        kept: Backend,
        /// What the settings say now.
        chosen: Backend,
    },
    /// The provider wants a person for this request; the session itself lives on.
    #[error("the provider wants a person before it renews profile `{profile}`")]
    PersonNeeded {
        /// The profile.
        profile: ProfileName,
        /// What the provider said.
        #[source]
        cause: TokenError,
    },
    /// There is no refresh token, and the last access token is over.
    #[error(
        "the last token of profile `{profile}` is over, and the provider gave no refresh token"
    )]
    NotRefreshable {
        /// The profile.
        profile: ProfileName,
        /// Whether the sign-in asked for `offline_access`.
        asked: bool,
    },
    /// Nobody has signed in since this process began, and its store keeps nothing longer.
    #[error("nobody is signed in for profile `{0}`: the memory store ends with each command")]
    NothingRemembered(ProfileName),
    /// The client's secret cannot be had.
    #[error("the client secret of profile `{profile}` cannot be had from {reference}")]
    Secret {
        /// The profile.
        profile: ProfileName,
        /// Where it should be.
        reference: SecretReference,
        /// Why it is not there, when the system said.
        #[source]
        cause: Option<FileError>,
    },
    /// It happened in the agent.
    #[error(transparent)]
    Relayed(#[from] Relayed),
    /// AWS gives no credentials for a role.
    #[error("AWS gives `{target}` no credentials for `{role}`")]
    Role {
        /// The profile.
        profile: ProfileName,
        /// The profile, or its target, as it is written on a command line.
        target: String,
        /// The role.
        role: RoleArn,
        /// Why not.
        #[source]
        cause: Box<RoleError>,
    },
    /// The profile could be for any of several accounts.
    #[error(
        "several accounts are signed in, and profile `{profile}` could be for any of them: {}",
        named(accounts)
    )]
    SeveralAccounts {
        /// The profile.
        profile: ProfileName,
        /// Their names and their ids.
        accounts: Vec<(String, String)>,
    },
    /// Nobody is signed in.
    #[error("nobody is signed in for profile `{0}`")]
    SignedOut(ProfileName),
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What the store holds cannot be read.
    #[error("what the store holds for profile `{0}` cannot be read by this version of keyfob")]
    Unreadable(ProfileName),
}

/// What ended a session.
#[derive(Debug, thiserror::Error)]
#[error("the provider no longer takes the refresh token ({0})")]
pub struct EndedBy(pub String);

impl Diagnostic for Error {
    fn exit(&self) -> Exit {
        match self {
            Self::Ended { .. }
            | Self::NotRefreshable { .. }
            | Self::NothingRemembered(_)
            | Self::OtherSignInNeeded { .. }
            | Self::OtherStore { .. }
            | Self::PersonNeeded { .. }
            | Self::SeveralAccounts { .. }
            | Self::SignedOut(_) => Exit::SignInNeeded,
            Self::BrokenPin(_) => Exit::Fault,
            Self::ChallengedAgain { .. } => Exit::Refused,
            Self::NotTheAccount { .. } => Exit::SignInIncomplete,
            Self::OtherAccount(_) => Exit::Verification,
            Self::File(error) => error.exit(),
            Self::Flow(error) => error.exit(),
            Self::Http(error) => error.exit(),
            Self::Lock(error) => error.exit(),
            Self::LifeTooShort { cause, .. } => cause.exit(),
            Self::Relayed(error) => error.exit(),
            Self::Role { cause, .. } => cause.exit(),
            Self::Secret { .. } => Exit::Config,
            Self::Store(error) => error.exit(),
            Self::Unreadable(_) => Exit::StoreUnavailable,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Ended { profile, .. }
            | Self::OtherAccount(profile)
            | Self::OtherSignInNeeded { profile, .. }
            | Self::PersonNeeded { profile, .. }
            | Self::SignedOut(profile)
            | Self::Unreadable(profile) => Some(Hint::Run(format!("keyfob login {profile}"))),
            Self::BrokenPin(_) => Some(Hint::Try(BROKEN_PIN.into())),
            Self::NotTheAccount { profile, .. } => Some(Hint::Try(format!(
                "choose the account at the provider, or change `account` of profile `{profile}`"
            ))),
            Self::SeveralAccounts { profile, accounts } => {
                let account = accounts.first().map_or("", typeable);
                Some(Hint::Run(format!(
                    "keyfob login {profile} --account {account}"
                )))
            }
            Self::ChallengedAgain { profile, .. } => Some(Hint::Try(format!(
                "sign in again with `keyfob login {profile}`, or ask for one more with `--renew`; \
                 if the API still says the same, ask whoever runs it"
            ))),
            Self::OtherStore { profile, kept, .. } => Some(Hint::Try(format!(
                "set `store` back to `{kept}`, or sign in again with `keyfob login {profile}`"
            ))),
            Self::NotRefreshable { profile, asked } => Some(not_refreshable_hint(profile, *asked)),
            Self::NothingRemembered(profile) => Some(Hint::Try(format!(
                "run `keyfob token {profile} --login`, which signs in first, or choose a `store` \
                 that lasts"
            ))),
            Self::File(error) => error.hint(),
            Self::Flow(error) => error.hint(),
            Self::Http(error) => error.hint(),
            Self::Lock(error) => error.hint(),
            Self::LifeTooShort { cause, .. } => cause.hint(),
            Self::Relayed(error) => error.hint(),
            Self::Role {
                cause,
                profile,
                target,
                ..
            } => cause.hint_for(profile.as_str(), target),
            Self::Secret {
                reference, cause, ..
            } => cause
                .as_ref()
                .and_then(FileError::hint)
                .or_else(|| Some(secret_hint(reference))),
            Self::Store(error) => error.hint(),
        }
    }

    fn refused(&self) -> Option<Refused> {
        if let Self::Ended { cause, .. } = self {
            return Some(Refused::quoted(&cause.0));
        }
        let cause: &dyn Diagnostic = if let Self::Flow(error) = self {
            error
        } else if let Self::LifeTooShort { cause, .. } = self {
            &**cause
        } else if let Self::PersonNeeded { cause, .. } = self {
            cause
        } else if let Self::Relayed(error) = self {
            error
        } else if let Self::Role { cause, .. } = self {
            &**cause
        } else {
            return None;
        };
        cause.refused()
    }
}

/// What to do about a file that should hold a tenant.
const BROKEN_PIN: &str = "write the tenant's GUID as `tenant` in the profile, or remove the file: then \
                          the domain is looked up anew";

/// The name of an account if a shell takes it as it is, or else its id.
fn typeable((label, id): &(String, String)) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@._+-".contains(c);
    let is_plain = label.chars().all(plain) && label.starts_with(|c: char| c.is_alphanumeric());
    if is_plain { label } else { id }
}

/// Each account with the id that tells it from others of its name.
fn named(accounts: &[(String, String)]) -> String {
    let named = accounts
        .iter()
        .map(|(label, id)| format!("{} ({id})", printable_line(label)));
    named.collect::<Vec<_>>().join(", ")
}

/// How a session comes to last.
fn not_refreshable_hint(profile: &ProfileName, asked: bool) -> Hint {
    let advice = if asked {
        "to make a session last, the provider must allow refresh tokens for this client"
    } else {
        "the scope `offline_access` makes a session last at most providers"
    };
    Hint::Try(format!("sign in with `keyfob login {profile}`; {advice}"))
}

/// How a client's secret comes to where it is looked for.
fn secret_hint(reference: &SecretReference) -> Hint {
    match reference {
        SecretReference::Environment(name) => Hint::Try(format!("set the variable `{name}`")),
        SecretReference::File(_) => Hint::Try("write the secret, as text, to that file".into()),
        SecretReference::Keyring(name) => Hint::Run(format!("keyfob config secret {name}")),
    }
}
