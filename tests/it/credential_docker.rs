//! `keyfob credential docker`, whole: exact answers and exit statuses, as docker's own client reads
//! them.

use std::process::Stdio;

use crate::support::{Output, Running, World, provider};

const LISTS: &str = "[profile.work.target.images]\nscopes = \"openid offline_access\"\n\
    docker = [\"registry.example.com\", \"localhost:5000\", \"https://shared.example.com/team\"]\n";

const NOT_FOUND: &str = "credentials not found in native keychain\n";

fn helper(world: &World, operation: &str, sent: impl AsRef<[u8]>) -> Output {
    let mut command = world.command_as("docker-credential-keyfob", &[operation]);
    let mut running = Running::start(&mut command);
    running.type_in(sent.as_ref());
    running.wait()
}

fn stored(server: &str, username: &str, secret: &str) -> String {
    format!(r#"{{"ServerURL":"{server}","Username":"{username}","Secret":"{secret}"}}"#)
}

#[test]
fn docker_gets_a_token_for_a_listed_registry() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let token = world.run("token work/images").ok().line();

    for server in [
        "registry.example.com",
        "registry.example.com:443",
        "https://registry.example.com/v1/",
        "localhost:5000",
        "shared.example.com/team/app",
    ] {
        let output = helper(&world, "get", server).ok().silent();
        let nobody = "00000000-0000-0000-0000-000000000000";
        assert_eq!(output.stdout, stored(server, nobody, &token) + "\n");
    }
    let typed = world.run_with("credential docker work get", "registry.example.com\n");
    assert_eq!(typed.ok().json()["Secret"], token);
}

#[test]
fn the_settings_say_which_token_and_which_name() {
    let provider = provider();
    let more = format!("{LISTS}present = \"id\"\nusername = \"<token>\"\n");
    let world = World::with_profile(&provider, &more);
    world.sign_in();

    let answer = helper(&world, "get", "registry.example.com").ok().json();

    assert_eq!(answer["Username"], "<token>");
    let id = world.run("token work/images --id-token").ok().line();
    assert_eq!(answer["Secret"], id);
}

#[test]
fn what_is_not_listed_is_not_found_to_the_letter() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let asked = provider.log().len();

    for server in [
        "https://index.docker.io/v1/",
        "registry.example.com:5000",
        "registry.example.com.evil.example",
        "evil.example/registry.example.com",
        "http://registry.example.com",
        "sub.registry.example.com",
        "registry.example.com.",
        "https://localhost:5000",
        "shared.example.com",
        "shared.example.com/teams",
        "127.0.0.1:5000",
        "not a",
    ] {
        let server = server.replace(' ', "");
        let output = helper(&world, "get", &server).exits(1).silent();
        assert_eq!(output.stdout, NOT_FOUND, "{server}");
    }
    let other = world.run_with("credential docker other get", "registry.example.com");
    assert_eq!(other.exits(1).silent().stdout, NOT_FOUND);
    assert_eq!(provider.log().len(), asked, "the provider was not asked");
}

#[test]
fn a_login_that_docker_repeats_with_our_token_ends_well_and_nothing_else_is_kept() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let (server, token) = (
        "registry.example.com",
        world.run("token work/images").ok().line(),
    );

    let again = helper(&world, "store", stored(server, "0", &token))
        .ok()
        .silent();
    let theirs = helper(&world, "store", stored(server, "me", "hunter2"));
    let elsewhere = helper(&world, "store", stored("docker.io", "me", "hunter2"));
    let dropped = helper(&world, "erase", server);
    let nothing = helper(&world, "erase", "docker.io\n").exits(1).silent();

    assert_eq!(
        (again.stdout.as_str(), nothing.stdout.as_str()),
        ("", NOT_FOUND)
    );
    for refused in [theirs, dropped] {
        let refused = refused.exits(1).silent();
        assert_eq!(
            refused.stdout,
            "keyfob: tokens of its own sign-in are given there, and no others kept; \
             `keyfob login work` and `keyfob logout work` begin and end it\n"
        );
    }
    let elsewhere = elsewhere.exits(1).silent().line();
    assert!(elsewhere.contains("`credHelpers`") && !elsewhere.contains("hunter2"));
    assert_eq!(world.run("token work/images").ok().line(), token);
}

