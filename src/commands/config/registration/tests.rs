//! The registration, in each of its forms; the script is run, by a shell, with an `az` of ours.

use std::fs;
use std::process::Command;

use super::*;

/// Prints what a tenant needs, for scopes that may be anything.
fn printed(tenant: &str, scopes: &str, format: Format) -> String {
    let registration = Registration {
        authority: &Authority::parse(tenant).unwrap(),
        profile: None,
        scopes: &Scopes::parse(scopes).unwrap(),
        repeated: vec!["--scope".to_owned(), scopes.to_owned()],
        device_code: false,
        redirect: "http://localhost".to_owned(),
    };
    registration.print(format)
}

fn body(tenant: &str, scopes: &str) -> Value {
    serde_json::from_str(&printed(tenant, scopes, Format::Graph)).unwrap()
}

#[test]
fn the_body_for_graph_is_a_public_client_and_no_more() {
    assert_eq!(
        body("contoso.com", "openid api://orders/Orders.Read"),
        json!({
            "displayName": "keyfob",
            "signInAudience": "AzureADMyOrg",
            "isFallbackPublicClient": false,
            "publicClient": { "redirectUris": ["http://localhost"] },
            "api": { "requestedAccessTokenVersion": 2 },
            "optionalClaims": {
                "idToken": [
                    { "name": "login_hint", "essential": false },
                    { "name": "sid", "essential": false },
                    { "name": "auth_time", "essential": false },
                    { "name": "acct", "essential": false },
                ],
                "accessToken": [{ "name": "idtyp", "essential": false }],
            },
            "requiredResourceAccess": [{
                "resourceAppId": "00000003-0000-0000-c000-000000000000",
                "resourceAccess": [
                    { "id": "37f7f235-527c-4136-accd-4a02d197296e", "type": "Scope" },
                    { "id": "14dad69e-099b-42c9-810b-d002981feec1", "type": "Scope" },
                    { "id": "7427e0e9-2fba-42fe-b0c0-848c9e6a8182", "type": "Scope" },
                ],
            }],
        })
    );
    let audience = |tenant: &str| body(tenant, "")["signInAudience"].clone();
    assert_eq!(audience("organizations"), "AzureADMultipleOrgs");
    assert_eq!(audience("common"), "AzureADandPersonalMicrosoftAccount");
    assert_eq!(audience("consumers"), "PersonalMicrosoftAccount");
}

#[test]
fn the_text_names_every_choice_that_people_get_wrong() {
    let text = printed(
        "contoso.onmicrosoft.com",
        "https://graph.microsoft.com/User.Read api://orders/.default",
        Format::Text,
    );

    for said in [
        "the tenant contoso.onmicrosoft.com in the public cloud, at https://portal.azure.com",
        "(single tenant)",
        "\"Mobile and desktop applications\"",
        "http://localhost\n",
        "Not \"Web\"",
        "Allow public client flows: No",
        "requestedAccessTokenVersion: 2",
        "ID: login_hint, sid, auth_time, acct",
        "delegated: openid, profile, offline_access, User.Read",
        "api://orders, delegated: those that you need",
        "https://login.microsoftonline.com/contoso.onmicrosoft.com/adminconsent?client_id=APP",
        "keyfob config add work --entra contoso.onmicrosoft.com --scope ",
        "--client-id APPLICATION_ID",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
}

#[test]
fn another_cloud_has_its_own_portal_graph_and_flag() {
    let at = "https://login.microsoftonline.us/contoso.us";

    let (text, script) = (printed(at, "", Format::Text), printed(at, "", Format::Az));

    assert!(text.contains("https://portal.azure.us"), "{text}");
    assert!(
        text.contains("--entra contoso.us --cloud us-government"),
        "{text}"
    );
    assert!(
        script.contains("az cloud set --name AzureUSGovernment"),
        "{script}"
    );
    assert!(
        script.contains("https://graph.microsoft.us/v1.0/applications"),
        "{script}"
    );
}

#[test]
fn the_script_says_to_az_what_the_body_says_to_graph() {
    // Everything here may stand in a scope, and each would end badly outside of quotes.
    let scopes = "https://graph.microsoft.com/User.Read https://graph.microsoft.com/Mail.Read \
        api://o'r`id`d$(id)ers/Orders.Read api://x/.default";
    let folder = tempfile::tempdir().unwrap();
    let (log, az) = (folder.path().join("log"), folder.path().join("az"));
    let double = format!(
        "#!/bin/sh\nfor word; do printf '%s\\n' \"$word\"; done >>'{}'\necho id-of-$3\n",
        log.display()
    );
    fs::File::create(&az)
        .and_then(|mut file| std::io::Write::write_all(&mut file, double.as_bytes()))
        .unwrap();
    let script = printed("contoso.com", scopes, Format::Az);

    // `az` as a function, so that no file needs to be made executable.
    let run = format!("az() {{ sh '{}' \"$@\"; }}\n{script}", az.display());
    let ran = Command::new("sh").args(["-c", &run]).output().unwrap();

    let (said, told) = (
        String::from_utf8(ran.stdout).unwrap(),
        fs::read_to_string(log).unwrap(),
    );
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let sent = told.lines().find(|line| line.starts_with('{')).unwrap();
    let sent: Value = serde_json::from_str(sent).unwrap();
    assert_eq!(sent, body("contoso.com", scopes));
    assert!(told.contains("login\n--allow-no-subscriptions\n"), "{told}");
    assert!(told.contains("--tenant\ncontoso.com\n"), "{told}");
    assert!(told.contains("[?value=='Mail.Read'].id | [0]\n"), "{told}");
    assert!(!told.contains("[?value=='User.Read']"), "{told}");
    assert!(told.contains("--id\napi://o'r`id`d$(id)ers\n"), "{told}");
    assert!(
        told.contains("[?value=='Orders.Read'].id | [0]\n"),
        "{told}"
    );
    assert!(said.contains("adminconsent?client_id=id-of-"), "{said}");
    assert!(said.contains("--entra contoso.com --scope"), "{said}");
    assert!(said.contains("$(id)ers/Orders.Read"), "{said}");
    assert!(
        said.trim_end().ends_with("--client-id id-of-post"),
        "{said}"
    );
}

#[test]
fn a_directory_of_customers_is_named_by_its_address() {
    let text = printed("shop.ciamlogin.com", "", Format::Text);

    assert!(
        text.contains("--entra https://shop.ciamlogin.com/shop.onmicrosoft.com/v2.0"),
        "{text}"
    );
}
