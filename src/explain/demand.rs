//! What a claims challenge asks for, in words.
//!
//! An API wrote it, so only what has a known shape is shown: a context, a time, a number of seconds.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::base::in_words as span;
use crate::oauth::challenge::ChallengeError;
use crate::oauth::{ClaimsError, Demand};

/// Says what an API demands of the next token.
pub(super) fn in_words(demand: &Demand) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(claims) = &demand.claims {
        words.push(claimed(claims.as_str()));
    }
    if demand.acr_values.is_some() {
        words.push("the API demands a sign-in of another class (`acr_values`)".to_owned());
    }
    if let Some(age) = demand.max_age {
        let age = span(Duration::from_secs(age.into()));
        words.push(format!(
            "the API demands a sign-in that is at most {age} old"
        ));
    }
    words
}

fn claimed(claims: &str) -> String {
    let claims: Value = serde_json::from_str(claims).unwrap_or_default();
    let value = |name: &str| claims.pointer(&format!("/access_token/{name}/value"));
    let context = value("acrs").and_then(Value::as_str);
    if let Some(context) = context.filter(|text| is_context(text)) {
        return format!("the API demands the authentication context `{context}`");
    }
    let seconds = value("nbf").and_then(|value| match value.as_str() {
        Some(text) => text.parse().ok(),
        None => value.as_i64(),
    });
    match seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()) {
        Some(time) => {
            format!("the API demands a token from after {time}: an event ended the older ones")
        }
        None => "the API demands claims that the token does not have".to_owned(),
    }
}

/// `c1` to `c99`.
fn is_context(text: &str) -> bool {
    let digits = text.strip_prefix('c').unwrap_or_default();
    (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Says why the claims of a challenge cannot be used, without repeating them.
pub(super) fn unusable(error: &ChallengeError) -> String {
    let why = match error {
        ChallengeError::Claims(ClaimsError::TooLong) | ChallengeError::TooLong => {
            "they are too long"
        }
        ChallengeError::Claims(ClaimsError::TooDeep) => "they are nested too deeply",
        ChallengeError::Claims(ClaimsError::Empty) => "they demand nothing",
        ChallengeError::Claims(ClaimsError::NotAnObject(_))
        | ChallengeError::NoDemand(_)
        | ChallengeError::NotBearer(_)
        | ChallengeError::Nothing => "they are not a JSON object in base64",
    };
    format!("the claims in the challenge cannot be used: {why}")
}
