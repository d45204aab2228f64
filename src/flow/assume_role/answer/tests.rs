//! What AWS and its stand-ins answer, and what nobody should.

use super::*;
use crate::base::{Diagnostic as _, Exit, Hint};
use crate::flow::assume_role::Ground;

const EXPIRATION: &str = "2026-11-25T12:00:00Z";

/// As AWS writes it.
fn given(credentials: &str) -> String {
    format!(
        "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n\
         <AssumeRoleWithWebIdentityResult>\n\
         <SubjectFromWebIdentityToken>amara-1</SubjectFromWebIdentityToken>\n\
         <Audience>keyfob-cli</Audience>\n\
         <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/dev/me</Arn>\
         <AssumedRoleId>AROA1:me</AssumedRoleId></AssumedRoleUser>\n\
         <Credentials>{credentials}</Credentials>\n\
         <Provider>id.example.com</Provider>\n\
         </AssumeRoleWithWebIdentityResult>\n\
         <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>\n\
         </AssumeRoleWithWebIdentityResponse>"
    )
}

fn parts_but(name: &str, instead: &str) -> String {
    let all = [
        ("SessionToken", "tok/en+=="),
        ("SecretAccessKey", "se/cret+"),
        ("Expiration", EXPIRATION),
        ("AccessKeyId", "ASIA0123456789ABCDEF"),
    ];
    let part = |(part, value): (&str, &str)| {
        if part == name {
            instead.to_owned()
        } else {
            format!("<{part}>{value}</{part}>")
        }
    };
    all.map(part).concat()
}

fn whole() -> String {
    given(&parts_but("", ""))
}

fn refusal(status: u16, code: &str, message: &str) -> RoleError {
    let text = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>\
         <Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
         <RequestId>r-2</RequestId></ErrorResponse>"
    );
    read(status, text.as_bytes()).unwrap_err()
}

fn is_whole(credentials: &RoleCredentials) {
    assert_eq!(credentials.access_key_id, "ASIA0123456789ABCDEF");
    assert_eq!(credentials.secret_access_key.expose(), "se/cret+");
    assert_eq!(credentials.session_token.expose(), "tok/en+==");
    assert_eq!(credentials.expires, Timestamp(1_795_608_000));
    let seen = &credentials.seen;
    assert_eq!(seen.subject.as_deref(), Some("amara-1"));
    assert_eq!(seen.audience.as_deref(), Some("keyfob-cli"));
    assert_eq!(seen.provider.as_deref(), Some("id.example.com"));
    let arn = seen.assumed_role_arn.as_deref();
    assert_eq!(arn, Some("arn:aws:sts::123456789012:assumed-role/dev/me"));
}

#[test]
fn both_forms_bring_the_same_credentials() {
    let json = |expiration: &str| {
        format!(
            r#"{{"AssumeRoleWithWebIdentityResponse":{{"AssumeRoleWithWebIdentityResult":{{
            "AssumedRoleUser":{{"Arn":"arn:aws:sts::123456789012:assumed-role/dev/me","AssumedRoleId":"x"}},
            "Audience":"keyfob-cli","Provider":"id.example.com","PackedPolicySize":null,
            "SubjectFromWebIdentityToken":"amara-1","SourceIdentity":null,
            "Credentials":{{"AccessKeyId":"ASIA0123456789ABCDEF","SecretAccessKey":"se/cret+",
            "SessionToken":"tok/en+==","Expiration":{expiration}}}}},
            "ResponseMetadata":{{"RequestId":"r-1"}}}}}}"#
        )
    };

    is_whole(&read(200, whole().as_bytes()).unwrap());
    let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", whole());
    is_whole(&read(200, declared.as_bytes()).unwrap());
    let fraction = whole().replace(EXPIRATION, "2026-11-25T12:00:00.999Z");
    is_whole(&read(200, fraction.as_bytes()).unwrap());
    let spaced = whole().replace("tok/en+==", "\n  tok/en+==\n");
    is_whole(&read(200, spaced.as_bytes()).unwrap());
    for expiration in [
        "1795608000",
        "1.795608E9",
        "1795608000.5",
        "\"2026-11-25T12:00:00Z\"",
    ] {
        is_whole(&read(200, json(expiration).as_bytes()).unwrap());
    }
}

#[test]
fn a_stand_in_that_says_less_of_whom_it_saw_will_do() {
    let text = format!(
        "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>{}\
         </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>",
        parts_but("", "")
    );

    assert_eq!(read(200, text.as_bytes()).unwrap().seen, Seen::default());
}

