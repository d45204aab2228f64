//! Metadata and keys, as Entra publishes them: without what it keeps quiet about.
//!
//! Members stand in the order of a recorded answer. There is no list of PKCE methods or of grants,
//! no revocation, no introspection, no pushed requests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::Stage;
use super::directory::{Asked, CONSUMERS};
use super::place::{Kind, Place};
use super::script::Habit;
use crate::issuer::fault::Point;
use crate::issuer::keys::{Algorithm, SigningKey};
use crate::issuer::message::{Answer, Request};
use crate::issuer::realm::Realm;

/// Answers with a tenant's metadata.
pub(super) fn answer(
    realm: &Realm,
    place: &Place,
    (asked, policy): (Asked, Option<&str>),
    version: u8,
    request: &Request,
) -> Answer {
    if let Some(answer) = realm.faults.instead(realm, Point::Metadata) {
        return answer;
    }
    let query = request.query();
    let json = document(place, (asked, policy), version, query.get("appid"));
    realm
        .faults
        .bend_json(realm, Point::Metadata, json)
        .with("Cache-Control", "max-age=86400, private".to_owned())
}

fn document(
    place: &Place,
    (asked, policy): (Asked, Option<&str>),
    version: u8,
    app: Option<&str>,
) -> Map<String, Value> {
    let base = place.base(asked, policy);
    let tenant = asked.guid_or_template();
    let (part, issuer) = match version {
        1 => ("", place.older_issuer(tenant)),
        _ => ("/v2.0", place.issuer(tenant)),
    };
    let app = app.map(|id| format!("?appid={id}")).unwrap_or_default();
    let graph = place.graph();
    let at = |path: &str| json!(format!("{base}{path}"));
    let oauth = |name: &str| at(&format!("/oauth2{part}/{name}"));
    let mut json = Map::new();
    let mut say = |name: &str, value: Value| {
        json.insert(name.to_owned(), value);
    };
    say("token_endpoint", oauth("token"));
    say(
        "token_endpoint_auth_methods_supported",
        json!([
            "client_secret_post",
            "private_key_jwt",
            "client_secret_basic"
        ]),
    );
    say("jwks_uri", at(&format!("/discovery{part}/keys{app}")));
    say(
        "response_modes_supported",
        json!(["query", "fragment", "form_post"]),
    );
    say("subject_types_supported", json!(["pairwise"]));
    say("id_token_signing_alg_values_supported", json!(["RS256"]));
    say(
        "response_types_supported",
        json!(["code", "id_token", "code id_token", "id_token token"]),
    );
    say(
        "scopes_supported",
        json!(["openid", "profile", "email", "offline_access"]),
    );
    say("issuer", json!(issuer));
    say("request_uri_parameter_supported", json!(false));
    say("userinfo_endpoint", json!(format!("{graph}/oidc/userinfo")));
    say("authorization_endpoint", oauth("authorize"));
    say("device_authorization_endpoint", oauth("devicecode"));
    say("http_logout_supported", json!(true));
    say("frontchannel_logout_supported", json!(true));
    say("end_session_endpoint", oauth("logout"));
    say("claims_supported", json!(CLAIMS));
    say("kerberos_endpoint", at("/kerberos"));
    say("tenant_region_scope", region(place, asked));
    say("cloud_instance_name", json!(place.cloud_name()));
    say("cloud_graph_host_name", json!("graph.windows.net"));
    say("msgraph_host", json!(host(graph)));
    say("rbac_url", json!("https://pas.windows.net"));
    json
}

fn region(place: &Place, asked: Asked) -> Value {
    match (asked, place.cloud_name() == "microsoftonline.us") {
        (Asked::Common | Asked::Organizations, _) => Value::Null,
        (Asked::One(_), true) => json!("USG"),
        (Asked::One(_), false) => json!("WW"),
    }
}

fn host(origin: &str) -> &str {
    origin.split_once("//").map_or(origin, |(_, host)| host)
}

const CLAIMS: [&str; 18] = [
    "sub",
    "iss",
    "cloud_instance_name",
    "cloud_instance_host_name",
    "cloud_graph_host_name",
    "msgraph_host",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "acr",
    "nonce",
    "preferred_username",
    "name",
    "tid",
    "ver",
    "at_hash",
    "c_hash",
];

/// Answers with the keys, each with the issuer that it vouches for.
pub(super) fn keys(
    realm: &Realm,
    stage: &Stage,
    place: &Place,
    version: u8,
    request: &Request,
) -> Answer {
    let template = place.issuer("{tenantid}");
    let issuer = if stage.scripts.has(Habit::ConsumersKey) {
        place.issuer(CONSUMERS.id)
    } else {
        template.clone()
    };
    let published = realm.keys.published(Algorithm::Rs256);
    let mut keys: Vec<Value> = published
        .iter()
        .map(|key| entry(key, &issuer, version))
        .collect();
    if stage.scripts.has(Habit::AppKeys) && request.query().get("appid").is_some() {
        let own = realm.keys.forger(Algorithm::Rs256);
        keys.push(entry(&own, &template, version));
    }
    realm.faults.bend_keys(realm, &mut keys);
    Answer::json(200, &json!({ "keys": keys }))
        .with("Cache-Control", "max-age=86400, private".to_owned())
}

/// One key: without `alg`, with `x5t`, `x5c` and `issuer`.
fn entry(key: &SigningKey, issuer: &str, version: u8) -> Value {
    let mut jwk = key.jwk();
    let Some(members) = jwk.as_object_mut() else {
        return jwk;
    };
    members.remove("alg");
    members.insert("x5t".to_owned(), json!(key.kid()));
    // Stands for a certificate; nobody here looks into one.
    let chain = STANDARD.encode(key.kid());
    members.insert("x5c".to_owned(), json!([chain]));
    members.insert("issuer".to_owned(), json!(issuer));
    if version == 2 {
        let cloud = json!("microsoftonline.com");
        members.insert("cloud_instance_name".to_owned(), cloud);
    }
    jwk
}

/// Answers which names a cloud has, as libraries ask for them.
pub(super) fn instance(place: &Place, request: &Request) -> Answer {
    let query = request.query();
    let asked = query.get("authorization_endpoint").unwrap_or_default();
    let own = host(&place.origin);
    if place.kind != Kind::Cloud || !asked.starts_with(&format!("{}/", place.origin)) {
        let body = json!({
            "error": "invalid_instance",
            "error_description": "AADSTS50049: Unknown or invalid instance.",
            "error_codes": [50049],
        });
        return Answer::json(400, &body);
    }
    let body = json!({
        "tenant_discovery_endpoint":
            format!("{}/common/v2.0/.well-known/openid-configuration", place.origin),
        "api-version": "1.1",
        "metadata": [{"preferred_network": own, "preferred_cache": own, "aliases": [own]}],
    });
    Answer::json(200, &body)
}
