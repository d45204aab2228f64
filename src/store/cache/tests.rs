//! The cache: what the warm path may ask, and what happens to files that are not as they were.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

use super::*;
use crate::store::Backend;
use crate::store::tests::Double;

thread_local! {
    static KERNEL_OF_THIS_TEST: RefCell<HashMap<Id, SealingKey>> = RefCell::default();
}

const WORKING: Mirror = Mirror {
    load: |id| KERNEL_OF_THIS_TEST.with_borrow(|keys| keys.get(&id).cloned()),
    save: |key| {
        KERNEL_OF_THIS_TEST.with_borrow_mut(|keys| keys.insert(key.id, key.clone()));
        true
    },
};

const ABSENT: Mirror = Mirror {
    load: |_| None,
    save: |_| false,
};

struct World {
    _home: tempfile::TempDir,
    dir: PathBuf,
    keyring: Arc<Double>,
}

impl World {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self {
            dir: home.path().join("cache"),
            _home: home,
            keyring: Arc::default(),
        }
    }

    /// A new process's cache.
    fn process(&self, mirror: Mirror) -> Cache {
        Cache {
            mirror,
            ..Cache::new(
                self.dir.clone(),
                Arc::clone(&self.keyring) as Arc<dyn Store>,
            )
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn text(cache: &Cache, name: &str) -> Option<String> {
    cache.load(name).map(|found| found.expose().to_owned())
}

#[test]
fn a_cached_token_is_found_by_the_next_process_without_the_keyring() {
    let world = World::new();
    world.process(WORKING).save("a1", &secret("token")).unwrap();
    let calls = world.keyring.calls();

    let next = world.process(WORKING);

    assert_eq!(text(&next, "a1").as_deref(), Some("token"));
    assert_eq!(text(&next, "a1").as_deref(), Some("token"));
    assert_eq!(text(&next, "b1"), None);
    next.save("a1", &secret("newer")).unwrap();
    assert_eq!(
        text(&world.process(WORKING), "a1").as_deref(),
        Some("newer")
    );
    assert_eq!(world.keyring.calls(), calls);
}

#[test]
fn a_process_that_only_writes_finds_the_key_of_the_file_it_replaces() {
    let world = World::new();
    world.process(WORKING).save("a1", &secret("token")).unwrap();
    let calls = world.keyring.calls();

    world.process(WORKING).save("a1", &secret("newer")).unwrap();

    assert_eq!(world.keyring.calls(), calls);
}

#[test]
fn files_under_different_keys_are_both_read() {
    let world = World::new();
    world.process(WORKING).save("a1", &secret("first")).unwrap();
    world.keyring.delete("cache-key").unwrap();
    world
        .process(WORKING)
        .save("b1", &secret("second"))
        .unwrap();

    let next = world.process(WORKING);

    for _ in 0..2 {
        assert_eq!(text(&next, "a1").as_deref(), Some("first"));
        assert_eq!(text(&next, "b1").as_deref(), Some("second"));
    }
}

#[test]
fn without_a_kernel_keyring_the_key_comes_from_the_store_once_per_process() {
    let world = World::new();
    world.process(ABSENT).save("a1", &secret("token")).unwrap();
    let calls = world.keyring.calls();

    let next = world.process(ABSENT);

    assert_eq!(text(&next, "a1").as_deref(), Some("token"));
    assert_eq!(text(&next, "a1").as_deref(), Some("token"));
    assert_eq!(world.keyring.calls(), calls + 1);
}

#[test]
fn the_kernel_gets_the_key_back_after_a_restart() {
    let world = World::new();
    world.process(WORKING).save("a1", &secret("token")).unwrap();
    KERNEL_OF_THIS_TEST.with_borrow_mut(HashMap::clear);

    assert_eq!(
        text(&world.process(WORKING), "a1").as_deref(),
        Some("token")
    );
    let calls = world.keyring.calls();
    assert_eq!(
        text(&world.process(WORKING), "a1").as_deref(),
        Some("token")
    );

    assert_eq!(world.keyring.calls(), calls);
}

/// A keyring that takes its time, so that whoever may come meanwhile does.
struct Slow(Arc<Double>);

impl Store for Slow {
    fn backend(&self) -> Backend {
        self.0.backend()
    }

    fn load(&self, key: &str) -> Result<Option<Secret>, StoreError> {
        (0..10_000).for_each(|_| std::thread::yield_now());
        self.0.load(key)
    }

    fn save(&self, key: &str, secret: &Secret) -> Result<(), StoreError> {
        self.0.save(key, secret)
    }

    fn delete(&self, key: &str) -> Result<bool, StoreError> {
        self.0.delete(key)
    }

    fn probe(&self) -> Result<(), StoreError> {
        self.0.probe()
    }
}

#[test]
fn a_crowd_after_a_restart_asks_the_store_once() {
    static KERNEL: Mutex<Option<SealingKey>> = Mutex::new(None);
    const SHARED: Mirror = Mirror {
        load: |id| lock(&KERNEL).clone().filter(|key| key.id == id),
        save: |key| lock(&KERNEL).replace(key.clone()).is_none(),
    };
    let world = World::new();
    world.process(SHARED).save("a1", &secret("token")).unwrap();
    *lock(&KERNEL) = None;
    let calls = world.keyring.calls();
    let start = std::sync::Barrier::new(32);

    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                let process = Cache {
                    mirror: SHARED,
                    ..Cache::new(
                        world.dir.clone(),
                        Arc::new(Slow(Arc::clone(&world.keyring))),
                    )
                };
                start.wait();
                assert_eq!(text(&process, "a1").as_deref(), Some("token"));
            });
        }
    });

    assert_eq!(world.keyring.calls(), calls + 1);
}

