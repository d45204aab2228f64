//! The lines of a report that decide what a token is worth: key, signature, permissions, client and
//! the strength of the sign-in.
//!
//! The signature is checked with the provider's keys alone, never with one that the token brings.

use serde_json::Value;

use super::sheet::Sheet;
use super::{Mark, Step, Terms};
use crate::base::Issuer;
use crate::jwt::algorithm::Algorithm;
use crate::jwt::claims::Claims;
use crate::jwt::compact::Unverified;
use crate::jwt::failure::{Failure, Reason, TokenKind, listed, quoted, shown};
use crate::jwt::key::Key;
use crate::jwt::key_set::KeySet;

/// What a good signature is.
const THE_KEYS: &str = "the key's";

/// The key that must have signed a token.
struct Chosen<'a> {
    key: &'a Key,
    algorithm: Algorithm,
}

/// Why there is no such key.
enum NoKey {
    /// The token names none, and none of the set made its signature.
    Fits,
    /// It cannot be told, or had.
    Known,
}

impl Chosen<'_> {
    fn signed(&self, token: &Unverified) -> bool {
        let (input, signature) = (token.signing_input(), token.signature());
        self.key.signed(self.algorithm, input, signature)
    }
}

impl Sheet {
    pub(super) fn signature(
        &mut self,
        token: &Unverified,
        keys: Option<&KeySet>,
        issuer: Option<&Issuer>,
        terms: &Terms<'_>,
    ) {
        let signed = match self.key(token, keys, issuer, terms) {
            Ok(key) => key.signed(token),
            Err(NoKey::Fits) => false,
            Err(NoKey::Known) => {
                return self.put(Step::Signature, Mark::Unknown, || {
                    let found = "not checked: there is no key to do it with";
                    (THE_KEYS.into(), found.into())
                });
            }
        };
        let (mark, found) = if signed {
            (Mark::Holds, THE_KEYS)
        } else {
            let found = "not the key's: the token was changed, or another key made it";
            (Mark::Fails, found)
        };
        self.put(Step::Signature, mark, || (THE_KEYS.into(), found.into()));
    }

