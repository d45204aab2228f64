//! `keyfob setup` for programs that ask for tokens: shown, written, written again, proven, taken back.

mod files;
mod git;

use std::fs;
use std::path::PathBuf;

use keyfob::issuer::Provider;

use crate::support::World;

/// keyfob's own program, as it is written into other programs' settings.
const PROGRAM: &str = env!("CARGO_BIN_EXE_keyfob");

/// A user whose target `work/code` lists something, signed in.
fn world(provider: &Provider, lists: &str) -> World {
    World::with_profile(provider, &format!("[profile.work.target.code]\n{lists}"))
}

/// What is in a file; none when there is none.
fn text(world: &World, name: &str) -> Option<String> {
    let bytes = fs::read(world.path(name)).ok()?;
    Some(String::from_utf8(bytes).unwrap())
}

/// All that keyfob kept beside a file.
fn kept(world: &World, name: &str) -> Vec<PathBuf> {
    let path = world.path(name);
    let beginning = format!(
        "{}.before-keyfob",
        path.file_name().unwrap().to_str().unwrap()
    );
    let entries = fs::read_dir(path.parent().unwrap()).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with(&beginning)
        })
        .collect()
}
