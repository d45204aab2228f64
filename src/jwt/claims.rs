//! Claims (RFC 7519 §4, OIDC Core §2): the registered ones typed, the rest kept as they are.
//!
//! A registered claim of the wrong type is an error and never counts as absent (RFC 8725 §3.10):
//! an `exp` of `"never"` must not mean "no expiry".

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::base::Timestamp;

/// 9999-12-31T23:59:59Z: the last second that calendars can print.
const LAST_DATE: i64 = 253_402_300_799;

/// A token's claims. Whether anyone vouches for them depends on where they came from.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(try_from = "Map<String, Value>", into = "Map<String, Value>")]
pub struct Claims {
    /// Who made the token.
    pub iss: Option<String>,
    /// The account at the issuer.
    pub sub: Option<String>,
    /// Who the token is for; empty when the claim is absent.
    pub aud: Vec<String>,
    /// The client that asked for the token.
    pub azp: Option<String>,
    /// When it expires.
    pub exp: Option<Timestamp>,
    /// When it becomes valid.
    pub nbf: Option<Timestamp>,
    /// When it was made.
    pub iat: Option<Timestamp>,
    /// When the person last proved who they are.
    pub auth_time: Option<Timestamp>,
    /// What the client sent with its request, echoed.
    pub nonce: Option<String>,
    /// How strong the sign-in was.
    pub acr: Option<String>,
    /// By which methods the person signed in; empty when the claim is absent.
    pub amr: Vec<String>,
    /// Binds the access token that came with it.
    pub at_hash: Option<String>,
    /// Binds the authorization code that it was traded for.
    pub c_hash: Option<String>,
    /// The session at the provider.
    pub sid: Option<String>,
    /// The token's own identifier.
    pub jti: Option<String>,
    /// Keycloak's word for the kind of token: `ID`, `Bearer`, `Refresh`; absent elsewhere.
    pub typ: Option<String>,
    all: Map<String, Value>,
}

/// A registered claim that is there but wrong.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ClaimError {
    /// Neither a text nor a non-empty array of texts.
    #[error("`{0}` must be a text or an array of texts")]
    NotAudience(&'static str),
    /// Not a whole number of seconds between the years 1970 and 9999 (RFC 7519 §2).
    #[error("`{0}` must be a number of seconds since 1970")]
    NotADate(&'static str),
    /// Not a text.
    #[error("`{0}` must be a text")]
    NotText(&'static str),
    /// Not an array of texts.
    #[error("`{0}` must be an array of texts")]
    NotTexts(&'static str),
}

impl ClaimError {
    /// Returns the claim's name.
    pub fn claim(&self) -> &'static str {
        match self {
            Self::NotAudience(claim)
            | Self::NotADate(claim)
            | Self::NotText(claim)
            | Self::NotTexts(claim) => claim,
        }
    }
}

impl Claims {
    /// Types the registered claims of a JSON object, whose names must already be known to be
    /// unique.
    ///
    /// # Errors
    ///
    /// [`ClaimError`] names the first registered claim of the wrong type.
    pub fn read(all: Map<String, Value>) -> Result<Self, ClaimError> {
        Ok(Self {
            iss: text(&all, "iss")?,
            sub: text(&all, "sub")?,
            aud: audience(&all)?,
            azp: text(&all, "azp")?,
            exp: date(&all, "exp")?,
            nbf: date(&all, "nbf")?,
            iat: date(&all, "iat")?,
            auth_time: date(&all, "auth_time")?,
            nonce: text(&all, "nonce")?,
            acr: text(&all, "acr")?,
            amr: texts(&all, "amr")?,
            at_hash: text(&all, "at_hash")?,
            c_hash: text(&all, "c_hash")?,
            sid: text(&all, "sid")?,
            jti: text(&all, "jti")?,
            typ: all.get("typ").and_then(Value::as_str).map(str::to_owned),
            all,
        })
    }

    /// Returns any claim by its name, registered or not.
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.all.get(name)
    }

    /// Returns the account's name for people: what they sign in with, else an address, else a
    /// name, else the subject. Foreign text, for display alone: providers let people change it.
    pub fn label(&self) -> &str {
        ["preferred_username", "upn", "email", "unique_name", "name"]
            .iter()
            .filter_map(|name| self.claim(name)?.as_str())
            .find(|label| !label.trim().is_empty())
            .or(self.sub.as_deref())
            .unwrap_or_default()
    }

    /// Returns every claim, as it was written.
    pub fn all(&self) -> &Map<String, Value> {
        &self.all
    }
}

impl TryFrom<Map<String, Value>> for Claims {
    type Error = ClaimError;

    fn try_from(all: Map<String, Value>) -> Result<Self, ClaimError> {
        Self::read(all)
    }
}

impl From<Claims> for Map<String, Value> {
    fn from(claims: Claims) -> Self {
        claims.all
    }
}

/// Reads a `NumericDate`; a whole number with a point in it (`1700000000.0`) is still whole.
pub(super) fn numeric_date(value: &Value) -> Option<Timestamp> {
    let Value::Number(number) = value else {
        return None;
    };
    let seconds = number
        .as_i64()
        .or_else(|| number.as_f64().and_then(whole_seconds))?;
    (0..=LAST_DATE)
        .contains(&seconds)
        .then_some(Timestamp(seconds))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "the number is whole and within the range first"
)]
fn whole_seconds(number: f64) -> Option<i64> {
    let fits = (0.0..=LAST_DATE as f64).contains(&number) && number.fract() == 0.0;
    fits.then_some(number as i64)
}

fn date(all: &Map<String, Value>, name: &'static str) -> Result<Option<Timestamp>, ClaimError> {
    let Some(value) = all.get(name) else {
        return Ok(None);
    };
    numeric_date(value)
        .map(Some)
        .ok_or(ClaimError::NotADate(name))
}

fn text(all: &Map<String, Value>, name: &'static str) -> Result<Option<String>, ClaimError> {
    match all.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(ClaimError::NotText(name)),
    }
}

fn texts(all: &Map<String, Value>, name: &'static str) -> Result<Vec<String>, ClaimError> {
    let Some(value) = all.get(name) else {
        return Ok(Vec::new());
    };
    array_of_texts(value).ok_or(ClaimError::NotTexts(name))
}

fn audience(all: &Map<String, Value>) -> Result<Vec<String>, ClaimError> {
    match all.get("aud") {
        None => Ok(Vec::new()),
        Some(Value::String(one)) => Ok(vec![one.clone()]),
        Some(value) => array_of_texts(value)
            .filter(|several| !several.is_empty())
            .ok_or(ClaimError::NotAudience("aud")),
    }
}

fn array_of_texts(value: &Value) -> Option<Vec<String>> {
    let text = |item: &Value| item.as_str().map(str::to_owned);
    value.as_array()?.iter().map(text).collect()
}

#[cfg(test)]
mod tests;
