//! `keyfob doctor`: what stands in the way is named, with the next step, and nothing private leaks.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use keyfob::sys::clock::{Clock as _, SystemClock};
use serde_json::Value;

use crate::support::{World, provider, provider_with};

/// Finds what was said of one check of the only profile.
fn found<'a>(json: &'a Value, check: &str) -> &'a Value {
    let checks = json[0]["checks"].as_array().unwrap();
    checks.iter().find(|found| found["check"] == check).unwrap()
}

fn mark(json: &Value, check: &str) -> String {
    found(json, check)["mark"].as_str().unwrap().to_owned()
}

#[test]
fn a_healthy_profile_has_no_cross_and_every_check_has_a_line() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();

    let text = world.run("doctor work").ok().silent();
    let json = world.run("doctor work --json").ok().silent().json();

    for check in [
        "clock",
        "dns",
        "proxy",
        "tls",
        "provider",
        "redirect",
        "browser",
        "store",
        "session",
        "client",
        "secret",
        "scopes",
        "files",
        "leftovers",
        "agent",
        "terminal",
    ] {
        assert!(
            text.stdout.contains(&format!(" {check} ")),
            "{check}: {}",
            text.stdout
        );
        assert_ne!(mark(&json, check), "bad", "{check}: {json}");
    }
    assert!(
        text.stdout.lines().all(|line| line.chars().count() <= 80),
        "{}",
        text.stdout
    );
    for good in [
        "clock", "provider", "redirect", "store", "session", "client", "files",
    ] {
        assert_eq!(mark(&json, good), "good", "{good}: {}", found(&json, good));
    }
}

#[test]
fn a_clock_that_is_off_is_said_in_signed_seconds() {
    for (skew, wanted, sign) in [(90, "warning", "-"), (-4000, "bad", "+")] {
        let provider = provider_with(|settings| settings.clock_skew = skew);
        let world = World::at(&provider);
        let output = world.run("doctor work --json");
        let output = if wanted == "bad" {
            output.exits(9)
        } else {
            output.ok()
        };
        let json = output.json();
        let clock = found(&json, "clock");
        assert_eq!(clock["mark"], wanted, "{clock}");
        assert!(clock["said"].as_str().unwrap().starts_with(sign), "{clock}");
        assert!(
            clock["remedy"].as_str().unwrap().contains("timedatectl"),
            "{clock}"
        );
    }
}

#[test]
fn a_provider_that_is_gone_is_exit_6_and_one_that_never_answers_ends_at_the_deadline() {
    let gone = {
        let provider = provider();
        provider.issuer().to_owned()
    };
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = (format!("http://{}", silent.local_addr().unwrap()), silent);
    let world = World::new();
    let doctor = |issuer: &str| {
        let line = format!("doctor --issuer {issuer} --client-id x --json --timeout 2s");
        world.run(&line).exits(6).json()
    };

    let refused = doctor(&gone);
    let clock = SystemClock::new();
    let late = doctor(&silent.0);

    assert!(
        clock.elapsed() < Duration::from_secs(20),
        "the deadline holds"
    );
    assert_eq!(mark(&refused, "provider"), "bad");
    assert_eq!(mark(&late, "provider"), "bad");
    assert_eq!(mark(&late, "clock"), "skipped");
    assert_eq!(mark(&late, "files"), "good", "the others go on");
}

#[test]
fn what_others_could_change_or_read_is_named() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let config = world.path("config/keyfob/config.toml");
    assert!(
        config.exists(),
        "the configuration is where the test thinks it is"
    );
    let entry = std::fs::read_dir(world.path("state/keyfob/sessions")).unwrap();
    let entry = entry.map(|entry| entry.unwrap().path()).next().unwrap();
    std::fs::set_permissions(&entry, PermissionsExt::from_mode(0o604)).unwrap();
    let readable = world.run("doctor work --json").json();
    std::fs::set_permissions(&entry, PermissionsExt::from_mode(0o606)).unwrap();
    let writable = world.run("doctor work --json").exits(8).json();
    std::fs::set_permissions(&entry, PermissionsExt::from_mode(0o600)).unwrap();
    std::fs::set_permissions(&config, PermissionsExt::from_mode(0o666)).unwrap();
    let settings = world.run("doctor work --json").exits(8);

    assert_eq!(
        mark(&readable, "files"),
        "warning",
        "{}",
        found(&readable, "files")
    );
    assert_eq!(
        mark(&writable, "files"),
        "bad",
        "{}",
        found(&writable, "files")
    );
    assert!(
        found(&writable, "files")["remedy"]
            .as_str()
            .unwrap()
            .contains("chmod")
    );
    // Settings that others can change are not even read.
    assert!(
        settings.stderr.contains("can be changed by other users"),
        "{}",
        settings.stderr
    );
}

