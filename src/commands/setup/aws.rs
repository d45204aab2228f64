//! `keyfob setup aws`: a profile of the AWS CLI and SDKs for each role, whose keys come from keyfob
//! (`credential_process`).
//!
//! Some SDKs start the command by a shell and some do not, so no character of it means anything to
//! either. The file is changed by lines, which needs no CLI and keeps its comments.

use std::path::{Path, PathBuf};

use super::Failure;
use super::change::{Plan, Wanted};
use super::format::Format;
use super::ini::Sections;
use super::place::Place;
use super::prove::{Proof, reason};
use super::tool::{Listed, Tool};
use crate::config::Setting;
use crate::sys::program::{Said, Start};

pub(super) struct Aws;

impl Tool for Aws {
    fn name(&self) -> &'static str {
        "aws"
    }

    fn setting(&self) -> Setting {
        Setting::AwsRole
    }

    fn example(&self) -> &'static str {
        "arn:aws:iam::123456789012:role/NAME"
    }

    fn plan(&self, place: &Place<'_>, listed: &[Listed]) -> Result<Plan, Failure> {
        let file = file(place);
        let program = place.plain_program("aws", &[' '])?;
        let program = if program.contains(' ') {
            format!("\"{program}\"")
        } else {
            program.to_owned()
        };
        let mut plan = Plan::default();
        for listed in listed {
            let (name, target) = (listed.name(), &listed.target);
            let mut lines = vec![format!(
                "credential_process = {program} credential aws {target}"
            )];
            let region = listed
                .serves
                .aws
                .as_ref()
                .and_then(|role| role.region.as_deref());
            lines.extend(region.map(|region| format!("region = {region}")));
            let body = lines.join("\n");
            plan.settings.push(Wanted {
                file: file.clone(),
                key: format!("profile {name}"),
                shown: format!("[profile {name}]\n{body}\n"),
                values: vec![body],
            });
            plan.notes.push(format!(
                "Use it: `aws --profile {name} …`, or AWS_PROFILE={name} for all that read it."
            ));
        }
        Ok(plan)
    }

    fn format<'a>(&self, _place: &'a Place<'a>) -> Box<dyn Format + 'a> {
        Box::new(Sections { program: "aws" })
    }

    fn prove(&self, place: &Place<'_>, _plan: &Plan, listed: &[Listed]) -> Vec<Proof> {
        let Some(aws) = place.find("aws") else {
            return vec![Proof::NotYet("aws is not on PATH".to_owned())];
        };
        let proofs = listed.iter().map(|listed| prove(place, &aws, listed));
        proofs.collect()
    }
}

fn file(place: &Place<'_>) -> PathBuf {
    let named = place.named("AWS_CONFIG_FILE");
    named.unwrap_or_else(|| place.home.join(".aws/config"))
}

/// Asks the CLI for the keys that it would sign with, and compares.
fn prove(place: &Place<'_>, aws: &Path, listed: &Listed) -> Proof {
    let (name, target) = (listed.name(), listed.target.to_string());
    let own = ["credential", "aws", &target];
    let export = ["configure", "export-credentials", "--profile", &name];
    let says = |program: &Path, words: &[&str]| {
        let start = Start {
            words,
            folder: Some(Path::new("/")),
            // Keys that are set for another purpose must not answer for the profile.
            vars: &[
                ("AWS_ACCESS_KEY_ID", None),
                ("AWS_SECRET_ACCESS_KEY", None),
                ("AWS_SESSION_TOKEN", None),
                ("AWS_PROFILE", None),
            ],
            ..Start::default()
        };
        place.ask(program, start)
    };
    let keyfob = match says(Path::new(&place.program), &own) {
        Ok(said) => said,
        Err(why) => return Proof::NotYet(why),
    };
    let Some(ours) = keys(&keyfob) else {
        return match place.token(listed) {
            Err(proof) => proof,
            Ok(()) => Proof::NotYet(format!(
                "keyfob has no keys for the profile {name} now: {}",
                reason(&keyfob)
            )),
        };
    };
    let said = match says(aws, &export) {
        Ok(said) => said,
        Err(why) => return Proof::NotYet(why),
    };
    match keys(&said) {
        Some(theirs) if theirs == ours => Proof::Works(format!(
            "aws gets the keys of `{target}` for the profile {name}"
        )),
        Some(_) => Proof::Fails(format!("aws takes other keys for the profile {name}")),
        // An older one shows the end of a key, and where it is from.
        None => match says(aws, &["configure", "list", "--profile", &name]) {
            Ok(list) if lists(&list, &ours) => Proof::Works(format!(
                "aws runs keyfob for the profile {name}, and gets the keys of `{target}`"
            )),
            _ => Proof::Fails(format!(
                "aws gets no keys for the profile {name}: {}",
                reason(&said)
            )),
        },
    }
}

/// Whether the keys that are listed are these, by what is shown of their name.
fn lists(said: &Said, keys: &str) -> bool {
    let shown = keys.get(keys.len().saturating_sub(4)..).unwrap_or(keys);
    let text = String::from_utf8_lossy(&said.stdout);
    let mut lines = text.lines().filter(|line| line.contains("access_key"));
    said.is_well() && lines.any(|line| line.contains(shown) && line.contains("custom-process"))
}

/// The name of the keys in an answer; no secret.
fn keys(said: &Said) -> Option<String> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Answer {
        access_key_id: String,
    }
    let answer: Answer = serde_json::from_slice(&said.stdout).ok()?;
    Some(answer.access_key_id).filter(|_| said.is_well())
}
