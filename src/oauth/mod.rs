//! The standards' messages, built and read; pure.
//!
//! | file | what | from |
//! |---|---|---|
//! | `metadata.rs` | what a provider says of itself | OpenID Connect Discovery, RFC 8414 |
//! | `pkce.rs` | verifier and S256 challenge | RFC 7636 |
//! | `authorize.rs` | authorization request, pushed or not | RFC 6749 §4.1.1, 8707, 9126 |
//! | `callback.rs` | redirect parameters to code or refusal | RFC 6749 §4.1.2, 9207 |
//! | `device.rs` | device authorization and its polling | RFC 8628 |
//! | `grant.rs` | what is traded at the token endpoint | RFC 6749 §4, §6 |
//! | `client_auth.rs` | who asks | RFC 6749 §2.3.1 |
//! | `token.rs` | what the token endpoint answers | RFC 6749 §5 |
//! | `refusal.rs` | why a provider refuses | RFC 6749 §4.1.2.1, §5.2 |
//! | `challenge.rs` | what an API answers | RFC 9110 §11.6.1, 6750 §3, 9470 |
//! | `demand.rs` | what it demands of the next token | RFC 9470 |
//! | `claims_request.rs` | the same as JSON | OpenID Connect Core §5.5 |
//! | `revoke.rs` | taking a token back | RFC 7009 |
//! | `end_session.rs` | signing out at the provider | OpenID Connect RP-Initiated Logout |
//!
//! The `oauth2` crate draws verifiers and builds authorization URLs. Token requests and answers are
//! ours: the crate's types would leave unwiped copies of secrets, accept duplicate members, and
//! hide the raw answer that must be journalled before it is understood.

pub mod authorize;
pub mod callback;
pub mod challenge;
pub mod client_auth;
pub mod device;
pub mod end_session;
pub mod grant;
pub mod metadata;
pub mod pkce;
pub mod revoke;
pub mod token;

mod claims_request;
mod demand;
mod refusal;
#[cfg(test)]
mod testing;

pub use claims_request::{ClaimsError, ClaimsRequest};
pub use demand::{AcrValues, Demand};
pub use refusal::{Extra, Refusal};

use serde::de::{DeserializeOwned, Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::form_urlencoded::Serializer;
use zeroize::Zeroizing;

/// A member of no standard: whatever is not as expected counts as absent, and hides nothing else.
#[derive(Default)]
struct Loose(Value);

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self)
    }
}

impl Loose {
    fn text(&self) -> Option<&str> {
        self.0.as_str()
    }

    /// Whether it is there and says more than no.
    fn is_set(&self) -> bool {
        let no = |value: &Value| value.is_null() || *value == false || value == "" || value == "0";
        !no(&self.0)
    }
}

/// Reads a JSON object. A list is none, though serde would take its values for the members in order.
fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{') {
        return serde_json::from_slice(body);
    }
    // What is no JSON at all is told with its place.
    serde_json::from_slice::<IgnoredAny>(body)?;
    Err(serde_json::Error::custom("it is JSON, but not an object"))
}

/// Writes name and value pairs as `application/x-www-form-urlencoded`, in a buffer that is wiped
/// and large enough never to move, so that no copy stays behind.
pub(crate) fn form(pairs: &[(&str, &str)]) -> Zeroizing<String> {
    // Three bytes for each byte is the longest that percent-encoding makes of a text.
    let most = pairs
        .iter()
        .map(|(name, value)| 3 * (name.len() + value.len()) + 2)
        .sum();
    let mut form = Serializer::new(String::with_capacity(most));
    for (name, value) in pairs {
        form.append_pair(name, value);
    }
    Zeroizing::new(form.finish())
}
