//! Changes to the configuration file that keep what a person wrote: comments, order, spacing.
//!
//! Every result has passed the strict parser, so that a bad edit never reaches a disk. Nothing
//! here reads or writes one.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use crate::base::{ProfileName, TargetName, Vars, printable_line};

use super::error::ConfigError;
use super::nearest::nearest;
use super::setting::{Kind, Setting};
use super::value::{self, ValueError};
use super::{Config, file};

/// A profile to add: texts, which are checked before anything is changed.
#[derive(Clone, Debug)]
pub struct NewProfile {
    /// What it is called.
    pub name: ProfileName,
    /// Its values; a client's secret as `env:NAME`, `file:/path` or `keyring:name`.
    pub values: Vec<(Setting, String)>,
    /// Its targets, each with its scopes.
    pub targets: Vec<(TargetName, String)>,
    /// Parameters it adds to the authorization request.
    pub authorize: Vec<(String, String)>,
    /// A plain word to write behind a value, such as what people call it.
    pub remark: Option<(Setting, String)>,
    /// What happens when there is one of that name.
    pub if_exists: IfExists,
}

/// What happens to a profile whose name a new one has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IfExists {
    /// It stays, and the edit fails.
    Refuse,
    /// The new one takes its place.
    Replace,
}

/// A file's text that is being changed, and the path that messages name.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The text; empty when there is no file yet.
    pub text: &'a str,
    /// The path.
    pub path: &'a str,
}

/// Adds a profile, after all others.
///
/// # Errors
///
/// [`ConfigError::Exists`], [`ConfigError::Given`], and whatever is wrong with the file.
pub fn add_profile(source: Source<'_>, new: &NewProfile) -> Result<String, ConfigError> {
    let mut table = table(new)?;
    let mut document = document(source)?;
    let blank = if document.is_empty() { "" } else { "\n" };
    table.decor_mut().set_prefix(blank);
    let name = new.name.as_str();
    let profiles = document.entry("profile").or_insert_with(implicit_table);
    let profiles = profiles
        .as_table_like_mut()
        .ok_or_else(|| not_a_table(source))?;
    if let Some(old) = profiles.get(name) {
        if new.if_exists == IfExists::Refuse {
            let name = new.name.clone();
            return Err(ConfigError::Exists { name });
        }
        if let Some(old) = old.as_table() {
            table.set_position(old.position());
            *table.decor_mut() = old.decor().clone();
        }
    }
    profiles.insert(name, Item::Table(table));
    checked(&document, source)
}

/// Checks the texts and lays the profile out.
fn table(new: &NewProfile) -> Result<Table, ConfigError> {
    for (setting, text) in &new.values {
        given(setting.key(), *setting, text)?;
    }
    let mut table = Table::new();
    for (setting, text) in &new.values {
        let mut value = written(*setting, text);
        if let Some((_, word)) = new.remark.as_ref().filter(|(of, _)| of == setting) {
            // A line end would let it be more than a remark.
            value
                .decor_mut()
                .set_suffix(format!(" # {}", printable_line(word)));
        }
        table.insert(setting.key(), Item::Value(value));
    }
    if !new.authorize.is_empty() {
        let parameters = new.authorize.iter();
        let mut authorize: Table = parameters
            .map(|(name, text)| (name, text.as_str()))
            .collect();
        authorize.decor_mut().set_prefix("\n");
        table.insert("authorize", Item::Table(authorize));
    }
    let mut targets = Table::new();
    targets.set_implicit(true);
    for (name, scopes) in &new.targets {
        given(&format!("target.{name}.scopes"), Setting::Scopes, scopes)?;
        let mut target = Table::new();
        target.insert("scopes", Item::Value(written(Setting::Scopes, scopes)));
        target.decor_mut().set_prefix("\n");
        targets.insert(name.as_str(), Item::Table(target));
    }
    if !targets.is_empty() {
        table.insert("target", Item::Table(targets));
    }
    Ok(table)
}

