//! Names that must not be mixed up: each is text, each is its own type.
//!
//! Never trims, lower-cases or otherwise changes what it was given.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

/// Why a text cannot be such a name.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NameError {
    /// Empty, or longer than the named number of bytes.
    #[error("a {what} has 1 to {most} characters")]
    Length {
        /// What was being named.
        what: &'static str,
        /// The most bytes it may have.
        most: usize,
    },
    /// Holds a character that does not belong.
    #[error("`{text}` is no {what}: {rule}")]
    Character {
        /// What was being named.
        what: &'static str,
        /// The text, made safe to print.
        text: String,
        /// What it may hold.
        rule: &'static str,
    },
}

macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $what:literal, $most:literal, $rule:literal, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// Parses the name.
            ///
            /// # Errors
            ///
            /// [`NameError`] when it is empty, too long, or holds a character that does not belong.
            pub fn parse(text: &str) -> Result<Self, NameError> {
                if text.is_empty() || text.len() > $most {
                    return Err(NameError::Length { what: $what, most: $most });
                }
                let allowed: fn(&str) -> bool = $allowed;
                if !allowed(text) {
                    let text = crate::base::printable_line(text).into_owned();
                    return Err(NameError::Character { what: $what, text, rule: $rule });
                }
                Ok(Self(text.to_owned()))
            }

            /// Returns the name as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $type {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, NameError> {
                Self::parse(&text)
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }
    };
}

name!(
    /// A profile's name, typed by people and used in file names.
    ProfileName, "profile name", 64,
    "letters, digits, `.`, `_` and `-`, the first a letter or digit", is_plain_name
);
name!(
    /// The name of a target within a profile.
    TargetName, "target name", 64,
    "letters, digits, `.`, `_` and `-`, the first a letter or digit", is_plain_name
);
name!(
    /// A registered client's identifier (RFC 6749 §2.2): printable ASCII.
    ClientId, "client_id", 512, "printable ASCII characters", is_visible_ascii
);
name!(
    /// Who a token is for: one value of the `aud` claim (RFC 7519 §4.1.3).
    Audience, "audience", 2048, "no control characters", has_no_control
);
name!(
    /// The account's identifier at its issuer: the `sub` claim (OIDC Core §2).
    Subject, "subject", 1024, "no control characters", has_no_control
);
name!(
    /// A `resource` parameter: an absolute URI without a fragment (RFC 8707 §2).
    Resource, "resource", 2048, "an absolute URI without a fragment", is_resource
);

name!(
    /// What `ssh` is told to connect to: an alias, a host, `user@host` or an `ssh://` address. Never
    /// anything that `ssh` would take for an option, nor that a shell would read.
    SshHost, "SSH destination", 255,
    "letters, digits, and `.`, `_`, `-`, `@`, `:`, `/`, `[`, `]`, `%` within", is_destination
);

/// `ssh` itself reads `-` at the front as an option, and refuses a host that begins so.
fn is_destination(text: &str) -> bool {
    let host = text.rsplit('@').next().unwrap_or_default();
    !text.starts_with('-')
        && !host.starts_with('-')
        && !host.is_empty()
        && text.chars().all(|c| {
            c.is_ascii_alphanumeric()
                || matches!(c, '.' | '_' | '-' | '@' | ':' | '/' | '[' | ']' | '%')
        })
}

fn is_plain_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

fn is_visible_ascii(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, 0x20..=0x7e))
}

fn has_no_control(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

fn is_resource(text: &str) -> bool {
    has_no_control(text)
        && !text.contains(char::is_whitespace)
        && !text.contains('#')
        && Url::parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_name_can_be_a_file_name_everywhere() {
        assert!(ProfileName::parse("work-2.eu_west").is_ok());
        for text in ["", ".", "../x", "a/b", "a b", "-x", "é", "a\u{1b}"] {
            assert!(ProfileName::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_destination_is_no_option_and_nothing_for_a_shell() {
        for text in [
            "dev1",
            "me@dev1.example.com",
            "ssh://me@[::1]:2222",
            "fe80::1%eth0",
        ] {
            assert!(SshHost::parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "-oProxyCommand=x",
            "me@-oProxyCommand=x",
            "me@",
            "a b",
            "a;b",
            "$(a)",
            "`a`",
            "a'b",
            "a\"b",
            "a\nb",
            "a\u{1b}b",
            "dév",
            "a\\b",
            "a&b",
            "a|b",
            "a*",
        ] {
            assert!(SshHost::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_resource_is_absolute_and_has_no_fragment() {
        assert!(Resource::parse("https://api.example.com/a?b").is_ok());
        assert!(Resource::parse("urn:example:api").is_ok());
        for text in ["api", "/api", "https://a/#b", "https://a/ b"] {
            assert!(Resource::parse(text).is_err(), "{text:?}");
        }
    }
}
