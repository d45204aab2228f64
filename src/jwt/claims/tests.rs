//! Claims of every wrong type.

use serde_json::json;

use super::*;

fn read(value: Value) -> Result<Claims, ClaimError> {
    let Value::Object(all) = value else {
        panic!("not an object")
    };
    Claims::read(all)
}

#[test]
fn a_date_of_the_wrong_type_is_an_error_and_never_absent() {
    for name in ["exp", "nbf", "iat", "auth_time"] {
        for wrong in [
            json!("never"),
            json!("1700000000"),
            json!(null),
            json!(-1),
            json!(1.5),
            json!(1e20),
            json!(u64::MAX),
            json!(LAST_DATE + 1),
            json!(true),
            json!([1]),
            json!({}),
        ] {
            let error = read(json!({ name: wrong.clone() })).unwrap_err();
            assert_eq!(error.claim(), name, "{wrong}");
        }
    }
    let claims = read(json!({"exp": 1_700_000_000.0, "iat": 0})).unwrap();
    assert_eq!(claims.exp, Some(Timestamp(1_700_000_000)));
    assert_eq!(claims.iat, Some(Timestamp(0)));
    assert_eq!(claims.nbf, None);
}

#[test]
fn an_audience_is_one_text_or_several() {
    assert_eq!(read(json!({"aud": "a"})).unwrap().aud, ["a"]);
    assert_eq!(read(json!({"aud": ["a", "b"]})).unwrap().aud, ["a", "b"]);
    for wrong in [json!(null), json!([]), json!([1]), json!({}), json!(7)] {
        assert!(read(json!({ "aud": wrong })).is_err());
    }
}

#[test]
fn a_text_claim_of_another_type_is_an_error() {
    for name in [
        "iss", "sub", "azp", "nonce", "acr", "at_hash", "c_hash", "sid", "jti",
    ] {
        for wrong in [json!(null), json!(1), json!([]), json!(["x"])] {
            assert_eq!(
                read(json!({ name: wrong })).unwrap_err(),
                ClaimError::NotText(name)
            );
        }
    }
}

#[test]
fn claims_survive_being_stored() {
    let claims = read(json!({"iss": "https://a", "groups": ["x"], "exp": 5})).unwrap();

    let stored = serde_json::to_string(&claims).unwrap();

    assert_eq!(serde_json::from_str::<Claims>(&stored).unwrap(), claims);
    assert_eq!(claims.claim("groups"), Some(&json!(["x"])));
}

#[test]
fn an_account_is_labelled_by_what_its_owner_signs_in_with() {
    let label = |value| read(value).unwrap().label().to_owned();

    assert_eq!(
        label(json!({"sub": "7", "email": "j@x", "preferred_username": "jane"})),
        "jane"
    );
    assert_eq!(
        label(json!({"sub": "7", "email": "j@x", "preferred_username": " "})),
        "j@x"
    );
    assert_eq!(label(json!({"sub": "7", "name": 5})), "7");
    assert_eq!(label(json!({})), "");
}
