//! The `keyfob` program. Never decides anything: [`keyfob::cli::run`] does.

use std::process::ExitCode;

use keyfob::sys::env::Env;

fn main() -> ExitCode {
    ExitCode::from(keyfob::cli::run(std::env::args_os(), Env::capture()).code())
}
