//! The first thing to set right when a token does not hold, and what the command ends with.
//!
//! Guesses the cause that is most often behind a check; never says that something else is fine.

use super::judge::Judge;
use crate::base::{Diagnostic, Exit, Hint, TokenIssuers, printable_line};
use crate::jwt::TokenKind;
use crate::jwt::checks::{Line, Outcome, Report, Step};
use crate::output::checks::reason;
use crate::provider::entra::is_other_version;

/// What `keyfob verify` ends with when a token does not hold.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub(super) struct Refused {
    what: String,
    fix: Option<String>,
    exit: Exit,
}

impl Refused {
    /// Returns what to end with; nothing when the token holds.
    pub(super) fn of(report: &Report, judge: &Judge<'_>) -> Option<Self> {
        let kind = report.kind.map_or("token", TokenKind::name);
        let (what, exit) = match report.outcome {
            Outcome::Holds => return None,
            Outcome::Fails => {
                let line = report.first_failed();
                let said = line.map_or_else(String::new, said);
                (format!("the {kind} fails {said}"), Exit::Verification)
            }
            Outcome::NotVerifiable(design) => (
                format!("the token is not verifiable by design: {}", reason(design)),
                Exit::NotVerifiable,
            ),
            Outcome::Undecided => {
                let fault = judge.fault().unwrap_or_else(|| "there are none".into());
                (
                    format!("the provider's keys cannot be had: {fault}"),
                    Exit::Unreachable,
                )
            }
        };
        let fix = fix(report, judge);
        Some(Self { what, fix, exit })
    }
}

impl Diagnostic for Refused {
    fn exit(&self) -> Exit {
        self.exit
    }

    fn hint(&self) -> Option<Hint> {
        self.fix.clone().map(Hint::Try)
    }
}

fn said(line: &Line) -> String {
    format!(
        "the {} check: expected {}, found {}",
        line.step.name(),
        line.expected,
        line.found
    )
}

/// Returns the first thing to set right.
pub(super) fn fix(report: &Report, judge: &Judge<'_>) -> Option<String> {
    match report.outcome {
        Outcome::Holds => None,
        Outcome::Undecided => Some("try again later, or give the keys with `--jwks`".into()),
        Outcome::NotVerifiable(_) => {
            Some("ask for a token of your own API instead, and verify that".into())
        }
        Outcome::Fails => report.first_failed().map(|line| of(line, report, judge)),
    }
}

fn of(line: &Line, report: &Report, judge: &Judge<'_>) -> String {
    let profile = &judge.profile().name;
    match line.step {
        Step::Form => "give the token alone, as `keyfob token` prints it".into(),
        Step::Clock => {
            "set this machine's clock right first: until then tokens look expired, or not yet valid"
                .into()
        }
        Step::Audience => audience(report, judge),
        Step::Kind => match report.kind {
            Some(TokenKind::Id) => {
                format!(
                    "an API takes the access token: `keyfob token {profile}` without `--id-token`"
                )
            }
            Some(TokenKind::Access) | None => {
                "give a token of the kind that is asked for, or leave `--type` and `--at-jwt` out"
                    .into()
            }
        },
        Step::Issuer => issuer(report, judge),
        Step::Subject => "ask whoever runs the provider: every token must have a `sub`".into(),
        Step::Time => format!("get a new one: `keyfob token {profile} --renew`"),
        Step::Key => {
            "compare the issuer: the token is of another provider, tenant or set of keys (an Entra \
             app with signing keys of its own needs `?appid=` in the metadata's address)"
                .into()
        }
        Step::Signature => {
            "take the token anew from where it comes: it was cut, changed, or made by somebody else"
                .into()
        }
        Step::Permissions => {
            "ask for these scopes when signing in, or have an admin assign the role".into()
        }
        Step::Client => "compare the client id with the clients that the API takes".into(),
        Step::Strength => {
            "sign in again with `--claims-challenge`, or with `acr_values` in the profile's \
             `authorize`"
                .into()
        }
    }
}

/// An API of Entra's has two names: its URI in tokens of version 1, its GUID in those of version 2.
fn audience(report: &Report, judge: &Judge<'_>) -> String {
    let found = report
        .claims
        .as_ref()
        .map(|claims| claims.aud.clone())
        .unwrap_or_default();
    let bare = |text: &str| {
        let text = text.trim_end_matches('/');
        text.strip_prefix("api://").unwrap_or(text).to_owned()
    };
    let mut pairs = judge
        .audiences()
        .iter()
        .flat_map(|wanted| found.iter().map(move |found| (wanted, found)));
    if let Some((wanted, found)) = pairs.find(|(wanted, found)| bare(wanted) == bare(found)) {
        let (wanted, found) = (printable_line(wanted), printable_line(found));
        return format!(
            "`{wanted}` and `{found}` are two forms of one API's name: accept both, with \
             `--audience {wanted} --audience {found}`"
        );
    }
    "ask for a token of this API: name it in the target's `scopes` (at Entra with its prefix, as in \
     `api://…/read`), `audience` or `resource`"
        .into()
}

fn issuer(report: &Report, judge: &Judge<'_>) -> String {
    let found = report
        .claims
        .as_ref()
        .and_then(|claims| claims.iss.as_deref());
    if let (Some(found), TokenIssuers::Exact(expected)) = (found, judge.issuers())
        && is_other_version(expected, found)
    {
        return format!(
            "the API's registration decides the version of its tokens: set \
             `requestedAccessTokenVersion` to 2 there, or accept `{}` as well",
            printable_line(found)
        );
    }
    "verify it with the profile, or the `--issuer`, of the provider that made it".into()
}
