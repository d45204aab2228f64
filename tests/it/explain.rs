//! Errors explained: from a code, a paste, a header, a redirect or the last failure, by the real
//! program, without a network, and beside every refusal that it prints.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use keyfob::explain::{self, Next};
use serde_json::json;

use crate::support::{Front, World};

/// A code of a client's secret, as a person pastes it by mistake.
const SECRET: &str = "s3cr3tQ~value.of-a_client";

#[test]
fn every_command_that_a_row_advises_parses() {
    let mut lines = Vec::new();
    for row in explain::rows() {
        match row.next {
            Next::Run(line) => lines.push((row.code, line)),
            Next::Step(step) => {
                let quoted = step.split('`').skip(1).step_by(2);
                let own = quoted.filter(|piece| piece.starts_with("keyfob "));
                lines.extend(own.map(|line| (row.code, line)));
                assert_eq!(step.matches('`').count() % 2, 0, "{}: {step}", row.code);
            }
        }
    }

    assert!(lines.len() > 200);
    for (code, line) in lines {
        let line = explain::About::default().fill(line);
        assert!(!line.contains(['{', '}']), "{code}: {line}");
        let words = line.replace('\'', "\"");
        let words = words.split('"').enumerate().flat_map(|(at, part)| {
            let whole = at % 2 == 1;
            let words: Vec<&str> = if whole {
                vec![part]
            } else {
                part.split_whitespace().collect()
            };
            words
        });
        let parsed = keyfob::cli::command().try_get_matches_from(words);
        let help = |error: &clap::Error| error.kind() == clap::error::ErrorKind::DisplayHelp;
        assert!(parsed.as_ref().err().is_none_or(help), "{code}: `{line}`");
    }
}

