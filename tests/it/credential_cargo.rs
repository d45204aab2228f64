//! `keyfob credential cargo`, whole: the conversation with cargo, line by line, and the simple form.

use std::process::Stdio;

use crate::support::{Output, Running, World, provider};

const LISTS: &str = "[profile.work.target.crates]\nscopes = \"openid offline_access\"\n\
    cargo = [\"sparse+https://crates.example.com/index/\", \"https://git.example.com/index\"]\n\
    [profile.work.target.other]\nscopes = \"openid\"\n";

const INDEX: &str = "sparse+https://crates.example.com/index/";
const HELLO: &str = "{\"v\":[1]}";
const NOT_OURS: &str = r#"{"Err":{"kind":"url-not-supported"}}"#;
const NOT_DONE: &str = r#"{"Err":{"kind":"operation-not-supported"}}"#;

fn request(kind: &str, index: &str, args: &str) -> String {
    format!(
        r#"{{"v":1,"registry":{{"index-url":"{index}","name":"team"}},"kind":"{kind}","operation":"read","args":[{args}]}}"#
    )
}

/// The lines that follow the greeting, one for each that is sent.
#[track_caller]
fn converse(world: &World, sent: impl AsRef<[u8]>) -> Vec<String> {
    let mut command = world.command_as("cargo-credential-keyfob", &["--cargo-plugin"]);
    let mut running = Running::start(&mut command);
    running.type_in(sent.as_ref());
    let output = running.wait().ok().silent();
    let mut lines = output.stdout.lines().map(str::to_owned);
    assert_eq!(lines.next().as_deref(), Some(HELLO));
    lines.collect()
}

fn simple(world: &World, index: Option<&str>) -> Output {
    let mut command = world.command(&["credential", "cargo", "work"]);
    command.envs(index.map(|index| ("CARGO_REGISTRY_INDEX_URL", index)));
    Running::start(&mut command).wait()
}

#[test]
fn each_request_gets_its_line() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let token = world.run("token work/crates").ok().line();
    let until = world.run("token work/crates --format json").ok().json()["expires_at"].clone();

    let lines = converse(
        &world,
        [
            request("get", INDEX, ""),
            request("get", "https://git.example.com/index", "\"work/crates\""),
            request("get", "sparse+https://index.crates.io/", ""),
            request("login", INDEX, ""),
            request("logout", INDEX, ""),
            request("login", "sparse+https://index.crates.io/", ""),
            request("get", INDEX, "\"work/other\""),
            request("get", INDEX, "\"no such name\""),
        ]
        .join("\n")
            + "\n",
    );

    for line in &lines[..2] {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let credential = &line["Ok"];
        assert_eq!(credential["kind"], "get");
        assert_eq!(credential["token"], format!("Bearer {token}"));
        assert_eq!(credential["cache"], "expires");
        assert_eq!(credential["operation_independent"], true);
        let early = until.as_i64().map(|until| until - 30);
        assert!(
            until.is_null() || credential["expiration"].as_i64() == early,
            "{line}"
        );
    }
    assert_eq!(
        lines[2..7],
        [NOT_OURS, NOT_DONE, NOT_DONE, NOT_OURS, NOT_OURS]
    );
    assert!(
        lines[7].contains("is not PROFILE or PROFILE/TARGET"),
        "{lines:?}"
    );
    assert_eq!(lines.len(), 8);
}

#[test]
fn what_is_not_listed_is_left_to_the_next_provider() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let asked = provider.log().len();
    let indexes = [
        "https://github.com/rust-lang/crates.io-index",
        "sparse+https://crates.example.com/",
        "sparse+https://crates.example.com/indexes/",
        "sparse+https://crates.example.com/index/../other/",
        "sparse+https://crates.example.com:8443/index/",
        "sparse+https://crates.example.com.evil.example/index/",
        "sparse+https://crates.example.com@evil.example/index/",
        "sparse+http://crates.example.com/index/",
        "ssh://git@crates.example.com/index/",
        "file:///crates.example.com/index/",
        "",
    ];

    let lines: String = indexes
        .iter()
        .map(|index| request("get", index, "") + "\n")
        .collect();

    assert_eq!(converse(&world, lines), [NOT_OURS; 11]);
    assert_eq!(provider.log().len(), asked, "the provider was not asked");
}

