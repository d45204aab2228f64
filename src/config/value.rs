//! A setting's text made into its type, whichever layer the text came from.
//!
//! Never repeats the text of something that may be a secret.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::base::{
    Audience, ClientId, Issuer, IssuerError, NameError, NotAGuid, ProfileName, Resource,
    ScopeError, Scopes, SiteError, TenantId, in_words, printable_line,
};
use crate::provider::entra::{Cloud, CloudError, ScopesError, Tenant, TenantError};
use crate::provider::{self, Provider};

use super::practice_hosts::PracticeHostsError;
use super::profile::{
    ClientAuthentication, FlowChoice, RedirectHost, ResponseModeChoice, SecretReference,
    StoreChoice,
};
use super::serves;
use super::setting::Setting;

/// Why a text is no value for a setting.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ValueError {
    /// No issuer.
    #[error(transparent)]
    Issuer(#[from] IssuerError),
    /// No such name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// No list of scopes.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// A table for tests that cannot be.
    #[error(transparent)]
    Practice(#[from] PracticeHostsError),
    /// Scopes that Entra would refuse or misunderstand.
    #[error(transparent)]
    EntraScopes(#[from] ScopesError),
    /// Not one of the few words there are.
    #[error("`{text}` is none of {options}")]
    NotOneOf {
        /// What was written, made safe to print.
        text: String,
        /// The words there are, in backticks.
        options: String,
    },
    /// Neither true nor false.
    #[error("`{0}` is neither `true` nor `false`")]
    NoSwitch(String),
    /// No port number.
    #[error("`{0}` is no port: 1 to 65535 (leave it out for any free port)")]
    NoPort(String),
    /// No time, or one out of bounds.
    #[error("`{text}` is no time from {least} to {most}: write seconds, or `90s`, `5m`, `1h`")]
    NoSpan {
        /// What was written, made safe to print.
        text: String,
        /// The least it may be, in words.
        least: String,
        /// The most it may be, in words.
        most: String,
    },
    /// A path that depends on where keyfob is started.
    #[error("`{0}` is not an absolute path")]
    NotAbsolute(String),
    /// No path of a redirect URI.
    #[error("`{0}` is no path: `/` first, then no query, no fragment and no white space")]
    NoRedirectPath(String),
    /// No tenant.
    #[error(transparent)]
    Tenant(#[from] TenantError),
    /// No GUID of a tenant.
    #[error(transparent)]
    Guid(#[from] NotAGuid),
    /// No cloud.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// A text with control characters.
    #[error("`{0}` has control characters in it")]
    Control(String),
    /// No address that a token may go to.
    #[error(transparent)]
    Site(Box<SiteError>),
    /// No name of a Google pool's provider.
    #[error("`{0}` is no workload identity provider: `//iam.googleapis.com/projects/…`")]
    NoPool(String),
    /// No Azure resource.
    #[error("`{0}` names no resource: write its URI, its GUID, or a short name such as `arm`")]
    NoResource(String),
    /// No ARN of the right kind.
    #[error("`{0}` is no such ARN: `arn:aws:iam::123456789012:role/NAME`")]
    NoArn(String),
    /// More policies than AWS takes.
    #[error("AWS takes 10 policies at most, and these are {0}")]
    TooManyPolicies(usize),
    /// No name of an AWS session.
    #[error("`{0}` is no session name: 2 to 64 letters, digits and `_+=,.@-`")]
    NoSessionName(String),
    /// No JSON object, or too long a one.
    #[error("it is no JSON object of at most {0} characters")]
    NoPolicy(usize),
    /// No AWS region.
    #[error("`{0}` is no region: `eu-central-1`")]
    NoRegion(String),
    /// Nothing at all.
    #[error("it is empty")]
    Empty,
    /// A secret, or anything else that does not say where one is.
    #[error(
        "it must say where the secret is (`env`, `file` or `keyring`), never the secret itself"
    )]
    LiteralSecret,
}

/// Checks a text without keeping what it means.
pub(super) fn check(setting: Setting, text: &str) -> Result<(), ValueError> {
    match setting {
        Setting::DefaultProfile => profile_name(text).map(drop),
        Setting::Issuer => issuer(text).map(drop),
        Setting::Provider => provider(text).map(drop),
        Setting::Tenant => tenant(text).map(drop),
        Setting::Tenants => tenants(text).map(drop),
        Setting::AppKeys | Setting::Interactive => switch(text).map(drop),
        Setting::Cloud => cloud(text).map(drop),
        Setting::ClientId => client_id(text).map(drop),
        Setting::ClientSecret => secret_reference(text).map(drop),
        Setting::ClientAuthentication => client_authentication(text).map(drop),
        Setting::Scopes => scopes(text).map(drop),
        Setting::Audience => audience(text).map(drop),
        Setting::Resource => resource(text).map(drop),
        Setting::Flow => flow(text).map(drop),
        Setting::ResponseMode => response_mode(text).map(drop),
        Setting::RedirectHost => redirect_host(text).map(drop),
        Setting::RedirectPort => port(text).map(drop),
        Setting::RedirectPath => redirect_path(text).map(drop),
        Setting::Browser => browser(text).map(drop),
        Setting::Store => store(text).map(drop),
        Setting::CaFile => absolute(text).map(drop),
        Setting::Timeout => timeout(text).map(drop),
        Setting::Leeway => leeway(text).map(drop),
        Setting::Account | Setting::Username => line(text).map(drop),
        Setting::Present => serves::present(text).map(drop),
        Setting::Kubernetes | Setting::Git | Setting::Pip | Setting::Mcp => {
            serves::sites(text).map(drop)
        }
        Setting::Docker => serves::hosts(text).map(drop),
        Setting::Cargo => serves::indexes(text).map(drop),
        Setting::Gcp => serves::pools(text).map(drop),
        Setting::Azure => serves::resources(text, None).map(drop),
        Setting::Terraform => serves::audiences(text).map(drop),
        Setting::AwsRole => serves::role_arn(text).map(drop),
        Setting::AwsSessionName => serves::session_name(text).map(drop),
        Setting::AwsDuration => serves::duration(text).map(drop),
        Setting::AwsPolicy => serves::policy(text).map(drop),
        Setting::AwsPolicyArns => serves::policy_arns(text).map(drop),
        Setting::AwsRegion => serves::region(text).map(drop),
        Setting::AwsEndpoint => serves::endpoint(text).map(drop),
    }
}

pub(super) fn profile_name(text: &str) -> Result<ProfileName, ValueError> {
    Ok(ProfileName::parse(text)?)
}

pub(super) fn issuer(text: &str) -> Result<Issuer, ValueError> {
    Ok(Issuer::parse(text)?)
}

pub(super) fn provider(text: &str) -> Result<&'static Provider, ValueError> {
    one_of(text, &provider::ALL.map(|row| (row.name, row)))
}

pub(super) fn cloud(text: &str) -> Result<Cloud, ValueError> {
    Ok(Cloud::parse(text)?)
}

/// Parses the GUIDs of tenants; a domain would have to be trusted anew each time.
pub(super) fn tenants(text: &str) -> Result<Vec<TenantId>, ValueError> {
    let all: Result<Vec<_>, _> = text.split_whitespace().map(TenantId::parse).collect();
    let all = all?;
    if all.is_empty() {
        return Err(ValueError::Empty);
    }
    Ok(all)
}

pub(super) fn tenant(text: &str) -> Result<Tenant, ValueError> {
    Ok(Tenant::parse(text)?)
}

pub(super) fn client_id(text: &str) -> Result<ClientId, ValueError> {
    Ok(ClientId::parse(text)?)
}

/// Parses `env:NAME`, `file:/absolute/path` or `keyring:name`.
pub(super) fn secret_reference(text: &str) -> Result<SecretReference, ValueError> {
    let (place, name) = text.split_once(':').ok_or(ValueError::LiteralSecret)?;
    match place {
        "env" if is_variable_name(name) => Ok(SecretReference::Environment(name.to_owned())),
        "file" => Ok(SecretReference::File(absolute(name)?)),
        "keyring" if ProfileName::parse(name).is_ok() => {
            Ok(SecretReference::Keyring(name.to_owned()))
        }
        _ => Err(ValueError::LiteralSecret),
    }
}

pub(super) fn client_authentication(text: &str) -> Result<ClientAuthentication, ValueError> {
    let options = [
        ("basic", ClientAuthentication::Basic),
        ("post", ClientAuthentication::Post),
    ];
    one_of(text, &options)
}

pub(super) fn scopes(text: &str) -> Result<Scopes, ValueError> {
    let scopes = Scopes::parse(text)?;
    if scopes.is_empty() {
        return Err(ValueError::Empty);
    }
    Ok(scopes)
}

pub(super) fn audience(text: &str) -> Result<Audience, ValueError> {
    Ok(Audience::parse(text)?)
}

pub(super) fn resource(text: &str) -> Result<Resource, ValueError> {
    Ok(Resource::parse(text)?)
}

pub(super) fn flow(text: &str) -> Result<FlowChoice, ValueError> {
    let options = [
        ("browser", FlowChoice::Browser),
        ("device", FlowChoice::Device),
    ];
    one_of(text, &options)
}

pub(super) fn response_mode(text: &str) -> Result<ResponseModeChoice, ValueError> {
    let options = [
        ("auto", ResponseModeChoice::Auto),
        ("form_post", ResponseModeChoice::FormPost),
        ("query", ResponseModeChoice::Query),
    ];
    one_of(text, &options)
}

pub(super) fn redirect_host(text: &str) -> Result<RedirectHost, ValueError> {
    let options = [
        ("127.0.0.1", RedirectHost::V4),
        ("localhost", RedirectHost::Localhost),
        ("[::1]", RedirectHost::V6),
    ];
    one_of(text, &options)
}

pub(super) fn port(text: &str) -> Result<u16, ValueError> {
    match text.parse() {
        Ok(port) if port != 0 && is_digits(text) => Ok(port),
        _ => Err(ValueError::NoPort(shown(text))),
    }
}

pub(super) fn redirect_path(text: &str) -> Result<String, ValueError> {
    let fits = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#' | b'"' | b'\\');
    if text.starts_with('/') && !text.starts_with("//") && text.bytes().all(fits) {
        Ok(text.to_owned())
    } else {
        Err(ValueError::NoRedirectPath(shown(text)))
    }
}

pub(super) fn browser(text: &str) -> Result<String, ValueError> {
    line(text)
}

/// Parses one line that says something.
pub(super) fn line(text: &str) -> Result<String, ValueError> {
    if text.trim().is_empty() {
        return Err(ValueError::Empty);
    }
    if text.chars().any(char::is_control) {
        return Err(ValueError::Control(shown(text)));
    }
    Ok(text.to_owned())
}

/// Parses what people write into a variable for yes and no.
pub(super) fn switch(text: &str) -> Result<bool, ValueError> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(ValueError::NoSwitch(shown(text))),
    }
}

