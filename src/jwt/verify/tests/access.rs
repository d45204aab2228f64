//! Access tokens (RFC 9068).

use super::*;

fn access(changes: &Value, header: &Value, types: AccessTokenTypes) -> Result<Verified, Failure> {
    let world = World::new();
    let audience = Audience::parse("https://api.example.com").unwrap();
    let mut claims = with(&json!({"aud": ["https://api.example.com", "b"], "nonce": "-"}));
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let expect = ExpectAccess {
        issuer: &world.issuer,
        key_issuer: &world.issuer,
        algorithms: Algorithm::ALL,
        audience: Some(&audience),
        types,
        now: Timestamp(NOW),
        leeway: Duration::from_secs(60),
    };
    let token = es256().with_header(header, &claims);
    verify_access_token(&token, &es256().keys(), &expect)
}

#[test]
fn an_access_token_is_one_by_its_type_and_for_this_api() {
    let verdict = |typ: &str, changes: Value| {
        let header = json!({"alg": "ES256", "kid": "P-256", "typ": typ});
        access(&changes, &header, AccessTokenTypes::Standard).map_err(|failure| failure.check)
    };

    assert!(verdict("at+jwt", json!({})).is_ok());
    assert!(verdict("application/AT+JWT", json!({})).is_ok());
    assert_eq!(verdict("JWT", json!({})).unwrap_err(), Check::Type);
    assert_eq!(
        verdict("at+jwt", json!({"aud": "other"})).unwrap_err(),
        Check::Audience
    );
    assert_eq!(
        verdict("at+jwt", json!({"iss": "https://b"})).unwrap_err(),
        Check::Issuer
    );
    assert_eq!(
        verdict("at+jwt", json!({"exp": NOW - 61})).unwrap_err(),
        Check::Expiry
    );
    assert_eq!(
        verdict("at+jwt", json!({"nbf": NOW + 99})).unwrap_err(),
        Check::NotBefore
    );
    assert_eq!(
        verdict("at+jwt", json!({"iat": NOW + 99})).unwrap_err(),
        Check::IssuedAt
    );
}

#[test]
fn an_access_token_without_a_type_needs_the_provider_s_exception() {
    let header = json!({"alg": "ES256", "kid": "P-256"});

    let strict = access(&json!({}), &header, AccessTokenTypes::Standard).unwrap_err();
    let any = access(&json!({}), &header, AccessTokenTypes::Any);
    let id_token = access(&json!({"typ": "ID"}), &header, AccessTokenTypes::Any).unwrap_err();

    assert_eq!(
        strict.to_string(),
        "the access token fails the type check: `typ` is missing"
    );
    assert!(any.is_ok());
    assert_eq!(id_token.check, Check::Type);
}
