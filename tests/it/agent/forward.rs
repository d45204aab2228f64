//! `keyfob agent forward`: what a restricted socket gives, what it refuses, when it ends, and what
//! is written down about it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use keyfob::sys::clock::{Clock as _, SystemClock};
use serde_json::Value;

use super::raw::Raw;
use super::{Agent, configure, in_memory, socket};
use crate::support::{World, assert_private, provider};

/// A restricted socket, as it was printed.
pub(super) struct Lent {
    pub(super) line: String,
    pub(super) socket: PathBuf,
    pub(super) id: String,
}

/// Opens a restricted socket on a line of flags.
#[track_caller]
pub(super) fn lend(world: &World, flags: &str) -> Lent {
    let output = world.run(&format!("agent forward {flags}")).ok();
    let line = output.line();
    let (_, carried) = line.split_once(" -R ").expect("the line carries a socket");
    let (_, local) = carried.split_once(':').unwrap();
    let socket = PathBuf::from(local.split_once(' ').unwrap().0);
    let id = socket.to_str().unwrap().rsplit('-').next().unwrap();
    Lent {
        id: id.to_owned(),
        socket,
        line,
    }
}

/// Somebody on another host: no settings, and the socket as their agent.
pub(super) fn abroad(socket: &Path) -> World {
    World::new().with("KEYFOB_AGENT", socket.to_str().unwrap())
}

/// The lines of the audit trail of one kind.
pub(super) fn trail(world: &World, event: &str) -> Vec<Value> {
    let text = fs::read_to_string(world.path("state/keyfob/audit/audit.jsonl"));
    let text = text.unwrap_or_default();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines
        .filter(|line: &Value| line["event"] == event)
        .collect()
}

/// Waits until something holds, for a while.
#[track_caller]
pub(super) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let clock = SystemClock::new();
    while !holds() {
        assert!(clock.elapsed() < Duration::from_secs(60), "in vain: {what}");
        thread::yield_now();
    }
}

#[test]
fn another_host_gets_the_named_targets_in_every_format_and_nothing_else() {
    let provider = provider();
    let host = in_memory(&provider);
    let _agent = Agent::start(&host, "");
    host.sign_in();
    let token = host.run("token work/orders").ok().line();
    let lent = lend(&host, "--host dev1 --target work/orders --for 2h");
    let remote = abroad(&lent.socket);

    let mode = |path: &Path| fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&lent.socket), 0o600);
    assert_eq!(lent.socket.parent(), socket(&host).parent());
    for format in ["raw", "json", "header", "curl", "env"] {
        let output = remote.run(&format!("token work/orders --format {format}"));
        assert!(output.ok().silent().stdout.contains(&token), "{format}");
    }
    remote
        .run("-v token work/orders --min-ttl 1m")
        .ok()
        .says("from the forwarded agent of ");
    for (line, word) in [
        (
            "token work",
            "`work/orders` only: there is no token for `work`",
        ),
        ("token work/other", "`work/other`"),
        ("token work/orders --id-token", "no ID token"),
        ("token work/orders --renew", "not renewed on demand"),
        ("token work/orders --min-ttl 1h", "not renewed on demand"),
        ("token work/orders --scope openid", "cannot be others"),
        ("token work/orders --audience x", "cannot be others"),
        ("token work/orders --resource https://x", "cannot be others"),
        ("agent status", "does not answer `status`"),
        ("agent stop", "does not answer `stop`"),
        ("agent unforward x", "does not answer `unforward`"),
    ] {
        let output = remote.run(line).exits(5).says(word);
        assert_private(&host, &[&token], &[&output]);
        assert_eq!(output.stdout, "", "{line}");
    }
    assert!(
        fs::read_dir(remote.path("state")).is_err(),
        "nothing was kept"
    );
    let status = host.run("agent status").ok();
    let said = format!("forward {} lets dev1 have work/orders", lent.id);
    assert!(status.stdout.contains(&said), "{status:#?}");
}

