//! Everything that can be wrong with a configuration, with the place it was read from.
//!
//! Never repeats a value that could be a secret.

use std::fmt;
use std::sync::Arc;

use crate::base::{Diagnostic, Exit, Hint, NameError, ProfileName, TargetName, printable_line};

use super::file::MOST_BYTES;
use super::layers::Origin;
use super::value::ValueError;

/// A place in the configuration file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// The file.
    pub path: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = printable_line(&self.path);
        write!(f, "{path}:{}:{}", self.line, self.column)
    }
}

/// Why there is no configuration, or no profile in it.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ConfigError {
    /// The file is larger than a configuration can be.
    #[error("`{path}` is larger than {most_kib} KiB, which no configuration is")]
    TooLarge {
        /// The file.
        path: Arc<str>,
        /// The limit.
        most_kib: usize,
    },
    /// The file is not UTF-8 text.
    #[error("{place}: the file is not UTF-8 text")]
    NotUtf8 {
        /// The first byte that is not.
        place: Place,
    },
    /// The file holds a NUL character: it is no text, or cut off by a crash.
    #[error("{place}: the file has a NUL character in it")]
    Nul {
        /// The first one.
        place: Place,
    },
    /// The file is not TOML.
    #[error("{place}: {reason}")]
    Syntax {
        /// Where it stops being TOML.
        place: Place,
        /// What the TOML parser says, made safe to print.
        reason: String,
    },
    /// A key that means nothing.
    #[error("{place}: unknown key `{key}` in {table}")]
    UnknownKey {
        /// The key.
        place: Place,
        /// Its name, made safe to print.
        key: String,
        /// The table it stands in, in words.
        table: Box<str>,
        /// The key it looks like.
        suggestion: Option<String>,
        /// The keys that may stand there.
        known: Box<[&'static str]>,
    },
    /// A value of another type than the key wants.
    #[error("{place}: `{key}` wants {wanted}, not {found}")]
    Form {
        /// The value.
        place: Place,
        /// Its key, from the top.
        key: String,
        /// The type it should have.
        wanted: &'static str,
        /// The type it has.
        found: &'static str,
    },
    /// A value that cannot be.
    #[error("{origin}: `{key}` is wrong: {reason}")]
    Value {
        /// Who said so.
        origin: Origin,
        /// Its key, from the top.
        key: String,
        /// Why it cannot be.
        reason: Box<ValueError>,
    },
    /// A table whose name cannot be a profile's or a target's.
    #[error("{place}: {reason}")]
    Name {
        /// The name.
        place: Place,
        /// Why it is none.
        reason: NameError,
    },
    /// A parameter that keyfob sets itself, or that would carry a secret in a URL.
    #[error("{place}: `{parameter}` cannot be an extra authorize parameter: {reason}")]
    Reserved {
        /// The parameter.
        place: Place,
        /// Its name.
        parameter: String,
        /// Who sets it.
        reason: &'static str,
    },
    /// A target that asks for nothing of its own.
    #[error("{place}: the target `{target}` says nothing: it wants scopes, audience or resource")]
    EmptyTarget {
        /// The target.
        place: Place,
        /// Its name.
        target: TargetName,
    },
    /// Two settings that exclude each other.
    #[error("{origin}: `{key}` and `{other}` exclude each other in profile `{profile}`: {reason}")]
    Conflict {
        /// Who said the first.
        origin: Origin,
        /// The first.
        key: &'static str,
        /// The second.
        other: &'static str,
        /// The profile.
        profile: ProfileName,
        /// Why they cannot stand together.
        reason: &'static str,
    },
    /// A setting that another one needs.
    #[error("profile `{profile}` has no `{key}`{}", because(*.needed_by, .place.as_ref()))]
    Missing {
        /// The profile.
        profile: ProfileName,
        /// What it lacks.
        key: &'static str,
        /// The setting that needs it, when it is not always needed.
        needed_by: Option<&'static str>,
        /// Where the profile stands, when it stands in a file.
        place: Option<Place>,
    },
    /// No such profile.
    #[error("there is no profile `{name}`{}", said_by(.origin.as_ref()))]
    UnknownProfile {
        /// The name.
        name: ProfileName,
        /// Who named it; nobody means the command line.
        origin: Option<Origin>,
        /// The profiles there are.
        known: Vec<ProfileName>,
        /// The one it looks like.
        suggestion: Option<String>,
    },
    /// No such target.
    #[error("profile `{profile}` has no target `{target}`")]
    UnknownTarget {
        /// The profile.
        profile: ProfileName,
        /// The name.
        target: TargetName,
        /// The targets there are.
        known: Vec<TargetName>,
        /// The one it looks like.
        suggestion: Option<String>,
    },
    /// Several profiles, none of them named and none the default.
    #[error("there are several profiles and no default: {}", listed(.names))]
    Ambiguous {
        /// The profiles.
        names: Vec<ProfileName>,
    },
    /// No profile at all.
    #[error("there is no profile yet")]
    NoProfile,
    /// A new profile would take the place of another.
    #[error("the profile `{name}` exists already")]
    Exists {
        /// Its name.
        name: ProfileName,
    },
    /// A value given to an edit that cannot be.
    #[error("`{key}` is wrong: {reason}")]
    Given {
        /// Its key.
        key: String,
        /// Why it cannot be.
        reason: ValueError,
    },
    /// Two targets would answer a program, and nothing says which of them shall.
    #[error("{place}: both `{first}` and `{second}` list that under `{key}`")]
    SeveralServe {
        /// The profile of the first.
        place: Place,
        /// The list.
        key: &'static str,
        /// The first, as people name it.
        first: String,
        /// The second.
        second: String,
    },
    /// A key given to an edit that names no setting.
    #[error("`{key}` names no setting")]
    UnknownSetting {
        /// The key, made safe to print.
        key: String,
        /// The key it looks like.
        suggestion: Option<String>,
    },
    /// A file that the editor reads otherwise than the parser.
    #[error("`{}` cannot be edited without losing something", printable_line(.path))]
    NotEditable {
        /// The file.
        path: Arc<str>,
    },
    /// A setting to take away that is not there.
    #[error("`{key}` is not set in the file")]
    NotSet {
        /// The key.
        key: String,
    },
}

