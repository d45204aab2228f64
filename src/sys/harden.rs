//! What this process asks of the kernel for its secrets' sake: no core dump, and no other process
//! of the user reading its memory; and that a limit on the size of files is an error, not an end.
//!
//! Best effort: a kernel that refuses is no reason to fail. Only the soft limit on core dumps is
//! lowered, so that a command can be given the one back that keyfob was started with; what starts
//! another program drops the rest by itself.

/// How large a core dump may be, as this process was started; unlimited when it says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct CoreLimit {
    #[cfg(unix)]
    soft: Option<u64>,
}

impl CoreLimit {
    /// Asks the kernel.
    pub fn capture() -> Self {
        #[cfg(unix)]
        return Self {
            soft: rustix::process::getrlimit(rustix::process::Resource::Core).current,
        };
        #[cfg(not(unix))]
        return Self {};
    }

    /// Runs `start` under this limit, and forbids core dumps again when it returns.
    pub(super) fn lent<T>(self, start: impl FnOnce() -> T) -> T {
        #[cfg(unix)]
        limit_core(self.soft);
        let started = start();
        #[cfg(unix)]
        limit_core(Some(0));
        started
    }
}

/// Sets the soft limit, which this process may raise again up to the hard one.
#[cfg(unix)]
fn limit_core(soft: Option<u64>) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let maximum = getrlimit(Resource::Core).maximum;
    let limit = Rlimit {
        current: soft,
        maximum,
    };
    setrlimit(Resource::Core, limit).unwrap_or_default();
}

/// Forbids core dumps for good, in a process that keeps secrets and starts no command of the user's.
pub fn forbid_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        setrlimit(Resource::Core, none).unwrap_or_default();
    }
}

/// Forbids core dumps, and on Linux also tracing and `/proc/PID/mem`.
pub fn harden() {
    #[cfg(unix)]
    {
        use std::sync::Arc;
        use std::sync::atomic::AtomicBool;

        use signal_hook::consts::SIGXFSZ;

        limit_core(Some(0));
        // By default this signal kills in the middle of a write, without a word.
        let noted = Arc::new(AtomicBool::new(false));
        drop(signal_hook::flag::register(SIGXFSZ, noted));
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable).unwrap_or_default();
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::process::{Command, Stdio};

    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    use super::*;

    #[test]
    #[ignore = "a process for a_hardened_process_leaves_no_core"]
    fn in_a_process_of_its_own() {
        let before = CoreLimit::capture();
        harden();

        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        let lent = before.lent(|| getrlimit(Resource::Core).current);
        assert_eq!(lent, before.soft);
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
    }

    #[test]
    fn a_hardened_process_leaves_no_core() {
        let status = Command::new(std::env::current_exe().unwrap())
            .args([
                "--ignored",
                "--exact",
                "sys::harden::tests::in_a_process_of_its_own",
            ])
            .stdout(Stdio::null())
            .status();

        assert!(status.unwrap().success());
    }
}
