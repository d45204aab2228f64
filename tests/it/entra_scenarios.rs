//! Every scenario of the practice Entra against the program; the table is incomplete when one is
//! not driven.

use std::collections::{BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::panic::catch_unwind;
use std::sync::Mutex;
use std::thread;

use http::Request;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use keyfob::base::Vars;
use keyfob::issuer::{Endpoint, Provider, Script};
use keyfob::sys::http::{Http, HttpSettings, Proxies};

use crate::support::{Output, World, approve, entra, entra_world};

/// Most of a row's time is waiting.
const AT_ONCE: usize = 6;

type Row = (&'static str, fn(&str));

const ROWS: &[Row] = &[
    ("api.challenge", met),
    ("api.challenge.acrs", met_by_a_person),
    ("api.challenge.always", stops),
    ("api.challenge.broken", unread),
    ("api.challenge.hostile_uri", met),
    ("api.challenge.twice", stops),
    ("api.challenge.two", met),
    ("api.challenge.unpadded", met),
    ("ca.blocked", blocked),
    ("ca.blocked.sign_in", no_sign_in),
    ("ca.device_code", blocked_on_a_device),
    ("ca.mfa", demands_mfa),
    ("ca.token_protection", blocked),
    ("device.declined", no_device),
    ("device.expires", no_device),
    ("device.interval.long", device_at_the_last_moment),
    ("device.interval.missing", device),
    ("device.interval.zero", device),
    ("device.message", device),
    ("device.pending", device),
    ("device.slow_down", device),
    ("graph.denied", no_groups),
    ("groups.attacker", groups),
    ("groups.hasgroups", groups),
    ("http.429", passing),
    ("http.429.date", passing),
    ("http.429.huge", passing),
    ("http.429.none", passing),
    ("http.503", passing),
    ("http.reset", passing),
    ("keys.appid", keys_of_the_app),
    ("keys.consumers", no_sign_in),
    ("token.expires_in.text", works),
    ("token.foci", works),
    ("token.no_id_token", no_sign_in),
    ("token.no_refresh_token", works_once),
    ("token.opaque", works),
];

#[test]
fn every_scenario_is_driven_and_gets_what_it_should() {
    let names: BTreeSet<&str> = Script::ALL.iter().map(|row| row.name).collect();
    let driven: BTreeSet<&str> = ROWS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, driven);
    let queue = Mutex::new(ROWS.iter().collect::<VecDeque<&Row>>());
    let results = Mutex::new(Vec::new());

    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some((name, drive)) = queue.lock().unwrap().pop_front() else {
                        return;
                    };
                    let passed = catch_unwind(|| drive(name)).is_ok();
                    results.lock().unwrap().push((*name, passed));
                }
            });
        }
    });

    let mut results = results.into_inner().unwrap();
    results.sort_unstable();
    let passed = results.iter().filter(|(_, passed)| *passed).count();
    let mut table = format!("scenarios passed: {passed} of {}\n", results.len());
    for (name, passed) in &results {
        writeln!(
            table,
            "{name:<28} {}",
            if *passed { "passed" } else { "FAILED" }
        )
        .unwrap();
    }
    let path = crate::root().join("target/entra-scenarios.txt");
    keyfob::sys::files::write_private(&path, table.as_bytes()).unwrap();
    assert_eq!(results.len(), Script::ALL.len());
    assert_eq!(passed, results.len(), "\n{table}");
}

/// Somebody who signed in before the scenario began.
fn signed_in(name: &str) -> (Provider, World) {
    let provider = entra("amara", &[]);
    let world = entra_world(&provider, "");
    world.sign_in();
    provider.set_scripts(&[Script::parse(name).unwrap()]);
    (provider, world)
}

/// Calls the sample API; returns the status and the challenge.
fn call(provider: &Provider, token: &str) -> (u16, String) {
    let http = Http::new(HttpSettings {
        ca_file: None,
        proxies: Proxies::new(&Vars::default()),
        detours: Vec::new(),
        timeout: std::time::Duration::from_secs(20),
    });
    let request = Request::get(format!("{}/orders", provider.origin()))
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .body(Vec::new());
    let answer = http.unwrap().send(request.unwrap()).unwrap();
    let field = answer.headers.get(WWW_AUTHENTICATE);
    let field = field.map(|field| field.to_str().unwrap().to_owned());
    (answer.status, field.unwrap_or_default())
}

