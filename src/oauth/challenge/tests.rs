//! What APIs answer, and what is made of it.

use proptest::prelude::*;

use super::*;

const CLAIMS: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;
const ENCODED: &str =
    "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTYwNDEwNjY1MSJ9fX0=";

fn claims(text: &str) -> String {
    let demand = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    demand.claims.unwrap().as_str().to_owned()
}

#[test]
fn entras_header_is_read_with_its_name_or_without_and_among_other_schemes() {
    let bearer = format!(
        r#"Bearer realm="", authorization_uri="https://evil.example/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="{ENCODED}""#
    );
    for text in [
        bearer.clone(),
        format!("WWW-Authenticate: {bearer}"),
        format!("HTTP/1.1 401 Unauthorized\r\ndate: x\r\nwww-authenticate: {bearer}\r\n\r\n"),
        format!(r#"Basic realm="a, b=\"c\"", {bearer}"#),
        format!("Negotiate YIIBzA==, {bearer}"),
        format!("Negotiate, NTLM , ,{bearer}"),
        format!("{bearer}, DPoP algs=\"ES256\""),
        format!(r#"Bearer error="invalid_token", {bearer}"#),
        format!("WWW-Authenticate: Bearer realm=\"x\"\nWWW-Authenticate: {bearer}"),
        format!("bearer error=insufficient_claims,claims={ENCODED}"),
    ] {
        assert_eq!(claims(&text), CLAIMS, "{text}");
    }
}

#[test]
fn claims_alone_are_read_in_either_alphabet_with_padding_or_without_or_as_json() {
    let odd = r#"{"access_token":{"acrs":{"value":"c1~~~???>>>"}}}"#;
    let standard = base64::prelude::BASE64_STANDARD.encode(odd);
    let url = base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(odd);

    assert!(standard.contains('/') && url.contains('_'));
    for text in [&standard, &url, odd, standard.trim_end_matches('=')] {
        assert_eq!(claims(text), odd);
    }
    assert_eq!(claims(&format!("  {ENCODED}\n")), CLAIMS);
    assert_eq!(claims(ENCODED.trim_end_matches('=')), CLAIMS);
    let (first, second) = ENCODED.split_at(40);
    let folded = format!("{first}\r\n{second}");
    assert_eq!(claims(&folded), CLAIMS);
}

#[test]
fn another_kind_of_sign_in_is_demanded_as_rfc_9470_has_it() {
    let header = r#"Bearer error="insufficient_user_authentication", error_description="no", acr_values="gold silver", max_age="5""#;

    let demand = parse(header).unwrap();

    assert_eq!(demand.claims, None);
    assert_eq!(demand.acr_values.unwrap().as_str(), "gold silver");
    assert_eq!(demand.max_age, Some(5));
    // The same words beside another error demand nothing.
    let other = header.replace("insufficient_user_authentication", "invalid_token");
    assert_eq!(
        parse(&other),
        Err(ChallengeError::NoDemand(Some("invalid_token".into())))
    );
}

#[test]
fn what_demands_nothing_is_told_for_what_it_is() {
    let refused = |text: &str| parse(text).unwrap_err();
    let encoded = |json: &str| base64::prelude::BASE64_STANDARD.encode(json);
    let deep = format!("{}1{}", "{\"a\":".repeat(9), "}".repeat(9));
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(9000));

    for text in [
        "",
        "\n",
        "Negotiate",
        "hello",
        "a b c = \"",
        "=",
        ",",
        "é",
        "Bearer claims=\"e",
    ] {
        let error = refused(text);
        let is_said = matches!(
            error,
            ChallengeError::Nothing | ChallengeError::NotBearer(_)
        );
        assert!(is_said, "{text:?}: {error}");
    }
    assert_eq!(
        refused("Basic realm=\"x\""),
        ChallengeError::NotBearer("Basic".into())
    );
    assert_eq!(refused("Bearer"), ChallengeError::NoDemand(None));
    assert_eq!(
        refused("Bearer claims=\"\""),
        ChallengeError::NoDemand(None)
    );
    assert_eq!(refused(&deep), ChallengeError::Claims(ClaimsError::TooDeep));
    assert_eq!(
        refused(&encoded(&deep)),
        ChallengeError::Claims(ClaimsError::TooDeep)
    );
    assert_eq!(
        refused(&encoded(&long)),
        ChallengeError::Claims(ClaimsError::TooLong)
    );
    let list = format!("Bearer claims=\"{}\"", encoded("[]"));
    assert!(matches!(
        refused(&list),
        ChallengeError::Claims(ClaimsError::NotAnObject(_))
    ));
    assert!(matches!(
        refused("Bearer claims=\"***\""),
        ChallengeError::Claims(_)
    ));
    assert_eq!(refused(&"x".repeat(LONGEST + 1)), ChallengeError::TooLong);
}

proptest! {
    #[test]
    fn whatever_an_api_says_it_is_read_or_refused_with_tame_words(
        text in r#"(Bearer|Basic|claims|error|=|,| |"|\\|\{\}|e30=|acr_values|insufficient_user_authentication|\x1b|é|[a-z]{1,3}|\r\n){0,12}"#,
    ) {
        match parse(&text) {
            Ok(demand) => prop_assert!(!demand.to_string().contains(char::is_control)),
            Err(error) => prop_assert!(!error.to_string().contains(char::is_control)),
        }
    }
}
