//! Another host, as far as `ssh` can tell: a real sshd on a free port of this machine, with a host
//! key, a configuration and a user of its own. Nothing of the machine's own SSH is read or changed.

use std::fs::{self, Permissions};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use tempfile::TempDir;

use super::eventually;
use super::process::{Running, run};

/// Where Debian has it; it must be started by its whole path.
const SSHD: &str = "/usr/sbin/sshd";

/// The files of users are locked by whoever changes them, and the next one fails at once.
static USERS: Mutex<()> = Mutex::new(());
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A user who is there for one test.
struct User {
    name: String,
    id: u32,
}

impl User {
    fn add(home: &str) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("keyfob{}x{number}", std::process::id());
        let one = USERS.lock().unwrap_or_else(PoisonError::into_inner);
        let mut add = Command::new("useradd");
        // Without `*` there is no password and the account counts as locked.
        add.args(["--no-create-home", "--home-dir", home, "--shell", "/bin/sh"]);
        add.args(["--password", "*", &name]);
        run(add).answer();
        drop(one);
        let mut id = Command::new("id");
        id.args(["-u", &name]);
        let id = run(id).answer().parse().expect("a user has a number");
        Self { name, id }
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let _one = USERS.lock().unwrap_or_else(PoisonError::into_inner);
        let mut remove = Command::new("userdel");
        remove.args(["--force", &self.name]);
        // What goes wrong here must not hide what went wrong before.
        drop(remove.output());
    }
}

/// The other host.
pub(crate) struct Host {
    user: User,
    sshd: Running,
    folder: TempDir,
}

impl Host {
    /// Starts it; the configuration of `ssh` calls it `dev1`.
    pub(crate) fn start() -> Self {
        let id = run(Command::new("id"));
        assert!(
            id.answer().starts_with("uid=0("),
            "only root can be two users: run this test as root"
        );
        let folder = tempfile::Builder::new()
            .prefix("keyfob-host-")
            .tempdir()
            .expect("the system has a temporary folder");
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("it is ours");
        let path = |name: &str| folder.path().join(name);
        let text = |name: &str| path(name).to_str().expect("such paths are text").to_owned();
        fs::copy(env!("CARGO_BIN_EXE_keyfob"), path("keyfob")).expect("it can be written");
        fs::create_dir(path("home")).expect("it can be written");
        let user = User::add(&text("home"));
        chown(path("home"), Some(user.id), Some(user.id)).expect("root may give a folder away");
        for name in ["host", "key"] {
            let mut make = Command::new("ssh-keygen");
            make.args(["-q", "-t", "ed25519", "-N", "", "-f", &text(name)]);
            run(make).answer();
        }
        // Only for its children without rights, which need an empty folder.
        fs::create_dir_all("/run/sshd").expect("root may");
        let port = free_port();
        write(
            &path("sshd_config"),
            &format!(
                "ListenAddress 127.0.0.1\nPort {port}\nHostKey {}\nPidFile none\nUsePAM no\n\
             PasswordAuthentication no\nKbdInteractiveAuthentication no\nStrictModes no\n\
             AuthorizedKeysFile {}\nAllowUsers {}\nPrintMotd no\n",
                text("host"),
                text("key.pub"),
                user.name
            ),
        );
        let host_key = fs::read_to_string(path("host.pub")).expect("it was made");
        write(&path("known"), &format!("[127.0.0.1]:{port} {host_key}"));
        write(
            &path("ssh_config"),
            &format!(
                "Host dev1\n HostName 127.0.0.1\n Port {port}\n User {}\n IdentityFile {}\n \
             IdentitiesOnly yes\n UserKnownHostsFile {}\n GlobalKnownHostsFile /dev/null\n \
             StrictHostKeyChecking yes\n BatchMode yes\n",
                user.name,
                text("key"),
                text("known")
            ),
        );
        let mut sshd = Command::new(SSHD);
        sshd.args(["-D", "-e", "-f", &text("sshd_config")]);
        let sshd = Running::start(sshd);
        eventually("sshd to listen", || {
            TcpStream::connect(("127.0.0.1", port)).ok()
        });
        Self { user, sshd, folder }
    }

    /// A place on the host.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The number of the user there.
    pub(crate) fn user(&self) -> u32 {
        self.user.id
    }

    /// Runs an `ssh` line as it was printed, but with the configuration of this host.
    pub(crate) fn ssh(&self, line: &str) -> Running {
        assert!(self.sshd.id() > 0);
        let words = line.strip_prefix("ssh ").expect("the line is one of ssh");
        let config = self.path("ssh_config");
        let config = config.to_str().expect("such paths are text");
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("ssh -F {config} {words}")]);
        Running::start(shell)
    }
}

fn write(path: &std::path::Path, text: &str) {
    fs::write(path, text).expect("it can be written");
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there are free ports");
    listener.local_addr().expect("it is bound").port()
}