fn challenged(provider: &Provider, world: &World) -> String {
    let token = world.run("token work").ok().line();
    let (status, header) = call(provider, &token);
    assert_eq!(status, 401, "{header}");
    header
}

fn tame(name: &str, run: &Output) {
    let is_tame = |c: char| !c.is_control() || c == '\n';
    assert!(run.stderr.chars().all(is_tame), "{name}: {run:#?}");
    assert!(!run.stderr.contains("panicked"), "{name}: {run:#?}");
}

/// A challenge is met in silence by a refresh, and the API is content.
fn met(name: &str) {
    let (provider, world) = signed_in(name);
    let header = challenged(&provider, &world);

    let met = world
        .run_with("token work --claims-challenge -", &header)
        .ok()
        .silent();

    assert_eq!(call(&provider, &met.line()).0, 200, "{name}");
    assert!(world.opened().len() <= 1, "{name}: no other window");
    let asked = provider.requests(Endpoint::Token);
    assert_eq!(world.run("token work").ok().line(), met.line(), "{name}");
    assert_eq!(provider.requests(Endpoint::Token), asked, "{name}");
}

/// A challenge that only a person can meet: exit 3, then a sign-in that carries its claims.
fn met_by_a_person(name: &str) {
    let (provider, world) = signed_in(name);
    let header = challenged(&provider, &world);
    let line = "token work --claims-challenge -";
    world.run_with(line, &header).exits(3).says("AADSTS50076");

    let mut login = world.spawn("token work --claims-challenge - --login");
    login.type_in(header.as_bytes());
    let address = login.address();
    assert!(address.as_str().contains("claims="), "{address}");
    approve(&address).deliver();
    let met = login.wait().ok();

    assert_eq!(call(&provider, &met.line()).0, 200, "{name}");
}

/// The same challenge for the token that met it: stop, and say so.
fn stops(name: &str) {
    let (provider, world) = signed_in(name);
    let header = challenged(&provider, &world);
    let line = "token work --claims-challenge -";
    let met = world.run_with(line, &header).ok().line();
    let (status, again) = call(&provider, &met);
    assert_eq!(status, 401, "{name}");
    assert_eq!(again, header, "{name}");
    // Whoever was challenged at the same time has had the token too by now.
    world.age_notes(60);
    let asked = provider.requests(Endpoint::Token);

    let stopped = world.run_with(line, &again);

    tame(name, &stopped);
    assert_eq!(stopped.status, 5, "{name}: {stopped:#?}");
    assert_eq!(stopped.stdout, "", "{name}");
    assert_eq!(provider.requests(Endpoint::Token), asked, "{name}");
}

/// A challenge that cannot be read is refused before anybody is asked.
fn unread(name: &str) {
    let (provider, world) = signed_in(name);
    let header = challenged(&provider, &world);
    let asked = provider.requests(Endpoint::Token);

    let refused = world.run_with("token work --claims-challenge -", &header);

    tame(name, &refused);
    assert_ne!(refused.status, 0, "{name}: {refused:#?}");
    assert_eq!(refused.stdout, "", "{name}");
    assert_eq!(provider.requests(Endpoint::Token), asked, "{name}");
}

/// A refresh is refused; the session lives on, and works when the policy is gone.
fn blocked(name: &str) {
    let (provider, world) = signed_in(name);

    let refused = world.run("token work --renew");

    tame(name, &refused);
    // A sign-in would meet the same policy, so nobody is sent to one.
    assert_eq!(refused.status, 5, "{name}: {refused:#?}");
    assert!(refused.stderr.contains("AADSTS53"), "{name}: {refused:#?}");
    provider.set_scripts(&[]);
    world.run("token work --renew").ok();
}

fn blocked_on_a_device(name: &str) {
    let provider = entra("amara", &[name]);
    let world = entra_world(&provider, "");
    world.run("login work --device").ok();

    let refused = world.run("token work --renew").exits(5);

    tame(name, &refused);
    assert!(refused.stderr.contains("AADSTS53003"), "{refused:#?}");
    // The browser is the way out.
    world.sign_in();
    world.run("token work --renew").ok();
}

