//! The lines of a report: form, clock, audience, kind, issuer, subject and time.
//!
//! Words are made only for lines that somebody will read. Never proves anything.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;

use super::{Design, Detail, FATAL_SKEW, Line, Mark, NOTABLE_SKEW, Outcome, Report, Step, Terms};
use crate::base::{Issuer, Subject, in_words};
use crate::jwt::claims::Claims;
use crate::jwt::compact::{CompactError, Unverified};
use crate::jwt::failure::{Failure, TokenKind, listed, quoted, shown};
use crate::jwt::made_by::decided;
use crate::jwt::verify::{AccessTokenTypes, MOST_LEEWAY};

/// The lines so far.
pub(super) struct Sheet {
    pub(super) lines: Vec<Line>,
    pub(super) detail: Detail,
}

/// What a line says: what was expected, what is there.
type Said = (Cow<'static, str>, Cow<'static, str>);

impl Sheet {
    /// Writes a line; its words are made only if somebody will read them.
    pub(super) fn put(&mut self, step: Step, mark: Mark, said: impl FnOnce() -> Said) {
        if mark == Mark::Holds && self.detail == Detail::Exceptions {
            return;
        }
        let (expected, found) = said();
        self.lines.push(Line {
            step,
            mark,
            expected,
            found,
        });
    }

    pub(super) fn done(self, kind: Option<TokenKind>, outcome: Outcome, claims: &Claims) -> Report {
        Report {
            kind,
            lines: self.lines,
            outcome,
            claims: (self.detail == Detail::Every).then(|| claims.clone()),
        }
    }

    pub(super) fn unreadable(mut self, error: &CompactError, terms: &Terms<'_>) -> Report {
        let (mark, outcome) = if *error == CompactError::Encrypted {
            (Mark::Unknown, Outcome::NotVerifiable(Design::Encrypted))
        } else if *error == CompactError::Parts(1) {
            (Mark::Unknown, Outcome::NotVerifiable(Design::Opaque))
        } else {
            (Mark::Fails, Outcome::Fails)
        };
        self.clock(terms.ahead);
        let found = shown(&error.to_string());
        self.put(Step::Form, mark, || ("a signed JWT".into(), found.into()));
        Report {
            kind: None,
            lines: self.lines,
            outcome,
            claims: None,
        }
    }

    pub(super) fn outcome(&self) -> Outcome {
        let any = |mark, step: Option<Step>| {
            let mut lines = self.lines.iter();
            lines.any(|line| line.mark == mark && step.is_none_or(|step| line.step == step))
        };
        if any(Mark::Fails, None) {
            Outcome::Fails
        } else if any(Mark::Unknown, Some(Step::Signature)) {
            Outcome::Undecided
        } else {
            Outcome::Holds
        }
    }

    pub(super) fn clock(&mut self, ahead: Option<i64>) {
        let expected = || Cow::Borrowed("as the provider's");
        let Some(ahead) = ahead else {
            // Said once, not with every line of a stream.
            if self.detail == Detail::Exceptions {
                return;
            }
            return self.put(Step::Clock, Mark::Unknown, || {
                (
                    expected(),
                    "not compared: the provider was not asked".into(),
                )
            });
        };
        let by = ahead.unsigned_abs();
        let mark = if by > FATAL_SKEW {
            Mark::Fails
        } else if by > NOTABLE_SKEW {
            Mark::Warns
        } else {
            Mark::Holds
        };
        self.put(Step::Clock, mark, || {
            let side = if ahead > 0 { "ahead" } else { "behind" };
            let found = match by {
                0..=1 => "the same".into(),
                _ => format!("{ahead:+} s ({} {side})", in_words(Duration::from_secs(by))).into(),
            };
            (expected(), found)
        });
    }

    pub(super) fn audience(&mut self, claims: &Claims, kind: TokenKind, terms: &Terms<'_>) {
        let found = || listed(claims.aud.iter().map(String::as_str)).into();
        let own = terms.client_id.filter(|_| kind == TokenKind::Id);
        let is_meant =
            |aud: &String| terms.audiences.contains(aud) || own.is_some_and(|own| own == aud);
        if terms.audiences.is_empty() && own.is_none() {
            let mark = if claims.aud.is_empty() {
                Mark::Fails
            } else {
                Mark::Warns
            };
            return self.put(Step::Audience, mark, || {
                ("not said: give `--audience`".into(), found())
            });
        }
        let mark = if claims.aud.iter().any(is_meant) {
            Mark::Holds
        } else {
            Mark::Fails
        };
        self.put(Step::Audience, mark, || {
            let accepted = terms.audiences.iter().map(String::as_str).chain(own);
            (listed(accepted).into(), found())
        });
    }

