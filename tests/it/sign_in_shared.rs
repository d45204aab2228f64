//! A sign-in in progress: seen by others, joined, taken over, and in nobody's way.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;

use keyfob::issuer::{Endpoint, Provider};
use serde_json::Value;

use crate::support::{
    Front, Running, World, approve, approve_as, approve_device, assert_private, provider,
    provider_with,
};

#[test]
fn a_second_login_joins_the_first_and_ends_as_it_does() {
    let provider = provider();
    let world = World::at(&provider);
    let (first, address) = begun(&world, "login work --no-browser");
    let who = format!("rocess {}", first.id());

    let mut second = world.spawn("login work");
    let joined = second.address();
    let said = second.stderr().to_owned();
    approve(&address).deliver();
    first.wait().ok().says("Signed in to");
    let second = second.wait().ok().says("as amara");

    assert_eq!(joined, address);
    for wanted in [
        &who,
        " began a sign-in for `work` at ",
        "Ctrl-C",
        "--take-over",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    let by = format!("for profile `work` (by the sign-in of p{who})");
    assert!(second.stderr.contains(&by), "{by}: {second:#?}");
    assert_eq!(provider.requests(Endpoint::Authorize), 1);
    assert!(world.opened().is_empty());
    world.run("token work").ok().silent();
}

#[test]
fn two_logins_at_the_same_moment_are_one_sign_in() {
    let provider = provider();
    let world = World::at(&provider);

    let mut both = [world.spawn("login work"), world.spawn("login work")];
    let addresses = both.each_mut().map(Running::address);
    approve(&addresses[0]).deliver();
    let [first, second] = both.map(|running| running.wait().ok());

    assert_eq!(addresses[0], addresses[1]);
    let joined = [&first, &second].map(|run| run.stderr.contains("by the sign-in of process"));
    assert_ne!(joined[0], joined[1], "{first:#?} {second:#?}");
    assert!(world.wait_until_opened());
    assert_eq!(world.opened().len(), 1);
}

#[test]
fn whoever_joins_a_sign_in_that_fails_is_told_why() {
    let provider = provider();
    let world = World::at(&provider);
    let (first, address) = begun(&world, "login work --no-browser");
    let second = joined(&world, "login work");

    let answer = approve(&address);
    answer
        .without("code")
        .with("error", "access_denied")
        .deliver();
    first.wait().exits(4);
    let second = second.wait().exits(4);

    for wanted in ["came to nothing", "access_denied", "keyfob login work"] {
        assert!(second.stderr.contains(wanted), "{wanted}: {second:#?}");
    }
    assert_eq!(world.opened().len(), 0);
}

#[test]
#[cfg(unix)]
fn a_sign_in_that_was_killed_is_in_nobodys_way() {
    let provider = provider();
    let world = World::at(&provider);
    let (first, _) = begun(&world, "login work --no-browser");
    let second = joined(&world, "login work");

    first.signal("KILL");
    let told = second.wait().exits(4).says("without a word");
    first.wait().exits(137);

    assert!(told.stderr.contains("keyfob login work"), "{told:#?}");
    let list = world.run("list").ok();
    assert!(list.stdout.contains("signed out"), "{list:#?}");
    world.sign_in();
    // Nothing that the dead one left is there for long.
    assert_eq!(
        names(&world),
        [record(&world).file_name().unwrap().to_str().unwrap()]
    );
}

#[test]
fn a_sign_in_can_be_taken_over_and_the_first_one_keeps_nothing() {
    let provider = provider_with(|settings| settings.auto_approve = None);
    let world = World::at(&provider);
    let (first, old) = begun(&world, "login work --no-browser");
    let held = approve_as(&old, "jonas");
    let mut waiter = joined(&world, "login work");

    let mut second = world.spawn("login work --no-browser --take-over");
    let new = second.address();
    let who = format!("rocess {}", second.id());
    let first = first.wait().exits(4);
    let port = held.to.port().unwrap();
    let is_free = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    waiter.wait_for(|line| line.contains("taken over").then_some(()));
    approve_as(&new, "amara").deliver();

    let second = second.wait().ok().says("Taking over from process");
    let waiter = waiter.wait().ok();
    assert!(is_free);
    assert!(
        first.stderr.contains(&format!("p{who} took over")),
        "{first:#?}"
    );
    assert!(
        waiter.stderr.contains(&format!("P{who} has taken over")),
        "{waiter:#?}"
    );
    for run in [&second, &waiter] {
        assert!(run.stderr.contains("amara"), "{run:#?}");
    }
    let list = world.run("list").ok();
    assert!(
        list.stdout.contains("amara") && !list.stdout.contains("jonas"),
        "{list:#?}"
    );
}

#[test]
#[cfg(unix)]
fn a_sign_in_that_hangs_can_be_taken_over_too() {
    let provider = provider();
    let world = World::at(&provider);
    let (first, _) = begun(&world, "login work --no-browser");
    first.signal("STOP");

    let mut second = world.spawn("login work --no-browser --take-over");
    approve(&second.address()).deliver();
    second.wait().ok().says("does not answer");
    first.signal("CONT");

    first.wait().exits(4).says("took over");
    world.run("token work").ok().silent();
}

#[test]
#[cfg(unix)]
fn ctrl_c_leaves_the_sign_in_that_was_joined_alone() {
    let provider = provider();
    let world = World::at(&provider);
    let (first, address) = begun(&world, "login work --no-browser");
    let second = joined(&world, "login work");

    second.signal("INT");
    second.wait().exits(4).says("goes on");
    approve(&address).deliver();

    first.wait().ok();
}

#[test]
fn a_token_is_handed_out_while_somebody_signs_in() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let token = world.run("token work").ok().line();

    let (first, address) = begun(&world, "login work --no-browser");
    assert_eq!(world.run("token work").ok().silent().line(), token);
    assert_ne!(world.run("token work --renew").ok().silent().line(), token);
    approve(&address).deliver();

    first.wait().ok();
}

