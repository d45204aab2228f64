//! Who decides a value: flag, then `KEYFOB_` variable, then file, then provider, then default.
//!
//! Never skips a layer because its value is wrong: a wrong value is an error, named with its
//! origin.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::base::{Vars, printable_line};

use super::error::ConfigError;
use super::file::{Document, RawProfile, Values, Written};
use super::nearest::nearest;
use super::setting::{
    CLIENT_SECRET_FILE_VARIABLE, CLIENT_SECRET_VARIABLE, FOR_OTHERS, Setting, variables,
};

/// Where a value came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// A flag, such as `--issuer`.
    Flag(&'static str),
    /// An environment variable, such as `KEYFOB_ISSUER`.
    Variable(&'static str),
    /// The configuration file.
    File {
        /// The file.
        path: Arc<str>,
        /// The line, from 1.
        line: usize,
    },
    /// Another setting that it is a part of; holds its key.
    Setting(&'static str),
    /// What was learned on first contact, and is kept since.
    Pin,
    /// The provider's habit; holds its name.
    Provider(&'static str),
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "flag {flag}"),
            Self::Variable(name) => write!(f, "variable {name}"),
            Self::File { path, line } => write!(f, "{}:{line}", printable_line(path)),
            Self::Setting(key) => write!(f, "part of {key}"),
            Self::Pin => f.write_str("pinned on first contact"),
            Self::Provider(name) => write!(f, "default of {name}"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// One value that is in force, and where it came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Effective {
    /// Its key within the profile, such as `scopes` or `target.orders.scopes`.
    pub key: String,
    /// The value as text; of a client's secret only where it is found.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
}

/// Values given on the command line.
#[derive(Clone, Debug, Default)]
pub struct Overrides(BTreeMap<Setting, (&'static str, String)>);

impl Overrides {
    /// Adds what a flag says; a flag that was not given adds nothing.
    #[must_use]
    pub fn with(mut self, setting: Setting, flag: &'static str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.0.insert(setting, (flag, value.to_owned()));
        }
        self
    }
}

/// A variable that nothing reads, though it looks like one that is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownVariable {
    /// Its name, made safe to print.
    pub name: String,
    /// The variable it looks like.
    pub suggestion: String,
}

impl fmt::Display for UnknownVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, suggestion } = self;
        write!(
            f,
            "the variable `{name}` means nothing: did you mean `{suggestion}`?"
        )
    }
}

/// Finds `KEYFOB_` variables that are probably misspelt.
pub(super) fn unknown_variables(vars: &Vars) -> Vec<UnknownVariable> {
    let known = |name: &str| {
        FOR_OTHERS.contains(&name) || variables().any(|variable| variable.name == name)
    };
    let found = vars
        .iter()
        .filter(|(name, _)| name.starts_with("KEYFOB_") && !known(name));
    found
        .filter_map(|(name, _)| {
            let ending = name.trim_start_matches("KEYFOB_");
            let endings = variables().map(|variable| variable.name.trim_start_matches("KEYFOB_"));
            Some(UnknownVariable {
                name: printable_line(name).into_owned(),
                suggestion: format!("KEYFOB_{}", nearest(ending, endings)?.to_uppercase()),
            })
        })
        .collect()
}

/// A value before it has a type.
pub(super) struct Found {
    pub(super) text: String,
    pub(super) origin: Origin,
}

/// The layers that decide one profile.
pub(super) struct Layers<'a> {
    pub(super) flags: &'a Overrides,
    pub(super) vars: &'a Vars,
    pub(super) document: &'a Document,
    pub(super) profile: Option<&'a RawProfile>,
}

impl Layers<'_> {
    /// Finds what a flag, a variable or the file says.
    pub(super) fn find(&self, setting: Setting) -> Option<Found> {
        self.above_file(setting).or_else(|| self.in_file(setting))
    }

    /// Finds what decides a target's value: its own table stands above the profile's.
    pub(super) fn find_for_target(&self, target: &Values, setting: Setting) -> Option<Found> {
        self.above_file(setting)
            .or_else(|| target.get(&setting).map(|written| self.of_file(written)))
            .or_else(|| self.in_file(setting))
    }

    /// Finds what a flag or a variable says.
    pub(super) fn above_file(&self, setting: Setting) -> Option<Found> {
        let flag = self.flags.0.get(&setting).map(|(flag, text)| Found {
            text: text.clone(),
            origin: Origin::Flag(flag),
        });
        flag.or_else(|| variable(self.vars, setting))
    }

    fn in_file(&self, setting: Setting) -> Option<Found> {
        let own = self
            .profile
            .and_then(|profile| profile.values.get(&setting));
        let written = own.or_else(|| self.document.top.get(&setting))?;
        Some(self.of_file(written))
    }

    fn of_file(&self, written: &Written) -> Found {
        Found {
            text: written.text.clone(),
            origin: written.origin(&self.document.path),
        }
    }
}

/// Finds what a variable says. A secret in a variable is named, never taken.
fn variable(vars: &Vars, setting: Setting) -> Option<Found> {
    let name = setting.variable()?;
    if setting != Setting::ClientSecret {
        let text = vars.get(name)?.to_owned();
        let origin = Origin::Variable(name);
        return Some(Found { text, origin });
    }
    let direct = vars.get(CLIENT_SECRET_VARIABLE).map(|_| Found {
        text: format!("env:{CLIENT_SECRET_VARIABLE}"),
        origin: Origin::Variable(CLIENT_SECRET_VARIABLE),
    });
    direct.or_else(|| {
        let path = vars.get(CLIENT_SECRET_FILE_VARIABLE)?;
        Some(Found {
            text: format!("file:{path}"),
            origin: Origin::Variable(CLIENT_SECRET_FILE_VARIABLE),
        })
    })
}

/// Gives a found text its type, or says what is wrong with it and who wrote it; only then is the
/// key written out.
pub(super) fn typed<T>(
    key: impl fmt::Display,
    found: &Found,
    parse: impl FnOnce(&str) -> Result<T, super::value::ValueError>,
) -> Result<T, ConfigError> {
    parse(&found.text).map_err(|reason| ConfigError::Value {
        origin: found.origin.clone(),
        key: key.to_string(),
        reason: Box::new(reason),
    })
}
