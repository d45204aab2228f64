//! What surrounds the process: variables, folders, and whether the streams are terminals.
//!
//! Captured once, at the start; nothing else in the library reads the environment. A variable that
//! is not Unicode counts as not set, unless it is keyfob's own: that one is wrong, and is refused.

use std::env;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use directories::ProjectDirs;

use super::harden::CoreLimit;
use crate::base::Vars;

/// The variable that moves the folder of `config.toml`.
pub const CONFIG_DIR: &str = "KEYFOB_CONFIG_DIR";

/// How the names of keyfob's own variables begin.
const OURS: &str = "KEYFOB_";

/// The surroundings, as they were when the process started.
#[derive(Clone, Debug, Default)]
pub struct Env {
    /// The environment variables.
    pub vars: Vars,
    /// The user's folders; none when the user has no home.
    pub dirs: Option<Dirs>,
    /// Whether stdin is a terminal.
    pub stdin_is_terminal: bool,
    /// Whether stdout is a terminal.
    pub stdout_is_terminal: bool,
    /// Whether stderr is a terminal.
    pub stderr_is_terminal: bool,
    /// How many columns the terminal on stderr has, when it is one.
    pub columns: Option<u16>,
    /// How large a core dump may be.
    pub core_limit: CoreLimit,
}

/// keyfob's own folders, by the platform's custom; none of them needs to exist yet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Dirs {
    /// Holds `config.toml`; `KEYFOB_CONFIG_DIR` moves it.
    pub config: PathBuf,
    /// Holds what can be fetched again.
    pub cache: PathBuf,
    /// Holds what must survive, per machine.
    pub state: PathBuf,
    /// Holds what ends with the user's login, where the platform has such a folder.
    pub runtime: Option<PathBuf>,
    /// The same folder where the variable that names it is not set, as under `sudo` or `cron`; it
    /// need not exist, and nothing but locks may depend on it.
    pub login: Option<PathBuf>,
}

impl Env {
    /// Reads everything, once.
    pub fn capture() -> Self {
        let vars = Vars::new(env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            let value = match value.into_string() {
                Ok(value) => value,
                // A setting is never skipped because it is wrong: the reader shall refuse it.
                Err(value) if name.starts_with(OURS) => value.to_string_lossy().into_owned(),
                Err(_) => return None,
            };
            Some((name, value))
        }));
        let stderr_is_terminal = io::stderr().is_terminal();
        Self {
            dirs: Dirs::of(&vars),
            stdin_is_terminal: io::stdin().is_terminal(),
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal,
            columns: stderr_is_terminal.then(|| columns(&vars)).flatten(),
            core_limit: CoreLimit::capture(),
            vars,
        }
    }
}

impl Dirs {
    fn of(vars: &Vars) -> Option<Self> {
        let project = ProjectDirs::from("", "", "keyfob")?;
        // A relative HOME would scatter sessions over whatever folder keyfob is started in.
        if !project.cache_dir().is_absolute() {
            return None;
        }
        let state = project.state_dir().unwrap_or(project.data_local_dir());
        let runtime = project.runtime_dir().map(ToOwned::to_owned);
        let login = runtime.clone();
        #[cfg(target_os = "linux")]
        let login = login.or_else(|| Some(login_folder()));
        Some(Self {
            config: vars
                .get(CONFIG_DIR)
                .map_or_else(|| project.config_dir().to_owned(), PathBuf::from),
            cache: project.cache_dir().to_owned(),
            state: state.to_owned(),
            runtime,
            login,
        })
    }
}

/// Where systemd and elogind put the user's runtime folder.
#[cfg(target_os = "linux")]
fn login_folder() -> PathBuf {
    let user = rustix::process::geteuid().as_raw();
    PathBuf::from(format!("/run/user/{user}/keyfob"))
}

/// Asks the terminal how wide it is; `COLUMNS` answers where the terminal does not.
fn columns(vars: &Vars) -> Option<u16> {
    terminal_columns().or_else(|| vars.get("COLUMNS")?.parse().ok())
}

/// Asks the terminal on stderr how wide it is now.
#[cfg(unix)]
pub(super) fn terminal_columns() -> Option<u16> {
    let size = rustix::termios::tcgetwinsize(io::stderr()).ok()?;
    Some(size.ws_col).filter(|columns| *columns > 0)
}

/// Nothing tells where there is no Unix terminal.
#[cfg(not(unix))]
pub(super) fn terminal_columns() -> Option<u16> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_config_folder_can_be_moved_and_the_others_stay() {
        let moved = Vars::new([(CONFIG_DIR.to_owned(), "/etc/k".to_owned())]);

        let (plain, moved) = (Dirs::of(&Vars::default()), Dirs::of(&moved));

        let (plain, moved) = (plain.unwrap(), moved.unwrap());
        assert_eq!(moved.config, PathBuf::from("/etc/k"));
        assert_ne!(plain.config, moved.config);
        assert_eq!(plain.state, moved.state);
    }
}