#[test]
fn a_locked_keyring_hides_the_token_and_keeps_the_file() {
    let world = World::new();
    world.process(ABSENT).save("a1", &secret("token")).unwrap();
    world.keyring.switch_off();

    let next = world.process(ABSENT);

    assert_eq!(text(&next, "a1"), None);
    assert!(matches!(
        next.save("a1", &secret("x")),
        Err(StoreError::Locked)
    ));
    assert!(world.path("a1").exists());
}

#[test]
fn a_file_whose_key_is_gone_is_removed() {
    let world = World::new();
    world.process(ABSENT).save("a1", &secret("token")).unwrap();
    for change in ["none", "another"] {
        world.keyring.delete("cache-key").unwrap();
        if change == "another" {
            SealingKey::load_or_draw(world.keyring.as_ref(), "cache-key").unwrap();
            world.process(WORKING).save("b1", &secret("token")).unwrap();
            fs::copy(world.path("b1"), world.path("a1")).unwrap();
        }

        assert_eq!(text(&world.process(ABSENT), "a1"), None);
        assert!(!world.path("a1").exists(), "{change}");
    }
}

#[test]
fn every_changed_bit_and_every_shorter_file_counts_as_absent() {
    let world = World::new();
    let cache = world.process(ABSENT);
    cache.save("a1", &secret("token")).unwrap();
    let whole = fs::read(world.path("a1")).unwrap();
    let absent = |bytes: &[u8], what: usize| {
        files::write_private(&world.path("a1"), bytes).unwrap();
        assert_eq!(text(&cache, "a1"), None, "{what}");
    };

    for bit in 0..whole.len() * 8 {
        let mut changed = whole.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        absent(&changed, bit);
    }
    for len in 0..whole.len() {
        absent(&whole[..len], len);
        assert!(!world.path("a1").exists());
    }
}

#[test]
fn two_files_cannot_be_swapped() {
    let world = World::new();
    let cache = world.process(ABSENT);
    cache.save("a1", &secret("token of a")).unwrap();
    cache.save("b1", &secret("token of b")).unwrap();

    fs::rename(world.path("b1"), world.path("a1")).unwrap();

    assert_eq!(text(&cache, "a1"), None);
}

