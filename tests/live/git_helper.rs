//! git, each one that is on the path, with keyfob as its credential helper, against `git http-backend`
//! that checks the token; and the newest form of the protocol spoken by hand.

use std::path::PathBuf;

use crate::support::git_http::{GitHttp, Shown};
use crate::support::guard::Guard;
use crate::support::process::{Ran, Running, run};
use crate::support::session::{Bench, WITH_GRACE};
use crate::support::world::World;

/// A git that announces `authtype` (2.46).
const ANNOUNCES: (u32, u32) = (2, 46);

struct Git {
    program: PathBuf,
    version: (u32, u32),
}

impl Git {
    /// Each different one on the path.
    fn all(world: &World) -> Vec<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut all: Vec<Self> = Vec::new();
        for folder in std::env::split_paths(&path) {
            let program = folder.join("git");
            if !program.is_file() {
                continue;
            }
            let mut command = world.command(&program);
            command.arg("--version");
            let told = run(command);
            let mut numbers = told
                .answer()
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|part| part.parse().ok());
            let version = (numbers.next().unwrap(), numbers.next().unwrap());
            if all.iter().all(|known| known.version != version) {
                all.push(Self { program, version });
            }
        }
        assert!(!all.is_empty(), "git is missing; run tests/run");
        all
    }

    fn announces(&self) -> bool {
        self.version >= ANNOUNCES
    }
}

/// Somebody who is signed in, and a git server that is listed.
struct Desk {
    bench: Bench,
    server: GitHttp,
}

impl Desk {
    fn new(shown: Shown, more: &str) -> Self {
        let mut bench = Bench::new("sealed", WITH_GRACE);
        let guard = Guard::of(bench.provider.issuer());
        let server = GitHttp::tls(&bench.world, guard, shown);
        let more = more.replace("SERVER", &server.origin());
        let more = format!("store = \"sealed\"\n{more}");
        bench.world.profile(bench.provider.issuer(), &more);
        bench.world.write(
            ".gitconfig",
            &format!(
                "[user]\nname = a\nemail = a@example.com\n\
                 [credential \"{}\"]\nhelper = !'{}' credential git\n",
                server.origin(),
                env!("CARGO_BIN_EXE_keyfob")
            ),
        );
        Self { bench, server }
    }

    fn git(&self, git: &Git, line: &str) -> Ran {
        let world = &self.bench.world;
        let mut command = world.command(&git.program);
        command.args(line.split(' '));
        command
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0");
        command.env("GIT_SSL_CAINFO", world.path("git.pem"));
        run(command)
    }

    /// Clones, commits and pushes; the commits of all who did are there in the end.
    #[track_caller]
    fn clone_and_push(&self, git: &Git) {
        let (major, minor) = git.version;
        let clone = format!("clone-{major}.{minor}");
        let line = format!("clone --quiet {} {clone}", self.server.repository());
        self.git(git, &line).answer();
        let line = format!("-C {clone} commit --quiet --allow-empty -m by-{major}.{minor}");
        self.git(git, &line).answer();
        self.git(git, &format!("-C {clone} push --quiet origin main"))
            .answer();
        let log = self.git(git, "-C git-server/team/app.git log --format=%s -1 main");
        assert_eq!(log.answer(), format!("by-{major}.{minor}"));
    }
}

#[test]
fn each_git_clones_and_pushes_with_the_token_as_a_password() {
    let desk = Desk::new(Shown::Basic("oauth2"), "git = [\"SERVER\"]\n");

    for git in Git::all(&desk.bench.world) {
        desk.clone_and_push(&git);
    }
    assert_eq!(desk.bench.refreshes(), [true], "the first token was enough");
}

#[test]
fn each_git_tells_the_user_name_that_the_profile_names() {
    let desk = Desk::new(
        Shown::Basic("amara"),
        "git = [\"SERVER/team\"]\nusername = \"amara\"\n",
    );
    let config = std::fs::read_to_string(desk.bench.world.path(".gitconfig")).unwrap();
    let config = format!("{config}[credential]\nuseHttpPath = true\n");
    desk.bench.world.write(".gitconfig", &config);

    for git in Git::all(&desk.bench.world) {
        desk.clone_and_push(&git);
    }
}

#[test]
fn a_git_that_announces_it_shows_a_bearer_token() {
    let desk = Desk::new(Shown::Bearer, "git = [\"SERVER\"]\n");

    for git in Git::all(&desk.bench.world) {
        if git.announces() {
            desk.clone_and_push(&git);
        } else {
            // An older one can show a password alone, and this server takes none.
            let line = format!("clone --quiet {} older", desk.server.repository());
            assert_eq!(desk.git(&git, &line).status, Some(128));
        }
    }
}

#[test]
fn a_git_server_that_is_not_listed_sees_no_token() {
    let desk = Desk::new(
        Shown::Basic("oauth2"),
        "git = [\"https://git.example.com\", \"SERVER/other\"]\n",
    );

    for git in Git::all(&desk.bench.world) {
        let ran = desk.git(
            &git,
            &format!("clone --quiet {} none", desk.server.repository()),
        );

        assert_eq!(ran.status, Some(128), "{ran:?}");
        // Silence: it goes on to whatever it would ask next.
        assert!(ran.stderr.contains("terminal prompts disabled"), "{ran:?}");
    }
    let asked = desk.server.asked();
    assert!(!asked.is_empty());
    assert!(asked.iter().all(|one| one.scheme().is_none()), "{asked:?}");
}

#[test]
fn whoever_is_not_signed_in_is_told_so_by_git() {
    let desk = Desk::new(Shown::Basic("oauth2"), "git = [\"SERVER\"]\n");
    desk.bench.world.run("logout work").answer();

    for git in Git::all(&desk.bench.world) {
        let ran = desk.git(
            &git,
            &format!("clone --quiet {} none", desk.server.repository()),
        );

        assert_eq!(ran.status, Some(128), "{ran:?}");
        assert!(ran.stderr.contains("keyfob login work"), "{ran:?}");
    }
}

#[test]
fn the_newest_form_spoken_by_hand_opens_the_server() {
    let desk = Desk::new(Shown::Bearer, "git = [\"SERVER\"]\n");
    let host = desk.server.origin().replace("https://", "");
    let sent = format!(
        "capability[]=authtype\ncapability[]=state\nprotocol=https\nhost={host}\n\
         path=team/app.git\nwwwauth[]=Bearer realm=\"git\"\n\n"
    );
    let mut helper = Running::start(desk.bench.world.keyfob("credential git get"));
    helper.say(&sent);

    let ran = helper.end();

    let told = |name: &str| {
        let mut lines = ran.answer().lines();
        lines
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
            .unwrap_or_default()
    };
    assert_eq!(told("capability[]"), "authtype");
    assert_eq!((told("authtype"), told("ephemeral")), ("Bearer", "1"));
    assert!(told("password_expiry_utc").parse::<u64>().is_ok());
    assert!((told("username"), told("password")) == ("", ""));
    let mut curl = desk.bench.world.command("curl");
    curl.args(["--silent", "--fail", "--cacert"])
        .arg(desk.bench.world.path("git.pem"));
    curl.args(["--header", "@-"]);
    curl.arg(format!(
        "{}/info/refs?service=git-upload-pack",
        desk.server.repository()
    ));
    let mut curl = Running::start(curl);
    curl.say(&format!(
        "Authorization: {} {}\n",
        told("authtype"),
        told("credential")
    ));
    assert!(curl.end().answer().contains("refs/heads/main"));
}
