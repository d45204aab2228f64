//! What the practice Entra remembers: sign-ins, codes, devices and tokens.
//!
//! What was handed out is kept as its SHA-256 only.

use std::collections::HashMap;
use std::time::Duration;

use super::directory::{Account, Asked, Seat};
use super::resource::{Resource, Wish};
use crate::base::Timestamp;
use crate::issuer::random::Digest;

/// The number of a sign-in.
pub(super) type GrantId = usize;

/// Everything that is remembered.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) grants: Vec<Grant>,
    pub(super) codes: HashMap<Digest, Code>,
    pub(super) devices: HashMap<Digest, Device>,
    /// Refresh tokens; none is ever spent by its use.
    pub(super) refresh: HashMap<Digest, (GrantId, Timestamp)>,
    pub(super) access: HashMap<Digest, Access>,
    /// Browsers that are signed in, by cookie.
    pub(super) sessions: HashMap<Digest, &'static Account>,
    /// Pages that wait for an answer.
    pub(super) tickets: HashMap<Digest, Ticket>,
}

/// One sign-in of one account at one app. Serves every resource and tenant.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) client: String,
    pub(super) account: &'static Account,
    pub(super) wish: Wish,
    pub(super) nonce: Option<String>,
    /// Whether MFA was done, as claims asked for it.
    pub(super) is_strong: bool,
    /// Whether it began on a device.
    pub(super) is_device: bool,
    pub(super) revoked: bool,
}

pub(super) struct Code {
    pub(super) grant: GrantId,
    pub(super) asked: Asked,
    pub(super) redirect_uri: String,
    pub(super) challenge: String,
    pub(super) expires: Timestamp,
    pub(super) spent: bool,
}

pub(super) struct Device {
    pub(super) client: String,
    pub(super) user_code: String,
    pub(super) wish: Wish,
    pub(super) expires: Timestamp,
    pub(super) interval: Duration,
    /// The last poll, by the steady clock.
    pub(super) polled: Option<Duration>,
    pub(super) decision: Decision,
    pub(super) asked: Asked,
}

/// What became of a device.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Decision {
    Open,
    Allowed(GrantId),
    Declined,
    Spent,
}

/// An access token, for the sample API and Graph.
#[derive(Clone)]
pub(super) struct Access {
    /// `None` when an app acts for itself.
    pub(super) seat: Option<Seat>,
    pub(super) resource: &'static Resource,
    pub(super) scopes: Vec<String>,
    pub(super) is_strong: bool,
    /// The `nbf` that was asked for, if one was.
    pub(super) not_before: Option<i64>,
    pub(super) expires: Timestamp,
}

/// A page that waits for an answer; good for one.
pub(super) enum Ticket {
    SignIn(Box<super::authorize::SignIn>),
    Device(Digest),
}

impl Memory {
    /// Remembers a sign-in.
    pub(super) fn add(&mut self, grant: Grant) -> GrantId {
        self.grants.push(grant);
        self.grants.len() - 1
    }

    /// Returns a sign-in that still stands.
    pub(super) fn grant(&self, id: GrantId) -> Option<&Grant> {
        self.grants.get(id).filter(|grant| !grant.revoked)
    }

    /// Ends every sign-in.
    pub(super) fn revoke_all(&mut self) {
        for grant in &mut self.grants {
            grant.revoked = true;
        }
    }

    /// Finds a waiting device by what a person typed.
    pub(super) fn device_by_user_code(&self, typed: &str, now: Timestamp) -> Option<Digest> {
        let typed = typed.trim().to_ascii_uppercase();
        self.devices
            .iter()
            .find(|(_, device)| {
                device.user_code == typed
                    && device.decision == Decision::Open
                    && device.expires > now
            })
            .map(|(digest, _)| *digest)
    }
}
