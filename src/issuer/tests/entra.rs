//! The provider as Entra on the wire: what a client sees, byte for byte where that is known.

use serde_json::{Value, json};

use super::wire::{Reply, VERIFIER, Wire, parts, quick, text, verifies};
use crate::issuer::random::{base64url, digest};
use crate::issuer::{Algorithm, Entra, Script, Settings};

const REDIRECT: &str = "http://localhost:4711/";

fn stage(person: &str, scripts: &[&str]) -> Wire {
    let scripts = scripts.iter().map(|name| Script::parse(name).unwrap());
    Wire::start(Settings {
        algorithm: Algorithm::Rs256,
        auto_approve: Some(person.to_owned()),
        entra: Some(Entra {
            scripts: scripts.collect(),
            access_life: None,
        }),
        ..quick()
    })
}

fn at(wire: &Wire, path: &str) -> String {
    format!("{}{path}", wire.provider.origin())
}

fn get(wire: &Wire, path: &str) -> Reply {
    wire.try_get(&at(wire, path), &[]).unwrap()
}

fn post(wire: &Wire, path: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Reply {
    wire.try_post_to(&at(wire, path), form, headers).unwrap()
}

/// Signs in at a tenant and returns the token answer.
fn sign_in(wire: &Wire, tenant: &str, scope: &str) -> Value {
    let challenge = base64url(&digest(VERIFIER));
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("response_type", "code"),
            ("client_id", Entra::APP),
            ("redirect_uri", REDIRECT),
            ("scope", scope),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ])
        .finish();
    let reply = get(wire, &format!("/{tenant}/oauth2/v2.0/authorize?{query}"));
    assert_eq!(reply.status, 303, "{reply:?}");
    let to = url::Url::parse(reply.header("location")).unwrap();
    let code = to.query_pairs().find(|(name, _)| name == "code").unwrap().1;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", Entra::APP),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
        ("client_info", "1"),
        ("code", &code),
    ];
    let reply = post(wire, &format!("/{tenant}/oauth2/v2.0/token"), &form, &[]);
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

fn refresh(wire: &Wire, tenant: &str, token: &str, more: &[(&str, &str)]) -> Reply {
    let mut form = vec![
        ("grant_type", "refresh_token"),
        ("client_id", Entra::APP),
        ("refresh_token", token),
    ];
    form.extend(more);
    post(wire, &format!("/{tenant}/oauth2/v2.0/token"), &form, &[])
}

#[test]
fn metadata_keeps_quiet_about_what_entra_keeps_quiet_about() {
    let wire = stage("amara", &[]);
    let origin = wire.provider.origin();
    let home = Entra::HOME;
    for (asked, issuer) in [
        (home, format!("{origin}/{home}/v2.0")),
        ("contoso.com", format!("{origin}/{home}/v2.0")),
        ("organizations", format!("{origin}/{{tenantid}}/v2.0")),
        ("common", format!("{origin}/{{tenantid}}/v2.0")),
        (
            "consumers",
            format!("{origin}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"),
        ),
    ] {
        let path = format!("/{asked}/v2.0/.well-known/openid-configuration");
        let json = get(&wire, &path).json();
        assert_eq!(text(&json, "issuer"), issuer, "{asked}");
        for absent in [
            "code_challenge_methods_supported",
            "grant_types_supported",
            "authorization_response_iss_parameter_supported",
            "revocation_endpoint",
            "introspection_endpoint",
            "pushed_authorization_request_endpoint",
        ] {
            assert!(json.get(absent).is_none(), "{absent}");
        }
    }
    let older = get(&wire, &format!("/{home}/.well-known/openid-configuration"));
    assert_eq!(text(&older.json(), "issuer"), format!("{origin}/{home}/"));
    let none = get(&wire, "/cantoso.com/v2.0/.well-known/openid-configuration");
    assert_eq!(none.json()["error_codes"], json!([90002]));
}

#[test]
fn an_error_has_every_member_that_support_asks_for() {
    let wire = stage("amara", &[]);

    let reply = refresh(&wire, Entra::HOME, "none", &[("client_info", "1")]);

    let json = reply.json();
    assert_eq!(reply.status, 400);
    assert_eq!(text(&json, "error"), "invalid_grant");
    assert_eq!(json["error_codes"], json!([70000]));
    let (trace, correlation) = (text(&json, "trace_id"), text(&json, "correlation_id"));
    let said = format!(
        "\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {}",
        text(&json, "timestamp")
    );
    let description = text(&json, "error_description");
    assert!(description.starts_with("AADSTS70000: "), "{description}");
    assert!(description.ends_with(&said), "{description}");
    assert!(text(&json, "error_uri").ends_with("/error?code=70000"));
    assert_eq!(text(&json, "suberror"), "bad_token");
}

