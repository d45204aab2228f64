//! ID tokens that come with a refresh (OIDC Core §12.2).

use super::*;

#[test]
fn a_refreshed_token_is_about_the_same_sign_in() {
    let world = World::new();
    let original = with(&json!({"aud": ["keyfob-cli", "api"], "azp": "keyfob-cli",
        "auth_time": NOW - 100}));
    let original: Claims = serde_json::from_value(original).unwrap();
    let expect = Expect {
        nonce: None,
        issued_after: None,
        continues: Some(&original),
        ..world.expect()
    };
    let verdict = |changes: &Value| {
        let mut claims = json!({"aud": ["keyfob-cli", "api"], "azp": "keyfob-cli",
            "nonce": "-", "iat": NOW + 5});
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        verify_claims(&with(&claims), &expect).map_err(|failure| failure.check)
    };

    for same in [
        json!({}),
        json!({"nonce": "n-1"}),
        json!({"auth_time": NOW - 100}),
        json!({"aud": ["keyfob-cli", "api", "more"]}),
    ] {
        assert!(verdict(&same).is_ok(), "{same}");
    }
    for changed in [
        json!({"sub": "john"}),
        json!({"nonce": "n-2"}),
        json!({"auth_time": NOW}),
        json!({"iat": NOW - 1}),
        json!({"aud": "keyfob-cli"}),
        json!({"aud": ["keyfob-cli", "other"]}),
    ] {
        assert_eq!(
            verdict(&changed).unwrap_err(),
            Check::Continuity,
            "{changed}"
        );
    }
    let issuer = verdict(&json!({"iss": "https://b.example"}));
    assert_eq!(issuer.unwrap_err(), Check::Issuer);
}

#[test]
fn an_authorized_party_neither_appears_nor_vanishes_on_refresh() {
    let world = World::new();
    for (before, after) in [("keyfob-cli", "-"), ("-", "keyfob-cli")] {
        let original: Claims = serde_json::from_value(with(&json!({ "azp": before }))).unwrap();
        let expect = Expect {
            continues: Some(&original),
            ..world.expect()
        };

        let failure = verify_claims(&with(&json!({ "azp": after })), &expect).unwrap_err();

        assert_eq!(failure.check, Check::Continuity);
    }
}
