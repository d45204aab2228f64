//! What rests in the cache of one role: its credentials, and since when they are held.
//!
//! What cannot be read, or is of a newer version, is absent; it is never guessed.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::{Secret, Timestamp};
use crate::flow::assume_role::{RoleCredentials, Seen};

/// After AWS gave nothing ahead of time, nobody tries again for this long.
pub(super) const AHEAD_PAUSE: Duration = Duration::from_secs(60);

const VERSION: u32 = 1;

/// What rests in the cache: the credentials of one role.
#[derive(Clone, Debug)]
pub(super) struct HeldRole {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: Secret,
    pub(super) session_token: Secret,
    pub(super) issued: Timestamp,
    pub(super) expires: Timestamp,
    /// Until when nobody tries to get new ones ahead of time.
    pub(super) paused_until: Option<Timestamp>,
    pub(super) seen: Seen,
}

/// The same as it is written; borrows its secrets.
#[derive(Deserialize, Serialize)]
struct RoleText<'a> {
    version: u32,
    access_key_id: String,
    #[serde(borrow)]
    secret_access_key: Cow<'a, str>,
    #[serde(borrow)]
    session_token: Cow<'a, str>,
    issued: Timestamp,
    expires: Timestamp,
    paused_until: Option<Timestamp>,
    seen: Seen,
}

impl HeldRole {
    pub(super) fn new(credentials: RoleCredentials, issued: Timestamp) -> Self {
        Self {
            access_key_id: credentials.access_key_id,
            secret_access_key: credentials.secret_access_key,
            session_token: credentials.session_token,
            issued,
            expires: credentials.expires,
            paused_until: None,
            seen: credentials.seen,
        }
    }

    pub(super) fn not_before(&self, now: Timestamp) -> Self {
        Self {
            paused_until: Some(now.plus(AHEAD_PAUSE)),
            ..self.clone()
        }
    }

    pub(super) fn parse(text: &Secret) -> Option<Self> {
        let text: RoleText<'_> = serde_json::from_str(text.expose()).ok()?;
        (text.version == VERSION).then(|| Self {
            access_key_id: text.access_key_id,
            secret_access_key: Secret::new(text.secret_access_key.into_owned()),
            session_token: Secret::new(text.session_token.into_owned()),
            issued: text.issued,
            expires: text.expires,
            paused_until: text.paused_until,
            seen: text.seen,
        })
    }

    pub(super) fn print(&self) -> Secret {
        let text = RoleText {
            version: VERSION,
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.expose().into(),
            session_token: self.session_token.expose().into(),
            issued: self.issued,
            expires: self.expires,
            paused_until: self.paused_until,
            seen: self.seen.clone(),
        };
        Secret::json(&text, "")
    }
}
