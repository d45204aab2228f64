//! Which key is tried for which token.

use super::*;

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
        let mut jwk = stranger().jwk;
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
fn a_name_that_two_keys_of_one_kind_share_names_neither() {
    let world = World::new();
    let token = es256().token(&good());
    let verdict = |keys: &[Value]| verify_id_token(&token, &key_set(keys), &world.expect());
    let named = |mut jwk: Value| {
        jwk["kid"] = json!("P-256");
        jwk
    };
    let own = es256().jwk.clone();

    assert!(verdict(&[own.clone(), own.clone()]).is_ok());
    let of_another_kind = named(signer(Algorithm::Rs256).jwk.clone());
    assert!(verdict(&[of_another_kind, own.clone()]).is_ok());
    let failure = verdict(&[named(stranger().jwk), own]).unwrap_err();
    assert_eq!(failure.check, Check::Key);
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
    assert_eq!(
        verdict("https://other.example.com").unwrap_err().check,
        Check::Key
    );
    assert_eq!(
        verdict("https://{tenantid}.example.com").unwrap_err().check,
        Check::Key
    );
}

#[test]
fn at_most_eight_keys_are_tried_for_a_token_that_names_none() {
    let world = World::new();
    let token = es256().with_header(&json!({"alg": "ES256"}), &good());
    let verdict = |strangers: usize| {
        let mut keys: Vec<Value> = (0..strangers).map(|_| stranger().jwk).collect();
        keys.push(es256().jwk.clone());
        verify_id_token(&token, &key_set(&keys), &world.expect())
    };

    assert!(verdict(7).is_ok());
    assert_eq!(verdict(8).unwrap_err().check, Check::Signature);
}
