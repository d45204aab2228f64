//! What the practice provider remembers: sessions, grants and what was handed out for them.
//!
//! In memory only, and by digest: no code, token or cookie is kept as text. A grant is one person's
//! consent to one client; every token belongs to one, so ending the grant ends its whole family
//! (RFC 6819 §5.2.2.3, RFC 9700 §4.14).

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use crate::base::{Scopes, Timestamp};

use super::endpoints::AuthorizationRequest;
use super::message::Form;
use super::people::Person;
use super::random::{Digest, digest};

/// Identifies a grant.
pub(super) type GrantId = u64;

/// The most entries of one kind before the oldest expired ones are looked for and dropped.
const PRUNE_ABOVE: usize = 4096;

/// Everything that is remembered.
#[derive(Default)]
pub(super) struct State {
    grants: HashMap<GrantId, Grant>,
    /// Authorization codes.
    pub(super) codes: HashMap<Digest, Code>,
    /// Refresh tokens.
    pub(super) refresh: HashMap<Digest, Refresh>,
    /// Access tokens.
    pub(super) access: HashMap<Digest, Access>,
    /// ID tokens, so that a hint can be recognised: the grant each was made for.
    pub(super) id_tokens: HashMap<Digest, GrantId>,
    /// Browsers that are signed in, by cookie.
    pub(super) sessions: HashMap<Digest, Session>,
    /// Pages that wait for an answer.
    pub(super) tickets: HashMap<Digest, Ticket>,
    /// Devices, by device code.
    pub(super) devices: HashMap<Digest, Device>,
    /// Pushed requests, by `request_uri`.
    pub(super) pushed: HashMap<Digest, Pushed>,
    /// User codes that were typed and did not exist.
    pub(super) wrong_user_codes: u32,
}

/// One person's (or service's) consent to one client.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) client: String,
    /// `None` when the client acts for itself.
    pub(super) person: Option<&'static Person>,
    pub(super) scopes: Scopes,
    pub(super) auth_time: Timestamp,
    pub(super) sid: String,
    pub(super) nonce: Option<String>,
    pub(super) target: Target,
    pub(super) revoked: bool,
}

/// What the tokens are for.
#[derive(Clone, Debug, Default)]
pub(super) struct Target {
    /// `resource` (RFC 8707).
    pub(super) resources: Vec<String>,
    /// `audience`, as some providers want it.
    pub(super) audience: Option<String>,
}

pub(super) struct Code {
    pub(super) grant: GrantId,
    pub(super) redirect_uri: String,
    pub(super) challenge: String,
    pub(super) expires: Timestamp,
    pub(super) spent: bool,
}

pub(super) struct Refresh {
    pub(super) grant: GrantId,
    pub(super) expires: Timestamp,
    /// When it was used, by the steady clock.
    pub(super) spent: Option<Duration>,
}

#[derive(Clone)]
pub(super) struct Access {
    pub(super) grant: GrantId,
    pub(super) scopes: Scopes,
    pub(super) audience: Vec<String>,
    pub(super) issued: Timestamp,
    pub(super) expires: Timestamp,
}

/// A browser that is signed in.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) person: &'static Person,
    pub(super) auth_time: Timestamp,
    pub(super) sid: String,
}

/// A page that waits for an answer; good for one.
pub(super) struct Ticket {
    pub(super) asks: Asks,
    pub(super) expires: Timestamp,
}

/// What a page asks its reader.
pub(super) enum Asks {
    /// To let this device in.
    Device(Digest),
    /// To sign in for this request.
    SignIn(Box<AuthorizationRequest>),
    /// To sign out, and then to go there.
    SignOut(Option<String>),
}

pub(super) struct Device {
    pub(super) client: String,
    pub(super) user_code: String,
    pub(super) scopes: Scopes,
    pub(super) target: Target,
    pub(super) expires: Timestamp,
    pub(super) interval: Duration,
    /// The last poll, by the steady clock.
    pub(super) polled: Option<Duration>,
    pub(super) decision: Decision,
}

/// What became of a device.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Decision {
    Allowed(GrantId),
    Denied,
    Open,
    /// The tokens were fetched.
    Spent,
}

pub(super) struct Pushed {
    pub(super) client: String,
    pub(super) form: Form,
    pub(super) expires: Timestamp,
}

impl State {
    /// Remembers a grant.
    pub(super) fn add(&mut self, grant: Grant) -> GrantId {
        let id = self.grants.len() as GrantId;
        self.grants.insert(id, grant);
        id
    }

    /// Returns a grant that still stands.
    pub(super) fn grant(&self, id: GrantId) -> Option<&Grant> {
        self.grants.get(&id).filter(|grant| !grant.revoked)
    }

    /// Returns the client of a grant, whether it stands or not.
    pub(super) fn client_of(&self, id: GrantId) -> Option<&str> {
        self.grants.get(&id).map(|grant| grant.client.as_str())
    }

    /// Ends a grant and with it every token made for it.
    pub(super) fn revoke(&mut self, id: GrantId) {
        if let Some(grant) = self.grants.get_mut(&id) {
            grant.revoked = true;
        }
    }

    /// Ends every grant.
    pub(super) fn revoke_all(&mut self) {
        self.grants
            .values_mut()
            .for_each(|grant| grant.revoked = true);
    }

    /// Finds a live access token and its grant.
    pub(super) fn live_access(&self, token: &str, now: Timestamp) -> Option<(&Access, &Grant)> {
        let access = self.access.get(&digest(token))?;
        let grant = self.grant(access.grant)?;
        (access.expires > now).then_some((access, grant))
    }

    /// Finds a device by what a person typed: case, spaces and dashes are forgiven.
    pub(super) fn device_by_user_code(&self, typed: &str, now: Timestamp) -> Option<Digest> {
        let letters = |text: &str| -> String {
            let kept = text.chars().filter(char::is_ascii_alphanumeric);
            kept.map(|c| c.to_ascii_uppercase()).collect()
        };
        let typed = letters(typed);
        let waiting = |device: &Device| device.decision == Decision::Open && device.expires > now;
        self.devices
            .iter()
            .find(|(_, device)| waiting(device) && letters(&device.user_code) == typed)
            .map(|(digest, _)| *digest)
    }

    /// Drops what has expired, once there is much of it.
    pub(super) fn prune(&mut self, now: Timestamp) {
        keep(&mut self.codes, |code| code.expires > now);
        keep(&mut self.refresh, |refresh| refresh.expires > now);
        keep(&mut self.access, |access| access.expires > now);
        keep(&mut self.tickets, |ticket| ticket.expires > now);
        keep(&mut self.devices, |device| device.expires > now);
        keep(&mut self.pushed, |pushed| pushed.expires > now);
    }
}

fn keep<K: Eq + Hash, V>(map: &mut HashMap<K, V>, is_live: impl Fn(&V) -> bool) {
    if map.len() > PRUNE_ABOVE {
        map.retain(|_, value| is_live(value));
    }
}
