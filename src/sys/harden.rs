//! What this process asks of the kernel for its secrets' sake: no core dump, and no other process
//! of the user reading its memory; and that a limit on the size of files is an error, not an end.
//!
//! Best effort: a kernel that refuses is no reason to fail. Child programs are not affected beyond
//! the core dump.

/// Forbids core dumps, and on Linux also tracing and `/proc/PID/mem`.
pub fn harden() {
    #[cfg(unix)]
    {
        use std::sync::Arc;
        use std::sync::atomic::AtomicBool;

        use rustix::process::{Resource, Rlimit, setrlimit};
        use signal_hook::consts::SIGXFSZ;

        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        setrlimit(Resource::Core, none).unwrap_or_default();
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
        harden();

        assert_eq!(getrlimit(Resource::Core).maximum, Some(0));
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
