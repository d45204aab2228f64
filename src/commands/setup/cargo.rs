//! `keyfob setup cargo`: keyfob as the credential provider of those registries in cargo's own
//! settings whose index is listed.
//!
//! Cargo starts a provider with an argument of its own and no other (those that are configured it
//! sends in its request), so keyfob gets a second name that says what it is started for, in a folder
//! of keyfob's.

use std::path::{Path, PathBuf};

use super::Failure;
use super::change::{Link, Plan, Wanted};
use super::format::{Format, Odd};
use super::place::Place;
use super::prove::{Proof, reason};
use super::toml::{Registries, read, table};
use super::tool::{Listed, Tool};
use super::unchanged::{Unchanged, shown};
use crate::base::{Diagnostic, Exit, Hint, Site, printable_line};
use crate::config::Setting;
use crate::sys::files;
use crate::sys::program::{Said, Start};

pub(super) struct Cargo;

/// The name that is started.
const PROVIDER: &str = "cargo-credential-keyfob";

/// None of cargo's registries is listed.
#[derive(Debug, thiserror::Error)]
#[error("{} names no registry with an index that is listed", shown(.0))]
struct NoRegistry(PathBuf);

impl Diagnostic for NoRegistry {
    fn exit(&self) -> Exit {
        Exit::Config
    }

    fn hint(&self) -> Option<Hint> {
        Some(Hint::Try(
            "add it there first: `[registries.NAME]` with `index = \"sparse+https://…\"`".into(),
        ))
    }
}

/// A registry of cargo's whose index is listed.
struct Registry<'a> {
    name: String,
    index: String,
    listed: &'a Listed,
}

impl Tool for Cargo {
    fn name(&self) -> &'static str {
        "cargo"
    }

    fn setting(&self) -> Setting {
        Setting::Cargo
    }

    fn example(&self) -> &'static str {
        "https://crates.example.com/index/"
    }

    fn plan(&self, place: &Place<'_>, listed: &[Listed]) -> Result<Plan, Failure> {
        let file = file(place);
        let registries = registries(&file, listed)?;
        if registries.is_empty() {
            return Err(NoRegistry(file).into());
        }
        let link = link(place);
        let settings = registries.into_iter().map(|registry| {
            let name = key(&registry.name);
            let mut words = vec![link.to_string_lossy().into_owned()];
            words.extend(registry.listed.typed());
            let value = toml_edit::Array::from_iter(words).to_string();
            Wanted {
                file: file.clone(),
                shown: format!("[registries.{name}]\ncredential-provider = {value}\n"),
                values: vec![value],
                key: registry.name,
            }
        });
        Ok(Plan {
            settings: settings.collect(),
            links: vec![Link {
                path: link.clone(),
                to: PathBuf::from(&place.program),
            }],
            notes: Vec::new(),
        })
    }

    fn format<'a>(&self, _place: &'a Place<'a>) -> Box<dyn Format + 'a> {
        Box::new(Registries)
    }

    fn prove(&self, place: &Place<'_>, _plan: &Plan, listed: &[Listed]) -> Vec<Proof> {
        let registries = registries(&file(place), listed).unwrap_or_default();
        registries.iter().map(|it| prove(place, it)).collect()
    }
}

/// A name as TOML writes it in a key.
fn key(name: &str) -> String {
    let key = toml_edit::Key::new(name);
    printable_line(&key.display_repr()).into_owned()
}

/// The file that cargo reads: an old name wins where it is there.
fn file(place: &Place<'_>) -> PathBuf {
    let home = place.folder("CARGO_HOME", ".cargo");
    let old = home.join("config");
    if files::is_there(&old) {
        old
    } else {
        home.join("config.toml")
    }
}

fn link(place: &Place<'_>) -> PathBuf {
    place.links("cargo").join(PROVIDER)
}

/// Finds the registries in cargo's settings whose index is listed.
fn registries<'a>(file: &Path, listed: &'a [Listed]) -> Result<Vec<Registry<'a>>, Unchanged> {
    let bytes = match files::read_bounded(file, 4 * 1024 * 1024) {
        Ok(bytes) => bytes,
        Err(error) if error.is_missing() => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Unchanged::odd(file, Odd::broken("cargo", "it is not UTF-8 text")))?;
    let document = read(text).map_err(|odd| Unchanged::odd(file, odd))?;
    let registries = table(document.as_item(), "registries");
    let registries = registries.and_then(toml_edit::Item::as_table_like);
    let mut found = Vec::new();
    for (name, registry) in registries.into_iter().flat_map(|it| it.iter()) {
        let Some(index) = registry.get("index").and_then(toml_edit::Item::as_str) else {
            continue;
        };
        let site = Site::parse(index.strip_prefix("sparse+").unwrap_or(index));
        let lists = |target: &&Listed| {
            let sites = &target.serves.cargo;
            site.as_ref()
                .is_ok_and(|site| sites.iter().any(|listed| listed.covers(site)))
        };
        if let Some(listed) = listed.iter().find(lists) {
            found.push(Registry {
                name: name.to_owned(),
                index: index.to_owned(),
                listed,
            });
        }
    }
    Ok(found)
}

/// Asks the provider as cargo does.
fn prove(place: &Place<'_>, registry: &Registry<'_>) -> Proof {
    let name = printable_line(&registry.name);
    let request = serde_json::json!({
        "v": 1,
        "kind": "get",
        "operation": "read",
        "registry": {"index-url": registry.index, "name": registry.name},
        "args": Vec::from_iter(registry.listed.typed()),
    });
    let request = format!("{request}\n");
    let start = Start {
        words: &["--cargo-plugin"],
        stdin: request.as_bytes(),
        folder: Some(Path::new("/")),
        ..Start::default()
    };
    match place.ask(&link(place), start) {
        Ok(said) if has_token(&said.stdout) => Proof::Works(format!(
            "cargo's provider gets the token of `{}` for the registry {name}",
            registry.listed.target
        )),
        Ok(said) => match place.token(registry.listed) {
            Err(proof) => proof,
            Ok(()) => Proof::Fails(format!(
                "cargo's provider gets nothing for the registry {name}: {}",
                reason(&without_greeting(said))
            )),
        },
        Err(why) => Proof::NotYet(why),
    }
}

/// What was said but for the line that every provider begins with.
fn without_greeting(mut said: Said) -> Said {
    let greeting = said.stdout.iter().position(|byte| *byte == b'\n');
    said.stdout.drain(..greeting.map_or(0, |end| end + 1));
    said
}

/// Whether the line after the greeting holds a token.
fn has_token(stdout: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Answer<'a> {
        #[serde(borrow, rename = "Ok")]
        ok: Given<'a>,
    }
    #[derive(serde::Deserialize)]
    struct Given<'a> {
        #[serde(borrow)]
        token: std::borrow::Cow<'a, str>,
    }
    let mut lines = stdout.split(|byte| *byte == b'\n').skip(1);
    let answer: Option<Answer<'_>> = lines
        .next()
        .and_then(|line| serde_json::from_slice(line).ok());
    answer.is_some_and(|answer| !answer.ok.token.is_empty())
}
