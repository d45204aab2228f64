//! Many processes that want a new token at the same moment: one of them gets it for all.

use std::fs::{self, File};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use keyfob::issuer::{Algorithm, Endpoint, Provider, Settings};

use crate::support::bus::{Bus, Keyring};
use crate::support::eventually;
use crate::support::world::World;

/// More than any build starts at once.
const CROWD: usize = 1000;

/// A strict provider that takes a second for each answer, so that all come while one is at it.
fn slow_provider() -> Provider {
    let provider = Provider::start(Settings {
        auto_approve: Some("amara".to_owned()),
        algorithm: Algorithm::Es256,
        latency: Duration::from_secs(1),
        ..Settings::default()
    });
    provider.expect("a loopback port is free")
}

/// Processes with their streams in files: pipes for so many would need as many threads.
struct Crowd {
    folder: std::path::PathBuf,
    children: Vec<Child>,
}

impl Crowd {
    fn start(world: &World, commands: impl IntoIterator<Item = Command>) -> Self {
        let folder = world.path("crowd");
        fs::create_dir_all(&folder).unwrap();
        let start = |(number, mut command): (usize, Command)| {
            let stream = |name| File::create(folder.join(format!("{number}.{name}"))).unwrap();
            command.stdin(Stdio::null());
            command.stdout(stream("out")).stderr(stream("err"));
            command.spawn().unwrap()
        };
        let children = commands.into_iter().enumerate().map(start).collect();
        Self { folder, children }
    }

    /// Waits for all; each must have ended well. Gives the different answers, sorted.
    fn answers(mut self) -> Vec<String> {
        let mut answers = Vec::new();
        for (number, child) in self.children.iter_mut().enumerate() {
            let ended = eventually("the crowd to end", || child.try_wait().unwrap());
            let read =
                |name| fs::read_to_string(self.folder.join(format!("{number}.{name}"))).unwrap();
            assert!(ended.success(), "number {number}: {}", read("err"));
            answers.push(read("out"));
        }
        answers.sort();
        answers.dedup();
        answers
    }
}

fn refused(provider: &Provider) -> usize {
    let log = provider.log();
    log.iter().filter(|request| request.error.is_some()).count()
}

#[test]
fn a_thousand_at_once_cause_one_request_and_print_one_token() {
    let mut world = World::new();
    let bus = Bus::start(&mut world);
    let _keyring = Keyring::start(&world, &bus);
    let provider = slow_provider();
    world.profile(provider.issuer(), "");
    world.signed_in();
    world.run("token work").answer();
    fs::remove_dir_all(world.path("cache/keyfob/tokens")).unwrap();
    let asked = provider.requests(Endpoint::Token);

    let crowd = Crowd::start(&world, (0..CROWD).map(|_| world.keyfob("token work")));
    let answers = crowd.answers();

    assert_eq!(answers.len(), 1);
    assert_eq!(provider.requests(Endpoint::Token), asked + 1);
    assert_eq!(refused(&provider), 0);
}

#[test]
fn two_homes_that_share_a_keyring_spend_no_refresh_token_twice() {
    let mut world = World::new();
    let bus = Bus::start(&mut world);
    let _keyring = Keyring::start(&world, &bus);
    let provider = slow_provider();
    world.profile(provider.issuer(), "");
    world.signed_in();
    let mut other = World::new();
    other.profile(provider.issuer(), "");
    other.set("XDG_RUNTIME_DIR", world.path("run"));
    let address = format!("unix:path={}", world.path("run/bus").display());
    other.set("DBUS_SESSION_BUS_ADDRESS", address);
    fs::remove_dir_all(world.path("cache/keyfob/tokens")).unwrap();
    let asked = provider.requests(Endpoint::Token);

    let homes = [&world, &other];
    let crowd = Crowd::start(
        &world,
        (0..60).map(|turn| homes[turn % 2].keyfob("token work")),
    );
    let answers = crowd.answers();

    // Each home has a cache of its own, so each needs a token; nothing more.
    assert_eq!(answers.len(), 2);
    assert_eq!(provider.requests(Endpoint::Token), asked + 2);
    assert_eq!(refused(&provider), 0);
    world.run("token work --renew").answer();
    other.run("token work --renew").answer();
}

#[test]
fn containers_that_share_a_home_renew_once() {
    let mut world = World::new();
    let provider = slow_provider();
    world.profile(provider.issuer(), "store = \"sealed\"\n");
    world.signed_in();
    fs::remove_dir_all(world.path("cache/keyfob/tokens")).unwrap();
    let asked = provider.requests(Endpoint::Token);

    // What a container is made of, as far as locks and process numbers go.
    let in_container = || {
        let mut command = world.command("unshare");
        command.args(["--mount", "--pid", "--ipc", "--fork", "--mount-proc"]);
        command.arg(env!("CARGO_BIN_EXE_keyfob"));
        command.args(["token", "work"]);
        command
    };
    let answers = Crowd::start(&world, (0..20).map(|_| in_container())).answers();

    assert_eq!(answers.len(), 1);
    assert_eq!(provider.requests(Endpoint::Token), asked + 1);
}
