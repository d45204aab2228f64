//! Sealed files against wrong passphrases, wrong files and wrong headers.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::store::tests::contract;
use crate::sys::files::FileError;

mod header;

const CHEAP: Cost = Cost {
    memory_kib: 8,
    passes: 1,
};

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn open_with(dir: &Path, passphrase: &'static str) -> Sealed {
    let mut sealed = Sealed::new(dir.into(), Box::new(move |_| Ok(secret(passphrase))));
    sealed.cost = CHEAP;
    sealed
}

/// A store with one entry, `session` holding `one`.
fn store() -> (tempfile::TempDir, Sealed) {
    let home = tempfile::tempdir().unwrap();
    let sealed = open_with(&home.path().join("sealed"), "right");
    sealed.save("session", &secret("one")).unwrap();
    (home, sealed)
}

fn change(path: &Path, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let bytes = change(fs::read(path).unwrap());
    files::write_private(path, &bytes).unwrap();
}

#[test]
fn sealed_keeps_the_contract() {
    let home = tempfile::tempdir().unwrap();

    contract(&open_with(&home.path().join("a/b/sealed"), "right"));
}

#[test]
fn another_process_with_the_passphrase_reads_it_at_the_full_cost() {
    let home = tempfile::tempdir().unwrap();
    let open = || Sealed::new(home.path().into(), Box::new(|_| Ok(secret("right"))));

    open().save("session", &secret("one")).unwrap();

    assert!(open().load("session").unwrap().unwrap().matches("one"));
}

#[test]
fn a_wrong_passphrase_is_told_from_damage_and_asked_for_again() {
    let (_home, sealed) = store();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let answers = move |ask| {
        assert_eq!(ask, Ask::Existing);
        let right = count.fetch_add(1, Ordering::Relaxed) == 1;
        Ok(secret(if right { "right" } else { "wrong" }))
    };
    let other = Sealed::new(sealed.dir.clone(), Box::new(answers));

    assert!(matches!(
        other.load("session"),
        Err(StoreError::WrongPassphrase)
    ));
    assert!(other.load("session").unwrap().unwrap().matches("one"));
    other.save("session", &secret("two")).unwrap();
    other.probe().unwrap();

    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[test]
fn nobody_is_asked_for_what_is_not_there() {
    let (_home, sealed) = store();
    let nobody = Sealed::new(
        sealed.dir.clone(),
        Box::new(|_| Err(StoreError::NoPassphrase)),
    );

    assert!(nobody.load("other").unwrap().is_none());
    assert!(!nobody.delete("other").unwrap());
    assert!(matches!(
        nobody.load("session"),
        Err(StoreError::NoPassphrase)
    ));
    assert!(nobody.delete("session").unwrap());
}

#[test]
fn an_empty_passphrase_makes_no_store() {
    let home = tempfile::tempdir().unwrap();
    let sealed = open_with(home.path(), "");

    let answer = sealed.save("session", &secret("one"));

    assert!(matches!(answer, Err(StoreError::EmptyPassphrase)));
    assert_eq!(home.path().read_dir().unwrap().count(), 0);
}

#[test]
fn neither_the_secret_nor_the_key_nor_the_passphrase_is_on_the_disk() {
    let home = tempfile::tempdir().unwrap();
    let sealed = open_with(home.path(), "correct horse");

    sealed
        .save("session:https://id.example.com", &secret("refresh-token"))
        .unwrap();

    for entry in home.path().read_dir().unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let text = String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).into_owned();
        for word in ["session", "example", "refresh", "horse"] {
            assert!(
                !name.contains(word) && !text.contains(word),
                "{word} in {name}"
            );
        }
    }
}

#[test]
fn every_changed_bit_and_every_shorter_file_is_refused() {
    let (_home, sealed) = store();
    let path = sealed.path("session");
    let whole = fs::read(&path).unwrap();
    let refused = |bytes: &[u8], what: usize| {
        files::write_private(&path, bytes).unwrap();
        let answer = sealed.load("session");
        let named = matches!(
            answer,
            Err(StoreError::Broken { .. } | StoreError::Newer { .. })
        );
        assert!(named, "{what}: {answer:?}");
    };

    for bit in 0..whole.len() * 8 {
        let mut changed = whole.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        refused(&changed, bit);
    }
    for len in 0..whole.len() {
        refused(&whole[..len], len);
    }
}

#[test]
fn two_files_cannot_be_swapped() {
    let (_home, sealed) = store();
    sealed.save("other", &secret("two")).unwrap();

    fs::rename(sealed.path("other"), sealed.path("session")).unwrap();

    assert!(matches!(
        sealed.load("session"),
        Err(StoreError::Broken { .. })
    ));
}

#[test]
fn a_newer_format_is_named_and_stays() {
    let (_home, sealed) = store();
    change(&sealed.path("session"), |mut file| {
        file[MARK.len()] = 7;
        file
    });
    change(&sealed.header_path(), |_| {
        br#"{"format":3,"more":1}"#.to_vec()
    });

    let entry = sealed.load("session");
    let header = open_with(&sealed.dir, "right").save("session", &secret("two"));

    assert!(matches!(
        entry,
        Err(StoreError::Newer {
            found: 7,
            known: 1,
            ..
        })
    ));
    assert!(matches!(
        header,
        Err(StoreError::Newer {
            found: 3,
            known: 1,
            ..
        })
    ));
    assert_eq!(fs::read(sealed.path("session")).unwrap()[MARK.len()], 7);
}

#[cfg(unix)]
#[test]
fn links_pipes_and_folders_are_refused_in_the_place_of_a_file() {
    let pipe = rustix::fs::FileType::Fifo;
    let kinds: [&dyn Fn(&Path); 3] = [
        &|path| std::os::unix::fs::symlink("/etc/hosts", path).unwrap(),
        &|path| rustix::fs::mknodat(rustix::fs::CWD, path, pipe, 0o600.into(), 0).unwrap(),
        &|path| fs::create_dir(path).unwrap(),
    ];
    for make in kinds {
        let (_home, sealed) = store();
        for path in [sealed.path("session"), sealed.header_path()] {
            fs::remove_file(&path).unwrap();
            make(&path);
        }

        let entry = sealed.load("session");
        let saved = sealed.save("session", &secret("two"));
        let header = open_with(&sealed.dir, "right").save("b", &secret("x"));

        for answer in [entry.map(drop), saved, header] {
            let refused = matches!(answer, Err(StoreError::File(FileError::NotPlain { .. })));
            assert!(refused, "{answer:?}");
        }
    }
}

#[test]
fn a_secret_that_is_too_long_is_refused_before_the_passphrase_is_asked_for() {
    let (_home, sealed) = store();
    let nobody = Sealed::new(
        sealed.dir.clone(),
        Box::new(|_| Err(StoreError::NoPassphrase)),
    );

    let answer = nobody.save("session", &secret(&"x".repeat(MOST)));

    assert!(matches!(answer, Err(StoreError::TooLong { .. })));
}
