//! Who is not on a terminal asks a person once per account, and never because of a fault.
//!
//! Nothing here runs on a terminal; `--no-browser`, which has no limit, stands for the person.

use std::fs;
use std::path::PathBuf;

use keyfob::issuer::{Endpoint, Fault};

use crate::support::{Front, Running, World, approve, provider, provider_with};

/// As many as a build or an editor starts at once.
const MANY: usize = 30;

#[test]
fn thirty_unattended_callers_open_one_window_and_all_get_the_token() {
    let provider = provider();
    let world = World::at(&provider);

    let mut all: Vec<Running> = (0..MANY)
        .map(|_| world.spawn("token work --login"))
        .collect();
    let address = all[0].address();
    approve(&address).deliver();
    let tokens: Vec<String> = all
        .into_iter()
        .map(|running| running.wait().ok().line())
        .collect();

    assert!(world.wait_until_opened());
    assert_eq!(world.opened(), [address.to_string()]);
    assert_eq!(provider.requests(Endpoint::Authorize), 1);
    assert!(tokens.iter().all(|token| *token == tokens[0]));
    assert_eq!(marks(&world), [""; 0]);
}

#[test]
fn a_window_that_nobody_finished_is_the_last_until_somebody_signs_in() {
    let provider = provider();
    let world = World::at(&provider);
    ignored(&world);

    for line in [
        "token work --login",
        "login work",
        "login work --device",
        "token work --login",
    ] {
        let told = world.run(line).exits(3);
        for wanted in [
            "a sign-in was opened at ",
            "nobody finished it",
            "`keyfob login work`",
        ] {
            assert!(told.stderr.contains(wanted), "{wanted}: {told:#?}");
        }
        assert_eq!(told.stdout, "");
    }
    assert_eq!(world.opened().len(), 1);
    assert_eq!(provider.requests(Endpoint::Device), 0);

    world.sign_in();
    world.run("logout work").ok();
    finished(&world, "token work --login");
    assert_eq!(world.opened_at_least(2), 2);
}

#[test]
fn signing_out_restores_the_budget() {
    let provider = provider();
    let world = World::at(&provider);
    for line in ["logout work", "logout --all"] {
        ignored(&world);
        world.run("token work --login").exits(3);

        world.run(line).ok();

        assert_eq!(marks(&world), [""; 0], "{line}");
    }
    finished(&world, "token work --login");
}

#[test]
#[cfg(unix)]
fn a_killed_caller_has_spent_the_budget() {
    let provider = provider();
    let world = World::at(&provider);
    let mut first = world.spawn("token work --login");
    first.address();

    first.signal("KILL");
    first.wait().exits(137);

    world
        .run("token work --login")
        .exits(3)
        .says("nobody finished it");
    assert_eq!(world.opened_at_least(1), 1);
}

#[test]
fn one_code_is_shown_and_not_one_per_caller() {
    let provider = provider_with(|settings| settings.auto_approve = None);
    let world = World::with_profile(&provider, "flow = \"device\"");

    world.run("login work --timeout 1s").exits(4);
    for _ in 0..3 {
        world
            .run("token work --login")
            .exits(3)
            .says("nobody finished it");
    }

    assert_eq!(provider.requests(Endpoint::Device), 1);
}

#[test]
fn two_profiles_of_one_account_share_the_budget() {
    let provider = provider();
    let issuer = provider.issuer();
    let world = World::with_profiles(&[("home", issuer, ""), ("work", issuer, "")]);
    let elsewhere = provider_with(|_| {});
    for profile in ["home", "work"] {
        world.login(profile).ok();
    }
    provider.revoke_everything();
    for profile in ["home", "work"] {
        world.run(&format!("token {profile} --renew")).exits(3);
    }

    world.run("login home --timeout 1s").exits(4);
    let told = world.run("token work --renew --login").exits(3);

    assert!(told.stderr.contains("for profile `home`"), "{told:#?}");
    assert_eq!(world.opened_at_least(1), 1);
    // Another issuer is another account.
    let other = format!("login work --timeout 1s --issuer {}", elsewhere.issuer());
    world.run(&other).exits(4);
    assert_eq!(world.opened_at_least(2), 2);
}

