//! Every row is fit for people, every code of the references has one, and whatever is pasted is read
//! without being repeated.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn codes(text: &str) -> Vec<String> {
    read(text)
        .findings
        .iter()
        .map(|finding| match finding {
            Finding::Known(row) => row.code.to_string(),
            Finding::UnknownName(name) => format!("?{name}"),
            Finding::UnknownNumber(number) => format!("?{number}"),
        })
        .collect()
}

fn shown(text: &str) -> String {
    let reading = read(text);
    let page = Page {
        reading: &reading,
        about: &About::default(),
        before: &[],
        columns: None,
    };
    super::text(&page) + &json(&page)
}

#[test]
fn every_row_is_one_sentence_with_somebody_who_can_fix_it_and_something_not_to_try() {
    for row in rows() {
        let code = row.code;
        for text in [row.meaning, row.avoid] {
            assert!((15..=240).contains(&text.len()), "{code}: {text}");
            assert!(
                !text.contains(". ") && !text.ends_with('.'),
                "{code}: {text}"
            );
            assert!(
                !text.contains("  ") && text.trim() == text,
                "{code}: {text}"
            );
            assert!(text.is_ascii() || text.contains('…'), "{code}: {text}");
        }
        assert!(!row.avoid.starts_with("do not"), "{code}");
        assert!(!row.fixers.is_empty() && row.fixers.len() <= 3, "{code}");
    }
}

#[test]
fn no_code_has_two_rows() {
    let mut seen = BTreeSet::new();
    for row in rows() {
        assert!(seen.insert(format!("{:?}", row.code)), "{}", row.code);
    }
}

