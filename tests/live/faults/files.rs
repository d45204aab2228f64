//! Files of ours that were damaged, and what stands in their place: cut, changed by one bit, links,
//! pipes, folders, sockets, another user's, open to others, of another format, far too large.
//!
//! What is not ours is left as it was.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::trial::Sheet;
use crate::support::every_one;
use crate::support::session::{Bench, STRICT, WITH_GRACE, files_below};

/// A kind of file, and the command that needs it.
struct Target {
    name: &'static str,
    line: &'static str,
    find: fn(&Bench) -> Vec<PathBuf>,
    /// How the file begins, when a byte of format follows.
    mark: Option<&'static [u8]>,
    /// What may come of something that is no plain file of ours.
    obstructed: &'static [i32],
}

const TOKEN: Target = Target {
    name: "cached token",
    line: "token work",
    find: |bench| {
        // Beside it lie the ID token and a lock.
        let is_access = |path: &PathBuf| {
            let name = path.to_string_lossy();
            !name.ends_with("-id") && !name.ends_with(".lock")
        };
        let mut files = files_below(&bench.world.path("cache/keyfob/tokens"));
        files.retain(is_access);
        files
    },
    mark: Some(b"keyfob-cache"),
    obstructed: &[0],
};

const DOCUMENTS: Target = Target {
    name: "cached documents",
    line: "token work --renew",
    find: |bench| files_below(&bench.world.path("cache/keyfob/documents")),
    mark: None,
    obstructed: &[0],
};

const ENTRY: Target = Target {
    name: "session entry",
    line: "token work --renew",
    find: |bench| files_below(&bench.world.path("state/keyfob/sessions")),
    mark: None,
    obstructed: &[0],
};

const LOCK: Target = Target {
    name: "lock file",
    line: "token work --renew",
    find: |bench| files_below(&bench.world.path("state/keyfob/locks")),
    mark: None,
    obstructed: &[1],
};

#[test]
fn a_damaged_cached_token_is_renewed() {
    let mut bench = Bench::new("keyring", STRICT);
    damage(&mut bench, &TOKEN, (8, 16));
}

#[test]
fn whatever_stands_for_a_cached_token_is_left_alone_and_a_new_one_is_had() {
    obstruct(&mut Bench::new("keyring", STRICT), &TOKEN);
}

/// They say where tokens are sent, and which keys are believed.
#[test]
fn documents_that_were_changed_by_one_bit_are_not_believed() {
    damage(&mut Bench::new("keyring", STRICT), &DOCUMENTS, (3, 6));
}

#[test]
fn whatever_stands_for_documents_is_left_alone_and_they_are_fetched() {
    obstruct(&mut Bench::new("keyring", STRICT), &DOCUMENTS);
}

#[test]
fn a_damaged_entry_keeps_nobody_from_a_token() {
    damage(&mut Bench::new("keyring", STRICT), &ENTRY, (3, 6));
}

#[test]
fn whatever_stands_for_an_entry_is_left_alone_and_keeps_nobody_from_a_token() {
    obstruct(&mut Bench::new("keyring", STRICT), &ENTRY);
}

#[test]
fn a_lock_file_may_hold_anything() {
    damage(&mut Bench::new("keyring", STRICT), &LOCK, (2, 2));
}

#[test]
fn whatever_stands_for_a_lock_is_named_left_alone_and_spends_nothing() {
    obstruct(&mut Bench::new("keyring", STRICT), &LOCK);
}

/// What can never be opened is nothing that could be lost, if the provider forgives at all.
#[test]
fn a_damaged_journal_is_given_up_and_the_provider_is_asked_again_within_its_grace() {
    let mut bench = Bench::new("sealed", WITH_GRACE);
    let whole = spilled(&bench);
    let mut sheet = Sheet::new(&bench, "journal cut or changed", "an answer is in it");
    let mut all = damaged(&whole, (4, 4), None);
    // One that says it is of a newer format is kept for the program that can read it.
    all.retain(|(_, bytes)| bytes.get(MARK.len()).is_none_or(|format| *format <= 1));
    for (what, bytes) in all {
        sheet.endure(
            &mut bench,
            &what,
            |bench| {
                spilled(bench);
                put(&journal(bench), &bytes);
                bench.world.run("token work --renew")
            },
            |_| {},
        );
    }
    sheet.publish();
}

#[test]
fn whatever_stands_for_a_journal_is_named_and_the_answer_is_found_once_it_is_back() {
    let mut bench = Bench::new("sealed", STRICT);
    for obstacle in OBSTACLES {
        let fault = format!("journal: {}", obstacle.name);
        // A file that is ours and cannot be a journal is cleared away, as one cut short is.
        if obstacle.is_ours {
            continue;
        }
        let mut sheet = Sheet::new(&bench, &fault, "an answer is in it").ends(&[7]);
        let kept = bench.world.path("kept");
        sheet.endure(
            &mut bench,
            "",
            |bench| {
                spilled(bench);
                let path = journal(bench);
                fs::copy(&path, &kept).unwrap();
                (obstacle.make)(&path, &bench.world.path("aside"));
                let before = Look::at(&path);
                let ran = bench.world.run("token work --renew");
                assert_eq!(Look::at(&path), before, "{fault}");
                ran
            },
            |bench| {
                let path = journal(bench);
                clear(&path);
                fs::rename(&kept, &path).unwrap();
            },
        );
        sheet.publish();
    }
}

