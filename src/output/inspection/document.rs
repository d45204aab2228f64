//! An inspection for programs: the claims as they are, the dates read, the verdict in words.
//!
//! Never claims that a token is verified because it looks well.

use serde_json::{Map, Value, json};

use super::Verdict;
use crate::base::Timestamp;
use crate::jwt::{Described, Inspection, Moment, Warning};
use crate::output::{json_text, safe_json};

/// Prints an inspection for programs: one JSON object, on several lines.
pub fn json(inspection: &Inspection, verdict: Verdict<'_>, now: Timestamp) -> String {
    let (verified, reason) = match verdict {
        Verdict::Verified(_) => (true, None),
        Verdict::Failed(failure) => (false, Some(failure.to_string())),
        Verdict::Unchecked(why) => (false, Some(why.to_owned())),
    };
    let failed = match verdict {
        Verdict::Failed(failure) => Some(failure.check.name()),
        Verdict::Verified(_) | Verdict::Unchecked(_) => None,
    };
    let moment = |moment: &Moment| {
        let at = jiff::Timestamp::from_second(moment.at.0).map(|at| at.to_string());
        let at = json!({"at": at.ok(), "seconds_from_now": moment.at.0.saturating_sub(now.0)});
        (moment.claim.to_owned(), at)
    };
    let claim = |claim: &Described| (claim.name.clone(), claim.value.clone());
    let document = json!({
        "kind": inspection.kind.name(),
        "verified": verified,
        "failed_check": failed,
        "reason": reason,
        "header": inspection.header.iter().cloned().collect::<Map<String, Value>>(),
        "claims": inspection.claims.iter().map(claim).collect::<Map<String, Value>>(),
        "times": inspection.timeline.iter().map(moment).collect::<Map<String, Value>>(),
        "warnings": inspection.warnings.iter().map(Warning::to_string).collect::<Vec<String>>(),
    });
    let mut text = safe_json(&json_text(&document)).into_owned();
    text.push('\n');
    text
}
