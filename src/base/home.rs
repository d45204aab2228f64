//! One person at a provider of many tenants, whichever tenant they visit: the object id and the
//! tenant id of their home.
//!
//! Names can be changed and given to others; this cannot. Never taken from a name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest id of either kind.
const LONGEST: usize = 128;

/// The home account: `<object id>.<tenant id>`, in lower case.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HomeAccount(String);

/// A text is no home account.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("this is no home account: `<object id>.<tenant id>`")]
pub struct NotAHome;

impl HomeAccount {
    /// Makes the account of its two ids; `None` when one is empty, long, or of other characters
    /// than letters, digits, `-` and `_`.
    pub fn new(object: &str, tenant: &str) -> Option<Self> {
        let is_id = |id: &str| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            (1..=LONGEST).contains(&id.len()) && id.bytes().all(plain)
        };
        let whole = is_id(object) && is_id(tenant);
        whole.then(|| Self(format!("{object}.{tenant}").to_ascii_lowercase()))
    }

    /// Parses what [`HomeAccount::as_str`] says.
    ///
    /// # Errors
    ///
    /// [`NotAHome`].
    pub fn parse(text: &str) -> Result<Self, NotAHome> {
        let parts = text.split_once('.');
        let made = parts.and_then(|(object, tenant)| Self::new(object, tenant));
        made.ok_or(NotAHome)
    }

    /// Returns it as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the home tenant's id.
    pub fn tenant(&self) -> &str {
        self.parts().1
    }

    /// Returns the id of the person's object there.
    pub fn object(&self) -> &str {
        self.parts().0
    }

    fn parts(&self) -> (&str, &str) {
        self.0.split_once('.').unwrap_or_default()
    }
}

impl fmt::Display for HomeAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for HomeAccount {
    type Error = NotAHome;

    fn try_from(text: String) -> Result<Self, NotAHome> {
        Self::parse(&text)
    }
}

impl From<HomeAccount> for String {
    fn from(home: HomeAccount) -> Self {
        home.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_account_is_two_plain_ids_in_any_case() {
        let home = HomeAccount::new("0A-1", "b_2").unwrap();

        assert_eq!(
            (home.as_str(), home.object(), home.tenant()),
            ("0a-1.b_2", "0a-1", "b_2")
        );
        assert_eq!(HomeAccount::parse("0a-1.B_2"), Ok(home));
        for text in [
            "", ".", "a.", ".b", "a", "a.b.c", "a b.c", "a.\u{e9}", "a/.b",
        ] {
            assert_eq!(HomeAccount::parse(text), Err(NotAHome), "{text}");
        }
    }
}
