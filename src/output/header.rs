//! A request header (RFC 6750 §2.1) for `curl -H @-`: no token ever stands in an argument list.

use super::{Format, Unprintable, View};
use crate::base::{Secret, Timestamp};

pub(super) struct Header;

impl Format for Header {
    fn name(&self) -> &'static str {
        "header"
    }

    fn about(&self) -> &'static str {
        "a request header, for `curl -H @-`"
    }

    fn print(&self, view: &View<'_>, _now: Timestamp) -> Result<Secret, Unprintable> {
        let token = view.bearer_token(self.name())?;
        Ok(Secret::joined(&["Authorization: Bearer ", token, "\n"]))
    }
}
