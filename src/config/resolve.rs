//! From layers to one decided [`Profile`].
//!
//! Every value passes through one function that notes where it came from, so that what
//! `keyfob config` shows is what is used.

mod place;

use std::collections::BTreeMap;

use crate::base::{ProfileName, Scopes, TargetName};
use crate::provider::entra::{Authority, written_out};
use crate::provider::{Provider, ResourceParameter, STANDARD};

use super::error::ConfigError;
use super::file::Values;
use super::layers::{Effective, Found, Layers, Origin, typed};
use super::profile::{ClientAuthentication, Profile, Redirect, SecretReference, Target};
use super::serves::{self, LateServes};
use super::setting::Setting;
use super::value::{self, ValueError};

/// Decides a profile.
pub(super) fn profile(name: &ProfileName, layers: &Layers<'_>) -> Result<Profile, ConfigError> {
    let mut decider = Decider::new(name, layers);
    let issuer = decider.issuer()?;
    let tenants = decider.tenants()?;
    let app_keys = decider.app_keys()?;
    let client_id = decider.needed(Setting::ClientId, None, value::client_id)?;
    let (client_secret, client_auth) = decider.client_secret()?;
    let base = decider.target(None)?;
    let redirect = Redirect {
        host: decider.defaulted(Setting::RedirectHost, value::redirect_host)?,
        port: decider.value(Setting::RedirectPort, value::port)?,
        path: decider.defaulted(Setting::RedirectPath, value::redirect_path)?,
    };
    let leeway = decider.defaulted(Setting::Leeway, value::leeway)?;
    Ok(Profile {
        name: name.clone(),
        issuer,
        provider: decider.provider,
        entra: decider.authority.clone(),
        tenants,
        app_keys,
        client_id,
        client_secret,
        client_auth,
        base,
        targets: decider.targets()?,
        flow: decider.defaulted(Setting::Flow, value::flow)?,
        response_mode: decider.defaulted(Setting::ResponseMode, value::response_mode)?,
        redirect,
        browser: decider.value(Setting::Browser, value::browser)?,
        authorize_parameters: decider.authorize_parameters(),
        ca_file: decider.value(Setting::CaFile, value::absolute)?,
        store: decider.defaulted(Setting::Store, value::store)?,
        interactive: decider.defaulted(Setting::Interactive, value::switch)?,
        timeout: decider.defaulted(Setting::Timeout, value::timeout)?,
        account: decider.value(Setting::Account, value::line)?,
        leeway,
        access_leeway: match layers.find(Setting::Leeway) {
            Some(_) => leeway,
            None => decider.provider.access_leeway,
        },
        practice_hosts: Vec::new(),
        origins: decider.origins(),
    })
}

/// Tells whether flags and variables alone make a profile, as in a container.
pub(super) fn is_complete_without_file(layers: &Layers<'_>) -> bool {
    let said = |setting| layers.above_file(setting).is_some();
    said(Setting::ClientId) && (said(Setting::Issuer) || said(Setting::Tenant))
}

/// Decides one setting that stands above all profiles, for showing it.
pub(super) fn effective(
    layers: &Layers<'_>,
    setting: Setting,
) -> Result<Option<Effective>, ConfigError> {
    let Some(found) = layers.find(setting).or_else(|| default(setting)) else {
        return Ok(None);
    };
    let check = |text: &str| value::check(setting, text);
    typed(setting.key(), &found, check)?;
    Ok(Some(shown(setting.key().to_owned(), found)))
}

struct Decider<'a> {
    name: &'a ProfileName,
    layers: &'a Layers<'a>,
    provider: &'static Provider,
    authority: Option<Authority>,
    decided: BTreeMap<Setting, Effective>,
    further: Vec<Effective>,
}

impl<'a> Decider<'a> {
    fn new(name: &'a ProfileName, layers: &'a Layers<'a>) -> Self {
        Self {
            name,
            layers,
            provider: &STANDARD,
            authority: None,
            decided: BTreeMap::new(),
            further: Vec::new(),
        }
    }

