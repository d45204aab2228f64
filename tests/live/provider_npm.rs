//! The life of a session at a provider nobody here wrote: npm `oidc-provider`, which is certified
//! by the OpenID Foundation and knows nothing of keyfob.

use std::process::Command;

use serde_json::{Value, json};

use crate::support::person::Person;
use crate::support::process::{Ran, Running, run};
use crate::support::provider::Npm;
use crate::support::world::{World, address_on, user_code_in};

const SEALED: &str = "store = \"sealed\"\n";
const REFRESHED: &str = "grant.success refresh_token";

/// A provider, and a world with a profile for it.
fn at(settings: &Value, more: &str) -> (Npm, World) {
    let npm = Npm::start(settings);
    let mut world = World::new();
    world.profile(&npm.issuer, &format!("{SEALED}{more}"));
    (npm, world)
}

/// What the provider says about the owner of a token.
fn userinfo(npm: &Npm, token: &str) -> Result<Value, ureq::Error> {
    let mut answer = ureq::get(format!("{}/me", npm.issuer))
        .header("Authorization", format!("Bearer {token}"))
        .call()?;
    let text = answer.body_mut().read_to_string()?;
    Ok(serde_json::from_str(&text).expect("userinfo is JSON"))
}

#[test]
fn a_session_lives_from_the_first_command_to_the_last() {
    let npm = Npm::start(&json!({}));
    let mut world = World::new();
    world.set_passphrase();
    world.set("KEYFOB_STORE", "sealed");
    let add = [
        "config",
        "add",
        "work",
        "--client-id",
        "keyfob-cli",
        "--issuer",
        &npm.issuer,
    ];
    let mut command = world.keyfob("");
    command
        .args(add)
        .args(["--scope", "openid profile offline_access"]);
    run(command).answer();

    let (page, login) = world.sign_in(&mut Person::new("ada"), "login work --no-browser");
    assert_eq!(login.status, Some(0), "{}", login.stderr);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("ada"), "{}", page.text());

    let first = world.run("token work").answer().to_owned();
    assert_eq!(userinfo(&npm, &first).unwrap()["sub"], "ada");
    assert_eq!(
        world.run("token work").answer(),
        first,
        "a valid token is used again"
    );
    assert_eq!(npm.count(REFRESHED), 0);

    let second = world.run("token work --renew").answer().to_owned();
    assert_ne!(second, first);
    assert_eq!(npm.count(REFRESHED), 1);
    assert_eq!(userinfo(&npm, &second).unwrap()["sub"], "ada");

    let inspected = world.run("inspect work --id-token");
    assert!(
        inspected.answer().contains(&npm.issuer),
        "{}",
        inspected.stdout
    );
    let listed: Value = serde_json::from_str(world.run("list --json").answer()).unwrap();
    assert!(listed.to_string().contains(&npm.issuer), "{listed}");

    world.run("logout work").answer();
    assert!(npm.count("revocation.success") >= 1, "{:?}", npm.seen());
    assert!(
        userinfo(&npm, &second).is_err(),
        "the access token is dead at the provider"
    );
    world.run("token work").refusal(3);
}

#[test]
fn the_id_token_is_handed_out_and_verified() {
    for signing in ["RS256", "ES256", "EdDSA"] {
        let (_npm, world) = at(&json!({ "signing": signing }), "");
        world.signed_in();

        let token = world.run("token work --id-token");

        let inspected = world.run("inspect work --id-token --json");
        let facts: Value = serde_json::from_str(inspected.answer()).unwrap();
        assert_eq!(token.answer().split('.').count(), 3);
        assert!(facts.to_string().contains(signing), "{facts}");
    }
}

#[test]
fn a_required_pushed_request_leaves_nothing_in_the_address() {
    let (npm, world) = at(&json!({ "par": "required" }), "");
    let mut login = world.start("login work --no-browser");

    let address = login.stderr_line("the address to open", address_on);

    let address = url::Url::parse(&address).unwrap();
    let names: Vec<_> = address
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    assert_eq!(names, ["client_id", "request_uri"]);
    Person::new("ada").walk(address.as_str());
    assert_eq!(login.end().status, Some(0));
    assert_eq!(npm.count("pushed_authorization_request.success"), 1);
}

#[test]
fn a_provider_without_pushed_requests_is_asked_in_the_address() {
    let (npm, world) = at(&json!({ "par": "off" }), "");

    world.signed_in();

    assert_eq!(npm.count("pushed_authorization_request.success"), 0);
    assert_eq!(npm.count("grant.success authorization_code"), 1);
}

#[test]
fn every_response_mode_and_redirect_host_ends_on_our_page() {
    for mode in ["form_post", "query", "auto"] {
        for host in ["127.0.0.1", "localhost"] {
            let more = format!("response_mode = \"{mode}\"\nredirect_host = \"{host}\"\n");
            let (_npm, world) = at(&json!({}), &more);

            let (page, login) = world.sign_in(&mut Person::new("ada"), "login work --no-browser");

            assert_eq!(login.status, Some(0), "{mode} {host}: {}", login.stderr);
            assert_eq!(page.url.host_str(), Some(host));
            assert_eq!(page.url.query().is_some(), mode == "query", "{mode}");
        }
    }
}

