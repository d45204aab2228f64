//! The token and a line feed: `$(keyfob token)`. Never anything else, so that nothing has to be
//! taken apart.

use super::{Format, Unprintable, View};
use crate::base::{Secret, Timestamp};

pub(super) struct Raw;

impl Format for Raw {
    fn name(&self) -> &'static str {
        "raw"
    }

    fn about(&self) -> &'static str {
        "the token alone"
    }

    fn print(&self, view: &View<'_>, _now: Timestamp) -> Result<Secret, Unprintable> {
        Ok(Secret::joined(&[view.printable_token()?, "\n"]))
    }
}
