//! What Microsoft Graph said about an account's groups, kept for a few minutes.
//!
//! Sealed beside the session's tokens, and forgotten with them. Never kept when the token itself
//! lists the groups.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::key::digest;
use super::{Keep, SessionKey};
use crate::base::{Secret, Timestamp};

/// Memberships change by the hour; whoever asks twice in a row need not wait twice.
const LIFE: Duration = Duration::from_secs(300);

/// The groups of an account, as Graph listed them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ListedGroups {
    /// When Graph was asked.
    pub at: Timestamp,
    /// Object ids.
    pub ids: Vec<String>,
    /// Ids with names, if names were asked for.
    pub names: Option<Vec<(String, String)>>,
}

impl ListedGroups {
    /// Reads what is kept for one tenant, unless it is too old.
    pub fn load(keep: &Keep<'_>, key: &SessionKey, tenant: &str) -> Option<Self> {
        let text = keep.cache.load(&name(key, tenant))?;
        let listed: Self = serde_json::from_str(text.expose()).ok()?;
        let now = keep.clock.now();
        (listed.at <= now && now.since(listed.at) < LIFE).then_some(listed)
    }

    /// Keeps it. A cache that cannot be written costs time, not the answer.
    pub fn save(&self, keep: &Keep<'_>, key: &SessionKey, tenant: &str) {
        let text = serde_json::to_string(self).expect("ids and names are text");
        drop(keep.cache.save(&name(key, tenant), &Secret::new(text)));
    }
}

/// A session may stand for its account in several tenants.
fn name(key: &SessionKey, tenant: &str) -> String {
    format!("{key}-groups-{}", digest(&[tenant]))
}
