//! One fast test binary: everything that needs no real provider, browser or keyring.
//!
//! Its first test fails on a file here that is not declared below, so that no test is forgotten.

#![expect(
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "what a test cannot do, it fails at"
)]

mod agent;
mod aws;
mod bad_input;
mod challenge;
mod client_secret;
mod completions;
mod config;
mod conformance;
mod credential;
mod credential_azure;
mod credential_cargo;
mod credential_docker;
mod credential_gcp;
mod credential_mcp;
mod credential_pip;
mod doctor;
mod entra_challenge;
mod entra_errors;
mod entra_play;
mod entra_scenarios;
mod entra_setup;
mod entra_tenants;
mod exec;
mod explain;
mod faults;
mod generated;
mod inspect;
mod list;
mod login_browser;
mod login_device;
mod logout;
mod prompt_budget;
mod readme;
mod refresh;
mod session_shared;
mod setup;
mod setup_tools;
mod sign_in_shared;
mod support;
mod tidy;
mod token;
mod trouble;
mod verbose;
mod verify;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[test]
fn every_file_here_is_part_of_this_binary() {
    let own = include_str!("main.rs");
    let declared: BTreeSet<String> = own
        .lines()
        .filter_map(|line| {
            line.strip_prefix("mod ")?
                .strip_suffix(';')
                .map(str::to_owned)
        })
        .collect();

    let found: BTreeSet<String> = std::fs::read_dir(root().join("tests/it"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir() || path.extension().is_some_and(|ext| ext == "rs"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|name| name != "main")
        .collect();

    assert_eq!(found, declared);
}

/// The repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Every file below a folder whose name ends so, in order.
fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            match path.to_str() {
                Some(name) if name.ends_with("node_modules") => {}
                _ if path.is_dir() => folders.push(path),
                Some(name) if name.ends_with(ending) => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    files
}
