//! What is seen in a token, and what is said to be odd.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::jwt::testing::encode;

const NOW: Timestamp = Timestamp(1_790_000_000);

fn look(header: &Value, claims: &Value) -> Inspection {
    let token = format!(
        "{}.{}.c2ln",
        encode(header.to_string()),
        encode(claims.to_string())
    );
    inspect(&token, NOW)
}

fn plain(claims: &Value) -> Inspection {
    look(&json!({"alg": "RS256"}), claims)
}

#[test]
fn the_kind_is_guessed_from_what_tokens_really_hold() {
    let kind = |header: Value, claims: Value| look(&header, &claims).kind;
    let jwt = || json!({"alg": "RS256", "typ": "JWT"});

    assert_eq!(
        kind(json!({"alg": "RS256", "typ": "at+jwt"}), json!({})),
        Kind::AccessToken
    );
    assert_eq!(kind(jwt(), json!({"scp": "read"})), Kind::AccessToken);
    assert_eq!(
        kind(jwt(), json!({"typ": "Bearer", "nonce": "x"})),
        Kind::AccessToken
    );
    assert_eq!(kind(jwt(), json!({"typ": "Refresh"})), Kind::RefreshToken);
    assert_eq!(
        kind(jwt(), json!({"aud": "me", "nonce": "x"})),
        Kind::IdToken
    );
    assert_eq!(kind(jwt(), json!({"token_use": "id"})), Kind::IdToken);
    assert_eq!(
        kind(json!({"alg": "RS256", "typ": "logout+jwt"}), json!({})),
        Kind::LogoutToken
    );
    assert_eq!(kind(jwt(), json!({"a": 1})), Kind::SignedToken);
    assert_eq!(inspect("gho_abc", NOW).kind, Kind::Opaque);
    assert_eq!(inspect("", NOW).kind, Kind::Opaque);
    let encrypted = format!(
        "{}.a.b.c.d",
        encode(r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#)
    );
    assert_eq!(inspect(&encrypted, NOW).kind, Kind::Encrypted);
}

#[test]
fn claims_come_in_the_order_people_want_and_dates_in_the_order_of_time() {
    let seen = plain(&json!({"zoo": 1, "sub": "s", "iss": "i", "exp": NOW.0 + 60,
        "iat": NOW.0, "auth_time": NOW.0 - 60}));

    let names: Vec<&str> = seen
        .claims
        .iter()
        .map(|claim| claim.name.as_str())
        .collect();
    let dates: Vec<&str> = seen.timeline.iter().map(|moment| moment.claim).collect();
    assert_eq!(names, ["iss", "sub", "exp", "iat", "auth_time", "zoo"]);
    assert_eq!(dates, ["auth_time", "iat", "exp"]);
    assert_eq!(seen.claims[0].meaning, Some("issuer: who made the token"));
    assert_eq!(seen.claims[5].meaning, None);
    assert!(seen.warnings.is_empty());
}

#[test]
fn what_is_odd_is_said() {
    let warned = |header: Value, claims: Value| -> Vec<String> {
        look(&header, &claims)
            .warnings
            .iter()
            .map(ToString::to_string)
            .collect()
    };
    let rs256 = || json!({"alg": "RS256"});
    let end = NOW.0 + 60;

    assert_eq!(
        warned(rs256(), json!({"exp": NOW.0 - 120})),
        ["it expired 2 min ago"]
    );
    assert_eq!(
        warned(rs256(), json!({})),
        ["it never expires (`exp` is missing)"]
    );
    assert_eq!(
        warned(json!({"alg": "none"}), json!({"exp": end})),
        ["`alg` is `none`, which proves nothing about who made it"]
    );
    assert_eq!(
        warned(
            json!({"alg": "RS256", "jku": "https://evil"}),
            json!({"exp": end})
        ),
        ["its header brings a key of its own (`jku`), ignored here"]
    );
    assert_eq!(
        warned(rs256(), json!({"exp": "never"})),
        ["nothing should accept it: `exp` must be a number of seconds since 1970"]
    );
    assert_eq!(
        warned(rs256(), json!({"exp": end, "hasgroups": true})),
        ["the account is in too many groups to list them in a token"]
    );
    assert_eq!(
        warned(
            rs256(),
            json!({"exp": NOW.0 + 3 * 86400, "nbf": NOW.0 + 3600})
        )
        .len(),
        2
    );
}

#[test]
fn a_repeated_name_is_shown_with_a_warning() {
    let token = format!(
        "{}.{}.",
        encode(r#"{"alg":"RS256"}"#),
        encode(r#"{"sub":"a","sub":"b"}"#)
    );

    let seen = inspect(&token, NOW);

    assert_eq!(seen.claims[0].value, json!("b"));
    assert!(matches!(seen.warnings[0], Warning::Malformed(_)));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(.|\\.)*", now in any::<i64>()) {
        inspect(&text, Timestamp(now));
    }

    #[test]
    fn no_claims_make_it_panic(name in "[a-z]{3}|exp|iat|nbf", date in any::<f64>()) {
        plain(&json!({ name: date }));
    }
}
