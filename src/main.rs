//! The `keyfob` program: captures its surroundings and calls [`keyfob::cli::run`]; decides nothing.

use std::process::ExitCode;

use keyfob::sys::env::Env;

fn main() -> ExitCode {
    ExitCode::from(keyfob::cli::run(std::env::args_os(), Env::capture()).code())
}