#[test]
fn a_newer_format_counts_as_absent_and_stays() {
    let world = World::new();
    let cache = world.process(ABSENT);
    cache.save("a1", &secret("token")).unwrap();
    let mut file = fs::read(world.path("a1")).unwrap();
    file[MARK.len()] = FORMAT + 1;
    files::write_private(&world.path("a1"), &file).unwrap();

    assert_eq!(text(&cache, "a1"), None);
    assert_eq!(fs::read(world.path("a1")).unwrap(), file);
}

#[cfg(unix)]
#[test]
fn links_pipes_folders_and_open_files_are_neither_read_nor_removed() {
    use std::os::unix::fs::PermissionsExt;

    type Make = fn(&Path, &Path);
    const PIPE: rustix::fs::FileType = rustix::fs::FileType::Fifo;
    let kinds: [Make; 4] = [
        |path, other| std::os::unix::fs::symlink(other, path).unwrap(),
        |path, _| rustix::fs::mknodat(rustix::fs::CWD, path, PIPE, 0o600.into(), 0).unwrap(),
        |path, _| fs::create_dir(path).unwrap(),
        |path, other| {
            fs::copy(other, path).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
        },
    ];
    for make in kinds {
        let world = World::new();
        let cache = world.process(ABSENT);
        cache.save("a1", &secret("token")).unwrap();
        let aside = world.path("aside");
        fs::rename(world.path("a1"), &aside).unwrap();
        make(&world.path("a1"), &aside);

        assert_eq!(text(&cache, "a1"), None);
        assert!(cache.save("a1", &secret("x")).is_err());

        assert!(fs::symlink_metadata(world.path("a1")).is_ok());
        assert!(aside.exists());
    }
}

#[test]
fn deleting_by_prefix_forgets_those_and_no_others() {
    for world in [World::new(), World::new()] {
        let cache = world.process(ABSENT);
        for name in ["a1-x", "a1-y", "a2-x"] {
            cache.save(name, &secret(name)).unwrap();
        }
        fs::create_dir(world.path("A1")).unwrap();

        assert_eq!(cache.delete("a1-").unwrap(), 2);
        assert_eq!(cache.delete("a1-").unwrap(), 0);

        assert_eq!(text(&cache, "a1-x"), None);
        assert_eq!(text(&cache, "a2-x").as_deref(), Some("a2-x"));
    }
    assert_eq!(World::new().process(ABSENT).delete("").unwrap(), 0);
}

#[test]
fn a_name_that_is_not_one_reaches_no_file() {
    let world = World::new();
    let cache = world.process(ABSENT);

    for name in ["", "../a", "a/b", ".a", "A", "a.b", "ü", &"a".repeat(129)] {
        assert!(cache.save(name, &secret("x")).is_err(), "{name}");
        assert_eq!(text(&cache, name), None);
    }

    assert!(!world.dir.exists());
    assert_eq!(world.keyring.calls(), 0);
}

#[test]
fn nothing_reaches_the_disk_when_nothing_may_survive_the_process() {
    let world = World::new();
    let cache = Cache::new(world.dir.clone(), Arc::new(crate::store::Memory::default()));

    cache.save("a1-x", &secret("token")).unwrap();
    cache.save("a2-x", &secret("token")).unwrap();

    assert_eq!(text(&cache, "a1-x").as_deref(), Some("token"));
    assert_eq!(cache.delete("a1").unwrap(), 1);
    assert_eq!(text(&cache, "a1-x"), None);
    assert!(!world.dir.exists());
}

#[cfg(unix)]
#[test]
fn files_are_private_and_hold_no_token_in_the_clear() {
    use std::os::unix::fs::PermissionsExt;

    let world = World::new();
    world
        .process(ABSENT)
        .save("a1", &secret("token-in-the-clear"))
        .unwrap();

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&world.dir), 0o700);
    assert_eq!(mode(&world.path("a1")), 0o600);
    let file = fs::read(world.path("a1")).unwrap();
    assert!(!String::from_utf8_lossy(&file).contains("token"));
}
