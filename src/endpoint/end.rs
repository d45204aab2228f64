//! The end of the command, for those who wait for something else meanwhile.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Whether the command has ended.
#[derive(Debug, Default)]
pub struct End {
    is_reached: Mutex<bool>,
    told: Condvar,
}

impl End {
    /// Tells everybody that it has.
    pub fn reach(&self) {
        *self.look() = true;
        self.told.notify_all();
    }

    /// Tells whether it has.
    pub fn is_reached(&self) -> bool {
        *self.look()
    }

    /// Waits so long, or until it has; tells whether it has.
    pub fn wait(&self, span: Duration) -> bool {
        let waited = self
            .told
            .wait_timeout_while(self.look(), span, |is_reached| !*is_reached);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn look(&self) -> MutexGuard<'_, bool> {
        // No code can panic while it holds the lock.
        self.is_reached
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
