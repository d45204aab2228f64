//! The `keyfob` program. Never decides anything: `keyfob::run` does.

fn main() {}
