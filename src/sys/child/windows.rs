//! Commands where a process cannot become another: it is run, and keyfob ends as it does.
//!
//! The console sends Ctrl-C to both; keyfob lets it pass and waits for the command.

use super::{ChildError, Program};
use crate::base::Exit;
use crate::sys::harden::CoreLimit;
use crate::sys::interrupt::Interrupts;

pub(super) fn become_it(program: Program, limit: CoreLimit) -> Result<Exit, ChildError> {
    run(program, limit)
}

pub(super) fn run(mut program: Program, limit: CoreLimit) -> Result<Exit, ChildError> {
    let interrupts = Interrupts::watch().map_err(ChildError::Signals)?;
    let _held = interrupts.defer();
    let mut child = match limit.lent(|| program.command.spawn()) {
        Ok(child) => child,
        Err(error) => return Err(Program::failed(program.name, error)),
    };
    let status = child.wait().map_err(ChildError::Wait)?;
    // A status of 32 bits that is no success must not become one of 8 bits that is.
    let status = status.code().unwrap_or(1).cast_unsigned();
    let low = u8::try_from(status & 0xff).unwrap_or(u8::MAX);
    Ok(Exit::Command(if status == 0 { 0 } else { low.max(1) }))
}
