//! Client authentication at the token endpoint (RFC 6749 §2.3.1).
//!
//! Never sends a secret in a URL, and never both ways at once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use crate::base::{ClientId, Secret};

/// Who asks, and how that is shown.
#[derive(Clone, Debug)]
pub enum ClientAuth {
    /// `client_secret_basic`: name and secret in the `Authorization` header.
    Basic(Secret),
    /// `none`: a public client, known by its `client_id` alone.
    None,
    /// `client_secret_post`: the secret in the form.
    Post(Secret),
}

impl ClientAuth {
    /// Returns the `Authorization` header's value, for `client_secret_basic`.
    ///
    /// Name and secret are form-encoded first, as RFC 6749 §2.3.1 asks and many forget.
    pub fn header(&self, client_id: &ClientId) -> Option<Zeroizing<String>> {
        let Self::Basic(secret) = self else {
            return None;
        };
        let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let secret = Zeroizing::new(encode(secret.expose()));
        let pair = Zeroizing::new(format!("{}:{}", encode(client_id.as_str()), *secret));
        Some(Zeroizing::new(format!(
            "Basic {}",
            STANDARD.encode(pair.as_bytes())
        )))
    }

    /// Returns the form members that say who asks.
    pub fn form<'a>(&'a self, client_id: &'a ClientId) -> Vec<(&'static str, &'a str)> {
        let id = ("client_id", client_id.as_str());
        match self {
            Self::Basic(_) => Vec::new(),
            Self::None => vec![id],
            Self::Post(secret) => vec![id, ("client_secret", secret.expose())],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_secret_are_form_encoded_before_base64() {
        let id = ClientId::parse("a b:c").unwrap();
        let auth = ClientAuth::Basic(Secret::new("p%+é".into()));

        let header = auth.header(&id).unwrap();

        let pair = STANDARD
            .decode(header.strip_prefix("Basic ").unwrap())
            .unwrap();
        assert_eq!(pair, b"a+b%3Ac:p%25%2B%C3%A9");
        assert!(auth.form(&id).is_empty());
    }

    #[test]
    fn a_public_client_sends_its_name_only() {
        let id = ClientId::parse("keyfob-cli").unwrap();

        assert_eq!(ClientAuth::None.form(&id), [("client_id", "keyfob-cli")]);
        assert!(ClientAuth::None.header(&id).is_none());
    }
}
