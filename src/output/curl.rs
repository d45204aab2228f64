//! A configuration for `curl -K -`, quoted by curl's rules (curl(1), `--config`): within quotation
//! marks, `\` and `"` are written with a `\` before them. Never holds a URL or any other option.

use super::{Format, Unprintable, View};
use crate::base::{Secret, Timestamp};

pub(super) struct Curl;

impl Format for Curl {
    fn name(&self) -> &'static str {
        "curl"
    }

    fn about(&self) -> &'static str {
        "a configuration, for `curl -K -`"
    }

    fn print(&self, view: &View<'_>, _now: Timestamp) -> Result<Secret, Unprintable> {
        let mut pieces = vec!["header = \"Authorization: Bearer "];
        pieces.extend(escaped(view.bearer_token(self.name())?));
        pieces.push("\"\n");
        Ok(Secret::joined(&pieces))
    }
}

/// Cuts the text before each character that needs a `\`, and puts one between.
fn escaped(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '"']) {
        let (plain, special) = rest.split_at(at);
        let (special, after) = special.split_at(1);
        pieces.extend([plain, "\\", special]);
        rest = after;
    }
    pieces.push(rest);
    pieces
}