impl ConfigError {
    /// Says that the file at `path` is too large, for who stopped reading it.
    pub fn too_large(path: &str) -> Self {
        Self::TooLarge {
            path: path.into(),
            most_kib: MOST_BYTES / 1024,
        }
    }
}

impl Diagnostic for ConfigError {
    fn exit(&self) -> Exit {
        match self {
            Self::TooLarge { .. }
            | Self::NotUtf8 { .. }
            | Self::Nul { .. }
            | Self::Syntax { .. }
            | Self::UnknownKey { .. }
            | Self::Form { .. }
            | Self::Name { .. }
            | Self::Reserved { .. }
            | Self::EmptyTarget { .. }
            | Self::Missing { .. }
            | Self::NotEditable { .. }
            | Self::NoProfile
            | Self::SeveralServe { .. } => Exit::Config,
            Self::Value { origin, .. } | Self::Conflict { origin, .. } => of(Some(origin)),
            Self::UnknownProfile { origin, .. } => of(origin.as_ref()),
            Self::UnknownTarget { .. }
            | Self::Ambiguous { .. }
            | Self::Exists { .. }
            | Self::Given { .. }
            | Self::UnknownSetting { .. }
            | Self::NotSet { .. } => Exit::Usage,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::TooLarge { .. }
            | Self::Syntax { .. }
            | Self::Nul { .. }
            | Self::Form { .. }
            | Self::Name { .. }
            | Self::Reserved { .. }
            | Self::EmptyTarget { .. }
            | Self::Conflict { .. }
            | Self::NotEditable { .. } => Some(Hint::Run("keyfob config edit".into())),
            Self::NotUtf8 { .. } => Some(Hint::Try("save the file as UTF-8".into())),
            Self::UnknownKey {
                suggestion, known, ..
            } => Some(Hint::Try(match suggestion {
                Some(key) => format!("did you mean `{key}`?"),
                None => format!("the keys there are: {}", listed(known)),
            })),
            Self::Value { origin, reason, .. } => {
                secret_hint(reason).or_else(|| value_hint(origin))
            }
            Self::Given { reason, .. } => secret_hint(reason)
                .or_else(|| Some(Hint::Try("correct it; nothing was changed".into()))),
            Self::Missing { profile, key, .. } => Some(Hint::Try(format!(
                "add it with `keyfob config set {profile}.{key} VALUE`"
            ))),
            Self::UnknownProfile {
                known, suggestion, ..
            } => unknown("profiles", known, suggestion.as_deref())
                .or_else(|| Some(Hint::Run(ADD.into()))),
            Self::UnknownTarget {
                profile,
                known,
                suggestion,
                ..
            } => unknown("targets", known, suggestion.as_deref()).or_else(|| {
                let set = format!("keyfob config set {profile}.target.NAME.scopes 'SCOPES'");
                Some(Hint::Try(format!("it has none: add one with `{set}`")))
            }),
            Self::Ambiguous { names } => names
                .first()
                .map(|name| Hint::Run(format!("keyfob config set default_profile {name}"))),
            Self::NoProfile => Some(Hint::Run(ADD.into())),
            Self::Exists { .. } => Some(Hint::Try(
                "add `--replace` to put the new profile in its place".into(),
            )),
            Self::SeveralServe { first, .. } => Some(Hint::Try(format!(
                "name one where the program is told to run keyfob, as in `{first}`"
            ))),
            Self::UnknownSetting { suggestion, .. } => Some(Hint::Try(match suggestion {
                Some(key) => format!("did you mean `{key}`?"),
                None => {
                    "write a key as `store`, `work.scopes` or `work.target.orders.scopes`".into()
                }
            })),
            Self::NotSet { .. } => Some(Hint::Run("keyfob config show".into())),
        }
    }
}

