//! Caches, entries, journals and stores that were damaged, or are somebody else's.

use std::fs;
use std::path::{Path, PathBuf};

use super::case::Case;
use crate::support::World;

pub(super) fn cases() -> Vec<Case> {
    [caches(), entries(), sealed(), journals(), obstacles()]
        .into_iter()
        .flatten()
        .collect()
}

/// Everything in a folder.
fn all(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// A row in which each file of a folder is changed before.
fn each(case: Case, folder: &'static str, change: impl Fn(&Path) + Send + 'static) -> Case {
    case.first(move |world| {
        let files = all(&world.path(folder));
        assert!(!files.is_empty(), "{folder}");
        files
            .iter()
            .filter(|path| path.is_file())
            .for_each(|path| change(path));
    })
}

fn put(path: &Path, bytes: &[u8]) {
    keyfob::sys::files::write_private(path, bytes).unwrap();
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    put(path, &bytes);
}

fn instead(path: &Path, make: impl Fn(&Path)) {
    fs::remove_file(path).unwrap();
    make(path);
}

fn pipe(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}

fn linked(path: &Path) {
    let aside = path.with_extension("aside");
    fs::rename(path, &aside).unwrap();
    std::os::unix::fs::symlink(&aside, path).unwrap();
}

const TOKENS: &str = "cache/keyfob/tokens";
const DOCUMENTS: &str = "cache/keyfob/documents";

/// A cache costs time, never the answer.
fn caches() -> Vec<Case> {
    let token = |name| Case::new(name, "token work");
    let renew = |name| Case::new(name, "token work --renew");
    vec![
        each(token("cached token cut"), TOKENS, |path| {
            put(path, &fs::read(path).unwrap()[..20]);
        }),
        each(token("cached token changed by one bit"), TOKENS, |path| {
            flip(path, 60);
        }),
        each(token("cached token of a newer format"), TOKENS, |path| {
            put(path, b"keyfob-cache\x09");
        }),
        each(token("cached token empty"), TOKENS, |path| put(path, b"")),
        each(token("folder for a cached token"), TOKENS, |path| {
            instead(path, |path| fs::create_dir(path).unwrap());
        }),
        each(token("pipe for a cached token"), TOKENS, |path| {
            instead(path, pipe);
        }),
        each(token("link for a cached token"), TOKENS, linked),
        each(renew("garbage for a document"), DOCUMENTS, |path| {
            put(path, b"{\"");
        }),
        each(renew("pipe for a document"), DOCUMENTS, |path| {
            instead(path, pipe);
        }),
        each(renew("folder for a document"), DOCUMENTS, |path| {
            instead(path, |path| fs::create_dir(path).unwrap());
        }),
        token("file for the cache's folder").first(|world| {
            fs::remove_dir_all(world.path("cache")).unwrap();
            world.write("cache", "");
        }),
    ]
}

const ENTRIES: &str = "state/keyfob/sessions";

/// An entry is for people; the session lives in the store.
fn entries() -> Vec<Case> {
    let renew = |name| Case::new(name, "token work --renew");
    vec![
        each(renew("garbage for an entry"), ENTRIES, |path| {
            put(path, b"garbage");
        }),
        each(renew("entry of a newer format"), ENTRIES, newer_entry),
        each(renew("link for an entry"), ENTRIES, linked),
        each(renew("pipe for an entry"), ENTRIES, |path| {
            instead(path, pipe);
        }),
        each(
            Case::new("list of an unreadable entry", "list"),
            ENTRIES,
            |path| {
                put(path, b"garbage");
            },
        )
        .gets(0, &["cannot be read", "keyfob login"]),
    ]
}

fn newer_entry(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains("\"version\": 1"));
    put(
        path,
        text.replace("\"version\": 1", "\"version\": 9").as_bytes(),
    );
}

const SEALED: &str = "state/keyfob/sealed";

fn header(name: &'static str, change: impl Fn(&Path) + Send + 'static) -> Case {
    Case::new(name, "token work --renew")
        .first(move |world| change(&world.path("state/keyfob/sealed/header")))
}

