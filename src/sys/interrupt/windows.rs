//! Ctrl-C where there are no signals: a handler thread that counts.
//!
//! Never ends the process inside a critical section.

use std::io;
use std::num::NonZeroU8;
use std::process;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

/// What Unix shells report for Ctrl-C; scripts know the number.
const INTERRUPT: u8 = 2;

#[derive(Default)]
struct Counts {
    installed: bool,
    watches: u32,
    deferrals: u32,
    seen: bool,
}

static COUNTS: LazyLock<Mutex<Counts>> = LazyLock::new(Mutex::default);

fn counts() -> MutexGuard<'static, Counts> {
    COUNTS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(
    clippy::exit,
    clippy::disallowed_methods,
    reason = "this is what the system's own handler does"
)]
fn pressed() {
    let mut counts = counts();
    let ends = counts.watches == 0 || (counts.seen && counts.deferrals == 0);
    counts.seen = true;
    if ends {
        process::exit(i32::from(128 | INTERRUPT));
    }
}

pub(super) fn begin_watch() -> io::Result<()> {
    let mut counts = counts();
    if !counts.installed {
        ctrlc::set_handler(pressed).map_err(io::Error::other)?;
        counts.installed = true;
    }
    if counts.watches == 0 {
        counts.seen = false;
    }
    counts.watches += 1;
    Ok(())
}

pub(super) fn end_watch() {
    counts().watches -= 1;
}

pub(super) fn requested() -> Option<NonZeroU8> {
    counts().seen.then_some(INTERRUPT).and_then(NonZeroU8::new)
}

pub(super) fn begin_defer() {
    counts().deferrals += 1;
}

pub(super) fn end_defer() {
    counts().deferrals -= 1;
}
