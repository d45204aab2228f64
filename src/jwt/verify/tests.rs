//! ID tokens, right and wrong, one claim at a time.

mod access;
mod keys;
mod refresh;
mod signatures;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::base::{Diagnostic, Exit};
use crate::jwt::testing::{SIGNERS, Signer, encode, key_set, signer, stranger};

const NOW: i64 = 1_790_000_000;
const ISSUER: &str = "https://id.example.com";

struct World {
    issuer: Issuer,
    client_id: ClientId,
}

impl World {
    fn new() -> Self {
        Self {
            issuer: Issuer::parse(ISSUER).unwrap(),
            client_id: ClientId::parse("keyfob-cli").unwrap(),
        }
    }

    fn expect(&self) -> Expect<'_> {
        Expect {
            nonce: Some("n-1"),
            issued_after: Some(Timestamp(NOW - 30)),
            ..Expect::new(
                &self.issuer,
                &self.client_id,
                Algorithm::ALL,
                Timestamp(NOW),
                Duration::from_secs(60),
            )
        }
    }
}

fn good() -> Value {
    json!({"iss": ISSUER, "sub": "jane", "aud": "keyfob-cli", "nonce": "n-1",
        "iat": NOW, "exp": NOW + 3600})
}

fn es256() -> &'static Signer {
    signer(Algorithm::Es256)
}

/// The good claims with some set, and those set to `"-"` left out.
fn with(changes: &Value) -> Value {
    let mut claims = good();
    for (name, value) in changes.as_object().unwrap() {
        match value.as_str() {
            Some("-") => drop(claims.as_object_mut().unwrap().remove(name)),
            _ => claims[name] = value.clone(),
        }
    }
    claims
}

fn verify_claims(claims: &Value, expect: &Expect<'_>) -> Result<Verified, Failure> {
    verify_id_token(&es256().token(claims), &es256().keys(), expect)
}

fn failed(changes: &Value) -> Failure {
    let world = World::new();
    verify_claims(&with(changes), &world.expect()).unwrap_err()
}

#[test]
fn each_wrong_claim_fails_its_own_check() {
    for (check, changes) in [
        (Check::Issuer, json!({"iss": "-"})),
        (Check::Issuer, json!({"iss": "https://id.example.com/"})),
        (Check::Issuer, json!({"iss": "https://ID.example.com"})),
        (Check::Issuer, json!({"iss": "https://id.example.com:443"})),
        (Check::Issuer, json!({"iss": "https://id.example.com "})),
        (Check::Issuer, json!({"iss": "https://evil.example"})),
        (Check::Subject, json!({"sub": "-"})),
        (Check::Subject, json!({"sub": ""})),
        (Check::Subject, json!({"sub": "a\u{1b}[2J"})),
        (Check::Audience, json!({"aud": "-"})),
        (Check::Audience, json!({"aud": "other"})),
        (Check::Audience, json!({"aud": ["other"]})),
        (Check::Audience, json!({"aud": ["keyfob-cli", "stranger"]})),
        (Check::AuthorizedParty, json!({"azp": "other"})),
        (
            Check::AuthorizedParty,
            json!({"aud": ["keyfob-cli", "keyfob-cli"]}),
        ),
        (Check::Expiry, json!({"exp": "-"})),
        (Check::Expiry, json!({"exp": NOW - 60})),
        (Check::NotBefore, json!({"nbf": NOW + 61})),
        (Check::IssuedAt, json!({"iat": "-"})),
        (Check::IssuedAt, json!({"iat": NOW + 61})),
        (Check::IssuedAt, json!({"iat": NOW - 91})),
        (Check::IssuedAt, json!({"iat": NOW - 7 * 86400})),
        (Check::Nonce, json!({"nonce": "-"})),
        (Check::Nonce, json!({"nonce": "n-2"})),
        (Check::Nonce, json!({"nonce": ""})),
        (Check::AuthTime, json!({"auth_time": NOW + 61})),
        (Check::Type, json!({"typ": "Bearer"})),
        (Check::Type, json!({"token_use": "access"})),
        (Check::Form, json!({"exp": "never"})),
        (Check::Form, json!({"exp": null})),
        (Check::Form, json!({"iat": -1})),
        (Check::Form, json!({"nbf": 1.5})),
        (Check::Form, json!({"nonce": null})),
        (Check::Form, json!({"azp": ["keyfob-cli"]})),
    ] {
        assert_eq!(failed(&changes).check, check, "{changes}");
    }
}

#[test]
fn each_harmless_variation_is_accepted() {
    let world = World::new();

    for changes in [
        json!({"aud": ["keyfob-cli"]}),
        json!({"aud": ["keyfob-cli", "api"], "azp": "keyfob-cli"}),
        json!({"azp": "keyfob-cli"}),
        json!({"exp": NOW - 59}),
        json!({"exp": 1_790_000_009.0}),
        json!({"nbf": NOW + 60}),
        json!({"iat": NOW + 60}),
        json!({"iat": NOW - 90}),
        json!({"typ": "ID", "auth_time": NOW - 86400}),
        // What Auth0 and Cognito really write.
        json!({"updated_at": "2026-11-23T18:42:21.000Z", "email_verified": "true"}),
        json!({"name": null, "groups": ["a", "b"]}),
    ] {
        let verified = verify_claims(&with(&changes), &world.expect());
        assert!(verified.is_ok(), "{changes}: {}", verified.unwrap_err());
    }
}

