//! The settings: one table that says each one's key, variable, kind, default and meaning.
//!
//! The reader, the layers, `keyfob config` and the man page all follow it. Never holds a value.

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

struct Row {
    setting: Setting,
    key: &'static str,
    variable: Option<&'static str>,
    kind: Kind,
    default: Option<&'static str>,
    means: &'static str,
}

const fn row(setting: Setting, key: &'static str, variable: &'static str, kind: Kind) -> Row {
    Row {
        setting,
        key,
        variable: Some(variable),
        kind,
        default: None,
        means: "",
    }
}

/// A row of what says where a token may go: only the user's own file may say that, since a
/// variable can come from a repository.
const fn file_only(setting: Setting, key: &'static str, kind: Kind) -> Row {
    Row {
        variable: None,
        ..row(setting, key, "", kind)
    }
}

impl Row {
    const fn or(self, default: &'static str) -> Self {
        Self {
            default: Some(default),
            ..self
        }
    }

    const fn means(self, means: &'static str) -> Self {
        Self { means, ..self }
    }
}

use Kind::{Number, SecretReference, Span, Switch, Text, Words};
use Setting as S;

/// In the order of [`Setting`], which a test keeps.
const TABLE: [Row; 43] = [
    row(S::DefaultProfile, "default_profile", "KEYFOB_PROFILE", Text)
        .means("profile used when none is named"),
    row(S::Issuer, "issuer", "KEYFOB_ISSUER", Text).means("issuer URL of the provider"),
    row(S::Provider, "provider", "KEYFOB_PROVIDER", Text)
        .means("`entra`, with `tenant`, instead of `issuer`"),
    row(S::Tenant, "tenant", "KEYFOB_TENANT", Text)
        .means("Entra tenant: its GUID or domain, `organizations`, `common`, `consumers`"),
    row(S::Tenants, "tenants", "KEYFOB_TENANTS", Words)
        .means("GUIDs of the tenants that may sign in at `organizations` or `common`"),
    row(S::AppKeys, "app_keys", "KEYFOB_APP_KEYS", Switch)
        .means("whether the app has signing keys of its own at Entra, by a claims-mapping policy"),
    row(S::Cloud, "cloud", "KEYFOB_CLOUD", Text)
        .means("Entra cloud: `public`, `us-government`, `china`, …, or an address of your own"),
    row(S::ClientId, "client_id", "KEYFOB_CLIENT_ID", Text).means("id of the registered client"),
    row(
        S::ClientSecret,
        "client_secret",
        CLIENT_SECRET_VARIABLE,
        SecretReference,
    )
    .means("the client's secret; in the file, only where it is found"),
    row(
        S::ClientAuthentication,
        "client_authentication",
        "KEYFOB_CLIENT_AUTHENTICATION",
        Text,
    )
    .means("how the secret is sent: `basic` or `post`"),
    row(S::Scopes, "scopes", "KEYFOB_SCOPE", Words)
        .or("openid profile offline_access")
        .means("scopes, with spaces between them"),
    row(S::Audience, "audience", "KEYFOB_AUDIENCE", Text)
        .means("audience parameter, for providers that want one"),
    row(S::Resource, "resource", "KEYFOB_RESOURCE", Text)
        .means("resource parameter: an absolute URI (RFC 8707)"),
    row(S::Flow, "flow", "KEYFOB_FLOW", Text)
        .or("browser")
        .means("how to sign in: `browser` or `device`"),
    row(
        S::ResponseMode,
        "response_mode",
        "KEYFOB_RESPONSE_MODE",
        Text,
    )
    .or("auto")
    .means("how the answer comes back: `auto`, `form_post` or `query`"),
    row(
        S::RedirectHost,
        "redirect_host",
        "KEYFOB_REDIRECT_HOST",
        Text,
    )
    .or("127.0.0.1")
    .means("host of the redirect URI: `127.0.0.1`, `localhost` or `[::1]`"),
    row(
        S::RedirectPort,
        "redirect_port",
        "KEYFOB_REDIRECT_PORT",
        Number,
    )
    .means("fixed port of the redirect URI; any free one without it"),
    row(
        S::RedirectPath,
        "redirect_path",
        "KEYFOB_REDIRECT_PATH",
        Text,
    )
    .or("/")
    .means("path of the redirect URI"),
    row(S::Browser, "browser", "KEYFOB_BROWSER", Text)
        .means("command that opens a URL, which replaces `%s` or follows it"),
    row(S::Interactive, "interactive", "KEYFOB_INTERACTIVE", Switch)
        .or("false")
        .means("whether `token` on a terminal may open a browser"),
    row(S::Store, "store", "KEYFOB_STORE", Text)
        .or("keyring")
        .means("where sessions rest: `keyring`, `sealed`, `agent` or `memory`"),
    row(S::CaFile, "ca_file", "KEYFOB_CA_FILE", Text)
        .means("PEM file of certificates trusted beside the system's"),
    row(S::Timeout, "timeout", "KEYFOB_TIMEOUT", Span)
        .or("5m")
        .means("how long a sign-in may take"),
    row(S::Leeway, "leeway", "KEYFOB_LEEWAY", Span)
        .or("60s")
        .means("how far the provider's clock may be off, at most 5m"),
    row(S::Account, "account", "KEYFOB_ACCOUNT", Text)
        .means("which of several signed-in Entra accounts: its name or `<object id>.<tenant id>`"),
    file_only(S::Present, "present", Text)
        .means("which token other programs are given: `access` or `id`"),
    file_only(S::Username, "username", Text)
        .means("user name that goes with the token, for git, docker, pip and PostgreSQL"),
    file_only(S::Kubernetes, "kubernetes", Words)
        .means("Kubernetes API servers that kubectl may send the token to"),
    file_only(S::Git, "git", Words).means("servers that git may send the token to"),
    file_only(S::Docker, "docker", Words)
        .means("container registries that docker may send the token to"),
    file_only(S::Cargo, "cargo", Words).means("registry indexes that cargo may send the token to"),
    file_only(S::Pip, "pip", Words).means("package indexes that pip and uv may send the token to"),
    file_only(S::Mcp, "mcp", Words)
        .means("servers that a tool's header helper may send the token to"),
    file_only(S::Gcp, "gcp", Words)
        .means("Google workload identity providers the token is for: `//iam.googleapis.com/…`"),
    file_only(S::Azure, "azure", Words)
        .means("Azure resources that Azure tools may ask tokens for: URIs, GUIDs, or `arm`, …"),
    file_only(S::Terraform, "terraform", Words)
        .means("audiences that Terraform may ask an assertion for"),
    file_only(S::AwsRole, "aws_role", Text).means("ARN of the AWS role the token is traded for"),
    file_only(S::AwsSessionName, "aws_session_name", Text)
        .means("name of the role's session; made of the account's without it"),
    file_only(S::AwsDuration, "aws_duration", Span)
        .means("how long the role's session lasts, 15m to 12h"),
    file_only(S::AwsPolicy, "aws_policy", Text)
        .means("JSON policy that narrows the role's session"),
    file_only(S::AwsPolicyArns, "aws_policy_arns", Words)
        .means("ARNs of managed policies that narrow the role's session"),
    file_only(S::AwsRegion, "aws_region", Text).means("AWS region whose token service is asked"),
    file_only(S::AwsEndpoint, "aws_endpoint", Text)
        .means("another address of the AWS token service"),
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
        let shorter = [S::DefaultProfile, S::Scopes];
        for row in TABLE.iter().filter(|row| !shorter.contains(&row.setting)) {
            let wanted = format!("KEYFOB_{}", row.key.to_ascii_uppercase());
            assert!(row.variable.is_none_or(|variable| variable == wanted));
        }
    }
}
