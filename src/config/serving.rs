//! Which target may answer a program: found by what the program asks for, among what the user has
//! listed. Never picks one of two.

use crate::base::{Diagnostic, Exit, Hint, ProfileName, Site, TargetName};
use crate::credential::{ARM, Asked};

use super::error::ConfigError;
use super::layers::Overrides;
use super::profile::{Profile, Selector};
use super::serves::resources;
use super::setting::Setting;
use super::{Config, Serves};

impl Config {
    /// Finds the target whose list under `setting` has what a program asks for. Only the file's lists
    /// count, and only what is listed is answered.
    ///
    /// # Errors
    ///
    /// [`ConfigError::SeveralServe`] when two of them would and `within` does not say which;
    /// otherwise as [`Config::profile`].
    pub fn serving(
        &self,
        setting: Setting,
        within: &Selector,
        asked: &Asked,
    ) -> Result<Option<(Profile, Option<TargetName>)>, ConfigError> {
        self.serving_where(setting, within, asked, &|_| true)
    }

    /// Does the same among the profiles that `fits` takes.
    ///
    /// # Errors
    ///
    /// As [`Config::serving`].
    pub fn serving_where(
        &self,
        setting: Setting,
        within: &Selector,
        asked: &Asked,
        fits: &dyn Fn(&Profile) -> bool,
    ) -> Result<Option<(Profile, Option<TargetName>)>, ConfigError> {
        let mut found: Option<(Profile, Option<TargetName>)> = None;
        for (name, raw) in &self.document.profiles {
            let meant = within.profile.as_ref().is_none_or(|wanted| wanted == name);
            let mut tables = raw.targets.values().chain([&raw.values]);
            if !meant || !tables.any(|values| values.contains_key(&setting)) {
                continue;
            }
            let profile = self.profile(Some(name), &Overrides::default())?;
            let targets = profile.serving(setting, within, asked);
            if targets.is_empty() || !fits(&profile) {
                continue;
            }
            for target in targets {
                if let Some((first, of_first)) = &found {
                    return Err(ConfigError::SeveralServe {
                        place: raw.place.clone(),
                        key: setting.key(),
                        first: Selector::of(&first.name, of_first.as_ref()).to_string(),
                        second: Selector::of(name, target.as_ref()).to_string(),
                    });
                }
                found = Some((profile.clone(), target));
            }
        }
        Ok(found)
    }

    /// Returns every target that lists something under `setting`, in the order of their names: those
    /// that [`Config::serving`] chooses among.
    ///
    /// # Errors
    ///
    /// As [`Config::profile`], and [`Profile::target`] when `within` names one.
    pub fn listing(
        &self,
        setting: Setting,
        within: &Selector,
    ) -> Result<Vec<(Selector, Serves)>, ConfigError> {
        if let Some(name) = &within.profile {
            let profile = self.profile(Some(name), &Overrides::default())?;
            profile.target(within.target.as_ref())?;
        }
        let mut found = Vec::new();
        for (name, raw) in &self.document.profiles {
            let meant = within.profile.as_ref().is_none_or(|wanted| wanted == name);
            let mut tables = raw.targets.values().chain([&raw.values]);
            if !meant || !tables.any(|values| values.contains_key(&setting)) {
                continue;
            }
            let profile = self.profile(Some(name), &Overrides::default())?;
            for target in profile.serving(setting, within, &Asked::Told) {
                let serves = Serves::clone(&profile.target(target.as_ref())?.serves);
                found.push((Selector::of(name, target.as_ref()), serves));
            }
        }
        Ok(found)
    }
}

