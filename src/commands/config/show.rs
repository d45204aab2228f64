//! `keyfob config show`: what is in force, and who said so.
//!
//! Of a client's secret it shows where it is found; there is nothing more to show.

use serde_json::{Value, json};

use crate::app::App;
use crate::base::{ProfileName, TenantId, printable_line};
use crate::config::{Config, ConfigError, Effective, Origin, Overrides, Profile};
use crate::session::Pin;

use super::{Failure, Place};

/// What `config show` takes.
#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    /// Show this profile only
    #[arg(value_parser = ProfileName::parse)]
    profile: Option<ProfileName>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints every value, also of a profile that lacks something, and fails if one does.
pub(super) fn run(args: &ShowArgs, app: &App, place: Place<'_>) -> Result<(), Failure> {
    let config = place.load()?;
    let flags = Overrides::default();
    let settings = config.above_profiles(&flags)?;
    let decide = |name: &ProfileName| config.profile(Some(name), &flags);
    let mut profiles: Vec<_> = match &args.profile {
        Some(name) => vec![(name.clone(), Ok(decide(name)?))],
        None => wanted(&config)
            .map(|name| (name.clone(), decide(&name)))
            .collect(),
    };
    for (_, profile) in &mut profiles {
        if let Ok(profile) = profile
            && let Some(tenant) = pinned(profile, app)?
        {
            profile.show_pinned(&tenant);
        }
    }
    let view = View {
        path: place.shown(),
        exists: place.path.exists(),
        default: config.default_profile().ok(),
        settings,
        profiles,
    };
    let text = if args.json { view.json() } else { view.text() };
    place.console.answer(&text)?;
    match view
        .profiles
        .into_iter()
        .find_map(|(_, profile)| profile.err())
    {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}

/// The tenant that a profile's domain named on first contact.
fn pinned(profile: &Profile, app: &App) -> Result<Option<TenantId>, Failure> {
    if !profile.wants_pin() {
        return Ok(None);
    }
    let room = app.open(profile.clone())?;
    Ok(room.pin().as_ref().map_or(Ok(None), Pin::load)?)
}

/// Every profile of the file, or the one that variables make.
fn wanted(config: &Config) -> impl Iterator<Item = ProfileName> {
    let mut names: Vec<ProfileName> = config.names().cloned().collect();
    if names.is_empty() {
        names.extend(config.default_profile());
    }
    names.into_iter()
}

struct View {
    path: String,
    exists: bool,
    default: Option<ProfileName>,
    settings: Vec<Effective>,
    profiles: Vec<(ProfileName, Result<Profile, ConfigError>)>,
}

impl View {
    fn text(&self) -> String {
        let there = if self.exists { "" } else { " (not there yet)" };
        let mut lines = vec![
            format!("file {}{there}", printable_line(&self.path)),
            String::new(),
        ];
        lines.extend(self.table(&self.settings));
        for (name, profile) in &self.profiles {
            let mark = if Some(name) == self.default.as_ref() {
                " (default)"
            } else {
                ""
            };
            lines.extend([String::new(), format!("profile {name}{mark}")]);
            match profile {
                Ok(profile) => lines.extend(self.table(profile.origins())),
                Err(error) => {
                    lines.push(format!("  wrong: {}", printable_line(&error.to_string())));
                }
            }
        }
        lines.push(String::new());
        lines.join("\n")
    }

    /// Three columns; a value too long for its own pushes the third aside.
    fn table(&self, values: &[Effective]) -> Vec<String> {
        const WIDEST: usize = 48;
        let width = |text: &str| text.chars().count();
        let keys = values
            .iter()
            .map(|value| width(&value.key))
            .max()
            .unwrap_or(0);
        let texts = values
            .iter()
            .map(|value| width(&value.value).min(WIDEST))
            .max()
            .unwrap_or(0);
        let row = |value: &Effective| {
            let (key, text) = (printable_line(&value.key), printable_line(&value.value));
            let origin = self.origin(&value.origin);
            format!("  {key:keys$}  {text:texts$}  {origin}")
        };
        values.iter().map(row).collect()
    }

    /// The file is named once, above; its lines are enough after that.
    fn origin(&self, origin: &Origin) -> String {
        match origin {
            Origin::File { path, line } if **path == *self.path => format!("line {line}"),
            Origin::File { .. }
            | Origin::Flag(_)
            | Origin::Setting(_)
            | Origin::Pin
            | Origin::Variable(_)
            | Origin::Provider(_)
            | Origin::Default => origin.to_string(),
        }
    }

    fn json(&self) -> String {
        let profiles: Vec<Value> = self
            .profiles
            .iter()
            .map(|entry| self.profile(entry))
            .collect();
        let settings: Vec<Value> = self.settings.iter().map(value).collect();
        let all = json!({
            "file": self.path,
            "exists": self.exists,
            "settings": settings,
            "profiles": profiles,
        });
        format!("{all:#}\n")
    }

    fn profile(&self, (name, profile): &(ProfileName, Result<Profile, ConfigError>)) -> Value {
        let mut entry = json!({
            "name": name.as_str(),
            "default": Some(name) == self.default.as_ref(),
        });
        match profile {
            Ok(profile) => {
                entry["values"] = profile.origins().iter().map(value).collect();
            }
            Err(error) => entry["error"] = error.to_string().into(),
        }
        entry
    }
}

fn value(effective: &Effective) -> Value {
    let origin = match &effective.origin {
        Origin::Flag(flag) => json!({ "from": "flag", "name": flag }),
        Origin::Variable(name) => json!({ "from": "variable", "name": name }),
        Origin::File { path, line } => json!({ "from": "file", "path": **path, "line": line }),
        Origin::Setting(key) => json!({ "from": "setting", "name": key }),
        Origin::Pin => json!({ "from": "pin" }),
        Origin::Provider(name) => json!({ "from": "provider", "name": name }),
        Origin::Default => json!({ "from": "default" }),
    };
    json!({ "key": effective.key, "value": effective.value, "origin": origin })
}
