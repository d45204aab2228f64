//! `keyfob setup agent`: printed, written, written over, taken back.

use std::collections::BTreeMap;
use std::fs;

use crate::support::World;

/// A unit as systemd reads it: sections, each with its settings. Nothing else may be in it.
fn read_unit(text: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut sections: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut section = None;
    for line in text.lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[') {
            section = Some(name.strip_suffix(']').expect("a section ends").to_owned());
            continue;
        }
        let (name, value) = line.split_once('=').expect("a setting has a value");
        let section = section.clone().expect("a setting stands in a section");
        let before = sections
            .entry(section)
            .or_default()
            .insert(name.to_owned(), value.to_owned());
        assert_eq!(before, None, "{name} is set twice");
    }
    sections
}

#[cfg(target_os = "linux")]
const PLACE: &str = "config/systemd/user/keyfob-agent.service";

#[test]
#[cfg(target_os = "linux")]
fn the_unit_is_printed_and_nothing_is_written() {
    let world = World::new();

    let output = world.run("setup agent").ok().says("setup agent --write");

    let unit = read_unit(&output.stdout);
    let program = env!("CARGO_BIN_EXE_keyfob");
    assert_eq!(unit["Service"]["ExecStart"], format!("\"{program}\" agent"));
    assert_eq!(unit["Service"]["NoNewPrivileges"], "yes");
    assert_eq!(unit["Service"]["LimitCORE"], "0");
    assert_eq!(unit["Install"]["WantedBy"], "default.target");
    assert!(!world.path("config").exists());
    assert!(!output.stdout.contains(world.home().to_str().unwrap()));
}

#[test]
#[cfg(target_os = "linux")]
fn what_stood_there_before_is_kept_and_comes_back() {
    let world = World::new();
    fs::create_dir_all(world.path("config/systemd/user")).unwrap();
    let theirs = "[Service]\nExecStart=/bin/mine\n";
    world.write(PLACE, theirs);
    let now = || fs::read_to_string(world.path(PLACE)).ok();

    world
        .run("setup agent --write")
        .ok()
        .says("is written")
        .says("- ExecStart=/bin/mine")
        .says("+ NoNewPrivileges=yes")
        .says("What was there before is in ")
        .says("systemctl --user enable --now keyfob-agent.service");
    let printed = world.run("setup agent").ok().stdout;
    assert_eq!(now().as_deref(), Some(&*printed));
    world.run("setup agent --write").ok().says("was so already");
    world
        .run("setup agent --remove")
        .ok()
        .says("is what it was before");
    assert_eq!(now().as_deref(), Some(theirs));

    world.run("setup agent --remove").exits(1).says("changed");
    assert_eq!(now().as_deref(), Some(theirs));
    fs::remove_file(world.path(PLACE)).unwrap();
    world.run("setup agent --remove").ok().says("There is no ");
    world.run("setup agent --write").ok();
    world.run("setup agent --remove").ok().says("is removed");
    assert_eq!(now(), None);
    world.run("setup agent --write --remove").exits(2);
}