/// Sets one value: of the file (`store`), of a profile (`work.scopes`), of its target
/// (`work.target.orders.scopes`) or an extra parameter (`work.authorize.prompt`).
///
/// # Errors
///
/// [`ConfigError::UnknownSetting`], [`ConfigError::Given`], and whatever is wrong with the file.
pub fn set(source: Source<'_>, key: &str, text: &str) -> Result<String, ConfigError> {
    let mut document = document(source)?;
    let path = KeyPath::parse(&document, key)?;
    let value = match &path.leaf {
        Leaf::Setting(setting) => {
            given(key, *setting, text)?;
            written(*setting, text)
        }
        Leaf::Parameter(_) => Value::from(text),
        Leaf::Table(_) => return Err(unknown_setting(&document, key)),
    };
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for step in &path.tables {
        let item = table.entry(step).or_insert_with(|| match step.as_str() {
            "target" => implicit_table(),
            _ => Item::Table(Table::new()),
        });
        table = item
            .as_table_like_mut()
            .ok_or_else(|| not_a_table(source))?;
    }
    put(table, path.leaf.key(), value);
    checked(&document, source)
}

/// Takes one value away, or a whole target (`work.target.orders`).
///
/// # Errors
///
/// [`ConfigError::UnknownSetting`], [`ConfigError::NotSet`], and whatever is wrong with the rest.
pub fn unset(source: Source<'_>, key: &str) -> Result<String, ConfigError> {
    let mut document = document(source)?;
    let path = KeyPath::parse(&document, key)?;
    let not_set = || ConfigError::NotSet {
        key: key.to_owned(),
    };
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for step in &path.tables {
        let item = table.get_mut(step).ok_or_else(not_set)?;
        table = item
            .as_table_like_mut()
            .ok_or_else(|| not_a_table(source))?;
    }
    table.remove(path.leaf.key()).ok_or_else(not_set)?;
    checked(&document, source)
}

/// Removes a profile, and its name as the default.
///
/// # Errors
///
/// [`ConfigError::UnknownProfile`], and whatever is wrong with the rest of the file.
pub fn remove_profile(source: Source<'_>, name: &ProfileName) -> Result<String, ConfigError> {
    let mut document = document(source)?;
    let profiles = document
        .get_mut("profile")
        .and_then(Item::as_table_like_mut);
    let removed = profiles.and_then(|profiles| profiles.remove(name.as_str()));
    if removed.is_none() {
        let known = profile_names(&document);
        return Err(ConfigError::UnknownProfile {
            name: name.clone(),
            origin: None,
            suggestion: nearest(name.as_str(), known.iter().map(String::as_str)),
            known: known
                .iter()
                .filter_map(|name| ProfileName::parse(name).ok())
                .collect(),
        });
    }
    let default = Setting::DefaultProfile.key();
    if document.get(default).and_then(Item::as_str) == Some(name.as_str()) {
        document.remove(default);
    }
    checked(&document, source)
}

/// The tables a key leads through, and what it names in the last of them.
struct KeyPath {
    tables: Vec<String>,
    leaf: Leaf,
}

enum Leaf {
    Setting(Setting),
    Parameter(String),
    Table(String),
}

impl Leaf {
    fn key(&self) -> &str {
        match self {
            Self::Setting(setting) => setting.key(),
            Self::Parameter(name) | Self::Table(name) => name,
        }
    }
}

impl KeyPath {
    /// Parses a key by the profiles there are, since a profile's name may have dots in it.
    fn parse(document: &DocumentMut, key: &str) -> Result<Self, ConfigError> {
        if let Some(setting) = Setting::parse(key).filter(|setting| setting.in_file()) {
            let (tables, leaf) = (Vec::new(), Leaf::Setting(setting));
            return Ok(Self { tables, leaf });
        }
        let short = key.strip_prefix("profile.").unwrap_or(key);
        let mut names = profile_names(document);
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let paths = [short, key].into_iter().flat_map(|key| {
            names.iter().filter_map(move |name| {
                let rest = key.strip_prefix(name.as_str())?.strip_prefix('.')?;
                Self::in_profile(name, rest)
            })
        });
        let found = paths.into_iter().next();
        found.ok_or_else(|| unknown_setting(document, key))
    }

