//! A world of its own for each test: a home, an environment of which every variable is stated, and
//! the program under test.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::person::{Page, Person};
use super::process::{Ran, Running, run};
use super::watch;

/// A home nobody else uses, gone when this is dropped.
pub(crate) struct World {
    home: TempDir,
    variables: Vec<(OsString, OsString)>,
}

impl World {
    pub(crate) fn new() -> Self {
        let home = tempfile::Builder::new()
            .prefix("keyfob-live-")
            .tempdir()
            .expect("the system has a temporary folder");
        let mut world = Self {
            home,
            variables: Vec::new(),
        };
        for (name, folder) in [
            ("HOME", ""),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("TMPDIR", "tmp"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_RUNTIME_DIR", "run"),
        ] {
            let path = world.path(folder);
            std::fs::create_dir_all(&path).expect("a new home can be written");
            private(&path);
            world.set(name, path);
        }
        world.set("PATH", std::env::var_os("PATH").unwrap_or_default());
        world.set("LANG", "C.UTF-8");
        world.set("TZ", "UTC");
        watch::start(world.home.path());
        world
    }

    /// A path inside this world.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.into(), value.into()));
    }

    /// Writes a file of this world, for its owner only, and says where it is.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder"))
            .expect("a world can be written");
        std::fs::write(&path, text).expect("a world can be written");
        private(&path);
        path
    }

    /// Writes a program of this world.
    pub(crate) fn write_program(&self, name: &str, text: &str) -> PathBuf {
        let path = self.write(name, text);
        make_runnable(&path);
        path
    }

    /// Names the file with the passphrase of a sealed store.
    pub(crate) fn set_passphrase(&mut self) {
        let passphrase = self.write("passphrase", "a passphrase for this test\n");
        self.set("KEYFOB_PASSPHRASE_FILE", passphrase);
    }

    /// Writes the one profile, `work`, with more lines of TOML for it.
    pub(crate) fn profile(&mut self, issuer: &str, more: &str) {
        self.set_passphrase();
        let text = format!(
            "[profile.work]\nissuer = \"{issuer}\"\nclient_id = \"keyfob-cli\"\n\
             scopes = \"openid profile offline_access\"\n{more}"
        );
        self.write("config/keyfob/config.toml", &text);
    }

    /// Any program, with this world's variables and no others.
    pub(crate) fn command(&self, program: impl Into<OsString>) -> Command {
        let mut command = Command::new(program.into());
        command
            .env_clear()
            .envs(self.variables.iter().cloned())
            .current_dir(self.home.path());
        command
    }

    /// The program under test.
    pub(crate) fn keyfob(&self, line: &str) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_keyfob"));
        command.args(line.split_whitespace());
        command
    }

    /// Runs `keyfob` with these words to its end. A token that it prints is watched for.
    #[track_caller]
    pub(crate) fn run(&self, line: &str) -> Ran {
        let ran = run(self.keyfob(line));
        if line.starts_with("token") {
            watch::secret(&ran.stdout);
        }
        ran
    }

    /// Runs a sign-in of which the person opens the address; gives the person's last page, and how
    /// the program ended.
    #[track_caller]
    pub(crate) fn sign_in(&self, person: &mut Person, line: &str) -> (Page, Ran) {
        let mut login = self.start(line);
        let address = login.stderr_line("the address to open", address_on);
        let page = person.walk(&address);
        (page, login.end())
    }

    /// The same, for when it is only the way to what is tested.
    #[track_caller]
    pub(crate) fn signed_in(&self) {
        let (page, login) = self.sign_in(&mut Person::new("ada"), "login work --no-browser");
        assert_eq!(login.status, Some(0), "{}\n{}", login.stderr, page.text());
    }

    /// Starts `keyfob` with these words.
    pub(crate) fn start(&self, line: &str) -> Running {
        Running::start(self.keyfob(line))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        watch::end(self.home.path());
    }
}

/// The address on a line that holds nothing else.
pub(crate) fn address_on(line: &str) -> Option<String> {
    let line = line.trim();
    let is_address = line.starts_with("http://") || line.starts_with("https://");
    (is_address && !line.contains(' ')).then(|| line.to_owned())
}

/// The user code among other words: two groups of capital letters (RFC 8628 §6.1).
pub(crate) fn user_code_in(text: &str) -> Option<String> {
    let is_group = |group: &str| group.len() == 4 && group.chars().all(|c| c.is_ascii_uppercase());
    let is_code = |word: &&str| {
        word.split_once('-')
            .is_some_and(|(a, b)| is_group(a) && is_group(b))
    };
    text.split_whitespace().find(is_code).map(ToOwned::to_owned)
}

fn private(path: &Path) {
    let mode = if path.is_dir() { 0o700 } else { 0o600 };
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        .expect("the owner may change a mode");
}

fn make_runnable(path: &Path) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
        .expect("the owner may change a mode");
}
