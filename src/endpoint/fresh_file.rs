//! A token in a private file that is replaced before it ends, for tools that read one again and
//! again: `AWS_WEB_IDENTITY_TOKEN_FILE`, `AZURE_FEDERATED_TOKEN_FILE`, a kubeconfig's `tokenFile`.
//!
//! Replaced in one step, so that nobody ever reads half of one; gone when this is dropped. A token
//! that cannot be renewed stays until it can: its reader is told no by whoever it shows it to.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Bearer, Denied, End};
use crate::base::Timestamp;
use crate::sys::clock::Clock;
use crate::sys::files::{self, FileError};

/// A token in the file lives at least so long, if its provider gives it so much.
pub const LEAST_LIFE: Duration = Duration::from_secs(5 * 60);

/// How often is looked, by the wall clock, since the machine may have slept; more often when a token
/// lives only for a minute.
const LOOK: Duration = Duration::from_secs(10);
/// Never more often than this.
const BRIEFLY: Duration = Duration::from_millis(250);

/// After a renewal failed, it is left alone for so long.
const LEAVE_ALONE: Duration = Duration::from_secs(30);

/// A file with a token; the file ends with this.
#[derive(Debug)]
pub struct FreshFile {
    path: PathBuf,
    expires: Timestamp,
    /// How long the token that is there lived when it came.
    life: Duration,
}

impl FreshFile {
    /// Writes the first token to a file of its own in a private folder.
    ///
    /// # Errors
    ///
    /// [`FileError`].
    pub fn write(path: &Path, first: &Bearer, now: Timestamp) -> Result<Self, FileError> {
        let mut file = Self {
            path: path.to_owned(),
            expires: first.expires,
            life: Duration::ZERO,
        };
        file.replace(first, now)?;
        Ok(file)
    }

    /// Keeps it fresh until the end. What is wrong with the next token's source is told to `tell`.
    pub fn keep(
        mut self,
        (clock, end): (&dyn Clock, &End),
        source: &dyn Fn() -> Result<Bearer, Denied>,
        tell: &dyn Fn(&str),
    ) {
        let mut wait = self.rest();
        while !end.wait(wait) {
            wait = self.look(clock.now(), source, tell);
        }
    }

    /// Replaces the token if it is time to; returns when to look again.
    fn look(
        &mut self,
        now: Timestamp,
        source: &dyn Fn() -> Result<Bearer, Denied>,
        tell: &dyn Fn(&str),
    ) -> Duration {
        if !is_due(self.expires, self.life, now) {
            return self.rest();
        }
        let fault = match source() {
            Ok(bearer) => match self.replace(&bearer, now) {
                Ok(()) => return self.rest(),
                Err(error) => error.to_string(),
            },
            Err(denied) => denied.message,
        };
        tell(&fault);
        LEAVE_ALONE
    }

    fn rest(&self) -> Duration {
        LOOK.min(self.life / 12).max(BRIEFLY)
    }

    fn replace(&mut self, bearer: &Bearer, now: Timestamp) -> Result<(), FileError> {
        files::write_private_unsynced(&self.path, bearer.token.expose().as_bytes())?;
        self.expires = bearer.expires;
        self.life = bearer.expires.since(now);
        Ok(())
    }
}

impl Drop for FreshFile {
    fn drop(&mut self) {
        // The folder goes too; what cannot be removed is swept up by the next run.
        drop(files::remove(&self.path));
    }
}

/// Decides whether it is time for another token: five minutes before the end of this one, or in the
/// last third of a short life.
fn is_due(expires: Timestamp, life: Duration, now: Timestamp) -> bool {
    expires.since(now) <= LEAST_LIFE.min(life / 3)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::fs;

    use super::*;
    use crate::base::Secret;
    use crate::endpoint::Reason;
    use crate::sys::clock::SystemClock;

    #[test]
    fn a_token_is_replaced_before_it_ends() {
        let hour = Duration::from_secs(3600);
        let expires = Timestamp(10_000);
        for (life, left, due) in [
            (hour, 3600, false),
            (hour, 301, false),
            (hour, 300, true),
            (hour, 0, true),
            (hour, -500, true),
            (Duration::from_secs(60), 21, false),
            (Duration::from_secs(60), 20, true),
            (Duration::ZERO, 0, true),
        ] {
            let now = Timestamp(10_000 - left);
            assert_eq!(is_due(expires, life, now), due, "{left} s left of {life:?}");
        }
    }

    fn bearer(token: &str, expires: i64) -> Bearer {
        Bearer {
            token: Secret::new(token.to_owned()),
            expires: Timestamp(expires),
        }
    }

    #[test]
    fn the_file_goes_away_with_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");

        let file = FreshFile::write(&path, &bearer("one", 100), Timestamp(0)).unwrap();

        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(files::looseness(&path), Some(files::Looseness::Private));
        drop(file);
        assert!(!path.exists());
    }

    #[test]
    fn a_token_that_cannot_be_renewed_stays_until_it_can() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let mut file = FreshFile::write(&path, &bearer("one", 3600), Timestamp(0)).unwrap();
        let told = RefCell::new(Vec::new());
        let tell = |text: &str| told.borrow_mut().push(text.to_owned());
        let none = || -> Result<Bearer, Denied> {
            Err(Denied {
                reason: Reason::Failed,
                message: "signed out".to_owned(),
            })
        };

        assert_eq!(file.look(Timestamp(100), &none, &tell), LOOK);
        assert_eq!(file.look(Timestamp(3400), &none, &tell), LEAVE_ALONE);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        let two = || Ok(bearer("two", 7200));
        assert_eq!(file.look(Timestamp(3430), &two, &tell), LOOK);

        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(*told.borrow(), ["signed out"]);
        assert_eq!(file.look(Timestamp(3440), &none, &tell), LOOK);
    }

    #[test]
    fn it_ends_with_the_command() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let file = FreshFile::write(&path, &bearer("one", 3600), Timestamp(0)).unwrap();
        let (clock, end) = (SystemClock::new(), End::default());

        std::thread::scope(|scope| {
            scope.spawn(|| file.keep((&clock, &end), &|| Ok(bearer("two", 7200)), &|_| {}));
            end.reach();
        });

        assert!(!path.exists());
    }
}
