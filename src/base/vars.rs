//! Environment variables as a plain map, so that pure layers can be asked about them.
//!
//! Never reads the environment itself; `sys::Env` does, once.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Environment variables, captured once; a copy is the same map.
#[derive(Clone, Default)]
pub struct Vars(Arc<BTreeMap<String, String>>);

impl Vars {
    /// Takes names and values; a name that comes twice keeps the last.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(Arc::new(pairs.into_iter().collect()))
    }

    /// Returns a variable's value; an empty one counts as not set, as shells users expect.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Returns names and values in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl std::fmt::Debug for Vars {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Values may be secrets; names are enough for a trace.
        f.debug_set().entries(self.0.keys()).finish()
    }
}
