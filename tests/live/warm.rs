//! What `keyfob token` must not do when a valid token is in the cache: told by strace, call by call.

use crate::support::bus::{Bus, Keyring};
use crate::support::process::run;
use crate::support::provider::Practice;
use crate::support::strace::{Call, calls_in};
use crate::support::world::World;

/// Calls that make a process or a thread, talk to anybody, wait for anybody, or change a file.
const FORBIDDEN: &[&str] = &[
    "accept4",
    "add_key",
    "bind",
    "chmod",
    "clone",
    "clone3",
    "connect",
    "copy_file_range",
    "execveat",
    "fallocate",
    "fchmod",
    "fdatasync",
    "flock",
    "fork",
    "fsync",
    "ftruncate",
    "kill",
    "link",
    "linkat",
    "listen",
    "mkdir",
    "mkdirat",
    "nanosleep",
    "pwrite64",
    "pwritev",
    "recvfrom",
    "recvmsg",
    "rename",
    "renameat",
    "renameat2",
    "sendfile",
    "sendmmsg",
    "sendmsg",
    "sendto",
    "socket",
    "socketpair",
    "symlink",
    "symlinkat",
    "tgkill",
    "truncate",
    "unlink",
    "unlinkat",
    "utimensat",
    "vfork",
    "writev",
];

/// Somebody signed in, with a token in the cache.
fn signed_in(world: &mut World, store: &str, neighbours: &str) -> Practice {
    let practice = Practice::start(world, "--sign-in-as amara --algorithm ES256");
    let more = format!("store = \"{store}\"\n{neighbours}");
    world.profile(&practice.issuer, &more);
    world.signed_in();
    world.run("token work").answer();
    practice
}

#[test]
fn a_warm_token_from_the_keyring_store_asks_nobody_and_writes_only_its_answer() {
    let mut world = World::new();
    let bus = Bus::start(&mut world);
    let _keyring = Keyring::start(&world, &bus);
    let _practice = signed_in(&mut world, "keyring", "");

    assert_quiet(&world, "token work");
}

#[test]
fn a_warm_token_from_the_sealed_store_asks_nobody_and_writes_only_its_answer() {
    let mut world = World::new();
    let _practice = signed_in(&mut world, "sealed", "");

    for line in [
        "token work",
        "token work --id-token",
        "token work --min-ttl 2m",
        "token work --format json",
        "token work --format header",
        "token work --format curl",
        "token work --format env",
    ] {
        assert_quiet(&world, line);
    }
}

#[test]
fn a_warm_token_is_as_quiet_among_twenty_profiles() {
    let mut world = World::new();
    let neighbours: String = (1..20)
        .map(|number| {
            format!(
                "[profile.other{number}]\nissuer = \"https://id{number}.example.com\"\n\
                 client_id = \"c{number}\"\n\
                 [profile.other{number}.target.orders]\nscopes = \"orders.read\"\n"
            )
        })
        .collect();
    let _practice = signed_in(&mut world, "sealed", &neighbours);

    assert_quiet(&world, "token work");
}

/// Runs a command under strace and holds it to what the warm path may do.
#[track_caller]
fn assert_quiet(world: &World, line: &str) {
    let calls = (0..ATTEMPTS)
        .map(|_| traced(world, line))
        .find(|calls| !was_displaced(calls));
    let calls = calls.expect("the kernel keeps the cache's key for a moment");

    let count = |name: &str| calls.iter().filter(|call| call.name == name).count();
    assert_eq!(count("exit_group"), 1, "the trace is whole: {calls:#?}");
    assert_eq!(
        count("execve"),
        1,
        "only keyfob itself is started: {calls:#?}"
    );
    assert_eq!(count("write"), 1, "one write, the answer's: {calls:#?}");
    for call in &calls {
        assert!(!FORBIDDEN.contains(&call.name.as_str()), "{call:?}");
        assert!(!opens_to_write(call) && !locks(call), "{call:?}");
        assert!(
            call.name != "write" || call.text.starts_with("write(1, "),
            "{call:?}"
        );
    }
}

/// The calls of a run that gives a cached token.
#[track_caller]
fn traced(world: &World, line: &str) -> Vec<Call> {
    world.run(line).answer();
    let trace = world.path("tmp/trace");
    let mut command = world.command("strace");
    command.args(["-f", "-s", "0", "-o"]).arg(&trace);
    command.arg(env!("CARGO_BIN_EXE_keyfob"));
    command.args(line.split_whitespace());

    let traced = run(command);

    assert!(
        !traced.answer().is_empty() && traced.stderr.is_empty(),
        "{traced:?}"
    );
    calls_in(&trace)
}

/// Whether the kernel had no key, so that it was put there again: the places are few, and shared by
/// every home of this user, those of other tests too.
fn was_displaced(calls: &[Call]) -> bool {
    calls
        .iter()
        .any(|call| call.name == "keyctl" && call.text.contains("KEYCTL_LINK"))
}

/// How often another test may be in the way.
const ATTEMPTS: usize = 8;

fn opens_to_write(call: &Call) -> bool {
    let creates = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"];
    call.name.starts_with("open") && creates.iter().any(|flag| call.text.contains(flag))
        || call.name == "creat"
}

fn locks(call: &Call) -> bool {
    call.name == "fcntl"
        && ["F_SETLK", "F_OFD_SETLK"]
            .iter()
            .any(|lock| call.text.contains(lock))
}
