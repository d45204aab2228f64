//! A stand-in for Google's token exchange (RFC 8693), with something that its tokens open.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;

use super::guard::Guard;
use super::web::{Asked, Told, Web};

/// Open until dropped.
pub(crate) struct GoogleSts {
    web: Web,
}

impl GoogleSts {
    /// Takes tokens of this guard's provider for this workload identity provider
    /// (`//iam.googleapis.com/…`), and gives tokens that last so long.
    pub(crate) fn start(guard: Guard, audience: &str, life: Duration) -> Self {
        let audience = audience.to_owned();
        let given = Arc::new(AtomicUsize::new(0));
        let web = Web::plain(move |asked| match asked.path.as_str() {
            "/v1/token" => {
                let given = 1 + given.fetch_add(1, Ordering::SeqCst);
                exchange(asked, &guard, &audience, (life, given))
            }
            "/v1/whoami" => whoami(asked),
            _ => Told::text(404, "there is nothing here\n"),
        });
        Self { web }
    }

    /// What goes into `token_url`.
    pub(crate) fn token_url(&self) -> String {
        format!("{}/v1/token", self.web.origin())
    }

    /// What a token of this opens, and who it says one is.
    pub(crate) fn resource(&self) -> String {
        format!("{}/v1/whoami", self.web.origin())
    }

    /// How often it was asked for an exchange.
    pub(crate) fn exchanges(&self) -> usize {
        let asked = self.web.asked();
        asked.iter().filter(|one| one.path == "/v1/token").count()
    }
}

fn exchange(
    asked: &Asked,
    guard: &Guard,
    audience: &str,
    (life, given): (Duration, usize),
) -> Told {
    let form = |name: &str| {
        let mut fields = url::form_urlencoded::parse(&asked.body);
        fields
            .find(|(known, _)| known == name)
            .map_or_else(String::new, |(_, value)| value.into_owned())
    };
    let refused = |error: &str, why: &str| {
        Told::json(400, &json!({ "error": error, "error_description": why }))
    };
    if form("grant_type") != "urn:ietf:params:oauth:grant-type:token-exchange" {
        return refused("unsupported_grant_type", "this exchanges tokens");
    }
    if form("audience") != audience {
        return refused("invalid_target", "there is no such provider");
    }
    let Some(claims) = guard.claims(&form("subject_token")) else {
        return refused("invalid_grant", "the token is not the provider's");
    };
    let subject = claims["sub"].as_str().unwrap_or_default();
    let answer = json!({
        "access_token": format!("practice-google-token-{given}-of-{subject}"),
        "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "token_type": "Bearer",
        "expires_in": life.as_secs(),
    });
    Told::json(200, &answer)
}

fn whoami(asked: &Asked) -> Told {
    let token = asked.header("authorization").unwrap_or_default();
    match token.strip_prefix("Bearer practice-google-token-") {
        Some(rest) => {
            let subject = rest.split_once("-of-").map(|(_, subject)| subject);
            Told::json(200, &json!({ "subject": subject }))
        }
        None => Told::text(401, "who?\n"),
    }
}
