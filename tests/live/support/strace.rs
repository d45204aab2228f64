//! What strace tells of a run, one line a system call.

use std::path::Path;

/// A system call as it was entered.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) thread: u32,
    pub(crate) name: String,
    /// The call with its arguments and, when it was not interrupted in the log, its result.
    pub(crate) text: String,
}

/// Reads what `strace -f -o` wrote: every call that was entered, in order.
#[track_caller]
pub(crate) fn calls_in(trace: &Path) -> Vec<Call> {
    let text = std::fs::read(trace).expect("strace wrote its trace; run tests/run");
    let text = String::from_utf8_lossy(&text);
    text.lines().filter_map(call).collect()
}

fn call(line: &str) -> Option<Call> {
    let (thread, text) = line.split_once(' ')?;
    let text = text.trim_start();
    let (name, _) = text.split_once('(')?;
    // Ends of calls begin with `<...`, signals with `---`, exits with `+++`.
    let is_name = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (is_name && !name.is_empty()).then(|| Call {
        thread: thread.parse().unwrap_or_default(),
        name: name.to_owned(),
        text: text.to_owned(),
    })
}

#[test]
fn only_calls_that_were_entered_are_counted() {
    let lines = [
        "12 openat(AT_FDCWD, \"x\", O_RDONLY) = 3",
        "12 write(1, \"\"..., 3 <unfinished ...>",
        "13 <... write resumed>) = 3",
        "13 +++ killed by SIGKILL +++",
        "13 --- SIGCHLD {si_signo=SIGCHLD} ---",
    ];

    let names: Vec<_> = lines
        .into_iter()
        .filter_map(call)
        .map(|call| call.name)
        .collect();

    assert_eq!(names, ["openat", "write"]);
}
