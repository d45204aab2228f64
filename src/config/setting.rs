//! The settings: one table that says each one's key, variable, kind, default and meaning.
//!
//! The reader, the layers, `keyfob config` and the man page all follow it. Never holds a value.

mod table;

use table::{Row, TABLE};

/// One setting of a profile, of a target, or of the whole file.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Setting {
    /// The profile used when none is named.
    DefaultProfile,
    /// The provider's issuer URL.
    Issuer,
    /// A provider known by name, instead of an issuer.
    Provider,
    /// The tenant at that provider.
    Tenant,
    /// The tenants that may sign in, where any could.
    Tenants,
    /// Whether the app has signing keys of its own.
    AppKeys,
    /// The national cloud of that provider.
    Cloud,
    /// The registered client.
    ClientId,
    /// Where the client's secret is found.
    ClientSecret,
    /// How the client proves its secret.
    ClientAuthentication,
    /// What is asked for.
    Scopes,
    /// Who the access token is for, as some providers ask.
    Audience,
    /// Who the access token is for (RFC 8707).
    Resource,
    /// How a person signs in.
    Flow,
    /// How the browser brings the answer back.
    ResponseMode,
    /// The host in the redirect URI.
    RedirectHost,
    /// The port in the redirect URI.
    RedirectPort,
    /// The path in the redirect URI.
    RedirectPath,
    /// The command that opens a browser.
    Browser,
    /// Whether `token` may open a browser on a terminal.
    Interactive,
    /// Where refresh tokens rest.
    Store,
    /// Certificates trusted beside the system's.
    CaFile,
    /// How long a sign-in may take.
    Timeout,
    /// How far the provider's clock may be off.
    Leeway,
    /// Which of several accounts a profile is for.
    Account,
    /// Which token other programs are given.
    Present,
    /// The user name that goes with a token, for programs that want one.
    Username,
    /// Kubernetes API servers that may be given a token.
    Kubernetes,
    /// Git servers that may be given a token.
    Git,
    /// Container registries that may be given a token.
    Docker,
    /// Cargo registries that may be given a token.
    Cargo,
    /// Python package indexes that may be given a token.
    Pip,
    /// Servers whose header helpers may be given a token.
    Mcp,
    /// Google workload identity providers that a token is for.
    Gcp,
    /// Azure resources that programs may be given tokens for.
    Azure,
    /// Audiences that Terraform may be given an assertion for.
    Terraform,
    /// The AWS role that the token is traded for.
    AwsRole,
    /// The name of the role's session.
    AwsSessionName,
    /// How long the role's session lasts.
    AwsDuration,
    /// A policy that narrows the role's session.
    AwsPolicy,
    /// Managed policies that narrow the role's session.
    AwsPolicyArns,
    /// The AWS region that is asked.
    AwsRegion,
    /// Another address of the AWS token service.
    AwsEndpoint,
}

/// What a setting's value looks like in the file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A text.
    Text,
    /// A text with spaces, or an array of texts.
    Words,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Switch,
    /// A time: seconds, or a text such as `5m`.
    Span,
    /// An inline table that says where a secret is.
    SecretReference,
}

impl Kind {
    /// Says what the file wants there.
    pub(super) fn wanted(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Words => "a text, or a list of texts",
            Self::Number => "a number",
            Self::Switch => "`true` or `false`",
            Self::Span => "a number of seconds, or a text such as `5m`",
            Self::SecretReference => "an inline table",
        }
    }
}

/// A variable that is read, and what it means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it means, for people.
    pub means: &'static str,
}

/// The variable that holds the client's secret itself.
pub const CLIENT_SECRET_VARIABLE: &str = "KEYFOB_CLIENT_SECRET";

/// The variable that names the file with the client's secret.
pub(super) const CLIENT_SECRET_FILE_VARIABLE: &str = "KEYFOB_CLIENT_SECRET_FILE";

/// Variables that `keyfob token --format env` sets for other programs: read by none here.
pub(super) const FOR_OTHERS: [&str; 2] = ["KEYFOB_ACCESS_TOKEN", "KEYFOB_ID_TOKEN"];

/// Variables that other parts of the house read; they are no settings of a profile.
const OTHER_VARIABLES: &[Variable] = &[
    Variable {
        name: CLIENT_SECRET_FILE_VARIABLE,
        means: "absolute path of a file that holds the client's secret",
    },
    Variable {
        name: "KEYFOB_AGENT",
        means: "absolute path of the agent's socket, or `off` to ask no agent",
    },
    Variable {
        name: "KEYFOB_CONFIG_DIR",
        means: "folder that holds config.toml, instead of the platform's",
    },
    Variable {
        name: "KEYFOB_PASSPHRASE_FILE",
        means: "absolute path of a file that holds the sealed store's passphrase",
    },
];

impl Setting {
    /// The first of those that only the file may set; all after it are of that kind.
    pub(super) const FIRST_FILE_ONLY: Self = Self::Present;

    /// Every setting, in the order they are shown.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.setting)
    }

    /// Finds the setting with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::all().find(|setting| setting.key() == key)
    }

    /// Returns the key in the file.
    pub fn key(self) -> &'static str {
        self.row().key
    }

    /// Returns the variable that sets it, if one may.
    pub fn variable(self) -> Option<&'static str> {
        self.row().variable
    }

    /// Returns what its value looks like in the file.
    pub fn kind(self) -> Kind {
        self.row().kind
    }

    /// Returns the value it has when nothing sets it.
    pub fn default(self) -> Option<&'static str> {
        self.row().default
    }

    /// Returns what it means, for people.
    pub fn means(self) -> &'static str {
        self.row().means
    }

    /// Tells whether it may stand above all profiles.
    pub fn in_file(self) -> bool {
        matches!(
            self,
            Self::DefaultProfile | Self::Browser | Self::Interactive | Self::Store
        )
    }

    /// Tells whether it may stand in a profile.
    pub fn in_profile(self) -> bool {
        self != Self::DefaultProfile
    }

    /// Tells whether it may stand in a target.
    pub fn in_target(self) -> bool {
        matches!(self, Self::Scopes | Self::Audience | Self::Resource) || self.is_file_only()
    }

    /// Tells whether it says where a target's token may go: then it comes from the file alone, and
    /// a target has its own or none.
    pub fn is_file_only(self) -> bool {
        self.row().variable.is_none()
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }
}

/// Returns every `KEYFOB_` variable that is read, in the order they are shown.
pub fn variables() -> impl Iterator<Item = Variable> {
    let own = TABLE.iter().filter_map(|row| {
        Some(Variable {
            name: row.variable?,
            means: row.means,
        })
    });
    own.chain(OTHER_VARIABLES.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_the_order_of_the_enum() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.setting as usize, index, "{}", row.key);
            assert!(!row.means.is_empty(), "{}", row.key);
        }
    }

    #[test]
    fn what_only_the_file_may_set_comes_last() {
        for row in &TABLE {
            let last = row.setting >= Setting::FIRST_FILE_ONLY;
            assert_eq!(row.setting.is_file_only(), last, "{}", row.key);
        }
    }

    #[test]
    fn every_variable_follows_from_its_key() {
        let shorter = [Setting::DefaultProfile, Setting::Scopes];
        for row in TABLE.iter().filter(|row| !shorter.contains(&row.setting)) {
            let wanted = format!("KEYFOB_{}", row.key.to_ascii_uppercase());
            assert!(row.variable.is_none_or(|variable| variable == wanted));
        }
    }
}
