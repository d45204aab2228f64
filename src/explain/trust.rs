//! What an AWS account must be told so that a token opens a role: the identity provider, the trust
//! policy of the role, and the command lines that make both.
//!
//! Made of the token that would be presented, claim by claim as AWS compares them. Whatever comes from
//! the token is quoted for a shell and escaped for JSON; the token itself is never shown.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::base::{Issuer, RoleArn, printable_line};
use crate::jwt::Claims;

mod remarks;

/// The token that would be presented, and to which role.
#[derive(Clone, Copy)]
pub struct Presented<'a> {
    /// What the token says.
    pub claims: &'a Claims,
    /// Whether it is an ID token, which keyfob has verified; an access token is for its API alone.
    pub is_id_token: bool,
    /// The role.
    pub role: &'a RoleArn,
}

/// A token that AWS can never take.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NoTrust {
    /// No audience.
    #[error("the token names no audience (`aud`), and AWS takes none without")]
    Audience,
    /// No issuer, or not one that AWS could ask.
    #[error("the token names no issuer (`iss`) that AWS could ask for its keys")]
    Issuer,
    /// No subject.
    #[error("the token names no subject (`sub`), and AWS takes none without")]
    Subject,
}

/// What the account must be told.
#[derive(Debug)]
pub struct Trust<'a> {
    presented: Presented<'a>,
    issuer: Issuer,
    audiences: Vec<&'a str>,
    subject: &'a str,
}

/// Google is built into AWS: there is no provider to be made.
const GOOGLE: &str = "https://accounts.google.com";

impl std::fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Presented")
            .field("role", self.role)
            .finish_non_exhaustive()
    }
}

impl<'a> Trust<'a> {
    /// Reads the claims that AWS compares.
    ///
    /// # Errors
    ///
    /// [`NoTrust`] names the claim that is not there.
    pub fn of(presented: Presented<'a>) -> Result<Self, NoTrust> {
        let claims = presented.claims;
        let issuer = claims.iss.as_deref().ok_or(NoTrust::Issuer)?;
        let issuer = Issuer::parse(issuer).map_err(|_| NoTrust::Issuer)?;
        // AWS judges `azp` in the place of `aud`, where a token has it.
        let audiences: Vec<&str> = match &claims.azp {
            Some(client) => vec![client],
            None => claims.aud.iter().map(String::as_str).collect(),
        };
        if audiences.is_empty() || audiences.iter().any(|audience| audience.is_empty()) {
            return Err(NoTrust::Audience);
        }
        let subject = claims.sub.as_deref().filter(|subject| !subject.is_empty());
        Ok(Self {
            presented,
            issuer,
            audiences,
            subject: subject.ok_or(NoTrust::Subject)?,
        })
    }

    /// The issuer without its scheme, as the names of AWS have it; a slash at its end stays.
    fn name(&self) -> &str {
        let text = self.issuer.as_str();
        text.split_once("://").map_or(text, |(_, rest)| rest)
    }

    fn is_google(&self) -> bool {
        self.issuer.as_str() == GOOGLE
    }

    /// The provider in the account.
    fn provider(&self) -> String {
        let role = self.presented.role;
        if self.is_google() {
            return self.name().to_owned();
        }
        format!(
            "arn:{}:iam::{}:oidc-provider/{}",
            role.partition(),
            role.account(),
            self.name()
        )
    }