pub(super) fn store(text: &str) -> Result<StoreChoice, ValueError> {
    one_of(text, &StoreChoice::ALL.map(|store| (store.name(), store)))
}

pub(super) fn absolute(text: &str) -> Result<PathBuf, ValueError> {
    if text.is_empty() {
        return Err(ValueError::Empty);
    }
    if text.chars().any(char::is_control) {
        return Err(ValueError::Control(shown(text)));
    }
    if !Path::new(text).is_absolute() {
        return Err(ValueError::NotAbsolute(shown(text)));
    }
    Ok(PathBuf::from(text))
}

/// A listener open for longer than an hour serves nobody.
pub(super) fn timeout(text: &str) -> Result<Duration, ValueError> {
    span(text, Duration::from_secs(1), Duration::from_secs(3600))
}

/// More than five minutes of leeway would keep a dead token alive (OIDC Core §3.1.3.7).
pub(super) fn leeway(text: &str) -> Result<Duration, ValueError> {
    span(text, Duration::ZERO, Duration::from_secs(300))
}

pub(super) fn span(text: &str, least: Duration, most: Duration) -> Result<Duration, ValueError> {
    let refused = || ValueError::NoSpan {
        text: shown(text),
        least: in_words(least),
        most: in_words(most),
    };
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text.trim_start_matches(|c: char| c.is_ascii_digit()).trim() {
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        _ => return Err(refused()),
    };
    let number: u64 = digits.parse().map_err(|_| refused())?;
    let span = Duration::from_secs(number.checked_mul(unit).ok_or_else(refused)?);
    if !is_digits(digits) || span < least || span > most {
        return Err(refused());
    }
    Ok(span)
}

