//! The value of an `Authorization` field (RFC 6750 §2.1), for programs that read a field's value from
//! a file: httpie and xh, as `Authorization:@FILE`.

use super::{Format, Unprintable, View};
use crate::base::{Secret, Timestamp};

pub(super) struct Bearer;

impl Format for Bearer {
    fn name(&self) -> &'static str {
        "bearer"
    }

    fn about(&self) -> &'static str {
        "a header's value, for httpie's `Authorization:@FILE`"
    }

    fn print(&self, view: &View<'_>, _now: Timestamp) -> Result<Secret, Unprintable> {
        let token = view.bearer_token(self.name())?;
        Ok(Secret::joined(&["Bearer ", token, "\n"]))
    }
}
