//! A world of its own for each test: a home, an environment of which every variable is stated, and
//! the program under test.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::process::{Ran, Running, run};

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

    /// Runs `keyfob` with these words to its end.
    #[track_caller]
    pub(crate) fn run(&self, line: &str) -> Ran {
        run(self.keyfob(line))
    }

    /// Starts `keyfob` with these words.
    pub(crate) fn start(&self, line: &str) -> Running {
        Running::start(self.keyfob(line))
    }
}

#[cfg(unix)]
fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = if path.is_dir() { 0o700 } else { 0o600 };
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        .expect("the owner may change a mode");
}

#[cfg(not(unix))]
fn private(_path: &Path) {}
