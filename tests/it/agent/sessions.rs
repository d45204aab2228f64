//! Sessions in the agent: from the sign-in to the sign-out, for every command.

use std::collections::BTreeSet;
use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyfob::issuer::Endpoint;

use super::raw::Raw;
use super::{Agent, configure, in_memory, socket};
use crate::support::{Running, World, assert_private, introspect, provider};

/// As many as a build starts at once.
const ASKERS: usize = 50;

#[test]
fn a_session_lives_in_the_agent_from_sign_in_to_sign_out() {
    let provider = provider();
    let world = in_memory(&provider);
    let agent = Agent::start(&world, "");

    let login = world.sign_in().says("in the agent's memory");
    let token = world.run("token work").ok().silent().line();
    let again = world.run("token work").ok().silent().line();
    let renewed = world.run("token work --renew").ok().silent().line();
    let orders = world.run("token work/orders").ok().silent().line();
    let id = world.run("token work --id-token").ok().silent().line();
    let list = world.run("list --json").ok().silent().json();
    let inspect = world.run("inspect work --json").ok().silent().json();
    let userinfo = world.run("inspect work --userinfo").ok().silent();
    let status = world.run("agent status").ok().silent();

    assert_eq!(again, token);
    assert_ne!(renewed, token);
    assert_eq!(list[0]["store"], "agent");
    assert_eq!(list[0]["state"], "signed_in");
    assert!(targets(&list).contains(&"orders.read".to_owned()), "{list}");
    assert_eq!(inspect["claims"]["client_id"], "keyfob-cli", "{inspect}");
    assert!(userinfo.stdout.contains("Amara"), "{userinfo:#?}");
    assert!(status.stdout.contains("keeps work"), "{status:#?}");
    for secret in [&token, &renewed, &orders, &id] {
        assert_private(&world, &[secret], &[&login, &status]);
    }
    assert!(world.sessions().is_empty() && world.cached().is_empty());

    world
        .run("logout work")
        .ok()
        .says("refresh token is revoked");
    world.run("token work").exits(3).says("keyfob login work");
    world.run("logout work").ok().says("Nobody was signed in");
    assert!(introspect(&provider, &renewed).contains("false"));
    world.run("agent stop").ok();
    agent.end().ok();
}

#[test]
fn a_session_ends_with_its_agent() {
    let provider = provider();
    let world = in_memory(&provider);
    let agent = Agent::start(&world, "");
    world.sign_in();
    world.run("agent stop").ok();
    agent.end().ok();

    world.run("token work").exits(7).says("keyfob agent");
    world.run("login work").exits(7).says("keyfob agent");
    let _agent = Agent::start(&world, "");

    world.run("token work").exits(3);
    assert_eq!(provider.requests(Endpoint::Authorize), 1);
}

#[test]
fn a_sign_in_replaces_the_session_before() {
    let provider = provider();
    let world = in_memory(&provider);
    let _agent = Agent::start(&world, "");
    world.sign_in();
    let first = world.run("token work").ok().line();
    world.run("token work/orders").ok();

    world.sign_in();

    assert_ne!(world.run("token work").ok().line(), first);
    let list = world.run("list --json").ok().json();
    assert_eq!(list.as_array().unwrap().len(), 1, "{list}");
    assert!(
        !targets(&list).contains(&"orders.read".to_owned()),
        "{list}"
    );
}

