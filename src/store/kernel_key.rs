//! The cache key's mirror in the Linux kernel: a key in the user keyring `@u`, for eight hours at
//! most, readable by its owner only (keyrings(7)).
//!
//! Spares the keyring's service on the warm path. Whatever the kernel refuses (no such call, no
//! permission in a container, no quota) is as if there were no mirror. Never holds the key that
//! seals refresh tokens.

use super::sealing_key::{Id, SealingKey};

/// A place outside this process that finds a key by its id, or does not.
#[derive(Clone, Copy)]
pub(super) struct Mirror {
    /// Finds the key with this id.
    pub(super) load: fn(Id) -> Option<SealingKey>,
    /// Keeps the key for a while; tells whether it could.
    pub(super) save: fn(&SealingKey) -> bool,
}

/// The kernel's key service, where there is one.
pub(super) const KERNEL: Mirror = Mirror {
    load: platform::load,
    save: platform::save,
};

/// No place at all.
pub(super) const NOWHERE: Mirror = Mirror {
    load: |_| None,
    save: |_| false,
};

#[cfg(target_os = "linux")]
mod platform {
    use linux_keyutils::{KeyError, KeyPermissionsBuilder, KeyRing, KeyRingIdentifier, Permission};
    use zeroize::Zeroizing;

    use super::{Id, LIFE_IN_SECONDS, description};
    use crate::store::sealing_key::{RECORD_LEN, SealingKey};

    pub(super) fn load(id: Id) -> Option<SealingKey> {
        let ring = KeyRing::from_special_id(KeyRingIdentifier::User, false).ok()?;
        let key = ring.search(&description(id)).ok()?;
        // One byte more than a key has, to notice one that is longer.
        let mut bytes = Zeroizing::new([0; RECORD_LEN + 1]);
        let len = key.read(&mut *bytes).ok()?;
        SealingKey::from_bytes(bytes.get(..len)?).filter(|key| key.id == id)
    }

    pub(super) fn save(key: &SealingKey) -> bool {
        link(key).is_ok()
    }

    fn link(key: &SealingKey) -> Result<(), KeyError> {
        let owner_reads = KeyPermissionsBuilder::builder()
            .posessor(Permission::ALL)
            .user(Permission::VIEW | Permission::READ | Permission::SEARCH)
            .build();
        let user = KeyRing::from_special_id(KeyRingIdentifier::User, true)?;
        // Made in the thread's own keyring, where it is possessed for sure: a session keyring
        // that is not linked to the user's (as under systemd) would not allow the next two calls.
        let thread = KeyRing::from_special_id(KeyRingIdentifier::Thread, true)?;
        let made = thread.add_key(&description(key.id), key.to_bytes().as_ref())?;
        let linked = made
            .set_timeout(LIFE_IN_SECONDS)
            .and_then(|()| made.set_perms(owner_reads))
            .and_then(|()| user.link_key(made));
        thread.unlink_key(made)?;
        linked
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    use super::{Id, SealingKey};

    pub(super) fn load(_: Id) -> Option<SealingKey> {
        None
    }

    pub(super) fn save(_: &SealingKey) -> bool {
        false
    }
}

/// Names the key's place in the user keyring. The places are few, since the kernel allows a user
/// 200 keys in all: two homes that meet in one place ask the store more often, no worse.
#[cfg(target_os = "linux")]
fn description(id: Id) -> String {
    format!("keyfob:cache:{}", id[0] % PLACES)
}

#[cfg(target_os = "linux")]
const PLACES: u8 = 32;

/// A working day: after that, or after a restart, the keyring's service is asked once.
#[cfg(target_os = "linux")]
const LIFE_IN_SECONDS: usize = 8 * 60 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirrored_key_is_found_by_its_id_only_or_not_kept_at_all() {
        let key = SealingKey::draw().unwrap();
        let mut neighbour = key.id;
        neighbour[7] ^= 1;

        let kept = (KERNEL.save)(&key);

        let found = (KERNEL.load)(key.id);
        assert_eq!(found.map(|found| found.key), kept.then(|| key.key.clone()));
        assert!((KERNEL.load)(neighbour).is_none());
    }
}