#[test]
fn a_journal_of_a_newer_format_waits_for_the_program_that_can_read_it() {
    let mut bench = Bench::new("sealed", STRICT);
    let mut sheet = Sheet::new(&bench, "journal: a newer format", "an answer is in it")
        .ends(&[7])
        .says(&["update keyfob"]);
    let format_at = MARK.len();
    sheet.endure(
        &mut bench,
        "",
        |bench| {
            let mut bytes = spilled(bench);
            bytes[format_at] = 9;
            put(&journal(bench), &bytes);
            bench.world.run("token work --renew")
        },
        |bench| {
            let path = journal(bench);
            let mut bytes = fs::read(&path).unwrap();
            bytes[format_at] = 1;
            put(&path, &bytes);
        },
    );
    sheet.publish();
}

/// Cuts the file at several lengths, changes it by one bit at several places, and gives it other
/// formats; each time the command answers.
fn damage(bench: &mut Bench, target: &Target, sample: (usize, usize)) {
    let fault = format!("{} cut or changed", target.name);
    let mut sheet = Sheet::new(bench, &fault, "before");
    let all_of = |path: &Path| damaged(&fs::read(path).unwrap(), sample, target.mark);
    let first = &(target.find)(bench)[0];
    for number in 0..all_of(first).len() {
        let mut put_back = Vec::new();
        sheet.endure(
            bench,
            &format!("number {number}"),
            |bench| {
                for path in (target.find)(bench) {
                    // They are new each time, and not all as long.
                    let mut damaged = all_of(&path);
                    let bytes = damaged.swap_remove(number.min(damaged.len() - 1)).1;
                    put_back.push((path.clone(), bytes.clone(), fs::read(&path).unwrap()));
                    put(&path, &bytes);
                }
                bench.world.run(target.line)
            },
            |_| {},
        );
        // What nobody replaced stays damaged, and would be damaged twice.
        for (path, damaged, whole) in put_back {
            if fs::read(&path).is_ok_and(|now| now == damaged) {
                put(&path, &whole);
            }
        }
    }
    sheet.publish();
}

/// Puts everything in the file's place that does not belong there.
fn obstruct(bench: &mut Bench, target: &Target) {
    let aside = bench.world.path("aside");
    fs::create_dir_all(&aside).unwrap();
    for obstacle in OBSTACLES {
        let fault = format!("{}: {}", target.name, obstacle.name);
        let mut sheet = Sheet::new(bench, &fault, "before");
        if !obstacle.is_ours {
            sheet = sheet.ends(target.obstructed).says(&[WAY, "chmod", "owns"]);
        }
        let paths = (target.find)(bench);
        assert!(!paths.is_empty(), "{}", target.name);
        let copies: Vec<PathBuf> = (0..paths.len())
            .map(|number| aside.join(format!("copy-{number}")))
            .collect();
        sheet.endure(
            bench,
            "",
            |bench| {
                for (path, copy) in paths.iter().zip(&copies) {
                    fs::copy(path, copy).unwrap();
                    (obstacle.make)(path, &copy.with_extension("linked"));
                }
                let looks = || paths.iter().map(|path| Look::at(path)).collect::<Vec<_>>();
                let (before, asked) = (looks(), bench.refreshes().len());
                let ran = bench.world.run(target.line);
                assert!(obstacle.is_ours || looks() == before, "{fault}: {before:?}");
                assert!(
                    ran.status == Some(0) || bench.refreshes().len() == asked,
                    "{fault}: refused, and yet it was sent"
                );
                ran
            },
            |_| {
                for (path, copy) in paths.iter().zip(&copies) {
                    clear(path);
                    fs::rename(copy, path).unwrap();
                }
            },
        );
        sheet.publish();
    }
}

/// How a journal begins.
const MARK: &[u8] = b"keyfob-journal";

/// The next step for what is no plain file.
const WAY: &str = "move it out of the way";

/// Something that may stand where a file of ours should.
struct Obstacle {
    name: &'static str,
    /// It is a plain file of the user's own, so it may be replaced.
    is_ours: bool,
    /// Puts it in the place of the file; the second path is free for what it needs.
    make: fn(&Path, &Path),
}

