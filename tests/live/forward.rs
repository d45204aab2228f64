//! The agent's restricted sockets, carried by a real `ssh` to a real sshd and another user.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::eventually;
use crate::support::process::{Running, run};
use crate::support::provider::Practice;
use crate::support::ssh::Host;
use crate::support::world::World;

/// A user who is neither here nor there.
const THIRD: &str = "65534";

/// What an agent says when it listens.
const LISTENING: &str = "keyfob: the agent is process";

/// Somebody with an agent and a session, on this side.
struct Here {
    world: World,
    _agent: Running,
    _practice: Practice,
}

impl Here {
    fn start() -> Self {
        let mut world = World::new();
        let practice = Practice::start(&world, "--sign-in-as amara --algorithm ES256");
        world.profile(
            &practice.issuer,
            "store = \"agent\"\n[profile.work.target.orders]\nscopes = \"orders.read\"\n",
        );
        let mut agent = world.start("agent");
        agent.stderr_line("the agent", |line| {
            line.starts_with(LISTENING).then_some(())
        });
        world.signed_in();
        Self {
            world,
            _agent: agent,
            _practice: practice,
        }
    }

    /// The line that lends `work/orders` to the host.
    fn line(&self, flags: &str) -> String {
        let line = format!("agent forward --host dev1 --target work/orders {flags}");
        self.world.run(&line).answer().to_owned()
    }

    /// The lines of the audit trail of one kind.
    fn trail(&self, event: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.world.path("state/keyfob/audit/audit.jsonl"));
        let text = text.expect("there is a trail");
        let lines = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("each line can be read alone"));
        lines.filter(|line| line["event"] == event).collect()
    }
}

/// The socket's path on the other host, as the line names it.
fn remote_socket(line: &str) -> &str {
    let (_, carried) = line.split_once(" -R ").expect("the line carries a socket");
    carried.split_once(':').expect("it names both ends").0
}

#[test]
fn the_printed_line_gives_another_user_the_target_and_nothing_else() {
    let here = Here::start();
    let host = Host::start();
    let line = here.line("--for 1h");
    let token = here.world.run("token work/orders").answer().to_owned();
    let keyfob = host.path("keyfob");
    let keyfob = keyfob.display();

    let mut there = host.ssh(&line);
    there.say(&format!(
        "id -u\nls -A ~\n{keyfob} token work/orders; echo \"orders $?\"\n\
         {keyfob} -v token work/orders --format header\n\
         {keyfob} token work; echo \"work $?\"\n\
         {keyfob} token work/orders --id-token; echo \"id $?\"\n\
         {keyfob} agent status; echo \"status $?\"\n\
         {keyfob} agent stop; echo \"stop $?\"\nexit 7\n"
    ));
    let there = there.end();

    assert_eq!(there.status, Some(7), "{there:?}");
    let lines: Vec<&str> = there.stdout.lines().collect();
    assert_eq!(
        lines,
        [
            host.user().to_string().as_str(),
            &token,
            "orders 0",
            &format!("Authorization: Bearer {token}"),
            "work 5",
            "id 5",
            "status 5",
            "stop 5",
        ],
        "{}",
        there.stderr
    );
    for word in [
        "the token is from the forwarded agent of ",
        "`work/orders` only: there is no token for `work`",
        "there is no ID token for `work/orders`",
        "does not answer `status`",
        "does not answer `stop`",
    ] {
        assert!(there.stderr.contains(word), "{word}: {}", there.stderr);
    }
    assert!(
        !Path::new(remote_socket(&line)).exists(),
        "it was cleared away"
    );
    let used = here.trail("forward_used");
    let outcomes: Vec<_> = used.iter().map(|use_| &use_["outcome"]).collect();
    let (given, refused) = ("given", "refused");
    assert_eq!(outcomes, [given, given, refused, refused, refused, refused]);
    here.world.run("agent status").answer();
}

#[test]
fn a_third_user_of_the_host_cannot_use_the_socket() {
    let here = Here::start();
    let host = Host::start();
    let line = here.line("--for 1h");
    let socket = remote_socket(&line);
    let (keyfob, go) = (host.path("keyfob"), host.path("go"));
    let mut there = host.ssh(&line);
    there.say(&format!(
        "while ! [ -S {socket} ]; do sleep 0.05; done; echo ready\n\
         while ! [ -e {} ]; do sleep 0.05; done\n",
        go.display()
    ));
    there.stdout_line("the shell there", |line| (line == "ready").then_some(()));
    let found = fs::symlink_metadata(socket).expect("it is there");
    assert_eq!(found.uid(), host.user());
    assert_eq!(found.permissions().mode() & 0o777, 0o600);

    let mut third = Command::new("setpriv");
    third.args([
        "--reuid",
        THIRD,
        "--regid",
        THIRD,
        "--clear-groups",
        "--inh-caps=-all",
        "--",
    ]);
    third.arg(keyfob).args(["token", "work/orders"]);
    third
        .env_clear()
        .env("KEYFOB_AGENT", socket)
        .env("HOME", "/nonexistent");
    let third = run(third);

    let said = third.refusal(1);
    assert!(said.contains("no permission"), "{said}");
    fs::write(go, "").expect("the host can be written");
    there.end();
    assert!(here.trail("forward_used").is_empty());
}

#[test]
fn after_the_end_nothing_works_though_ssh_is_still_there() {
    let here = Here::start();
    let host = Host::start();
    let line = here.line("--for 6s");
    let keyfob = host.path("keyfob");
    let keyfob = keyfob.display();

    let mut there = host.ssh(&line);
    there.say(&format!(
        "while {keyfob} token work/orders >/dev/null 2>~/said; do echo given; sleep 0.2; done\n\
         {keyfob} token work/orders; echo \"ended $?\"\n"
    ));
    let there = there.end();

    let given = there.stdout.lines().filter(|line| *line == "given").count();
    assert!(given > 0, "{there:?}");
    assert!(there.stdout.ends_with("ended 7\n"), "{there:?}");
    assert!(there.stderr.contains("broke off"), "{there:?}");
    eventually("the end in the trail", || {
        here.trail("forward_ended")
            .pop()
            .map(|ended| assert_eq!(ended["why"], "its time is over"))
    });
    let written = here.trail("forward_used");
    let written = written.iter().filter(|use_| use_["outcome"] == "given");
    assert_eq!(written.count(), given);
}