#[test]
fn every_code_of_the_reference_has_its_ground_its_status_and_a_hint() {
    let explain = Some(Hint::Run("keyfob explain aws work/aws".into()));
    for (status, code, ground, exit) in [
        (
            400,
            "ExpiredTokenException",
            Ground::ExpiredToken,
            Exit::Refused,
        ),
        (400, "ExpiredToken", Ground::ExpiredToken, Exit::Refused),
        (
            400,
            "InvalidIdentityToken",
            Ground::InvalidToken,
            Exit::Refused,
        ),
        (
            400,
            "InvalidIdentityTokenException",
            Ground::InvalidToken,
            Exit::Refused,
        ),
        (
            403,
            "IDPRejectedClaim",
            Ground::Rejected,
            Exit::SignInNeeded,
        ),
        (
            400,
            "IDPCommunicationError",
            Ground::Busy,
            Exit::Unreachable,
        ),
        (403, "AccessDenied", Ground::AccessDenied, Exit::Refused),
        (400, "MalformedPolicyDocument", Ground::Input, Exit::Config),
        (400, "PackedPolicyTooLarge", Ground::Input, Exit::Config),
        (400, "ValidationError", Ground::Input, Exit::Config),
        (
            403,
            "RegionDisabledException",
            Ground::RegionOff,
            Exit::Config,
        ),
        (400, "Throttling", Ground::Busy, Exit::Unreachable),
        (503, "ServiceUnavailable", Ground::Busy, Exit::Unreachable),
        (400, "SomethingNew", Ground::Other, Exit::Refused),
    ] {
        let error = refusal(status, code, "No.");

        assert_eq!(error.ground(), Some(ground), "{code}");
        assert_eq!(error.exit(), exit, "{code}");
        assert_eq!(error.is_passing(), exit == Exit::Unreachable, "{code}");
        assert_eq!(error.refused().unwrap().error, code);
        let hint = error.hint_for("work", "work/aws");
        let is_unmatched = matches!(ground, Ground::AccessDenied | Ground::InvalidToken);
        assert_eq!(hint == explain, is_unmatched, "{code}: {hint:?}");
        assert_eq!(hint.is_none(), ground == Ground::Other, "{code}");
    }
}

#[test]
fn a_refusal_in_json_is_one_too() {
    let text = r#"{"Error":{"Code":"AccessDenied","Message":"Not authorized","Type":"Sender"},"RequestId":"r"}"#;

    let error = read(403, text.as_bytes()).unwrap_err();

    assert_eq!(error.ground(), Some(Ground::AccessDenied));
    assert_eq!(
        error.to_string(),
        "AWS refused: `AccessDenied`: Not authorized"
    );
}

#[test]
fn a_message_drives_no_terminal_and_shows_no_token() {
    let token = format!("eyJ{}.x", "a1B_".repeat(20));
    let message = format!("no &#x1b;[31m{token}\u{202e} \u{9b} here\nat all");
    let plain = format!("no \u{9b}31m {token}\u{202e} here\nat all");
    let in_json = serde_json::json!({ "Error": { "Code": "Odd\n", "Message": "\u{1b}[2J" } });

    // An escape is no character of XML, so the whole is refused.
    let refused = refusal(400, "AccessDenied", &message);
    assert!(
        matches!(refused, RoleError::Malformed { .. }),
        "{refused:?}"
    );
    for error in [
        refusal(400, "AccessDenied", &plain),
        read(400, in_json.to_string().as_bytes()).unwrap_err(),
    ] {
        let said = error.to_string();
        assert!(!said.chars().any(char::is_control), "{said:?}");
        assert!(
            !said.contains("eyJ") && !said.contains('\u{202e}'),
            "{said}"
        );
    }
}

fn is_refused(what: &str, status: u16, text: &str) {
    let error = read(status, text.as_bytes()).expect_err(what);

    let shown = format!("{error} {error:?}");
    assert!(
        matches!(error, RoleError::Malformed { .. }),
        "{what}: {shown}"
    );
    assert_eq!(error.exit(), Exit::Unreachable, "{what}");
    assert!(!shown.contains("SE"), "{what}: {shown}");
}

/// An answer with one part of the credentials written otherwise.
fn with(name: &str, value: &str) -> String {
    given(&parts_but(name, &format!("<{name}>{value}</{name}>")))
}

