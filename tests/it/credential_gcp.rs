//! `keyfob credential gcp`, as Google's libraries run it: exact bytes, both streams, the status.

use std::time::Duration;

use keyfob::issuer::Fault;

use crate::support::{Running, World, provider, provider_with};

const POOL: &str =
    "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x";

/// What the libraries set for a pool that is listed.
const SET: [(&str, &str); 3] = [
    ("GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE", POOL),
    (
        "GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE",
        "urn:ietf:params:oauth:token-type:id_token",
    ),
    ("GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE", "0"),
];

fn listing(more: &str) -> String {
    format!("gcp = [\"{POOL}\"]\n{more}")
}

fn run(world: &World, set: &[(&str, &str)]) -> crate::support::Output {
    let mut command = world.command(&["credential", "gcp"]);
    command.envs(SET).envs(set.iter().copied());
    Running::start(&mut command).wait()
}

#[test]
fn the_token_that_the_profile_presents_is_handed_to_a_listed_pool() {
    let provider = provider();
    for (present, flag, token, kind) in [
        ("id", " --id-token", "id_token", "id_token"),
        ("access", "", "access_token", "jwt"),
    ] {
        let more = listing(&format!("present = \"{present}\""));
        let world = World::with_profile(&provider, &more);
        world.sign_in();
        let held = world.run(&format!("token work --format json{flag}")).ok();
        let (held, file) = (held.json(), world.path("output.json"));

        let file_name = file.to_str().unwrap();
        let answer = run(
            &world,
            &[("GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE", file_name)],
        );

        assert_eq!(
            answer.ok().silent().stdout,
            format!(
                "{{\"version\":1,\"success\":true,\
                 \"token_type\":\"urn:ietf:params:oauth:token-type:{kind}\",\
                 \"id_token\":{},\"expiration_time\":{}}}\n",
                held[token], held["expires_at"]
            )
        );
        assert!(!file.exists(), "a token was written to the disk");
    }
}

#[test]
fn what_a_repository_could_make_the_libraries_ask_gets_a_reason_and_no_token() {
    let provider = provider();
    let world = World::with_profile(&provider, &listing(""));
    world.sign_in();
    let audience = "GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE";
    let long = format!("{POOL}{}", "x".repeat(70_000));
    let look_alike = POOL.replace("iam.googleapis.com", "iam.googleapis.com.evil.example");
    let cyrillic = POOL.replace("goo", "g\u{43e}o");
    let upper = POOL.to_uppercase();
    let lines = format!("{POOL}\n{POOL}");
    let (slash, other) = (format!("{POOL}/"), POOL.replace("/1/", "/2/"));
    for (name, value, status, code, said) in [
        (audience, other.as_str(), 8, "403", "no profile lists"),
        (audience, &look_alike, 8, "403", "no profile lists"),
        (audience, &slash, 8, "403", "no profile lists"),
        (audience, &upper, 8, "403", "no profile lists"),
        (audience, &cyrillic, 2, "400", "AUDIENCE is not"),
        (audience, &lines, 2, "400", "AUDIENCE is not"),
        (audience, "\u{1b}]0;x\u{7}", 2, "400", "AUDIENCE is not"),
        (audience, &long, 2, "400", "AUDIENCE is not"),
        (audience, "", 2, "400", "AUDIENCE is missing"),
        (
            "GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE",
            "urn:ietf:params:oauth:token-type:saml2",
            2,
            "400",
            "TOKEN_TYPE is not",
        ),
        (
            "GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE",
            "",
            2,
            "400",
            "is missing",
        ),
        (
            "GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE",
            "1",
            2,
            "400",
            "keyfob login",
        ),
        (
            "GOOGLE_EXTERNAL_ACCOUNT_REVOKE",
            "1",
            2,
            "400",
            "keyfob logout",
        ),
    ] {
        let answer = run(&world, &[(name, value)]).exits(status).silent();

        let reply = answer.json();
        assert_eq!(answer.stdout.matches('\n').count(), 1, "{answer:?}");
        assert_eq!(reply["version"], 1);
        assert_eq!(reply["success"], false);
        assert_eq!(reply["code"], code);
        let message = reply["message"].as_str().unwrap();
        assert!(message.contains(said), "{message}: {said}");
        assert!(!answer.stdout.contains('\u{1b}'), "{answer:?}");
    }
}

#[test]
fn a_repositorys_variables_do_not_widen_the_list() {
    let provider = provider();
    let world = World::at(&provider).with("KEYFOB_GCP", POOL);
    world.sign_in();

    let answer = run(&world, &[]).exits(8);

    assert_eq!(answer.json()["code"], "403");
}

#[test]
fn nobody_is_asked_to_sign_in_and_the_reason_names_the_command_that_helps() {
    let provider = provider();
    let world = World::with_profile(&provider, &listing("interactive = true"));
    // What the command line allows does not count where the library says that nobody is there.
    let mut command = world.command(&["credential", "gcp", "--login"]);

    let answer = Running::start(command.envs(SET)).wait().exits(3).silent();

    assert_eq!(answer.json()["code"], "401");
    let message = answer.json()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("run `keyfob login work`"), "{message}");
    assert!(world.opened().is_empty());
}

#[test]
fn a_provider_that_cannot_be_reached_is_told_from_one_that_refuses() {
    let provider = provider_with(|settings| {
        settings.faults = vec![Fault::parse("rt.500").unwrap()];
    });
    let world = World::with_profile(&provider, &listing(""));
    world.sign_in();
    world.age_tokens(Duration::from_secs(4000));

    let answer = run(&world, &[]).exits(6).silent();

    assert_eq!(answer.json()["code"], "503");
}

/// Some of the libraries read stdout and stderr as one text.
#[test]
fn a_token_with_little_left_comes_without_a_word_beside_it() {
    let provider = provider_with(|settings| {
        settings.lifetimes.access = Duration::from_secs(3600);
    });
    let little_left = || {
        provider.set_faults(&[]);
        let world = World::with_profile(&provider, &listing(""));
        world.sign_in();
        world.run("token work").ok();
        world.age_tokens(Duration::from_secs(3000));
        provider.set_faults(&[Fault::parse("rt.500").unwrap()]);
        world
    };

    let answer = run(&little_left(), &[]).ok().silent();
    let elsewhere = little_left().run("token work").ok();

    assert_eq!(answer.json()["success"], true);
    elsewhere.says("still works for");
}

#[test]
fn a_library_that_has_gone_away_is_told_nothing_and_no_token_lands_elsewhere() {
    let provider = provider();
    let world = World::with_profile(&provider, &listing(""));
    world.sign_in();
    let token = world.run("token work").ok().line();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = world.command(&["credential", "gcp"]);

    let output = command.envs(SET).stdout(writer).output().unwrap();

    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("stdout is closed"), "{said}");
    assert!(!said.contains(&token), "{said}");
}
