//! A git server: `git http-backend` (smart HTTP) behind a check of the token.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::guard::Guard;
use super::process::run;
use super::web::{Asked, Told, Web};
use super::world::World;

/// How a client has to show the token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Shown {
    /// As the password of this user, as most servers want it.
    Basic(&'static str),
    /// As a bearer token.
    Bearer,
}

/// Open until dropped; has one repository, `team/app.git`, with one commit.
pub(crate) struct GitHttp {
    web: Web,
}

impl GitHttp {
    /// With TLS for `localhost`; the certificate is `git.pem` in the world.
    pub(crate) fn tls(world: &World, guard: Guard, shown: Shown) -> Self {
        let root = repository(world);
        let web = Web::tls(move |asked| answer(asked, &root, &guard, shown));
        world.write("git.pem", web.certificate().expect("it has one"));
        Self { web }
    }

    pub(crate) fn origin(&self) -> String {
        self.web.origin()
    }

    /// The repository, as `git clone` names it.
    pub(crate) fn repository(&self) -> String {
        format!("{}/team/app.git", self.origin())
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.web.asked()
    }
}

/// A bare repository with one commit, which may be pushed to; gives the folder it is in.
fn repository(world: &World) -> PathBuf {
    let root = world.path("git-server");
    let bare = root.join("team/app.git");
    std::fs::create_dir_all(&bare).expect("a world can be written");
    let git = |folder: &Path, line: &str| {
        let mut git = world.command("git");
        git.arg("-C").arg(folder).args(line.split(' '));
        git.env("GIT_CONFIG_NOSYSTEM", "1");
        run(git).answer();
    };
    git(&bare, "init --quiet --bare --initial-branch=main");
    git(&bare, "config http.receivepack true");
    let work = root.join("work");
    std::fs::create_dir_all(&work).expect("a world can be written");
    git(&work, "init --quiet --initial-branch=main");
    std::fs::write(work.join("README"), "of this test\n").expect("a world can be written");
    git(&work, "add README");
    git(
        &work,
        "-c user.name=a -c user.email=a@example.com commit --quiet -m first",
    );
    git(&work, &format!("push --quiet {} main", bare.display()));
    root
}

fn answer(asked: &Asked, root: &Path, guard: &Guard, shown: Shown) -> Told {
    let authorization = asked.header("authorization");
    let caller = authorization.and_then(|field| guard.caller(field));
    let is_shown_so = |scheme: &str, username: Option<&str>| match shown {
        Shown::Basic(name) => scheme.eq_ignore_ascii_case("basic") && username == Some(name),
        Shown::Bearer => scheme.eq_ignore_ascii_case("bearer"),
    };
    match caller {
        Some(caller) if is_shown_so(&caller.scheme, caller.username.as_deref()) => {
            let subject = caller.claims["sub"].as_str().unwrap_or_default();
            backend(asked, root, subject)
        }
        _ => {
            let scheme = match shown {
                Shown::Basic(_) => "Basic",
                Shown::Bearer => "Bearer",
            };
            let field = format!("{scheme} realm=\"git\"");
            Told::text(401, "who?\n").with("WWW-Authenticate", &field)
        }
    }
}

/// Runs git's own CGI program (git-http-backend(1), RFC 3875).
fn backend(asked: &Asked, root: &Path, user: &str) -> Told {
    let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
    let mut command = Command::new("git");
    command
        .arg("http-backend")
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", root)
        .env("REQUEST_METHOD", &asked.method)
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .env("REMOTE_USER", user)
        .env("CONTENT_LENGTH", asked.body.len().to_string());
    for (variable, field) in [
        ("CONTENT_TYPE", "content-type"),
        ("HTTP_CONTENT_ENCODING", "content-encoding"),
        ("GIT_PROTOCOL", "git-protocol"),
    ] {
        if let Some(value) = asked.header(field) {
            command.env(variable, value);
        }
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("git can be started; run tests/run");
    let mut stdin = child.stdin.take().expect("it was piped");
    let body = asked.body.clone();
    let writer = std::thread::spawn(move || stdin.write_all(&body));
    let output = child.wait_with_output().expect("it is our child");
    // It may end without reading all; its answer tells.
    drop(writer.join());
    of_cgi(&output.stdout)
}

/// Reads what a CGI program answers: a header with `Status`, and a body.
fn of_cgi(text: &[u8]) -> Told {
    let end = text.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.expect("a CGI program writes a header");
    let head = String::from_utf8_lossy(&text[..end]);
    let mut told = Told {
        status: 200,
        headers: Vec::new(),
        body: text[end + 4..].to_owned(),
    };
    for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        if name == "Status" {
            told.status = value
                .split(' ')
                .next()
                .and_then(|code| code.parse().ok())
                .unwrap_or(500);
        } else {
            told = told.with(name, value);
        }
    }
    told
}