    fn client_secret(
        &mut self,
    ) -> Result<(Option<SecretReference>, ClientAuthentication), ConfigError> {
        let secret = self.value(Setting::ClientSecret, value::secret_reference)?;
        let said = Setting::ClientAuthentication;
        let way = self.value(said, value::client_authentication)?;
        let way = match (&secret, way) {
            (None, None) => ClientAuthentication::None,
            (None, Some(_)) => return Err(self.missing(Setting::ClientSecret, Some(said.key()))),
            (Some(_), way) => way.unwrap_or(ClientAuthentication::Basic),
        };
        Ok((secret, way))
    }

    /// One complete target: the profile's own, or one whose table stands above the profile's.
    fn target(&mut self, own: Option<(&TargetName, &Values)>) -> Result<Target, ConfigError> {
        let scopes = self.of_target(own, Setting::Scopes, value::scopes)?;
        let audience = self.of_target(own, Setting::Audience, value::audience)?;
        let resource = self.of_target(own, Setting::Resource, value::resource)?;
        if let (ResourceParameter::Refused(reason), Some((_, origin))) =
            (self.provider.resource, &resource)
        {
            return Err(self.conflict(origin, "resource", "provider", reason));
        }
        Ok(Target {
            scopes: self.written_out(own, scopes)?,
            audience: audience.map(|(audience, _)| audience),
            resource: resource.map(|(resource, _)| resource),
            serves: self.serves(own)?,
        })
    }

    /// Where the token may go: what stands in the target's own table, and nowhere else.
    fn serves(&mut self, own: Option<(&TargetName, &Values)>) -> Result<LateServes, ConfigError> {
        let values = match own {
            Some((_, values)) => Some(values),
            None => self.layers.profile.map(|profile| &profile.values),
        };
        let mut all = Vec::new();
        // Settings of this kind come last.
        let written = values.map(|values| values.range(Setting::FIRST_FILE_ONLY..));
        for (setting, written) in written.into_iter().flatten() {
            let key = match own {
                Some((name, _)) => format!("target.{name}.{}", setting.key()),
                None => setting.key().to_owned(),
            };
            let origin = written.origin(&self.layers.document.path);
            // What short names stand for was not known when the file was read.
            if *setting == Setting::Azure && self.authority.is_some() {
                serves::resources(&written.text, self.authority.as_ref()).map_err(|reason| {
                    ConfigError::Value {
                        origin: origin.clone(),
                        key: format!("profile.{}.{key}", self.name),
                        reason: Box::new(reason),
                    }
                })?;
            }
            all.push((*setting, written.text.clone()));
            let value = written.text.clone();
            self.further.push(Effective { key, value, origin });
        }
        // All that begin with `aws_` are of a role.
        match all.last() {
            Some((last, _))
                if *last > Setting::AwsRole
                    && !all.iter().any(|(setting, _)| *setting == Setting::AwsRole) =>
            {
                Err(self.missing(Setting::AwsRole, Some(last.key())))
            }
            _ => Ok(LateServes::new(all, self.authority.clone())),
        }
    }

    /// Writes scopes as the provider wants them.
    fn written_out(
        &self,
        own: Option<(&TargetName, &Values)>,
        scopes: Option<(Scopes, Origin)>,
    ) -> Result<Scopes, ConfigError> {
        let Some((scopes, origin)) = scopes else {
            return Ok(Scopes::default());
        };
        written_out(&scopes, self.authority.as_ref()).map_err(|reason| {
            let target = own.map(|(name, _)| format!("target.{name}."));
            let target = target.unwrap_or_default();
            ConfigError::Value {
                origin,
                key: format!("profile.{}.{target}scopes", self.name),
                reason: Box::new(reason.into()),
            }
        })
    }

    fn targets(&mut self) -> Result<BTreeMap<TargetName, Target>, ConfigError> {
        let Some(profile) = self.layers.profile else {
            return Ok(BTreeMap::new());
        };
        let mut targets = BTreeMap::new();
        for (name, values) in &profile.targets {
            targets.insert(name.clone(), self.target(Some((name, values)))?);
        }
        Ok(targets)
    }

