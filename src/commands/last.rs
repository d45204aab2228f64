//! The last time that a provider refused, for each profile: noted for `keyfob explain --last`.
//!
//! No secret is in it, words that could be one are hidden, and a note that cannot be written is no
//! error: the failure itself is what counts.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::{ClientId, Issuer, ProfileName, Refused, Timestamp};
use crate::config::Profile;
use crate::explain::{self, About};
use crate::sys::files;

/// The largest note that is read.
const LARGEST: usize = 32 * 1024;

/// The version that is written.
const VERSION: u32 = 1;

/// That a provider refused.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Last {
    version: u32,
    at: Timestamp,
    /// The verb, and no argument: there may be anything among those.
    command: String,
    profile: ProfileName,
    issuer: Issuer,
    client_id: ClientId,
    /// What the provider gave as its reason.
    pub(super) refused: Refused,
}

impl Last {
    /// Makes a note of what a provider said.
    pub(super) fn new(profile: &Profile, command: &str, refused: Refused, at: Timestamp) -> Self {
        let description = refused.description.as_deref().map(explain::masked);
        Self {
            version: VERSION,
            at,
            command: command.to_owned(),
            profile: profile.name.clone(),
            issuer: profile.issuer.clone(),
            client_id: profile.client_id.clone(),
            refused: Refused {
                description,
                ..refused
            },
        }
    }

    /// Reads what is noted of a profile; what cannot be read counts as nothing.
    pub(super) fn of(state: &Path, profile: &ProfileName) -> Option<Self> {
        Self::read(&place(state, profile))
    }

    fn read(path: &Path) -> Option<Self> {
        let bytes = files::read_private(path, LARGEST).ok()?;
        let last: Self = serde_json::from_slice(&bytes).ok()?;
        (last.version == VERSION).then_some(last)
    }

    /// Writes the note in place of the one before.
    pub(super) fn write(&self, state: &Path) {
        let text = serde_json::to_string_pretty(self).expect("a note has only text keys");
        let written = files::private_dir(&folder(state)).and_then(|()| {
            files::write_private_unsynced(&place(state, &self.profile), text.as_bytes())
        });
        drop(written);
    }

    /// Whom an explanation is for.
    pub(super) fn about(&self) -> About {
        About {
            profile: Some(self.profile.clone()),
            issuer: Some(self.issuer.clone()),
            client_id: Some(self.client_id.clone()),
        }
    }

    /// What stands above the explanation.
    pub(super) fn lines(&self) -> Vec<(&'static str, String)> {
        let at = jiff::Timestamp::from_second(self.at.0).unwrap_or_default();
        let mut lines = vec![
            ("at", at.to_string()),
            ("command", format!("keyfob {}", self.command)),
            ("profile", self.profile.to_string()),
            ("issuer", self.issuer.to_string()),
            ("error", self.refused.error.clone()),
        ];
        let more = [
            ("suberror", &self.refused.suberror),
            ("said", &self.refused.description),
        ];
        for (label, value) in more {
            lines.extend(value.clone().map(|value| (label, value)));
        }
        lines
    }
}

/// Returns the newest note of all.
pub(super) fn newest(state: &Path) -> Option<Last> {
    let folder = folder(state);
    files::names_in(&folder)
        .iter()
        .filter_map(|name| Last::read(&folder.join(name)))
        .max_by_key(|last| last.at)
}

/// Forgets what is noted of a profile.
pub(super) fn forget(state: &Path, profile: &ProfileName) {
    drop(files::remove(&place(state, profile)));
}

fn folder(state: &Path) -> PathBuf {
    state.join("refusals")
}

fn place(state: &Path, profile: &ProfileName) -> PathBuf {
    folder(state).join(format!("{profile}.json"))
}