#[test]
fn who_opens_no_window_has_no_limit() {
    let provider = provider();
    let world = World::at(&provider);

    for _ in 0..2 {
        world.run("login work --no-browser --timeout 1s").exits(4);
    }
    assert_eq!(marks(&world), [""; 0]);
    ignored(&world);
    world.run("login work --no-browser --timeout 1s").exits(4);
    world.sign_in();

    assert_eq!(marks(&world), [""; 0]);
}

#[test]
fn a_session_in_memory_has_a_budget_as_well() {
    let provider = provider();
    let world = World::at(&provider).with("KEYFOB_STORE", "memory");
    ignored(&world);

    world
        .run("token work --login")
        .exits(3)
        .says("nobody finished it");

    assert_eq!(world.opened().len(), 1);
    world.run("logout work").ok();
    assert_eq!(marks(&world), [""; 0]);
}

#[test]
fn no_fault_of_the_network_or_the_provider_opens_a_window() {
    let front = Front::plain();
    let provider = front.provider(|_| {});
    let signed_in = World::at(&provider);
    signed_in.sign_in();
    let signed_out = World::at(&provider);

    for world in [&signed_in, &signed_out] {
        front.set_down(true);
        world.run("token work --renew --login").exits(6);
        front.set_down(false);
        world.forget_trouble();
    }
    provider.set_faults(&[Fault::parse("rt.429").unwrap()]);
    signed_in.run("token work --renew --login").exits(6);
    provider.set_faults(&[]);

    for world in [&signed_in, &signed_out] {
        assert_eq!(world.opened(), [""; 0]);
        assert_eq!(marks(world), [""; 0]);
    }
    signed_in.forget_trouble();
    signed_in.run("token work --renew --login").ok();
    finished(&signed_out, "token work --login");
}

#[test]
fn a_store_that_cannot_be_opened_opens_no_window() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    world.write("passphrase", "not-the-one");

    world.run("token work --renew --login").exits(7);
    let keyring = World::at(&provider).with("KEYFOB_STORE", "keyring");
    keyring.run("token work --login").exits(7);

    for world in [&world, &keyring] {
        assert_eq!(world.opened(), [""; 0]);
        assert_eq!(marks(world), [""; 0]);
    }
}

#[test]
fn a_mark_that_cannot_be_written_or_read_opens_no_window() {
    let provider = provider();
    let world = World::at(&provider);
    ignored(&world);
    let mark = world.path("state/keyfob/prompts").join(&marks(&world)[0]);

    keyfob::sys::files::write_private(&mark, b"{\"version\": 7}").unwrap();
    world
        .run("token work --login")
        .exits(3)
        .says("a sign-in was opened before");
    fs::remove_dir_all(world.path("state/keyfob/prompts")).unwrap();
    world.write("state/keyfob/prompts", "");
    world.run("token work --login").exits(1).says("prompts");

    assert_eq!(world.opened().len(), 1);
    fs::remove_file(world.path("state/keyfob/prompts")).unwrap();
    finished(&world, "token work --login");
}

/// A window that is opened, and that nobody comes to.
#[track_caller]
fn ignored(world: &World) {
    let before = world.opened().len();
    world.run("login work --timeout 1s").exits(4);
    assert_eq!(world.opened_at_least(before + 1), before + 1);
    assert_eq!(marks(world).len(), 1);
}

/// An unattended run whose window somebody comes to.
#[track_caller]
fn finished(world: &World, line: &str) {
    let mut running = world.spawn(line);
    approve(&running.address()).deliver();
    running.wait().ok();
    assert_eq!(marks(world), [""; 0]);
}

fn marks(world: &World) -> Vec<String> {
    let folder: PathBuf = world.path("state/keyfob/prompts");
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}