#[test]
fn the_other_operations_say_what_docker_expects() {
    let world = World::new();
    let version = concat!(
        "docker-credential-keyfob (keyfob) ",
        env!("CARGO_PKG_VERSION"),
        "\n"
    );
    for (operation, sent, stdout, status) in [
        ("list", "unused", "{}\n", 0),
        ("version", "", version, 0),
        (
            "gets",
            "registry.example.com",
            "Unknown credential action `gets`\n",
            1,
        ),
        ("get", "", "no credentials server URL\n", 1),
        ("erase", "\n", "no credentials server URL\n", 1),
        ("store", "{}", "no credentials server URL\n", 1),
        (
            "store",
            r#"{"ServerURL":"a"}"#,
            "no credentials username\n",
            1,
        ),
    ] {
        let output = helper(&world, operation, sent).exits(status).silent();
        assert_eq!(output.stdout, stdout, "{operation}");
    }
}

#[test]
fn why_there_is_none_stands_on_both_streams() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);

    let output = helper(&world, "get", "registry.example.com").exits(1);

    // docker prints the first in its own error, and `docker pull` shows the second alone.
    assert!(
        output.line().contains("run `keyfob login work`"),
        "{output:#?}"
    );
    output.says("keyfob login work");
    let twice = format!("{LISTS}[profile.work.target.other]\ndocker = \"registry.example.com\"\n");
    let world = World::with_profile(&provider, &twice);
    let output = helper(&world, "get", "registry.example.com").exits(1);
    assert!(output.line().contains("`work/images`"), "{output:#?}");
    assert_eq!(world.opened(), Vec::<String>::new());
}

#[test]
fn what_no_docker_sends_gets_one_line_and_no_token() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let (long, endless) = ("a".repeat(70_000), "a\n".repeat(200_000));
    for (operation, sent, said) in [
        (
            "get",
            &b"registry.example.com\nevil.example"[..],
            "white space",
        ),
        (
            "get",
            b"evil.example\r\nregistry.example.com",
            "white space",
        ),
        ("get", b"registry.example.com\0", "white space"),
        ("get", b"registry.example.com\x1b[2J", "white space"),
        ("get", b"registry.example.com\xff", "UTF-8"),
        ("get", b"registry.example.com@evil.example", "user name"),
        (
            "get",
            b"https://me:hunter2@registry.example.com",
            "user name",
        ),
        ("get", b"shared.example.com/team/../other", "`..`"),
        ("get", b"shared.example.com/team/%2e%2e/other", "`..`"),
        ("get", b"registry.example.com?a", "a query"),
        ("get", b"registry.example.com#a", "a query or a fragment"),
        ("get", long.as_bytes(), "at most"),
        ("get", endless.as_bytes(), "longer than"),
        ("store", endless.as_bytes(), "longer than"),
        ("store", b"{\"ServerURL\":7}", "is not JSON with ServerURL"),
        (
            "store",
            b"registry.example.com",
            "is not JSON with ServerURL",
        ),
    ] {
        let output = helper(&world, operation, sent).exits(1).silent();
        let line = output.line();
        assert!(line.contains(said), "{said}: {line}");
        assert!(!line.contains("hunter2") && !line.contains('\u{1b}') && line.len() < 4096);
    }
}

#[test]
fn a_caller_that_went_away_ends_the_run_without_a_panic() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = world.command(&["credential", "docker", "list"]);
    command.stdin(Stdio::null()).stdout(writer);

    let output = command.stderr(Stdio::piped()).output().unwrap();

    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("nobody reads the answer"), "{said}");
}
