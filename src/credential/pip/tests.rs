//! What pip and uv run, each in its own way, and what they would never run.

use super::super::testing::{Sample, answer, found, misread, sent, serve};
use super::*;

const INDEX: &str = "https://pypi.example.com/simple/";

fn line(words: &[&str]) -> Sample {
    sent(words, b"")
}

#[test]
fn each_caller_gets_the_form_that_it_reads() {
    for (words, said) in [
        // pip up to 24, and uv.
        (&["get", INDEX, "me"][..], "t0ken\n"),
        // pip of today, with and without a user in the index's address.
        (
            &["--mode=creds", "--output=json", "get", INDEX, "me"],
            "{\"username\":\"me\",\"password\":\"t0ken\"}\n",
        ),
        (
            &["--mode=creds", "--output=json", "get", INDEX],
            "{\"username\":\"__token__\",\"password\":\"t0ken\"}\n",
        ),
        // uv without a user.
        (&["get", INDEX, "--mode", "creds"], "__token__\nt0ken\n"),
        (&["get", INDEX], "t0ken\n"),
        (
            &["get", "--output", "json", INDEX, "me"],
            "{\"password\":\"t0ken\"}\n",
        ),
        (
            &[
                "--mode",
                "creds",
                "--mode=password",
                "--output=plain",
                "get",
                INDEX,
                "",
            ],
            "t0ken\n",
        ),
    ] {
        let request = serve(&Pip, &line(words));

        assert_eq!(request.asked, Asked::Site(Site::parse(INDEX).unwrap()));
        assert_eq!(answer(&Pip, &request, &found()), said, "{words:?}");
    }
}

#[test]
fn the_users_own_name_goes_with_the_token_where_no_other_is_asked_for() {
    let mut found = found();
    found.username = Some("VssSessionToken");
    for (words, said) in [
        (
            &["get", INDEX, "--mode=creds"][..],
            "VssSessionToken\nt0ken\n",
        ),
        (&["get", INDEX, "me", "--mode=creds"], "me\nt0ken\n"),
    ] {
        assert_eq!(answer(&Pip, &serve(&Pip, &line(words)), &found), said);
    }
}

#[test]
fn a_host_stands_for_the_whole_host() {
    let asked = |service: &str| serve(&Pip, &line(&["get", service, "me"])).asked;

    let host = Asked::Site(Site::parse("https://pypi.example.com").unwrap());
    assert_eq!(asked("pypi.example.com"), host);
    let here = Asked::Site(Site::parse("http://127.0.0.1:8080").unwrap());
    assert_eq!(asked("127.0.0.1:8080"), here);
}

#[test]
fn what_is_no_index_is_nobodys() {
    let long = "a".repeat(70_000);
    for service in [
        "",
        "my service",
        "http://pypi.example.com/simple",
        "https://me:pass@pypi.example.com/simple",
        "https://pypi.example.com@evil.example/",
        "https://pypi.example.com/simple/../other",
        "https://pypi.example.com/%2e%2e/other",
        "https://pypi.example.com\\evil",
        "https://pypi.example.com/simple\n",
        "pypi.example.com\nevil.example",
        "https://pypi.example.com/simple?x",
        "\u{1b}[2J",
        &long,
    ] {
        let request = serve(&Pip, &line(&["get", service, "me"]));

        assert_eq!(request.asked, Asked::Named(service.to_owned()));
    }
}

#[test]
fn what_no_caller_runs_is_refused() {
    for (words, said) in [
        (&[][..], "usage: keyring"),
        (&["get"], "usage: keyring"),
        (&["get", INDEX, "me", "more"], "usage: keyring"),
        (&["set", INDEX], "usage: keyring"),
        (&["diagnose"], "usage: keyring"),
        (&["\u{1b}[2J", INDEX], "usage: keyring"),
        (&["--mode", "get", INDEX], "--mode is not password or creds"),
        (&["get", INDEX, "--mode"], "--mode is not password or creds"),
        (
            &["--output=yaml", "get", INDEX],
            "--output is not plain or json",
        ),
        (&["-b", "x", "get", INDEX], "unrecognized arguments: -b"),
        (
            &["--list-backends"],
            "unrecognized arguments: --list-backends",
        ),
        (
            &["get", "--\u{1b}[2J"],
            "unrecognized arguments: --\\u{1b}[2J",
        ),
        (&["get", INDEX, "me\nyou"], "the user name has a line feed"),
        (
            &["get", INDEX, "me\ryou"],
            "the user name has a carriage return",
        ),
    ] {
        let message = misread(&Pip, &line(words));

        assert!(message.contains(said), "{words:?}: {message}");
        assert!(!message.contains('\u{1b}'), "{message}");
    }
}

#[test]
fn only_what_the_user_listed_is_talked_about() {
    let reply = |words: &[&str], reason| {
        let request = match Pip.read(&line(words).call()) {
            Ok(Step::Serve(request) | Step::Change(request, None)) => request,
            other => panic!("{other:?}"),
        };
        let why = Why {
            reason,
            message: "the reason",
            hint: None,
            exit: Exit::SignInNeeded,
        };
        let reply = Pip.refuse(Some(&request), &why).unwrap();
        assert_eq!(reply.stdout, "");
        (reply.stderr, reply.exit.code())
    };
    let get = &["get", INDEX, "me"];

    assert_eq!(reply(get, Reason::Unlisted), (Some(String::new()), 1));
    assert_eq!(reply(get, Reason::SignInNeeded), (None, 1));
    for change in [["set", INDEX, "me"], ["del", INDEX, "me"]] {
        for reason in [Reason::Unlisted, Reason::NotChanged] {
            let (said, exit) = reply(&change, reason);
            assert!(said.unwrap().contains("keeps no passwords") && exit == 1);
        }
    }
}