fn demands_mfa(name: &str) {
    let (_provider, world) = signed_in(name);
    world.run("token work --renew").exits(3).says("AADSTS50076");

    let mut login = world.spawn("login work --no-browser");
    let address = login.address();
    assert!(address.as_str().contains("claims="), "{address}");
    approve(&address).deliver();
    login.wait().ok();

    world.run("token work --renew").ok();
}

/// The sign-in is refused and nothing is kept of it.
fn no_sign_in(name: &str) {
    let provider = entra("amara", &[name]);
    let world = entra_world(&provider, "");
    let mut running = world.spawn("login work --no-browser");
    approve(&running.address()).deliver();

    let refused = running.wait();

    tame(name, &refused);
    assert!(![0, 1, 2].contains(&refused.status), "{name}: {refused:#?}");
    assert_eq!(world.sessions(), [""; 0], "{name}");
    assert_eq!(world.cached(), [""; 0], "{name}");
}

fn device(name: &str) {
    let provider = entra("amara", &[name]);
    let world = entra_world(&provider, "");

    let run = world.run("login work --device").ok();

    tame(name, &run);
    assert!(!run.stderr.contains("support"), "{name}: {run:#?}");
    world.run("token work --renew").ok();
}

/// The device looks once more before it gives up, however long it was told to wait.
fn device_at_the_last_moment(name: &str) {
    let provider = entra("amara", &[name]);
    let world = entra_world(&provider, "");

    let run = world.run("login work --device --timeout 3s").ok();

    tame(name, &run);
    assert_eq!(provider.requests(Endpoint::Token), 1, "{name}");
}

fn no_device(name: &str) {
    let provider = entra("amara", &[name]);
    let world = entra_world(&provider, "");

    let run = world.run("login work --device --timeout 4s").exits(4);

    tame(name, &run);
    assert_eq!(world.sessions(), [""; 0], "{name}");
}

/// The groups come from Graph and from nowhere that a token names.
fn groups(name: &str) {
    let provider = entra("tomasz", &[name]);
    let world = entra_world(&provider, "");
    world.sign_in();

    let shown = world.run("inspect work --groups --json").ok();

    tame(name, &shown);
    assert_eq!(shown.json()["groups"].as_array().unwrap().len(), 250);
    assert_eq!(provider.requests(Endpoint::Trap), 0, "{name}");
    assert!(provider.requests(Endpoint::Graph) > 0, "{name}");
}

fn no_groups(name: &str) {
    let provider = entra("tomasz", &[name]);
    let world = entra_world(&provider, "");
    world.sign_in();

    let refused = world.run("inspect work --groups");

    tame(name, &refused);
    assert_ne!(refused.status, 0, "{refused:#?}");
    assert_eq!(refused.stdout, "");
    assert!(
        refused.stderr.contains("Authorization_RequestDenied"),
        "{refused:#?}"
    );
}

/// A provider in trouble: the token that is there is served; later all is well.
fn passing(name: &str) {
    let (provider, world) = signed_in(name);
    let before = world.run("token work").ok().line();

    let run = world.run("token work --renew");

    tame(name, &run);
    assert!([0, 6].contains(&run.status), "{name}: {run:#?}");
    assert_eq!(
        world.run("token work").ok().line().is_empty(),
        before.is_empty()
    );
    provider.set_scripts(&[]);
    world.forget_trouble();
    world.run("token work --renew").ok();
}

fn keys_of_the_app(name: &str) {
    no_sign_in(name);
    let provider = entra("amara", &[name]);
    let world = entra_world(&provider, "app_keys = true");

    world.sign_in();
    world.run("token work --renew").ok();
}

fn works(name: &str) {
    let provider = entra("amara", &[name]);
    let world = entra_world(&provider, "");

    let login = world.sign_in();

    tame(name, &login);
    world.run("token work").ok();
    world.run("token work --renew").ok();
}

/// Without a refresh token a session lasts as long as its access token.
fn works_once(name: &str) {
    let provider = entra("amara", &[name]);
    let world = entra_world(&provider, "");

    let login = world.sign_in();

    tame(name, &login);
    world.run("token work").ok();
}
