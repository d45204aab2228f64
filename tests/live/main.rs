//! The live tier: the built program against components nobody here wrote.
//!
//! A certified provider (npm `oidc-provider`), Chromium, gnome-keyring on a private D-Bus, sshd,
//! curl and tmux, each started by the tests and ended with them. A component that is missing fails
//! its tests; nothing here is ever skipped. Run by name: `cargo test --test live` (what it needs is
//! installed by `tests/run`).

#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "all of this is a test, outside the program: it starts processes, waits, and may fail"
)]

mod support;

mod agent;
mod aws;
mod browser;
mod clouds;
mod components;
mod crash;
mod curl;
mod exec;
mod faults;
mod forward;
mod git_helper;
mod keyring_session;
mod kubectl;
mod outage;
mod packages;
mod provider_npm;
mod recipes;
mod secret_service;
mod setup;
mod setup_tools;
mod stampede;
mod terminal;
mod warm;
mod watch;

#[test]
fn no_file_of_this_tier_is_forgotten() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live");
    let main = std::fs::read_to_string(here.join("main.rs")).unwrap();

    for entry in std::fs::read_dir(here).unwrap() {
        let path = entry.unwrap().path();
        let Some(name) = path.file_stem().and_then(|name| name.to_str()) else {
            continue;
        };
        let rust = path.extension().is_some_and(|extension| extension == "rs");
        if rust && name != "main" {
            assert!(
                main.contains(&format!("mod {name};")),
                "main.rs does not name {name}"
            );
        }
    }
}
