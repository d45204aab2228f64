//! What can be wrong with a store, and what to do about it.
//!
//! Never holds a secret; what another program said goes through `base::printable_line`.

use std::time::Duration;

use super::Backend;
use crate::base::{Diagnostic, Exit, Hint, in_words, printable_line};
use crate::sys::files::FileError;
use crate::sys::lock::LockError;

/// Why a store could not be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no keyring on this machine, or none in this session.
    #[error("no keyring can be reached: {}", printable_line(.reason))]
    Missing {
        /// What the keyring's own software said.
        reason: String,
    },
    /// The keyring is there but was never set up: it has no collection to write to.
    #[error("the keyring has not been set up: it has no default collection")]
    NotSetUp,
    /// The keyring is locked, and nobody unlocked it.
    #[error("the keyring is locked, and it was not unlocked")]
    Locked,
    /// The agent is locked.
    #[error("the agent is locked")]
    Shut,
    /// The keyring refused.
    #[error("the keyring refused: {}", printable_line(.reason))]
    Denied {
        /// What the keyring's own software said.
        reason: String,
    },
    /// The keyring did not answer in time.
    #[error("the keyring did not answer within {}", in_words(*.after))]
    TimedOut {
        /// How long it was waited for.
        after: Duration,
    },
    /// The secret does not fit.
    #[error("the secret is longer than the {limit} bytes that the {backend} store takes")]
    TooLong {
        /// Which store.
        backend: Backend,
        /// How many bytes it takes.
        limit: usize,
    },
    /// The keyring failed in a way of its own.
    #[error("the keyring failed: {}", printable_line(.reason))]
    Failed {
        /// What the keyring's own software said.
        reason: String,
    },
    /// What is kept under a key is not what keyfob writes, or not all of it.
    #[error("the {place}'s entry `{}` is damaged: {fault}", printable_line(.key))]
    Broken {
        /// `keyring`, `sealed store`, `journal`.
        place: &'static str,
        /// The entry.
        key: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// A key that seals files is not one.
    #[error("the store's entry `{name}` is not a key")]
    BrokenKey {
        /// The entry.
        name: &'static str,
    },
    /// A newer keyfob wrote it.
    #[error(
        "the {place}'s entry `{}` is in format {found}; this keyfob reads up to {known}",
        printable_line(.key)
    )]
    Newer {
        /// `keyring`, `sealed store`, `journal`.
        place: &'static str,
        /// The entry.
        key: String,
        /// The format found.
        found: u32,
        /// The newest format this program knows.
        known: u32,
    },
    /// What was written could not be read back.
    #[error("the {backend} store does not keep what is written to it")]
    Forgetful {
        /// Which store.
        backend: Backend,
    },
    /// The passphrase does not open the sealed store.
    #[error("the passphrase does not open the sealed store")]
    WrongPassphrase,
    /// A passphrase is needed, and there is nobody to ask.
    #[error("the sealed store needs its passphrase, and there is nobody to ask")]
    NoPassphrase,
    /// The file that is to hold the passphrase cannot be read.
    #[error("the file with the sealed store's passphrase cannot be read")]
    PassphraseFile(#[source] Box<FileError>),
    /// The passphrase is empty.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// The sealed store's settings ask for more memory or time than keyfob will spend.
    #[error("the sealed store's header asks for a costlier derivation than keyfob performs")]
    Costly,
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Another process holds the store up.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The operating system has no random bytes to give.
    #[error("the operating system gives no random bytes")]
    Randomness,
    /// The operating system has no memory or thread to give.
    #[error("the operating system gives no memory or thread for this")]
    Exhausted,
}

impl Diagnostic for StoreError {
    fn exit(&self) -> Exit {
        Exit::StoreUnavailable
    }

    fn hint(&self) -> Option<Hint> {
        let text = match self {
            Self::Missing { .. } => return Some(Hint::Run(CHOOSE_SEALED.to_owned())),
            Self::Shut => return Some(Hint::Run("keyfob agent unlock".to_owned())),
            Self::NotSetUp => {
                "sign in to the desktop once, or create a default keyring with its password \
                 manager"
            }
            Self::Locked => "unlock the login keyring with the desktop's password manager",
            Self::Denied { .. } => "allow keyfob in the keyring's dialogue or access settings",
            Self::TimedOut { .. } => {
                "look for a prompt that waits for an answer, or restart the keyring's service"
            }
            Self::TooLong { .. } => "choose the sealed store for this profile",
            Self::Failed { .. } => "restart the keyring's service",
            Self::Broken { key, .. } if key == "header" => {
                "restore the header from a backup; without one, delete the folder `sealed` in \
                 keyfob's state folder, and sign in again everywhere"
            }
            Self::Broken { .. } => "sign out of the profile and sign in again",
            Self::BrokenKey { .. } => "delete that entry in the keyring, and sign in again",
            Self::Newer { .. } => "update keyfob on this machine",
            Self::Forgetful { .. } => "check the keyring's service, or choose another store",
            Self::WrongPassphrase => "try again with the passphrase chosen at the first sign-in",
            Self::NoPassphrase => {
                "run the command on a terminal, or name a file that holds it in \
                 `KEYFOB_PASSPHRASE_FILE`"
            }
            Self::PassphraseFile(error) => {
                if matches!(**error, FileError::Exposed { .. }) {
                    return error.hint();
                }
                "correct `KEYFOB_PASSPHRASE_FILE`"
            }
            Self::EmptyPassphrase => "choose a passphrase of several words",
            Self::Costly => "restore the sealed store's header from a backup",
            Self::File(error) => return error.hint(),
            Self::Lock(error) => return error.hint(),
            Self::Randomness | Self::Exhausted => return None,
        };
        Some(Hint::Try(text.to_owned()))
    }
}

/// The way out for a machine without a keyring; the user must take it by hand.
const CHOOSE_SEALED: &str = "keyfob config set store sealed";
