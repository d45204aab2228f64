//! The header: damaged, forged, lost, and made by many at once.

use super::*;

#[test]
fn every_changed_bit_of_the_header_is_told_from_a_wrong_passphrase() {
    let (_home, sealed) = store();
    let path = sealed.header_path();
    let whole = fs::read(&path).unwrap();

    for bit in 0..whole.len() * 8 {
        let mut changed = whole.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        files::write_private(&path, &changed).unwrap();

        let answer = open_with(&sealed.dir, "right").load("session");

        let named = matches!(
            answer,
            Err(StoreError::Broken { .. } | StoreError::Newer { .. })
        );
        assert!(named, "bit {bit}: {answer:?}");
    }
}

#[test]
fn a_header_cannot_ask_for_more_than_keyfob_would_spend() {
    let bombs = [(u32::MAX, 1), (256 * 1024 + 1, 1), (8, 13), (8, u32::MAX)];
    for (memory_kib, passes) in bombs {
        let (_home, sealed) = store();
        let mut header = Header::load(&sealed.header_path()).unwrap().unwrap();
        header.forge(Cost { memory_kib, passes });
        header.save(&sealed.header_path()).unwrap();

        let answer = open_with(&sealed.dir, "right").load("session");

        assert!(matches!(answer, Err(StoreError::Costly)), "{answer:?}");
    }
}

#[test]
fn a_cheaper_header_does_not_open_what_a_costlier_one_sealed() {
    let (_home, sealed) = store();
    for cost in [(0, 0), (1, 1), (16, 1), (8, 0), (8, 2)] {
        let mut header = Header::load(&sealed.header_path()).unwrap().unwrap();
        header.forge(Cost {
            memory_kib: cost.0,
            passes: cost.1,
        });
        header.save(&sealed.header_path()).unwrap();

        let answer = open_with(&sealed.dir, "right").load("session");

        let named = matches!(
            answer,
            Err(StoreError::Broken { .. } | StoreError::WrongPassphrase)
        );
        assert!(named, "{answer:?}");
    }
}

#[test]
fn a_lost_header_is_not_replaced_while_there_are_entries() {
    let (_home, sealed) = store();
    fs::remove_file(sealed.header_path()).unwrap();
    let again = open_with(&sealed.dir, "right");

    assert!(matches!(
        again.load("session"),
        Err(StoreError::Broken { .. })
    ));
    assert!(matches!(
        again.save("b", &secret("x")),
        Err(StoreError::Broken { .. })
    ));

    assert!(again.delete("session").unwrap());
    again.save("session", &secret("two")).unwrap();
    assert!(again.load("session").unwrap().unwrap().matches("two"));
}

#[test]
fn many_who_make_the_store_at_once_end_up_with_one() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path();
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];

    std::thread::scope(|scope| {
        for name in names {
            scope.spawn(move || open_with(dir, "right").save(name, &secret(name)).unwrap());
        }
    });

    let reader = open_with(dir, "right");
    for name in names {
        assert!(reader.load(name).unwrap().unwrap().matches(name));
    }
}
