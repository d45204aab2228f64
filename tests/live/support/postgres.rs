//! PostgreSQL with TLS in a folder of its own, whose passwords are fresh tokens: it asks a directory, which
//! looks at the token.

use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
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
    certificate: PathBuf,
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
            "local all owner trust\nhostssl all all 127.0.0.1/32 ldap ldapserver=127.0.0.1 \
             ldapport={} ldapprefix=\"\" ldapsuffix=\"\"\n",
            directory.port()
        );
        std::fs::write(data.join("pg_hba.conf"), rules).expect("root may");
        let certificate = certify(folder.path(), &data);
        let port = free_port();
        let mut server = as_nobody_special(&program("postgres"));
        server.arg("-D").arg(&data).arg("-k").arg(folder.path());
        server.args(["-h", "127.0.0.1", "-p", &port.to_string(), "-F"]);
        server.args(["-c", "ssl=on"]);
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
            certificate,
            directory,
            port,
            folder,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Where its certificate is, which is one for `localhost`: for `PGSSLROOTCERT`.
    pub(crate) fn certificate(&self) -> &Path {
        &self.certificate
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

/// Gives the server a key and a certificate, which nobody signed but itself.
fn certify(folder: &Path, data: &Path) -> PathBuf {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]);
    let made = made.expect("a certificate can be made");
    let owner = std::fs::metadata(data).expect("it was made");
    for (name, text) in [
        ("server.key", made.signing_key.serialize_pem()),
        ("server.crt", made.cert.pem()),
    ] {
        let path = data.join(name);
        std::fs::write(&path, text).expect("root may");
        std::fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("it is ours");
        chown(&path, Some(owner.uid()), Some(owner.gid())).expect("root may give a file away");
    }
    let certificate = folder.join("server.pem");
    std::fs::write(&certificate, made.cert.pem()).expect("it can be written");
    certificate
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
