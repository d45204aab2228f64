//! The configuration file: TOML text to values with their places (TOML 1.0).
//!
//! Strict: an unknown key is an error, and so is a wrong value in a profile that nobody asked
//! for. Never reads a disk.

use std::collections::BTreeMap;
use std::fmt::{Arguments, Display};
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::base::{ProfileName, TargetName, printable_line};

use super::authorize::{must_be, reserved};
use super::error::{ConfigError, Place};
use super::layers::Origin;
use super::lines::Lines;
use super::nearest::nearest;
use super::practice_hosts::{self, PracticeHosts};
use super::setting::{Kind, Setting};
use super::value;

/// The largest file that is read: far above any configuration, far below a mistake.
pub const MOST_BYTES: usize = 1024 * 1024;

/// The file, read but not decided.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub(super) path: Arc<str>,
    pub(super) top: Values,
    pub(super) profiles: BTreeMap<ProfileName, RawProfile>,
    pub(super) practice_hosts: PracticeHosts,
}

/// A profile as it is written.
#[derive(Clone, Debug)]
pub(super) struct RawProfile {
    pub(super) place: Place,
    pub(super) values: Values,
    pub(super) authorize: BTreeMap<String, Written>,
    pub(super) targets: BTreeMap<TargetName, Values>,
}

pub(super) type Values = BTreeMap<Setting, Written>;

/// One value as it is written, whatever its type.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) text: String,
    pub(super) line: usize,
}

impl Written {
    pub(super) fn origin(&self, path: &Arc<str>) -> Origin {
        Origin::File {
            path: Arc::clone(path),
            line: self.line,
        }
    }
}

/// Reads bytes as text, or says where they stop being text.
pub(super) fn decode<'a>(bytes: &'a [u8], path: &str) -> Result<&'a str, ConfigError> {
    if bytes.len() > MOST_BYTES {
        return Err(ConfigError::too_large(path));
    }
    let path: Arc<str> = path.into();
    std::str::from_utf8(bytes).map_err(|fault| {
        let valid = bytes.get(..fault.valid_up_to()).unwrap_or_default();
        let before = String::from_utf8_lossy(valid);
        let (line, column) = Lines::of(&before).line_and_column(before.len());
        let place = Place { path, line, column };
        ConfigError::NotUtf8 { place }
    })
}

/// Parses the whole file.
pub(super) fn parse(text: &str, path: &str) -> Result<Document, ConfigError> {
    if text.len() > MOST_BYTES {
        return Err(ConfigError::too_large(path));
    }
    let path: Arc<str> = path.into();
    let lines = Lines::of(text);
    let reader = Reader { lines, path };
    if let Some(at) = text.find('\0') {
        let place = reader.place(&(at..at));
        return Err(ConfigError::Nul { place });
    }
    let table = DeTable::parse(text).map_err(|fault| ConfigError::Syntax {
        place: reader.place(&fault.span().unwrap_or_default()),
        reason: printable_line(fault.message()).into_owned(),
    })?;
    reader.document(table.get_ref())
}

struct Reader<'a> {
    lines: Lines<'a>,
    path: Arc<str>,
}

type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;

