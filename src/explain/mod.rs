//! What an error of a provider means, who can fix it, what to do next and what not to try: one row
//! of data per code, and the reading of whatever people paste.
//!
//! | file | what |
//! |---|---|
//! | `oauth/` | the codes of the standards, and Entra's words |
//! | `entra/` | Entra's numbers, `AADSTS…`, by family |
//! | `aws.rs` | the codes of AWS STS |
//! | `reading.rs` | any text to the rows that it speaks of |
//! | `scan.rs` | codes, parameters and objects within a text |
//! | `demand.rs` | what a claims challenge asks for |
//! | `page.rs` | the answer as text and as JSON |
//! | `trust.rs` | what an AWS account must be told so that a token opens a role |
//!
//! For people alone: nothing in keyfob decides by a row. Offline; never repeats what was pasted.

mod aws;
mod demand;
mod entra;
mod oauth;
mod page;
mod reading;
mod scan;
#[cfg(test)]
mod tests;
mod trust;

pub use page::{Page, json, list, list_json, text};
pub use reading::{Reading, read, read_refused};
pub use scan::masked;
pub use trust::{NoTrust, Presented, Trust};

use std::fmt;

use crate::base::{ClientId, Hint, Issuer, ProfileName, Refused};
use crate::provider::entra::CLOUDS;

/// What a row is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Code {
    /// A value of `error`.
    Name(&'static str),
    /// A number of Entra's.
    Number(u32),
    /// A value of `suberror`.
    Suberror(&'static str),
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) | Self::Suberror(name) => f.write_str(name),
            Self::Number(number) => write!(f, "AADSTS{number}"),
        }
    }
}

/// Who can do something about an error.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fixer {
    /// Whoever runs the tenant or the provider's accounts.
    Admin,
    /// Whoever runs the AWS account.
    AwsAdmin,
    /// Whoever registered the client, or wrote the profile.
    Developer,
    /// Nobody: it passes.
    Nobody,
    /// The person who signs in.
    You,
}

impl Fixer {
    /// Returns the words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Admin => "the tenant's admin",
            Self::AwsAdmin => "the AWS account's admin",
            Self::Developer => "the app's developer",
            Self::Nobody => "nobody: wait",
            Self::You => "you",
        }
    }

    /// Returns the word for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::AwsAdmin => "aws_admin",
            Self::Developer => "developer",
            Self::Nobody => "nobody",
            Self::You => "you",
        }
    }
}

/// What to do; `{profile}`, `{tenant}`, `{client}` and `{login}` stand for what is known of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Next {
    /// A command line, from `keyfob` on.
    Run(&'static str),
    /// A sentence; command lines in it stand in backticks.
    Step(&'static str),
}

/// One code, explained.
#[derive(Debug, Eq, PartialEq)]
pub struct Row {
    /// The code.
    pub code: Code,
    /// What it means, in one sentence.
    pub meaning: &'static str,
    /// Who can fix it, the most likely first.
    pub fixers: &'static [Fixer],
    /// What to do.
    pub next: Next,
    /// What not to try, to be read after "do not".
    pub avoid: &'static str,
}

const ADMIN: &[Fixer] = &[Fixer::Admin];
const ADMIN_OR_NOBODY: &[Fixer] = &[Fixer::Admin, Fixer::Nobody];
const AWS_ADMIN: &[Fixer] = &[Fixer::AwsAdmin];
const DEVELOPER: &[Fixer] = &[Fixer::Developer];
const DEVELOPER_OR_ADMIN: &[Fixer] = &[Fixer::Developer, Fixer::Admin];
const DEVELOPER_OR_NOBODY: &[Fixer] = &[Fixer::Developer, Fixer::Nobody];
const NOBODY: &[Fixer] = &[Fixer::Nobody];
const NOBODY_OR_ADMIN: &[Fixer] = &[Fixer::Nobody, Fixer::Admin];
const YOU: &[Fixer] = &[Fixer::You];
const YOU_OR_ADMIN: &[Fixer] = &[Fixer::You, Fixer::Admin];
const YOU_OR_ADMIN_OR_NOBODY: &[Fixer] = &[Fixer::You, Fixer::Admin, Fixer::Nobody];
const YOU_OR_AWS_ADMIN: &[Fixer] = &[Fixer::You, Fixer::AwsAdmin];
const YOU_OR_DEVELOPER: &[Fixer] = &[Fixer::You, Fixer::Developer];
const YOU_OR_NOBODY: &[Fixer] = &[Fixer::You, Fixer::Nobody];

/// Returns every row: the standards' first, then Entra's numbers by family, then those of AWS.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    oauth::FAMILIES
        .iter()
        .chain(entra::FAMILIES)
        .chain(aws::FAMILIES)
        .flat_map(|rows| rows.iter())
}

