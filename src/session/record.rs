//! What is kept of a session, each with a version.
//!
//! | what | where | secret |
//! |---|---|---|
//! | [`Record`]: refresh token, verified claims | the store | yes |
//! | [`Held`]: one access or ID token | the cache | yes |
//! | [`Entry`]: whose session, since when, where | a file | no |
//!
//! What cannot be read, or is of a newer version, is an error or absent; it is never guessed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::base::{ClientId, HomeAccount, Issuer, ProfileName, Scopes, Secret, Subject, Timestamp};
use crate::jwt::Claims;
use crate::store::Backend;

use super::SessionKey;
use super::setback::{Met, Setback};

/// The version that is written. Older ones would be read and written anew; there are none yet.
const VERSION: u32 = 1;

/// What rests in the store.
#[derive(Clone, Debug)]
pub struct Record {
    /// Rises by one with every refresh.
    pub generation: u64,
    /// The refresh token, when the provider gave one.
    pub refresh_token: Option<Secret>,
    /// The verified claims of the sign-in, which every later ID token continues (OIDC Core §12.2).
    pub claims: Claims,
    /// The scopes that were granted at sign-in.
    pub scopes: Scopes,
    /// Whose it is at home, where one session serves several tenants.
    pub home: Option<HomeAccount>,
    /// What the first verified ID token of each further tenant said, by its issuer: the later ones
    /// continue it.
    pub tenants: BTreeMap<String, Claims>,
}

/// What rests in the cache: one token.
#[derive(Clone, Debug)]
pub struct Held {
    /// The token.
    pub token: Secret,
    /// When it came.
    pub issued: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
    /// From when on it is renewed ahead of its end; `None` for one that cannot be renewed.
    pub renew_from: Option<Timestamp>,
    /// What it was granted for.
    pub scopes: Scopes,
    /// The session's generation that brought it.
    pub generation: u64,
}

/// What anybody of this user may read: no secret.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub(super) version: u32,
    /// The profile that signed in.
    pub profile: ProfileName,
    /// Where.
    pub issuer: Issuer,
    /// As which client.
    pub client_id: ClientId,
    /// Whose it is at home, where several profiles can share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<HomeAccount>,
    /// Who, for programs.
    pub subject: Subject,
    /// Who, for people.
    pub label: String,
    /// What the provider likes best to be told who is about to sign in, if it says so. Opaque.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_hint: Option<String>,
    /// Where the record rests.
    pub store: Backend,
    /// When the person signed in.
    pub signed_in: Timestamp,
    /// Whether there is a refresh token.
    pub refreshable: bool,
    /// Whether the refresh token serves a family of the provider's own clients.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_family: bool,
    /// The session's end, when the provider has ended it.
    pub ended: Option<Ended>,
    /// When each target's cached access token ends, by the name it is cached under.
    pub tokens: Vec<Shown>,
    /// What stood in the way of a token lately.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) setbacks: Vec<Setback>,
    /// Which demands of APIs were met lately.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) met: Vec<Met>,
}

/// A cached access token, as `list` shows it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Shown {
    /// The name it is cached under.
    pub name: String,
    /// What it is for: its scopes, audience or resource, as they were asked for.
    pub target: String,
    /// When it ends.
    pub expires: Timestamp,
}

/// The mark on a session whose refresh token the provider no longer takes.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Ended {
    /// When we heard.
    pub at: Timestamp,
    /// The provider's error code.
    pub error: String,
    /// The generation whose refresh token is dead.
    pub generation: u64,
}

impl Entry {
    /// Begins the entry of a new session.
    pub fn new(
        (profile, issuer, client_id): (ProfileName, Issuer, ClientId),
        (subject, label): (Subject, String),
        store: Backend,
        signed_in: Timestamp,
        refreshable: bool,
    ) -> Self {
        Self {
            version: VERSION,
            profile,
            issuer,
            client_id,
            home: None,
            subject,
            label,
            login_hint: None,
            store,
            signed_in,
            refreshable,
            is_family: false,
            ended: None,
            tokens: Vec::new(),
            setbacks: Vec::new(),
            met: Vec::new(),
        }
    }

    /// Returns the name of the session that this is the entry of.
    pub fn key(&self) -> SessionKey {
        match &self.home {
            Some(home) => SessionKey::shared(&self.issuer, &self.client_id, home),
            None => self.own_key(),
        }
    }

