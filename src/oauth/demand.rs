//! What an API demands of the next token, beyond its scopes: claims (OpenID Connect Core §5.5, as
//! Entra's claims challenges carry them), or a sign-in of another kind or age (RFC 9470).
//!
//! Not a secret, and never trusted: it goes to the provider, which decides, and into names.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::ClaimsRequest;
use crate::base::{Timestamp, in_words};
use crate::jwt::Claims;

/// The longest list of classes that is taken.
const LONGEST_CLASSES: usize = 1024;

/// What an API demands of the next token.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Demand {
    /// Claims that it must be issued with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<ClaimsRequest>,
    /// Classes of sign-in, of which one must be behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr_values: Option<AcrValues>,
    /// The most seconds that may have passed since the person signed in at the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
}

/// Classes of sign-in: visible ASCII words with one space between them.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(transparent)]
pub struct AcrValues(String);

impl AcrValues {
    /// Reads a list; `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let visible = |word: &&str| word.bytes().all(|byte| byte.is_ascii_graphic());
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let fits = !words.is_empty() && text.len() <= LONGEST_CLASSES && words.iter().all(visible);
        fits.then(|| Self(words.join(" ")))
    }

    /// Returns the list.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn contains(&self, class: &str) -> bool {
        self.0.split(' ').any(|one| one == class)
    }
}

impl<'de> Deserialize<'de> for AcrValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("no list of classes"))
    }
}

impl Demand {
    /// Makes a demand for claims alone.
    pub fn of_claims(claims: ClaimsRequest) -> Self {
        Self {
            claims: Some(claims),
            ..Self::default()
        }
    }

    /// Tells whether nothing is demanded.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the parameters of an authorization request that meets it.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let claims = self
            .claims
            .iter()
            .map(|claims| ("claims", claims.as_str().to_owned()));
        let classes = self
            .acr_values
            .iter()
            .map(|list| ("acr_values", list.as_str().to_owned()));
        let age = self.max_age.iter().map(|age| ("max_age", age.to_string()));
        claims.chain(classes).chain(age).collect()
    }

    /// Tells whether the sign-in that left these claims behind is of the kind and age that is
    /// demanded. Other claims cannot be judged here: the provider does.
    pub fn fits(&self, sign_in: &Claims, now: Timestamp) -> bool {
        let class = self.acr_values.as_ref().is_none_or(|list| {
            let class = sign_in.acr.as_deref();
            class.is_some_and(|class| list.contains(class))
        });
        let age = self.max_age.is_none_or(|age| {
            let age = Duration::from_secs(age.into());
            sign_in.auth_time.is_some_and(|at| at.plus(age) >= now)
        });
        class && age
    }
}

impl fmt::Display for Demand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(claims) = &self.claims {
            parts.push(format!("the claims {claims}"));
        }
        if let Some(list) = &self.acr_values {
            parts.push(format!("a sign-in of the class {}", list.as_str()));
        }
        if let Some(age) = self.max_age {
            let age = in_words(Duration::from_secs(age.into()));
            parts.push(format!("a sign-in that is at most {age} old"));
        }
        f.write_str(&parts.join(" and "))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    fn signed_in(acr: Option<&str>, auth_time: Option<i64>) -> Claims {
        let mut all = Map::new();
        if let Some(acr) = acr {
            all.insert("acr".into(), json!(acr));
        }
        if let Some(at) = auth_time {
            all.insert("auth_time".into(), json!(at));
        }
        Claims::read(all).unwrap()
    }

    #[test]
    fn a_sign_in_fits_by_its_class_and_its_age_and_never_by_silence() {
        let demand = Demand {
            acr_values: AcrValues::parse(" gold  silver"),
            max_age: Some(60),
            claims: None,
        };
        let fits = |acr, at| demand.fits(&signed_in(acr, at), Timestamp(1000));

        assert!(fits(Some("silver"), Some(940)));
        assert!(!fits(Some("silver"), Some(939)));
        assert!(!fits(Some("bronze"), Some(1000)));
        assert!(!fits(None, Some(1000)));
        assert!(!fits(Some("gold"), None));
        assert!(Demand::default().fits(&signed_in(None, None), Timestamp(0)));
    }

    #[test]
    fn a_list_of_classes_is_words_of_visible_ascii() {
        assert_eq!(AcrValues::parse("a\tb").unwrap().as_str(), "a b");
        for text in ["", "  ", "ä", "a\u{7f}", "a\u{0}b"] {
            assert_eq!(AcrValues::parse(text), None, "{text:?}");
        }
        assert_eq!(AcrValues::parse(&"x".repeat(2000)), None);
    }
}
