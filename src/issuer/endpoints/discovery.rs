//! The provider's metadata (OIDC Discovery §4, RFC 8414 §2).

use serde_json::{Map, Value, json};

use crate::issuer::fault::{Flag, Point};
use crate::issuer::keys::Algorithm;
use crate::issuer::message::Answer;
use crate::issuer::realm::Realm;
use crate::issuer::settings::PushedRequests;

/// Answers with the metadata.
pub(super) fn answer(realm: &Realm) -> Answer {
    if let Some(answer) = realm.faults.instead(realm, Point::Metadata) {
        return answer;
    }
    let answer = realm
        .faults
        .bend_json(realm, Point::Metadata, metadata(realm));
    answer.with("Cache-Control", "public, max-age=300".to_owned())
}

fn metadata(realm: &Realm) -> Map<String, Value> {
    let at = |path: &str| {
        if realm.faults.flag(Flag::PathsMove) {
            json!(realm.url(&format!("/elsewhere{path}")))
        } else {
            json!(realm.url(path))
        }
    };
    let methods = json!(["none", "client_secret_basic", "client_secret_post"]);
    let secrets = json!(["client_secret_basic", "client_secret_post"]);
    // RS256 is always on the list (OIDC Discovery §3).
    let algorithms = match realm.settings.algorithm {
        Algorithm::Es256 => json!(["ES256", "RS256"]),
        Algorithm::Rs256 => json!(["RS256"]),
    };
    let mut metadata = Map::new();
    let mut say = |name: &str, value: Value| {
        metadata.insert(name.to_owned(), value);
    };
    say("issuer", json!(realm.issuer));
    say("authorization_endpoint", at("/authorize"));
    say("token_endpoint", at("/token"));
    say("userinfo_endpoint", at("/userinfo"));
    say("jwks_uri", at(&realm.keys_path()));
    say("revocation_endpoint", at("/revoke"));
    say("introspection_endpoint", at("/introspect"));
    say("end_session_endpoint", at("/end_session"));
    say("device_authorization_endpoint", at("/device_authorization"));
    say("scopes_supported", realm.scopes().collect());
    say("response_types_supported", json!(["code"]));
    say("response_modes_supported", json!(["query", "form_post"]));
    say("grant_types_supported", json!(super::GRANTS));
    say("subject_types_supported", json!(["public"]));
    say("id_token_signing_alg_values_supported", algorithms);
    say("token_endpoint_auth_methods_supported", methods.clone());
    say("revocation_endpoint_auth_methods_supported", methods);
    say("introspection_endpoint_auth_methods_supported", secrets);
    say("code_challenge_methods_supported", json!(["S256"]));
    say(
        "authorization_response_iss_parameter_supported",
        json!(true),
    );
    say(
        "prompt_values_supported",
        json!(["none", "login", "consent", "select_account"]),
    );
    say("claims_parameter_supported", json!(false));
    say("request_parameter_supported", json!(false));
    say("request_uri_parameter_supported", json!(false));
    say("claims_supported", json!(CLAIMS));
    match realm.settings.pushed {
        PushedRequests::Unsupported => {}
        offered @ (PushedRequests::Offered | PushedRequests::Required) => {
            say("pushed_authorization_request_endpoint", at("/par"));
            let required = offered == PushedRequests::Required;
            say("require_pushed_authorization_requests", json!(required));
        }
    }
    metadata
}

const CLAIMS: [&str; 21] = [
    "iss",
    "sub",
    "aud",
    "iat",
    "exp",
    "auth_time",
    "nonce",
    "sid",
    "amr",
    "acr",
    "at_hash",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "locale",
    "email",
    "email_verified",
    "groups",
    "roles",
    "jti",
];