pub(super) fn one_of<T: Copy>(text: &str, options: &[(&str, T)]) -> Result<T, ValueError> {
    let found = options.iter().find(|(name, _)| *name == text);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<String> = options
            .iter()
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        ValueError::NotOneOf {
            text: shown(text),
            options: names.join(", "),
        }
    })
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_variable_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A value as it is shown in a message: safe, and not a page long.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 80;
    let short: String = text.chars().take(MOST).collect();
    let ending = if short.len() < text.len() { "…" } else { "" };
    format!("{}{ending}", printable_line(&short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_a_unit() {
        for (text, seconds) in [
            ("300", 300),
            ("90s", 90),
            ("5m", 300),
            ("5 min", 300),
            ("1h", 3600),
        ] {
            assert_eq!(timeout(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in [
            "",
            "m",
            "-5",
            "+5",
            "0",
            "2h",
            "5d",
            "99999999999999999999",
            "18446744073709551615h",
            "5m5",
        ] {
            assert!(timeout(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_port_is_a_plain_number_above_zero() {
        assert_eq!(port("8400"), Ok(8400));
        for text in ["0", "65536", "+80", "-1", "http", ""] {
            assert!(port(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_place_of_a_secret_is_never_repeated() {
        for text in [
            "hunter2",
            "env:a b",
            "keyring:",
            "plain:hunter2",
            "keyring:hunter2 ",
        ] {
            let message = secret_reference(text).unwrap_err().to_string();
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
