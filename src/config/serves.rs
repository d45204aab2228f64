//! Where a target's token may go, and in which form: the lists that every adapter for another
//! program is bound to.
//!
//! Comes from the user's own file alone. What is not listed is not answered: an adapter is called by
//! whatever a repository brings along.

use std::ops::Deref;
use std::sync::OnceLock;
use std::time::Duration;

use crate::base::{RoleArn, Site, SiteError, is_policy_arn};
use crate::jwt::TokenKind;
use crate::provider::entra::{Authority, Cloud, Hosts, complete_one, resource};

use super::setting::Setting;
use super::value::{self, ValueError, shown};

/// Where a target's token may go, read when somebody asks: a command that hands a token to a person
/// never does, and addresses take time to read.
#[derive(Clone, Debug)]
pub struct LateServes {
    /// What the table says; each was checked when the file was read.
    written: Vec<(Setting, String)>,
    /// Says what short names stand for.
    authority: Option<Authority>,
    read: OnceLock<Serves>,
}

impl LateServes {
    /// Takes what a table says, which [`Serves::take`] has found to be right.
    pub(super) fn new(written: Vec<(Setting, String)>, authority: Option<Authority>) -> Self {
        let read = OnceLock::new();
        Self {
            written,
            authority,
            read,
        }
    }
}

impl Deref for LateServes {
    type Target = Serves;

    fn deref(&self) -> &Serves {
        self.read.get_or_init(|| {
            let mut serves = Serves::default();
            for (setting, text) in &self.written {
                let taken = serves.take(*setting, text, self.authority.as_ref());
                taken.expect("what is written was checked when the file was read");
            }
            serves
        })
    }
}

impl Eq for LateServes {}

impl PartialEq for LateServes {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

/// Where a target's token may go.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Serves {
    /// Which token is presented.
    pub present: TokenKind,
    /// The user name that goes with it.
    pub username: Option<String>,
    /// Kubernetes API servers.
    pub kubernetes: Vec<Site>,
    /// Git servers, or folders of them.
    pub git: Vec<Site>,
    /// Container registries.
    pub docker: Vec<Site>,
    /// Cargo's registry indexes, without their `sparse+`.
    pub cargo: Vec<Site>,
    /// Python package indexes.
    pub pip: Vec<Site>,
    /// Servers of tools that run a header helper.
    pub mcp: Vec<Site>,
    /// Google workload identity providers, as `//iam.googleapis.com/…`.
    pub gcp: Vec<String>,
    /// Azure resources, as their tokens' scopes name them.
    pub azure: Vec<String>,
    /// Audiences of an assertion for Terraform.
    pub terraform: Vec<String>,
    /// The AWS role that the token is traded for.
    pub aws: Option<AwsRole>,
}

/// An AWS role, and how it is taken on (`AssumeRoleWithWebIdentity`).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AwsRole {
    /// The role's ARN.
    pub arn: String,
    /// The session's name; none makes one of the account's.
    pub session_name: Option<String>,
    /// How long the session lasts, 15 minutes to 12 hours; AWS takes an hour when it is not said.
    pub duration: Option<Duration>,
    /// A JSON policy that narrows the session.
    pub policy: Option<String>,
    /// ARNs of managed policies that narrow it.
    pub policy_arns: Vec<String>,
    /// The region whose service is asked.
    pub region: Option<String>,
    /// Another address of the service.
    pub endpoint: Option<Site>,
}

/// The longest session policy that AWS takes, in characters.
const LONGEST_POLICY: usize = 2048;

/// More managed policies than this AWS does not take.
const MOST_POLICIES: usize = 10;