#[test]
fn what_a_client_should_not_send_is_found_out() {
    let wire = stage("amara", &[]);
    let path = format!("/{}/oauth2/v2.0/token", Entra::HOME);
    let form = |more: &[(&'static str, &'static str)]| {
        let mut form = vec![
            ("grant_type", "refresh_token"),
            ("client_id", Entra::APP),
            ("refresh_token", "none"),
        ];
        form.extend(more);
        form
    };
    let codes = |reply: Reply| reply.json()["error_codes"][0].clone();

    let origin = [("Origin", "http://localhost:1")];
    assert_eq!(codes(post(&wire, &path, &form(&[]), &origin)), 9_002_326);
    let resource = form(&[("resource", "api://orders")]);
    assert_eq!(codes(post(&wire, &path, &resource, &[])), 901_002);
    let secret = form(&[("client_secret", "x")]);
    assert_eq!(codes(post(&wire, &path, &secret, &[])), 700_025);
    assert_eq!(codes(get(&wire, &path)), 900_561);
}

#[test]
fn one_refresh_token_serves_every_api_and_tenant_and_is_never_spent() {
    let wire = stage("mei-lin", &[]);
    let scope = "openid profile offline_access api://orders/Orders.Read";
    let first = sign_in(&wire, "organizations", scope);
    let token = text(&first, "refresh_token");
    let home = parts(text(&first, "access_token")).1;

    let invoices = [("scope", "api://invoices/.default")];
    let api = refresh(&wire, Entra::HOME, token, &invoices).json();
    let guest = refresh(&wire, Entra::OTHER, token, &[("scope", scope)]).json();
    let consumers = refresh(&wire, "consumers", token, &[]).json();

    let api = parts(text(&api, "access_token"));
    assert_eq!(api.1["ver"], "1.0");
    assert_eq!(api.1["aud"], "api://invoices");
    assert_eq!(api.0["x5t"], api.0["kid"]);
    let there = parts(text(&guest, "access_token")).1;
    assert_eq!(there["tid"], Entra::OTHER);
    assert_ne!(there["oid"], home["oid"]);
    assert_ne!(there["sub"], home["sub"]);
    assert!(text(&there, "idp").contains(Entra::HOME), "{there}");
    assert_eq!(consumers["error_codes"], json!([50020]));
}

#[test]
fn scopes_follow_entra_s_rules() {
    let wire = stage("amara", &[]);
    let scope = "openid profile offline_access api://orders/Orders.Read";
    let first = sign_in(&wire, Entra::HOME, scope);
    let token = text(&first, "refresh_token");
    let said = |scope: &str| {
        let json = refresh(&wire, Entra::HOME, token, &[("scope", scope)]).json();
        match json.get("error_codes") {
            Some(codes) => codes[0].to_string(),
            None => parts(text(&json, "access_token")).1["scp"]
                .as_str()
                .unwrap()
                .to_owned(),
        }
    };

    assert_eq!(said("api://orders/.default"), "Orders.Read Orders.Write");
    assert_eq!(said("User.Read"), "User.Read");
    assert_eq!(said("Orders.Read"), "650053");
    assert_eq!(said("api://nobody/Orders.Read"), "500011");
    assert_eq!(
        said("api://orders/.default api://orders/Orders.Read"),
        "70011"
    );
    // Of two the first one wins, in silence.
    assert_eq!(said("api://orders/Orders.Read User.Read"), "Orders.Read");
    assert_eq!(
        said("https://management.core.windows.net//.default"),
        "user_impersonation"
    );
}