#[test]
fn a_port_that_is_taken_a_missing_secret_and_a_borrowed_client_are_found() {
    let provider = provider();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let more = format!("redirect_port = {port}\nclient_secret = {{ env = \"NO_SUCH_SECRET\" }}");
    let world = World::with_profile(&provider, &more);
    let borrowed = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

    let output = world.run("doctor work --json");
    let json = output.json();
    let azure = World::new()
        .run(&format!(
            "doctor --issuer {} --client-id {borrowed} --json",
            provider.issuer()
        ))
        .json();

    assert_eq!(
        mark(&json, "redirect"),
        "bad",
        "{}",
        found(&json, "redirect")
    );
    assert_eq!(mark(&json, "secret"), "bad");
    assert!(
        found(&json, "secret")["said"]
            .as_str()
            .unwrap()
            .contains("NO_SUCH_SECRET")
    );
    assert_eq!(mark(&azure, "client"), "warning");
    assert!(
        found(&azure, "client")["said"]
            .as_str()
            .unwrap()
            .contains("Azure CLI")
    );
}

#[test]
fn scopes_wider_than_the_targets_are_named() {
    let provider = provider();
    let world = World::at(&provider);
    let issuer = provider.issuer();
    world.configure(&format!(
        "store = \"sealed\"\n[profile.work]\nissuer = \"{issuer}\"\nclient_id = \"keyfob-cli\"\n\
         scopes = \"openid orders.read everything\"\n[profile.work.target.orders]\nscopes = \"orders.read\""
    ));

    let json = world.run("doctor work --json").ok().json();

    assert_eq!(mark(&json, "scopes"), "warning");
    assert!(
        found(&json, "scopes")["said"]
            .as_str()
            .unwrap()
            .contains("`everything`")
    );
}

#[test]
fn a_proxy_is_named_without_its_password() {
    let provider = provider();
    let world = World::at(&provider).with(
        "HTTPS_PROXY",
        "http://amara:hunter2secret@proxy.example:3128",
    );

    let own = world.run("doctor work --json").ok();
    let line = "doctor --issuer https://id.example.com --client-id x --json --timeout 1s";
    let other = world.run(line).exits(6);

    assert!(
        found(&own.json(), "proxy")["said"]
            .as_str()
            .unwrap()
            .contains("HTTPS_PROXY")
    );
    let said = found(&other.json(), "proxy")["said"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(said, "proxy.example:3128, from `HTTPS_PROXY`");
    for output in [own, other] {
        assert!(!output.stdout.contains("hunter2") && !output.stderr.contains("hunter2"));
    }
}

#[test]
fn the_report_for_a_ticket_tells_nothing_private_and_overwrites_nothing() {
    let provider = provider();
    let world = World::with_profile(
        &provider,
        "[profile.work.authorize]\nlogin_hint = \"amara@practice.example\"",
    )
    .with(
        "HTTPS_PROXY",
        "http://amara:hunter2secret@proxy.example:3128",
    )
    .with("KEYFOB_SECRET_THING", "s3cr3t-in-a-variable")
    .with("USER", "amarauser");
    world.sign_in();
    let token = world.run("token work").ok().line();
    let id_token = world.run("token work --id-token").ok().line();
    let subject = world.run("list --json").ok().json()[0]["subject"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = world.path("report.txt");

    let output = world
        .run(&format!(
            "doctor work --verbose --report {}",
            path.display()
        ))
        .ok();

    let report = std::fs::read_to_string(&path).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let home = world.home().to_str().unwrap();
    for private in [
        "hunter2",
        "s3cr3t",
        "amara",
        "practice.example",
        home,
        &token,
        &id_token,
        &subject,
        "keyfob-cli",
    ] {
        assert!(!report.contains(private), "{private}: {report}");
    }
    for public in ["clock", "provider", "HTTPS_PROXY is set", "keyfob 0.1"] {
        assert!(report.contains(public), "{public}: {report}");
    }
    for secret in ["hunter2", "s3cr3t", &token, &id_token] {
        assert!(
            !output.stdout.contains(secret) && !output.stderr.contains(secret),
            "{secret}"
        );
    }
    world
        .run(&format!("doctor work --report {}", path.display()))
        .exits(2);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), report);
}

#[test]
fn nothing_is_left_behind_and_no_refresh_token_is_spent() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let tokens = provider.requests(keyfob::issuer::Endpoint::Token);
    let before = world.sessions();

    world.run("doctor work").ok();
    world.run("doctor --all").ok();

    assert_eq!(world.sessions(), before);
    assert_eq!(provider.requests(keyfob::issuer::Endpoint::Token), tokens);
    assert!(
        world.opened().is_empty() || world.opened().len() == 1,
        "only the sign-in's window"
    );
    assert!(
        World::new()
            .run("doctor")
            .exits(8)
            .stderr
            .contains("profile")
    );
}
