//! The journal: what survives a crash, and what is never taken for an answer.

use std::fs;

use super::*;
use crate::base::Secret;
use crate::store::Memory;
use crate::store::tests::Double;

struct World {
    _home: tempfile::TempDir,
    dir: PathBuf,
    keyring: Arc<Double>,
}

impl World {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self {
            dir: home.path().join("journal"),
            _home: home,
            keyring: Arc::default(),
        }
    }

    /// A new process's journal.
    fn process(&self) -> Journal {
        Journal::new(
            self.dir.clone(),
            Arc::clone(&self.keyring) as Arc<dyn Store>,
        )
    }
}

fn found(journal: &Journal, session: &str) -> Option<Vec<u8>> {
    journal.read(session).unwrap().map(|answer| answer.to_vec())
}

#[test]
fn the_next_process_finds_what_was_written_until_it_is_removed() {
    let world = World::new();
    world
        .process()
        .write("work", b"{\"refresh_token\":1}")
        .unwrap();
    world.process().write("work", b"\xff second").unwrap();
    world.process().write("home", b"other").unwrap();

    let next = world.process();

    assert_eq!(found(&next, "work").as_deref(), Some(&b"\xff second"[..]));
    assert!(next.remove("work").unwrap());
    assert!(!next.remove("work").unwrap());
    assert_eq!(found(&next, "work"), None);
    assert_eq!(found(&next, "home").as_deref(), Some(&b"other"[..]));
}

#[test]
fn a_keyring_that_locks_after_the_request_does_not_stop_the_write() {
    let world = World::new();
    let journal = world.process();
    journal.prepare().unwrap();
    let calls = world.keyring.calls();
    world.keyring.switch_off();

    journal.write("work", b"answer").unwrap();

    assert_eq!(world.keyring.calls(), calls);
    assert_eq!(found(&journal, "work").as_deref(), Some(&b"answer"[..]));
    assert!(matches!(
        world.process().read("work"),
        Err(StoreError::Locked)
    ));
}

#[test]
fn a_locked_keyring_is_noticed_before_the_request() {
    let world = World::new();
    world.keyring.switch_off();

    assert!(matches!(world.process().prepare(), Err(StoreError::Locked)));
}

#[test]
fn nothing_to_recover_costs_no_call_to_the_keyring() {
    let world = World::new();

    assert_eq!(found(&world.process(), "work"), None);

    assert_eq!(world.keyring.calls(), 0);
}

#[test]
fn every_changed_bit_and_every_shorter_file_is_refused() {
    let world = World::new();
    let journal = world.process();
    journal.write("work", b"answer").unwrap();
    let path = journal.path("work");
    let whole = fs::read(&path).unwrap();
    let refused = |bytes: &[u8], what: usize| {
        files::write_private(&path, bytes).unwrap();
        let answer = journal.read("work");
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
fn one_session_never_gets_the_answer_of_another() {
    let world = World::new();
    let journal = world.process();
    journal.write("work", b"answer").unwrap();

    fs::rename(journal.path("work"), journal.path("home")).unwrap();

    assert!(matches!(
        journal.read("home"),
        Err(StoreError::Broken { .. })
    ));
}

#[test]
fn an_answer_whose_key_is_gone_is_named() {
    let world = World::new();
    world.process().write("work", b"answer").unwrap();
    world.keyring.delete("journal-key").unwrap();

    let answer = world.process().read("work").unwrap_err();

    assert_eq!(
        answer.to_string(),
        "the journal's entry `work` is damaged: its key is gone"
    );
}

#[test]
fn many_who_need_the_first_key_at_once_all_get_the_one_that_stays() {
    let world = World::new();
    let sessions = ["a", "b", "c", "d", "e", "f", "g", "h"];

    std::thread::scope(|scope| {
        for session in sessions {
            let journal = world.process();
            scope.spawn(move || journal.write(session, session.as_bytes()).unwrap());
        }
    });

    for session in sessions {
        let answer = found(&world.process(), session);
        assert_eq!(answer.as_deref(), Some(session.as_bytes()));
    }
}

#[test]
fn nothing_reaches_the_disk_when_nothing_may_survive_the_process() {
    let world = World::new();
    let journal = Journal::new(world.dir.clone(), Arc::new(Memory::default()));

    journal.prepare().unwrap();
    journal.write("work", b"answer").unwrap();

    assert!(!world.dir.exists());
    assert_eq!(found(&journal, "work"), None);
}

#[test]
fn room_for_an_answer_is_laid_in_once_and_again_when_it_was_given_up() {
    let world = World::new();
    let room = world.dir.join("room");
    let content = || fs::read(&room).unwrap();

    world.process().prepare().unwrap();
    let first = content();
    world.process().prepare().unwrap();

    assert_eq!(first.len(), ROOM);
    assert_eq!(content(), first);
    fs::remove_file(&room).unwrap();
    world.process().prepare().unwrap();
    assert_eq!(content().len(), ROOM);
}

#[test]
fn a_journal_whose_key_is_nonsense_now_is_not_given_up() {
    let world = World::new();
    world.process().write("work", b"answer").unwrap();
    let key = world.keyring.load(NAME).unwrap().unwrap();

    world
        .keyring
        .save(NAME, &Secret::new("nonsense".into()))
        .unwrap();
    let read = world.process().read("work");

    assert!(
        matches!(read, Err(StoreError::BrokenKey { .. })),
        "{read:?}"
    );
    world.keyring.save(NAME, &key).unwrap();
    assert_eq!(
        found(&world.process(), "work").as_deref(),
        Some(&b"answer"[..])
    );
}
