//! A provider in trouble: left alone by all callers together, named, and no session lost over it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use keyfob::issuer::{Endpoint, Fault, LoggedRequest, OnRequest, Provider};

use crate::support::{Running, World, provider_with};

/// As many as a build starts at once.
const CALLERS: usize = 100;

/// A provider whose tokens outlive the test, and somebody signed in there.
fn signed_in() -> (Provider, World) {
    let provider = provider_with(|settings| {
        settings.lifetimes.access = Duration::from_secs(3600);
    });
    let world = World::at(&provider);
    world.sign_in();
    world.run("token work").ok();
    (provider, world)
}

fn fail_with(provider: &Provider, fault: &str) {
    provider.set_faults(&[Fault::parse(fault).unwrap()]);
}

#[test]
fn a_hundred_callers_of_a_failing_provider_make_three_requests_at_most() {
    let (provider, world) = signed_in();
    fail_with(&provider, "rt.500");
    fs::remove_dir_all(world.path("cache/keyfob/tokens")).unwrap();
    let asked = provider.requests(Endpoint::Token);

    let callers: Vec<Running> = (0..CALLERS).map(|_| world.spawn("token work")).collect();
    let outputs: Vec<_> = callers.into_iter().map(Running::wait).collect();

    for output in &outputs {
        assert_eq!(output.status, 6, "{output:#?}");
        assert!(output.stderr.contains("HTTP 500"), "{output:#?}");
    }
    let made = provider.requests(Endpoint::Token) - asked;
    assert!((1..=3).contains(&made), "{made} requests");
    provider.set_faults(&[]);
    world.forget_trouble();
    world.run("token work").ok();
}

#[test]
fn the_wait_that_a_provider_asks_for_is_kept_in_both_forms() {
    for fault in ["rt.429", "rt.503"] {
        let (provider, world) = signed_in();
        fail_with(&provider, fault);
        let asked = provider.requests(Endpoint::Token);

        let first = world.run("token work --renew").exits(6);
        let second = world.run("token work --renew").exits(6);

        assert!(first.stderr.contains("asks to wait"), "{fault}: {first:#?}");
        assert!(
            second.stderr.contains("is left alone for"),
            "{fault}: {second:#?}"
        );
        let left = if fault == "rt.503" { " min" } else { " s" };
        assert!(second.stderr.contains(left), "{fault}: {second:#?}");
        assert_eq!(provider.requests(Endpoint::Token), asked + 1, "{fault}");
        // The token in hand works on, and says nothing.
        world.run("token work").ok().silent();
    }
}

#[test]
fn a_provider_that_is_well_again_is_asked_as_ever() {
    let (provider, world) = signed_in();
    fail_with(&provider, "rt.500");
    world.run("token work --renew").exits(6);
    provider.set_faults(&[]);

    world.run("token work --renew").exits(6).says("left alone");
    // A person who signs in is not held back, and shows everybody that the provider is well.
    world.sign_in();
    world.run("token work --renew").ok();
}

#[test]
fn a_note_about_trouble_that_nobody_could_have_written_holds_nobody_off() {
    let (provider, world) = signed_in();
    fail_with(&provider, "rt.500");
    world.run("token work --renew").exits(6);
    provider.set_faults(&[]);
    let note = only_file(&world.path("cache/keyfob/backoff"));

    for text in [
        "",
        "garbage",
        r#"{"version":2,"failures":1,"lately":[1],"until":99999999999,"said":"x"}"#,
        r#"{"version":1,"failures":1,"lately":[1],"until":99999999999,"said":"x"}"#,
        r#"{"version":1,"failures":1,"lately":[99999999999],"until":99999999999,"said":"x"}"#,
    ] {
        keyfob::sys::files::write_private(&note, text.as_bytes()).unwrap();
        world.run("token work --renew").ok();
    }
}

#[test]
fn a_token_is_renewed_ahead_by_one_while_the_others_keep_the_old_one() {
    let (provider, world) = signed_in();
    let old = world.run("token work").ok().line();
    world.age_tokens(Duration::from_secs(3000));
    let asked = provider.requests(Endpoint::Token);

    let callers: Vec<Running> = (0..20).map(|_| world.spawn("token work")).collect();
    let tokens: BTreeSet<String> = callers
        .into_iter()
        .map(|caller| caller.wait().ok().silent().line())
        .collect();

    assert_eq!(provider.requests(Endpoint::Token), asked + 1);
    assert!(tokens.len() <= 2, "the old one and one new one");
    let new = world.run("token work").ok().line();
    assert_ne!(new, old);
    assert!(tokens.contains(&new));
}

#[test]
fn a_renewal_ahead_that_fails_costs_one_try_and_says_how_long_the_token_works() {
    let (provider, world) = signed_in();
    let old = world.run("token work").ok().line();
    world.age_tokens(Duration::from_secs(3000));
    fail_with(&provider, "rt.500");
    let asked = provider.requests(Endpoint::Token);

    let first = world.run("token work").ok();
    let second = world.run("token work").ok().silent();

    assert_eq!([first.line(), second.line()], [old.clone(), old]);
    assert!(
        first.stderr.contains("still works for 9 min") || first.stderr.contains("10 min"),
        "{first:#?}"
    );
    assert_eq!(provider.requests(Endpoint::Token), asked + 1);
}

#[test]
fn a_renewal_ahead_writes_back_no_token_that_was_forgotten_meanwhile() {
    let tokens = Arc::new(OnceLock::<PathBuf>::new());
    let forgotten = Arc::clone(&tokens);
    let provider = provider_with(|settings| {
        settings.lifetimes.access = Duration::from_secs(3600);
        settings.on_request = Some(OnRequest::new(move |request: &LoggedRequest| {
            if request.status == 500 {
                fs::remove_dir_all(forgotten.get().unwrap()).unwrap();
            }
        }));
    });
    let world = World::at(&provider);
    world.sign_in();
    world.run("token work").ok();
    world.age_tokens(Duration::from_secs(3000));
    tokens.set(world.path("cache/keyfob/tokens")).unwrap();
    fail_with(&provider, "rt.500");

    world.run("token work").exits(6);

    assert_eq!(world.cached(), [""; 0]);
}

#[test]
fn nobody_waits_for_a_renewal_ahead_of_time() {
    let (provider, world) = signed_in();
    let old = world.run("token work").ok().line();
    world.age_tokens(Duration::from_secs(3000));
    // One answer comes byte by byte; whoever else asks does not notice.
    fail_with(&provider, "rt.slow");

    let mut slow = world.spawn("token work");
    while provider.requests(Endpoint::Token) < 2 {
        thread::yield_now();
    }
    let quick = world.run("token work").ok().silent();

    assert_eq!(quick.line(), old);
    assert!(!slow.has_ended(), "it was not waited for");
}

fn only_file(folder: &Path) -> PathBuf {
    let mut files = fs::read_dir(folder).unwrap();
    let file = files.next().unwrap().unwrap().path();
    assert!(files.next().is_none());
    file
}