#[test]
fn a_person_who_declines_leaves_nothing_behind() {
    let (_npm, world) = at(&json!({}), "");

    let (page, login) = world.sign_in(&mut Person::declining("ada"), "login work --no-browser");

    assert!(
        login.refusal(4).contains("access_denied"),
        "{}",
        login.stderr
    );
    assert!(
        !page.text().to_lowercase().contains("signed in"),
        "{}",
        page.text()
    );
    world.run("token work").refusal(3);
}

#[test]
fn a_code_on_another_device_signs_in() {
    let (npm, world) = at(&json!({}), "");
    let mut login = world.start("login work --device");

    let address = login.stderr_line("the address to open", address_on);
    let code = login.stderr_line("the code to type there", user_code_in);
    let page = Person::with_code("ada", code).walk(&address);

    assert!(page.text().contains("successful"), "{}", page.text());
    let ended: Ran = login.end();
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    assert_eq!(npm.count("device_authorization.success"), 1);
    let token = world.run("token work");
    assert_eq!(userinfo(&npm, token.answer()).unwrap()["sub"], "ada");
}

#[test]
fn a_session_used_from_an_old_copy_ends_and_says_so_once() {
    let (npm, world) = at(&json!({}), "");
    world.signed_in();
    let copied = tempfile::tempdir().unwrap();
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        let mut command = Command::new("cp");
        run({
            command.arg("-a").arg(from).arg(to);
            command
        })
        .answer();
    };
    let saved = copied.path().join("home");
    copy(&world.path(""), &saved);
    let fresh = world.run("token work --renew").answer().to_owned();
    assert!(userinfo(&npm, &fresh).is_ok());

    copy(&saved.join("."), &world.path(""));
    let reused = world.run("token work --renew");

    assert!(
        reused.refusal(3).contains("invalid_grant"),
        "{}",
        reused.stderr
    );
    assert!(
        npm.count("grant.revoked refresh_token") >= 1,
        "{:?}",
        npm.seen()
    );
    assert!(
        userinfo(&npm, &fresh).is_err(),
        "the whole grant is revoked"
    );
    let asked = npm.seen().len();
    world.run("token work --renew").refusal(3);
    assert_eq!(npm.seen().len(), asked, "a dead session is not tried again");
}

#[test]
fn fifty_at_once_spend_the_refresh_token_once_and_print_one_token() {
    let (npm, world) = at(&json!({}), "");
    world.signed_in();
    let before = world.run("token work").answer().to_owned();
    std::fs::remove_dir_all(world.path("cache")).unwrap();

    let asked: Vec<_> = (0..50).map(|_| world.start("token work")).collect();
    let answers: Vec<_> = asked.into_iter().map(Running::end).collect();

    let first = answers[0].answer();
    assert_ne!(first, before);
    assert!(answers.iter().all(|ran| ran.answer() == first));
    assert_eq!(npm.count(REFRESHED), 1, "{:?}", npm.seen());
    assert_eq!(npm.count("grant.revoked refresh_token"), 0);
}

#[test]
fn tokens_for_two_resources_come_from_one_sign_in() {
    let more = "[profile.work.target.orders]\nscopes = \"orders:read\"\n\
                resource = \"https://orders.example.com\"\n\
                [profile.work.target.billing]\nscopes = \"billing:read\"\n\
                resource = \"https://billing.example.com\"\n";
    let (npm, world) = at(&json!({}), more);
    world.signed_in();

    for target in ["orders", "billing"] {
        let token = world.run(&format!("token work/{target}"));
        let mut inspect = world.start("inspect --json -");
        inspect.say(token.answer());

        let facts = inspect.end();
        assert!(
            facts
                .answer()
                .contains(&format!("https://{target}.example.com")),
            "{}",
            facts.stdout
        );
    }
    assert_eq!(npm.count("grant.success authorization_code"), 1);
}

#[test]
fn signing_out_everywhere_without_a_browser_says_where_to_go() {
    let (npm, world) = at(&json!({}), "");
    let mut person = Person::new("ada");
    let (_, login) = world.sign_in(&mut person, "login work --no-browser");
    assert_eq!(login.status, Some(0), "{}", login.stderr);

    let mut logout = world.start("logout work --everywhere");
    let address = logout.stderr_line("the address that signs out", address_on);
    person.walk(&address);

    assert!(!address.contains("id_token_hint"), "{address}");
    assert_eq!(logout.end().status, Some(0));
    assert_eq!(npm.count("end_session.success"), 1, "{:?}", npm.seen());
    world.run("token work").refusal(3);
}
