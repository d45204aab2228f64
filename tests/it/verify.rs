//! `keyfob verify`: whether an API should take a token, and what to set right when it should not.

use std::fmt::Write as _;

use keyfob::issuer::{Endpoint, Provider};

use crate::support::{World, get, provider, provider_with};

#[test]
fn a_sessions_own_token_holds_with_every_check_on_a_line() {
    let provider = provider();
    let world = signed_in(&provider);

    let text = world.run("verify work").ok().silent();
    let json = world.run("verify work --json").ok().silent().json();
    let id = world.run("verify work --id-token --json").ok().json();

    for check in [
        "clock",
        "audience",
        "kind",
        "issuer",
        "subject",
        "time",
        "key",
        "signature",
    ] {
        assert!(
            text.stdout.contains(&format!(" {check} ")),
            "{check}: {}",
            text.stdout
        );
    }
    assert!(
        text.stdout.contains("the access token holds"),
        "{}",
        text.stdout
    );
    assert_eq!(json["verdict"], "holds");
    assert_eq!(json["token"], "access");
    assert_eq!(json["issuer"], provider.issuer());
    assert_eq!(json["checks"][0]["check"], "clock");
    assert_eq!(json["checks"][0]["mark"], "holds");
    assert_eq!(json["checks"][1]["check"], "audience");
    assert_eq!(id["verdict"], "holds");
    assert_eq!(id["token"], "id");
    let token = world.run("token work").ok().line();
    assert!(
        !text.stdout.contains(&token),
        "a table of checks is no token"
    );
}

#[test]
fn a_token_from_elsewhere_is_judged_by_a_profile_and_never_by_its_own_word() {
    let (known, stranger) = (provider(), provider());
    let world = signed_in(&known);
    let other = signed_in(&stranger);
    let (own, foreign) = (
        world.run("token work").ok().line(),
        other.run("token work").ok().line(),
    );
    let file = world.write("token.txt", format!("Bearer {own}\n"));
    let before = stranger.log().len();

    world.run_with("verify - --profile work", &own).ok();
    world.run(&format!("verify --file {}", file.display())).ok();
    let refused = world.run_with("verify - --json", &foreign).exits(9);

    let json = refused.json();
    assert_eq!(json["first_failed"], "issuer");
    assert!(refused.stderr.contains("issuer"), "{}", refused.stderr);
    assert_eq!(
        stranger.log().len(),
        before,
        "the token's own issuer is not asked"
    );
}

#[test]
fn what_the_person_demands_is_checked_and_the_first_thing_to_fix_is_named() {
    let provider = provider();
    let world = signed_in(&provider);
    for (flags, step, fix) in [
        (
            "--audience api://orders",
            "audience",
            "ask for a token of this API",
        ),
        ("--scope no.such", "permissions", "ask for these scopes"),
        ("--role Boss", "permissions", "assign the role"),
        ("--client somebody", "client", "compare the client id"),
        ("--tenant elsewhere", "issuer", "--issuer"),
        ("--acr gold", "strength", "--claims-challenge"),
        ("--type id", "kind", "--type"),
    ] {
        let output = world.run(&format!("verify work --json {flags}")).exits(9);
        let json = output.json();
        assert_eq!(json["first_failed"], step, "{flags}: {json}");
        assert!(
            json["fix"].as_str().unwrap().contains(fix),
            "{flags}: {json}"
        );
        assert!(
            output.stderr.contains("hint: "),
            "{flags}: {}",
            output.stderr
        );
    }
    let id = world.run("verify work --id-token --type access").exits(9);
    assert!(id.stderr.contains("kind check"), "{}", id.stderr);
}

#[test]
fn a_clock_that_is_off_is_named_before_everything_else() {
    let provider = provider_with(|settings| settings.clock_skew = 400);
    let world = World::at(&provider);
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.AAAA";

    let output = world
        .run_with("verify - --profile work --json --audience x", token)
        .exits(9);

    let json = output.json();
    assert_eq!(json["first_failed"], "clock");
    let found = json["checks"][0]["found"].as_str().unwrap();
    assert!(
        found.starts_with("-4") || found.starts_with("-399"),
        "{found}"
    );
    assert!(json["fix"].as_str().unwrap().contains("clock"), "{json}");
}

