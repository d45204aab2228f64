//! Keys that must not be used, and the standards' signatures.

use super::*;
use crate::jwt::KeySet;
use crate::jwt::testing::{SIGNERS, encode, key_set, signer};

fn object(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

/// A P-256 key with one member changed; `null` removes it.
fn refused(change: &Value) -> KeyRefusal {
    let mut jwk = object(signer(Algorithm::Es256).jwk.clone());
    for (name, value) in change.as_object().unwrap() {
        if value.is_null() {
            jwk.remove(name);
        } else {
            jwk.insert(name.clone(), value.clone());
        }
    }
    Key::read(&jwk).unwrap_err()
}

#[test]
fn a_key_that_must_not_verify_is_never_made() {
    let not_for_us = KeyRefusal::NotForSignatures;
    let other = |name: &str| KeyRefusal::ForAnotherAlgorithm(name.into());

    assert_eq!(refused(&json!({"use": "enc"})), not_for_us);
    assert_eq!(refused(&json!({"use": "SIG"})), not_for_us);
    assert_eq!(refused(&json!({"key_ops": ["sign"]})), not_for_us);
    assert_eq!(refused(&json!({"key_ops": []})), not_for_us);
    assert_eq!(
        refused(&json!({"use": "sig", "key_ops": ["encrypt"]})),
        not_for_us
    );
    assert_eq!(
        refused(&json!({"key_ops": "verify"})),
        KeyRefusal::Member("key_ops")
    );
    for name in ["ES384", "RS256", "EdDSA", "HS256", "none", "RSA-OAEP", ""] {
        assert_eq!(refused(&json!({ "alg": name })), other(name));
    }
    assert_eq!(refused(&json!({"d": "AA"})), KeyRefusal::Private);
    assert_eq!(
        refused(&json!({"kty": "oct", "k": "AA"})),
        KeyRefusal::Symmetric
    );
    assert_eq!(
        refused(&json!({"kty": "XYZ"})),
        KeyRefusal::Type("XYZ".into())
    );
    assert_eq!(refused(&json!({"kid": 7})), KeyRefusal::Member("kid"));
    assert_eq!(
        refused(&json!({"crv": "secp256k1"})),
        KeyRefusal::Curve("secp256k1".into())
    );
    assert_eq!(refused(&json!({"crv": "P-384"})), KeyRefusal::Member("x"));
    assert_eq!(refused(&json!({"y": "AA"})), KeyRefusal::Member("y"));
    assert_eq!(refused(&json!({"x": null})), KeyRefusal::Member("x"));
}

#[test]
fn an_rsa_key_has_2048_to_8192_bits_and_an_odd_exponent() {
    let read = |n: &[u8], e: &[u8]| {
        let jwk = json!({"kty": "RSA", "n": encode(n), "e": encode(e)});
        Key::read(&object(jwk)).map(|_| ())
    };
    let three = &[1, 0, 1];

    assert_eq!(read(&[0xff; 128], three), Err(KeyRefusal::RsaBits(1024)));
    assert_eq!(read(&[0x7f; 256], three), Err(KeyRefusal::RsaBits(2047)));
    assert_eq!(
        read(&[vec![0; 128], vec![0xff; 128]].concat(), three),
        Err(KeyRefusal::RsaBits(1024))
    );
    assert_eq!(read(&[0xff; 1025], three), Err(KeyRefusal::RsaBits(8200)));
    assert_eq!(read(&[], three), Err(KeyRefusal::RsaBits(0)));
    assert!(read(&[0xff; 256], three).is_ok());
    assert!(read(&[vec![0], vec![0xff; 256]].concat(), three).is_ok());
    for weak in [&[][..], &[1], &[0, 1], &[2], &[1, 0]] {
        assert_eq!(read(&[0xff; 256], weak), Err(KeyRefusal::Member("e")));
    }
}

#[test]
fn a_set_keeps_what_it_can_use_and_the_reasons_for_the_rest() {
    let good = signer(Algorithm::EdDsa).jwk.clone();
    let set = key_set(&[
        json!({"kty": "oct", "kid": "s", "k": "AA"}),
        json!({"kty": "AKP", "alg": "ML-DSA-44", "kid": "pq"}),
        json!("not a key"),
        good,
    ]);

    assert_eq!(set.keys().len(), 1);
    let reasons: Vec<String> = set
        .skipped()
        .iter()
        .map(|key| format!("{}: {}", key.kid.as_deref().unwrap_or("-"), key.why))
        .collect();
    assert_eq!(
        reasons,
        [
            "s: it is symmetric",
            "pq: its type `AKP` is not known",
            "-: its `kty` is missing or malformed"
        ]
    );
}

#[test]
fn a_document_that_is_no_key_set_is_refused() {
    for text in [
        "",
        "[]",
        "{}",
        r#"{"keys":{}}"#,
        "<html>",
        r#"{"keys":[],"keys":[]}"#,
    ] {
        assert!(KeySet::parse(text.as_bytes()).is_err(), "{text}");
    }
    assert!(KeySet::parse(br#"{"keys":[]}"#).unwrap().keys().is_empty());
}

#[test]
fn a_key_is_written_as_it_was_read() {
    for signer in SIGNERS.iter() {
        let key = Key::read(&object(signer.jwk.clone())).unwrap();
        let written = serde_json::to_value(&key).unwrap();

        let again: Key = serde_json::from_value(written).unwrap();

        assert!(again.is_same_as(&key));
        assert_eq!(again.kid(), key.kid());
    }
}

#[test]
fn the_signatures_of_the_standards_hold() {
    // RFC 8037 appendix A.4 (Ed25519).
    let key = object(json!({"kty": "OKP", "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}));
    let input = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt\
                     9g7sVvpAr_MuM0KAg";
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
    let key = Key::read(&key).unwrap();
    assert!(key.signed(Algorithm::EdDsa, input, &signature));

    // RFC 7515 appendix A.3 (P-256).
    let key = object(json!({"kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}));
    let input = b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6\
        Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA\
                     pmWQxfKTUJqPP3-Kg6NU1Q";
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
    let key = Key::read(&key).unwrap();
    assert!(key.signed(Algorithm::Es256, input, &signature));
    assert!(!key.signed(Algorithm::Es384, input, &signature));

    // RFC 7515 appendix A.4 (P-521).
    let key = object(json!({"kty": "EC", "crv": "P-521",
        "x": "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk",
        "y": "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"}));
    let signature = "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB\
                     34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrm\
                     xYbSW9ERBXukOXolLzeO_Jn";
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
    let key = Key::read(&key).unwrap();
    assert!(key.signed(
        Algorithm::Es512,
        b"eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA",
        &signature
    ));
}

#[test]
fn a_key_that_the_trait_makes_from_a_secret_verifies_nothing() {
    let key = Key::new_symmetric(b"secret".to_vec());

    for algorithm in Algorithm::ALL {
        assert!(key.verify_signature(algorithm, b"", b"").is_err());
    }
}