#[test]
fn a_code_is_explained_without_a_network_and_without_a_profile() {
    let world = World::new();

    let said = world.run("explain AADSTS50105").ok().silent().stdout;

    for words in [
        "AADSTS50105",
        "means:",
        "the tenant's admin",
        "next:",
        "do not:",
    ] {
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(world.run("explain 50105").ok().stdout, said);
    let login = world.run("explain invalid_grant").ok().stdout;
    assert!(login.contains("run `keyfob login PROFILE`"), "{login}");
    assert!(!world.path("state/keyfob").exists(), "nothing is written");
}

#[test]
fn the_profile_is_named_where_there_is_one() {
    let world = World::with_profiles(&[("work", "https://id.example.com", "")]);

    let said = world.run("explain 50076").ok().stdout;

    assert!(said.contains("run `keyfob login work`"), "{said}");
}

#[test]
fn an_error_within_a_log_is_read_from_stdin_as_text_and_as_json() {
    let world = World::new();
    let log = format!(
        "2026-11-23 POST /token client_secret={SECRET}\n\u{1b}[31m400\u{1b}[0m {{\"error\":\"invalid_grant\",\
         \"error_description\":\"AADSTS50076: no \\u001b[2J.\\r\\nTrace ID: 0a-1\",\"error_codes\":[50076],\
         \"trace_id\":\"0a-1\",\"correlation_id\":\"7b-2\",\"timestamp\":\"2026-11-23 12:00:00Z\",\
         \"suberror\":\"basic_action\"}} {SECRET}\n"
    );

    let text = world.run_with("explain -", &log).ok().silent().stdout;
    let whole = world.run_with("explain - --json", &log).ok().silent();

    assert!(!text.contains('\u{1b}') && !text.contains("cr3t"), "{text}");
    assert!(!whole.stdout.contains("cr3t"), "{whole:?}");
    let whole = whole.json();
    let codes: Vec<&str> = whole["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["AADSTS50076", "basic_action", "invalid_grant"]);
    let first = &whole["findings"][0];
    assert_eq!(first["who"], json!(["you"]));
    assert_eq!(first["next"], json!({ "run": "keyfob login PROFILE" }));
    assert_eq!(whole["trace_id"], "0a-1");
    assert_eq!(whole["correlation_id"], "7b-2");
    assert_eq!(whole["timestamp"], "2026-11-23 12:00:00Z");
}

#[test]
fn a_header_and_a_redirect_are_explained() {
    let world = World::new();
    let header = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer realm=\"\", \
                  authorization_uri=\"https://evil.example/\", error=\"insufficient_claims\", \
                  claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTYwNDEwNjY1MSJ9fX0=\"\r\n";

    let said = world.run_with("explain -", header).ok().stdout;

    assert!(said.starts_with("insufficient_claims\n"), "{said}");
    assert!(said.contains("a token from after 2020-10-31T"), "{said}");
    assert!(!said.contains("evil"), "{said}");
    let address = "http://localhost:7777/?error=access_denied&state=secretstate\
                   &error_description=AADSTS65004%3a+declined";
    let said = world.run_words(&["explain", address]).ok().stdout;
    assert!(
        said.contains("AADSTS65004\n") && !said.contains("secretstate"),
        "{said}"
    );
}

#[test]
fn what_is_not_known_is_said_and_what_is_no_error_is_refused_without_being_repeated() {
    let world = World::new();

    let said = world.run("explain AADSTS7654321").ok().stdout;

    assert!(said.contains("keyfob does not know this number"), "{said}");
    assert!(said.contains("https://login.microsoftonline.com/error?code=7654321"));
    let none = world
        .run_words(&["explain", SECRET])
        .exits(2)
        .says("keyfob explain --list");
    assert!(!none.stderr.contains("cr3t") && none.stdout.is_empty());
    world
        .run_with("explain -", vec![b'x'; 100_000])
        .exits(2)
        .says("64 KiB");
    world
        .run_with("explain -", b"\xff\xfe AADSTS50076 \xff")
        .ok();
    world
        .run("explain --last work")
        .exits(2)
        .says("no refusal of a provider is noted");
    world.run("explain").exits(2);
    world.run("explain --list 50076").exits(2);
}

#[test]
fn every_code_can_be_listed() {
    let world = World::new();

    let listed = world.run("explain --list --json").ok().json();
    let text = world.run("explain --list").ok().stdout;

    assert_eq!(listed.as_array().unwrap().len(), explain::rows().count());
    assert!(text.contains("AADSTS53003") && text.contains("use_dpop_nonce"));
}

#[test]
fn a_refusal_is_explained_where_it_is_printed_and_noted_for_later() {
    let front = Front::plain();
    let provider = front.provider(|settings| settings.lifetimes.access = Duration::from_secs(9000));
    let world = World::at(&provider);
    world.sign_in();
    world.run("token work").ok();
    assert!(!world.path("state/keyfob/refusals").exists(), "all is well");
    front.answer(|request| {
        let body = json!({
            "error": "invalid_grant", "suberror": "message_only", "error_codes": [53003],
            "error_description": format!("AADSTS53003: blocked {}.\r\nTrace ID: 0a-1", "x1Y".repeat(20)),
            "trace_id": "0a-1", "correlation_id": "7b-2", "timestamp": "2026-11-23 12:00:00Z",
        });
        let refused = request.contains("grant_type=refresh_token");
        refused.then(|| (400, body.to_string()))
    });

    let failed = world.run("token work --renew").exits(5);

    assert!(
        failed
            .stderr
            .contains("\n  means: a conditional access policy"),
        "{failed:?}"
    );
    assert_eq!(failed.stderr.matches("  hint: ").count(), 1, "{failed:?}");
    assert!(
        failed.stderr.contains("`keyfob login work` with a browser"),
        "{failed:?}"
    );
    let note = world.path("state/keyfob/refusals/work.json");
    assert_eq!(
        fs::metadata(&note).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert!(fs::read_to_string(&note).unwrap().contains("[hidden]"));
    for line in ["explain --last work", "explain --last"] {
        let said = world.run(line).ok().silent().stdout;
        for words in [
            "keyfob token\n",
            provider.issuer(),
            "AADSTS53003: blocked [hidden] Trace ID: 0a-1",
            "0a-1",
            "7b-2",
            "2026-11-23 12:00:00Z",
            "message_only",
        ] {
            assert!(said.contains(words), "{words}: {said}");
        }
    }
    let whole = world.run("explain --last work --json").ok().json();
    assert_eq!(whole["profile"], "work");
    assert_eq!(whole["findings"][0]["code"], "AADSTS53003");
    world.run("explain --last other").exits(2);
    front.answer_nothing();
    world.run("logout work").ok();
    world.run("explain --last work").exits(2);
}

#[test]
fn a_refusal_that_is_remembered_is_explained_as_the_first_one_was() {
    let front = Front::plain();
    let provider = front.provider(|settings| settings.lifetimes.access = Duration::from_secs(9000));
    let world = World::at(&provider);
    world.sign_in();
    front.answer(|request| {
        let refused = request.contains("grant_type=refresh_token");
        let body = r#"{"error":"invalid_grant","error_description":"AADSTS700082: too old."}"#;
        refused.then(|| (400, body.to_owned()))
    });

    let first = world.run("token work --renew").exits(3);
    let again = world.run("token work --renew").exits(3);

    assert_eq!(again.stderr, first.stderr);
    first
        .says("  means: the refresh token has expired, since it was not used")
        .says("  hint: run `keyfob login work`");
}

#[test]
fn a_damaged_note_counts_as_none() {
    let world = World::new();
    fs::create_dir_all(world.path("state/keyfob/refusals")).unwrap();
    for text in ["", "{}", "{\"version\":99}", "\u{0}"] {
        let path = world.write("state/keyfob/refusals/work.json", text);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        world.run("explain --last").exits(2);
        world.run("explain --last work").exits(2);
    }
}
