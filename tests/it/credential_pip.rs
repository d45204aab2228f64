//! `keyfob credential pip`, whole: what pip and uv run, under the name that they run it by.

use std::process::Stdio;

use crate::support::{Output, Running, World, provider};

const LISTS: &str = "[profile.work.target.wheels]\nscopes = \"openid offline_access\"\n\
    pip = [\"https://pypi.example.com/team\", \"https://whole.example.com\"]\n";

const INDEX: &str = "https://pypi.example.com/team/simple/";

fn keyring(world: &World, words: &[&str]) -> Output {
    Running::start(&mut world.command_as("keyring", words)).wait()
}

#[test]
fn each_caller_gets_the_form_that_it_reads() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let token = world.run("token work/wheels").ok().line();

    for (words, stdout) in [
        (&["get", INDEX, "me"][..], format!("{token}\n")),
        (
            &["--mode=creds", "--output=json", "get", INDEX, "me"],
            format!("{{\"username\":\"me\",\"password\":\"{token}\"}}\n"),
        ),
        (
            &["--mode=creds", "--output=json", "get", INDEX],
            format!("{{\"username\":\"__token__\",\"password\":\"{token}\"}}\n"),
        ),
        (
            &["get", INDEX, "--mode", "creds"],
            format!("__token__\n{token}\n"),
        ),
        (&["get", "whole.example.com", "me"], format!("{token}\n")),
        (
            &["get", "https://whole.example.com/any/simple/a/", "me"],
            format!("{token}\n"),
        ),
    ] {
        let output = keyring(&world, words).ok().silent();
        assert_eq!(output.stdout, stdout, "{words:?}");
    }
    let typed = world.run(&format!("credential pip work/wheels -- get {INDEX} me"));
    assert_eq!(typed.ok().line(), token);
}

#[test]
fn what_is_not_listed_is_silence_and_one() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let asked = provider.log().len();
    let long = "a".repeat(70_000);

    for service in [
        "https://pypi.org/simple/",
        "pypi.org",
        // Only a folder of this host is listed.
        "pypi.example.com",
        "https://pypi.example.com/",
        "https://pypi.example.com/teams/simple/",
        "https://pypi.example.com/team/../other/",
        "https://pypi.example.com/team/%2e%2e/other/",
        "https://pypi.example.com:8443/team/simple/",
        "http://pypi.example.com/team/simple/",
        "https://pypi.example.com@evil.example/team/",
        "https://me:hunter2@pypi.example.com/team/",
        "https://pypi.example.com.evil.example/team/",
        "https://pypi.example.com/team/simple/\n",
        "whole.example.com\nevil.example",
        "whole.example.com:8443",
        "whole.example.com.",
        "my service",
        "",
        "\u{1b}[2J",
        &long,
    ] {
        let output = keyring(&world, &["get", service, "me"]).exits(1).silent();
        assert_eq!(output.stdout, "", "{service}");
    }
    assert_eq!(provider.log().len(), asked, "the provider was not asked");
}

#[test]
fn a_command_line_that_no_caller_has_is_refused() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();

    for (words, said) in [
        (&[][..], "usage: keyring"),
        (&["get"], "usage: keyring"),
        (&["get", INDEX, "a", "b"], "usage: keyring"),
        (&["frobnicate", INDEX, "a"], "usage: keyring"),
        (&["--mode=all", "get", INDEX], "--mode is not"),
        (&["get", INDEX, "--output"], "--output is not"),
        (
            &["-b", "keyring.backends.null", "get", INDEX],
            "unrecognized arguments: -b",
        ),
        (&["get", "--\u{1b}[2J", INDEX], "\\u{1b}"),
        (&["get", INDEX, "me\nyou"], "a line feed"),
        (&["get", INDEX, "me\ryou"], "a carriage return"),
    ] {
        let output = keyring(&world, words).exits(2).says(said);
        assert_eq!(output.stdout, "", "{words:?}");
        assert!(!output.stderr.contains('\u{1b}'));
    }
}

#[test]
fn nothing_is_kept_or_dropped_for_anybody() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let token = world.run("token work/wheels").ok().line();

    for (operation, service) in [
        ("set", INDEX),
        ("del", INDEX),
        ("set", "https://pypi.org/simple/"),
        ("del", "my service"),
    ] {
        let mut running =
            Running::start(&mut world.command_as("keyring", &[operation, service, "me"]));
        running.type_in(b"hunter2\n");
        let output = running.wait().exits(1).says("keeps no passwords");
        assert_eq!(output.stdout, "");
        assert!(!output.stderr.contains("hunter2"));
    }
    assert_eq!(keyring(&world, &["get", INDEX, "me"]).ok().line(), token);
}

#[test]
fn signed_out_the_reason_is_on_stderr() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);

    let output = keyring(&world, &["get", INDEX, "me"]).exits(1);

    assert_eq!(output.says("keyfob login work").stdout, "");
    assert_eq!(world.opened(), Vec::<String>::new());
}

#[test]
fn a_caller_that_went_away_ends_the_run_without_a_panic() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = world.command_as("keyring", &["get", INDEX, "me"]);
    command.stdin(Stdio::null()).stdout(writer);

    let output = command.stderr(Stdio::piped()).output().unwrap();

    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("nobody reads the answer"), "{said}");
}