const ADD: &str = "keyfob config add work --issuer https://id.example.com --client-id keyfob-cli";

/// A fault in a flag is the caller's to fix; all else stands in the configuration.
fn of(origin: Option<&Origin>) -> Exit {
    match origin {
        None | Some(Origin::Flag(_)) => Exit::Usage,
        Some(
            Origin::Variable(_)
            | Origin::File { .. }
            | Origin::Setting(_)
            | Origin::Pin
            | Origin::Provider(_)
            | Origin::Default,
        ) => Exit::Config,
    }
}

fn secret_hint(reason: &ValueError) -> Option<Hint> {
    (*reason == ValueError::LiteralSecret).then(|| {
        Hint::Try(
            "write `client_secret = { keyring = \"NAME\" }`, `{ file = \"/path\" }` or \
             `{ env = \"NAME\" }`"
                .into(),
        )
    })
}

/// Who wrote a wrong value can correct it.
fn value_hint(origin: &Origin) -> Option<Hint> {
    match origin {
        Origin::Flag(flag) => Some(Hint::Try(format!("correct `{flag}`, or leave it out"))),
        Origin::Variable(name) => Some(Hint::Try(format!("correct `{name}`, or unset it"))),
        Origin::File { .. } => Some(Hint::Run("keyfob config edit".into())),
        Origin::Setting(_) | Origin::Pin | Origin::Provider(_) | Origin::Default => None,
    }
}

fn unknown<T: fmt::Display>(what: &str, known: &[T], suggestion: Option<&str>) -> Option<Hint> {
    match suggestion {
        Some(name) => Some(Hint::Try(format!("did you mean `{name}`?"))),
        None if known.is_empty() => None,
        None => Some(Hint::Try(format!(
            "the {what} there are: {}",
            listed(known)
        ))),
    }
}

fn listed<T: fmt::Display>(names: &[T]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn because(needed_by: Option<&'static str>, place: Option<&Place>) -> String {
    let needed = needed_by.map_or_else(String::new, |key| format!(", which `{key}` needs"));
    let place = place.map_or_else(String::new, |place| format!(" ({place})"));
    format!("{needed}{place}")
}

fn said_by(origin: Option<&Origin>) -> String {
    origin.map_or_else(String::new, |origin| format!(" ({origin})"))
}
