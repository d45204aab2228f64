//! What bad input gets: a table of rows, each run through the real program.
//!
//! Whatever a row does, the program ends by itself, says on stderr what is wrong, why and what to
//! do next, prints no answer, stores nothing, loses nothing, and shows no secret and nothing that
//! drives a terminal.

#![expect(clippy::too_many_lines, reason = "a table is as long as it is")]

mod case;
mod config;
mod flags;
#[cfg(unix)]
mod machine;
#[cfg(unix)]
mod settings;
#[cfg(unix)]
mod state;
#[cfg(unix)]
mod streams;
mod wire;

use case::{Case, hold};

#[cfg(unix)]
use crate::support::{World, provider};

#[test]
fn a_wrong_configuration() {
    hold(config::cases());
}

#[test]
fn impossible_flags() {
    hold(flags::cases());
}

#[cfg(target_os = "linux")]
#[test]
fn a_machine_that_refuses() {
    hold(machine::cases());
}

#[cfg(unix)]
#[test]
fn wrong_variables_and_editors() {
    hold(settings::cases());
}

#[cfg(unix)]
#[test]
fn damaged_state() {
    hold(state::cases());
}

#[cfg(unix)]
#[test]
fn streams_that_are_closed_or_hold_no_token() {
    hold(streams::cases());
}

#[test]
fn providers_that_are_none() {
    hold(wire::cases());
}

#[test]
fn providers_that_go_wrong_half_way() {
    wire::half_way();
}

/// An entry is for people: when it is damaged, there may be a session all the same.
#[cfg(unix)]
#[test]
fn a_damaged_entry_keeps_no_token_alive() {
    let provider = provider();
    let world = World::at(&provider);
    world.sign_in();
    let entry = format!("state/keyfob/sessions/{}", world.sessions()[0]);
    world.write(&entry, "garbage");

    let logout = world.run("logout work").ok();

    let logout = logout.says("The refresh token is revoked.");
    logout.says("Signed out of profile `work`.");
    assert!(world.sessions().is_empty());
}

#[cfg(unix)]
#[test]
fn the_table_is_long_and_no_row_comes_twice() {
    let mut names: Vec<String> = [config::cases(), flags::cases(), settings::cases()]
        .into_iter()
        .chain([state::cases(), streams::cases(), machine::cases()])
        .chain([wire::cases()])
        .flatten()
        .map(|case: Case| case.name().to_owned())
        .collect();
    let all = names.len();
    names.sort();
    names.dedup();

    assert_eq!(names.len(), all);
    assert!(all >= 70, "{all} rows");
}