#[test]
fn what_no_cargo_sends_is_an_error_and_the_conversation_goes_on() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let get = request("get", INDEX, "");
    let long = get.replace("team", &"x".repeat(70_000));
    let far = get.replace(INDEX, &format!("{INDEX}{}", "x".repeat(70_000)));
    let sent = [
        "",
        "{",
        "null",
        "\u{1b}[2J",
        &get.replace(r#""v":1"#, r#""v":2"#),
        &get.replace(r#""v":1,"#, ""),
        &get.replace("\"args\":[]", "\"args\":[1]"),
        &get.replace("\"args\":[]", "\"args\":[\"work\",\"--login\"]"),
        &get.replace(r#""operation":"read","#, ""),
        &get.replace(
            r#""index-url""#,
            r#""index-url":"https://evil.example","index-url""#,
        ),
    ]
    .join("\n");

    let lines = converse(&world, format!("{sent}\n{far}\n{long}\n"));

    assert_eq!(lines.len(), 12);
    for line in &lines[..10] {
        assert!(
            line.starts_with(r#"{"Err":{"kind":"other","message":""#),
            "{line}"
        );
        assert!(!line.contains('\u{1b}'), "{line}");
    }
    assert_eq!(lines[10], NOT_OURS);
    assert!(lines[11].starts_with(r#"{"Ok":"#), "a long name is a name");
}

#[test]
fn a_line_without_an_end_ends_the_conversation() {
    let world = World::new();
    let endless = "x".repeat(1_000_000);

    let lines = converse(
        &world,
        format!("{endless}\n{}\n", request("get", INDEX, "")),
    );

    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("longer than"), "{lines:?}");
    assert_eq!(converse(&world, ""), Vec::<String>::new());
    let cut = request("get", INDEX, "");
    assert_eq!(converse(&world, &cut[..cut.len() - 1]).len(), 1);
}

#[test]
fn signed_out_cargo_is_told_what_to_run() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);

    let lines = converse(&world, request("get", INDEX, "") + "\n");

    assert!(
        lines[0].starts_with(r#"{"Err":{"kind":"other","message":""#),
        "{lines:?}"
    );
    assert!(lines[0].contains("run `keyfob login work`"), "{lines:?}");
    assert_eq!(world.opened(), Vec::<String>::new());
}

#[test]
fn the_simple_form_prints_one_line_or_nothing() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    simple(&world, Some(INDEX))
        .exits(3)
        .says("keyfob login work");
    world.sign_in();
    let token = world.run("token work/crates").ok().line();

    let output = simple(&world, Some(INDEX)).ok().silent();

    assert_eq!(output.stdout, format!("Bearer {token}\n"));
    for (index, status, said) in [
        (None, 2, "CARGO_REGISTRY_INDEX_URL is missing"),
        (Some(""), 2, "CARGO_REGISTRY_INDEX_URL is missing"),
        (Some("sparse+https://index.crates.io/"), 8, "under `cargo`"),
        (
            Some("sparse+http://crates.example.com/index/"),
            2,
            "https://",
        ),
        (Some("crates.example.com"), 2, "is not the address"),
    ] {
        let output = simple(&world, index).exits(status).says(said);
        assert_eq!(output.stdout, "");
    }
}

#[test]
fn a_cargo_that_went_away_ends_the_run_without_a_panic() {
    let world = World::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = world.command(&["credential", "cargo", "--cargo-plugin"]);
    command.stdin(Stdio::null()).stdout(writer);

    let output = command.stderr(Stdio::piped()).output().unwrap();

    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("nobody reads the answer"), "{said}");
}