#[test]
fn every_number_of_the_reference_has_a_row() {
    let listed = include_str!("../../tests/fixtures/explain/entra.txt");
    let listed = listed.lines().filter(|line| !line.starts_with('#'));
    let missing: Vec<&str> = listed
        .flat_map(str::split_whitespace)
        .filter(|code| number(code.parse().unwrap()).is_none())
        .collect();

    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_word_of_the_standards_has_a_row() {
    let listed = include_str!("../../tests/fixtures/explain/oauth.txt");
    let listed = listed.lines().filter(|line| !line.starts_with('#'));
    let missing: Vec<&str> = listed
        .flat_map(str::split_whitespace)
        .filter(|word| name(word).or_else(|| suberror(word)).is_none())
        .collect();

    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_code_of_aws_has_a_row_and_is_found_wherever_it_stands() {
    let listed = include_str!("../../tests/fixtures/explain/aws.txt");
    let listed = listed.lines().filter(|line| !line.starts_with('#'));
    for code in listed.flat_map(str::split_whitespace) {
        assert_eq!(codes(code), [code]);
        assert_eq!(codes(&code.to_lowercase()), [code]);
    }
    let said = "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity \
                operation: Throttling is not meant";
    assert_eq!(codes(said), ["InvalidIdentityToken"]);
    let xml = "<Error><Type>Sender</Type><Code>ExpiredToken</Code></Error>";
    assert_eq!(codes(xml), ["ExpiredTokenException"]);
    assert_eq!(
        codes("InvalidIdentityTokenException"),
        ["InvalidIdentityToken"]
    );
}

#[test]
fn a_code_is_found_in_whatever_shape_it_is_given() {
    for text in [
        "AADSTS50076",
        "aadsts50076:",
        "50076",
        " 50076\n",
        "error AADSTS50076: Due to a configuration change",
        "https://login.microsoftonline.com/error?code=50076",
        "{'error_codes': [50076], 'x': None}",
        r#"{"error_codes":["50076"],"error":""}"#,
    ] {
        assert_eq!(codes(text).first().unwrap(), "AADSTS50076", "{text}");
    }
    assert_eq!(codes("50076, AADSTS65001"), ["AADSTS65001", "AADSTS50076"]);
    for text in [
        "",
        "hello",
        "the year 2026 was 50076 long",
        "error_codes",
        "{",
        "AADSTS",
        "=",
    ] {
        assert_eq!(codes(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn the_most_specific_comes_first_and_members_before_texts() {
    let whole = r#"line 1 {"a": {"error":"invalid_grant","error_description":"AADSTS65001: x AADSTS99999.\r\nTrace ID: 0a-1\r\nCorrelation ID: 7b-2\r\nTimestamp: 2026-11-23 12:00:00Z",
        "error_codes":[50076],"suberror":"consent_required"}} later"#;

    assert_eq!(
        codes(whole),
        [
            "AADSTS50076",
            "AADSTS65001",
            "consent_required",
            "invalid_grant",
            "?99999"
        ]
    );
    let reading = read(whole);
    assert_eq!(reading.trace_id.as_deref(), Some("0a-1"));
    assert_eq!(reading.correlation_id.as_deref(), Some("7b-2"));
    assert_eq!(reading.timestamp.as_deref(), Some("2026-11-23 12:00:00Z"));
}

#[test]
fn a_redirect_is_read_in_its_query_and_in_its_fragment() {
    for mark in ['?', '#'] {
        let address = format!(
            "http://localhost:1234/{mark}error=access_denied&error_subcode=cancel&state=abc\
             &error_description=AADSTS65004%3a+User+declined%0d%0aTrace+ID%3a+0a-1"
        );
        assert_eq!(codes(&address), ["AADSTS65004", "access_denied"]);
        assert_eq!(read(&address).trace_id.as_deref(), Some("0a-1"));
    }
    assert_eq!(codes("error=weird_thing&state=x"), ["?weird_thing"]);
}

#[test]
fn a_challenge_is_read_with_its_name_or_without_and_so_is_each_of_several() {
    // Without padding, as APIs write it.
    let claims = "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiYzEifX19";
    let one = format!(r#"Bearer realm="", error="insufficient_claims", claims="{claims}""#);
    let several = format!(
        "< HTTP/1.1 401\n< WWW-Authenticate: DPoP error=\"use_dpop_nonce\"\n< www-authenticate: {one}"
    );

    assert_eq!(codes(&one), ["insufficient_claims"]);
    assert_eq!(
        codes(&format!("WWW-Authenticate: {one}")),
        ["insufficient_claims"]
    );
    assert_eq!(codes(&several), ["use_dpop_nonce", "insufficient_claims"]);
    let remarks = read(&several).remarks;
    assert_eq!(remarks, ["the API demands the authentication context `c1`"]);
    let bare = format!(r#"Bearer claims="{claims}""#);
    assert_eq!(codes(&bare), ["insufficient_claims"]);
    let deep = "e".repeat(20_000);
    let too_long = format!(r#"Bearer error="insufficient_claims", claims="{deep}""#);
    assert!(read(&too_long).remarks[0].contains("cannot be used"));
}

#[test]
fn an_assertion_at_the_wrong_time_tells_by_how_much() {
    let at = |now: &str| {
        let text = format!(
            "AADSTS700024: Client assertion is not within its valid time range. Current time: \
             {now}, assertion valid from 2026-11-23T12:00:00.0000000Z, expiry time of assertion \
             2026-11-23T12:10:00.0000000Z."
        );
        read(&text).remarks
    };

    assert!(at("2026-11-23T11:58:20.5Z")[0].contains("begins in 100 s"));
    assert!(at("2026-11-23T12:11:00.0000000Z")[0].contains("ended 60 s ago"));
    assert!(at("2026-11-23T12:05:00Z").is_empty());
}

#[test]
fn what_is_not_known_is_said_to_be_unknown_with_where_to_look() {
    let said = shown("AADSTS7654321: no.\r\nTrace ID: 0a-1\r\nTimestamp: 2026-11-23 12:00:00Z");

    for words in [
        "keyfob does not know this number",
        "https://login.microsoftonline.com/error?code=7654321",
        "0a-1",
        "2026-11-23 12:00:00Z",
    ] {
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn a_secret_that_was_pasted_along_is_not_repeated() {
    const SECRET: &str = "s3cr3tQ~value.of-a_client";
    for text in [
        format!("AADSTS7000215 client_secret={SECRET}"),
        format!(r#"{{"error":"invalid_client","trace_id":"{SECRET}","access_token":"{SECRET}"}}"#),
        format!(r#"{{"error":"{SECRET}","error_codes":[50076]}}"#),
        format!("http://localhost/?error=invalid_grant&code={SECRET}&error_description={SECRET}"),
        format!(r#"Bearer error="invalid_token", error_description="{SECRET}", x="{SECRET}""#),
        format!(r#"Bearer error="{SECRET}", claims="{SECRET}", realm="x", y="AADSTS50076""#),
        format!("AADSTS50076 Trace ID: {SECRET} Correlation ID: {SECRET} Timestamp: {SECRET}"),
    ] {
        assert!(!read(&text).is_empty(), "{text}");
        assert!(!shown(&text).contains("cr3t"), "{}", shown(&text));
    }
}

#[test]
fn what_is_kept_of_a_description_has_no_word_that_could_be_a_token() {
    let token = format!("eyJ{}.x_y-z", "a1B".repeat(20));

    let masked = masked(&format!(
        "AADSTS50013: assertion '{token}' at https://a.example: no"
    ));

    assert_eq!(
        masked,
        "AADSTS50013: assertion '[hidden]' at https://a.example: no"
    );
}

#[test]
fn a_row_is_filled_in_with_what_needs_no_quotes() {
    let about = About {
        profile: Some(ProfileName::parse("work").unwrap()),
        issuer: Some(Issuer::parse("https://login.microsoftonline.com/abc/v2.0").unwrap()),
        client_id: Some(ClientId::parse("a;rm").unwrap()),
    };

    assert_eq!(
        about.fill("{profile} {tenant} {client}"),
        "work abc CLIENT_ID"
    );
    assert_eq!(
        About::default().fill("{profile} {tenant} {client} {login}"),
        "PROFILE TENANT CLIENT_ID login.microsoftonline.com"
    );
    let china = About {
        issuer: Some(Issuer::parse("https://login.partner.microsoftonline.cn/abc/v2.0").unwrap()),
        ..About::default()
    };
    assert_eq!(
        china.fill("{login}/{tenant}"),
        "login.partner.microsoftonline.cn/abc"
    );
}

#[test]
fn an_error_is_explained_by_its_number_before_its_word() {
    let refused = |error: &str, codes: &[u32]| Refused {
        error: error.into(),
        error_codes: codes.to_vec(),
        ..Refused::default()
    };
    let explained = |refused| aside(&refused, &About::default());

    let known = explained(refused("invalid_grant", &[53003])).unwrap();
    assert!(known.is_specific && known.means.contains("conditional access"));
    let class = explained(refused("invalid_grant", &[7_654_321])).unwrap();
    assert!(!class.is_specific && class.means.contains("does not know AADSTS7654321"));
    assert_eq!(explained(refused("weird", &[])), None);
}

#[test]
fn a_page_is_broken_between_words_and_a_command_never() {
    let reading = read("AADSTS700024 AADSTS50078");
    let page = |columns| {
        let about = About::default();
        text(&Page {
            reading: &reading,
            about: &about,
            before: &[("at", "2026".into())],
            columns,
        })
    };

    let narrow = page(Some(60));

    assert!(
        narrow.lines().all(|line| line.chars().count() <= 60),
        "{narrow}"
    );
    assert!(narrow.contains("\n                "), "{narrow}");
    assert!(narrow.contains("`keyfob inspect -`"), "{narrow}");
    let joined = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(joined(&narrow), joined(&page(None)));
    assert!(
        page(None).starts_with("at:             2026\n\nThe most"),
        "{narrow}"
    );
    assert!(page(Some(5)).contains("retry the refresh: only a new second factor helps\n"));
}

proptest! {
    #[test]
    fn whatever_is_pasted_the_answer_drives_no_terminal(
        text in r#"(AADSTS[0-9]{3,10}|error=|\{"error":"|invalid_grant|Bearer |claims="|"|[?#&]|\PC|[\x00-\x1f]){0,40}"#,
    ) {
        let said = shown(&text);
        prop_assert!(!said.chars().any(|c| c.is_control() && c != '\n'));
        prop_assert!(read(&text).findings.len() <= 16);
    }
}
