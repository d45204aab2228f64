//! `keyfob setup azure`: keyfob in the place of `az` and `azd`, for the Azure SDKs that run them.
//!
//! `keyfob exec --azure` is the better way: it reaches one command and no other. The second names
//! lie in a folder of keyfob's own, and no `az` that is there already is touched.

use std::path::PathBuf;

use super::Failure;
use super::change::{Link, Plan};
use super::format::{Format, Whole};
use super::place::Place;
use super::prove::Proof;
use super::tool::{Listed, Tool};
use super::unchanged::shown;
use crate::config::Setting;

pub(super) struct Azure;

impl Tool for Azure {
    fn name(&self) -> &'static str {
        "azure"
    }

    fn setting(&self) -> Setting {
        Setting::Azure
    }

    fn example(&self) -> &'static str {
        "https://management.azure.com"
    }

    fn plan(&self, place: &Place<'_>, listed: &[Listed]) -> Result<Plan, Failure> {
        let folder = place.links("azure");
        let links = ["az", "azd"].map(|name| Link {
            path: folder.join(name),
            to: PathBuf::from(&place.program),
        });
        let target = listed.first().map(|it| it.target.to_string());
        let target = target.unwrap_or_default();
        let mut notes = vec![
            format!(
                "For one command, which needs none of this: `keyfob exec {target} --azure -- COMMAND`"
            ),
            format!(
                "For all of a shell's: put {} on PATH before all others. Only the listed resources are answered, and nothing else that az can do.",
                shown(&folder)
            ),
        ];
        if let Some(az) = place.find("az").filter(|az| az.parent() != Some(&folder)) {
            notes.push(format!(
                "{} stays, and is not found there any more then.",
                shown(&az)
            ));
        }
        Ok(Plan {
            settings: Vec::new(),
            links: links.to_vec(),
            notes,
        })
    }

    fn format<'a>(&self, _place: &'a Place<'a>) -> Box<dyn Format + 'a> {
        Box::new(Whole)
    }

    fn prove(&self, place: &Place<'_>, plan: &Plan, listed: &[Listed]) -> Vec<Proof> {
        let first = plan.links.first();
        let is_found = first.is_some_and(|link| place.find("az").as_ref() == Some(&link.path));
        let found = if is_found {
            Proof::Works("az on PATH is keyfob".to_owned())
        } else {
            Proof::NotYet("the folder is not the first on PATH".to_owned())
        };
        let tokens = listed.iter().map(|listed| match place.token(listed) {
            Ok(()) => Proof::Works(format!("there is a token for `{}`", listed.target)),
            Err(proof) => proof,
        });
        [found].into_iter().chain(tokens).collect()
    }
}
