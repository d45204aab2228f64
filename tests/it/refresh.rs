//! Renewal: once, by one process, without losing anything on the way.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keyfob::issuer::{Endpoint, Fault, LoggedRequest, OnRequest, Provider, Rotation};

use crate::support::{Front, Running, World, let_pass, provider, provider_with};

/// As many as a build starts at once.
const ASKERS: usize = 50;

#[test]
fn fifty_at_once_cause_one_request_and_print_one_token() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let first = world.run("token work").ok().line();
    // A cached token is only ever gone or over; both are "none that will do".
    fs::remove_dir_all(world.path("cache/keyfob/tokens")).unwrap();
    let before = provider.requests(Endpoint::Token);

    let askers: Vec<Running> = (0..ASKERS).map(|_| world.spawn("token work")).collect();
    let tokens: BTreeSet<String> = askers
        .into_iter()
        .map(|asker| asker.wait().ok().silent().line())
        .collect();

    assert_eq!(provider.requests(Endpoint::Token), before + 1);
    assert_eq!(tokens.len(), 1);
    assert_ne!(tokens.first(), Some(&first));
}

#[test]
fn a_token_is_renewed_when_it_is_over() {
    let provider = provider_with(|settings| settings.lifetimes.access = Duration::from_secs(2));
    let world = World::at(&provider);
    world.sign_in();
    let first = world.run("token work").ok().line();

    let_pass("2s");
    let next = world.run("token work").ok().silent().line();

    assert_ne!(next, first);
    assert!(provider.requests(Endpoint::Token) >= 2);
    assert_eq!(refusals(&provider), 0, "no refresh token was used twice");
}

#[test]
fn every_renewal_spends_the_newest_refresh_token() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();

    for _ in 0..4 {
        world.run("token work --renew").ok().silent();
    }

    assert_eq!(provider.requests(Endpoint::Token), 5);
    assert_eq!(refusals(&provider), 0);
}

#[test]
fn a_provider_with_a_fault_is_asked_once_and_nothing_is_lost() {
    let front = Front::plain();
    let provider = front.provider(|settings| settings.lifetimes.access = Duration::from_secs(3600));
    let world = World::at(&provider);
    world.sign_in();
    let token = world.run("token work").ok().line();
    let fault = Fault::parse("rt.500").unwrap();

    provider.set_faults(&[fault]);
    let asked = provider.requests(Endpoint::Token);
    let renewed = world.run("token work --renew").exits(6).says("500");
    assert_eq!(renewed.stdout, "");
    assert_eq!(
        provider.requests(Endpoint::Token),
        asked + 1,
        "a grant is sent once"
    );

    front.set_down(true);
    assert_eq!(world.run("token work").ok().silent().line(), token);
    front.set_down(false);
    provider.set_faults(&[]);
    world.forget_trouble();
    world.run("token work --renew").ok();
    assert_eq!(refusals(&provider), 0);
}

#[test]
fn a_token_in_its_last_minute_is_served_when_no_other_can_be_had() {
    let front = Front::plain();
    let provider = front.provider(|settings| settings.lifetimes.access = Duration::from_secs(3600));
    let world = World::at(&provider);
    world.sign_in();
    let token = world.run("token work").ok().line();
    front.set_down(true);

    world.age_tokens(Duration::from_secs(3570));
    let served = world.run("token work").ok();

    assert_eq!(served.line(), token);
    assert!(served.stderr.contains("still works for"), "{served:#?}");
    assert!(!served.stderr.contains(&token), "{served:#?}");
    // Whoever insists on more life gets the fault instead.
    let failed = world.run("token work --min-ttl 1m");
    assert_eq!(failed.status, 6, "{failed:#?}");
}

#[test]
fn a_session_that_another_program_renewed_is_read_again() {
    let hook = Hook::default();
    let provider = hooked(&hook, Rotation::RotateAndForgive, |request| {
        request.error.as_deref() == Some("invalid_grant")
    });
    let world = World::at(&provider);
    world.sign_in();
    let other = World::at(&provider);
    copy(&world.path("state"), &other.path("state"));
    copy(&world.path("cache"), &other.path("cache"));

    // The other one renews; its record reaches us only once our own try has been refused.
    other.run("token work --renew").ok();
    let (from, to) = (
        other.path("state/keyfob/sealed"),
        world.path("state/keyfob/sealed"),
    );
    hook.set(move || copy(&from, &to));
    world.run("token work --renew").ok();

    assert!(hook.is_spent(), "our try was never refused");
    assert_eq!(refusals(&provider), 1);
}

#[test]
fn a_session_that_the_provider_ended_is_not_tried_again() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let token = world.run("token work").ok().line();
    provider.revoke_everything();

    world
        .run("token work --renew")
        .exits(3)
        .says("keyfob login work");
    let asked = provider.requests(Endpoint::Token);
    world.run("token work --renew").exits(3);
    world.run("token work --renew").exits(3);

    assert_eq!(provider.requests(Endpoint::Token), asked);
    let list = world.run("list").ok();
    assert!(list.stdout.contains("ended"), "{list:#?}");
    // The access token in hand may well work on; only its provider knows.
    assert_eq!(world.run("token work").ok().line(), token);
    world.sign_in();
    world.run("token work --renew").ok();
}

