//! Can a session be kept? Writes, reads back and deletes a small entry.
//!
//! Never unlocks and never asks: a keyring that is locked is only said to be.

use crate::base::Exit;
use crate::doctor::{Check, Finding, Patient};
use crate::store::{Backend, look};

pub(in crate::doctor) struct Store;

impl Check for Store {
    fn name(&self) -> &'static str {
        "store"
    }

    fn run(&self, patient: &Patient) -> Finding {
        let Some(store) = &patient.store else {
            return Finding::skipped(
                "the sealed file; its passphrase is asked for, so it stays shut",
            );
        };
        match store.backend() {
            Backend::Keyring => {}
            Backend::Agent => return Finding::good("the agent's memory"),
            Backend::Memory => {
                return Finding::warning(
                    "the memory of each command: nobody stays signed in",
                    "choose `store = \"keyring\"`, `\"sealed\"` or `\"agent\"`",
                );
            }
            Backend::Sealed => {
                return match store.probe() {
                    Ok(()) => Finding::good("the sealed file: written, read back, deleted"),
                    Err(error) => Finding::of(&error),
                };
            }
        }
        let service = look();
        let program = service.as_ref().and_then(|service| service.program.clone());
        let which = program.map_or_else(
            || "the system's keyring".to_owned(),
            |program| format!("the keyring of `{program}`"),
        );
        if service.is_some_and(|service| service.is_locked == Some(true)) {
            return Finding::bad(
                format!("{which} is locked"),
                "unlock it with the desktop's password manager, or sign in to the desktop",
                Exit::StoreUnavailable,
            );
        }
        match store.probe() {
            Ok(()) => Finding::good(format!("{which}: written, read back, deleted"))
                .with(["what is too large for one entry is split over several".to_owned()]),
            Err(error) => Finding::of(&error),
        }
    }

    fn late(&self) -> Finding {
        Finding::bad(
            "the keyring did not answer in time",
            "look whether it waits for its password, or choose `store = \"sealed\"`",
            Exit::StoreUnavailable,
        )
    }
}