/// Returns the row of a number of Entra's.
pub fn number(number: u32) -> Option<&'static Row> {
    let mut all = entra::FAMILIES.iter().flat_map(|rows| rows.iter());
    all.find(|row| row.code == Code::Number(number))
}

/// Returns the row of a value of `error`, or of a code of AWS with or without the ending that only
/// some of its answers have.
pub fn name(name: &str) -> Option<&'static Row> {
    let bare = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.strip_suffix("exception")
            .map_or(text.clone(), ToOwned::to_owned)
    };
    let name = bare(name);
    named(|code| matches!(code, Code::Name(known) if bare(known) == name))
}

/// Returns the row of a value of `suberror`.
pub fn suberror(name: &str) -> Option<&'static Row> {
    named(|code| matches!(code, Code::Suberror(known) if known == name))
}

fn named(is_meant: impl Fn(Code) -> bool) -> Option<&'static Row> {
    let all = oauth::FAMILIES.iter().chain(aws::FAMILIES);
    let mut all = all.flat_map(|rows| rows.iter());
    all.find(|row| is_meant(row.code))
}

/// Where the page about a number is, which only a person may open.
pub fn link(number: u32) -> String {
    format!("https://login.microsoftonline.com/error?code={number}")
}

/// What a text speaks of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Finding {
    /// A code with a row.
    Known(&'static Row),
    /// A value of `error` without one.
    UnknownName(String),
    /// A number of Entra's without one.
    UnknownNumber(u32),
}

/// Whom an explanation is for, as far as that is known.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct About {
    /// The profile.
    pub profile: Option<ProfileName>,
    /// Its issuer.
    pub issuer: Option<Issuer>,
    /// Its client.
    pub client_id: Option<ClientId>,
}

impl About {
    /// Fills in what a row leaves open; what is not known, or would need quotes, stays a word in
    /// capitals.
    pub fn fill(&self, text: &str) -> String {
        let profile = self.profile.as_ref().map(ProfileName::as_str);
        let client = self.client_id.as_ref().map(ClientId::as_str);
        text.replace("{profile}", plain(profile, "PROFILE"))
            .replace("{tenant}", plain(self.tenant(), "TENANT"))
            .replace("{client}", plain(client, "CLIENT_ID"))
            .replace("{login}", self.login())
    }

    /// The host that the tenant's people sign in at: its cloud's, or the public one.
    fn login(&self) -> &'static str {
        let issuer = self.issuer.as_ref().map(Issuer::as_str);
        let host = issuer.and_then(|issuer| issuer.split('/').nth(2));
        let own = CLOUDS.iter().find(|cloud| Some(cloud.host) == host);
        own.map_or("login.microsoftonline.com", |cloud| cloud.host)
    }

    /// The tenant, where an issuer has it first in its path.
    fn tenant(&self) -> Option<&str> {
        let (_, rest) = self.issuer.as_ref()?.as_str().split_once("://")?;
        let tenant = rest.split('/').nth(1)?;
        Some(tenant).filter(|tenant| !["", "common", "consumers", "organizations"].contains(tenant))
    }
}

fn plain<'a>(text: Option<&'a str>, instead: &'a str) -> &'a str {
    let is_plain = |text: &&str| {
        let mut bytes = text.bytes();
        bytes.all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
    };
    text.filter(is_plain).unwrap_or(instead)
}

/// What is said beside an error that keyfob prints: short.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Aside {
    /// What it means.
    pub means: String,
    /// What to do.
    pub hint: Option<Hint>,
    /// Whether the hint is about this very case, rather than about a whole class of errors.
    pub is_specific: bool,
}

/// Explains a refusal in two lines; `None` for one that nothing is known about.
pub fn aside(refused: &Refused, about: &About) -> Option<Aside> {
    let findings = read_refused(refused).findings;
    let unknown = findings.iter().find_map(|finding| match finding {
        Finding::UnknownNumber(number) => Some(*number),
        Finding::Known(_) | Finding::UnknownName(_) => None,
    });
    let unknown = unknown.map(|number| {
        format!(
            "keyfob does not know AADSTS{number}; Microsoft's page is {}",
            link(number)
        )
    });
    let Some(Finding::Known(row)) = findings.first() else {
        return unknown.map(|means| Aside {
            means,
            hint: None,
            is_specific: false,
        });
    };
    let is_specific = !matches!(row.code, Code::Name(_));
    // A word of a standard explains little where a number is given.
    let means = match unknown.filter(|_| !matches!(row.code, Code::Number(_))) {
        Some(unknown) => format!("{}; {unknown}", row.meaning),
        None => row.meaning.to_owned(),
    };
    Some(Aside {
        means,
        hint: Some(row.hint(about)),
        is_specific,
    })
}

impl Row {
    /// Returns what to do, filled in.
    pub fn hint(&self, about: &About) -> Hint {
        match self.next {
            Next::Run(line) => Hint::Run(about.fill(line)),
            Next::Step(sentence) => Hint::Try(about.fill(sentence)),
        }
    }
}
