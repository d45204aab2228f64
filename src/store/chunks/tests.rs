//! The layout under a small limit, with the power cut after every single write.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Records that can lose power: after `left` changes, every further change fails.
#[derive(Clone, Default)]
struct Disk {
    records: BTreeMap<String, Vec<u8>>,
    left: Option<usize>,
}

impl Disk {
    fn spend(&mut self) -> Result<(), StoreError> {
        match &mut self.left {
            Some(0) => Err(StoreError::Exhausted),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn read(&self, key: &str) -> Option<String> {
        let secret = read(&mut self.clone(), key).unwrap();
        secret.map(|secret| secret.expose().to_owned())
    }
}

impl Records for Disk {
    fn get(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        Ok(self.records.get(name).cloned().map(Zeroizing::new))
    }

    fn put(&mut self, name: &str, record: &[u8]) -> Result<(), StoreError> {
        self.spend()?;
        self.records.insert(name.to_owned(), record.to_vec());
        Ok(())
    }

    fn remove(&mut self, name: &str) -> Result<bool, StoreError> {
        self.spend()?;
        Ok(self.records.remove(name).is_some())
    }
}

const LIMIT: Option<usize> = Some(100);

fn secret(len: usize, mark: char) -> Secret {
    Secret::new(mark.to_string().repeat(len))
}

fn disk_with(len: usize) -> Disk {
    let mut disk = Disk::default();
    if len > 0 {
        write(&mut disk, "key", &secret(len, 'o'), LIMIT).unwrap();
    }
    disk
}

/// Runs `change` with the power cut after 0, 1, 2… changes, until it gets through.
fn cut_everywhere(
    before: &Disk,
    change: impl Fn(&mut Disk) -> Result<(), StoreError>,
    mut check: impl FnMut(Disk),
) {
    for left in 0.. {
        let mut disk = before.clone();
        disk.left = Some(left);
        let done = change(&mut disk).is_ok();
        disk.left = None;
        check(disk);
        if done {
            return;
        }
    }
}

#[test]
fn a_cut_while_writing_leaves_the_old_secret_or_the_new_one() {
    for (old, new) in [
        (0, 10),
        (0, 500),
        (10, 500),
        (500, 10),
        (500, 900),
        (900, 300),
    ] {
        let before = disk_with(old);
        let (was, will) = (before.read("key"), Some("n".repeat(new)));
        let write_new = |disk: &mut Disk| write(disk, "key", &secret(new, 'n'), LIMIT);

        cut_everywhere(&before, write_new, |mut disk| {
            let found = disk.read("key");
            assert!(found == was || found == will, "{old} to {new}");

            write(&mut disk, "key", &secret(7, 'z'), LIMIT).unwrap();
            assert_eq!(disk.read("key").as_deref(), Some("zzzzzzz"));
            assert_eq!(disk.records.len(), 1, "pieces left behind: {old} to {new}");
        });
    }
}

#[test]
fn a_cut_while_removing_leaves_the_old_secret_or_nothing() {
    for old in [10, 500] {
        let before = disk_with(old);
        let was = before.read("key");
        let remove_old = |disk: &mut Disk| remove(disk, "key", LIMIT).map(drop);

        cut_everywhere(&before, remove_old, |mut disk| {
            let found = disk.read("key");
            assert!(found == was || found.is_none());

            remove(&mut disk, "key", LIMIT).unwrap();
            assert!(disk.records.is_empty());
        });
    }
}

#[test]
fn removing_tells_whether_there_was_a_secret() {
    let mut disk = disk_with(500);

    assert!(remove(&mut disk, "key", LIMIT).unwrap());
    assert!(!remove(&mut disk, "key", LIMIT).unwrap());
    assert!(!remove(&mut disk, "key", None).unwrap());
}

#[test]
fn records_stay_within_the_limit_and_are_ascii() {
    let mut disk = Disk::default();

    write(
        &mut disk,
        "key",
        &Secret::new("ü\u{1}\n".repeat(200)),
        LIMIT,
    )
    .unwrap();

    assert!(disk.records.len() > 2);
    assert!(
        disk.records
            .values()
            .all(|record| record.len() <= 100 && record.is_ascii())
    );
    assert_eq!(disk.read("key"), Some("ü\u{1}\n".repeat(200)));
}

#[test]
fn without_a_limit_one_record_holds_all() {
    let mut disk = Disk::default();

    write(&mut disk, "key", &secret(50_000, 'x'), None).unwrap();

    assert_eq!(disk.records.len(), 1);
    assert_eq!(disk.read("key"), Some("x".repeat(50_000)));
}

#[test]
fn a_secret_that_needs_too_many_pieces_is_refused_and_the_old_one_stays() {
    let mut disk = disk_with(10);

    let answer = write(&mut disk, "key", &secret(10_000, 'n'), LIMIT);

    assert!(matches!(
        answer,
        Err(StoreError::TooLong { limit: 6400, .. })
    ));
    assert_eq!(disk.read("key"), Some("o".repeat(10)));
}

#[test]
fn every_changed_bit_is_noticed() {
    for len in [10, 150] {
        let disk = disk_with(len);
        for (name, record) in &disk.records {
            for bit in 0..record.len() * 8 {
                let mut changed = disk.clone();
                changed.records.get_mut(name).unwrap()[bit / 8] ^= 1 << (bit % 8);

                let found = read(&mut changed, "key");

                // A flipped slot or count may still lead to the same text, never to another.
                if let Ok(Some(found)) = found {
                    assert!(found.matches(&"o".repeat(len)), "{name}, bit {bit}");
                }
            }
        }
    }
}

#[test]
fn what_keyfob_did_not_write_is_refused_but_can_be_removed() {
    for record in [
        "",
        "hunter2",
        "keyfob:",
        "keyfob:1",
        "keyfob:1:a:9999:x:",
        "keyfob:1:c:0:x:",
    ] {
        let mut disk = Disk::default();
        disk.put("key", record.as_bytes()).unwrap();

        assert!(
            matches!(read(&mut disk, "key"), Err(StoreError::Broken { .. })),
            "{record}"
        );
        assert!(remove(&mut disk, "key", LIMIT).unwrap());
        assert!(disk.records.is_empty());
    }
}

#[test]
fn a_newer_format_is_named() {
    let mut disk = Disk::default();
    disk.put("key", b"keyfob:2:anything").unwrap();

    let answer = read(&mut disk, "key");

    assert!(matches!(
        answer,
        Err(StoreError::Newer {
            found: 2,
            known: 1,
            ..
        })
    ));
}

#[test]
fn a_missing_piece_is_named() {
    let mut disk = disk_with(500);
    disk.remove("key#a.1").unwrap();

    let answer = read(&mut disk, "key").unwrap_err().to_string();

    assert_eq!(
        answer,
        "the keyring's entry `key` is damaged: a piece is missing"
    );
}

proptest! {
    #[test]
    fn any_text_comes_back(text in any::<String>(), limit in 90usize..3000) {
        let mut disk = Disk::default();

        write(&mut disk, "key", &Secret::new(text.clone()), Some(limit)).unwrap();

        prop_assert_eq!(disk.read("key"), Some(text));
    }

    #[test]
    fn no_record_makes_a_read_panic(record in any::<Vec<u8>>()) {
        let mut disk = Disk::default();
        disk.put("key", &[b"keyfob:1:", record.as_slice()].concat()).unwrap();

        drop(read(&mut disk, "key"));
    }
}
