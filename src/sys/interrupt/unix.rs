//! Signals on Unix, by flags that the handler sets; the handler itself decides nothing.
//!
//! Never returns a signal to "ignored": with no watch, the default is emulated. One that was ignored
//! when the process was started, as under `nohup`, stays so, here and in what is started from here.

use std::io;
use std::num::NonZeroU8;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::{SigId, flag, low_level};

const WATCHED: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];

/// What the handlers share with the process.
#[derive(Default)]
struct Process {
    /// The last signal that came during a watch.
    seen: Arc<AtomicUsize>,
    /// Whether the next signal acts by default.
    armed: Arc<AtomicBool>,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    installed: bool,
    watches: u32,
    deferrals: u32,
    /// The handlers that arm after the first signal; absent while a section is critical.
    arming: Vec<SigId>,
}

static PROCESS: LazyLock<Process> = LazyLock::new(Process::default);

impl Process {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The order matters: look whether the default is due, note the signal, and only then arm.
    fn install(&self, counts: &mut Counts) -> io::Result<()> {
        if !counts.installed {
            for signal in heeded() {
                flag::register_conditional_default(signal, Arc::clone(&self.armed))?;
                let number = usize::try_from(signal).unwrap_or_default();
                flag::register_usize(signal, Arc::clone(&self.seen), number)?;
            }
            counts.installed = true;
        }
        self.arm_after_first(counts)
    }

    fn arm_after_first(&self, counts: &mut Counts) -> io::Result<()> {
        if counts.arming.is_empty() {
            for signal in heeded() {
                let id = flag::register(signal, Arc::clone(&self.armed))?;
                counts.arming.push(id);
            }
        }
        Ok(())
    }
}

/// What is watched for, without what whoever started this process wants ignored.
fn heeded() -> impl Iterator<Item = i32> {
    let ignored = ignored();
    WATCHED
        .into_iter()
        .filter(move |signal| !ignored.contains(signal))
}

/// Returns the signals that are ignored, as the kernel says (`proc_pid_status(5)`, `SigIgn`); none
/// where it does not say. Handled ones are not among them, so this can be asked at any time.
pub(in crate::sys) fn ignored() -> Vec<i32> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let mask = mask.unwrap_or_default();
    (1..=64)
        .filter(|signal| mask >> (signal - 1) & 1 == 1)
        .collect()
}

pub(super) fn begin_watch() -> io::Result<()> {
    let mut counts = PROCESS.counts();
    if counts.watches == 0 {
        PROCESS.seen.store(0, Ordering::SeqCst);
        PROCESS.armed.store(false, Ordering::SeqCst);
        PROCESS.install(&mut counts)?;
    }
    counts.watches += 1;
    Ok(())
}

pub(super) fn end_watch() {
    let mut counts = PROCESS.counts();
    counts.watches -= 1;
    if counts.watches == 0 {
        PROCESS.armed.store(true, Ordering::SeqCst);
    }
}

pub(super) fn requested() -> Option<NonZeroU8> {
    let seen = PROCESS.seen.load(Ordering::SeqCst);
    u8::try_from(seen).ok().and_then(NonZeroU8::new)
}

pub(super) fn begin_defer() {
    let mut counts = PROCESS.counts();
    counts.deferrals += 1;
    for id in counts.arming.drain(..) {
        low_level::unregister(id);
    }
    PROCESS.armed.store(false, Ordering::SeqCst);
}

pub(super) fn end_defer() {
    let mut counts = PROCESS.counts();
    counts.deferrals -= 1;
    if counts.deferrals > 0 {
        return;
    }
    // A failure here means no memory for three entries; then a second signal only asks again.
    drop(PROCESS.arm_after_first(&mut counts));
    if requested().is_some() {
        PROCESS.armed.store(true, Ordering::SeqCst);
    }
}
