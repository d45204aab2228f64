//! `keyfob credential`, whole: what git and kubectl get, and what they get when they ask for what the
//! user has not listed. Exact answers and exit statuses, in each protocol's own terms.

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;

use keyfob::issuer::Endpoint;

use crate::support::{Output, Running, World, provider};

const LISTS: &str = "[profile.work.target.code]\nscopes = \"openid offline_access\"\n\
    git = [\"https://git.example.com/team\"]\n\
    [profile.work.target.cluster]\nscopes = \"openid offline_access\"\n\
    kubernetes = \"https://10.0.0.1:6443\"\n";

const ABOUT: &str = "protocol=https\nhost=git.example.com\npath=team/a.git\n";

fn exec_info(server: &str, interactive: bool) -> String {
    format!(
        r#"{{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{{"interactive":{interactive},"cluster":{{"server":"{server}"}}}}}}"#
    )
}

fn kubectl(world: &World, line: &str, info: &str) -> Output {
    let words: Vec<&str> = line.split(' ').collect();
    let mut command = world.command(&words);
    command.env("KUBERNETES_EXEC_INFO", info);
    Running::start(&mut command).wait()
}

#[test]
fn git_gets_a_token_in_the_form_that_it_knows() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let token = world.run("token work/code").ok().line();

    let older = world.run_with("credential git get", format!("{ABOUT}\n"));
    let newer = format!("capability[]=authtype\n{ABOUT}wwwauth[]=Bearer realm=\"git\"\n\n");
    let newer = world.run_with("credential git work/code get", newer);

    let lines: Vec<String> = older
        .ok()
        .silent()
        .stdout
        .lines()
        .map(str::to_owned)
        .collect();
    assert_eq!(
        lines[..2],
        ["username=oauth2".to_owned(), format!("password={token}")]
    );
    assert!(lines[2].starts_with("password_expiry_utc="), "{lines:?}");
    assert_eq!(lines.len(), 3);
    let newer = newer.ok().silent().stdout;
    let begins = format!(
        "capability[]=authtype\nauthtype=Bearer\ncredential={token}\nephemeral=1\npassword_expiry_utc="
    );
    assert!(newer.starts_with(&begins), "{newer}");
}

#[test]
fn the_same_program_answers_under_the_name_that_git_looks_for() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let other = world.path("git-credential-keyfob");
    fs::copy(env!("CARGO_BIN_EXE_keyfob"), &other).unwrap();
    let mut command = world.command(&["get"]);
    let mut renamed = std::process::Command::new(&other);
    renamed.args(command.get_args()).env_clear();
    for (name, value) in command.get_envs() {
        renamed.env(name, value.unwrap());
    }
    command = renamed;

    let mut running = Running::start(&mut command);
    running.type_in(format!("{ABOUT}\n").as_bytes());

    assert!(running.wait().ok().stdout.starts_with("username=oauth2\n"));
}

#[test]
fn a_server_that_is_not_listed_gets_silence_from_git_and_a_reason_from_kubectl() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let asked = provider.log().len();

    for about in [
        "protocol=https\nhost=github.com\n\n",
        "protocol=https\nhost=git.example.com\n\n",
        "protocol=https\nhost=git.example.com\npath=teams/a.git\n\n",
        "protocol=https\nhost=git.example.com:8443\npath=team/a.git\n\n",
        "protocol=https\nhost=git.example.com.evil.example\npath=team/a.git\n\n",
        "protocol=http\nhost=git.example.com\npath=team/a.git\n\n",
    ] {
        let output = world.run_with("credential git get", about).ok().silent();
        assert_eq!(output.stdout, "", "{about}");
    }
    for server in [
        "https://10.0.0.2:6443",
        "https://10.0.0.1",
        "https://10.0.0.1.evil.example:6443",
    ] {
        let output = kubectl(&world, "credential kubernetes", &exec_info(server, true));
        let output = output
            .exits(8)
            .says("under `kubernetes`")
            .says("keyfob config set");
        assert_eq!(output.stdout, "", "{server}");
    }
    // Named by the kubeconfig, a target is still bound to its own list.
    let code = kubectl(
        &world,
        "credential kubernetes work/code",
        &exec_info("https://10.0.0.1:6443", true),
    );
    code.exits(8).says("`work/code` does not list");
    assert_eq!(
        provider.log().len(),
        asked,
        "the provider was not even asked"
    );
}

#[test]
fn no_variable_adds_to_what_the_file_lists() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS)
        .with("KEYFOB_GIT", "https://evil.example")
        .with("KEYFOB_KUBERNETES", "https://evil.example");
    world.sign_in();

    let git = world.run_with(
        "credential git get",
        "protocol=https\nhost=evil.example\n\n",
    );
    let kubectl = kubectl(
        &world,
        "credential kubernetes",
        &exec_info("https://evil.example", true),
    );

    assert_eq!(git.ok().stdout, "");
    assert_eq!(kubectl.exits(8).stdout, "");
}

#[test]
fn kubectl_gets_the_version_that_it_asked_for() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let token = world.run("token work/cluster").ok().line();

    for version in ["v1", "v1beta1"] {
        let info =
            exec_info("https://10.0.0.1:6443", false).replace("/v1\"", &format!("/{version}\""));
        let answer = kubectl(&world, "credential kubernetes", &info)
            .ok()
            .silent()
            .json();

        assert_eq!(
            answer["apiVersion"],
            format!("client.authentication.k8s.io/{version}")
        );
        assert_eq!(answer["kind"], "ExecCredential");
        assert_eq!(answer["status"]["token"], token);
        assert!(
            answer["status"]["expirationTimestamp"]
                .as_str()
                .unwrap()
                .ends_with('Z')
        );
    }
}