/// What the first session's tokens are for.
fn targets(list: &serde_json::Value) -> Vec<String> {
    let tokens = list[0]["access_tokens"].as_array().unwrap().iter();
    tokens
        .map(|token| token["target"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn fifty_at_once_through_the_agent_cause_one_request() {
    for store in ["agent", "sealed"] {
        let provider = provider();
        let world = World::new();
        configure(&world, provider.issuer(), store);
        let _agent = Agent::start(&world, "");
        world.sign_in();
        let before = provider.requests(Endpoint::Token);

        let askers: Vec<Running> = (0..ASKERS)
            .map(|_| world.spawn("token work/orders"))
            .collect();
        let tokens: BTreeSet<String> = askers
            .into_iter()
            .map(|asker| asker.wait().ok().silent().line())
            .collect();

        assert_eq!(provider.requests(Endpoint::Token), before + 1, "{store}");
        assert_eq!(tokens.len(), 1, "{store}");
    }
}

#[test]
fn a_session_on_the_disk_is_the_same_with_and_without_the_agent() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let token = world.run("token work").ok().line();

    let agent = Agent::start(&world, "");
    let by_agent = world.run("-v token work").ok().says("the agent answered");
    assert_eq!(by_agent.line(), token);
    let renewed = world.run("token work --renew").ok().line();
    let status = world.run("agent status --json").ok().json();
    assert!(status["requests"].as_u64().unwrap() >= 2, "{status}");
    world.run("agent stop").ok();
    agent.end().ok();

    let alone = world.run("-v token work").ok();
    assert_eq!(alone.line(), renewed);
    assert!(!alone.stderr.contains("the agent"), "{alone:#?}");
    world.run("token work --renew").ok();
    let refused = provider
        .log()
        .iter()
        .filter(|request| request.error.is_some())
        .count();
    assert_eq!(refused, 0, "no refresh token was spent twice");
}

#[test]
fn a_profile_that_only_the_agent_knows_is_asked_for_by_its_name() {
    let provider = provider();
    let host = in_memory(&provider);
    let _agent = Agent::start(&host, "");
    host.sign_in();
    let token = host.run("token work/orders").ok().line();
    let path = socket(&host);
    let remote = World::new().with("KEYFOB_AGENT", path.to_str().unwrap());

    let json = remote.run("token work/orders --format json").ok().json();

    assert_eq!(json["access_token"], token);
    assert_eq!(json["issuer"], provider.issuer());
    assert_eq!(json["profile"], "work");
    assert_eq!(json["target"], "orders");
    assert!(json["expires_in"].as_u64().unwrap() > 0);
    let scope = remote.run("token work --scope orders.read").ok().line();
    assert_eq!(scope, token);
    // What the agent does not know either is answered as if there were none.
    let unknown = remote.run("token play");
    let alone = World::new().run("token play");
    assert_eq!(unknown.stderr, alone.stderr);
    assert_eq!(unknown.status, alone.status);
    let other = remote.run("token work --issuer https://id.example.com");
    assert_ne!(other.status, 0, "{other:#?}");
    assert!(
        fs::read_dir(remote.path("state")).is_err(),
        "nothing was kept"
    );
}

#[test]
fn no_answer_holds_a_refresh_token() {
    let provider = provider();
    let world = in_memory(&provider);
    let _agent = Agent::start(&world, "");
    let refresh = "a-refresh-token-that-nobody-may-see";
    let issuer = provider.issuer();
    let record = format!(
        r#"{{"version":1,"generation":0,"refresh_token":"{refresh}","claims":{{"iss":"{issuer}","sub":"amara","aud":"keyfob-cli"}},"scopes":"openid"}}"#
    );
    let entry = format!(
        r#"{{"version":1,"profile":"work","issuer":"{issuer}","client_id":"keyfob-cli","subject":"amara","label":"Amara","store":"agent","signed_in":1800000000,"refreshable":true,"ended":null,"tokens":[]}}"#
    );
    let record = URL_SAFE_NO_PAD.encode(record);
    let adopt = serde_json::json!({"ask": "adopt", "record": record, "entry": entry, "tokens": []});
    let mut raw = Raw::greeted(&socket(&world));
    let mut answers = vec![raw.ask(&adopt.to_string())];
    assert_eq!(answers[0]["answer"], "done", "{answers:?}");

    for line in [
        r#"{"ask":"token","profile":"work"}"#,
        r#"{"ask":"token","profile":"work","kind":"id"}"#,
        r#"{"ask":"token","profile":"work","kind":"refresh"}"#,
        r#"{"ask":"token","profile":"work","renew":true}"#,
        r#"{"ask":"record","profile":"work"}"#,
        r#"{"ask":"sessions"}"#,
        r#"{"ask":"status"}"#,
        r#"{"ask":"adopt","record":"e30","entry":"{}","tokens":[]}"#,
        r#"{"ask":"lock","passphrase":"Zm91ciB3b3Jkcw"}"#,
        r#"{"ask":"sessions"}"#,
        r#"{"ask":"unlock","passphrase":"Zm91ciB3b3Jkcw"}"#,
    ] {
        answers.push(raw.ask(line));
    }
    let sign_out = format!(
        r#"{{"ask":"sign_out","profile":"work","issuer":"{issuer}","client_id":"keyfob-cli","revoke":true}}"#
    );
    answers.push(raw.ask(&sign_out));

    assert!(answers.iter().any(|answer| answer["answer"] == "sessions"));
    assert_eq!(answers.last().unwrap()["was_there"], true, "{answers:#?}");
    for answer in answers {
        assert!(!answer.to_string().contains(refresh), "{answer}");
    }
}

#[test]
fn a_session_that_the_agent_could_not_have_written_is_not_kept() {
    let provider = provider();
    let world = in_memory(&provider);
    let _agent = Agent::start(&world, "");
    let mut raw = Raw::greeted(&socket(&world));

    for (record, entry) in [("e30", "{}"), ("", ""), ("bnVsbA", "[]")] {
        let adopt =
            serde_json::json!({"ask": "adopt", "record": record, "entry": entry, "tokens": []});
        let answer = raw.ask(&adopt.to_string());
        assert_eq!(answer["reason"], "failed", "{answer}");
    }

    let sessions = raw.ask(r#"{"ask":"sessions"}"#);
    assert_eq!(sessions["entries"].as_array().unwrap().len(), 0);
}
