//! What the user wrote: profiles, and where each of their values came from. Pure.
//!
//! Reads text and variables that it is handed, never a disk or the environment. A configuration
//! comes from the user's own file and from nowhere else: no file of a repository can name an
//! issuer.

mod authorize;
mod error;
mod file;
mod layers;
mod lines;
mod nearest;
mod practice_hosts;
mod profile;
mod resolve;
mod serves;
mod serving;
mod setting;
mod value;

pub mod edit;

#[cfg(test)]
mod tests;

pub use error::{ConfigError, Place};
pub use file::MOST_BYTES;
pub use layers::{Effective, Origin, Overrides, UnknownVariable};
pub use practice_hosts::{PracticeHosts, PracticeHostsError};
pub use profile::{
    ClientAuthentication, FlowChoice, Profile, Redirect, RedirectHost, ResponseModeChoice,
    SecretReference, Selector, StoreChoice, Target,
};
pub use serves::{AwsRole, LateServes, Serves};
pub use serving::{Unlisted, list_key};
pub use setting::{CLIENT_SECRET_VARIABLE, Kind, Setting, Variable, variables};
pub use value::ValueError;

use crate::base::{ProfileName, TargetName, Vars};

use file::Document;
use layers::Layers;
use nearest::nearest;

/// The configuration file and the `KEYFOB_` variables, together.
#[derive(Clone, Debug, Default)]
pub struct Config {
    document: Document,
    vars: Vars,
}

/// Checks a text for a setting, for asking again before anything is changed.
///
/// # Errors
///
/// [`ValueError`] says why the text cannot be.
pub fn check(setting: Setting, text: &str) -> Result<(), ValueError> {
    value::check(setting, text)
}

/// The profile that variables or flags make when the file has none.
const AD_HOC: &str = "env";

impl Config {
    /// Parses the text of the file at `path`, which is named in messages only.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with the place of the first fault: the whole file is checked, not only the
    /// profile that is wanted.
    pub fn parse(text: &str, path: &str, vars: &Vars) -> Result<Self, ConfigError> {
        let document = file::parse(text, path)?;
        let vars = vars.clone();
        Ok(Self { document, vars })
    }

    /// Parses the bytes of the file at `path`, which is named in messages only.
    ///
    /// # Errors
    ///
    /// As [`Config::parse`]; [`ConfigError::NotUtf8`] when the bytes are no text.
    pub fn parse_bytes(bytes: &[u8], path: &str, vars: &Vars) -> Result<Self, ConfigError> {
        Self::parse(Self::decode(bytes, path)?, path, vars)
    }

    /// Reads the bytes of the file at `path` as text, for editing it.
    ///
    /// # Errors
    ///
    /// [`ConfigError::TooLarge`] and [`ConfigError::NotUtf8`].
    pub fn decode<'a>(bytes: &'a [u8], path: &str) -> Result<&'a str, ConfigError> {
        file::decode(bytes, path)
    }

    /// Takes the variables alone, for a machine without a file.
    pub fn empty(vars: &Vars) -> Self {
        Self {
            document: Document::default(),
            vars: vars.clone(),
        }
    }

    /// Returns the names of the profiles in the file.
    pub fn names(&self) -> impl Iterator<Item = &ProfileName> {
        self.document.profiles.keys()
    }

    /// Returns the name of the profile that is used when none is named.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Ambiguous`], [`ConfigError::NoProfile`], [`ConfigError::UnknownProfile`].
    pub fn default_profile(&self) -> Result<ProfileName, ConfigError> {
        self.choose(None, &Overrides::default())
    }

    /// Decides every value of a profile.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when there is no such profile, it lacks something, or a flag or variable
    /// holds a wrong value.
    pub fn profile(
        &self,
        name: Option<&ProfileName>,
        flags: &Overrides,
    ) -> Result<Profile, ConfigError> {
        let name = self.choose(name, flags)?;
        let profile = resolve::profile(&name, &self.layers(Some(&name), flags))?;
        Ok(Profile {
            practice_hosts: self.document.practice_hosts.clone(),
            ..profile
        })
    }

    /// Decides a profile and checks that it has the target that was named with it.
    ///
    /// # Errors
    ///
    /// As [`Config::profile`]; [`ConfigError::UnknownTarget`].
    pub fn select(
        &self,
        selector: &Selector,
        flags: &Overrides,
    ) -> Result<(Profile, Option<TargetName>), ConfigError> {
        let profile = self.profile(selector.profile.as_ref(), flags)?;
        profile.target(selector.target.as_ref())?;
        Ok((profile, selector.target.clone()))
    }

    /// Decides the settings that stand above all profiles, with where each came from.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Value`] when a variable holds a wrong value.
    pub fn above_profiles(&self, flags: &Overrides) -> Result<Vec<Effective>, ConfigError> {
        let layers = self.layers(None, flags);
        let settings = Setting::all().filter(|setting| setting.in_file());
        settings
            .filter_map(|setting| resolve::effective(&layers, setting).transpose())
            .collect()
    }

    /// Returns the `KEYFOB_` variables that are probably misspelt.
    pub fn warnings(&self) -> Vec<UnknownVariable> {
        layers::unknown_variables(&self.vars)
    }

    fn layers<'a>(&'a self, name: Option<&ProfileName>, flags: &'a Overrides) -> Layers<'a> {
        Layers {
            flags,
            vars: &self.vars,
            document: &self.document,
            profile: name.and_then(|name| self.document.profiles.get(name)),
        }
    }

    /// Chooses by name, then by the default, then because there is but one.
    fn choose(
        &self,
        name: Option<&ProfileName>,
        flags: &Overrides,
    ) -> Result<ProfileName, ConfigError> {
        let layers = self.layers(None, flags);
        let default = layers.find(Setting::DefaultProfile);
        let (chosen, origin) = match (name, default) {
            (Some(name), _) => (Some(name.clone()), None),
            (None, Some(found)) => {
                let name = layers::typed("default_profile", &found, value::profile_name)?;
                (Some(name), Some(found.origin))
            }
            (None, None) => (None, None),
        };
        let complete = resolve::is_complete_without_file(&layers);
        let known: Vec<&ProfileName> = self.names().collect();
        match (chosen, known.as_slice()) {
            (Some(name), _) if self.document.profiles.contains_key(&name) => Ok(name),
            (Some(name), []) if complete => Ok(name),
            (Some(name), _) => Err(ConfigError::UnknownProfile {
                suggestion: nearest(name.as_str(), self.names().map(ProfileName::as_str)),
                name,
                origin,
                known: self.names().cloned().collect(),
            }),
            (None, [only]) => Ok((*only).clone()),
            (None, []) if complete => {
                Ok(ProfileName::parse(AD_HOC).expect("the name is a plain word"))
            }
            (None, []) => Err(ConfigError::NoProfile),
            (None, _) => Err(ConfigError::Ambiguous {
                names: self.names().cloned().collect(),
            }),
        }
    }
}
