//! The committed completions and man pages are what this version generates.
//!
//! `UPDATE=1 cargo test --test it generated` rewrites them.

use std::collections::BTreeSet;
use std::fs;

use crate::{files_below, root};

#[test]
fn completions_and_man_pages_are_what_this_version_generates() {
    let generated = keyfob::cli::files();
    if std::env::var_os("UPDATE").is_some() {
        update(&generated);
    }

    let mut stale: Vec<String> = Vec::new();
    for (path, text) in &generated {
        if fs::read(root().join(path)).ok().as_ref() != Some(text) {
            stale.push(path.clone());
        }
    }
    let kept: BTreeSet<String> = ["completions", "man"]
        .iter()
        .flat_map(|name| kept(name))
        .collect();
    stale.extend(
        kept.into_iter()
            .filter(|path| !generated.contains_key(path)),
    );

    assert!(
        stale.is_empty(),
        "rewrite these with `UPDATE=1 cargo test --test it generated`: {stale:#?}"
    );
}

#[test]
fn every_command_has_a_man_page_and_every_page_its_sections() {
    let generated = keyfob::cli::files();
    let command = keyfob::cli::command();

    for inner in command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set())
    {
        let path = format!("man/keyfob-{}.1", inner.get_name());
        let page = String::from_utf8(generated[&path].clone()).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{path}");
    }
    let page = String::from_utf8(generated["man/keyfob.1"].clone()).unwrap();
    for wanted in [
        "EXIT STATUS",
        "ENVIRONMENT",
        "FILES",
        "KEYFOB_ISSUER",
        "config.toml",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
}

fn update(generated: &std::collections::BTreeMap<String, Vec<u8>>) {
    for folder in ["completions", "man"] {
        let folder = root().join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir(&folder).unwrap();
    }
    for (path, text) in generated {
        fs::File::create(root().join(path))
            .and_then(|mut file| std::io::Write::write_all(&mut file, text))
            .unwrap();
    }
}

fn kept(folder: &str) -> Vec<String> {
    let folder = root().join(folder);
    if !folder.exists() {
        return Vec::new();
    }
    let shown = |path: std::path::PathBuf| {
        let path = path.strip_prefix(root()).unwrap().to_owned();
        path.to_str().unwrap().replace('\\', "/")
    };
    files_below(&folder, "").into_iter().map(shown).collect()
}
