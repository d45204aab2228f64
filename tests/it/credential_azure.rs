//! `keyfob credential azure-cli` and `azd`, as Azure's SDKs run them: exact bytes, both streams, the
//! status.

#![expect(clippy::too_many_lines, reason = "a table is as long as it is")]

use keyfob::issuer::{Entra, Provider};
use serde_json::Value;

use crate::support::{Output, Running, World, entra, entra_world};

const AZ: &str = "credential azure-cli work -- account get-access-token";
const AZD: &str = "credential azd work -- auth token";

/// What makes an SDK ask its next source of tokens.
const AZ_LOGIN: &str = "Please run 'az login' to setup account";
const AZD_LOGIN: &str = "not logged in, run `azd auth login` to login";

const LISTED: &str = "azure = [\"arm\", \"api://orders\"]";

fn signed_in() -> (Provider, World) {
    let provider = entra("amara", &[]);
    let world = entra_world(&provider, LISTED);
    world.sign_in();
    (provider, world)
}

/// The token that is held for a resource.
fn held(world: &World, scope: &str) -> Value {
    let line = format!("token work --format json --scope {scope}");
    world.run(&line).ok().json()
}

/// The program under another name, on words that may be anything.
#[cfg(unix)]
fn called(world: &World, name: &str, words: &[&str]) -> Output {
    use std::os::unix::process::CommandExt as _;

    Running::start(world.command(words).arg0(name)).wait()
}

#[test]
fn az_gets_a_token_of_a_listed_resource_with_its_end_in_both_forms() {
    let (_provider, world) = signed_in();
    let world = world.with("TZ", "<+05>-5");
    for (words, scope) in [
        (
            "-o json --scope api://orders/.default",
            "api://orders/.default",
        ),
        (
            "--output json --resource api://orders",
            "api://orders/.default",
        ),
        (
            "-o json --scope api://orders/Orders.Read",
            "api://orders/Orders.Read",
        ),
        (
            "--scope https://management.azure.com/.default -o=json",
            "https://management.azure.com/.default",
        ),
        ("", "arm"),
    ] {
        let held = held(&world, scope);
        let end = jiff::Timestamp::from_second(held["expires_at"].as_i64().unwrap()).unwrap();
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(5));
        let local = end.to_zoned_datetime(zone).strftime("%Y-%m-%d %H:%M:%S");

        let answer = world.run(&format!("{AZ} {words}")).ok().silent();

        assert_eq!(
            answer.stdout,
            format!(
                "{{\"accessToken\":{},\"expiresOn\":\"{local}.000000\",\"expires_on\":{},\
                 \"tenant\":\"{}\",\"tokenType\":\"Bearer\"}}\n",
                held["access_token"],
                held["expires_at"],
                Entra::HOME
            ),
            "{words}"
        );
    }
}

#[test]
fn azd_gets_a_token_of_a_listed_resource() {
    let (_provider, world) = signed_in();
    let held = held(&world, "api://orders/.default");
    let end = jiff::Timestamp::from_second(held["expires_at"].as_i64().unwrap()).unwrap();

    let words = "--output json --no-prompt --scope api://orders/.default";
    let answer = world.run(&format!("{AZD} {words}")).ok().silent();

    assert_eq!(
        answer.stdout,
        format!(
            "{{\"token\":{},\"expiresOn\":\"{end}\"}}\n",
            held["access_token"]
        )
    );
}

#[cfg(unix)]
#[test]
fn under_the_name_of_az_or_azd_it_is_the_same_and_takes_no_flag_of_its_own() {
    let (_provider, world) = signed_in();
    let token = held(&world, "api://orders/.default")["access_token"].clone();
    let scope = ["--scope", "api://orders/.default"];

    let az = ["account", "get-access-token", "-o", "json"];
    let az = called(&world, "/opt/shims/az", &[&az[..], &scope].concat());
    let azd = ["auth", "token", "-o", "json", "--no-prompt"];
    let azd = called(&world, "azd", &[&azd[..], &scope].concat());

    assert_eq!(az.ok().json()["accessToken"], token);
    assert_eq!(azd.ok().json()["token"], token);
    for word in ["--help", "--version", "token", "-v", "login"] {
        called(&world, "az", &[word]).exits(2).says(AZ_LOGIN);
        called(&world, "azd", &[word]).exits(2).says(AZD_LOGIN);
    }
}

#[test]
fn terraform_is_told_the_tenant_the_subscription_of_its_own_and_a_version() {
    let (_provider, world) = signed_in();
    let home = Entra::HOME;
    let show = "credential azure-cli -- account show -o=json";

    let account = world.run(show).ok().silent();
    let with_subscription = world.with(
        "ARM_SUBSCRIPTION_ID",
        "ca5c57dd-3aab-4628-a78c-978830d03bbd",
    );
    let working = with_subscription.run(show).ok().silent();
    let version = with_subscription.run("credential azure-cli -- version -o=json");

    assert_eq!(
        account.stdout,
        format!(
            "{{\"id\":\"{home}\",\"isDefault\":true,\"name\":\"N/A(tenant level account)\",\
             \"tenantId\":\"{home}\",\"user\":{{\"type\":\"user\"}}}}\n"
        )
    );
    assert_eq!(working.json()["id"], "ca5c57dd-3aab-4628-a78c-978830d03bbd");
    assert_eq!(working.json()["tenantId"], home);
    assert_eq!(version.ok().silent().json()["azure-cli"], "2.54.0");
}

