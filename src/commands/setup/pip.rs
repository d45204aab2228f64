//! `keyfob setup pip`: keyfob in the place of the `keyring` command that pip and uv ask for
//! passwords.
//!
//! The second name lies in a folder of keyfob's own, which people put on `PATH` themselves: a
//! `keyring` that is there already is never put out of the way in silence.

use std::path::{Path, PathBuf};

use super::Failure;
use super::change::{Link, Plan, Wanted};
use super::format::Format;
use super::ini::Options;
use super::place::Place;
use super::prove::{Proof, reason};
use super::tool::{Listed, Tool};
use super::unchanged::shown;
use crate::base::Site;
use crate::config::Setting;
use crate::sys::files;
use crate::sys::program::Start;

pub(super) struct Pip;

/// The name that pip and uv start.
const NAME: &str = "keyring";

/// The user name in an index's address, where the target has none: older pips, and uv, ask only with
/// one.
const ANY_USER: &str = "__token__";

impl Tool for Pip {
    fn name(&self) -> &'static str {
        "pip"
    }

    fn setting(&self) -> Setting {
        Setting::Pip
    }

    fn example(&self) -> &'static str {
        "https://pypi.example.com/simple/"
    }

    fn plan(&self, place: &Place<'_>, listed: &[Listed]) -> Result<Plan, Failure> {
        let folder = place.links("pip");
        let link = folder.join(NAME);
        let mut plan = Plan {
            settings: vec![Wanted {
                file: file(place),
                key: "global.keyring-provider".to_owned(),
                values: vec!["subprocess".to_owned()],
                shown: "[global]\nkeyring-provider = subprocess\n".to_owned(),
            }],
            links: vec![Link {
                path: link.clone(),
                to: PathBuf::from(&place.program),
            }],
            notes: Vec::new(),
        };
        let found = place.find(NAME);
        if found.as_ref() != Some(&link) {
            plan.notes.push(format!(
                "Put {} on PATH before all others: pip and uv look for {NAME} there.",
                shown(&folder)
            ));
        }
        if let Some(found) = found.filter(|found| *found != link) {
            plan.notes.push(format!(
                "{} will not be asked by pip and uv any more then; keyfob has passwords for listed indexes only.",
                shown(&found)
            ));
        }
        for (site, listed) in indexes(listed) {
            let with_user = with_user(site, listed);
            plan.notes.push(format!(
                "For uv, and pip before 25, the index's address needs a user name: {with_user}"
            ));
        }
        if listed.iter().any(|it| it.typed().is_some()) {
            plan.notes.push(
                "Pip starts keyring without a profile's name: whichever lists the index answers."
                    .to_owned(),
            );
        }
        Ok(plan)
    }

    fn format<'a>(&self, _place: &'a Place<'a>) -> Box<dyn Format + 'a> {
        Box::new(Options { program: "pip" })
    }

    fn prove(&self, place: &Place<'_>, _plan: &Plan, listed: &[Listed]) -> Vec<Proof> {
        let mut proofs = vec![reads(place)];
        let link = place.links("pip").join(NAME);
        if place.find(NAME).as_ref() != Some(&link) {
            let folder = shown(&place.links("pip"));
            proofs.push(Proof::NotYet(format!("{folder} is not the first on PATH")));
        }
        let indexes = indexes(listed);
        proofs.extend(
            indexes
                .iter()
                .map(|(site, listed)| asks(place, &link, site, listed)),
        );
        proofs
    }
}

/// Every index once, with the first target that lists it.
fn indexes(listed: &[Listed]) -> Vec<(&Site, &Listed)> {
    let mut indexes: Vec<(&Site, &Listed)> = Vec::new();
    for target in listed {
        for site in &target.serves.pip {
            if !indexes.iter().any(|(known, _)| *known == site) {
                indexes.push((site, target));
            }
        }
    }
    indexes
}

fn user(listed: &Listed) -> &str {
    listed.serves.username.as_deref().unwrap_or(ANY_USER)
}

fn with_user(site: &Site, listed: &Listed) -> String {
    let encoded: String = user(listed)
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let user = encoded;
    site.as_str().replacen("://", &format!("://{user}@"), 1)
}

/// The user's file (pip's own documentation, "Configuration Files").
fn file(place: &Place<'_>) -> PathBuf {
    if let Some(file) = place.named("PIP_CONFIG_FILE") {
        return file;
    }
    let old = place.home.join(".pip/pip.conf");
    let mac = place.home.join("Library/Application Support/pip");
    let windows = place
        .named("APPDATA")
        .map(|folder| folder.join("pip/pip.ini"));
    match windows {
        Some(file) if !place.program.starts_with('/') => file,
        _ if files::is_there(&mac) => mac.join("pip.conf"),
        _ => {
            let new = place
                .folder("XDG_CONFIG_HOME", ".config")
                .join("pip/pip.conf");
            if files::is_there(&old) && !files::is_there(&new) {
                old
            } else {
                new
            }
        }
    }
}

/// Asks pip for its settings.
fn reads(place: &Place<'_>) -> Proof {
    let Some(pip) = place.find("pip").or_else(|| place.find("pip3")) else {
        return Proof::NotYet("pip is not on PATH".to_owned());
    };
    let start = Start {
        words: &["config", "get", "global.keyring-provider"],
        folder: Some(Path::new("/")),
        ..Start::default()
    };
    match place.ask(&pip, start) {
        Ok(said) if said.is_well() => match String::from_utf8_lossy(&said.stdout).trim() {
            "subprocess" => Proof::Works("pip asks the keyring command".to_owned()),
            _ => Proof::Fails("pip has another keyring-provider, from a file that wins".to_owned()),
        },
        Ok(said) => Proof::Fails(format!("pip does not read it: {}", reason(&said))),
        Err(why) => Proof::NotYet(why),
    }
}

/// Asks as pip does.
fn asks(place: &Place<'_>, link: &Path, site: &Site, listed: &Listed) -> Proof {
    let words = ["get", site.as_str(), user(listed)];
    let start = Start {
        words: &words,
        folder: Some(Path::new("/")),
        ..Start::default()
    };
    match place.ask(link, start) {
        Ok(said) if said.is_well() && !said.stdout.trim_ascii().is_empty() => Proof::Works(
            format!("keyring gets the token of `{}` for {site}", listed.target),
        ),
        Ok(said) => match place.token(listed) {
            Err(proof) => proof,
            Ok(()) => Proof::Fails(format!(
                "keyring gets nothing for {site}: {}",
                reason(&said)
            )),
        },
        Err(why) => Proof::NotYet(why),
    }
}