#[test]
fn two_targets_that_list_the_same_are_never_chosen_between() {
    let provider = provider();
    let twice = format!(
        "{LISTS}[profile.work.target.other]\nscopes = \"openid\"\ngit = \"https://git.example.com\"\n"
    );
    let world = World::with_profile(&provider, &twice);
    world.sign_in();

    let output = world.run_with("credential git get", format!("{ABOUT}\n"));
    let named = world.run_with("credential git work/code get", format!("{ABOUT}\n"));

    let output = output.exits(8).says("`work/code`").says("`work/other`");
    assert_eq!(output.stdout, "quit=1\n");
    assert!(named.ok().stdout.contains("password="));
}

#[test]
fn signed_out_git_is_told_to_stop_and_why() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);

    let git = world.run_with("credential git get", format!("{ABOUT}\n"));
    let info = exec_info("https://10.0.0.1:6443", true);
    let kubectl = kubectl(&world, "credential kubernetes", &info);

    let git = git.exits(3).says("keyfob login work");
    assert_eq!(git.stdout, "quit=1\n");
    assert_eq!(kubectl.exits(3).says("keyfob login work").stdout, "");
    assert_eq!(world.opened(), Vec::<String>::new());
}

#[test]
fn nobody_is_asked_to_sign_in_where_the_program_says_that_nobody_is_there() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);

    let info = exec_info("https://10.0.0.1:6443", false);
    kubectl(&world, "credential kubernetes --login", &info).exits(3);
    let mut command = world.command(&["credential", "git", "--login", "get"]);
    command.env("GIT_TERMINAL_PROMPT", "0");
    let mut git = Running::start(&mut command);
    git.type_in(format!("{ABOUT}\n").as_bytes());
    git.wait().exits(3);

    assert_eq!(world.opened(), Vec::<String>::new());
}

#[test]
fn a_rejected_token_is_replaced_and_another_one_is_not() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let first = world.run("token work/code").ok().line();

    let erase = |password: &str| {
        let sent = format!("{ABOUT}username=oauth2\npassword={password}\n\n");
        let output = world.run_with("credential git erase", sent).ok().silent();
        assert_eq!(output.stdout, "");
    };
    erase("an-older-one");
    assert_eq!(world.run("token work/code").ok().line(), first);
    erase(&first);

    assert_ne!(world.run("token work/code").ok().line(), first);
    assert_eq!(
        world.sessions().len(),
        1,
        "the session is as good as before"
    );
}

#[test]
fn many_calls_at_once_cost_the_provider_one_request() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    world.run("token work/code").ok();
    fs::remove_dir_all(world.path("cache/keyfob/tokens")).unwrap();
    let asked = provider.requests(Endpoint::Token);

    let callers: Vec<Running> = (0..20)
        .map(|_| {
            let mut running = world.spawn("credential git get");
            running.type_in(format!("{ABOUT}\n").as_bytes());
            running
        })
        .collect();
    let answers: BTreeSet<String> = callers
        .into_iter()
        .map(|caller| caller.wait().ok().silent().stdout)
        .collect();

    assert_eq!(answers.len(), 1);
    assert_eq!(provider.requests(Endpoint::Token), asked + 1);
}

#[test]
fn what_no_git_sends_is_refused_and_answers_nothing() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let long = format!("protocol=https\nhost={}\n\n", "a".repeat(70_000));
    let endless = format!(
        "protocol=https\nhost=git.example.com\n{}",
        "x=y\n".repeat(100_000)
    );

    for (sent, said) in [
        (
            "protocol=https\r\nhost=git.example.com\r\npath=team/a.git\r\n\r\n",
            "carriage return",
        ),
        (
            "protocol=https\nhost=git.example.com\rhost=evil.example\n\n",
            "carriage return",
        ),
        ("protocol=https\nhost=git.example\0.com\n\n", "NUL"),
        ("protocol=https\nhost=\n\n", "the host is missing"),
        ("host=git.example.com\n\n", "the protocol is missing"),
        ("", "the protocol is missing"),
        ("\u{1b}[2J\n\n", "`key=value`"),
        (
            "protocol=https\nhost=git.example.com\npath=team/../other\n\n",
            "`..`",
        ),
        (
            "protocol=https\nhost=a@git.example.com\npath=team\n\n",
            "user name",
        ),
        (&long, "longer than"),
        (&endless, "longer than"),
    ] {
        let output = world
            .run_with("credential git get", sent)
            .exits(2)
            .says(said);
        assert_eq!(output.stdout, "", "{said}");
        assert!(!output.stderr.contains('\u{1b}'));
    }
}

#[test]
fn a_caller_that_went_away_ends_the_run_without_a_panic() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let mut command = world.command(&["credential", "kubernetes"]);
    command.env(
        "KUBERNETES_EXEC_INFO",
        exec_info("https://10.0.0.1:6443", false),
    );
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);

    let child = command
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let output = child.wait_with_output().unwrap();

    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("nobody reads the answer"), "{said}");
}