impl Profile {
    /// The targets that list what is asked for; `None` is the profile's own.
    fn serving(
        &self,
        setting: Setting,
        within: &Selector,
        asked: &Asked,
    ) -> Vec<Option<TargetName>> {
        let asked = &self.written_out(setting, asked);
        let own = [(None, &self.base)];
        let targets = self.targets.iter();
        let all = own
            .into_iter()
            .chain(targets.map(|(name, target)| (Some(name), target)));
        all.filter(|(name, _)| within.target.is_none() || within.target.as_ref() == *name)
            .filter(|(_, target)| target.serves.lists(setting, asked))
            .map(|(name, _)| name.cloned())
            .collect()
    }

    /// The Resource Manager has another address in each cloud.
    fn written_out(&self, setting: Setting, asked: &Asked) -> Asked {
        let named = match asked {
            Asked::Named(name) if setting == Setting::Azure && name == ARM => {
                resources(ARM, self.entra.as_ref()).ok()
            }
            Asked::Named(_) | Asked::Site(_) | Asked::Told => None,
        };
        let named = named.and_then(|mut names| names.pop());
        named.map_or_else(|| asked.clone(), Asked::Named)
    }
}

impl Serves {
    /// Tells whether the list under `setting` has what is asked for.
    pub fn lists(&self, setting: Setting, asked: &Asked) -> bool {
        match asked {
            Asked::Site(site) => self.sites(setting).iter().any(|listed| listed.covers(site)),
            Asked::Named(name) => self.names(setting).contains(name),
            Asked::Told if setting == Setting::AwsRole => self.aws.is_some(),
            Asked::Told => !(self.sites(setting).is_empty() && self.names(setting).is_empty()),
        }
    }

    fn sites(&self, setting: Setting) -> &[Site] {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the other settings are no lists of servers"
        )]
        match setting {
            Setting::Cargo => &self.cargo,
            Setting::Docker => &self.docker,
            Setting::Git => &self.git,
            Setting::Kubernetes => &self.kubernetes,
            Setting::Mcp => &self.mcp,
            Setting::Pip => &self.pip,
            _ => &[],
        }
    }

    fn names(&self, setting: Setting) -> &[String] {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the other settings are no lists of names"
        )]
        match setting {
            Setting::Azure => &self.azure,
            Setting::Gcp => &self.gcp,
            Setting::Terraform => &self.terraform,
            _ => &[],
        }
    }
}

/// The user has not listed where a token would go.
#[derive(Debug, thiserror::Error)]
#[error("{}", said(*.setting, .within, .asked))]
pub struct Unlisted {
    /// The list.
    pub setting: Setting,
    /// Whose list; everybody's when nobody is named.
    pub within: Selector,
    /// What is asked for.
    pub asked: Asked,
}

fn said(setting: Setting, within: &Selector, asked: &Asked) -> String {
    let key = setting.key();
    match (asked, *within == Selector::default()) {
        (Asked::Told, true) => format!("no profile has `{key}`"),
        (Asked::Told, false) => format!("`{within}` has no `{key}`"),
        (asked, true) => format!("no profile lists `{asked}` under `{key}`"),
        (asked, false) => format!("`{within}` does not list `{asked}` under `{key}`"),
    }
}

impl Diagnostic for Unlisted {
    fn exit(&self) -> Exit {
        Exit::Config
    }

    fn hint(&self) -> Option<Hint> {
        let key = list_key(self.setting, &self.within);
        Some(Hint::Try(match &self.asked {
            Asked::Told => format!("set it first: `keyfob config set {key} '…'`"),
            asked @ (Asked::Named(_) | Asked::Site(_)) => format!(
                "if a token shall go there, list it beside what is listed: \
                 `keyfob config set {key} '{asked}'`"
            ),
        }))
    }
}

/// Returns the key of the list that a target of `within` has under `setting`, for
/// `keyfob config set`.
pub fn list_key(setting: Setting, within: &Selector) -> String {
    let profile = within.profile.as_ref();
    let profile = profile.map_or("PROFILE", ProfileName::as_str);
    let target = within.target.as_ref();
    let target = target.map_or_else(String::new, |target| format!("target.{target}."));
    format!("{profile}.{target}{}", setting.key())
}
