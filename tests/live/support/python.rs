//! The locked Python environment that `tests/run` makes in the build folder, and the tools in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::world::World;

/// The folder of its programs.
fn programs() -> PathBuf {
    let build = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    build
        .expect("it is inside the build folder")
        .join("live-python/bin")
}

/// A program of the environment, as `aws`, with the variables of a world and no others. Use
/// [`run`](super::process::run), which waits with a bound.
#[track_caller]
pub(crate) fn tool(world: &World, name: &str) -> Command {
    let program = programs().join(name);
    assert!(
        program.exists(),
        "{} is missing; run tests/run",
        program.display()
    );
    world.command(program)
}

/// A script of `tests/live/tools`, run by the environment's Python.
#[track_caller]
pub(crate) fn script(world: &World, name: &str) -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/live/tools")
        .join(name);
    assert!(script.exists(), "{} is missing", script.display());
    let mut command = tool(world, "python");
    // Nothing is written beside the script.
    command.arg("-B").arg(script);
    command
}
