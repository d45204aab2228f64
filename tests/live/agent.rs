//! The agent against other users, and what can be seen of its memory. Needs root, to be two users.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{FileExt as _, PermissionsExt as _, chown};
use std::path::PathBuf;
use std::process::Command;

use crate::support::eventually;
use crate::support::process::{Running, run};
use crate::support::provider::Practice;
use crate::support::world::World;

/// Two users that are nobody.
const NOBODY: u32 = 65534;
const NOBODY_ELSE: u32 = 65533;

/// What an agent says when it listens.
const LISTENING: &str = "keyfob: the agent is process";

/// Fails, with what to do, unless this test may be two users.
#[track_caller]
fn needs_root() {
    let id = run(Command::new("id"));
    assert!(
        id.answer().starts_with("uid=0("),
        "only root can be two users: run this test as root"
    );
}

/// A world that every user may look into, with a copy of the program that every user may run.
fn shared() -> World {
    needs_root();
    let world = World::new();
    fs::copy(env!("CARGO_BIN_EXE_keyfob"), world.path("keyfob")).expect("a world can be written");
    open(&world, "");
    open(&world, "keyfob");
    world
}

/// Lets everybody do everything with a path.
fn open(world: &World, name: &str) {
    let open = fs::Permissions::from_mode(0o777);
    fs::set_permissions(world.path(name), open).expect("root may change any mode");
}

/// A program, run by another user with no right of root's left.
fn run_as(world: &World, user: u32, words: &[&str]) -> Command {
    let mut command = world.command("setpriv");
    let user = user.to_string();
    command.args(["--reuid", &user, "--regid", &user, "--clear-groups"]);
    command.args(["--no-new-privs", "--inh-caps=-all", "--"]);
    command.args(words);
    command
}

/// A folder of another user's own.
fn folder_of(world: &World, user: u32) -> PathBuf {
    let folder = world.path("theirs");
    fs::create_dir(&folder).expect("a world can be written");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("root may");
    chown(&folder, Some(user), Some(user)).expect("root may give a folder away");
    folder
}

fn started(command: Command) -> Running {
    let mut agent = Running::start(command);
    agent.stderr_line("the agent", |line| {
        line.starts_with(LISTENING).then_some(())
    });
    agent
}

#[test]
fn another_user_is_refused_even_where_every_mode_is_open() {
    let mut world = shared();
    let mut agent = started(world.keyfob("agent"));
    for name in ["run", "run/keyfob", "run/keyfob/agent.sock"] {
        open(&world, name);
    }
    let socket = world.path("run/keyfob/agent.sock");
    world.set("KEYFOB_AGENT", socket);
    let program = world.path("keyfob");
    let program = program.to_str().expect("a world's path is text");

    let stranger = run(run_as(&world, NOBODY, &[program, "agent", "status"]));
    let stopped = run(run_as(&world, NOBODY, &[program, "agent", "stop"]));

    assert!(stranger.refusal(7).contains("broke off"), "{stranger:?}");
    assert!(stopped.refusal(7).contains("broke off"), "{stopped:?}");
    agent.stderr_line("the warning", |line| {
        line.contains("user 65534 tried to use the agent, and was refused")
            .then_some(())
    });
    world.run("agent status").answer();
}

#[test]
fn an_agent_of_another_user_is_not_talked_to() {
    let mut world = shared();
    let folder = folder_of(&world, NOBODY);
    let socket = folder.join("agent.sock");
    let program = world.path("keyfob");
    let program = program.to_str().expect("a world's path is text");
    let path = socket.to_str().expect("a world's path is text");
    let words = [program, "agent", "--socket", path];
    let _agent = started(run_as(&world, NOBODY, &words));
    open(&world, "theirs");
    open(&world, "theirs/agent.sock");
    world.set("KEYFOB_AGENT", path);

    let status = run(run_as(&world, NOBODY_ELSE, &[program, "agent", "status"]));

    let said = status.refusal(1);
    assert!(said.contains("belongs to user 65534"), "{said}");
}