#[test]
fn a_token_is_of_the_tenant_that_is_asked_for_or_there_is_none() {
    let (_provider, world) = signed_in();
    let scope = "-o json --scope api://orders/.default";
    for own in [Entra::HOME, &Entra::HOME.to_uppercase(), Entra::HOME_DOMAIN] {
        world.run(&format!("{AZ} {scope} --tenant {own}")).ok();
        world.run(&format!("{AZD} {scope} --tenant-id {own}")).ok();
    }
    for other in [Entra::OTHER, "fabrikam.com", "common", "organizations"] {
        let said = format!("is of tenant `{}`", Entra::HOME);
        let az = world
            .run(&format!("{AZ} {scope} --tenant {other}"))
            .exits(8);
        assert_eq!(az.says(&said).says(AZ_LOGIN).stdout, "");
        let azd = world.run(&format!("{AZD} {scope} --tenant-id {other}"));
        assert_eq!(azd.exits(8).says(&said).says(AZD_LOGIN).stdout, "");
    }
}

#[test]
fn of_two_tenants_that_list_a_resource_the_one_asked_for_answers() {
    let provider = entra("mei-lin", &[]);
    let world = entra_world(&provider, LISTED);
    let path = world.path("config/keyfob/config.toml");
    let home = std::fs::read_to_string(path).unwrap();
    let away = home
        .replace("profile.work", "profile.away")
        .replace(Entra::HOME_DOMAIN, Entra::OTHER);
    world.configure(&format!("{home}\n{away}"));
    world.login("work").ok();
    world.login("away").ok();
    let line = "credential azure-cli -- account get-access-token -o json --resource api://orders";

    let both = world.run(line).exits(8);
    let tenants = [Entra::HOME, Entra::OTHER].map(|tenant| {
        let answer = world.run(&format!("{line} --tenant {tenant}")).ok();
        answer.json()["tenant"].clone()
    });

    assert_eq!(tenants, [Entra::HOME, Entra::OTHER]);
    both.says("`away`").says("`work`");
}

#[test]
fn what_a_repository_could_make_az_ask_gets_a_reason_and_no_token() {
    let (_provider, world) = signed_in();
    let get = ["account", "get-access-token", "-o", "json"];
    let long = format!("https://{}/.default", "a".repeat(70_000));
    for (words, status, said) in [
        (
            &["--scope", "https://vault.azure.net/.default"][..],
            8,
            "list `https://vault.azure.net`",
        ),
        (
            &[
                "--scope",
                "https://management.azure.com.evil.example/.default",
            ],
            8,
            "does not list",
        ),
        (
            &["--scope", "http://management.azure.com/.default"],
            8,
            "does not list",
        ),
        (
            &["--scope", "https://management.azure.com:8443/.default"],
            8,
            "does not list",
        ),
        (
            &["--scope", "https://MANAGEMENT.azure.com/.default"],
            8,
            "does not list",
        ),
        (&["--resource", "api://orders/admin"], 8, "does not list"),
        (
            &[
                "--scope",
                "https://management.azure.com@evil.example/.default",
            ],
            2,
            "the scope is not",
        ),
        (
            &["--scope", "https://man\u{430}gement.azure.com/.default"],
            2,
            "the scope is not",
        ),
        (
            &["--scope", "api://orders/.default\nx"],
            2,
            "the scope is not",
        ),
        (
            &["--scope", "api://orders/.default openid"],
            2,
            "the scope is not",
        ),
        (&["--scope", "$(touch x)/.default"], 2, "the scope is not"),
        (&["--scope", "\u{1b}]0;x\u{7}"], 2, "the scope is not"),
        (&["--scope", &long], 2, "the scope is not"),
        (&["--scope", ""], 2, "the scope is not"),
        (&["--tenant", "../x"], 2, "the tenant is not"),
        (&["--subscription", "\"; id"], 2, "the subscription is not"),
        (&["--query", "accessToken"], 2, "none of what it answers"),
        (&["--debug"], 2, "none of what it answers"),
    ] {
        let mut line = vec!["credential", "azure-cli", "work", "--"];
        line.extend(get.iter().chain(words));

        let answer = world
            .run_words(&line)
            .exits(status)
            .says(said)
            .says(AZ_LOGIN);

        assert_eq!(answer.stdout, "");
        assert!(!answer.stderr.contains('\u{1b}'), "{answer:?}");
        assert!(answer.stderr.lines().count() == 2, "{answer:?}");
    }
}