impl Serves {
    /// Takes over one value; `authority` says what short names stand for.
    ///
    /// # Errors
    ///
    /// [`ValueError`] says why it cannot be.
    pub(super) fn take(
        &mut self,
        setting: Setting,
        text: &str,
        authority: Option<&Authority>,
    ) -> Result<(), ValueError> {
        match setting {
            Setting::Present => self.present = present(text)?,
            Setting::Username => self.username = Some(value::line(text)?),
            Setting::Kubernetes => self.kubernetes = sites(text)?,
            Setting::Git => self.git = sites(text)?,
            Setting::Docker => self.docker = hosts(text)?,
            Setting::Cargo => self.cargo = indexes(text)?,
            Setting::Pip => self.pip = sites(text)?,
            Setting::Mcp => self.mcp = sites(text)?,
            Setting::Gcp => self.gcp = pools(text)?,
            Setting::Azure => self.azure = resources(text, authority)?,
            Setting::Terraform => self.terraform = audiences(text)?,
            Setting::AwsRole => self.role().arn = role_arn(text)?,
            Setting::AwsSessionName => self.role().session_name = Some(session_name(text)?),
            Setting::AwsDuration => self.role().duration = Some(duration(text)?),
            Setting::AwsPolicy => self.role().policy = Some(policy(text)?),
            Setting::AwsPolicyArns => self.role().policy_arns = policy_arns(text)?,
            Setting::AwsRegion => self.role().region = Some(region(text)?),
            Setting::AwsEndpoint => self.role().endpoint = Some(endpoint(text)?),
            Setting::DefaultProfile
            | Setting::Issuer
            | Setting::Provider
            | Setting::Tenant
            | Setting::Tenants
            | Setting::AppKeys
            | Setting::Cloud
            | Setting::ClientId
            | Setting::ClientSecret
            | Setting::ClientAuthentication
            | Setting::Scopes
            | Setting::Audience
            | Setting::Resource
            | Setting::Flow
            | Setting::ResponseMode
            | Setting::RedirectHost
            | Setting::RedirectPort
            | Setting::RedirectPath
            | Setting::Browser
            | Setting::Interactive
            | Setting::Store
            | Setting::CaFile
            | Setting::Timeout
            | Setting::Leeway
            | Setting::Account => {}
        }
        Ok(())
    }

    fn role(&mut self) -> &mut AwsRole {
        self.aws.get_or_insert_default()
    }
}

pub(super) fn present(text: &str) -> Result<TokenKind, ValueError> {
    value::one_of(
        text,
        &[("access", TokenKind::Access), ("id", TokenKind::Id)],
    )
}

/// Parses addresses with their scheme.
pub(super) fn sites(text: &str) -> Result<Vec<Site>, ValueError> {
    words(text, |word| Ok(Site::parse(word)?))
}

/// Parses registries, whose scheme may be left out.
pub(super) fn hosts(text: &str) -> Result<Vec<Site>, ValueError> {
    words(text, |word| Ok(Site::parse_host(word)?))
}

/// Parses cargo's indexes, with and without `sparse+`.
pub(super) fn indexes(text: &str) -> Result<Vec<Site>, ValueError> {
    words(text, |word| {
        Ok(Site::parse(word.strip_prefix("sparse+").unwrap_or(word))?)
    })
}

pub(super) fn audiences(text: &str) -> Result<Vec<String>, ValueError> {
    words(text, |word| Ok(value::audience(word)?.to_string()))
}

/// Parses Google's names for a pool's provider.
pub(super) fn pools(text: &str) -> Result<Vec<String>, ValueError> {
    words(text, |word| match word.strip_prefix("//iam.") {
        Some(rest)
            if rest.contains("/workloadIdentityPools/") || rest.contains("/workforcePools/") =>
        {
            Ok(word.to_owned())
        }
        _ => Err(ValueError::NoPool(shown(word))),
    })
}

/// Parses Azure resources; what short names stand for depends on the cloud.
pub(super) fn resources(
    text: &str,
    authority: Option<&Authority>,
) -> Result<Vec<String>, ValueError> {
    let public = Cloud::public();
    let hosts = Hosts::of(authority.map_or(&public, |authority| &authority.cloud));
    words(text, |word| {
        // A URI with a path is no scope of the URI before it.
        let word = word.trim_end_matches('/');
        let everything = if word.ends_with("/.default") {
            word.to_owned()
        } else {
            format!("{word}/.default")
        };
        let scopes = complete_one(&everything, hosts)?;
        resource(&scopes)
            .map(|resource| resource.trim_end_matches('/').to_owned())
            .ok_or_else(|| ValueError::NoResource(shown(word)))
    })
}

pub(super) fn role_arn(text: &str) -> Result<String, ValueError> {
    match RoleArn::parse(text) {
        Ok(arn) => Ok(arn.as_str().to_owned()),
        Err(_) => Err(ValueError::NoArn(shown(text))),
    }
}