    fn of_target<T>(
        &mut self,
        own: Option<(&TargetName, &Values)>,
        setting: Setting,
        parse: fn(&str) -> Result<T, ValueError>,
    ) -> Result<Option<(T, Origin)>, ConfigError> {
        let found = match own {
            None => self.layers.find(setting),
            Some((_, values)) => self.layers.find_for_target(values, setting),
        };
        let Some(found) = found.or_else(|| default(setting)) else {
            return Ok(None);
        };
        let key = match own {
            None => setting.key().to_owned(),
            Some((name, _)) => format!("target.{name}.{}", setting.key()),
        };
        let value = typed(format_args!("profile.{}.{key}", self.name), &found, parse)?;
        let origin = found.origin.clone();
        match own {
            None => drop(self.decided.insert(setting, shown(key, found))),
            Some(_) => self.further.push(shown(key, found)),
        }
        Ok(Some((value, origin)))
    }

    fn authorize_parameters(&mut self) -> Vec<(String, String)> {
        let Some(profile) = self.layers.profile else {
            return Vec::new();
        };
        let mut parameters = Vec::new();
        for (parameter, written) in &profile.authorize {
            parameters.push((parameter.clone(), written.text.clone()));
            self.further.push(Effective {
                key: format!("authorize.{parameter}"),
                value: written.text.clone(),
                origin: written.origin(&self.layers.document.path),
            });
        }
        parameters
    }

    fn value<T>(
        &mut self,
        setting: Setting,
        parse: fn(&str) -> Result<T, ValueError>,
    ) -> Result<Option<T>, ConfigError> {
        let said = self.layers.find(setting);
        let found = said
            .or_else(|| self.habit(setting))
            .or_else(|| default(setting));
        let Some(found) = found else {
            return Ok(None);
        };
        let key = setting.key();
        let value = typed(format_args!("profile.{}.{key}", self.name), &found, parse)?;
        self.decided.insert(setting, shown(key.to_owned(), found));
        Ok(Some(value))
    }

    /// Decides a setting that has a default.
    fn defaulted<T>(
        &mut self,
        setting: Setting,
        parse: fn(&str) -> Result<T, ValueError>,
    ) -> Result<T, ConfigError> {
        self.needed(setting, None, parse)
    }

    fn needed<T>(
        &mut self,
        setting: Setting,
        needed_by: Option<&'static str>,
        parse: fn(&str) -> Result<T, ValueError>,
    ) -> Result<T, ConfigError> {
        let value = self.value(setting, parse)?;
        value.ok_or_else(|| self.missing(setting, needed_by))
    }

    /// What the provider is known to want, where that is not what everybody wants.
    fn habit(&self, setting: Setting) -> Option<Found> {
        let own = *self.provider != STANDARD && setting == Setting::RedirectHost;
        own.then(|| Found {
            text: self.provider.redirect_host.to_owned(),
            origin: Origin::Provider(self.provider.name),
        })
    }

    fn missing(&self, setting: Setting, needed_by: Option<&'static str>) -> ConfigError {
        ConfigError::Missing {
            profile: self.name.clone(),
            key: setting.key(),
            needed_by,
            place: self.layers.profile.map(|profile| profile.place.clone()),
        }
    }

    fn conflict(
        &self,
        origin: &Origin,
        key: &'static str,
        other: &'static str,
        reason: &'static str,
    ) -> ConfigError {
        ConfigError::Conflict {
            origin: origin.clone(),
            key,
            other,
            profile: self.name.clone(),
            reason,
        }
    }

    fn origins(self) -> Vec<Effective> {
        self.decided.into_values().chain(self.further).collect()
    }
}

/// The height of a layer: the less, the higher; last when nothing was said.
fn rank(found: Option<&Found>) -> u8 {
    match found.map(|found| &found.origin) {
        Some(Origin::Flag(_)) => 0,
        Some(Origin::Variable(_)) => 1,
        Some(Origin::File { .. }) => 2,
        Some(Origin::Setting(_) | Origin::Pin | Origin::Provider(_) | Origin::Default) | None => {
            u8::MAX
        }
    }
}

fn default(setting: Setting) -> Option<Found> {
    setting.default().map(|text| Found {
        text: text.to_owned(),
        origin: Origin::Default,
    })
}

fn shown(key: String, found: Found) -> Effective {
    Effective {
        key,
        value: found.text,
        origin: found.origin,
    }
}
