//! `keyfob exec`: what the command is given, what it is not, and how it ends.

mod served;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use keyfob::issuer::Provider;

use crate::support::{Output, Running, World, approve, provider};

const TARGETS: &str = "[profile.work.target.orders]\nscopes = \"orders.read\"\n\
                       [profile.work.target.reports]\nscopes = \"reports.read\"\n";

fn signed_in(provider: &Provider) -> World {
    let world = World::with_profile(provider, TARGETS);
    world.sign_in();
    world
}

/// Runs `keyfob exec work … -- sh -c script`.
#[track_caller]
fn exec(world: &World, flags: &str, script: &str) -> Output {
    let mut words = vec!["exec", "work"];
    words.extend(flags.split_whitespace());
    words.extend(["--", "sh", "-c", script]);
    world.run_words(&words)
}

/// Runs a script in the same surroundings, without keyfob.
fn directly(world: &World, script: &str) -> Running {
    let keyfob = world.command(&[]);
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).env_clear();
    let variables = keyfob.get_envs();
    shell.envs(variables.filter_map(|(name, value)| Some((name, value?))));
    Running::start(shell.current_dir(world.home()))
}

#[test]
fn a_variable_holds_the_token_of_the_target_that_it_was_named_for() {
    let provider = provider();
    let world = signed_in(&provider);
    let tokens = ["work", "work/orders", "work/reports"];
    let tokens = tokens.map(|which| world.run(&format!("token {which}")).ok().line());

    let flags = "--env OWN --env ORDERS=/orders --env REPORTS=work/reports";
    let said = exec(&world, flags, "echo $OWN; echo $ORDERS; echo $REPORTS")
        .ok()
        .silent();

    assert_eq!(said.stdout, format!("{}\n", tokens.join("\n")));
    let own = world.run("exec work/orders --env TOKEN -- printenv TOKEN");
    assert_eq!(own.ok().line(), tokens[1]);
}

#[test]
fn nothing_else_is_changed_and_no_argument_holds_the_token() {
    let provider = provider();
    let world = signed_in(&provider).with("KEYFOB_ANYTHING", "kept");
    let token = world.run("token work").ok().line();

    let look = "env | sort | grep -v ^_=; tr '\\0' ' ' </proc/self/cmdline; ls /proc/self/fd; pwd; \
                umask; ulimit -c; ulimit -n; grep SigBlk /proc/self/status; echo $PPID; \
                grep SigIgn /proc/self/status | sed 's/.*\\(.\\{8\\}\\)$/\\1/'";
    let through = exec(&world, "--env TOKEN", look).ok();
    let direct = directly(&world, look).wait().ok().stdout;

    let with = format!("TOKEN={token}\n");
    assert_eq!(through.stdout.replace(&with, ""), direct);
    assert_eq!(through.stdout.matches(&token).count(), 1);
}

#[test]
fn keyfob_becomes_the_command() {
    let provider = provider();
    let world = signed_in(&provider);

    let mut words = vec!["exec", "work", "--env", "TOKEN", "--", "sh", "-c"];
    words.push("echo $$ >pid; exec sleep 600");
    let running = Running::start(&mut world.command(&words));
    let pid = loop {
        match fs::read_to_string(world.path("pid")) {
            Ok(text) if text.ends_with('\n') => break text,
            _ => std::thread::yield_now(),
        }
    };

    assert_eq!(pid.trim(), running.id().to_string());
    running.signal("TERM");
    running.wait().exits(128 + 15);
}

#[test]
fn a_descriptor_gives_the_token_once_and_ends() {
    let provider = provider();
    let world = signed_in(&provider);
    let token = world.run("token work/orders").ok().line();

    let script = "cat <&3; echo; cat <&3; env | grep -c \"$1\"";
    let words = [
        "exec",
        "work/orders",
        "--fd",
        "3",
        "--",
        "sh",
        "-c",
        script,
        "sh",
        "eyJ",
    ];
    let said = world.run_words(&words);
    assert_eq!(said.stdout, format!("{token}\n\n0\n"), "{said:#?}");

    for number in ["0", "9", "200"] {
        let script = format!("cat /dev/fd/{number}; ls /proc/self/fd | tr '\\n' ' '");
        let said = exec(&world, &format!("--fd {number}"), &script).ok();
        let (read, open) = said.stdout.split_once('\n').unwrap();
        assert_eq!(read, world.run("token work").ok().line());
        let mut plain = directly(&world, "ls /proc/self/fd").wait().stdout;
        if number != "0" {
            plain.push_str(number);
        }
        let sorted = |text: &str| {
            let words = text.split_whitespace().map(str::to_owned);
            words.collect::<BTreeSet<String>>()
        };
        assert_eq!(sorted(open), sorted(&plain));
    }
}

#[test]
fn a_descriptor_that_is_not_free_is_refused() {
    let provider = provider();
    let world = signed_in(&provider);

    for number in ["1", "2", "-1", "x", "99999999999"] {
        let refused = exec(&world, &format!("--fd={number}"), "echo ran").exits(125);
        assert_eq!(refused.stdout, "");
    }
    exec(&world, "--fd 4000000", "echo ran")
        .exits(125)
        .says("not free");
    let keyfob = env!("CARGO_BIN_EXE_keyfob");
    let line = format!("exec 5</dev/null; exec {keyfob} exec work --fd 5 -- echo ran");
    let refused = directly(&world, &line).wait();

    refused
        .exits(125)
        .says("descriptor 5 is not free")
        .says("choose another");
}

#[test]
fn what_goes_wrong_before_the_command_has_a_status_of_its_own() {
    let provider = provider();
    let world = signed_in(&provider);
    fs::create_dir(world.path("bin")).unwrap();
    let script = world.write("bin/plain", "echo ran\n");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o600)).unwrap();

    exec(&world, "--env T", "exit 3").exits(3);
    exec(&world, "--env T", "exit 125").exits(125);
    exec(&world, "--env T", "kill -9 $$").exits(128 + 9);
    let none = world.run("exec work --env T -- keyfob-no-such-thing");
    none.exits(127).says("no command `keyfob-no-such-thing`");
    let cannot = world.run("exec work --env T -- bin/plain");
    cannot.exits(126).says("cannot be run");
    exec(&world, "", "echo ran").exits(125).says("--env NAME");
    exec(&world, "--env PATH", "echo ran")
        .exits(125)
        .says("PATH");
    exec(&world, "--env A --env A", "echo ran")
        .exits(125)
        .says("twice");
    exec(&world, "--env A=/nothing", "echo ran")
        .exits(125)
        .says("orders");
    exec(&world, "--env A=nobody", "echo ran")
        .exits(125)
        .says("nobody");
    exec(&world, "--what", "echo ran").exits(125);
    world.run("exec work --env A").exits(125);
    world.run("exec work --env A echo ran").exits(125);
    world.run("logout work").ok();
    let nobody = exec(&world, "--env A", "echo ran").exits(125);
    assert_eq!(nobody.stdout, "");
    nobody.says("keyfob login work");
}

#[test]
fn a_command_can_be_run_after_a_sign_in() {
    let provider = provider();
    let world = World::at(&provider);

    let mut words = vec!["exec", "work", "--login", "--env", "TOKEN", "--"];
    words.extend(["sh", "-c", "test -n \"$TOKEN\" && echo ran"]);
    let running = Running::start(&mut world.command(&words));
    assert!(world.wait_until_opened());
    let address = world.opened()[0].parse().unwrap();
    approve(&address).deliver();

    assert_eq!(running.wait().ok().line(), "ran");
}