#[test]
fn what_is_no_whole_document_brings_no_credentials() {
    let cut = whole().chars().take(400).collect::<String>();
    let nearly = whole().trim_end_matches('>').to_owned();
    let other = whole().replace("WithWebIdentity", "");
    let none = given("").replace("<Credentials></Credentials>", "");
    for (what, text) in [
        ("empty", ""),
        ("blank", " \n"),
        ("cut short", &cut),
        ("cut at the end", &nearly),
        ("two roots", &(whole() + "<SECRETS/>")),
        ("very deep", &"<a>".repeat(300_000)),
        ("an HTML page", "<!doctype html><html>SECRETS</html>"),
        ("XHTML", "<html><body>SECRETS</body></html>"),
        ("text", "SECRETS"),
        ("another answer of STS", &other),
        ("no credentials", &none),
    ] {
        is_refused(what, 200, text);
    }
    is_refused("an error's status", 403, &whole());
    let nameless = "<ErrorResponse><Error><Message>SECRETS</Message></Error></ErrorResponse>";
    is_refused("an error without a code", 400, nameless);
    let bytes = read(200, b"<a>\xff</a>").unwrap_err();
    assert!(matches!(bytes, RoleError::Malformed { .. }));
}

#[test]
fn no_entity_is_expanded_and_no_file_is_read() {
    let many = "<!DOCTYPE a [<!ENTITY x \"SECRETS\"><!ENTITY y \"&x;&x;&x;&x;&x;\">]>";
    let external = "<!DOCTYPE a [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>";
    let expanded = with("AccessKeyId", "&y;");

    is_refused("a DTD", 200, &format!("{many}{}", whole()));
    is_refused("many entities", 200, &format!("{many}{expanded}"));
    is_refused("a file", 200, &format!("{external}{expanded}"));
    is_refused("an unknown entity", 200, &expanded);
}

#[test]
fn a_part_that_is_none_spoils_the_whole() {
    let missing = |name| given(&parts_but(name, ""));
    let twice = "<AccessKeyId>SECRETS</AccessKeyId>".repeat(2);
    let parts = "<a/>".repeat(MOST_NODES as usize);
    let long = "x".repeat(LONGEST_PART + 1);
    for (what, text) in [
        ("a thousand parts", given(&parts_but("AccessKeyId", &parts))),
        ("no key id", missing("AccessKeyId")),
        ("no secret", missing("SecretAccessKey")),
        ("no token", missing("SessionToken")),
        ("no end", missing("Expiration")),
        ("an empty secret", with("SecretAccessKey", "")),
        ("a space in a token", with("SessionToken", "SE CRETS")),
        ("a line feed in a token", with("SessionToken", "SE\nCRETS")),
        ("markup in a token", with("SessionToken", "SE<b/>CRETS")),
        ("a token without end", with("SessionToken", &long)),
        ("an end that is no time", with("Expiration", "never")),
        (
            "an end before time",
            with("Expiration", "1960-01-01T00:00:00Z"),
        ),
        (
            "the same part twice",
            given(&parts_but("AccessKeyId", &twice)),
        ),
    ] {
        is_refused(what, 200, &text);
    }
}

#[test]
fn json_of_other_types_brings_no_credentials() {
    let json = |keys: &str| {
        let result = format!(r#"{{"AssumeRoleWithWebIdentityResult":{{"Credentials":{keys}}}}}"#);
        format!(r#"{{"AssumeRoleWithWebIdentityResponse":{result}}}"#)
    };
    let rest = r#""SecretAccessKey":"SECRETS","SessionToken":"t""#;
    for (what, text) in [
        (
            "a number",
            json(&format!(
                r#"{{"AccessKeyId":7,{rest},"Expiration":1795608000}}"#
            )),
        ),
        (
            "no end",
            json(&format!(
                r#"{{"AccessKeyId":"A",{rest},"Expiration":null}}"#
            )),
        ),
        (
            "an end before time",
            json(&format!(r#"{{"AccessKeyId":"A",{rest},"Expiration":-1}}"#)),
        ),
        (
            "twice",
            json(&format!(
                r#"{{"AccessKeyId":"A","AccessKeyId":"B",{rest},"Expiration":1}}"#
            )),
        ),
        ("a list", format!("[{}]", json("{}"))),
        ("other members", r#"{"SECRETS":1}"#.to_owned()),
        ("cut short", json("{").chars().take(60).collect()),
    ] {
        is_refused(what, 200, &text);
    }
}

#[test]
fn a_status_without_an_answer_speaks_for_itself() {
    assert_eq!(read(503, b"down").unwrap_err(), RoleError::Faulty(503));
    assert_eq!(read(429, b"").unwrap_err(), RoleError::Faulty(429));
    for status in [301, 302, 307, 308] {
        let error = read(status, whole().as_bytes()).unwrap_err();
        assert_eq!(error, RoleError::Redirected(status));
        assert!(error.hint().is_some() && !error.is_passing());
    }
    assert!(RoleError::Faulty(500).is_passing() && !RoleError::TokenTooLong(1).is_passing());
}
