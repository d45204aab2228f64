//! Docker's protocol, line by line, and what docker would never send.

use super::super::testing::{Sample, answer, found, misread, sent, serve};
use super::*;

fn get(server: &str) -> Sample {
    sent(&["get"], server.as_bytes())
}

fn reply(request: Option<&Request>, reason: Reason) -> Reply {
    let why = Why {
        reason,
        message: "the reason",
        hint: Some("run `keyfob login work`"),
        exit: Exit::SignInNeeded,
    };
    Docker.refuse(request, &why).unwrap()
}

#[test]
fn docker_gets_a_name_and_the_token_for_the_server_as_it_said_it() {
    for (sent, site) in [
        ("registry.example.com", "https://registry.example.com"),
        ("registry.example.com\n", "https://registry.example.com"),
        ("registry.example.com\r\n", "https://registry.example.com"),
        (
            "https://registry.example.com/v1/\n",
            "https://registry.example.com/v1/",
        ),
        (
            "registry.example.com:5000",
            "https://registry.example.com:5000",
        ),
        ("localhost:5000", "http://localhost:5000"),
        ("[::1]:5000", "http://[::1]:5000"),
    ] {
        let request = serve(&Docker, &get(sent));

        assert_eq!(request.asked, Asked::Site(Site::parse(site).unwrap()));
        let server = sent.trim_end();
        assert_eq!(
            answer(&Docker, &request, &found()),
            format!(
                "{{\"ServerURL\":\"{server}\",\"Username\":\"{NOBODY}\",\"Secret\":\"t0ken\"}}\n"
            )
        );
    }
}

#[test]
fn the_name_is_the_registrys_unless_the_user_says_another() {
    for (server, name) in [
        ("team.azurecr.io", NOBODY),
        ("europe-docker.pkg.dev", "oauth2accesstoken"),
        ("eu.gcr.io:443", "oauth2accesstoken"),
        ("pkg.dev.example.com", NOBODY),
    ] {
        assert_eq!(
            username(&serve(&Docker, &get(server)).asked),
            name,
            "{server}"
        );
    }
    let request = serve(&Docker, &get("team.azurecr.io"));
    let mut found = found();
    found.username = Some("<token>");

    assert!(answer(&Docker, &request, &found).contains(r#""Username":"<token>""#));
}

#[test]
fn list_and_version_say_what_they_always_say() {
    for (operation, said) in [
        ("list", "{}\n".to_owned()),
        (
            "version",
            format!(
                "docker-credential-keyfob (keyfob) {}\n",
                env!("CARGO_PKG_VERSION")
            ),
        ),
    ] {
        let sample = sent(&[operation], b"unused");
        assert_eq!(Docker.sends(&sample.call()), Sends::Nothing);
        let step = Docker.read(&sample.call()).unwrap();
        assert!(
            matches!(&step, Step::Answer(text) if *text == said),
            "{step:?}"
        );
    }
}

#[test]
fn a_credential_to_keep_is_compared_and_one_to_drop_is_not() {
    let text = br#"{"ServerURL":"registry.example.com","Username":"me","Secret":"pass"}"#;

    let Ok(Step::Change(store, Some(secret))) = Docker.read(&sent(&["store"], text).call()) else {
        panic!("nothing to keep");
    };
    let Ok(Step::Change(erase, None)) =
        Docker.read(&sent(&["erase"], b"registry.example.com\n").call())
    else {
        panic!("nothing to drop");
    };

    assert!(secret.matches("pass"));
    assert_eq!(store.asked, erase.asked);
}

#[test]
fn each_refusal_is_one_line_that_docker_knows_what_to_do_with() {
    let request = |form| asked(form, "registry.example.com").unwrap();

    // Also for what is to be dropped: docker asks for three ways to write a server, and says that all
    // is well when one of them is.
    for form in [GET, ERASE] {
        let unlisted = reply(Some(&request(form)), Reason::Unlisted);
        assert_eq!(
            unlisted.stdout,
            "credentials not found in native keychain\n"
        );
        assert_eq!(unlisted.stderr.as_deref(), Some(""));
        assert_eq!(unlisted.exit.code(), 1);
    }
    let said = "keyfob: the reason; run `keyfob login work`\n";
    for (form, reason, stdout, reports) in [
        (GET, Reason::SignInNeeded, said, true),
        (GET, Reason::Failed, said, true),
        (STORE, Reason::NotChanged, said, false),
        (ERASE, Reason::NotChanged, said, false),
    ] {
        let reply = reply(Some(&request(form)), reason);
        assert_eq!(reply.stdout, stdout);
        assert_eq!(reply.stderr.is_none(), reports, "{form}");
        assert_eq!(reply.exit.code(), 1);
    }
    let stored = reply(Some(&request(STORE)), Reason::Unlisted);
    assert!(stored.stdout.contains("`credsStore`") && stored.exit.code() == 1);
    assert_eq!(reply(None, Reason::Misread).stdout, "the reason\n");
}

#[test]
fn what_docker_would_not_send_is_refused_in_its_own_words() {
    let long = "a".repeat(70_000);
    for (operation, text, said) in [
        ("get", "", "no credentials server URL"),
        ("get", " \r\n\n", "no credentials server URL"),
        ("erase", "\n", "no credentials server URL"),
        ("get", "good.example\nevil.example\n", "white space"),
        ("get", "good.example\r\nevil.example", "white space"),
        ("get", "good.example\0", "white space"),
        ("get", "good.example\u{1b}[2J", "white space"),
        (
            "get",
            "https://me:hunter2@good.example",
            "must not carry a user name",
        ),
        (
            "get",
            "good.example@evil.example",
            "must not carry a user name",
        ),
        ("get", "good.example/../..", "`..`"),
        ("get", "good.example?x", "a query or a fragment"),
        ("get", &long, "an address has at most"),
        ("erase", "a b", "white space"),
        ("store", "", "is not JSON with ServerURL"),
        (
            "store",
            "registry.example.com",
            "is not JSON with ServerURL",
        ),
        ("store", "7", "is not JSON with ServerURL"),
        ("store", "[]", "is not JSON with ServerURL"),
        ("store", "{}", "no credentials server URL"),
        (
            "store",
            r#"{"ServerURL":"good.example","ServerURL":"evil.example","Username":"a"}"#,
            "is not JSON with ServerURL",
        ),
        (
            "store",
            r#"{"ServerURL":"good.example","Secret":"x"}"#,
            "no credentials username",
        ),
        ("gets", "good.example", "Unknown credential action `gets`"),
        ("\u{1b}[2J", "", "Unknown credential action `\\u{1b}[2J`"),
    ] {
        let message = misread(&Docker, &sent(&[operation], text.as_bytes()));

        assert!(message.contains(said), "{operation} {text:?}: {message}");
        assert!(!message.contains('\u{1b}') && !message.contains("hunter2"));
    }
    let message = misread(&Docker, &sent(&["get"], b"good.example\xff"));
    assert!(message.contains("UTF-8"), "{message}");
    let message = misread(&Docker, &sent(&["get"], &vec![b'a'; 300_000]));
    assert!(message.contains("longer than"), "{message}");
}

#[test]
fn a_server_that_nobody_can_list_is_nobodys() {
    for server in [
        "http://registry.example.com",
        "ftp://a.example",
        "https://",
        ":::",
    ] {
        let request = serve(&Docker, &get(server));

        assert_eq!(request.asked, Asked::Named(server.to_owned()));
    }
}
