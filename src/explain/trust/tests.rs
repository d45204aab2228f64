//! Which claims AWS compares, and that nothing in a token reaches a shell or a terminal.

use super::*;

fn claims(text: &str) -> Claims {
    serde_json::from_str(text).unwrap()
}

fn role() -> RoleArn {
    RoleArn::parse("arn:aws-cn:iam::123456789012:role/team/dev").unwrap()
}

fn told<'a>(claims: &'a Claims, role: &'a RoleArn) -> Result<Trust<'a>, NoTrust> {
    Trust::of(Presented {
        claims,
        is_id_token: true,
        role,
    })
}

#[test]
fn the_block_has_the_issuer_as_it_is_and_the_claims_that_aws_compares() {
    let claims = claims(r#"{"iss":"https://id.example.com/a/","aud":"c1","sub":"amara-1"}"#);

    let policy = told(&claims, &role()).unwrap().policy();

    let statement = &policy["Statement"][0];
    assert_eq!(
        statement["Principal"]["Federated"],
        "arn:aws-cn:iam::123456789012:oidc-provider/id.example.com/a/"
    );
    let equals = &statement["Condition"]["StringEquals"];
    assert_eq!(equals["id.example.com/a/:aud"], "c1");
    assert_eq!(equals["id.example.com/a/:sub"], "amara-1");
    assert_eq!(statement["Action"], "sts:AssumeRoleWithWebIdentity");
}

#[test]
fn azp_stands_in_the_place_of_aud_and_it_is_said_why() {
    let claims = claims(
        r#"{"iss":"https://login.microsoftonline.com/t/v2.0","aud":"api","azp":"app","sub":"s"}"#,
    );

    let text = told(&claims, &role()).unwrap().text();

    assert!(text.contains("azp:        app\n"), "{text}");
    assert!(text.contains("/v2.0:aud\": \"app\""), "{text}");
    assert!(
        text.contains("AWS judges `azp` in the place of `aud`"),
        "{text}"
    );
    assert!(text.contains("version 2"), "{text}");
    assert!(text.contains("another for each app"), "{text}");
}

#[test]
fn a_token_of_version_1_has_its_own_issuer_with_its_slash() {
    let claims = claims(
        r#"{"iss":"https://sts.windows.net/t/","aud":"api://aws","sub":"o","oid":"o","appid":"a"}"#,
    );

    let text = told(&claims, &role()).unwrap().text();

    assert!(
        text.contains("sts.windows.net/t/:aud\": \"api://aws\""),
        "{text}"
    );
    assert!(text.contains("--url https://sts.windows.net/t/ "), "{text}");
    assert!(
        text.contains("version 1") && text.contains("no person"),
        "{text}"
    );
}

#[test]
fn a_shared_issuer_must_keep_its_subject_and_googles_is_built_in() {
    let shared = |issuer: &str| {
        let claims = claims(&format!(r#"{{"iss":"{issuer}","aud":"c","sub":"s"}}"#));
        told(&claims, &role()).unwrap().text()
    };

    let github = shared("https://token.actions.githubusercontent.com");
    assert!(github.contains("strangers") && github.contains("create-open-id"));
    let google = shared("https://accounts.google.com");
    assert!(
        google.contains("\"Federated\": \"accounts.google.com\""),
        "{google}"
    );
    assert!(!google.contains("open-id-connect-provider"), "{google}");
    assert!(!shared("https://id.example.com").contains("note:"));
    assert!(shared("http://127.0.0.1:1").contains("stand-in for AWS"));
}

#[test]
fn the_commands_name_the_role_with_its_path() {
    let claims = claims(r#"{"iss":"https://id.example.com","aud":["a","b"],"sub":"s"}"#);

    let lines = told(&claims, &role()).unwrap().commands();

    let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    assert!(lines[0].ends_with("--url https://id.example.com --client-id-list a b"));
    assert!(lines[2].ends_with("oidc-provider/id.example.com --client-id b"));
    assert!(lines[3].contains("--role-name dev --policy-document file://trust.json"));
    assert!(lines[4].starts_with("aws iam create-role --path /team/ --role-name dev"));
    let policy = told(&claims, &role()).unwrap().policy();
    let equals = &policy["Statement"][0]["Condition"]["StringEquals"];
    assert_eq!(equals["id.example.com:aud"], json!(["a", "b"]));
}

#[test]
fn nothing_in_a_token_reaches_a_shell_or_a_terminal() {
    let claims = claims(
        r#"{"iss":"https://id.example.com/'$(x)","aud":"a'; rm -rf ~; \u001b[2J\u202e","sub":"\"\n\u009b"}"#,
    );

    for text in [
        told(&claims, &role()).unwrap().text(),
        told(&claims, &role()).unwrap().json(),
    ] {
        assert!(
            text.chars()
                .all(|c| c == '\n' || c.is_ascii_graphic() || c == ' ')
        );
    }
    let lines = told(&claims, &role()).unwrap().commands();
    assert!(
        lines[0]
            .1
            .contains(r"--client-id-list 'a'\''; rm -rf ~; \u{1b}[2J\u{202e}'")
    );
    let policy = ascii(&told(&claims, &role()).unwrap().policy());
    let back: Value = serde_json::from_str(&policy).unwrap();
    let equals = back["Statement"][0]["Condition"]["StringEquals"]
        .as_object()
        .unwrap();
    assert!(
        equals.values().any(|value| value == "\"\n\u{9b}"),
        "{policy}"
    );
    assert_eq!(word("-x"), "'-x'");
    assert_eq!(word(""), "''");
}

#[test]
fn a_token_that_aws_can_never_take_is_told_apart() {
    let fault = |text| told(&claims(text), &role()).unwrap_err();

    assert_eq!(fault(r#"{"aud":"a","sub":"s"}"#), NoTrust::Issuer);
    assert_eq!(
        fault(r#"{"iss":"urn:x","aud":"a","sub":"s"}"#),
        NoTrust::Issuer
    );
    assert_eq!(fault(r#"{"iss":"https://a","sub":"s"}"#), NoTrust::Audience);
    assert_eq!(fault(r#"{"iss":"https://a","aud":"a"}"#), NoTrust::Subject);
}