fn sealed() -> Vec<Case> {
    let backup = "restore the header from a backup";
    vec![
        each(
            Case::new("sealed entries changed", "token work --renew"),
            SEALED,
            |path| {
                if path.extension().is_some_and(|ending| ending == "sealed") {
                    flip(path, 40);
                }
            },
        )
        .gets(7, &["is damaged", "sign in again"]),
        each(
            Case::new("sealed entries of a newer format", "token work --renew"),
            SEALED,
            |path| {
                if path.extension().is_some_and(|ending| ending == "sealed") {
                    put(path, b"keyfob-sealed\x09");
                }
            },
        )
        .gets(7, &["is in format 9", "update keyfob"]),
        header("garbage for the sealed header", |path| put(path, b"{}"))
            .gets(7, &["`header` is damaged", backup]),
        header("sealed header changed by one bit", |path| flip(path, 120))
            .gets(7, &["`header` is damaged", backup]),
        header("sealed header missing", |path| {
            fs::remove_file(path).unwrap();
        })
        .gets(7, &["it is missing", backup]),
        header("sealed header of a newer format", |path| {
            let text = fs::read_to_string(path).unwrap();
            put(
                path,
                text.replace("\"format\":1", "\"format\":7").as_bytes(),
            );
        })
        .gets(7, &["is in format 7", "update keyfob"]),
        header("sealed header that costs a terabyte", |path| {
            let text = fs::read_to_string(path).unwrap();
            put(path, text.replace("65536", "1073741824").as_bytes());
        })
        .gets(7, &["`header` is damaged"]),
        header("link for the sealed header", linked).gets(7, &["is a symbolic link"]),
    ]
}

/// The journal of the only session.
fn journal(world: &World) -> PathBuf {
    let name = world.sessions().remove(0);
    let name = name.strip_suffix(".json").unwrap();
    let digest = ring::digest::digest(&ring::digest::SHA256, name.as_bytes());
    let digest = keyfob::base::hex(digest.as_ref());
    world.path(&format!("state/keyfob/journal/{digest}.journal"))
}

fn journals() -> Vec<Case> {
    let with = |name, bytes: &'static [u8]| {
        Case::new(name, "token work --renew").first(move |world| put(&journal(world), bytes))
    };
    vec![
        // What can never be opened is nothing that could be lost.
        with("garbage for a journal", b"garbage"),
        with("empty journal", b""),
        with("journal of a newer format", b"keyfob-journal\x09aaaaaaaa")
            .gets(7, &["is in format 9", "update keyfob"]),
        with(
            "journal of another key",
            b"keyfob-journal\x01aaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbb",
        ),
        Case::new("sign-in over a garbage journal", "login work --no-browser")
            .first(|world| put(&journal(world), b"garbage"))
            .person()
            .gets(0, &["Signed in"]),
        each(
            Case::new("sign-in over damaged entries", "login work --no-browser"),
            SEALED,
            |path| {
                if path.extension().is_some_and(|ending| ending == "sealed") {
                    flip(path, 40);
                }
            },
        )
        .person()
        .gets(0, &["Signed in"]),
    ]
}

fn obstacles() -> Vec<Case> {
    let lock = |name, change: fn(&Path)| {
        Case::new(name, "token work --renew").first(move |world| {
            let locks = world.path("state/keyfob/locks");
            for path in all(&locks) {
                instead(&path, change);
            }
        })
    };
    let way = "move it out of the way";
    vec![
        lock("folder for a lock", |path| fs::create_dir(path).unwrap())
            .gets(1, &["the lock file cannot be used", "is a folder", way]),
        lock("pipe for a lock", pipe).gets(1, &["is a pipe", way]),
        lock("link for a lock", |path| {
            std::os::unix::fs::symlink("/etc/passwd", path).unwrap();
        })
        .gets(1, &["is a symbolic link", way]),
        Case::new("file for the state folder", "login work")
            .first(|world| {
                fs::remove_dir_all(world.path("state")).unwrap();
                world.write("state", "");
            })
            .gets(7, &["is none, but a file", way]),
        Case::new("state folder for everybody", "login work")
            .first(|world| {
                use std::os::unix::fs::PermissionsExt as _;
                let all = fs::Permissions::from_mode(0o777);
                fs::set_permissions(world.path(SEALED), all).unwrap();
            })
            .gets(7, &["is open to other users (mode 777)", "chmod go-rwx"]),
    ]
}
