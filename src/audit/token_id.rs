//! The identifier that a token has for trails such as this one, read from its text (PURE).
//!
//! Proves nothing. Never returns a part of the token: only what its issuer wrote into it as a name.

use serde_json::Value;

use crate::base::Secret;
use crate::jwt::Unverified;

/// Longer identifiers are cut: the trail is no place for whatever a provider puts there.
const LONGEST: usize = 128;

/// Returns a token's `jti` (RFC 7519 §4.1.7) or Entra's `uti`; none when it has none, or when only
/// its issuer can read it.
pub fn token_id(token: &Secret) -> Option<String> {
    let token = Unverified::parse(token.expose()).ok()?;
    let claims = token.claims();
    let id = claims
        .jti
        .as_deref()
        .or_else(|| claims.claim("uti").and_then(Value::as_str))?;
    Some(id.chars().take(LONGEST).collect())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;

    use super::*;

    fn id(claims: &str) -> Option<String> {
        let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        let header = part(r#"{"alg":"RS256"}"#);
        token_id(&Secret::new(format!(
            "{header}.{}.{}",
            part(claims),
            part("s")
        )))
    }

    #[test]
    fn a_token_tells_its_identifier_and_nothing_else() {
        assert_eq!(id(r#"{"jti":"a-1"}"#).as_deref(), Some("a-1"));
        assert_eq!(id(r#"{"uti":"e-1"}"#).as_deref(), Some("e-1"));
        assert_eq!(id(r#"{"sub":"x"}"#), None);
        assert_eq!(id(r#"{"uti":7}"#), None);
        assert_eq!(token_id(&Secret::new("opaque".into())), None);
        let long = id(&format!(r#"{{"jti":"{}"}}"#, "j".repeat(999)));
        assert_eq!(long.map(|id| id.len()), Some(LONGEST));
    }
}