#[test]
fn a_restricted_socket_answers_nothing_that_is_not_named() {
    let provider = provider();
    let host = in_memory(&provider);
    let agent = Agent::start(&host, "");
    host.sign_in();
    let lent = lend(&host, "--host dev1 --target work/orders");
    let mut raw = Raw::greeted(&lent.socket);
    let requests = [
        r#"{"ask":"adopt","record":"e30","entry":"{}","tokens":[]}"#,
        r#"{"ask":"forward","host":"x","targets":["work"],"seconds":9}"#,
        r#"{"ask":"lock","passphrase":"cA"}"#,
        r#"{"ask":"sessions"}"#,
        r#"{"ask":"sign_out","profile":"work","issuer":"https://a","client_id":"c"}"#,
        r#"{"ask":"status"}"#,
        r#"{"ask":"stop"}"#,
        r#"{"ask":"unforward","id":"x"}"#,
        r#"{"ask":"unlock","passphrase":"cA"}"#,
        r#"{"ask":"sing"}"#,
        r#"{"ask":"token","profile":"work/orders"}"#,
        r#"{"ask":"token","profile":"work","target":"orders","kind":"refresh"}"#,
        r#"{"ask":"token","profile":"work","target":"orders/"}"#,
        r#"{"ask":"token","profile":"work","target":"Orders"}"#,
        r#"{"ask":"token","profile":"work","target":"orders","wish":{"whole":true}}"#,
        r#"{"ask":"token","profile":"work","target":null}"#,
        r#"{"token":"work/orders"}"#,
        "[]",
        "",
    ];

    for request in requests {
        let answer = raw.ask(request);
        assert_eq!(answer["answer"], "error", "{request}: {answer}");
        let reason = answer["reason"].as_str().unwrap();
        let known = ["refused", "bad_request", "unknown_request"];
        assert!(known.contains(&reason), "{request}: {answer}");
    }

    let answer = raw.ask(r#"{"ask":"token","profile":"work","target":"orders"}"#);
    assert_eq!(answer["answer"], "ticket", "{answer}");
    let used = trail(&host, "forward_used");
    assert_eq!(
        used.len(),
        requests.len() + 1,
        "one line for each: {used:#?}"
    );
    assert!(
        used[..requests.len()]
            .iter()
            .all(|use_| use_["outcome"] == "refused")
    );
    host.run("agent stop").ok();
    agent.end().ok();
}

#[test]
fn each_use_is_one_line_and_none_has_a_token() {
    let provider = provider();
    let host = in_memory(&provider);
    let agent = Agent::start(&host, "");
    host.sign_in();
    let lent = lend(&host, "--host me@dev1 --target work/orders --for 1h");
    let remote = abroad(&lent.socket);

    let token = remote.run("token work/orders").ok().line();
    remote.run("token work").exits(5);
    host.run(&format!("agent unforward {}", lent.id)).ok();
    until("the socket to go", || !lent.socket.exists());
    until("the end to be told", || {
        !trail(&host, "forward_ended").is_empty()
    });

    let opened = &trail(&host, "forward_opened")[0];
    assert_eq!(opened["v"], 1);
    assert_eq!(opened["host"], "me@dev1");
    assert_eq!(opened["targets"], serde_json::json!(["work/orders"]));
    assert_eq!(opened["forward"], lent.id.as_str());
    let used = trail(&host, "forward_used");
    assert_eq!(used.len(), 2, "{used:#?}");
    assert_eq!(used[0]["outcome"], "given");
    assert_eq!(used[0]["selector"], "work/orders");
    assert_eq!(used[0]["host"], "me@dev1");
    assert!(used[0]["pid"].as_u64().unwrap() > 1);
    assert!(used[0]["time"].as_str().unwrap().ends_with('Z'));
    assert!(used[0]["expires"].as_str().unwrap().ends_with('Z'));
    assert_eq!(used[0]["token_id"], claim(&token, "jti"));
    assert_eq!(used[1]["outcome"], "refused");
    assert_eq!(used[1]["selector"], "work");
    assert!(
        used[1]["why"]
            .as_str()
            .unwrap()
            .contains("no token for `work`")
    );
    let text = fs::read_to_string(host.path("state/keyfob/audit/audit.jsonl")).unwrap();
    for part in token.split('.') {
        assert!(!text.contains(part), "a part of the token is in the trail");
    }
    let path = host.path("state/keyfob/audit/audit.jsonl");
    let mode = fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    host.run("agent stop").ok();
    agent.end().ok();
}

/// A claim of a token that can be read.
fn claim(token: &str, name: &str) -> Value {
    let token = keyfob::jwt::Unverified::parse(token).unwrap();
    token.claims().all()[name].clone()
}

#[test]
fn no_token_is_given_that_cannot_be_written_down() {
    let provider = provider();
    let host = in_memory(&provider);
    let _agent = Agent::start(&host, "");
    host.sign_in();
    let lent = lend(&host, "--host dev1 --target work/orders");
    let remote = abroad(&lent.socket);
    let token = remote.run("token work/orders").ok().line();
    let path = host.path("state/keyfob/audit/audit.jsonl");

    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let refused = remote.run("token work/orders").exits(1);
    let unopened = host.run("agent forward --host dev2 --target work");

    assert!(
        refused.stderr.contains("audit trail cannot be written"),
        "{refused:#?}"
    );
    assert_eq!(refused.stdout, "");
    assert!(!refused.stderr.contains(&token), "{refused:#?}");
    unopened.exits(1).says("audit trail cannot be written");
    // What needs no line goes on.
    host.run("token work/orders").ok();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    remote.run("token work/orders").ok();
}

#[test]
fn a_forward_ends_with_its_time_with_its_agent_and_refuses_while_that_is_locked() {
    let provider = provider();
    let host = in_memory(&provider);
    let agent = Agent::start(&host, "");
    host.sign_in();
    let short = lend(&host, "--host dev1 --target work/orders --for 1s");
    let long = lend(&host, "--host dev1 --target work/orders --for 1h");
    let open = Raw::greeted(&short.socket);
    let remote = abroad(&long.socket);
    remote.run("token work/orders").ok();

    until("the short one to end", || !short.socket.exists());
    drop(open);
    abroad(&short.socket)
        .run("token work/orders")
        .exits(7)
        .says("the agent is not running");
    assert_eq!(trail(&host, "forward_ended")[0]["why"], "its time is over");
    host.run_with("agent lock --stdin", "four words").ok();
    remote
        .run("token work/orders")
        .exits(7)
        .says("the agent is locked")
        .says("run `keyfob agent unlock`");
    host.run("agent forward --host x --target work").exits(7);
    host.run_with("agent unlock --stdin", "four words").ok();
    remote.run("token work/orders").ok();
    host.run("agent stop").ok();
    agent.end().ok();

    assert!(!long.socket.exists());
    let why = trail(&host, "forward_ended");
    assert_eq!(why[1]["why"], "the agent has ended", "{why:#?}");
    let folder = socket(&host);
    let left: Vec<_> = fs::read_dir(folder.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("forward"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_a_killed_agent_left_behind_is_cleared_away() {
    let provider = provider();
    let host = in_memory(&provider);
    let agent = Agent::start(&host, "");
    let lent = lend(&host, "--host dev1 --target work/orders");
    agent.signal("KILL");
    drop(agent);
    assert!(lent.socket.exists());

    let _agent = Agent::start(&host, "");

    until("the socket to go", || !lent.socket.exists());
}

#[test]
fn a_host_that_has_the_profile_too_is_given_what_it_means_by_it() {
    let provider = provider();
    let host = in_memory(&provider);
    let _agent = Agent::start(&host, "");
    host.sign_in();
    let lent = lend(&host, "--host dev1 --target work/orders --target work");
    let same = abroad(&lent.socket);
    configure(&same, provider.issuer(), "agent");

    let token = same
        .run("-v token work/orders")
        .ok()
        .says("forwarded agent");
    assert_eq!(token.line(), host.run("token work/orders").ok().line());
    same.run("token work --scope orders.read").exits(5);
}

#[test]
fn hostile_hosts_targets_and_paths_are_refused_and_open_nothing() {
    let provider = provider();
    let host = in_memory(&provider);
    let _agent = Agent::start(&host, "");
    let forward = |name: &str, target: &str| {
        let (name, target) = (format!("--host={name}"), format!("--target={target}"));
        host.run_words(&["agent", "forward", &name, &target])
    };

    for name in [
        "",
        "-oProxyCommand=touch x",
        "-v",
        "a b",
        "a'b",
        "a\"b",
        "a;b",
        "$(a)",
        "`a`",
        "a\nb",
        "a\u{1b}[2Jb",
        "me@-x",
        "me@",
        "a&b",
        "a\\b",
    ] {
        let output = forward(name, "work/orders").exits(2);
        assert!(!output.stderr.contains('\u{1b}'), "{output:#?}");
    }
    for target in [
        "",
        "/orders",
        "work/",
        "work/orders/x",
        "work orders",
        "wo\u{1b}rk",
        "*",
    ] {
        forward("dev1", target).exits(2);
    }
    forward("dev1", "work/nothing").exits(2);
    forward("dev1", "nothing").exits(2);
    assert!(trail(&host, "forward_opened").is_empty());
}

#[test]
fn a_path_there_is_plain_or_refused_and_else_one_that_nobody_can_guess() {
    let provider = provider();
    let host = in_memory(&provider);
    let _agent = Agent::start(&host, "");
    let forward = |flag: &str| {
        let words = ["agent", "forward", "--host=dev1", "--target=work", flag];
        host.run_words(&words)
    };

    for path in [
        "x.sock",
        "/tmp/a b",
        "/tmp/a;b",
        "/tmp/$HOME",
        "/tmp/a:b",
        "/tmp/",
    ] {
        forward(&format!("--remote-socket={path}")).exits(2);
    }
    for span in ["0s", "soon", "-1h"] {
        forward(&format!("--for={span}")).exits(2);
    }
    host.run("agent unforward nothing")
        .exits(2)
        .says("no forward `nothing`");
    host.run("agent forward --host dev1").exits(2);

    assert!(trail(&host, "forward_opened").is_empty());
    let fine = lend(
        &host,
        "--host dev1 --target work --remote-socket /run/k.sock",
    );
    assert!(fine.line.contains(" -R /run/k.sock:"), "{}", fine.line);
    let other = lend(&host, "--host dev1 --target work");
    let again = lend(&host, "--host dev1 --target work");
    assert_ne!(other.line, again.line);
    assert!(other.line.contains(" -R /tmp/keyfob-"), "{}", other.line);
}

#[test]
fn a_forward_lives_no_longer_than_its_agent() {
    let provider = provider();
    let host = in_memory(&provider);
    let _agent = Agent::start(&host, "--life 1h");

    let output = host.run("agent forward --host dev1 --target work --for 5h");

    output.ok().says("the agent itself ends then");
    let status = host.run("agent status --json").ok().json();
    let left = status["forwards"][0]["left"].as_u64().unwrap();
    assert!(left <= 3600, "{status}");
}

#[test]
fn without_an_agent_nothing_is_forwarded() {
    let provider = provider();
    let host = in_memory(&provider);

    host.run("agent forward --host dev1 --target work/orders")
        .exits(7)
        .says("the agent is not running");
    host.run("agent unforward x").exits(7);
}
