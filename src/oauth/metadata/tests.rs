//! What metadata is taken, and what is refused.

use proptest::prelude::*;

use super::*;
use crate::oauth::testing::{CASES, bodies};

const ISSUER: &str = "https://id.example.com/t";

fn parse(issuer: &str, document: &str) -> Result<Metadata, MetadataError> {
    let issuer = Issuer::parse(issuer).unwrap();
    let rule = IssuerRule::Exact(issuer.clone());
    Metadata::parse(document.as_bytes(), &rule, &locations(&issuer)[0])
}

fn with_endpoint(text: &str) -> Result<Metadata, MetadataError> {
    let document = serde_json::json!({ "issuer": ISSUER, "token_endpoint": text });
    parse(ISSUER, &document.to_string())
}

#[test]
fn both_layouts_of_the_well_known_address_are_asked() {
    let all = |text| -> Vec<String> {
        locations(&Issuer::parse(text).unwrap())
            .into_iter()
            .map(String::from)
            .collect()
    };

    assert_eq!(
        all("https://a.example/"),
        [
            "https://a.example/.well-known/openid-configuration",
            "https://a.example/.well-known/oauth-authorization-server",
        ]
    );
    assert_eq!(
        all("https://a.example/t/"),
        [
            "https://a.example/t/.well-known/openid-configuration",
            "https://a.example/.well-known/oauth-authorization-server/t",
            "https://a.example/.well-known/openid-configuration/t",
        ]
    );
}

#[test]
fn the_issuer_must_be_the_same_to_the_byte() {
    for found in [
        "https://id.example.com/t/",
        "https://ID.example.com/t",
        "https://id.example.com:443/t",
        "https://id.example.com/T",
        "http://id.example.com/t",
        "https://evil.example/t",
        "https://id.example.com/t\u{200b}",
    ] {
        let document = serde_json::json!({ "issuer": found }).to_string();

        let error = parse(ISSUER, &document).unwrap_err();

        assert!(matches!(error, MetadataError::Issuer { .. }), "{found}");
        assert!(error.to_string().contains(ISSUER));
    }
}

#[test]
fn what_is_not_json_is_named_for_what_it_is() {
    let said = |body: &str| parse(ISSUER, body).unwrap_err().to_string();

    assert!(said("<!doctype html>").contains("HTML"));
    assert!(said("{\"issuer\"").contains("not JSON"));
    assert!(said("\u{feff}{}").contains("byte order mark"));
    assert!(said("[]").contains("cannot be read"));
    assert!(said(r#"{"issuer":"https://id.example.com/t","issuer":"x"}"#).contains("duplicate"));
    assert!(said(r#"{"issuer":7}"#).contains("cannot be read"));
}

#[test]
fn an_endpoint_that_must_not_be_used_is_refused() {
    for text in [
        "http://id.example.com/token",
        "http://127.0.0.1/token",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://me:pw@id.example.com/token",
        "https://169.254.169.254/token",
        "https://[fe80::1]/token",
        "https://[::ffff:169.254.169.254]/token",
        "-x",
        "https://id.example.com/a b",
        "https://id.example.com/a%00b",
        "https://id.example.com/\n",
        "https://id.example.com/#f",
        "",
    ] {
        let error = with_endpoint(text).unwrap_err();

        assert!(matches!(error, MetadataError::Endpoint { .. }), "{text}");
        assert!(error.to_string().contains("token_endpoint"));
        assert!(!error.to_string().contains("pw"), "{error}");
    }
}

#[test]
fn an_endpoint_on_another_host_or_with_a_query_is_legal() {
    for text in [
        "https://tokens.example.net/x",
        "https://id.example.com/token?p=1",
    ] {
        assert_eq!(
            with_endpoint(text)
                .unwrap()
                .token_endpoint
                .unwrap()
                .as_str(),
            text
        );
    }
}

#[test]
fn plain_http_is_for_a_provider_on_this_machine_only() {
    let document = r#"{"issuer":"http://127.0.0.1:9","token_endpoint":"http://127.0.0.1:9/t"}"#;
    let away = r#"{"issuer":"http://127.0.0.1:9","token_endpoint":"http://id.example.com/t"}"#;

    assert!(parse("http://127.0.0.1:9", document).is_ok());
    assert!(parse("http://127.0.0.1:9", away).is_err());
}

#[test]
fn pkce_is_assumed_when_not_mentioned_and_refused_without_s256() {
    let document = |methods: &str| {
        let document =
            format!(r#"{{"issuer":"{ISSUER}","code_challenge_methods_supported":{methods}}}"#);
        parse(ISSUER, &document)
    };

    assert!(document("null").is_ok());
    assert!(document(r#"["plain","S256"]"#).is_ok());
    assert_eq!(document(r#"["plain"]"#).unwrap_err(), MetadataError::NoS256);
    assert_eq!(document("[]").unwrap_err(), MetadataError::NoS256);
}

#[test]
fn a_push_that_is_required_and_has_no_address_is_an_error() {
    let parse = |members: &str| parse(ISSUER, &format!(r#"{{"issuer":"{ISSUER}"{members}}}"#));
    let required = r#","require_pushed_authorization_requests":true"#;

    let error = parse(required).unwrap().push_endpoint().map(drop);
    let not_said = parse(r#","require_pushed_authorization_requests":"true""#);

    assert!(matches!(error, Err(MetadataError::Missing { .. })));
    assert!(not_said.is_err());
    assert_eq!(parse("").unwrap().push_endpoint(), Ok(None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn whatever_is_published_only_safe_endpoints_are_taken(
        body in bodies(&[("issuer", r#""https://id.example.com""#), ("authorization_endpoint", r#""https://id.example.com/a""#), ("token_endpoint", r#""https://id.example.com/t""#), ("jwks_uri", r#""https://id.example.com/k""#), ("revocation_endpoint", ""), ("code_challenge_methods_supported", r#"["S256"]"#), ("response_modes_supported", r#"["query"]"#), ("require_pushed_authorization_requests", "")]),
    ) {
        let issuer = "https://id.example.com";
        match parse(issuer, &String::from_utf8_lossy(&body)) {
            Ok(metadata) => {
                prop_assert_eq!(metadata.issuer.as_str(), issuer);
                for url in [
                    &metadata.authorization_endpoint,
                    &metadata.token_endpoint,
                    &metadata.jwks_uri,
                    &metadata.revocation_endpoint,
                ]
                .into_iter()
                .flatten()
                {
                    prop_assert_eq!(url.scheme(), "https");
                    prop_assert!(url.username().is_empty() && url.password().is_none());
                    prop_assert!(url.fragment().is_none() && !is_link_local(url));
                }
            }
            Err(error) => prop_assert!(!error.to_string().contains(char::is_control)),
        }
    }
}
