//! Signatures and algorithms: swaps, forgeries, single bits.

use super::*;

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
