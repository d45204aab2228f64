//! Tokens: ID tokens (OIDC Core §2), and access tokens as JWTs (RFC 9068).
//!
//! A token is drafted in full before it is signed, so that faults can bend the draft; nothing here
//! knows which faults exist.

use std::sync::Arc;

use ring::hmac;
use serde_json::{Map, Value, json};

use crate::base::Scopes;

use super::keys::SigningKey;
use super::people::Person;
use super::random::{base64url, digest, token};
use super::realm::Realm;
use super::state::{Access, Grant, GrantId};
use super::weak_key::WeakKey;

/// When an ID token is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Occasion {
    /// A refresh (OIDC Core §12.2).
    Refresh,
    /// A sign-in through the browser or on a device.
    SignIn,
}

/// A token that is not signed yet.
pub(super) struct Draft {
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    pub(super) signer: Signer,
}

/// Who signs, and how well.
pub(super) enum Signer {
    /// A shared secret.
    Hmac(Vec<u8>),
    /// A key of the provider.
    Key(Arc<SigningKey>),
    /// Nobody: the third part is empty.
    Nobody,
    /// Nobody: five parts, as an encrypted token has them (RFC 7516 §3.1).
    Sealed,
    /// A key of the provider, then one bit is turned.
    Spoilt(Arc<SigningKey>),
    /// A key that nobody should trust.
    Weak(Arc<WeakKey>),
}

impl Draft {
    /// Drafts a token that the current key will sign.
    pub(super) fn new(realm: &Realm, typ: &str, claims: Map<String, Value>) -> Self {
        let key = realm.signing_key();
        let mut header = Map::new();
        header.insert("alg".to_owned(), json!(key.algorithm().name()));
        header.insert("kid".to_owned(), json!(key.kid()));
        header.insert("typ".to_owned(), json!(typ));
        Self {
            header,
            claims,
            signer: Signer::Key(key),
        }
    }

    /// Lets another key sign, and says so in the header.
    pub(super) fn sign_with(&mut self, key: Arc<SigningKey>) {
        self.header
            .insert("alg".to_owned(), json!(key.algorithm().name()));
        self.header.insert("kid".to_owned(), json!(key.kid()));
        self.signer = Signer::Key(key);
    }

    /// Signs (RFC 7515 §3.1).
    pub(super) fn seal(self) -> String {
        let header = base64url(Value::Object(self.header).to_string().as_bytes());
        let payload = base64url(Value::Object(self.claims).to_string().as_bytes());
        let text = format!("{header}.{payload}");
        let message = text.as_bytes();
        let signature = match self.signer {
            Signer::Hmac(secret) => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
                hmac::sign(&key, message).as_ref().to_vec()
            }
            Signer::Key(key) => key.sign(message),
            Signer::Nobody => Vec::new(),
            Signer::Sealed => {
                return format!("{header}.{}.{}.{payload}.{}", token(), "AAAA", "AAAA");
            }
            Signer::Spoilt(key) => {
                let mut signature = key.sign(message);
                signature[8] ^= 1;
                signature
            }
            Signer::Weak(key) => key.sign(message),
        };
        format!("{text}.{}", base64url(&signature))
    }
}

/// Makes an ID token for a grant, with the hash of the access token beside it.
pub(super) fn id_token(realm: &Realm, grant: &Grant, occasion: Occasion, access: &str) -> String {
    let now = realm.clock.now();
    let mut claims = Map::new();
    let mut say = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    say("iss", json!(realm.issuer));
    say("aud", json!(grant.client));
    say("iat", json!(now));
    say("exp", json!(now.plus(realm.settings.lifetimes.id)));
    say("auth_time", json!(grant.auth_time));
    say("sid", json!(grant.sid));
    say("amr", json!(["pwd"]));
    say("acr", json!("1"));
    say("jti", json!(token()));
    say("at_hash", json!(half_hash(access)));
    if let (Some(nonce), Occasion::SignIn) = (&grant.nonce, occasion) {
        say("nonce", json!(nonce));
    }
    if let Some(person) = grant.person {
        claims.append(&mut person_claims(person, &grant.scopes));
    }
    let mut draft = Draft::new(realm, "JWT", claims);
    realm.faults.bend_id_token(realm, occasion, &mut draft);
    draft.seal()
}

/// Makes an access token for a grant (RFC 9068 §2.2).
pub(super) fn access_token(
    realm: &Realm,
    id: GrantId,
    grant: &Grant,
    scopes: Scopes,
    audience: Vec<String>,
) -> (String, Access) {
    let now = realm.clock.now();
    let expires = now.plus(realm.settings.lifetimes.access);
    let mut claims = Map::new();
    let mut say = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    say("iss", json!(realm.issuer));
    say(
        "aud",
        match audience.as_slice() {
            [only] => json!(only),
            several => json!(several),
        },
    );
    say("sub", json!(subject(grant)));
    say("client_id", json!(grant.client));
    say("scope", json!(scopes.to_string()));
    say("iat", json!(now));
    say("exp", json!(expires));
    say("jti", json!(token()));
    if let Some(person) = grant.person {
        say("auth_time", json!(grant.auth_time));
        say("sid", json!(grant.sid));
        if !person.roles.is_empty() {
            say("roles", json!(person.roles));
        }
        if scopes.contains("groups") {
            say("groups", json!(person.groups()));
        }
    }
    let text = Draft::new(realm, "at+jwt", claims).seal();
    let access = Access {
        grant: id,
        scopes,
        audience,
        issued: now,
        expires,
    };
    (text, access)
}

/// Returns the `sub` of a grant: the person's, or the client's own (RFC 9068 §2.2).
pub(super) fn subject(grant: &Grant) -> &str {
    grant
        .person
        .map_or(grant.client.as_str(), |person| person.subject)
}

/// Returns what the scopes let a client know about somebody (OIDC Core §5.4).
pub(super) fn person_claims(person: &Person, scopes: &Scopes) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut say = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    say("sub", json!(person.subject));
    if scopes.contains("profile") {
        say("name", json!(person.name()));
        say("given_name", json!(person.given_name));
        say("family_name", json!(person.family_name));
        say("preferred_username", json!(person.id));
        say("locale", json!(person.locale));
    }
    if scopes.contains("email") {
        say("email", json!(person.email()));
        say("email_verified", json!(true));
    }
    if scopes.contains("groups") {
        say("groups", json!(person.groups()));
        say("roles", json!(person.roles));
    }
    claims
}

/// Returns the left half of a text's SHA-256: `at_hash` (OIDC Core §3.1.3.6).
pub(super) fn half_hash(text: &str) -> String {
    base64url(digest(text).split_at(16).0)
}
