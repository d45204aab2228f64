//! Strict reading: spellings, parts, headers.

use proptest::prelude::*;

use super::*;
use crate::jwt::testing::encode;
use crate::jwt::{Algorithm, Key};

const HEADER: &str = r#"{"alg":"RS256"}"#;

fn parse(header: &str, claims: &str) -> Result<Unverified, CompactError> {
    Unverified::parse(&format!("{}.{}.c2ln", encode(header), encode(claims)))
}

/// RFC 7515 appendix A.2.
const RFC_7515: &str = concat!(
    "eyJhbGciOiJSUzI1NiJ9.",
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt",
    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.",
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7",
    "AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4",
    "BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K",
    "0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv",
    "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrB",
    "p0igcN_IoypGlUPQGe77Rw",
);

#[test]
fn the_example_of_the_standard_is_read() {
    let token = Unverified::parse(RFC_7515).unwrap();

    assert_eq!(token.header().alg, "RS256");
    assert_eq!(token.claims().iss.as_deref(), Some("joe"));
    assert_eq!(token.claims().exp.unwrap().0, 1_300_819_380);
    let key = Key::read(
        &strict_object(
            br#"{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}"#,
        )
        .unwrap(),
    );
    let signature = token.signature();
    assert!(
        key.unwrap()
            .signed(Algorithm::Rs256, token.signing_input(), signature)
    );
}

#[test]
fn debug_shows_neither_the_signature_nor_what_was_signed() {
    let (input, signature) = RFC_7515.rsplit_once('.').unwrap();

    let shown = format!("{:?}", Unverified::parse(RFC_7515).unwrap());

    assert!(
        !shown.contains(input) && !shown.contains(signature),
        "{shown}"
    );
    assert!(!shown.contains("signature"), "{shown}");
}

#[test]
fn a_token_has_exactly_one_spelling() {
    let good = format!("{}.{}.{}", encode(HEADER), encode("{}"), encode("x"));
    assert!(Unverified::parse(&good).is_ok());

    for bad in [
        format!("{good}="),
        format!("{good}\n"),
        format!(" {good}"),
        good.replace('.', " ."),
        good.replacen("eyJ", "e\nyJ", 1),
        good.replace("eA", "eB"),
        good.replace("e30", "e30="),
        good.replace("e30", "e3+"),
        good.replace("e30", "e3/"),
    ] {
        let refused = Unverified::parse(&bad).unwrap_err();
        assert!(matches!(refused, CompactError::Base64(_)), "{bad:?}");
    }
}

#[test]
fn only_three_parts_are_a_signed_token() {
    let refused = |text: &str| Unverified::parse(text).unwrap_err();

    assert_eq!(refused(""), CompactError::Parts(1));
    assert_eq!(refused("a.b"), CompactError::Parts(2));
    assert_eq!(refused("a.b.c.d"), CompactError::Parts(4));
    assert_eq!(refused("a.b.c.d.e"), CompactError::Encrypted);
    assert_eq!(refused("a.b.c.d.e.f"), CompactError::Parts(6));
    assert_eq!(refused(&"a".repeat(65 * 1024)), CompactError::TooLong);
}

#[test]
fn extensions_that_change_the_meaning_are_refused() {
    let refused = |header: &str| parse(header, "{}").unwrap_err();

    assert!(matches!(
        refused(r#"{"alg":"RS256","crit":["exp"],"exp":1}"#),
        CompactError::Critical(_)
    ));
    assert!(matches!(
        refused(r#"{"alg":"RS256","crit":[]}"#),
        CompactError::Critical(_)
    ));
    assert_eq!(
        refused(r#"{"alg":"RS256","b64":false}"#),
        CompactError::Unencoded
    );
    assert_eq!(
        refused(r#"{"alg":"RS256","b64":"x"}"#),
        CompactError::Unencoded
    );
    assert_eq!(
        refused(r#"{"alg":"RS256","cty":"JWT"}"#),
        CompactError::Nested
    );
}

#[test]
fn a_header_of_the_wrong_shape_is_refused() {
    let refused = |header: &str| parse(header, "{}").unwrap_err();

    assert_eq!(refused("{}"), CompactError::HeaderMember("alg"));
    assert_eq!(
        refused(r#"{"alg":null}"#),
        CompactError::HeaderMember("alg")
    );
    assert_eq!(
        refused(r#"{"alg":"RS256","kid":7}"#),
        CompactError::HeaderMember("kid")
    );
    let long = format!(r#"{{"alg":"RS256","kid":"{}"}}"#, "k".repeat(513));
    assert_eq!(refused(&long), CompactError::KidTooLong);
    assert!(matches!(
        refused(r#"{"alg":"RS256","alg":"none"}"#),
        CompactError::Json {
            part: Part::Header,
            error: JsonError::Duplicate(_)
        }
    ));
    assert!(matches!(
        parse(HEADER, r#"{"sub":"a","sub":"b"}"#).unwrap_err(),
        CompactError::Json {
            part: Part::Claims,
            error: JsonError::Duplicate(_)
        }
    ));
}

#[test]
fn a_key_that_the_header_brings_or_names_is_only_a_member() {
    let header = r#"{"alg":"RS256","jku":"https://evil.example/","x5u":"file:///etc/passwd",
        "jwk":{"kty":"oct"},"x5c":["AA"],"kid":"../../etc/passwd"}"#;

    let token = parse(header, "{}").unwrap();

    assert_eq!(token.header().kid.as_deref(), Some("../../etc/passwd"));
}

#[test]
fn no_message_drives_the_terminal() {
    let header = r#"{"alg":"RS256","crit":["\u001b[2J"],"\u009b":1}"#;

    let message = parse(header, "{}").unwrap_err().to_string();

    assert!(!message.contains(char::is_control), "{message:?}");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".*") {
        drop(Unverified::parse(&text));
    }

    #[test]
    fn no_bytes_in_the_parts_make_it_panic(a in any::<Vec<u8>>(), b in any::<Vec<u8>>()) {
        let token = format!("{}.{}.{}", encode(a), encode(HEADER), encode(b));
        drop(Unverified::parse(&token));
    }
}