pub(super) fn policy_arns(text: &str) -> Result<Vec<String>, ValueError> {
    let arns = words(text, |word| {
        is_policy_arn(word)
            .then(|| word.to_owned())
            .ok_or_else(|| ValueError::NoArn(shown(word)))
    })?;
    if arns.len() > MOST_POLICIES {
        return Err(ValueError::TooManyPolicies(arns.len()));
    }
    Ok(arns)
}

/// AWS takes 2 to 64 characters, of few kinds.
pub(super) fn session_name(text: &str) -> Result<String, ValueError> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b);
    if (2..=64).contains(&text.len()) && text.bytes().all(fits) {
        Ok(text.to_owned())
    } else {
        Err(ValueError::NoSessionName(shown(text)))
    }
}

pub(super) fn duration(text: &str) -> Result<Duration, ValueError> {
    value::span(
        text,
        Duration::from_secs(900),
        Duration::from_secs(12 * 3600),
    )
}

pub(super) fn policy(text: &str) -> Result<String, ValueError> {
    let is_object =
        serde_json::from_str::<serde_json::Value>(text).is_ok_and(|json| json.is_object());
    // The characters of ISO 8859-1, which is all that AWS takes.
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{ff}');
    if is_object && text.chars().all(allowed) && text.chars().count() <= LONGEST_POLICY {
        Ok(text.to_owned())
    } else {
        Err(ValueError::NoPolicy(LONGEST_POLICY))
    }
}

/// A region is a part of a host's name.
pub(super) fn region(text: &str) -> Result<String, ValueError> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if (4..=32).contains(&text.len()) && text.bytes().all(fits) && !text.starts_with('-') {
        Ok(text.to_owned())
    } else {
        Err(ValueError::NoRegion(shown(text)))
    }
}

pub(super) fn endpoint(text: &str) -> Result<Site, ValueError> {
    Ok(Site::parse(text)?)
}

fn words<T>(
    text: &str,
    parse: impl FnMut(&str) -> Result<T, ValueError>,
) -> Result<Vec<T>, ValueError> {
    let all = text
        .split_whitespace()
        .map(parse)
        .collect::<Result<Vec<T>, _>>()?;
    if all.is_empty() {
        return Err(ValueError::Empty);
    }
    Ok(all)
}

impl From<SiteError> for ValueError {
    fn from(error: SiteError) -> Self {
        Self::Site(Box::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_a_roles() {
        for text in [
            "arn:aws:iam::123456789012:role/deploy",
            "arn:aws-us-gov:iam::123456789012:role/team/deploy",
        ] {
            assert!(role_arn(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "deploy",
            "arn:aws:iam::123456789012:user/deploy",
            "arn:aws:iam::123456789012:role/",
            "arn:aws:iam::12345678901:role/deploy",
            "arn:aws:iam:eu:123456789012:role/deploy",
            "arn:aws:iam::123456789012:role/de ploy",
            "arn:aws:sts::123456789012:role/deploy",
        ] {
            assert!(role_arn(text).is_err(), "{text}");
        }
    }

    #[test]
    fn short_names_stand_for_the_public_clouds_resources() {
        let arm = resources("arm https://vault.azure.net/", None).unwrap();

        assert_eq!(
            arm,
            ["https://management.azure.com", "https://vault.azure.net"]
        );
        let paths = resources("api://a.example/b api://a.example/c/.default", None).unwrap();
        assert_eq!(paths, ["api://a.example/b", "api://a.example/c"]);
        assert!(resources("User.Read", None).is_err());
        assert!(resources("openid", None).is_err());
    }

    #[test]
    fn a_region_and_a_session_name_can_be_nothing_else() {
        assert!(region("eu-central-1").is_ok());
        for text in ["", "evil.example/x", "eu_central", "EU-1", "a"] {
            assert!(region(text).is_err(), "{text}");
        }
        assert!(session_name("me@example.com").is_ok());
        for text in ["", "a", "a b", "a\n", "é1", "a/b"] {
            assert!(session_name(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_policy_is_a_json_object_of_bounded_length() {
        assert!(policy(r#"{"Version":"2012-10-17","Statement":[]}"#).is_ok());
        for text in ["", "[]", "{", "\"x\""] {
            assert!(policy(text).is_err(), "{text}");
        }
        assert!(policy(&format!("{{\"a\":\"{}\"}}", "x".repeat(2048))).is_err());
    }
}
