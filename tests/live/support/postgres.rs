//! PostgreSQL in a folder of its own, whose passwords are fresh tokens: it asks a directory, which
//! looks at the token.

use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::bus::signal;
use super::eventually;
use super::guard::Guard;
use super::ldap::Ldap;
use super::process::{Running, run};

/// Up until dropped.
pub(crate) struct Postgres {
    server: Running,
    directory: Ldap,
    port: u16,
    folder: TempDir,
}

impl Postgres {
    /// Starts it with one user of this name, whose password is a token about this subject.
    pub(crate) fn start(guard: Guard, user: &str, subject: &str) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("keyfob-postgres-")
            .tempdir()
            .expect("the system has a temporary folder");
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).expect("it is ours");
        let directory = Ldap::start(guard, user, subject);
        let data = folder.path().join("data");
        let mut init = as_nobody_special(&program("initdb"));
        init.args([
            "--no-sync",
            "--auth=trust",
            "--username=owner",
            "--encoding=UTF8",
        ]);
        init.arg("--pgdata").arg(&data);
        run(init).answer();
        let rules = format!(
            "local all owner trust\nhost all all 127.0.0.1/32 ldap ldapserver=127.0.0.1 \
             ldapport={} ldapprefix=\"\" ldapsuffix=\"\"\n",
            directory.port()
        );
        std::fs::write(data.join("pg_hba.conf"), rules).expect("root may");
        let port = free_port();
        let mut server = as_nobody_special(&program("postgres"));
        server.arg("-D").arg(&data).arg("-k").arg(folder.path());
        server.args(["-h", "127.0.0.1", "-p", &port.to_string(), "-F"]);
        let server = Running::start(server);
        let ask = |statement: &str| {
            let mut psql = Command::new("psql");
            psql.arg("-h").arg(folder.path());
            psql.args([
                "-p",
                &port.to_string(),
                "-U",
                "owner",
                "-d",
                "postgres",
                "-c",
                statement,
            ]);
            run(psql).status == Some(0)
        };
        eventually("PostgreSQL to start", || ask("select 1").then_some(()));
        assert!(ask(&format!("create role {user} login")), "a role is made");
        Self {
            server,
            directory,
            port,
            folder,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// How often a token was taken for a password.
    pub(crate) fn signed_in(&self) -> usize {
        self.directory.bound()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Killed, it would leave its shared memory behind.
        signal(self.server.id(), "INT");
        let data = self.folder.path().join("data/postmaster.pid");
        eventually("PostgreSQL to end", || (!data.exists()).then_some(()));
    }
}

/// A program of the server, which Debian does not put on the path.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql");
    let versions = versions.into_iter().flatten().flatten();
    let mut programs: Vec<PathBuf> = versions
        .map(|version| version.path().join("bin").join(name))
        .filter(|path| path.exists())
        .collect();
    programs.sort();
    programs
        .pop()
        .expect("PostgreSQL's server is installed; run tests/run")
}

/// PostgreSQL will not run as root: it runs as the user that its package made.
fn as_nobody_special(program: &Path) -> Command {
    let mut command = if rustix::process::geteuid().is_root() {
        let mut command = Command::new("setpriv");
        command.args([
            "--reuid=postgres",
            "--regid=postgres",
            "--clear-groups",
            "--pdeathsig=INT",
        ]);
        command.arg(program);
        command
    } else {
        Command::new(program)
    };
    command
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .current_dir("/");
    command
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there are free ports");
    listener.local_addr().expect("it is bound").port()
}