#[test]
fn a_token_that_needs_a_person_names_the_sign_in_that_is_on_its_way() {
    let provider = provider();
    let world = World::at(&provider);
    let (first, address) = begun(&world, "login work --no-browser");

    let told = world.run("token work").exits(3);

    let hint = format!("hint: process {} began a sign-in at ", first.id());
    assert!(told.stderr.contains(&hint), "{told:#?}");
    assert!(
        told.stderr.contains("join it with `keyfob login work`"),
        "{told:#?}"
    );
    approve(&address).deliver();
    first.wait().ok();
}

#[test]
fn the_list_shows_a_sign_in_in_progress() {
    let provider = nobody();
    let world = World::at(&provider).with("SSH_CONNECTION", "10.0.0.7 50000 10.0.0.9 22");
    let (browser, address) = begun(&world, "login work --no-browser");
    let pid = browser.id();

    let list = world.run("list").ok().silent();
    let row = row(&world);

    assert!(list.stdout.contains("signing in since "), "{list:#?}");
    assert!(
        list.stdout.contains(&format!(", process {pid}")),
        "{list:#?}"
    );
    assert_eq!(row["state"], "signed_out");
    let seen = &row["sign_in"];
    assert_eq!(seen["process"], pid);
    assert_eq!(seen["way"], "open_yourself");
    assert_eq!(seen["address"], address.as_str());
    let (since, until) = (
        seen["since"].as_i64().unwrap(),
        seen["until"].as_i64().unwrap(),
    );
    assert!((200..400).contains(&(until - since)), "{seen}");
    let told = world
        .spawn("login work")
        .wait_for(|line| line.contains("ssh -N -L").then(|| line.to_owned()));
    assert!(told.contains("10.0.0.9"), "{told}");
    drop(browser);
    assert_eq!(self::row(&world)["sign_in"], Value::Null);
}

#[test]
fn a_device_code_is_shown_to_those_who_join_and_no_secret_is_written_down() {
    let front = Front::plain();
    let provider = front.provider(|settings| settings.auto_approve = None);
    let world = World::at(&provider);
    let mut first = world.spawn("login work --device");
    let page: url::Url = first.wait_for(|line| {
        let url = url::Url::parse(line.trim()).ok()?;
        url.path().ends_with("/device").then_some(url)
    });
    let mut second = world.spawn("login work");
    let code = second.wait_for(|line| {
        let code = line.strip_prefix("  ")?;
        (code.len() == 9 && code.as_bytes()[4] == b'-').then(|| code.to_owned())
    });
    assert_eq!(row(&world)["sign_in"]["user_code"], code.as_str());
    let device_code = front.secrets();
    let device_code: Vec<&str> = device_code.iter().map(String::as_str).collect();
    assert!(!device_code.is_empty());
    assert_private(&world, &device_code, &[]);

    approve_device(&page, &code, "jonas", "allow");

    let runs = [first.wait().ok(), second.wait().ok().says("jonas")];
    let secrets = front.secrets();
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    assert_private(&world, &secrets, &runs.iter().collect::<Vec<_>>());
    assert_eq!(provider.requests(Endpoint::Device), 1);
}

#[test]
fn signing_out_ends_a_sign_in_that_is_in_progress() {
    for before in [false, true] {
        let provider = provider();
        let world = World::at(&provider);
        if before {
            world.sign_in();
        }
        let (first, address) = begun(&world, "login work --no-browser");
        let held = approve(&address);
        let second = joined(&world, "login work");
        let ended = format!("The sign-in of process {} is ended too", first.id());

        let out = world.run("logout work").ok();
        let first = first.wait().exits(4);

        assert!(out.stderr.contains(&ended), "{out:#?}");
        assert!(
            first.stderr.contains("signed out of profile `work`"),
            "{first:#?}"
        );
        second.wait().exits(4).says("signed out of profile `work`");
        let port = held.to.port().unwrap();
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
        assert_eq!(world.sessions(), [""; 0]);
        world.run("token work").exits(3);
        world.sign_in();
    }
}