const OBSTACLES: &[Obstacle] = &[
    obstacle("link to a good copy", |path, spare| {
        fs::copy(path, spare).unwrap();
        instead(path, |path| symlink(spare, path).unwrap());
    }),
    obstacle("link to /dev/zero", |path, _| {
        instead(path, |path| symlink("/dev/zero", path).unwrap());
    }),
    obstacle("link to nothing", |path, spare| {
        clear(spare);
        instead(path, |path| symlink(spare, path).unwrap());
    }),
    obstacle("pipe", |path, _| {
        instead(path, |path| {
            assert!(told(Command::new("mkfifo").arg(path)));
        });
    }),
    obstacle("folder", |path, _| {
        instead(path, |path| fs::create_dir(path).unwrap());
    }),
    obstacle("socket", |path, _| {
        // Its name must be short to be listened on, and may be long afterwards.
        instead(path, |path| {
            let short = tempfile::Builder::new()
                .prefix("keyfob-")
                .tempdir()
                .unwrap();
            let name = short.path().join("s");
            drop(UnixListener::bind(&name).unwrap());
            fs::rename(name, path).unwrap();
        });
    }),
    obstacle("another user's file", |path, _| give_away(path)),
    obstacle("file open to others", |path, _| {
        fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
    }),
    Obstacle {
        name: "file of 1 GiB",
        is_ours: true,
        make: |path, _| {
            let file = File::options().write(true).open(path).unwrap();
            file.set_len(1 << 30).unwrap();
        },
    },
];

const fn obstacle(name: &'static str, make: fn(&Path, &Path)) -> Obstacle {
    Obstacle {
        name,
        is_ours: false,
        make,
    }
}

/// Makes a file somebody else's, as only root can.
fn give_away(path: &Path) {
    let done = told(Command::new("chown").arg("65534").arg(path))
        || told(
            Command::new("sudo")
                .args(["-n", "chown", "65534"])
                .arg(path),
        );
    assert!(
        done,
        "another user's file can be made by root only: run as root, or allow `sudo -n chown`"
    );
}

fn told(command: &mut Command) -> bool {
    let output = command.output();
    output.is_ok_and(|output| output.status.success())
}

/// What can be seen of a thing without opening it, and of a plain file what is in it.
#[derive(Debug, Eq, PartialEq)]
struct Look {
    mode: u32,
    owner: u32,
    length: u64,
    inode: u64,
    leads_to: Option<PathBuf>,
    holds: Option<Vec<u8>>,
}

impl Look {
    fn at(path: &Path) -> Self {
        let found = fs::symlink_metadata(path).unwrap();
        let leads_to = fs::read_link(path).ok();
        let plain = found.is_file() || leads_to.as_ref().is_some_and(|target| target.is_file());
        let holds = (plain && found.len() < 1 << 20).then(|| fs::read(path).unwrap());
        Self {
            mode: found.mode(),
            owner: found.uid(),
            length: found.len(),
            inode: found.ino(),
            leads_to,
            holds,
        }
    }
}

/// A file's bytes, damaged in many ways, each with a name.
fn damaged(
    whole: &[u8],
    (cuts, flips): (usize, usize),
    mark: Option<&[u8]>,
) -> Vec<(String, Vec<u8>)> {
    let mut all = vec![("empty".to_owned(), Vec::new())];
    for length in spread(cuts, whole.len()).filter(|length| *length > 0) {
        all.push((format!("cut to {length}"), whole[..length].to_vec()));
    }
    for place in spread(flips, whole.len()) {
        let mut bytes = whole.to_vec();
        bytes[place] ^= 1 << (place % 8);
        all.push((format!("bit flipped in byte {place}"), bytes));
    }
    if let Some(mark) = mark {
        for format in [0, 9] {
            let mut bytes = whole.to_vec();
            bytes[mark.len()] = format;
            all.push((format!("format {format}"), bytes));
        }
    }
    all
}

/// So many places below an end, or ten times as many when every case is to be tried.
fn spread(sample: usize, end: usize) -> impl Iterator<Item = usize> {
    let count = if every_one() { sample * 10 } else { sample };
    (0..count).map(move |number| number * end / count)
}

/// Leaves an answer in the journal and nowhere else: the sealed store is away when it comes.
fn spilled(bench: &Bench) -> Vec<u8> {
    let (sealed, away) = (
        bench.world.path("state/keyfob/sealed"),
        bench.world.path("state/keyfob/away"),
    );
    let (from, to) = (sealed.clone(), away.clone());
    bench.at_next_refresh(move || {
        fs::rename(&from, &to).unwrap();
        File::create(&from).unwrap();
    });
    bench.world.run("token work --renew").refusal(7);
    fs::remove_file(&sealed).unwrap();
    fs::rename(&away, &sealed).unwrap();
    fs::read(journal(bench)).unwrap()
}

/// The journal of the only session.
fn journal(bench: &Bench) -> PathBuf {
    let folder = bench.world.path("state/keyfob/journal");
    let is_journal = |path: &PathBuf| path.extension().is_some_and(|end| end == "journal");
    let entries = fs::read_dir(folder).unwrap();
    let mut paths = entries.map(|entry| entry.unwrap().path());
    paths.find(is_journal).expect("there is a journal")
}

fn put(path: &Path, bytes: &[u8]) {
    keyfob::sys::files::write_private(path, bytes).unwrap();
}

fn instead(path: &Path, make: impl Fn(&Path)) {
    fs::remove_file(path).unwrap();
    make(path);
}

/// Takes away whatever is there.
fn clear(path: &Path) {
    if fs::symlink_metadata(path).is_ok_and(|found| found.is_dir()) {
        fs::remove_dir_all(path).unwrap();
    } else {
        drop(fs::remove_file(path));
    }
}
