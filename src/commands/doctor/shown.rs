//! What the doctor found, for people and for programs.

use serde_json::{Value, json};

use crate::base::ProfileName;
use crate::doctor::{ALL, Finding, Mark};
use crate::output::Style;
use crate::output::checks::{Listed, list};

/// Prints what was found about one profile.
pub(super) fn page(
    name: &ProfileName,
    findings: &[Finding],
    more: bool,
    (style, columns): (Style, usize),
) -> String {
    let lines = ALL.iter().zip(findings).map(|(check, finding)| Listed {
        sign: sign(finding.mark),
        is_good: finding.mark == Mark::Good,
        name: check.name(),
        said: &finding.said,
        more: if more { &finding.more } else { &[] },
        remedy: finding.remedy.as_deref(),
    });
    list(&format!("profile {name}"), lines, (style, columns))
}

fn sign(mark: Mark) -> char {
    match mark {
        Mark::Good => '✓',
        Mark::Warning => '!',
        Mark::Bad => '✗',
        Mark::Skipped => '-',
    }
}

/// Says what was found as JSON.
pub(super) fn json(name: &ProfileName, findings: &[Finding]) -> Value {
    let checks: Vec<Value> = ALL
        .iter()
        .zip(findings)
        .map(|(check, finding)| {
            json!({
                "check": check.name(),
                "mark": word(finding.mark),
                "said": finding.said,
                "more": finding.more,
                "remedy": finding.remedy,
            })
        })
        .collect();
    json!({ "profile": name, "checks": checks })
}

/// The word that programs read for a mark.
pub(super) fn word(mark: Mark) -> &'static str {
    match mark {
        Mark::Good => "good",
        Mark::Warning => "warning",
        Mark::Bad => "bad",
        Mark::Skipped => "skipped",
    }
}