    /// Returns the name of what is the profile's own, whomever it shares its session with.
    pub fn own_key(&self) -> SessionKey {
        SessionKey::new(&self.issuer, &self.client_id, &self.profile)
    }

    /// Notes when a cached access token ends.
    pub fn show(&mut self, shown: Shown) {
        self.tokens.retain(|other| other.name != shown.name);
        self.tokens.push(shown);
    }

    /// Reads an entry; `None` when it is none, or of a newer version.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes)
            .ok()
            .filter(|entry: &Self| entry.version == VERSION)
    }

    /// Writes the entry.
    pub fn print(&self) -> String {
        serde_json::to_string_pretty(self).expect("an entry has only text keys")
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_false(value: &bool) -> bool {
    !value
}

/// The record as it is written; borrows its secrets.
#[derive(Deserialize, Serialize)]
struct RecordText<'a> {
    version: u32,
    generation: u64,
    #[serde(borrow)]
    refresh_token: Option<std::borrow::Cow<'a, str>>,
    claims: Map<String, Value>,
    scopes: Scopes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    home: Option<HomeAccount>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    tenants: BTreeMap<String, Claims>,
}

impl Record {
    /// Reads a record; `None` when it is none, or of a newer version.
    pub fn parse(text: &Secret) -> Option<Self> {
        let text: RecordText<'_> = serde_json::from_str(text.expose()).ok()?;
        if text.version != VERSION {
            return None;
        }
        Some(Self {
            generation: text.generation,
            refresh_token: text
                .refresh_token
                .map(|token| Secret::new(token.into_owned())),
            claims: Claims::read(text.claims).ok()?,
            scopes: text.scopes,
            home: text.home,
            tenants: text.tenants,
        })
    }

    /// Writes the record.
    pub fn print(&self) -> Secret {
        let text = RecordText {
            version: VERSION,
            generation: self.generation,
            refresh_token: self
                .refresh_token
                .as_ref()
                .map(|token| token.expose().into()),
            claims: self.claims.all().clone(),
            scopes: self.scopes.clone(),
            home: self.home.clone(),
            tenants: self.tenants.clone(),
        };
        Secret::json(&text, "")
    }
}

#[derive(Deserialize, Serialize)]
struct HeldText<'a> {
    version: u32,
    #[serde(borrow)]
    token: std::borrow::Cow<'a, str>,
    issued: Timestamp,
    expires: Timestamp,
    #[serde(default)]
    renew_from: Option<Timestamp>,
    scopes: Scopes,
    generation: u64,
}

impl Held {
    /// Reads a cached token; `None` when it is none, or of another version.
    pub fn parse(text: &Secret) -> Option<Self> {
        let text: HeldText<'_> = serde_json::from_str(text.expose()).ok()?;
        (text.version == VERSION).then(|| Self {
            token: Secret::new(text.token.into_owned()),
            issued: text.issued,
            expires: text.expires,
            renew_from: text.renew_from,
            scopes: text.scopes,
            generation: text.generation,
        })
    }

    /// Writes the token for the cache.
    pub fn print(&self) -> Secret {
        let text = HeldText {
            version: VERSION,
            token: self.token.expose().into(),
            issued: self.issued,
            expires: self.expires,
            renew_from: self.renew_from,
            scopes: self.scopes.clone(),
            generation: self.generation,
        };
        Secret::json(&text, "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_token_survives_the_round_trip_and_a_newer_version_does_not() {
        let held = Held {
            token: Secret::new("a\"b".into()),
            issued: Timestamp(1),
            expires: Timestamp(2),
            renew_from: Some(Timestamp(1)),
            scopes: Scopes::parse("x y").unwrap(),
            generation: 7,
        };

        let text = held.print();

        let back = Held::parse(&text).unwrap();
        assert_eq!(back.token.expose(), "a\"b");
        assert_eq!(
            (back.issued, back.expires, back.renew_from, back.generation),
            (held.issued, held.expires, held.renew_from, 7)
        );
        let newer = text.expose().replace("\"version\":1", "\"version\":2");
        assert!(Held::parse(&Secret::new(newer)).is_none());
        assert!(Held::parse(&Secret::new("{".into())).is_none());
    }
}