#[test]
fn the_user_of_an_agent_cannot_look_into_its_memory() {
    let world = shared();
    let folder = folder_of(&world, NOBODY);
    let socket = folder.join("agent.sock");
    let program = world.path("keyfob");
    let program = program.to_str().expect("a world's path is text");
    let path = socket.to_str().expect("a world's path is text");
    let agent = started(run_as(
        &world,
        NOBODY,
        &[program, "agent", "--socket", path],
    ));
    let plain = Running::start(run_as(&world, NOBODY, &["sleep", "1000"]));
    let look = |id: u32, file: &str| {
        let path = format!("/proc/{id}/{file}");
        run(run_as(&world, NOBODY, &["head", "-c", "1", &path]))
    };
    // A process that does not defend itself is open to its user, once it runs: the test can tell
    // the two apart.
    eventually("a look at a plain process", || {
        (look(plain.id(), "environ").status == Some(0)).then_some(())
    });

    for file in ["environ", "maps", "mem"] {
        let refused = look(agent.id(), file);
        assert_eq!(refused.status, Some(1), "{file}: {refused:?}");
        assert!(refused.stderr.contains("Permission denied"), "{refused:?}");
    }
    let limits = fs::read_to_string(format!("/proc/{}/limits", agent.id())).expect("root may");
    let core = limits.lines().find(|line| line.starts_with("Max core"));
    let core: Vec<&str> = core.unwrap_or_default().split_whitespace().collect();
    assert_eq!(core[4..6], ["0", "0"], "{core:?}");
}

/// ID tokens are left out: the crate that reads them keeps a copy that it does not wipe.
#[test]
fn a_locked_agent_has_no_access_or_refresh_token_in_its_memory() {
    let mut world = shared();
    let practice = Practice::start(&world, "--sign-in-as amara --algorithm ES256");
    world.profile(&practice.issuer, "store = \"agent\"\n");
    let agent = started(world.keyfob("agent"));
    world.signed_in();
    let token = world.run("token work").answer().to_owned();
    let renewed = world.run("token work --renew").answer().to_owned();
    let passphrase = "a-passphrase-to-look-for-in-memory";
    let mut lock = Running::start(world.keyfob("agent lock --stdin"));
    lock.say(passphrase);
    assert_eq!(lock.end().status, Some(0));

    let memory = memory_of(agent.id());

    // What is known to be there is found, so what is not found is not there.
    assert!(has(
        &memory,
        world.path("state").to_str().expect("text").as_bytes()
    ));
    for secret in [&token, &renewed] {
        // Not even the part that makes it one.
        let signature = secret.rsplit('.').next().expect("a token has an end");
        assert!(!has(&memory, signature.as_bytes()), "a token is there");
    }
    for member in [&br#""refresh_token":""#[..], br#"\"refresh_token\":\""#] {
        assert!(!has(&memory, member), "a refresh token is there");
    }
    assert!(!has(&memory, passphrase.as_bytes()), "the passphrase is");
}

/// All that a process can write to, as root sees it.
fn memory_of(id: u32) -> Vec<u8> {
    let maps = File::open(format!("/proc/{id}/maps")).expect("root may look");
    let memory = File::open(format!("/proc/{id}/mem")).expect("root may look");
    let mut all = Vec::new();
    for line in BufReader::new(maps).lines() {
        let line = line.expect("the kernel writes text");
        let mut words = line.split(' ');
        let (range, rights) = (words.next(), words.next());
        let Some((from, to)) = range.and_then(|range| range.split_once('-')) else {
            continue;
        };
        if !rights.is_some_and(|rights| rights.starts_with("rw")) {
            continue;
        }
        let number = |hex| u64::from_str_radix(hex, 16).expect("the kernel writes addresses");
        let (from, to) = (number(from), number(to));
        let mut part = vec![0; usize::try_from(to - from).expect("it fits our memory too")];
        if memory.read_exact_at(&mut part, from).is_ok() {
            all.extend(part);
        }
    }
    all
}

fn has(memory: &[u8], wanted: &[u8]) -> bool {
    memory.windows(wanted.len()).any(|part| part == wanted)
}
