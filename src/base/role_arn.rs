//! The name of an AWS role: `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
//!
//! Never guessed and never completed: an account, a partition or a name alone is no ARN.

use std::fmt;

use super::printable_line;

/// The longest ARN that AWS takes.
const LONGEST: usize = 2048;

/// The ARN of an IAM role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RoleArn(String);

/// Why a text is no role's ARN.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is no ARN of a role: write `arn:aws:iam::123456789012:role/NAME`")]
pub struct RoleArnError(String);

impl RoleArn {
    /// Parses an ARN.
    ///
    /// # Errors
    ///
    /// [`RoleArnError`] when it is none, or not a role's.
    pub fn parse(text: &str) -> Result<Self, RoleArnError> {
        let fits = text.len() <= LONGEST && iam_name(text, is_account, "role/").is_some();
        if fits {
            return Ok(Self(text.to_owned()));
        }
        let shown: String = printable_line(text).chars().take(120).collect();
        Err(RoleArnError(shown))
    }

    /// Returns the ARN as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the partition: `aws`, `aws-cn`, `aws-us-gov` and others.
    pub fn partition(&self) -> &str {
        self.part(1)
    }

    /// Returns the account, twelve digits.
    pub fn account(&self) -> &str {
        self.part(4)
    }

    /// Returns the role's name, without its path.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    fn part(&self, index: usize) -> &str {
        self.0.split(':').nth(index).unwrap_or_default()
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Tells whether a text is the ARN of a managed policy: the account's own, or one of AWS.
pub fn is_policy_arn(text: &str) -> bool {
    let of_aws_too = |account: &str| account == "aws" || is_account(account);
    text.len() <= LONGEST && iam_name(text, of_aws_too, "policy/").is_some()
}

/// Returns what follows the kind in an ARN of IAM.
fn iam_name<'a>(text: &'a str, is_account: fn(&str) -> bool, kind: &str) -> Option<&'a str> {
    let parts: Vec<&str> = text.split(':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else {
        return None;
    };
    let is_partition = partition == &"aws" || partition.starts_with("aws-");
    let plain = |c: char| c.is_ascii_lowercase() || c == '-';
    let name = resource.strip_prefix(kind)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-/".contains(c);
    let is_name = name.chars().all(allowed) && name.split('/').all(|part| !part.is_empty());
    let fits = is_partition && partition.chars().all(plain) && is_account(account) && is_name;
    fits.then_some(name)
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_has_an_account_a_partition_and_a_name() {
        let arn = RoleArn::parse("arn:aws-us-gov:iam::123456789012:role/team/dev+x@a").unwrap();

        assert_eq!(
            (arn.partition(), arn.account(), arn.name()),
            ("aws-us-gov", "123456789012", "dev+x@a")
        );
    }

    #[test]
    fn what_is_no_role_is_refused_and_shown_without_driving_a_terminal() {
        for text in [
            "",
            "dev",
            "arn:aws:iam::123456789012:user/dev",
            "arn:aws:iam::123456789012:role/",
            "arn:aws:iam::123456789012:role//dev",
            "arn:aws:iam::12345678901:role/dev",
            "arn:aws:iam:eu-west-1:123456789012:role/dev",
            "arn:aws:sts::123456789012:assumed-role/dev/me",
            "arn:aws:iam::123456789012:role/dev:x",
            "arn:aws:iam::123456789012:role/d\u{1b}[2Jev",
            "arn:AWS:iam::123456789012:role/dev",
            "arn:evil:iam::123456789012:role/dev",
            " arn:aws:iam::123456789012:role/dev",
        ] {
            let error = RoleArn::parse(text).unwrap_err();
            assert!(!error.to_string().contains('\u{1b}'), "{text:?}");
        }
        assert!(
            RoleArn::parse(&format!(
                "arn:aws:iam::123456789012:role/{}",
                "a".repeat(2048)
            ))
            .is_err()
        );
    }

    #[test]
    fn a_managed_policy_is_the_accounts_or_of_aws() {
        assert!(is_policy_arn("arn:aws:iam::aws:policy/ReadOnlyAccess"));
        assert!(is_policy_arn("arn:aws-cn:iam::123456789012:policy/a/b"));
        assert!(!is_policy_arn("arn:aws:iam::aws:role/x"));
        assert!(!is_policy_arn("ReadOnlyAccess"));
    }
}