impl Reader<'_> {
    fn document(&self, table: &DeTable<'_>) -> Result<Document, ConfigError> {
        let mut document = Document {
            path: Arc::clone(&self.path),
            ..Document::default()
        };
        for (key, value) in table {
            if key.get_ref() == "profile" {
                for (name, value) in self.table("profile", value)? {
                    let (name, profile) = self.profile(name, value)?;
                    document.profiles.insert(name, profile);
                }
                continue;
            }
            if key.get_ref() == practice_hosts::KEY {
                let wrong = |reason| self.wrong(practice_hosts::KEY, value, reason);
                document.practice_hosts = practice_hosts::read(value.get_ref()).map_err(wrong)?;
                continue;
            }
            let setting = self.setting(
                key,
                format_args!("the file"),
                Setting::in_file,
                &["profile"],
            )?;
            let written = self.value(setting, format_args!("{}", setting.key()), value)?;
            document.top.insert(setting, written);
        }
        self.known_default(&document)?;
        Ok(document)
    }

    fn known_default(&self, document: &Document) -> Result<(), ConfigError> {
        let Some(written) = document.top.get(&Setting::DefaultProfile) else {
            return Ok(());
        };
        // A value that is no name was refused when it was read.
        match ProfileName::parse(&written.text) {
            Ok(name) if !document.profiles.contains_key(&name) => {
                let known: Vec<_> = document.profiles.keys().cloned().collect();
                Err(ConfigError::UnknownProfile {
                    suggestion: nearest(name.as_str(), known.iter().map(ProfileName::as_str)),
                    name,
                    origin: Some(written.origin(&self.path)),
                    known,
                })
            }
            _ => Ok(()),
        }
    }

    fn profile(
        &self,
        key: &Key<'_>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(ProfileName, RawProfile), ConfigError> {
        let place = self.place(&key.span());
        let name = ProfileName::parse(key.get_ref()).map_err(|reason| {
            let place = place.clone();
            ConfigError::Name { place, reason }
        })?;
        let path = format!("profile.{name}");
        let mut profile = RawProfile {
            place,
            values: Values::new(),
            authorize: BTreeMap::new(),
            targets: BTreeMap::new(),
        };
        for (key, value) in self.table(&path, value)? {
            match key.get_ref().as_ref() {
                "authorize" => profile.authorize = self.authorize(&path, value)?,
                "target" => profile.targets = self.targets(&path, value)?,
                _ => {
                    let table = format_args!("profile `{name}`");
                    let others = ["authorize", "target"];
                    let setting = self.setting(key, table, Setting::in_profile, &others)?;
                    let path = format_args!("{path}.{}", setting.key());
                    let written = self.value(setting, path, value)?;
                    profile.values.insert(setting, written);
                }
            }
        }
        Ok((name, profile))
    }

    fn authorize(
        &self,
        path: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<BTreeMap<String, Written>, ConfigError> {
        let path = format!("{path}.authorize");
        let mut parameters = BTreeMap::new();
        for (key, value) in self.table(&path, value)? {
            let parameter = key.get_ref().to_string();
            if let Some(reason) = reserved(&parameter) {
                return Err(ConfigError::Reserved {
                    place: self.place(&key.span()),
                    parameter: printable_line(&parameter).into_owned(),
                    reason,
                });
            }
            let path = format!("{path}.{}", printable_line(&parameter));
            let DeValue::String(text) = value.get_ref() else {
                return Err(self.form(&path, value, "a text"));
            };
            if let Some(wanted) = must_be(&parameter, text) {
                return Err(ConfigError::Form {
                    place: self.place(&value.span()),
                    key: path,
                    wanted,
                    found: "another text",
                });
            }
            let line = self.lines.line(value.span().start);
            let text = text.to_string();
            parameters.insert(parameter, Written { text, line });
        }
        Ok(parameters)
    }

    fn targets(
        &self,
        path: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<BTreeMap<TargetName, Values>, ConfigError> {
        let path = format!("{path}.target");
        let mut targets = BTreeMap::new();
        for (key, value) in self.table(&path, value)? {
            let place = self.place(&key.span());
            let name = match TargetName::parse(key.get_ref()) {
                Ok(name) => name,
                Err(reason) => return Err(ConfigError::Name { place, reason }),
            };
            let path = format!("{path}.{name}");
            let mut values = Values::new();
            for (key, value) in self.table(&path, value)? {
                let table = format_args!("target `{name}`");
                let setting = self.setting(key, table, Setting::in_target, &[])?;
                let path = format_args!("{path}.{}", setting.key());
                let written = self.value(setting, path, value)?;
                values.insert(setting, written);
            }
            if values.is_empty() {
                let target = name;
                return Err(ConfigError::EmptyTarget { place, target });
            }
            targets.insert(name, values);
        }
        Ok(targets)
    }

    fn setting(
        &self,
        key: &Key<'_>,
        table: Arguments<'_>,
        fits: fn(Setting) -> bool,
        others: &[&'static str],
    ) -> Result<Setting, ConfigError> {
        let written = key.get_ref();
        if let Some(setting) = Setting::parse(written).filter(|setting| fits(*setting)) {
            return Ok(setting);
        }
        let settings = Setting::all().filter(|setting| fits(*setting));
        let known: Vec<_> = settings
            .map(Setting::key)
            .chain(others.iter().copied())
            .collect();
        Err(ConfigError::UnknownKey {
            place: self.place(&key.span()),
            key: printable_line(written).into_owned(),
            table: table.to_string().into(),
            suggestion: suggested(written, &known),
            known: known.into(),
        })
    }

    /// Reads a value of the setting's kind, and checks that it can be. Its path is written out only
    /// when it is wrong.
    fn value(
        &self,
        setting: Setting,
        path: Arguments<'_>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Written, ConfigError> {
        let text = match (setting.kind(), value.get_ref()) {
            (Kind::SecretReference, value) => secret_reference(value),
            (_, DeValue::String(text)) if setting.kind() != Kind::Switch => Some(text.to_string()),
            (Kind::Words, DeValue::Array(words)) => {
                let words = words.iter().map(|word| word.get_ref().as_str());
                words
                    .collect::<Option<Vec<_>>>()
                    .map(|words| words.join(" "))
            }
            (Kind::Number | Kind::Span, DeValue::Integer(number)) if number.radix() == 10 => {
                Some(number.as_str().to_owned())
            }
            (Kind::Switch, DeValue::Boolean(on)) => Some(on.to_string()),
            _ => None,
        };
        let line = self.lines.line(value.span().start);
        match text {
            Some(text) => {
                value::check(setting, &text).map_err(|reason| self.wrong(path, value, reason))?;
                Ok(Written { text, line })
            }
            None if setting.kind() == Kind::SecretReference => {
                Err(self.wrong(path, value, value::ValueError::LiteralSecret))
            }
            None => Err(self.form(path, value, setting.kind().wanted())),
        }
    }

    fn table<'t, 'i>(
        &self,
        path: &str,
        value: &'t Spanned<DeValue<'i>>,
    ) -> Result<&'t DeTable<'i>, ConfigError> {
        let table = value.get_ref().as_table();
        table.ok_or_else(|| self.form(path, value, "a table"))
    }

    fn wrong(
        &self,
        path: impl Display,
        value: &Spanned<DeValue<'_>>,
        reason: value::ValueError,
    ) -> ConfigError {
        let (text, line) = (String::new(), self.lines.line(value.span().start));
        ConfigError::Value {
            origin: Written { text, line }.origin(&self.path),
            key: path.to_string(),
            reason: Box::new(reason),
        }
    }

    fn form(
        &self,
        path: impl Display,
        value: &Spanned<DeValue<'_>>,
        wanted: &'static str,
    ) -> ConfigError {
        ConfigError::Form {
            place: self.place(&value.span()),
            key: path.to_string(),
            wanted,
            found: found(value.get_ref()),
        }
    }

    fn place(&self, span: &Range<usize>) -> Place {
        let (line, column) = self.lines.line_and_column(span.start);
        let path = Arc::clone(&self.path);
        Place { path, line, column }
    }
}

/// Makes `env:NAME`, `file:/path` or `keyring:name` of an inline table with one such key.
fn secret_reference(value: &DeValue<'_>) -> Option<String> {
    let DeValue::Table(table) = value else {
        return None;
    };
    let (key, value) = table.iter().next().filter(|_| table.len() == 1)?;
    let text = value.get_ref().as_str()?;
    matches!(key.get_ref().as_ref(), "env" | "file" | "keyring")
        .then(|| format!("{}:{text}", key.get_ref()))
}

fn suggested(written: &str, known: &[&'static str]) -> Option<String> {
    match Setting::parse(written) {
        Some(elsewhere) if elsewhere.in_profile() => Some(format!("profile.NAME.{written}")),
        _ => nearest(written, known.iter().copied()),
    }
}

fn found(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
