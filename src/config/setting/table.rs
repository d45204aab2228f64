//! The table of settings: each one's key, variable, kind, default and meaning, in the order of
//! [`Setting`], which a test keeps. Never holds a value.

use super::{CLIENT_SECRET_VARIABLE, Kind, Setting};

pub(super) struct Row {
    pub(super) setting: Setting,
    pub(super) key: &'static str,
    pub(super) variable: Option<&'static str>,
    pub(super) kind: Kind,
    pub(super) default: Option<&'static str>,
    pub(super) means: &'static str,
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

/// Every setting.
pub(super) const TABLE: [Row; 43] = [
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
