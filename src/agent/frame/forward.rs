//! Restricted sockets for other hosts, as they are asked for and shown (PURE).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::{NameError, ProfileName, SshHost, TargetName, Timestamp};
use crate::config::Selector;

/// A profile, or a profile and one of its targets; written as people type it.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Granted {
    /// The profile.
    pub profile: ProfileName,
    /// The target; none stands for the profile's own, and for no other.
    pub target: Option<TargetName>,
}

impl Granted {
    /// Reads what people type; the profile must be named.
    ///
    /// # Errors
    ///
    /// [`NameError`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let Selector { profile, target } = Selector::parse(text)?;
        let profile = profile.map_or_else(|| ProfileName::parse(""), Ok)?;
        Ok(Self { profile, target })
    }
}

impl fmt::Display for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target {
            Some(target) => write!(f, "{}/{target}", self.profile),
            None => self.profile.fmt(f),
        }
    }
}

impl TryFrom<String> for Granted {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}

impl From<Granted> for String {
    fn from(granted: Granted) -> Self {
        granted.to_string()
    }
}

/// What a restricted socket shall give.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ForwardAsk {
    /// The host that it is for, as `ssh` is told.
    pub host: SshHost,
    /// What it gives access tokens for.
    pub targets: Vec<Granted>,
    /// For how many seconds.
    pub seconds: u64,
    /// Whether a person is asked at each use.
    #[serde(default)]
    pub confirm: bool,
}

/// A restricted socket that was opened.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Forwarded {
    /// Its name.
    pub id: String,
    /// Where it is.
    pub socket: String,
    /// When it ends.
    pub until: Timestamp,
}

/// Which restricted socket is to be closed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Unforward {
    /// Its name.
    pub id: String,
}

/// A restricted socket that is open.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct OpenForward {
    /// Its name.
    pub id: String,
    /// The host that it is for.
    pub host: SshHost,
    /// What it gives access tokens for.
    pub targets: Vec<Granted>,
    /// Whether a person is asked at each use.
    #[serde(default)]
    pub confirm: bool,
    /// In how many seconds it ends.
    pub left: u64,
    /// How many tokens it has given.
    #[serde(default)]
    pub given: u64,
    /// How many requests it has refused.
    #[serde(default)]
    pub refused: u64,
}