#[test]
fn a_clock_that_is_behind_costs_a_token_and_not_the_session() {
    const HOUR: i64 = 3600;
    let provider = provider_with(|settings| {
        settings.rotation = Rotation::Rotate;
        settings.lifetimes.refresh = Duration::from_secs(10 * 366 * 24 * 3600);
    });
    let world = World::at(&provider);
    world.sign_in();

    for off in [HOUR, 365 * 24 * HOUR] {
        provider.set_clock_skew(off);
        let refused = world.run("token work --renew").exits(9).says("clock");
        assert_eq!(refused.stdout, "", "{off}");
        provider.set_clock_skew(0);

        world.run("token work --renew").ok();
    }
    assert_eq!(refusals(&provider), 0);
}

#[test]
fn two_config_folders_of_one_home_renew_once() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    fs::remove_dir_all(world.path("cache/keyfob/tokens")).unwrap();
    copy(&world.path("config/keyfob"), &world.path("another"));
    let asked = provider.requests(Endpoint::Token);

    let askers: Vec<Running> = (0..20)
        .map(|turn| {
            let mut command = world.command(&["token", "work"]);
            if turn % 2 == 0 {
                command.env("KEYFOB_CONFIG_DIR", world.path("another"));
            }
            Running::start(&mut command)
        })
        .collect();
    let tokens: BTreeSet<String> = askers
        .into_iter()
        .map(|asker| asker.wait().ok().silent().line())
        .collect();

    assert_eq!(tokens.len(), 1);
    assert_eq!(provider.requests(Endpoint::Token), asked + 1);
}

#[test]
fn an_answer_that_could_not_be_stored_is_found_again() {
    let hook = Hook::default();
    let provider = hooked(&hook, Rotation::Rotate, |request| {
        request.grant == Some("refresh_token")
    });
    let world = World::at(&provider);
    world.sign_in();
    // The store breaks after the refresh token is spent, before its successor is written.
    let (sealed, away) = (world.path("state/keyfob/sealed"), world.path("away"));
    let (from, to) = (sealed.clone(), away.clone());
    hook.set(move || {
        fs::rename(&from, &to).unwrap();
        fs::File::create(&from).unwrap();
    });

    let lost = world.run("token work --renew");
    fs::remove_file(&sealed).unwrap();
    fs::rename(&away, &sealed).unwrap();
    let found = world.run("token work --renew").ok();

    assert!(hook.is_spent());
    assert!(lost.status != 0 && lost.stdout.is_empty(), "{lost:#?}");
    assert!(!found.line().is_empty());
    assert_eq!(
        refusals(&provider),
        0,
        "the spent token was not tried again"
    );
}

#[test]
fn a_provider_that_gives_no_refresh_token_means_signing_in_again() {
    let provider = provider();
    let issuer = provider.issuer();
    let world = World::new();
    world.configure(&format!(
        "[profile.work]\nissuer = \"{issuer}\"\nclient_id = \"keyfob-cli\"\n\
         scopes = \"openid profile\"\nstore = \"sealed\"\nbrowser = \"{}\"\n",
        world.browser_command()
    ));

    world.sign_in().says("no refresh token");
    world.run("token work").ok();
    let over = world.run("token work --renew").exits(3);

    assert!(over.stderr.contains("offline_access"), "{over:#?}");
    assert_eq!(provider.requests(Endpoint::Token), 1);
}

#[test]
fn metadata_and_keys_are_fetched_once_while_they_are_fresh() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();

    for _ in 0..3 {
        world.run("token work --renew").ok();
    }
    world.run("inspect work --verify").ok();

    assert_eq!(provider.requests(Endpoint::Discovery), 1);
    assert_eq!(provider.requests(Endpoint::Keys), 1);
}

#[test]
fn new_keys_are_fetched_when_a_token_names_one_and_at_most_once_a_minute() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    assert_eq!(provider.requests(Endpoint::Keys), 1);

    provider.rotate_keys();
    world.run("token work --renew").ok();
    assert_eq!(provider.requests(Endpoint::Keys), 2);

    provider.set_faults(&[Fault::parse("jwks.storm").unwrap()]);
    for _ in 0..3 {
        world.login("work").exits(9).says("key");
    }

    assert_eq!(provider.requests(Endpoint::Keys), 2);
}

/// Something to do once, at a moment that only the provider knows.
#[derive(Clone, Default)]
struct Hook(Arc<Mutex<Option<Deed>>>);

type Deed = Box<dyn FnOnce() + Send>;

impl Hook {
    fn set(&self, what: impl FnOnce() + Send + 'static) {
        *self.0.lock().unwrap() = Some(Box::new(what));
    }

    fn spend(&self) {
        if let Some(what) = self.0.lock().unwrap().take() {
            what();
        }
    }

    fn is_spent(&self) -> bool {
        self.0.lock().unwrap().is_none()
    }
}

/// A provider that does something before it sends the answer to such a request.
fn hooked(hook: &Hook, rotation: Rotation, when: fn(&LoggedRequest) -> bool) -> Provider {
    let hook = hook.clone();
    provider_with(|settings| {
        settings.rotation = rotation;
        settings.on_request = Some(OnRequest::new(move |request: &LoggedRequest| {
            if when(request) {
                hook.spend();
            }
        }));
    })
}

/// How often a refresh token was refused.
fn refusals(provider: &Provider) -> usize {
    let log = provider.log();
    let refused = |request: &&LoggedRequest| request.error.as_deref() == Some("invalid_grant");
    log.iter().filter(refused).count()
}

/// Copies a folder's files over another's, modes and all.
fn copy(from: &Path, to: &Path) {
    keyfob::sys::files::private_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}
