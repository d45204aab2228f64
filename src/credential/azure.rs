//! What the command lines of `az` and `azd` share: options, scopes, tenants and subscriptions, read
//! as strictly as Azure's SDKs write them.
//!
//! Nothing is guessed: an option that is not known, comes twice or lacks its value makes the whole
//! line one that is not answered.

use super::Misread;
use crate::base::{TenantId, printable_line};

/// No option of an SDK is longer, a claims challenge aside.
const LONGEST: usize = 2048;

/// How much of a line that is not answered is shown.
const SHOWN: usize = 80;

/// An option: its names, the one it is asked for by first, and what it takes.
pub(super) type Known = (&'static [&'static str], Arity);

/// What an option takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Arity {
    /// No value.
    Flag,
    /// A value, each time that it is there.
    Many,
    /// A value; it is there once.
    Once,
}

/// The options of one line.
pub(super) struct Options<'a>(Vec<(&'static str, &'a str)>);

impl<'a> Options<'a> {
    /// Reads all words; `None` when one of them is none of `known`.
    pub(super) fn read(words: &'a [String], known: &[Known]) -> Option<Self> {
        let mut found: Vec<(&'static str, &'a str)> = Vec::new();
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            let (name, joined) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (word, None),
            };
            let (names, arity) = known.iter().find(|(names, _)| names.contains(&name))?;
            let is_there = found.iter().any(|(there, _)| *there == names[0]);
            let value = match arity {
                Arity::Flag if joined.is_some() => return None,
                Arity::Flag => "",
                Arity::Once if is_there => return None,
                Arity::Once | Arity::Many => joined.or_else(|| words.next())?,
            };
            if value.starts_with('-') {
                return None;
            }
            found.push((names[0], value));
        }
        Some(Self(found))
    }

    /// Returns the value of an option.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// Returns every value of an option.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, _)| *known == name)
            .map(|(_, value)| *value)
    }
}

/// Reads a resource: a URI or a GUID. Its last `/` says nothing in the user's list.
pub(super) fn resource(text: &str) -> Result<String, Misread> {
    let not = Misread::Form {
        what: "the resource",
        wanted: "a URI or a GUID of letters, digits and `.-_:/`",
    };
    let bare = text.trim_end_matches('/');
    let is_uri = bare
        .split_once("://")
        .is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty());
    if fits(text, "_-.:/") && (is_uri || TenantId::parse(bare).is_ok()) {
        Ok(bare.to_owned())
    } else {
        Err(not)
    }
}

/// Reads a scope, and returns its resource.
pub(super) fn resource_of(scope: &str) -> Result<String, Misread> {
    scope
        .rsplit_once('/')
        .filter(|(_, permission)| !permission.is_empty())
        .and_then(|(of, permission)| fits(permission, "_-.:/").then_some(of))
        .and_then(|of| resource(of).ok())
        .ok_or(Misread::Form {
            what: "the scope",
            wanted: "a resource and a permission, such as https://management.azure.com/.default",
        })
}

/// Reads a tenant: a GUID or a domain.
pub(super) fn tenant(text: &str) -> Result<String, Misread> {
    checked(text, "-.", "the tenant", "a GUID or a domain")
}

/// Reads a subscription: a GUID, or the name that people gave it.
pub(super) fn subscription(text: &str) -> Result<String, Misread> {
    let wanted = "a GUID or a name of letters, digits, spaces and `.-_`";
    checked(text, "_-. ", "the subscription", wanted)
}

/// Shows the beginning of a line that is not answered.
pub(super) fn shown(words: &[String]) -> String {
    printable_line(&words.join(" "))
        .chars()
        .take(SHOWN)
        .collect()
}

fn checked(
    text: &str,
    beside: &str,
    what: &'static str,
    wanted: &'static str,
) -> Result<String, Misread> {
    if fits(text, beside) {
        Ok(text.to_owned())
    } else {
        Err(Misread::Form { what, wanted })
    }
}

/// Tells whether a text has only ASCII letters, digits and what is allowed `beside` them.
fn fits(text: &str, beside: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || beside.contains(c);
    !text.is_empty() && text.len() <= LONGEST && text.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Known] = &[
        (&["--output", "-o"], Arity::Once),
        (&["--scope"], Arity::Many),
        (&["--no-prompt"], Arity::Flag),
    ];

    fn read(line: &str) -> Option<(Option<String>, Vec<String>, bool)> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let options = Options::read(&words, KNOWN)?;
        Some((
            options.get("--output").map(str::to_owned),
            options.all("--scope").map(str::to_owned).collect(),
            options.get("--no-prompt").is_some(),
        ))
    }

    #[test]
    fn an_option_may_be_short_and_joined_to_its_value() {
        for line in ["-o json", "-o=json", "--output=json", "--output json"] {
            assert_eq!(read(line), Some((Some("json".into()), vec![], false)));
        }
        assert_eq!(
            read("--scope a --no-prompt --scope=b"),
            Some((None, vec!["a".into(), "b".into()], true))
        );
    }

    #[test]
    fn what_is_not_known_in_a_line_makes_it_none_of_ours() {
        for line in [
            "json",
            "-o",
            "-o json -o json",
            "-o -o",
            "--out json",
            "-ojson",
            "--no-prompt=yes",
            "--scope a b",
            "--query x",
            "--",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn a_scope_is_a_resource_and_a_permission_and_nothing_that_a_shell_would_read() {
        for (scope, resource) in [
            ("https://a.example/.default", "https://a.example"),
            ("https://a.example//.default", "https://a.example"),
            (
                "api://contoso.com/orders/.default",
                "api://contoso.com/orders",
            ),
            (
                "6dae42f8-4368-4678-94ff-3960e28e3630/.default",
                "6dae42f8-4368-4678-94ff-3960e28e3630",
            ),
        ] {
            assert_eq!(resource_of(scope).unwrap(), resource);
        }
        let long = format!("https://{}/.default", "a".repeat(70_000));
        for scope in [
            "",
            "/",
            "/.default",
            "User.Read",
            "https://a.example/",
            "https:///.default",
            "://a/.default",
            "https://a.example/.default https://b.example/.default",
            "https://a.example/.default;id",
            "https://a.example/$(id)/.default",
            "https://a.example/.default\n",
            "https://a@b.example/.default",
            "https://a.example/.default\u{1b}[2J",
            "https://\u{430}.example/.default",
            &long,
        ] {
            assert!(resource_of(scope).is_err(), "{scope}");
        }
    }
}