    fn judged(&self) -> &'static str {
        if self.presented.claims.azp.is_some() {
            "azp"
        } else {
            "aud"
        }
    }

    fn policy(&self) -> Value {
        let audience = match self.audiences.as_slice() {
            [one] => json!(one),
            several => json!(several),
        };
        let name = self.name();
        json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": { "Federated": self.provider() },
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": { "StringEquals": {
                    format!("{name}:aud"): audience,
                    format!("{name}:sub"): self.subject,
                } },
            }],
        })
    }

    /// The command lines of the AWS CLI: a label and a line each.
    fn commands(&self) -> Vec<(&'static str, String)> {
        let role = word(self.presented.role.name());
        let audiences: Vec<String> = self.audiences.iter().map(|text| word(text)).collect();
        let mut lines = Vec::new();
        if !self.is_google() {
            lines.push((
                "make the identity provider, once in an account",
                format!(
                    "aws iam create-open-id-connect-provider --url {} --client-id-list {}",
                    word(self.issuer.as_str()),
                    audiences.join(" ")
                ),
            ));
            let add = |audience: &String| {
                format!(
                    "aws iam add-client-id-to-open-id-connect-provider \
                     --open-id-connect-provider-arn {} --client-id {audience}",
                    word(&self.provider())
                )
            };
            let adding = audiences.iter().map(add);
            lines.extend(
                adding.map(|line| ("or, where it is there already, add the audience", line)),
            );
        }
        lines.push((
            "let a role that is there trust the token (this replaces its trust policy)",
            format!(
                "aws iam update-assume-role-policy --role-name {role} --policy-document \
                 file://trust.json"
            ),
        ));
        lines.push((
            "or make the role",
            format!(
                "aws iam create-role{} --role-name {role} --assume-role-policy-document \
                 file://trust.json",
                self.path()
            ),
        ));
        lines
    }

    /// The role's path, where it has one.
    fn path(&self) -> String {
        let role = self.presented.role.as_str();
        let path = role.split_once(":role/").map_or("", |(_, path)| path);
        path.rsplit_once('/')
            .map_or_else(String::new, |(path, _)| format!(" --path /{path}/"))
    }

    /// Writes it for people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let kind = if self.presented.is_id_token {
            "the ID token, which keyfob has verified"
        } else {
            "the access token, which only its API and AWS can verify"
        };
        let audiences = self.audiences.join(" or ");
        for (label, value) in [
            ("presented", kind),
            ("role", self.presented.role.as_str()),
            ("iss", self.issuer.as_str()),
            (self.judged(), &audiences),
            ("sub", self.subject),
        ] {
            let label = format!("{label}:");
            writeln!(text, "{label:<11} {}", printable_line(value)).expect(TAKES);
        }
        text.push_str("\nThe trust policy, to be saved as trust.json:\n\n");
        text.push_str(&ascii(&self.policy()));
        text.push_str("\n\nThe command lines of an admin of the account:\n");
        let mut before = "";
        for (label, line) in self.commands() {
            if label != before {
                write!(text, "\n# {label}\n").expect(TAKES);
            }
            writeln!(text, "{line}").expect(TAKES);
            before = label;
        }
        for remark in self.remarks() {
            write!(text, "\nnote: {}\n", printable_line(&remark)).expect(TAKES);
        }
        text
    }

    /// Writes it for programs.
    pub fn json(&self) -> String {
        let commands: Vec<String> = self.commands().into_iter().map(|(_, line)| line).collect();
        let whole = json!({
            "presented": if self.presented.is_id_token { "id" } else { "access" },
            "verified": self.presented.is_id_token,
            "role": self.presented.role.as_str(),
            "issuer": self.issuer.as_str(),
            "audiences": self.audiences,
            "audience_claim": self.judged(),
            "subject": self.subject,
            "provider": self.provider(),
            "trust_policy": self.policy(),
            "commands": commands,
            "notes": self.remarks(),
        });
        ascii(&whole) + "\n"
    }
}

const TAKES: &str = "a string takes any text";

/// JSON in ASCII alone: what would turn or hide text on a terminal is escaped, and means the same.
fn ascii(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).expect("a value has only text keys");
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            safe.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(safe, "\\u{unit:04x}").expect(TAKES);
            }
        }
    }
    safe
}

/// One word for a shell: what it would read is in quotes.
fn word(text: &str) -> String {
    let text = printable_line(text);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/@%+=,".contains(c);
    if text.chars().all(is_plain) && !text.is_empty() && !text.starts_with('-') {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests;
