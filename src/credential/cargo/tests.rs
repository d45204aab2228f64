//! Cargo's protocol, line by line, and what cargo would never send.

use super::super::testing::{Sample, answer, found, misread, sent, serve, var};
use super::*;

const INDEX: &str = "sparse+https://crates.example.com/index/";

fn plugin(line: &str) -> Sample {
    sent(&["--cargo-plugin"], line.as_bytes())
}

fn request(kind: &str, index: &str) -> String {
    format!(
        r#"{{"v":1,"registry":{{"index-url":"{index}","name":"team","headers":["WWW-Authenticate: Cargo"]}},"kind":"{kind}","operation":"read","args":[]}}"#
    )
}

/// What is answered without a look at the user's settings.
fn at_once(line: &[u8]) -> String {
    match Cargo.read(&sent(&["--cargo-plugin"], line).call()) {
        Ok(Step::Answer(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_flag_decides_how_cargo_is_spoken_with() {
    let (plugin, line) = (plugin(""), var(VARIABLE, INDEX));

    assert_eq!(Cargo.sends(&plugin.call()), Sends::Lines);
    assert_eq!(
        Cargo.greeting(&plugin.call()).as_deref(),
        Some("{\"v\":[1]}\n")
    );
    assert_eq!(Cargo.sends(&line.call()), Sends::Nothing);
    assert_eq!(Cargo.greeting(&line.call()), None);
}

#[test]
fn every_operation_gets_the_same_token_with_its_end() {
    let read = request("get", INDEX);
    for operation in [
        r#""operation":"read""#,
        r#""operation":"publish","name":"a","vers":"1.0.0","cksum":"00""#,
        r#""operation":"yank","name":"a","vers":"1.0.0""#,
        r#""operation":"unyank","name":"a","vers":"1.0.0""#,
        r#""operation":"owners","name":"a""#,
        r#""operation":"of-tomorrow","more":{"a":[1]}"#,
    ] {
        let line = read.replace(r#""operation":"read""#, operation);

        let request = serve(&Cargo, &plugin(&line));

        let site = Site::parse("https://crates.example.com/index/").unwrap();
        assert_eq!(request.asked, Asked::Site(site));
        assert_eq!(
            answer(&Cargo, &request, &found()),
            "{\"Ok\":{\"kind\":\"get\",\"token\":\"Bearer t0ken\",\"cache\":\"expires\",\
             \"expiration\":1000003570,\"operation_independent\":true}}\n"
        );
    }
}

#[test]
fn the_simple_form_is_one_line() {
    let request = serve(&Cargo, &var(VARIABLE, INDEX));

    assert_eq!(answer(&Cargo, &request, &found()), "Bearer t0ken\n");
}

#[test]
fn an_argument_narrows_who_answers() {
    let one = request("get", INDEX).replace("[]", r#"["work/crates"]"#);
    let none = request("get", INDEX).replace(r#","args":[]"#, "");

    assert_eq!(
        serve(&Cargo, &plugin(&one)).within.as_deref(),
        Some("work/crates")
    );
    assert_eq!(serve(&Cargo, &plugin(&none)).within, None);
}

#[test]
fn what_is_not_done_is_refused_for_listed_indexes_alone() {
    for kind in ["login", "logout", "of-tomorrow"] {
        let step = Cargo.read(&plugin(&request(kind, INDEX)).call()).unwrap();

        assert!(matches!(step, Step::Change(_, None)), "{kind}: {step:?}");
    }
}

#[test]
fn each_refusal_is_a_line_that_cargo_knows_what_to_do_with() {
    let request = serve(&Cargo, &plugin(&request("get", INDEX)));
    let other = "{\"Err\":{\"kind\":\"other\",\"message\":\"the \\\"reason\\\"; run `x`\"}}\n";
    for (reason, line) in [
        (
            Reason::Unlisted,
            "{\"Err\":{\"kind\":\"url-not-supported\"}}\n",
        ),
        (
            Reason::NotChanged,
            "{\"Err\":{\"kind\":\"operation-not-supported\"}}\n",
        ),
        (Reason::SignInNeeded, other),
        (Reason::Failed, other),
        (Reason::Misread, other),
    ] {
        let why = Why {
            reason,
            message: "the \"reason\"",
            hint: Some("run `x`"),
            exit: Exit::SignInNeeded,
        };

        let reply = Cargo.refuse(Some(&request), &why).unwrap();

        assert_eq!(reply.stdout, line);
        assert_eq!((reply.stderr.as_deref(), reply.exit.code()), (Some(""), 0));
        let simple = serve(&Cargo, &var(VARIABLE, INDEX));
        assert_eq!(Cargo.refuse(Some(&simple), &why), None);
    }
}

#[test]
fn what_cargo_would_not_send_is_an_error_of_the_protocol() {
    let get = request("get", INDEX);
    let json = "is not a credential request in JSON";
    for (line, said) in [
        ("", json),
        ("{", json),
        ("[]", json),
        ("\u{1b}[2J", json),
        (r#"{"v":1,"kind":"get","operation":"read"}"#, json),
        (&get.replace(INDEX, "a\nb"), json),
        (&get.replace("index-url", "index_url"), json),
        (
            &get.replace(
                r#""index-url""#,
                r#""index-url":"https://a.example","index-url""#,
            ),
            json,
        ),
        (&get.replace(r#""v":1"#, r#""v":"1""#), json),
        (&get.replace(r#""v":1"#, r#""v":-1"#), json),
        (&get.replace("[]", r#""work""#), json),
        (&format!("{get}{get}"), json),
        (&get.replace(r#""v":1"#, r#""v":999"#), "`999`"),
        (
            &get.replace(r#""operation":"read","#, ""),
            "is not one that says what for",
        ),
        (
            &get.replace("[]", r#"["work","crates"]"#),
            "is not PROFILE or PROFILE/TARGET",
        ),
        (&" ".repeat(300_000), "longer than"),
    ] {
        let text = at_once(line.as_bytes());

        let begins = r#"{"Err":{"kind":"other","message":""#;
        assert!(
            text.starts_with(begins) && text.contains(said),
            "{line}: {text}"
        );
        assert!(
            text.ends_with("\"}}\n") && !text.contains('\u{1b}'),
            "{text}"
        );
    }
    assert!(at_once(b"\xff").contains("UTF-8"));
}

#[test]
fn an_index_that_nobody_can_list_is_left_to_others() {
    let long = format!("sparse+https://a.example/{}", "x".repeat(70_000));
    for index in [
        "",
        "ssh://git@crates.example.com/index.git",
        "file:///srv/index",
        "sparse+http://crates.example.com/index/",
        "sparse+sparse+https://crates.example.com/index/",
        "sparse+https://me:pass@crates.example.com/index/",
        "sparse+https://crates.example.com@evil.example/index/",
        "sparse+https://crates.example.com/index/../other/",
        "sparse+https://crates.example.com/index%2f..%2fother/",
        "sparse+https://crates.example.com/index/\\n",
        "sparse+https://crates.example.com/index/?x",
        &long,
    ] {
        assert_eq!(
            at_once(request("get", index).as_bytes()),
            "{\"Err\":{\"kind\":\"url-not-supported\"}}\n",
            "{index}"
        );
    }
}

#[test]
fn without_an_index_no_token_is_printed() {
    for (call, said) in [
        (sent(&[], b""), "CARGO_REGISTRY_INDEX_URL is missing"),
        (var(VARIABLE, ""), "CARGO_REGISTRY_INDEX_URL is missing"),
        (var(VARIABLE, "crates.example.com"), "is not the address"),
        (
            var(VARIABLE, "sparse+http://crates.example.com"),
            "must start with `https://`",
        ),
    ] {
        let message = misread(&Cargo, &call);
        assert!(message.contains(said), "{message}");
    }
}
