//! Who this process is, for people who look for it: number, machine, terminal, and what started it.
//!
//! For messages only: nothing here ever decides anything, and what cannot be told is left out.

use std::path::Path;
use std::process;

use crate::base::Vars;

/// This process, as a person finds it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Whereabouts {
    /// Its number.
    pub pid: u32,
    /// The machine's name: homes are shared over networks and with containers.
    pub host: Option<String>,
    /// The terminal it was started on.
    pub terminal: Option<String>,
    /// The program that started it.
    pub started_by: Option<String>,
}

impl Whereabouts {
    /// Looks around.
    pub fn of_this_process(vars: &Vars) -> Self {
        Self {
            pid: process::id(),
            host: host(vars),
            terminal: terminal(),
            started_by: started_by(),
        }
    }
}

#[cfg(unix)]
fn host(_: &Vars) -> Option<String> {
    Some(super::process::machine()).filter(|name| !name.is_empty())
}

#[cfg(not(unix))]
fn host(vars: &Vars) -> Option<String> {
    vars.get("COMPUTERNAME").map(ToOwned::to_owned)
}

/// Where there is no `/proc`, nobody is told.
fn terminal() -> Option<String> {
    ["/proc/self/fd/0", "/proc/self/fd/2"]
        .into_iter()
        .find_map(|link| {
            let path = Path::new(link).read_link().ok()?;
            let path = path.to_str()?;
            let is_terminal = path.starts_with("/dev/pts/") || path.starts_with("/dev/tty");
            is_terminal.then(|| path.to_owned())
        })
}

#[cfg(target_os = "linux")]
fn started_by() -> Option<String> {
    /// The kernel cuts a name to fifteen bytes.
    const LONGEST: usize = 64;

    let parent = std::os::unix::process::parent_id();
    let path = format!("/proc/{parent}/comm");
    let name = super::files::read_bounded(Path::new(&path), LONGEST).ok()?;
    let name = std::str::from_utf8(&name).ok()?.trim().to_owned();
    Some(name).filter(|name| !name.is_empty())
}

#[cfg(not(target_os = "linux"))]
fn started_by() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_finds_itself() {
        let found = Whereabouts::of_this_process(&Vars::default());

        assert_eq!(found.pid, process::id());
        assert_eq!(found.host.is_some(), cfg!(unix));
        assert_eq!(found.started_by.is_some(), cfg!(target_os = "linux"));
    }
}
