//! What is asked of AWS STS, checked before anything is sent. PURE.
//!
//! Limits are those of the API's own reference. Nothing that a token says reaches a request as it is:
//! a session's name is made of allowed characters only.

use std::time::Duration;

use crate::base::{
    Diagnostic, Exit, Hint, Issuer, IssuerError, RoleArn, RoleArnError, printable_line,
};
use crate::config::AwsRole;

/// How long a session's name may be.
const NAME: (usize, usize) = (2, 64);

/// What is asked of AWS STS: all of it but the token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AssumeRole {
    /// The role.
    pub role: RoleArn,
    /// The session's name; without one it is made of the account's.
    pub session_name: Option<SessionName>,
    /// How long the credentials shall live; `None` leaves it to AWS, which says one hour.
    pub duration: Option<Duration>,
    /// What they may do at most, as a policy.
    pub policy: Option<String>,
    /// The same, as ARNs of managed policies.
    pub policy_arns: Vec<String>,
    /// Where STS is.
    pub endpoint: Issuer,
}

/// Why a role cannot be asked for as it was written.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum WishError {
    /// No address of an STS.
    #[error("`aws_endpoint` cannot be used")]
    Endpoint(#[source] IssuerError),
    /// A partition whose addresses are not known.
    #[error("where the STS of partition `{0}` is cannot be told")]
    NoRegion(String),
    /// No region.
    #[error("`aws_region` is no region: `{0}`")]
    Region(String),
    /// No role.
    #[error("`aws_role` cannot be used")]
    Role(#[source] RoleArnError),
    /// No session name.
    #[error("`aws_session_name` has 2 to 64 letters, digits and `_+=,.@-`, unlike `{0}`")]
    SessionName(String),
}

impl Diagnostic for WishError {
    fn exit(&self) -> Exit {
        Exit::Config
    }

    fn hint(&self) -> Option<Hint> {
        Some(Hint::Try(match self {
            Self::Endpoint(_) => "correct `aws_endpoint` in the profile".into(),
            Self::NoRegion(_) => "set `aws_region` in the profile, or else `aws_endpoint`".into(),
            Self::Region(_) => "correct `aws_region` in the profile".into(),
            Self::Role(_) => "correct `aws_role` in the profile".into(),
            Self::SessionName(_) => "correct `aws_session_name` in the profile".into(),
        }))
    }
}

impl AssumeRole {
    /// Makes what is asked of what the user wrote, whose lengths the configuration has checked.
    ///
    /// # Errors
    ///
    /// [`WishError`] names the setting.
    pub fn new(wish: &AwsRole) -> Result<Self, WishError> {
        let role = RoleArn::parse(&wish.arn).map_err(WishError::Role)?;
        let name = wish.session_name.as_deref();
        let endpoint = match &wish.endpoint {
            Some(site) => Issuer::parse(site.as_str()).map_err(WishError::Endpoint)?,
            None => endpoint(&role, wish.region.as_deref())?,
        };
        Ok(Self {
            session_name: name.map(SessionName::parse).transpose()?,
            duration: wish.duration,
            policy: wish.policy.clone(),
            policy_arns: wish.policy_arns.clone(),
            endpoint,
            role,
        })
    }

    /// Returns everything that credentials depend on, for a name to cache them under.
    pub fn parts(&self) -> Vec<String> {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let mut parts = vec![
            self.role.as_str().to_owned(),
            text(self.session_name.as_ref().map(SessionName::as_str)),
            self.duration.map_or(0, |life| life.as_secs()).to_string(),
            text(self.policy.as_deref()),
            self.endpoint.as_str().to_owned(),
        ];
        parts.extend(self.policy_arns.iter().cloned());
        parts
    }
}

/// How the hosts of a partition end, and the region that answers for all of it where there is no
/// address without one.
const PARTITIONS: [(&str, &str, Option<&str>); 8] = [
    ("aws-cn", "amazonaws.com.cn", Some("cn-north-1")),
    ("aws-eusc", "amazonaws.eu", None),
    ("aws-iso", "c2s.ic.gov", None),
    ("aws-iso-b", "sc2s.sgov.gov", None),
    ("aws-iso-e", "cloud.adc-e.uk", None),
    ("aws-iso-f", "csp.hci.ic.gov", None),
    ("aws-us-gov", "amazonaws.com", Some("us-gov-west-1")),
    ("aws", "amazonaws.com", None),
];

/// The address of the STS that knows a role's partition: the region's, which is the nearest and the
/// one to be preferred, or the one for all regions.
fn endpoint(role: &RoleArn, region: Option<&str>) -> Result<Issuer, WishError> {
    let partition = role.partition();
    let no_region = || WishError::NoRegion(partition.to_owned());
    let known = PARTITIONS.iter().find(|(name, _, _)| *name == partition);
    let (_, domain, usual) = known.ok_or_else(no_region)?;
    let host = match region.or(*usual) {
        Some(region) if is_region(region) => format!("sts.{region}.{domain}"),
        Some(region) => return Err(WishError::Region(shown(region))),
        None if partition == "aws" => format!("sts.{domain}"),
        None => return Err(no_region()),
    };
    Issuer::parse(&format!("https://{host}")).map_err(WishError::Endpoint)
}

/// A region becomes part of a host's name, so it must be nothing more.
fn is_region(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (2..=32).contains(&text.len())
        && text.chars().all(plain)
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
}

/// The name of a session, as the account's trail of events shows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SessionName(String);

impl SessionName {
    /// Parses a name that a person chose.
    ///
    /// # Errors
    ///
    /// [`WishError::SessionName`].
    pub fn parse(text: &str) -> Result<Self, WishError> {
        let fits = (NAME.0..=NAME.1).contains(&text.len()) && text.chars().all(is_name_part);
        fits.then(|| Self(text.to_owned()))
            .ok_or_else(|| WishError::SessionName(shown(text)))
    }

    /// Makes a name of what the account is called, or else of another name of it: what AWS does not
    /// allow becomes `-`.
    pub fn of(names: &[&str]) -> Self {
        let made = names.iter().map(|text| {
            let name = text.chars().take(NAME.1);
            let name = name.map(|c| if is_name_part(c) { c } else { '-' });
            name.collect::<String>()
        });
        let mut made = made.filter(|name| name.chars().any(|c| c.is_ascii_alphanumeric()));
        let name = made.next().unwrap_or_else(|| "keyfob".to_owned());
        let short = NAME.0.saturating_sub(name.len());
        Self(name + &"-".repeat(short))
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_name_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)
}

fn shown(text: &str) -> String {
    printable_line(text).chars().take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Site;

    const ROLE: &str = "arn:aws:iam::123456789012:role/dev";

    fn wish() -> AwsRole {
        AwsRole {
            arn: ROLE.to_owned(),
            ..AwsRole::default()
        }
    }

    fn endpoint_of(role: &str, region: Option<&str>) -> Result<String, WishError> {
        let wish = AwsRole {
            arn: role.to_owned(),
            region: region.map(ToOwned::to_owned),
            ..AwsRole::default()
        };
        AssumeRole::new(&wish).map(|asked| asked.endpoint.as_str().to_owned())
    }

    #[test]
    fn the_address_follows_the_partition_and_the_region() {
        let at = |partition: &str, region| {
            endpoint_of(&format!("arn:{partition}:iam::123456789012:role/x"), region)
        };

        assert_eq!(at("aws", None).unwrap(), "https://sts.amazonaws.com");
        let west = at("aws", Some("eu-west-1")).unwrap();
        assert_eq!(west, "https://sts.eu-west-1.amazonaws.com");
        let china = at("aws-cn", Some("cn-northwest-1")).unwrap();
        assert_eq!(china, "https://sts.cn-northwest-1.amazonaws.com.cn");
        let gov = at("aws-us-gov", None).unwrap();
        assert_eq!(gov, "https://sts.us-gov-west-1.amazonaws.com");
        assert!(matches!(at("aws-iso", None), Err(WishError::NoRegion(_))));
        assert!(matches!(
            at("aws-new", Some("x-1")),
            Err(WishError::NoRegion(_))
        ));
    }

    #[test]
    fn a_region_is_never_more_than_a_part_of_a_host() {
        for region in [
            "",
            "a",
            "evil.com/",
            "x.evil.com",
            "a#",
            "a@b",
            "EU-west-1",
            "-a",
            "a-",
            "a b",
        ] {
            let wrong = endpoint_of(ROLE, Some(region));
            assert!(matches!(wrong, Err(WishError::Region(_))), "{region:?}");
        }
    }

    #[test]
    fn an_address_of_the_users_own_comes_before_every_other() {
        let at = "http://127.0.0.1:5000";
        let asked = AssumeRole::new(&AwsRole {
            endpoint: Some(Site::parse(at).unwrap()),
            region: Some("eu-west-1".into()),
            ..wish()
        });

        assert_eq!(asked.unwrap().endpoint.as_str(), "http://127.0.0.1:5000/");
    }

    #[test]
    fn what_is_no_role_or_no_name_is_refused_before_anything_is_sent() {
        let named = |name: &str| AwsRole {
            session_name: Some(name.into()),
            ..wish()
        };
        for wish in [named("a"), named("a b"), named("a\nb"), AwsRole::default()] {
            let error = AssumeRole::new(&wish).unwrap_err();
            assert_eq!(error.exit(), Exit::Config);
            assert!(error.hint().is_some());
        }
        assert!(AssumeRole::new(&named("me@example.com")).is_ok());
    }

    #[test]
    fn a_session_name_is_made_of_the_account_in_allowed_characters() {
        let made = |names: &[&str]| SessionName::of(names).0;

        assert_eq!(made(&["amara@example.com", "1"]), "amara@example.com");
        assert_eq!(made(&["Zoë Müller\n", "1"]), "Zo--M-ller-");
        assert_eq!(made(&["東京", "auth0|abc"]), "auth0-abc");
        assert_eq!(made(&["7"]), "7-");
        assert_eq!(made(&[]), "keyfob");
        assert_eq!(made(&[&"é".repeat(80)]), "keyfob");
        assert!(SessionName::parse(&made(&[&"b".repeat(80)])).is_ok());
    }

    #[test]
    fn whatever_changes_the_credentials_changes_their_name() {
        let base = AssumeRole::new(&wish()).unwrap().parts();
        let change = |change: fn(&mut AwsRole)| {
            let mut other = wish();
            change(&mut other);
            AssumeRole::new(&other).unwrap().parts()
        };

        for other in [
            change(|to| to.arn = "arn:aws:iam::123456789012:role/other".into()),
            change(|to| to.session_name = Some("me".into())),
            change(|to| to.duration = Some(Duration::from_secs(900))),
            change(|to| to.policy = Some("{}".into())),
            change(|to| to.policy_arns = vec!["arn:aws:iam::aws:policy/A".into()]),
            change(|to| to.region = Some("eu-west-1".into())),
            change(|to| to.endpoint = Site::parse("https://sts.example.com").ok()),
        ] {
            assert_ne!(other, base);
        }
    }
}