    pub(super) fn kind(&mut self, token: &Unverified, kind: TokenKind, terms: &Terms<'_>) {
        let expected = terms.kind.unwrap_or(kind);
        let typ = token.header().typ.as_deref();
        let media = typ.map(|typ| typ.strip_prefix("application/").unwrap_or(typ));
        let of_standard = terms.types == AccessTokenTypes::Standard;
        let fits = match expected {
            TokenKind::Access if of_standard => {
                media.is_some_and(|media| media.eq_ignore_ascii_case("at+jwt"))
            }
            TokenKind::Access => true,
            TokenKind::Id => media.is_none_or(|media| {
                media.eq_ignore_ascii_case("JWT") || media.eq_ignore_ascii_case("JOSE")
            }),
        };
        let mark = if fits && expected == kind {
            Mark::Holds
        } else {
            Mark::Fails
        };
        self.put(Step::Kind, mark, || {
            let media = match (expected, of_standard) {
                (TokenKind::Access, true) => " of type `at+jwt`",
                _ => "",
            };
            let typ = typ.map_or_else(
                || "no type".to_owned(),
                |typ| format!("type {}", quoted(typ)),
            );
            (
                format!("an {}{media}", expected.name()).into(),
                format!("an {}, {typ}", kind.name()).into(),
            )
        });
    }

    /// Returns the issuer for which the key must be good.
    pub(super) fn issuer(
        &mut self,
        claims: &Claims,
        kind: TokenKind,
        terms: &Terms<'_>,
    ) -> Option<Issuer> {
        let iss = claims.iss.as_deref();
        let said = || iss.map_or_else(|| "nothing".to_owned(), quoted);
        let decided = match decided(claims, kind, terms.issuers) {
            Ok(decided) => decided,
            Err(Failure { reason, .. }) => {
                self.put(Step::Issuer, Mark::Fails, || {
                    let expected = terms.issuers.to_string();
                    (
                        shown(&expected).into(),
                        format!("{}: {reason}", said()).into(),
                    )
                });
                return None;
            }
        };
        let tenant = claims.claim("tid").and_then(Value::as_str);
        let is_allowed = terms.tenants.is_empty()
            || tenant.is_some_and(|tenant| terms.tenants.iter().any(|one| one == tenant));
        let mark = if iss == Some(decided.issuer.as_str()) && is_allowed {
            Mark::Holds
        } else {
            Mark::Fails
        };
        self.put(Step::Issuer, mark, || {
            let (mut expected, mut found) = (quoted(decided.issuer.as_str()), said());
            if !is_allowed {
                let tenants = listed(terms.tenants.iter().map(String::as_str));
                expected = format!("{expected}, tenant {tenants}");
                found = format!("{found}, tenant {}", listed(tenant));
            }
            (expected.into(), found.into())
        });
        Some(decided.key_issuer)
    }

    pub(super) fn subject(&mut self, claims: &Claims) {
        let subject = claims.sub.as_deref().unwrap_or_default();
        let mark = if Subject::parse(subject).is_ok() {
            Mark::Holds
        } else {
            Mark::Fails
        };
        self.put(Step::Subject, mark, || {
            ("somebody".into(), listed(claims.sub.as_deref()).into())
        });
    }

    pub(super) fn time(&mut self, claims: &Claims, terms: &Terms<'_>) {
        let (now, leeway) = (terms.now, terms.leeway.min(MOST_LEEWAY));
        let expected = || format!("valid now, within {}", in_words(leeway)).into();
        let starts = [("nbf", claims.nbf), ("iat", claims.iat)];
        let early = starts
            .into_iter()
            .find_map(|(claim, at)| Some((claim, at.filter(|at| *at > now.plus(leeway))?)));
        let (mark, found): (Mark, Box<dyn Fn() -> String>) = match (claims.exp, early) {
            (None, _) => (Mark::Fails, Box::new(|| "`exp` is missing".into())),
            (Some(exp), _) if exp <= now.minus(leeway) => (
                Mark::Fails,
                Box::new(move || format!("expired {} ago", in_words(now.since(exp)))),
            ),
            (_, Some((claim, at))) => (
                Mark::Fails,
                Box::new(move || format!("`{claim}` is {} ahead", in_words(at.since(now)))),
            ),
            (Some(exp), None) if exp <= now => (
                Mark::Warns,
                Box::new(move || {
                    format!(
                        "expired {} ago, within the leeway",
                        in_words(now.since(exp))
                    )
                }),
            ),
            (Some(exp), None) if claims.iat.is_none() => (
                Mark::Fails,
                Box::new(move || format!("`iat` is missing; ends in {}", in_words(exp.since(now)))),
            ),
            (Some(exp), None) => (
                Mark::Holds,
                Box::new(move || format!("ends in {}", in_words(exp.since(now)))),
            ),
        };
        self.put(Step::Time, mark, || (expected(), found().into()));
    }
}