#[test]
fn offline_with_a_key_set_there_is_no_request_at_all() {
    let provider = provider();
    let world = signed_in(&provider);
    let token = world.run("token work").ok().line();
    let keys = get(&format!("{}/jwks", provider.issuer()));
    let keys = world.write("keys.json", keys);
    let nothing = world.write("none.json", r#"{"keys":[]}"#);
    let before = provider.log().len();
    let issuer = provider.issuer();
    let verify = |keys: &std::path::Path, more: &str| {
        let path = keys.display();
        let line = format!("verify - --offline --jwks {path} --issuer {issuer} {more}");
        world.run_with(&line, &token)
    };

    let held = verify(&keys, "--json").ok().json();
    let unknown = verify(&nothing, "--json").exits(9).json();

    assert_eq!(held["verdict"], "holds", "{held}");
    assert_eq!(
        held["checks"][0]["mark"], "unknown",
        "no clock was asked: {held}"
    );
    assert_eq!(unknown["first_failed"], "key");
    assert_eq!(provider.log().len(), before);
    world.run_with("verify - --offline", &token).exits(2);
    let broken = world.write("broken.json", "[]");
    let said = verify(&broken, "").exits(2);
    assert!(
        said.stderr.contains("broken.json` is no key set"),
        "{}",
        said.stderr
    );
}

#[test]
fn keys_that_cannot_be_had_leave_it_undecided_and_exit_6() {
    let gone = {
        let provider = provider();
        provider.issuer().to_owned()
    };
    let world = World::new();

    let output = world
        .run_with(&format!("verify - --issuer {gone}"), "a.b.c")
        .exits(6);

    assert!(
        output.stderr.contains("cannot connect"),
        "{}",
        output.stderr
    );
}

#[test]
fn a_token_that_only_its_api_can_verify_has_a_verdict_of_its_own() {
    let provider = provider();
    let world = World::at(&provider);
    for text in ["opaque-token-without-dots", "a.b.c.d.e"] {
        let output = world
            .run_with("verify - --profile work --json", text)
            .exits(10);
        assert_eq!(output.json()["verdict"], "not_verifiable", "{text}");
        assert!(!output.stderr.contains("signature"), "{}", output.stderr);
        assert!(output.stderr.contains("by design"), "{}", output.stderr);
    }
}

#[test]
fn many_tokens_get_one_verdict_each_in_order_whatever_is_among_them() {
    let provider = provider();
    let world = signed_in(&provider);
    let token = world.run("token work").ok().line();
    let long = "A".repeat(1024 * 1024);
    let mut lines = String::new();
    for line in [
        token.as_str(),
        "",
        "garbage",
        &long,
        "eyJhbGciOiJub25lIn0.e30.",
        "\u{1b}[2Ja.b.c",
        &format!("{token}x"),
        &token,
    ] {
        writeln!(lines, "{line}").unwrap();
    }
    let before = provider.requests(Endpoint::Keys);

    let output = world
        .run_with("verify - --profile work --ndjson", &lines)
        .exits(9);

    let verdicts: Vec<serde_json::Value> = output
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told: Vec<&str> = verdicts
        .iter()
        .map(|verdict| verdict["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(
        told,
        [
            "holds",
            "not_verifiable",
            "fails",
            "fails",
            "fails",
            "fails",
            "holds"
        ]
    );
    let numbers: Vec<u64> = verdicts
        .iter()
        .map(|verdict| verdict["line"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
    assert!(!output.stdout.contains('\u{1b}'));
    assert!(!output.stdout.contains(&token));
    assert!(
        output.stderr.contains("5 of 7 tokens do not hold"),
        "{}",
        output.stderr
    );
    assert!(
        provider.requests(Endpoint::Keys) <= before + 2,
        "keys are fetched once"
    );
    world
        .run_with("verify - --profile work --ndjson", "\n\n")
        .exits(2);
    world
        .run_with(
            "verify - --profile work --ndjson",
            &format!("{token}\n{token}"),
        )
        .ok();
}

#[test]
fn a_hostile_claim_drives_no_terminal_and_a_hostile_header_brings_no_key() {
    let provider = provider();
    let world = World::at(&provider);
    // {"alg":"RS256","jku":"https://evil.example","jwk":{"kty":"RSA"},"kid":"\u001b[2J"}
    let header = "eyJhbGciOiJSUzI1NiIsImprdSI6Imh0dHBzOi8vZXZpbC5leGFtcGxlIiwiandrIjp7Imt0eSI6IlJTQSJ9LCJraWQiOiJcdTAwMWJbMkoifQ";
    // {"iss":"\u001b]0;x\u0007","aud":"\u202eevil","sub":"\u001b[31m"}
    let claims =
        "eyJpc3MiOiJcdTAwMWJdMDt4XHUwMDA3IiwiYXVkIjoiXHUyMDJlZXZpbCIsInN1YiI6Ilx1MDAxYlszMW0ifQ";
    let token = format!("{header}.{claims}.AAAA");

    for flags in ["", "--json", "--ndjson"] {
        let line = format!("verify - --profile work --audience x {flags}");
        let output = world.run_with(&line, &token).exits(9);
        for text in [&output.stdout, &output.stderr] {
            assert!(
                !text.contains('\u{1b}') && !text.contains('\u{202e}'),
                "{output:#?}"
            );
        }
    }
}

#[test]
fn what_is_no_token_or_no_demand_is_bad_usage() {
    let provider = provider();
    let world = World::at(&provider);
    for text in ["", "two words", "a\u{0}b"] {
        world.run_with("verify - --profile work", text).exits(2);
    }
    world.run("verify --file /nonexistent").exits(2);
    world.run_with("verify - --leeway soon", "a.b.c").exits(2);
    world.run_with("verify - --type refresh", "a.b.c").exits(2);
    world.run_with("verify - --json --ndjson", "a.b.c").exits(2);
    world.run("verify work").exits(3);
}

fn signed_in(provider: &Provider) -> World {
    let world = World::at(provider);
    world.sign_in();
    world
}