#[test]
fn a_leeway_beyond_five_minutes_counts_as_five() {
    let world = World::new();
    let expect = Expect {
        leeway: Duration::from_secs(86400),
        ..world.expect()
    };

    let late = verify_claims(&with(&json!({"exp": NOW - 300})), &expect).unwrap_err();
    let in_time = verify_claims(&with(&json!({"exp": NOW - 299})), &expect);

    assert_eq!(late.check, Check::Expiry);
    assert!(in_time.is_ok());
}

#[test]
fn the_header_s_type_must_be_that_of_an_id_token() {
    let world = World::new();
    let verdict = |typ: &str| {
        let header = json!({"alg": "ES256", "kid": "P-256", "typ": typ});
        let token = es256().with_header(&header, &good());
        verify_id_token(&token, &es256().keys(), &world.expect()).map_err(|failure| failure.check)
    };

    for typ in ["JWT", "jwt", "application/jwt", "JOSE"] {
        assert!(verdict(typ).is_ok(), "{typ}");
    }
    for typ in ["at+jwt", "application/at+jwt", "logout+jwt", "dpop+jwt", ""] {
        assert_eq!(verdict(typ).unwrap_err(), Check::Type, "{typ}");
    }
}

#[test]
fn a_hash_that_is_there_must_belong_to_what_came_with_it() {
    let world = World::new();
    let expect = Expect {
        access_token: Some("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
        code: Some("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"),
        ..world.expect()
    };
    // OIDC Core appendix A.3 and A.4.
    let right = json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ", "c_hash": "LDktKdoQak3Pk0cnXxCltA"});

    assert!(verify_claims(&with(&right), &expect).is_ok());
    assert!(verify_claims(&good(), &expect).is_ok());
    for (name, check) in [
        ("at_hash", Check::AccessTokenHash),
        ("c_hash", Check::CodeHash),
    ] {
        for wrong in ["77QmUPtjPfzWtF2AnpK9RA", "", "77QmUPtjPfzWtF2AnpK9RQ=="] {
            let claims = with(&json!({ name: wrong }));
            assert_eq!(verify_claims(&claims, &expect).unwrap_err().check, check);
        }
    }
}

#[test]
fn the_age_that_was_asked_for_is_enforced() {
    let world = World::new();
    let expect = Expect {
        max_age: Some(Duration::from_secs(600)),
        ..world.expect()
    };
    let verdict =
        |changes: Value| verify_claims(&with(&changes), &expect).map_err(|failure| failure.check);

    assert!(verdict(json!({"auth_time": NOW - 660})).is_ok());
    assert_eq!(
        verdict(json!({"auth_time": NOW - 661})).unwrap_err(),
        Check::AuthTime
    );
    assert_eq!(verdict(json!({})).unwrap_err(), Check::AuthTime);
}

#[test]
fn the_strength_that_was_asked_for_is_enforced() {
    let world = World::new();
    let expect = Expect {
        acr_values: Some("mfa phr"),
        ..world.expect()
    };
    let verdict = |changes: Value| verify_claims(&with(&changes), &expect).map(drop);

    assert_eq!(verdict(json!({"acr": "phr"})), Ok(()));
    for weaker in [json!({}), json!({"acr": "pwd"}), json!({"acr": "mfa phr"})] {
        let failure = verdict(weaker.clone()).unwrap_err();
        assert_eq!(failure.check, Check::AuthClass, "{weaker}");
    }
    assert_eq!(
        verdict(json!({"acr": "pwd"})).unwrap_err().to_string(),
        "the ID token fails the sign-in strength check: `acr` is `pwd`, expected `mfa`, `phr`"
    );
}

#[test]
fn a_failure_names_the_check_and_both_values_and_nothing_else() {
    assert_eq!(
        failed(&json!({"aud": ["a\u{1b}[2J", "b"]})).to_string(),
        "the ID token fails the audience check: `aud` is `a\\u{1b}[2J`, `b`, \
         expected `keyfob-cli` alone"
    );
    assert_eq!(
        failed(&json!({"exp": NOW - 720})).to_string(),
        "the ID token fails the expiry check: `exp` was 12 min ago \
         (is this machine's clock right?)"
    );
    assert_eq!(
        failed(&json!({"iat": NOW + 600})).to_string(),
        "the ID token fails the issue time check: `iat` is 10 min in the future \
         (is this machine's clock right?)"
    );
    let nonce = failed(&json!({"nonce": "secret-nonce"})).to_string();
    assert!(!nonce.contains("secret-nonce") && !nonce.contains("n-1"));
    let long = failed(&json!({"iss": "x".repeat(9000)})).to_string();
    assert!(long.len() < 400, "{long}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_is_verified_by_luck(header in "\\PC*", claims in "\\PC*", tail in "[A-Za-z0-9_-]*") {
        let world = World::new();
        let token = format!("{}.{}.{tail}", encode(header), encode(claims));
        prop_assert!(verify_id_token(&token, &es256().keys(), &world.expect()).is_err());
    }

    #[test]
    fn no_claim_that_is_signed_makes_it_panic(
        name in "iss|sub|aud|azp|exp|nbf|iat|auth_time|nonce|name|address|updated_at|[a-z]{1,9}",
        value in prop_oneof![
            any::<i64>().prop_map(Value::from), any::<f64>().prop_map(Value::from),
            ".*".prop_map(Value::from), Just(json!({})), Just(json!([])), Just(Value::Null),
        ],
        now in any::<i64>(),
    ) {
        let world = World::new();
        let expect = Expect { now: Timestamp(now), ..world.expect() };
        drop(verify_claims(&with(&json!({ name: value })), &expect));
    }
}
