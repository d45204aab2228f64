use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::base::{Diagnostic, Exit};
use crate::jwt::testing::{SIGNERS, STRANGER, Signer, encode, key_set, signer};

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
fn a_token_signed_with_any_accepted_algorithm_is_verified() {
    let world = World::new();

    for signer in SIGNERS.iter() {
        let token = signer.token(&good());
        let verified = verify_id_token(&token, &signer.keys(), &world.expect()).unwrap();

        assert_eq!(verified.subject().as_str(), "jane");
        assert_eq!(verified.algorithm(), signer.algorithm);
        assert_eq!(verified.claims().exp, Some(Timestamp(NOW + 3600)));
    }
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
fn an_algorithm_that_was_not_agreed_on_is_refused() {
    let world = World::new();
    let pinned = Expect {
        algorithms: &[Algorithm::Rs256],
        ..world.expect()
    };
    let token = es256().token(&good());

    let failure = verify_id_token(&token, &es256().keys(), &pinned).unwrap_err();

    assert_eq!(failure.check, Check::Algorithm);
    assert_eq!(
        failure.to_string(),
        "the ID token fails the algorithm check: `alg` is `ES256`, expected `RS256`"
    );
    assert!(!failure.wants_new_keys());
}

#[test]
fn an_unsigned_token_or_a_keyed_hash_is_refused() {
    let world = World::new();
    let rsa = signer(Algorithm::Rs256);

    for name in [
        "none", "None", "NONE", "nOnE", "HS256", "HS384", "HS512", "", "RS256 ",
    ] {
        let header = json!({"alg": name, "kid": rsa.kid()});
        let input = format!(
            "{}.{}",
            encode(header.to_string()),
            encode(good().to_string())
        );
        // The classic forgery: a keyed hash with the public key as the secret.
        let secret = ring::hmac::Key::new(
            ring::hmac::HMAC_SHA256,
            rsa.jwk["n"].as_str().unwrap().as_bytes(),
        );
        let tag = ring::hmac::sign(&secret, input.as_bytes());
        for signature in [String::new(), encode(tag)] {
            let token = format!("{input}.{signature}");
            let failure = verify_id_token(&token, &rsa.keys(), &world.expect()).unwrap_err();
            assert_eq!(failure.check, Check::Algorithm, "{name:?}");
        }
    }
}

#[test]
fn a_signature_holds_for_its_own_algorithm_only() {
    let world = World::new();
    let everyone: Vec<Value> = SIGNERS.iter().map(|signer| signer.jwk.clone()).collect();
    let keys = key_set(&everyone);

    for signer in SIGNERS.iter() {
        for claimed in Algorithm::ALL {
            for kid in [json!(signer.kid()), Value::Null] {
                let mut header = json!({"alg": claimed.name(), "kid": kid});
                if kid.is_null() {
                    header.as_object_mut().unwrap().remove("kid");
                }
                let token = signer.with_header(&header, &good());
                let verdict = verify_id_token(&token, &keys, &world.expect());
                assert_eq!(
                    verdict.is_ok(),
                    *claimed == signer.algorithm,
                    "{claimed} for {}",
                    signer.algorithm
                );
            }
        }
    }
}

#[test]
fn every_one_bit_change_of_a_signed_token_is_refused() {
    let world = World::new();

    for signer in [signer(Algorithm::Rs256), es256(), signer(Algorithm::EdDsa)] {
        let token = signer.token(&good());
        let keys = signer.keys();
        assert!(verify_id_token(&token, &keys, &world.expect()).is_ok());
        for position in 0..token.len() {
            for bit in 0..8 {
                let mut changed = token.clone().into_bytes();
                changed[position] ^= 1 << bit;
                let Ok(changed) = String::from_utf8(changed) else {
                    continue;
                };
                let verdict = verify_id_token(&changed, &keys, &world.expect());
                assert!(verdict.is_err(), "bit {bit} of byte {position}");
            }
        }
    }
}

#[test]
fn a_zero_short_long_or_der_signature_is_refused() {
    let world = World::new();

    for signer in SIGNERS.iter() {
        let token = signer.token(&good());
        let (input, signature) = token.rsplit_once('.').unwrap();
        let size = signature.len() * 3 / 4;
        let der = [vec![0x30, 6, 2, 1, 1, 2, 1, 1], vec![0; size - 8]].concat();
        let mut one = vec![0; size];
        one[size - 1] = 1;
        for forged in [
            vec![0; size],
            one,
            vec![0xff; size],
            vec![0; size + 1],
            vec![],
            der,
        ] {
            let token = format!("{input}.{}", encode(forged));
            let failure = verify_id_token(&token, &signer.keys(), &world.expect()).unwrap_err();
            assert_eq!(failure.check, Check::Signature, "{}", signer.algorithm);
        }
    }
}

#[test]
fn an_unknown_key_wants_new_keys_and_a_wrong_claim_does_not() {
    let world = World::new();
    let header = json!({"alg": "ES256", "kid": "new"});
    let token = es256().with_header(&header, &good());

    let failure = verify_id_token(&token, &es256().keys(), &world.expect()).unwrap_err();

    assert_eq!(failure.check, Check::Key);
    assert!(failure.wants_new_keys());
    assert_eq!(
        failure.to_string(),
        "the ID token fails the key check: the provider has no key `new`"
    );
    assert!(!failed(&json!({"aud": "other"})).wants_new_keys());
    assert_eq!(failure.exit(), Exit::Verification);
}

#[test]
fn a_token_without_a_kid_is_matched_by_exactly_one_key() {
    let world = World::new();
    let header = json!({"alg": "ES256"});
    let token = es256().with_header(&header, &good());
    let verdict = |keys: &[Value]| {
        verify_id_token(&token, &key_set(keys), &world.expect()).map_err(|failure| failure.check)
    };
    let renamed = |kid: &str| {
        let mut jwk = STRANGER.jwk.clone();
        jwk["kid"] = json!(kid);
        jwk
    };

    assert!(verdict(&[es256().jwk.clone()]).is_ok());
    assert!(
        verdict(&[
            renamed("a"),
            es256().jwk.clone(),
            signer(Algorithm::Rs256).jwk.clone()
        ])
        .is_ok()
    );
    assert_eq!(verdict(&[]).unwrap_err(), Check::Key);
    assert_eq!(verdict(&[renamed("a")]).unwrap_err(), Check::Signature);
    assert_eq!(
        verdict(&[signer(Algorithm::Rs256).jwk.clone()]).unwrap_err(),
        Check::Key
    );
}

#[test]
fn two_keys_of_one_name_are_told_apart_by_the_signature() {
    let world = World::new();
    let mut impostor = STRANGER.jwk.clone();
    impostor["kid"] = json!("P-256");
    let keys = key_set(&[impostor.clone(), es256().jwk.clone(), es256().jwk.clone()]);

    let token = es256().token(&good());
    let (input, _) = token.rsplit_once('.').unwrap();
    let forged = format!("{input}.{}", encode([7; 64]));

    assert!(verify_id_token(&token, &keys, &world.expect()).is_ok());
    let failure = verify_id_token(&forged, &keys, &world.expect()).unwrap_err();
    assert_eq!(failure.check, Check::Signature);
}

#[test]
fn a_key_of_another_issuer_in_a_shared_set_is_not_used() {
    let world = World::new();
    let verdict = |issuer: &str| {
        let mut jwk = es256().jwk.clone();
        jwk["issuer"] = json!(issuer);
        verify_id_token(&es256().token(&good()), &key_set(&[jwk]), &world.expect())
    };

    assert!(verdict(ISSUER).is_ok());
    assert!(verdict("https://{tenantid}.example.com").is_ok());
    assert_eq!(
        verdict("https://other.example.com").unwrap_err().check,
        Check::Key
    );
    assert_eq!(
        verdict("https://{tenantid}.example.org").unwrap_err().check,
        Check::Key
    );
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
fn a_refreshed_token_is_about_the_same_sign_in() {
    let world = World::new();
    let first = with(&json!({"azp": "keyfob-cli", "auth_time": NOW - 100}));
    let Value::Object(first) = first else {
        unreachable!()
    };
    let original = Claims::read(first).unwrap();
    let expect = Expect {
        nonce: None,
        issued_after: None,
        continues: Some(&original),
        ..world.expect()
    };
    let verdict = |changes: Value| {
        let mut claims = with(&json!({"azp": "keyfob-cli", "nonce": "-", "iat": NOW + 5}));
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        verify_claims(&claims, &expect).map_err(|failure| failure.check)
    };

    for same in [
        json!({}),
        json!({"nonce": "n-1"}),
        json!({"auth_time": NOW - 100}),
        json!({"aud": ["keyfob-cli", "more"]}),
    ] {
        assert!(verdict(same.clone()).is_ok(), "{same}");
    }
    for changed in [
        json!({"sub": "john"}),
        json!({"nonce": "n-2"}),
        json!({"auth_time": NOW}),
        json!({"iat": NOW - 1}),
    ] {
        assert_eq!(
            verdict(changed.clone()).unwrap_err(),
            Check::Continuity,
            "{changed}"
        );
    }
    assert_eq!(
        verdict(json!({"iss": "https://b.example"})).unwrap_err(),
        Check::Issuer
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

fn access(changes: &Value, header: &Value, types: AccessTokenTypes) -> Result<Verified, Failure> {
    let world = World::new();
    let audience = Audience::parse("https://api.example.com").unwrap();
    let mut claims = with(&json!({"aud": ["https://api.example.com", "b"], "nonce": "-"}));
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let expect = ExpectAccess {
        issuer: &world.issuer,
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
