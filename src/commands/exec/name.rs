//! PURE: `--env NAME[=TARGET]`, and the names that no token is put under.
//!
//! A name by which the system, a shell or keyfob itself finds something is refused: a token there
//! would break the command in a way that nobody connects with it.

use crate::base::{Diagnostic, Exit, Hint, NameError, printable_line};
use crate::config::Selector;

/// What the loader and keyfob itself read.
const PREFIXES: [&str; 4] = ["LD_", "DYLD_", "LC_", "KEYFOB_"];

/// What systems and shells read.
const NAMES: [&str; 18] = [
    "BASH_ENV",
    "CDPATH",
    "ENV",
    "HOME",
    "IFS",
    "LANG",
    "LOGNAME",
    "OLDPWD",
    "PATH",
    "PATHEXT",
    "PWD",
    "SHELL",
    "SYSTEMROOT",
    "TERM",
    "TMPDIR",
    "TZ",
    "USER",
    "_",
];

/// A variable, and whose token is to be in it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Wish {
    pub(super) name: String,
    /// The command's own target when it says nothing.
    of: Selector,
}

/// Why a variable cannot hold a token.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum NameFault {
    #[error("`{0}` is no variable's name: letters, digits and `_`, and no digit first")]
    NoName(String),
    #[error("`{0}` is what the system, a shell or keyfob finds things by, and cannot hold a token")]
    Taken(String),
    #[error(transparent)]
    Target(#[from] NameError),
    #[error("`{0}` is named twice")]
    Twice(String),
}

impl Diagnostic for NameFault {
    fn exit(&self) -> Exit {
        Exit::Usage
    }

    fn hint(&self) -> Option<Hint> {
        Some(Hint::Try(
            "name a variable of the command's own, as in `--env TOKEN`".into(),
        ))
    }
}

impl Wish {
    /// Parses `NAME` or `NAME=TARGET`.
    ///
    /// # Errors
    ///
    /// [`NameFault`].
    pub(super) fn parse(text: &str) -> Result<Self, NameFault> {
        let (name, of) = match text.split_once('=') {
            Some((name, of)) => (name, Selector::parse(of)?),
            None => (text, Selector::default()),
        };
        let shown = || printable_line(name).into_owned();
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let begins = name.starts_with(|c: char| fits(c) && !c.is_ascii_digit());
        if !begins || !name.chars().all(fits) {
            return Err(NameFault::NoName(shown()));
        }
        // Windows knows no difference between large and small letters.
        let large = name.to_ascii_uppercase();
        if NAMES.contains(&large.as_str()) || PREFIXES.iter().any(|it| large.starts_with(it)) {
            return Err(NameFault::Taken(shown()));
        }
        let name = name.to_owned();
        Ok(Self { name, of })
    }

    /// Returns whose token is meant, where `own` is what the command itself is run for.
    pub(super) fn selector(&self, own: &Selector) -> Selector {
        match &self.of {
            Selector {
                profile: None,
                target: None,
            } => own.clone(),
            Selector {
                profile: None,
                target,
            } => Selector {
                profile: own.profile.clone(),
                target: target.clone(),
            },
            named => named.clone(),
        }
    }
}

/// Refuses a variable that is named twice, or that `others` name besides.
///
/// # Errors
///
/// [`NameFault::Twice`].
pub(super) fn check(wishes: &[Wish], others: &[&str]) -> Result<(), NameFault> {
    for (at, wish) in wishes.iter().enumerate() {
        if others.contains(&wish.name.as_str()) {
            return Err(NameFault::Twice(wish.name.clone()));
        }
        if wishes.iter().skip(at + 1).any(|it| it.name == wish.name) {
            return Err(NameFault::Twice(wish.name.clone()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selector(text: &str) -> Selector {
        Selector::parse(text).unwrap()
    }

    #[test]
    fn a_variable_is_for_the_own_target_or_for_a_named_one() {
        let own = selector("work/orders");
        for (text, name, meant) in [
            ("TOKEN", "TOKEN", "work/orders"),
            ("_t0=/reports", "_t0", "work/reports"),
            ("A=other", "A", "other"),
            ("a=other/api", "a", "other/api"),
        ] {
            let wish = Wish::parse(text).unwrap();

            assert_eq!(wish.name, name);
            assert_eq!(wish.selector(&own), selector(meant), "{text}");
        }
    }

    #[test]
    fn a_name_that_would_break_the_command_is_refused() {
        for text in [
            "", "=work", "A B", "A-B", "1A", "A\0", "Ä", "A\n=work", "$A", "A.B",
        ] {
            let refused = Wish::parse(text);
            assert!(
                matches!(refused, Err(NameFault::NoName(_))),
                "{text:?}: {refused:?}"
            );
        }
        for text in [
            "PATH",
            "Path",
            "LD_PRELOAD",
            "ld_library_path",
            "DYLD_INSERT_LIBRARIES",
            "HOME",
            "IFS",
            "BASH_ENV",
            "ENV",
            "SHELL",
            "LC_ALL",
            "KEYFOB_AGENT",
            "KEYFOB_CLIENT_SECRET",
            "TMPDIR=work",
            "_",
        ] {
            let refused = Wish::parse(text);
            assert!(
                matches!(refused, Err(NameFault::Taken(_))),
                "{text:?}: {refused:?}"
            );
        }
        for text in ["A=", "A=work/", "A=a b", "A=/"] {
            let refused = Wish::parse(text);
            assert!(
                matches!(refused, Err(NameFault::Target(_))),
                "{text:?}: {refused:?}"
            );
        }
    }

    #[test]
    fn one_variable_cannot_hold_two_tokens() {
        let wishes = ["A", "B", "A=work"].map(|text| Wish::parse(text).unwrap());

        assert_eq!(check(&wishes, &[]), Err(NameFault::Twice("A".into())));
        assert_eq!(check(&wishes[..2], &["C"]), Ok(()));
        assert!(check(&wishes[..2], &["B"]).is_err());
    }
}
