//! Trades a token for the credentials of an AWS role: `AssumeRoleWithWebIdentity` of AWS STS,
//! version 2011-06-15. The request is not signed: the token is all that it shows.
//!
//! | file | what |
//! |---|---|
//! | `input.rs` | what is asked, checked |
//! | `answer.rs` | XML or JSON to credentials |
//! | `error.rs` | why there are none |
//!
//! The token goes to the STS of the role's partition, or to the address that the user wrote down,
//! and nowhere else. Asked again only when AWS says that it should be.

mod answer;
mod error;
mod input;

pub use answer::{RoleCredentials, Seen};
pub use error::{Ground, RoleError};
pub use input::{AssumeRole, SessionName, WishError};

use std::time::Duration;

use http::Request;
use http::header::{ACCEPT, CONTENT_TYPE};

use super::wire::{date, retry_after};
use super::{Backoff, Error, Skew, Wire};
use crate::base::Secret;
use crate::oauth::form;
use crate::sys::http::Response;

/// The longest token that AWS takes.
const LONGEST_TOKEN: usize = 20_000;

/// How long it is waited before AWS is asked again, when it says that this may help: for all but one
/// caller somebody else waits, so no more is needed to keep many from asking at once.
const PAUSES: [Duration; 2] = [Duration::from_millis(400), Duration::from_millis(1600)];

/// Trades a token for a role's credentials.
///
/// # Errors
///
/// [`Error::Role`] when AWS gives none; [`Error::Http`]; [`Error::HeldOff`] when nothing was sent
/// because the same STS failed a moment ago.
pub fn assume(
    wire: Wire<'_>,
    asked: &AssumeRole,
    name: &SessionName,
    token: &Secret,
) -> Result<RoleCredentials, Error> {
    let length = token.expose().len();
    if length > LONGEST_TOKEN {
        return Err(RoleError::TokenTooLong(length).into());
    }
    let desk = Desk::new(wire, asked);
    desk.heedful.may_send()?;
    let form = request(asked, name, token);
    let mut pauses = PAUSES.iter();
    loop {
        let (error, wait) = match desk.ask(asked, &form) {
            Ok(credentials) => {
                desk.is_well();
                return Ok(credentials);
            }
            Err(why) => why,
        };
        let may_help = matches!(&error, Error::Role(error) if error.is_passing());
        // Whoever is told to wait longer than a person would is better told so.
        let Some(pause) = pauses.next().filter(|_| may_help && wait.is_none()) else {
            desk.note(&error, wait);
            return Err(error);
        };
        desk.quiet.clock.sleep(*pause);
    }
}

/// The way to one STS: its trouble is its own, and not held against the provider.
struct Desk<'a> {
    heedful: Wire<'a>,
    /// The same for tries that belong together.
    quiet: Wire<'a>,
    backoff: Option<Backoff<'a>>,
}

/// What one try came to; a failure with the wait that was asked for.
type Tried = Result<RoleCredentials, (Error, Option<Duration>)>;

impl<'a> Desk<'a> {
    fn new(wire: Wire<'a>, asked: &'a AssumeRole) -> Self {
        let backoff = wire.backoff.map(|backoff| Backoff {
            issuer: &asked.endpoint,
            ..backoff
        });
        Self {
            heedful: Wire { backoff, ..wire }.heedful(),
            quiet: Wire {
                backoff: None,
                ..wire
            },
            backoff,
        }
    }

    fn ask(&self, asked: &AssumeRole, form: &str) -> Tried {
        let request = Request::post(asked.endpoint.url().as_str())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .body(form.as_bytes().to_vec())
            .expect("a parsed URL makes a request");
        let response = self.quiet.send(request).map_err(|error| (error, None))?;
        let now = self.quiet.clock.now();
        let credentials = answer::read(response.status, &response.body)
            .map_err(|error| (error.into(), retry_after(&response.headers, now)))?;
        if credentials.expires <= now {
            return Err((RoleError::Over(self.skew(&response)).into(), None));
        }
        Ok(credentials)
    }

    fn skew(&self, response: &Response) -> Skew {
        Skew::measured(self.quiet.clock.now(), date(&response.headers, "date"))
    }

    /// Notes trouble, for those who come next.
    fn note(&self, error: &Error, wait: Option<Duration>) {
        if let Some(backoff) = self.backoff.filter(|_| error.is_passing()) {
            backoff.failed(self.quiet.clock.now(), error.to_string(), wait);
        }
    }

    fn is_well(&self) {
        if let Some(backoff) = self.backoff {
            backoff.is_well();
        }
    }
}

fn request(asked: &AssumeRole, name: &SessionName, token: &Secret) -> zeroize::Zeroizing<String> {
    let duration = asked.duration.map(|life| life.as_secs().to_string());
    let members: Vec<String> = (1..=asked.policy_arns.len())
        .map(|number| format!("PolicyArns.member.{number}.arn"))
        .collect();
    let mut pairs = vec![
        ("Action", "AssumeRoleWithWebIdentity"),
        ("Version", "2011-06-15"),
        ("RoleArn", asked.role.as_str()),
        ("RoleSessionName", name.as_str()),
        ("WebIdentityToken", token.expose()),
    ];
    pairs.extend(
        duration
            .iter()
            .map(|text| ("DurationSeconds", text.as_str())),
    );
    pairs.extend(asked.policy.iter().map(|text| ("Policy", text.as_str())));
    let arns = members.iter().zip(&asked.policy_arns);
    pairs.extend(arns.map(|(member, arn)| (member.as_str(), arn.as_str())));
    form(&pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::AwsRole;

    #[test]
    fn a_request_names_everything_that_was_asked_for_and_nothing_else() {
        let arn = |name| format!("arn:aws:iam::aws:policy/{name}");
        let token = Secret::new("a.b.c".into());
        let name = SessionName::parse("me@example.com").unwrap();
        let wish = AwsRole {
            arn: "arn:aws:iam::123456789012:role/dev".into(),
            ..AwsRole::default()
        };
        let full = AwsRole {
            duration: Some(Duration::from_secs(900)),
            policy: Some("{\"a\":1}".into()),
            policy_arns: vec![arn("A"), arn("B")],
            ..wish.clone()
        };
        let text = |wish| request(&AssumeRole::new(wish).unwrap(), &name, &token);

        let plain = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15\
                     &RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdev\
                     &RoleSessionName=me%40example.com&WebIdentityToken=a.b.c";
        assert_eq!(*text(&wish), plain);
        let more = "&DurationSeconds=900&Policy=%7B%22a%22%3A1%7D\
                    &PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FA\
                    &PolicyArns.member.2.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FB";
        assert_eq!(*text(&full), format!("{plain}{more}"));
    }
}
