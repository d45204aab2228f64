//! Signing out at the provider (OpenID Connect RP-Initiated Logout 1.0 §2).
//!
//! The ID token goes by POST from a page, never in a URL: an address ends up in process lists and
//! histories.

use url::Url;

use crate::base::{ClientId, Secret};

/// What the sign-out page posts to the provider.
pub fn members<'a>(client_id: &'a ClientId, id_token: &'a Secret) -> Vec<(&'static str, &'a str)> {
    vec![
        ("id_token_hint", id_token.expose()),
        ("client_id", client_id.as_str()),
    ]
}

/// Builds the address for when there is no ID token, or no page can be shown: it names the client
/// and nothing secret.
pub fn bare_url(endpoint: &Url, client_id: &ClientId) -> Url {
    let mut url = endpoint.clone();
    url.query_pairs_mut()
        .append_pair("client_id", client_id.as_str());
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_holds_no_token_and_keeps_the_endpoints_query() {
        let endpoint = Url::parse("https://id.example.com/out?x=1").unwrap();

        let url = bare_url(&endpoint, &ClientId::parse("c").unwrap());

        assert_eq!(url.as_str(), "https://id.example.com/out?x=1&client_id=c");
    }
}
