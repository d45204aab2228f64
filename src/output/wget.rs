//! A configuration for `wget --config FILE`, as wget reads it: the value is all that follows `=` and
//! the spaces after it, with nothing quoted. wget takes plain files alone, never a pipe. It follows
//! redirects, and takes a header that it was given along to whatever host they lead to: so it is told
//! to follow none.

use super::{Format, Unprintable, View};
use crate::base::{Secret, Timestamp};

pub(super) struct Wget;

impl Format for Wget {
    fn name(&self) -> &'static str {
        "wget"
    }

    fn about(&self) -> &'static str {
        "a configuration, for `wget --config FILE`"
    }

    fn print(&self, view: &View<'_>, _now: Timestamp) -> Result<Secret, Unprintable> {
        let token = view.bearer_token(self.name())?;
        let line = "header = Authorization: Bearer ";
        Ok(Secret::joined(&[line, token, "\nmax_redirect = 0\n"]))
    }
}