#[test]
fn tokens_verify_by_keys_that_name_whom_they_vouch_for_except_graph_s() {
    let wire = stage("amara", &[]);
    let scope = "openid profile offline_access api://orders/Orders.Read";
    let answer = sign_in(&wire, Entra::HOME, scope);
    let keys = get(&wire, &format!("/{}/discovery/v2.0/keys", Entra::HOME)).json();
    let key = &keys["keys"][0];

    let token = text(&answer, "refresh_token");
    let graph = refresh(&wire, Entra::HOME, token, &[("scope", "User.Read")]).json();

    assert!(key.get("alg").is_none());
    assert!(text(key, "issuer").ends_with("/{tenantid}/v2.0"), "{key}");
    assert!(verifies(text(&answer, "access_token"), key));
    assert!(verifies(text(&answer, "id_token"), key));
    let graph = text(&graph, "access_token");
    assert!(!verifies(graph, key));
    assert!(parts(graph).0.get("nonce").is_some());
    let life = answer["expires_in"].as_u64().unwrap();
    assert!((3599..=5400).contains(&life), "{life}");
    assert!(answer.get("client_info").is_some());
    assert!(answer.get("refresh_in").is_none());
}

#[test]
fn who_understands_challenges_gets_a_long_token_and_a_hint_when_to_renew() {
    let wire = stage("amara", &[]);
    let scope = "openid offline_access api://orders/Orders.Read";
    let first = sign_in(&wire, Entra::HOME, scope);
    let claims = r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#;

    let token = text(&first, "refresh_token");
    let long = refresh(&wire, Entra::HOME, token, &[("claims", claims)]).json();

    assert_eq!(long["expires_in"], 86_399);
    assert_eq!(long["refresh_in"], 43_199);
    let token = parts(text(&long, "access_token")).1;
    assert_eq!(token["xms_cc"], json!(["cp1"]));
}

#[test]
fn groups_are_in_the_token_up_to_200_and_at_graph_above() {
    for (person, groups) in [("priya", 0), ("amara", 3), ("jonas", 200), ("tomasz", 250)] {
        let wire = stage(person, &[]);
        let answer = sign_in(&wire, Entra::HOME, "openid offline_access User.Read");
        let claims = parts(text(&answer, "id_token")).1;
        let told = claims["groups"].as_array().map_or(0, Vec::len);
        assert_eq!(told, if groups > 200 { 0 } else { groups }, "{person}");
        let is_over = claims.get("_claim_sources").is_some();
        assert_eq!(is_over, groups > 200, "{person}");
    }
}

#[test]
fn graph_pages_what_it_does_not_list_at_once_and_refuses_without_the_permission() {
    let wire = stage("oskar", &[]);
    let scope = "openid offline_access GroupMember.Read.All";
    let token = sign_in(&wire, Entra::HOME, scope);
    let bearer = format!("Bearer {}", text(&token, "access_token"));
    let field = [("Authorization", bearer.as_str())];

    let refused = post(&wire, "/v1.0/me/getMemberObjects", &[], &field);
    let mut next = at(
        &wire,
        "/v1.0/me/transitiveMemberOf/microsoft.graph.group?$select=id&$top=999",
    );
    let mut count = 0;
    loop {
        let page = wire.try_get(&next, &field).unwrap().json();
        count += page["value"].as_array().unwrap().len();
        match page.get("@odata.nextLink") {
            Some(link) => link.as_str().unwrap().clone_into(&mut next),
            None => break,
        }
    }

    let code = refused.json()["error"]["code"].clone();
    assert_eq!(
        (refused.status, code),
        (400, json!("Directory_ResultSizeLimitExceeded"))
    );
    assert_eq!(count, 12_000);
    let poor = sign_in(&wire, Entra::HOME, "openid User.Read");
    let bearer = format!("Bearer {}", text(&poor, "access_token"));
    let field = [("Authorization", bearer.as_str())];
    let denied = post(&wire, "/v1.0/me/getMemberObjects", &[], &field);
    assert_eq!(
        denied.json()["error"]["code"],
        "Authorization_RequestDenied"
    );
    let none = get(&wire, "/v1.0/me");
    assert_eq!(none.status, 401);
}

#[test]
fn a_script_is_parsed_from_its_name_a_place_and_a_number_of_times() {
    for good in [
        "ca.mfa",
        "aadsts=50076",
        "aadsts=53003@token:1",
        "http.503:2",
    ] {
        assert!(Script::parse(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "ca.mfa:0",
        "ca.mfa:x",
        "aadsts=1",
        "aadsts=50076@nowhere",
        "nothing",
    ] {
        assert!(Script::parse(bad).is_err(), "{bad}");
    }
}
