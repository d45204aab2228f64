//! `keyfob setup gcp`: a file of credentials for Google's tools and libraries that asks keyfob
//! (AIP-4117, "executable-sourced credentials").
//!
//! The file holds no secret. The libraries run what it names only when a variable says that they
//! may, and split it at blanks, without quotes.

use std::path::Path;

use super::Failure;
use super::change::{Plan, Wanted};
use super::format::{Format, Whole};
use super::place::Place;
use super::prove::{Proof, reason};
use super::tool::{Listed, Tool};
use super::unchanged::shown;
use crate::commands::shell_word::quoted;
use crate::config::Setting;
use crate::jwt::TokenKind;
use crate::sys::program::Start;

pub(super) struct Gcp;

/// The variable without which nothing is run.
const ALLOW: &str = "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES";

impl Tool for Gcp {
    fn name(&self) -> &'static str {
        "gcp"
    }

    fn setting(&self) -> Setting {
        Setting::Gcp
    }

    fn example(&self) -> &'static str {
        "//iam.googleapis.com/projects/N/locations/global/workloadIdentityPools/POOL/providers/P"
    }

    fn plan(&self, place: &Place<'_>, listed: &[Listed]) -> Result<Plan, Failure> {
        let program = place.plain_program("gcp", &[])?;
        let mut plan = Plan::default();
        for (number, audience, listed) in audiences(listed) {
            let name = listed.numbered(number);
            let file = place.config.join("gcp").join(format!("{name}.json"));
            let credentials = serde_json::json!({
                "type": "external_account",
                "audience": audience,
                "subject_token_type": kind(listed),
                "token_url": "https://sts.googleapis.com/v1/token",
                "credential_source": {"executable": {
                    "command": format!("{program} credential gcp {}", listed.target),
                    "timeout_millis": 30000,
                }},
            });
            let text = serde_json::to_string_pretty(&credentials)
                .expect("texts and numbers are written to memory");
            let text = format!("{text}\n");
            plan.notes.push(format!(
                "Use it: GOOGLE_APPLICATION_CREDENTIALS={} {ALLOW}=1",
                quoted(&shown(&file))
            ));
            if audience.contains("/workforcePools/") {
                plan.notes.push(
                    "A workforce pool needs `workforce_pool_user_project` in the file as well."
                        .to_owned(),
                );
            }
            plan.settings.push(Wanted {
                file,
                key: audience.to_owned(),
                shown: text.clone(),
                values: vec![text],
            });
        }
        Ok(plan)
    }

    fn format<'a>(&self, _place: &'a Place<'a>) -> Box<dyn Format + 'a> {
        Box::new(Whole)
    }

    fn prove(&self, place: &Place<'_>, _plan: &Plan, listed: &[Listed]) -> Vec<Proof> {
        let audiences = audiences(listed);
        let proofs = audiences
            .into_iter()
            .map(|(_, audience, listed)| prove(place, audience, listed));
        proofs.collect()
    }
}

/// Every audience with its target, and its number there.
fn audiences(listed: &[Listed]) -> Vec<(usize, &str, &Listed)> {
    let each = listed.iter().flat_map(|listed| {
        let audiences = listed.serves.gcp.iter().enumerate();
        audiences.map(move |(number, audience)| (number, audience.as_str(), listed))
    });
    each.collect()
}

fn kind(listed: &Listed) -> &'static str {
    match listed.serves.present {
        TokenKind::Access => "urn:ietf:params:oauth:token-type:jwt",
        TokenKind::Id => "urn:ietf:params:oauth:token-type:id_token",
    }
}

#[derive(serde::Deserialize)]
struct Answer {
    success: bool,
}

/// Asks as Google's libraries do.
fn prove(place: &Place<'_>, audience: &str, listed: &Listed) -> Proof {
    let target = listed.target.to_string();
    let start = Start {
        words: &["credential", "gcp", &target],
        vars: &[
            (ALLOW, Some("1")),
            ("GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE", Some(audience)),
            ("GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE", Some(kind(listed))),
            ("GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE", Some("0")),
            ("GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE", None),
        ],
        folder: Some(Path::new("/")),
        ..Start::default()
    };
    match place.ask(Path::new(&place.program), start) {
        Ok(said) => {
            let answer: Option<Answer> = serde_json::from_slice(&said.stdout).ok();
            match answer {
                Some(Answer { success: true }) if said.is_well() => Proof::Works(format!(
                    "the command in the file gets the token of `{target}` for Google"
                )),
                _ => match place.token(listed) {
                    Err(proof) => proof,
                    Ok(()) => Proof::Fails(format!(
                        "the command in the file gets nothing for Google: {}",
                        reason(&said)
                    )),
                },
            }
        }
        Err(why) => Proof::NotYet(why),
    }
}
