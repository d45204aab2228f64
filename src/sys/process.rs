//! Who another process is, as the system tells: its program, its folder, and who started it.
//!
//! For a person's eyes only: a process can be gone, and its number another's, by the time it is
//! looked at, so nothing is ever decided by what is found here. Values are foreign.

#[cfg(target_os = "linux")]
use std::fs;
#[cfg(target_os = "linux")]
use std::path::PathBuf;

/// So many ancestors are looked at.
const MOST: usize = 8;

/// A process.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// The name that it goes by, which it may have chosen itself.
    pub name: Option<String>,
    /// Its executable file, where the system shows it.
    pub program: Option<String>,
    /// Its working folder, where the system shows it.
    pub folder: Option<String>,
}

/// Returns a process and those who started it, up to and with the first that leads a session: that
/// is a shell's, or a service's, place. Empty when the system tells nothing.
#[cfg(target_os = "linux")]
pub fn lineage(pid: u32) -> Vec<Process> {
    let mut lineage = Vec::new();
    let mut next = Some(pid);
    while let Some(pid) = next.take_if(|pid| *pid > 0 && lineage.len() < MOST) {
        let Some(stat) = stat(pid) else { break };
        // What a hardened process, or another user's, does not show stays unknown.
        let link = |name: &str| {
            let found = fs::read_link(PathBuf::from(format!("/proc/{pid}/{name}")));
            found.ok().map(|path| path.to_string_lossy().into_owned())
        };
        lineage.push(Process {
            pid,
            name: Some(stat.name),
            program: link("exe"),
            folder: link("cwd"),
        });
        if stat.session != pid {
            next = Some(stat.parent);
        }
    }
    lineage
}

/// Nothing tells where there is no `/proc`.
#[cfg(not(target_os = "linux"))]
pub fn lineage(pid: u32) -> Vec<Process> {
    let process = Process {
        pid,
        ..Process::default()
    };
    [process].into_iter().take(MOST).collect()
}

/// What `/proc/PID/stat` says (`proc_pid_stat(5)`).
#[cfg(target_os = "linux")]
struct Stat {
    name: String,
    parent: u32,
    session: u32,
}

#[cfg(target_os = "linux")]
fn stat(pid: u32) -> Option<Stat> {
    let bytes = fs::read(format!("/proc/{pid}/stat")).ok()?;
    read_stat(&String::from_utf8_lossy(&bytes))
}

/// The name stands in parentheses and may hold some itself, so the last one ends it.
#[cfg(target_os = "linux")]
fn read_stat(text: &str) -> Option<Stat> {
    let (head, rest) = text.rsplit_once(") ")?;
    let (_, name) = head.split_once(" (")?;
    // State, parent, group, session.
    let mut rest = rest.split(' ').skip(1);
    let parent = rest.next()?.parse().ok()?;
    let session = rest.nth(1)?.parse().ok()?;
    Some(Stat {
        name: name.to_owned(),
        parent,
        session,
    })
}

/// Returns the number of the user that this process runs as.
#[cfg(unix)]
pub fn own_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// There is no such number.
#[cfg(not(unix))]
pub fn own_user() -> u32 {
    0
}

/// Returns this machine's name, as its owner gave it.
#[cfg(unix)]
pub fn machine() -> String {
    let name = rustix::system::uname();
    name.nodename().to_string_lossy().into_owned()
}

/// Nobody asks where there are no sockets to forward.
#[cfg(not(unix))]
pub fn machine() -> String {
    "this machine".to_owned()
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_known_with_who_started_it() {
        let lineage = lineage(std::process::id());

        let this = &lineage[0];
        assert_eq!(this.pid, std::process::id());
        let program = std::env::current_exe().unwrap();
        assert_eq!(this.program.as_deref(), program.to_str());
        let folder = std::env::current_dir().unwrap();
        assert_eq!(this.folder.as_deref(), folder.to_str());
        assert!(lineage.len() <= MOST);
    }

    #[test]
    fn a_name_can_hold_what_ends_a_name() {
        let stat = read_stat("12 (a) S 1 (b) S 34 12 56 0 -1").unwrap();

        assert_eq!((stat.name.as_str(), stat.parent), ("a) S 1 (b", 34));
        assert_eq!(stat.session, 56);
        assert!(read_stat("12 (a").is_none());
    }
}
