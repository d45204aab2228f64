//! Commands on Unix: `execve(2)` in place, or a child in the same process group.
//!
//! The child shares keyfob's group, so the terminal sends its signals to both, and keyfob passes on
//! only those that somebody sent to it alone. A child that stops, stops keyfob too, so that the
//! shell gets its terminal back. Signals that were ignored at the start are left ignored.

use std::os::unix::process::CommandExt as _;
use std::sync::Arc;

use rustix::io::Errno;
use rustix::process::{
    Pid, Signal, WaitOptions, WaitStatus, getpgid, getpgrp, kill_process, waitpid,
};
use signal_hook::consts::{
    SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGSTOP, SIGTERM, SIGTSTP, SIGUSR1,
    SIGUSR2, SIGWINCH,
};
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::low_level::siginfo::Origin;
use signal_hook::{flag, low_level};

use super::{ChildError, Program};
use crate::base::Exit;
use crate::sys::harden::CoreLimit;
use crate::sys::interrupt::{Interrupts, ignored};

/// What is passed on.
const PASSED_ON: [i32; 9] = [
    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT, SIGTSTP,
];

pub(super) fn become_it(mut program: Program, limit: CoreLimit) -> Result<Exit, ChildError> {
    // The system resets what this process did to its signals, and lets it be looked at again.
    let error = limit.lent(|| program.command.exec());
    // The attempt has set this one to its default, which would end keyfob without a word.
    drop(flag::register(SIGPIPE, Arc::default()));
    Err(Program::failed(program.name, error))
}

pub(super) fn run(mut program: Program, limit: CoreLimit) -> Result<Exit, ChildError> {
    // Whatever else in this process waits for Ctrl-C, it does not end it before the command ends.
    let interrupts = Interrupts::watch().map_err(ChildError::Signals)?;
    let _held = interrupts.defer();
    let ignored = ignored();
    let heeded = PASSED_ON.iter().filter(|signal| !ignored.contains(signal));
    let heeded: Vec<i32> = heeded.copied().chain([SIGCHLD]).collect();
    // Before the start: what comes from now on waits until there is somebody to pass it on to.
    let mut signals = SignalsInfo::<WithOrigin>::new(heeded).map_err(ChildError::Signals)?;
    let child = match limit.lent(|| program.command.spawn()) {
        Ok(child) => child,
        Err(error) => return Err(Program::failed(program.name, error)),
    };
    // It is the child's alone now.
    drop(program.descriptor.take());
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let mut child = Child {
        pid: pid.ok_or(ChildError::Wait(Errno::CHILD.into()))?,
        is_stopped: false,
    };
    loop {
        let arrived: Vec<Origin> = signals.wait().collect();
        let was_stopped = child.is_stopped;
        if let Some(end) = child.look()? {
            return Ok(end);
        }
        for origin in &arrived {
            child.pass_on(origin);
        }
        let is_woken = arrived.iter().any(|origin| origin.signal == SIGCONT);
        if child.is_stopped && !was_stopped && !is_woken && has_terminal() {
            // Goes on here when somebody continues this process.
            drop(low_level::raise(SIGSTOP));
        }
    }
}

/// A started command that has not been seen to end, so that its number is still its own.
struct Child {
    pid: Pid,
    is_stopped: bool,
}

impl Child {
    /// Takes note of what became of it; returns how it ended, if it did.
    fn look(&mut self) -> Result<Option<Exit>, ChildError> {
        let options = WaitOptions::NOHANG | WaitOptions::UNTRACED | WaitOptions::CONTINUED;
        loop {
            match waitpid(Some(self.pid), options) {
                Ok(Some((_, status))) => match end(status) {
                    Some(end) => return Ok(Some(end)),
                    None => self.is_stopped = status.stopped(),
                },
                Ok(None) => return Ok(None),
                Err(Errno::INTR) => {}
                Err(error) => return Err(ChildError::Wait(error.into())),
            }
        }
    }

    fn pass_on(&mut self, origin: &Origin) {
        match origin.signal {
            SIGCHLD => {}
            // A shell continues the whole group; only who continued keyfob alone leaves it stopped.
            SIGCONT if !self.is_stopped => {}
            SIGCONT => {
                self.send(SIGCONT);
                self.is_stopped = false;
            }
            _ if self.has_it_already(origin) => {}
            signal => self.send(signal),
        }
    }

    /// What no process sent came from the terminal, which sends to all of a group; and what the
    /// command sends to keyfob is no message to itself.
    fn has_it_already(&self, origin: &Origin) -> bool {
        match &origin.process {
            Some(sender) => sender.pid == self.pid.as_raw_nonzero().get(),
            None => getpgid(Some(self.pid)) == Ok(getpgrp()),
        }
    }

    /// It may have ended this moment: then nobody is there to be told.
    fn send(&self, signal: i32) {
        if let Some(signal) = Signal::from_named_raw(signal) {
            kill_process(self.pid, signal).unwrap_or_default();
        }
    }
}

fn end(status: WaitStatus) -> Option<Exit> {
    let number = |number: i32| u8::try_from(number).unwrap_or(u8::MAX);
    if let Some(status) = status.exit_status() {
        return Some(Exit::Command(number(status)));
    }
    status
        .terminating_signal()
        .map(|it| Exit::Signal(number(it)))
}

/// Without a terminal there is no shell that waits for keyfob to stop, and nobody to continue it.
fn has_terminal() -> bool {
    std::fs::File::open("/dev/tty").is_ok()
}
