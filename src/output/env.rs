//! Lines for a POSIX shell: `eval "$(keyfob token --format env)"`.
//!
//! Everything is within single quotes, where a shell looks for nothing but the closing one; an old
//! expiry is never left standing beside a new token.

use super::{Format, Unprintable, View};
use crate::base::{Secret, Timestamp};
use crate::jwt::TokenKind;

pub(super) struct Env;

impl Format for Env {
    fn name(&self) -> &'static str {
        "env"
    }

    fn about(&self) -> &'static str {
        "variables, for `eval` in a shell"
    }

    fn print(&self, view: &View<'_>, _now: Timestamp) -> Result<Secret, Unprintable> {
        let variable = match view.kind {
            TokenKind::Access => "KEYFOB_ACCESS_TOKEN",
            TokenKind::Id => "KEYFOB_ID_TOKEN",
        };
        let expiry = match view.expires_at {
            Some(at) => format!("export KEYFOB_TOKEN_EXPIRES_AT='{}'\n", at.0),
            None => "unset KEYFOB_TOKEN_EXPIRES_AT\n".to_owned(),
        };
        let mut pieces = vec!["export ", variable, "='"];
        for (index, plain) in view.printable_token()?.split('\'').enumerate() {
            if index > 0 {
                pieces.push("'\\''");
            }
            pieces.push(plain);
        }
        pieces.extend(["'\n", &expiry]);
        Ok(Secret::joined(&pieces))
    }
}