    /// Finds the key that must have signed the token.
    fn key<'k>(
        &mut self,
        token: &Unverified,
        keys: Option<&'k KeySet>,
        issuer: Option<&Issuer>,
        terms: &Terms<'_>,
    ) -> Result<Chosen<'k>, NoKey> {
        let (alg, kid) = (&token.header().alg, token.header().kid.as_deref());
        let agreed = Algorithm::parse(alg).filter(|known| terms.algorithms.contains(known));
        let (outcome, mark, why) = match (agreed, keys, issuer) {
            (None, _, _) => (Err(NoKey::Known), Mark::Fails, None),
            (_, None, _) => {
                let why = "the keys could not be had".to_owned();
                (Err(NoKey::Known), Mark::Unknown, Some(why))
            }
            (_, _, None) => {
                let why = "nobody can tell whose it would be".to_owned();
                (Err(NoKey::Known), Mark::Unknown, Some(why))
            }
            (Some(algorithm), Some(keys), Some(issuer)) => {
                match keys.choose(token, algorithm, issuer) {
                    Ok(key) => (Ok(Chosen { key, algorithm }), Mark::Holds, None),
                    Err(Failure {
                        reason: Reason::BadSignature,
                        ..
                    }) => (Err(NoKey::Fits), Mark::Holds, None),
                    Err(Failure { reason, .. }) => {
                        (Err(NoKey::Known), Mark::Fails, Some(reason.to_string()))
                    }
                }
            }
        };
        self.put(Step::Key, mark, || {
            let expected = match mark {
                Mark::Holds => "a key of the provider".into(),
                Mark::Warns | Mark::Fails | Mark::Unknown => {
                    let accepted = terms.algorithms.iter().map(|algorithm| algorithm.name());
                    let accepted = accepted.collect::<Vec<_>>().join(", ");
                    format!("a key of the provider for {accepted}").into()
                }
            };
            let named = kid.map_or_else(
                || "no key named".to_owned(),
                |kid| format!("key {}", quoted(kid)),
            );
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            (expected, format!("{}, {named}{why}", shown(alg)).into())
        });
        outcome
    }

    pub(super) fn permissions(&mut self, claims: &Claims, terms: &Terms<'_>) {
        let scopes = words(claims, &["scp", "scope"]);
        let roles = words(claims, &["roles"]);
        let lacks = |wanted: &[String], held: &[&str]| {
            wanted.iter().any(|one| !held.contains(&one.as_str()))
        };
        let is_app = claims.claim("idtyp").and_then(Value::as_str) == Some("app");
        let mark = if lacks(terms.scopes, &scopes) || lacks(terms.roles, &roles) {
            Mark::Fails
        } else if scopes.is_empty() && roles.is_empty() {
            Mark::Warns
        } else {
            Mark::Holds
        };
        self.put(Step::Permissions, mark, || {
            let mut expected = Vec::new();
            for (what, wanted) in [("scopes", terms.scopes), ("roles", terms.roles)] {
                if !wanted.is_empty() {
                    let wanted = listed(wanted.iter().map(String::as_str));
                    expected.push(format!("{what} {wanted}"));
                }
            }
            let expected = if expected.is_empty() {
                "some scope or role".to_owned()
            } else {
                expected.join(", ")
            };
            let found = match (scopes.is_empty(), roles.is_empty()) {
                (true, true) if is_app => {
                    "an app's token without any role: every app of the tenant can get one".into()
                }
                (true, true) => "neither scopes nor roles".into(),
                (false, true) => format!("scopes {}", listed(scopes)),
                (true, false) => format!("roles {}", listed(roles)),
                (false, false) => format!("scopes {}, roles {}", listed(scopes), listed(roles)),
            };
            (expected.into(), found.into())
        });
    }

    pub(super) fn client(&mut self, claims: &Claims, kind: TokenKind, terms: &Terms<'_>) {
        let named = ["azp", "appid", "client_id"];
        let client = named
            .iter()
            .find_map(|name| claims.claim(name).and_then(Value::as_str));
        // OIDC Core §3.1.3.7, steps 4 and 5.
        let own = terms.client_id.filter(|_| kind == TokenKind::Id);
        let owed = own.is_some() && (claims.aud.len() > 1 || claims.azp.is_some());
        if terms.clients.is_empty() && !owed {
            return;
        }
        let is_own = !owed || claims.azp.as_deref() == own;
        let is_allowed = terms.clients.is_empty()
            || client.is_some_and(|client| terms.clients.iter().any(|one| one == client));
        let mark = if is_own && is_allowed {
            Mark::Holds
        } else {
            Mark::Fails
        };
        self.put(Step::Client, mark, || {
            let accepted = terms.clients.iter().map(String::as_str).chain(own);
            (listed(accepted).into(), listed(client).into())
        });
    }

    pub(super) fn strength(&mut self, claims: &Claims, terms: &Terms<'_>) {
        if terms.classes.is_empty() && terms.contexts.is_empty() {
            return;
        }
        let contexts = words(claims, &["acrs"]);
        let has_class = terms.classes.is_empty()
            || claims
                .acr
                .as_ref()
                .is_some_and(|acr| terms.classes.contains(acr));
        let has_contexts = terms
            .contexts
            .iter()
            .all(|one| contexts.contains(&one.as_str()));
        let mark = if has_class && has_contexts {
            Mark::Holds
        } else {
            Mark::Fails
        };
        self.put(Step::Strength, mark, || {
            let wanted = terms.classes.iter().chain(terms.contexts);
            let held = claims.acr.as_deref().into_iter().chain(contexts);
            (
                listed(wanted.map(String::as_str)).into(),
                listed(held).into(),
            )
        });
    }
}

/// Reads words from the first of some claims that is there: with spaces between them, or a list.
fn words<'a>(claims: &'a Claims, names: &[&str]) -> Vec<&'a str> {
    let found = names.iter().find_map(|name| claims.claim(name));
    match found {
        Some(Value::String(text)) => text.split_ascii_whitespace().collect(),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
