//! Somebody signed in at a practice provider that counts, and what can be seen of the session from
//! outside: what the provider was asked for, whether it honours a token, what lies on the disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use keyfob::issuer::{Algorithm, LoggedRequest, OnRequest, Provider, Rotation, Settings};

use super::bus::{Bus, Keyring};
use super::world::World;

/// Ends the session when a refresh token is used again.
pub(crate) const STRICT: Rotation = Rotation::Rotate;

/// Takes a refresh token again for half a minute.
pub(crate) const WITH_GRACE: Rotation = Rotation::RotateWithGrace(Duration::from_secs(30));

/// Somebody signed in.
pub(crate) struct Bench {
    pub(crate) world: World,
    pub(crate) provider: Provider,
    pub(crate) store: &'static str,
    pub(crate) rotation: Rotation,
    pub(crate) desk: Option<Desk>,
    deed: NextDeed,
}

/// A keyring and the bus it is on.
pub(crate) struct Desk {
    pub(crate) keyring: Option<Keyring>,
    pub(crate) bus: Option<Bus>,
}

/// Something to do once, when the provider is next asked for a refresh and before it answers.
type NextDeed = Arc<Mutex<Option<Box<dyn FnOnce() + Send>>>>;

impl Bench {
    /// Somebody who has signed in with the usual settings.
    #[track_caller]
    pub(crate) fn new(store: &'static str, rotation: Rotation) -> Self {
        Self::with(store, rotation, |_, _| "").signed_in()
    }

    /// Somebody about to sign in, with other settings of the provider's and more lines for the
    /// profile.
    pub(crate) fn with<L: Into<String>>(
        store: &'static str,
        rotation: Rotation,
        change: impl FnOnce(&mut Settings, &mut World) -> L,
    ) -> Self {
        let mut world = World::new();
        let desk = (store == "keyring").then(|| {
            let bus = Bus::start(&mut world);
            Desk {
                keyring: Some(Keyring::start(&world, &bus)),
                bus: Some(bus),
            }
        });
        let deed = NextDeed::default();
        let mut settings = Settings {
            auto_approve: Some("amara".to_owned()),
            algorithm: Algorithm::Es256,
            rotation,
            on_request: Some(deeds(&deed)),
            ..Settings::default()
        };
        let more: String = change(&mut settings, &mut world).into();
        let provider = Provider::start(settings).expect("a loopback port is free");
        world.profile(provider.issuer(), &format!("store = \"{store}\"\n{more}"));
        Self {
            world,
            provider,
            store,
            rotation,
            desk,
            deed,
        }
    }

    /// Signs in, and renews once, so that keys and documents are there, as they are for all but the
    /// first renewal.
    #[track_caller]
    pub(crate) fn signed_in(self) -> Self {
        self.sign_in_again();
        self
    }

    #[track_caller]
    pub(crate) fn sign_in_again(&self) {
        self.world.signed_in();
        self.world.run("token work --renew").answer();
    }

    pub(crate) fn name(&self) -> String {
        let grace = if self.rotation == STRICT {
            "strict"
        } else {
            "30 s grace"
        };
        format!("{}, {grace}", self.store)
    }

    /// Does this once, when the provider is next asked for a refresh: it has rotated the refresh
    /// token then, and its answer is held back until this is done.
    pub(crate) fn at_next_refresh(&self, what: impl FnOnce() + Send + 'static) {
        let mut deed = self.deed.lock().unwrap_or_else(PoisonError::into_inner);
        *deed = Some(Box::new(what));
    }

    /// Whether what was to be done is done.
    pub(crate) fn did_it(&self) -> bool {
        let deed = self.deed.lock().unwrap_or_else(PoisonError::into_inner);
        deed.is_none()
    }

    /// Every refresh that the provider was asked for, and whether it gave one.
    pub(crate) fn refreshes(&self) -> Vec<bool> {
        let log = self.provider.log();
        log.iter()
            .filter(|request| request.grant == Some("refresh_token"))
            .map(|request| request.error.is_none())
            .collect()
    }

    /// Whether the provider itself takes the token, asked directly.
    pub(crate) fn is_honoured(&self, token: &str) -> bool {
        let port = self.provider.port();
        let answer = ureq::get(format!("http://127.0.0.1:{port}/userinfo"))
            .header("Authorization", format!("Bearer {token}"))
            .call();
        answer.is_ok_and(|answer| answer.status() == 200)
    }

    pub(crate) fn has_journal(&self) -> bool {
        let journal = self.world.path("state/keyfob/journal");
        files_below(&journal)
            .iter()
            .any(|path| path.extension().is_some_and(|end| end == "journal"))
    }

    /// No file holds a token, or an answer with one.
    #[track_caller]
    pub(crate) fn assert_nothing_in_the_clear(&self, place: &str) {
        for folder in ["cache", "config", "data", "state", "run", "tmp"] {
            for path in files_below(&self.world.path(folder)) {
                // What cannot be read as a whole was put there by the test, and holds nothing.
                let bytes = plain_bytes(&path);
                for mark in MARKS {
                    let is_there = bytes
                        .windows(mark.len())
                        .any(|part| part == mark.as_bytes());
                    assert!(!is_there, "{place}: {} is in the clear", path.display());
                }
            }
        }
    }
}

/// What every token, or an answer with one, has in it.
const MARKS: [&str; 4] = [
    "eyJhbGciOi",
    "eyJ0eXAiOi",
    "eyJraWQiOi",
    "refresh_token\":\"",
];

/// The bytes of a plain file that is not huge; none of anything else.
fn plain_bytes(path: &Path) -> Vec<u8> {
    let found = fs::symlink_metadata(path);
    let is_plain = found.is_ok_and(|found| found.is_file() && found.len() < 64 << 20);
    if is_plain {
        fs::read(path).unwrap_or_default()
    } else {
        Vec::new()
    }
}

/// Calls what is to be done, once it is asked for a refresh.
fn deeds(next: &NextDeed) -> OnRequest {
    let next = Arc::clone(next);
    OnRequest::new(move |request: &LoggedRequest| {
        if request.grant == Some("refresh_token") {
            let deed = next.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(deed) = deed {
                deed();
            }
        }
    })
}

/// Every file below a folder, and whatever else is no folder.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files
}
