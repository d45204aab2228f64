//! What this process asks of the kernel for its secrets' sake: no core dump, and no other process
//! of the user reading its memory.
//!
//! Best effort: a kernel that refuses is no reason to fail. Child programs are not affected beyond
//! the core dump.

/// Forbids core dumps, and on Linux also tracing and `/proc/PID/mem`.
pub fn harden() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        setrlimit(Resource::Core, none).unwrap_or_default();
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