    fn in_profile(name: &str, rest: &str) -> Option<Self> {
        let mut tables = vec!["profile".to_owned(), name.to_owned()];
        if let Some(setting) = Setting::parse(rest).filter(|setting| setting.in_profile()) {
            let leaf = Leaf::Setting(setting);
            return Some(Self { tables, leaf });
        }
        if let Some(parameter) = rest.strip_prefix("authorize.") {
            tables.push("authorize".to_owned());
            let leaf = Leaf::Parameter(parameter.to_owned());
            return Some(Self { tables, leaf });
        }
        let rest = rest.strip_prefix("target.")?;
        tables.push("target".to_owned());
        let in_target = rest.rsplit_once('.').and_then(|(target, key)| {
            let setting = Setting::parse(key).filter(|setting| setting.in_target())?;
            Some((target, setting))
        });
        let leaf = match in_target {
            Some((target, setting)) => {
                tables.push(TargetName::parse(target).ok()?.to_string());
                Leaf::Setting(setting)
            }
            None => Leaf::Table(TargetName::parse(rest).ok()?.to_string()),
        };
        Some(Self { tables, leaf })
    }
}

fn profile_names(document: &DocumentMut) -> Vec<String> {
    let profiles = document.get("profile").and_then(Item::as_table_like);
    profiles.map_or_else(Vec::new, |profiles| {
        profiles.iter().map(|(name, _)| name.to_owned()).collect()
    })
}

/// Says which key was likely meant; a profile that is not there is the likelier mistake.
fn unknown_setting(document: &DocumentMut, key: &str) -> ConfigError {
    let names = profile_names(document);
    let top = Setting::all().filter(|setting| setting.in_file());
    let own = names.iter().flat_map(|name| {
        let settings = Setting::all().filter(|setting| setting.in_profile());
        settings.map(move |setting| format!("{name}.{}", setting.key()))
    });
    let keys: Vec<String> = top
        .map(|setting| setting.key().to_owned())
        .chain(own)
        .collect();
    ConfigError::UnknownSetting {
        key: printable_line(key).into_owned(),
        suggestion: nearest(key, keys.iter().map(String::as_str)),
    }
}

/// Writes a checked text as the file has it.
fn written(setting: Setting, text: &str) -> Value {
    let number = || text.parse::<i64>().ok().map(Value::from);
    match setting.kind() {
        Kind::Number | Kind::Span => number().unwrap_or_else(|| Value::from(text)),
        Kind::Switch => Value::from(value::switch(text).unwrap_or_default()),
        Kind::SecretReference => {
            let (place, name) = text.split_once(':').unwrap_or_default();
            let mut table = InlineTable::new();
            table.insert(place, Value::from(name));
            Value::InlineTable(table)
        }
        Kind::Text | Kind::Words => Value::from(text),
    }
}

/// Puts a value in place of another, keeping the comment behind it and a list's form.
fn put(table: &mut dyn TableLike, key: &str, mut value: Value) {
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        if let (true, Some(text)) = (old.is_array(), value.as_str()) {
            value = Value::Array(text.split_ascii_whitespace().collect::<Array>());
        }
        *value.decor_mut() = old.decor().clone();
    }
    match table.get_mut(key) {
        Some(item) => *item = Item::Value(value),
        None => drop(table.insert(key, Item::Value(value))),
    }
}

fn given(key: &str, setting: Setting, text: &str) -> Result<(), ConfigError> {
    let refused = |reason: ValueError| ConfigError::Given {
        key: key.to_owned(),
        reason,
    };
    value::check(setting, text).map_err(refused)
}

fn implicit_table() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

fn document(source: Source<'_>) -> Result<DocumentMut, ConfigError> {
    source.text.parse().map_err(|_| broken(source))
}

/// What the strict parser says about a file that cannot be edited.
fn broken(source: Source<'_>) -> ConfigError {
    match file::parse(source.text, source.path) {
        Err(error) => error,
        // Both parsers read one grammar; should they ever differ, nothing may be lost.
        Ok(_) => ConfigError::NotEditable {
            path: source.path.into(),
        },
    }
}

fn not_a_table(source: Source<'_>) -> ConfigError {
    broken(source)
}

fn checked(document: &DocumentMut, source: Source<'_>) -> Result<String, ConfigError> {
    let text = document.to_string();
    Config::parse(&text, source.path, &Vars::default())?;
    Ok(text)
}

#[cfg(test)]
mod tests;
