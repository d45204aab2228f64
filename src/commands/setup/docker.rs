//! `keyfob setup docker`: keyfob as the credential helper of docker, and of all that read its
//! settings, for the registries that are listed.
//!
//! Docker starts `docker-credential-keyfob` from `PATH`, so keyfob gets that second name.

use std::path::{Path, PathBuf};

use super::Failure;
use super::change::{Link, Plan, Wanted};
use super::format::Format;
use super::json::Members;
use super::place::Place;
use super::prove::{Proof, reason};
use super::tool::{Listed, Tool};
use super::unchanged::shown;
use crate::base::Site;
use crate::config::Setting;
use crate::sys::program::{Said, Start};

pub(super) struct Docker;

/// The name that docker starts.
const HELPER: &str = "docker-credential-keyfob";

/// Docker's own registry has an address of its own among the settings.
const HUB: &str = "https://index.docker.io/v1/";

impl Tool for Docker {
    fn name(&self) -> &'static str {
        "docker"
    }

    fn setting(&self) -> Setting {
        Setting::Docker
    }

    fn example(&self) -> &'static str {
        "registry.example.com"
    }

    fn plan(&self, place: &Place<'_>, listed: &[Listed]) -> Result<Plan, Failure> {
        let file = place.folder("DOCKER_CONFIG", ".docker").join("config.json");
        let mut plan = Plan::default();
        let registries = registries(listed);
        let last = registries.len().saturating_sub(1);
        for (index, (registry, _)) in registries.iter().enumerate() {
            let name = serde_json::Value::from(registry.as_str());
            let head = if index == 0 {
                "{\n\t\"credHelpers\": {\n"
            } else {
                ""
            };
            let tail = if index == last { "\n\t}\n}\n" } else { ",\n" };
            plan.settings.push(Wanted {
                file: file.clone(),
                key: registry.clone(),
                values: vec!["keyfob".to_owned()],
                shown: format!("{head}\t\t{name}: \"keyfob\"{tail}"),
            });
        }
        let folder = place.folder_on_path();
        if !place.is_on_path(&folder) {
            plan.notes.push(format!(
                "Put {} on PATH: docker looks for {HELPER} there.",
                shown(&folder)
            ));
        }
        plan.links.push(Link {
            path: folder.join(HELPER),
            to: PathBuf::from(&place.program),
        });
        if listed.iter().any(|it| it.typed().is_some()) {
            plan.notes.push(
                "Docker starts its helper without a profile's name: whichever lists the registry answers."
                    .to_owned(),
            );
        }
        Ok(plan)
    }

    fn format<'a>(&self, _place: &'a Place<'a>) -> Box<dyn Format + 'a> {
        Box::new(Members {
            program: "docker",
            within: "credHelpers",
        })
    }

    fn prove(&self, place: &Place<'_>, plan: &Plan, listed: &[Listed]) -> Vec<Proof> {
        let Some(helper) = place.find(HELPER) else {
            return vec![Proof::NotYet(format!("{HELPER} is not on PATH"))];
        };
        if !plan.links.iter().any(|link| link.path == helper) {
            let other = shown(&helper);
            return vec![Proof::Fails(format!("docker finds {other} first"))];
        }
        let registries = registries(listed);
        let prove =
            |(registry, listed): &(String, &Listed)| prove(place, &helper, registry, listed);
        registries.iter().map(prove).collect()
    }
}

/// Every registry once, as docker names it, with the first target that lists it.
fn registries(listed: &[Listed]) -> Vec<(String, &Listed)> {
    let mut registries: Vec<(String, &Listed)> = Vec::new();
    for target in listed {
        for registry in target.serves.docker.iter().map(named) {
            if !registries.iter().any(|(known, _)| *known == registry) {
                registries.push((registry, target));
            }
        }
    }
    registries
}

fn named(site: &Site) -> String {
    match site.host_and_port().as_str() {
        "index.docker.io" | "docker.io" => HUB.to_owned(),
        host => host.to_owned(),
    }
}

/// Asks the helper as docker does.
fn prove(place: &Place<'_>, helper: &Path, registry: &str, listed: &Listed) -> Proof {
    let start = Start {
        words: &["get"],
        stdin: registry.as_bytes(),
        folder: Some(Path::new("/")),
        ..Start::default()
    };
    match place.ask(helper, start) {
        Ok(said) if has_secret(&said) => Proof::Works(format!(
            "docker's helper gets the token of `{}` for {registry}",
            listed.target
        )),
        Ok(said) => match place.token(listed) {
            Err(proof) => proof,
            Ok(()) => Proof::Fails(format!(
                "docker's helper gets nothing for {registry}: {}",
                reason(&said)
            )),
        },
        Err(why) => Proof::NotYet(why),
    }
}

fn has_secret(said: &Said) -> bool {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Answer<'a> {
        #[serde(borrow)]
        secret: std::borrow::Cow<'a, str>,
    }
    let answer: Option<Answer<'_>> = serde_json::from_slice(&said.stdout).ok();
    said.is_well() && answer.is_some_and(|answer| !answer.secret.is_empty())
}