#[test]
fn what_a_repository_could_make_azd_ask_gets_one_line_of_json_and_no_token() {
    let (_provider, world) = signed_in();
    let get = ["auth", "token", "-o", "json", "--no-prompt"];
    let long = format!("https://{}/.default", "a".repeat(70_000));
    for (words, status, said) in [
        (
            &["--scope", "https://vault.azure.net/.default"][..],
            8,
            "list `https://vault.azure.net`",
        ),
        (
            &[
                "--scope",
                "https://management.azure.com.evil.example/.default",
            ],
            8,
            "does not list",
        ),
        (
            &["--scope", "https://graph.microsoft.com/User.Read"],
            8,
            "does not list",
        ),
        (&["--scope", "User.Read"], 2, "the scope is not"),
        (
            &["--scope", "api://orders/a", "--scope", "api://invoices/a"],
            2,
            "of one resource",
        ),
        (
            &["--scope", "api://orders/.default\r\n"],
            2,
            "the scope is not",
        ),
        (&["--scope", "\u{1b}[2J"], 2, "the scope is not"),
        (&["--scope", &long], 2, "the scope is not"),
        (&["--tenant-id", "a b"], 2, "the tenant is not"),
        (&["--claims", "-"], 2, "none of what it answers"),
        (&["--claims", "{}"], 2, "is not base64"),
        (&["--environment", "x"], 2, "none of what it answers"),
    ] {
        let mut line = vec!["credential", "azd", "work", "--"];
        line.extend(get.iter().chain(words));

        let answer = world
            .run_words(&line)
            .exits(status)
            .says(said)
            .says(AZD_LOGIN);

        assert_eq!(answer.stdout, "");
        assert_eq!(answer.stderr.matches('\n').count(), 1, "{answer:?}");
        let told: Value = serde_json::from_str(&answer.stderr).unwrap();
        assert_eq!(told["type"], "consoleMessage");
        let message = told["data"]["message"].as_str().unwrap();
        assert!(message.starts_with("\nERROR: "), "{message}");
        assert!(told["error"].as_str().unwrap().contains(said), "{told}");
    }
}

#[test]
fn whoever_is_not_signed_in_is_sent_to_keyfob_and_the_program_to_its_next_source() {
    let provider = entra("amara", &[]);
    let world = entra_world(&provider, LISTED);

    let az = world.run(&format!("{AZ} -o json --scope api://orders/.default"));
    let azd = world.run(&format!("{AZD} -o json --scope api://orders/.default"));
    let show = world.run("credential azure-cli -- account show");

    for (answer, phrase) in [(az, AZ_LOGIN), (azd, AZD_LOGIN), (show, AZ_LOGIN)] {
        let answer = answer.exits(3).says(phrase).says("run `keyfob login work`");
        assert_eq!(answer.stdout, "");
    }
}

#[test]
fn a_provider_in_trouble_is_not_taken_for_a_missing_sign_in() {
    let (provider, world) = signed_in();
    drop(provider);

    let az = world.run(&format!("{AZ} -o json --scope arm"));
    let az_arm = world.run(&format!("{AZ} -o json"));
    let azd = world.run(&format!("{AZD} -o json"));

    az.exits(2);
    for (answer, phrase) in [(az_arm, "az login"), (azd, "azd auth login")] {
        let answer = answer.exits(6);
        assert!(!answer.stderr.contains(phrase), "{answer:?}");
        assert_eq!(answer.stdout, "");
    }
}

#[test]
fn a_challenge_that_azd_hands_on_is_met_or_needs_a_person() {
    use base64::Engine as _;

    let (provider, world) = signed_in();
    let line = format!("{AZD} -o json --no-prompt --scope api://orders/.default --claims");
    let base64 = |text: &str| base64::prelude::BASE64_STANDARD.encode(text);
    let before = held(&world, "api://orders/.default")["access_token"].clone();
    let asked = provider.requests(keyfob::issuer::Endpoint::Token);

    let newer = base64(r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#);
    let met = world.run(&format!("{line} {newer}")).ok().silent();
    let broken = world.run(&format!("{line} {}", base64("[]")));

    assert_ne!(met.json()["token"], before);
    assert_eq!(
        provider.requests(keyfob::issuer::Endpoint::Token),
        asked + 1
    );
    broken.exits(2).says("nor claims, in base64");
}

#[test]
fn an_sdk_that_has_gone_away_is_told_nothing_and_no_token_lands_elsewhere() {
    let (_provider, world) = signed_in();
    let token = held(&world, "api://orders/.default")["access_token"].clone();
    for words in ["azure-cli -- account get-access-token", "azd -- auth token"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let line = format!("credential {words} -o json --scope api://orders/.default");
        let words: Vec<&str> = line.split(' ').collect();

        let output = world.command(&words).stdout(writer).output().unwrap();

        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("stdout is closed"), "{said}");
        assert!(!said.contains(token.as_str().unwrap()), "{said}");
    }
}
