//! The contract that every store keeps. The live tests run it over the real keyring, so it uses
//! only what its parent has: `Secret` and `Store`.

use super::{Secret, Store};

/// What every store must do; run over each of them, the real keyring too.
pub(in super::super) fn contract(store: &dyn Store) {
    let secret = |text: &str| Secret::new(text.to_owned());
    let text = |key: &str| {
        store
            .load(key)
            .unwrap()
            .map(|found| found.expose().to_owned())
    };
    let long = "0123456789abcdef".repeat(600);

    assert_eq!(text("session:a"), None);
    assert!(!store.delete("session:a").unwrap());

    store.save("session:a", &secret("one")).unwrap();
    store.save("session:b", &secret("")).unwrap();
    assert_eq!(text("session:a").as_deref(), Some("one"));
    assert_eq!(text("session:b").as_deref(), Some(""));

    for next in [long.as_str(), "zwei: ü\n\0\u{10ffff}", "three"] {
        store.save("session:a", &secret(next)).unwrap();
        assert_eq!(text("session:a").as_deref(), Some(next));
    }
    assert_eq!(text("session:b").as_deref(), Some(""));

    let odd = "session:https://id.example.com/../ü #a.0|b?c=d%2F";
    store.save(odd, &secret("odd")).unwrap();
    assert_eq!(text(odd).as_deref(), Some("odd"));

    store.probe().unwrap();
    for key in ["session:a", "session:b", odd] {
        assert!(store.delete(key).unwrap());
        assert!(!store.delete(key).unwrap());
        assert_eq!(text(key), None);
    }
}