#[test]
fn a_record_that_is_none_is_in_nobodys_way() {
    let provider = provider();
    let world = World::at(&provider);
    let (first, address) = begun(&world, "login work --no-browser");
    let good = fs::read_to_string(record(&world)).unwrap();
    approve(&address).deliver();
    first.wait().ok();

    let place = record(&world);
    let newer = good.replace("\"version\": 1", "\"version\": 7");
    assert_ne!(good, newer);
    for text in [
        "",
        "{",
        "null",
        &good[..good.len() / 2],
        &newer,
        &good,
        "\u{1b}[2J",
    ] {
        keyfob::sys::files::write_private(&place, text.as_bytes()).unwrap();
        unhindered(&world);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        let elsewhere = world.write("elsewhere", &good);
        fs::remove_file(&place).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &place).unwrap();
        unhindered(&world);
        assert_eq!(
            fs::read_to_string(&elsewhere).unwrap(),
            good,
            "a link was followed"
        );
        fs::set_permissions(&place, fs::Permissions::from_mode(0o644)).unwrap();
        unhindered(&world);
        fs::remove_file(&place).unwrap();
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&place)
                .status()
                .unwrap()
                .success()
        );
        unhindered(&world);
    }
    fs::remove_file(&place).unwrap();
    fs::create_dir(&place).unwrap();
    unhindered(&world);
}

#[test]
fn hostile_text_in_a_record_is_tamed() {
    let provider = provider();
    let world = World::at(&provider);
    let (first, _) = begun(&world, "login work --no-browser");
    let place = record(&world);
    let text = fs::read_to_string(&place).unwrap();
    let mut seen: Value = serde_json::from_str(&text).unwrap();
    seen["by"]["host"] = "\u{1b}]0;evil\u{7}\u{202e}".into();
    seen["by"]["started_by"] = "\u{1b}[2J\nkeyfob: all is well".into();
    seen["by"]["terminal"] = "\u{200b}".into();
    seen["place"]["open"]["url"] = "javascript:alert(1)".into();
    seen["place"]["open"]["forward"] = "\u{1b}[31m rm -rf".into();
    keyfob::sys::files::write_private(&place, seen.to_string().as_bytes()).unwrap();

    let second = joined(&world, "login work");
    let runs = [
        world.run("list").ok(),
        world.run("list --json").ok(),
        world.run("token work"),
    ];
    seen["ended"] = serde_json::json!({ "failed": { "status": 4, "reason": "\u{1b}[2Jno" } });
    keyfob::sys::files::write_private(&place, seen.to_string().as_bytes()).unwrap();
    let second = second.wait().exits(4).says("came to nothing");

    for run in runs.iter().chain([&second]) {
        let tame = |c: char| (!c.is_control() || c == '\n') && !"\u{202e}\u{200b}".contains(c);
        let said = run.stdout.chars().chain(run.stderr.chars());
        assert!(said.clone().all(tame), "{run:#?}");
        assert!(!run.stderr.contains("\nkeyfob: all is well"), "{run:#?}");
        assert!(!run.stderr.contains("javascript:"), "{run:#?}");
    }
    drop(first);
}

/// A user who signs in whatever the record is.
#[track_caller]
fn unhindered(world: &World) {
    world.run("list").ok();
    world.run("list --json").ok();
    world.run("token work").ok();
    world.sign_in();
}

fn nobody() -> Provider {
    provider_with(|settings| settings.auto_approve = None)
}

/// A sign-in that waits for a person, and the address that they are to open.
#[track_caller]
fn begun(world: &World, line: &str) -> (Running, url::Url) {
    let mut running = world.spawn(line);
    let address = running.address();
    (running, address)
}

/// A run that waits for the sign-in of another.
#[track_caller]
fn joined(world: &World, line: &str) -> Running {
    let mut running = world.spawn(line);
    running.wait_for(|line| line.starts_with("Waiting for it").then_some(()));
    running
}

#[track_caller]
fn row(world: &World) -> Value {
    let list = world.run("list --json").ok().json();
    list[0].clone()
}

fn names(world: &World) -> Vec<String> {
    let folder = fs::read_dir(world.path("state/keyfob/sign-ins")).unwrap();
    let mut names: Vec<String> = folder
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The record of the only profile's sign-ins.
#[track_caller]
fn record(world: &World) -> PathBuf {
    let names = names(world);
    let mut records = names.iter().filter(|name| name.contains(".json"));
    let name = records.next().unwrap();
    world.path("state/keyfob/sign-ins").join(name)
}
