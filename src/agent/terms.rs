//! What a restricted socket gives, and what it refuses (PURE): access tokens for the named targets,
//! until its end, and nothing else.
//!
//! Everything that is not allowed here by name is refused. Times are of a clock that never goes
//! back and goes on while the machine sleeps.

use std::time::Duration;

use super::frame::{Fault, Granted, HintText, Reason, Request, TokenAsk, Wish};
use crate::base::{Diagnostic, Exit, Hint, Relayed, SshHost};
use crate::session::Kind;

/// More life than this is not asked of a token: it would be a way to force renewals.
const MOST_MIN_LIFE: u64 = 600;

/// What one restricted socket gives.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub(super) id: String,
    pub(super) host: SshHost,
    pub(super) targets: Vec<Granted>,
    pub(super) confirm: bool,
    pub(super) until: Duration,
    /// The agent's machine, as the other side is told.
    pub(super) from: String,
}

/// Why a restricted socket refuses. Said on another machine, so it says where things are.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the agent of {from} {what}")]
pub(super) struct NotAllowed {
    from: String,
    what: What,
}

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
enum What {
    #[error("was forwarded to {host} for a time that is over")]
    Ended { host: String },
    #[error("is forwarded for access tokens only: there is no ID token for `{wanted}`")]
    IdToken { wanted: String },
    #[error(
        "is forwarded for tokens that live on by themselves: `{wanted}` is not renewed on demand"
    )]
    Renewal { wanted: String },
    #[error("is forwarded for tokens only: it does not answer `{request}`")]
    Request { request: &'static str },
    #[error("is forwarded for {allowed} only: there is no token for `{wanted}`")]
    Target { wanted: String, allowed: String },
    #[error(
        "is forwarded for `{wanted}` as it is configured there: scopes, audience and resource \
         cannot be others"
    )]
    Wish { wanted: String },
}

impl Diagnostic for NotAllowed {
    fn exit(&self) -> Exit {
        Exit::Refused
    }

    fn hint(&self) -> Option<Hint> {
        let hint = match &self.what {
            What::Ended { host } => format!("on {}, forward the agent to {host} again", self.from),
            What::Renewal { .. } => "ask without `--renew`, and for 10 min of life at most".into(),
            What::Target { wanted, .. } => format!(
                "on {}, forward the agent with `--target {wanted}` as well; \
                 `KEYFOB_AGENT=off` asks no agent",
                self.from
            ),
            What::IdToken { .. } | What::Request { .. } | What::Wish { .. } => {
                "set `KEYFOB_AGENT=off` to ask no agent".into()
            }
        };
        Some(Hint::Try(hint))
    }
}

impl From<NotAllowed> for Fault {
    fn from(error: NotAllowed) -> Self {
        Self::of(Reason::Refused, &Relayed::of(&error))
    }
}

impl Terms {
    /// Returns what is left of its time; nothing when it is over.
    pub(super) fn left(&self, now: Duration) -> Option<Duration> {
        let left = self.until.checked_sub(now)?;
        (!left.is_zero()).then_some(left)
    }

    /// Returns what is asked for, if it may be had; a wish is looked at by [`Terms::permits_wish`].
    pub(super) fn permits<'r>(
        &self,
        request: &'r Request,
        now: Duration,
    ) -> Result<&'r TokenAsk, NotAllowed> {
        if self.left(now).is_none() {
            return Err(self.ended());
        }
        let Request::Token(ask) = request else {
            let request = request.name();
            return Err(self.refuse(What::Request { request }));
        };
        let wanted = granted(ask);
        if !self.targets.contains(&wanted) {
            let wanted = wanted.to_string();
            let allowed = self.allowed();
            return Err(self.refuse(What::Target { wanted, allowed }));
        }
        let wanted = wanted.to_string();
        match ask.kind {
            Kind::Access => {}
            Kind::Id => return Err(self.refuse(What::IdToken { wanted })),
        }
        if ask.renew || ask.min_life.is_some_and(|life| life > MOST_MIN_LIFE) {
            return Err(self.refuse(What::Renewal { wanted }));
        }
        Ok(ask)
    }

    /// Makes sure that a token is asked for as its target says: `configured` is what the target
    /// means at the agent, and is asked for only when there is a wish at all.
    pub(super) fn permits_wish(
        &self,
        ask: &TokenAsk,
        configured: impl FnOnce() -> Result<crate::oauth::grant::Wanted, Fault>,
    ) -> Result<(), Fault> {
        if ask.wish == Wish::default() {
            return Ok(());
        }
        // A host that knows the profile as well says all that it means. The same is no other.
        let configured = configured()?;
        if ask.wish.of(configured.clone()) == configured {
            return Ok(());
        }
        let wanted = granted(ask).to_string();
        Err(self.refuse(What::Wish { wanted }).into())
    }

    pub(super) fn ended(&self) -> NotAllowed {
        let host = self.host.to_string();
        self.refuse(What::Ended { host })
    }

    /// Puts an error of the agent's into words for the other side: commands are for this machine,
    /// and whoever knows nothing of the profile has nowhere else to go.
    pub(super) fn abroad(&self, mut fault: Fault, ask: Option<&TokenAsk>) -> Fault {
        if let Some(HintText::Run(line)) = &fault.hint {
            fault.hint = Some(HintText::Try(format!("on {}, run `{line}`", self.from)));
        }
        if fault.reason == Reason::Declined && ask.is_none_or(|ask| ask.issuer.is_none()) {
            fault.reason = Reason::Failed;
        }
        fault
    }

    pub(super) fn allowed(&self) -> String {
        let names = self.targets.iter().map(|name| format!("`{name}`"));
        names.collect::<Vec<_>>().join(", ")
    }

    fn refuse(&self, what: What) -> NotAllowed {
        let from = self.from.clone();
        NotAllowed { from, what }
    }
}

/// Returns what a request for a token is for.
pub(super) fn granted(ask: &TokenAsk) -> Granted {
    Granted {
        profile: ask.profile.clone(),
        target: ask.target.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Scopes;
    use crate::oauth::grant::Wanted;

    fn terms() -> Terms {
        Terms {
            id: "f".into(),
            host: SshHost::parse("dev1").unwrap(),
            targets: ["work/orders", "play"]
                .map(|text| Granted::parse(text).unwrap())
                .to_vec(),
            confirm: false,
            until: Duration::from_secs(100),
            from: "laptop".into(),
        }
    }

    fn said(request: &str, now: u64) -> Result<(), String> {
        let request = Request::parse(request.as_bytes()).unwrap();
        let terms = terms();
        let permitted = terms.permits(&request, Duration::from_secs(now));
        permitted.map(drop).map_err(|error| {
            assert_eq!(error.exit(), Exit::Refused);
            assert!(matches!(error.hint(), Some(Hint::Try(_))));
            error.to_string()
        })
    }

    #[test]
    fn what_is_named_is_given_and_nothing_else_is() {
        let token = |more: &str| format!(r#"{{"ask":"token",{more}}}"#);
        for more in [
            r#""profile":"work","target":"orders""#,
            r#""profile":"play""#,
            r#""profile":"play","kind":"access","min_life":600"#,
        ] {
            assert_eq!(said(&token(more), 99), Ok(()), "{more}");
        }
        for (more, word) in [
            (r#""profile":"work""#, "no token for `work`"),
            (r#""profile":"work","target":"admin""#, "`work/admin`"),
            (r#""profile":"play","target":"orders""#, "`play/orders`"),
            (r#""profile":"Work","target":"orders""#, "`Work/orders`"),
            (r#""profile":"play","kind":"id""#, "no ID token for `play`"),
            (r#""profile":"play","renew":true"#, "`play` is not renewed"),
            (r#""profile":"play","min_life":601"#, "not renewed"),
        ] {
            let error = said(&token(more), 0).unwrap_err();
            assert!(error.contains(word), "{more}: {error}");
        }
        let error = said(&token(r#""profile":"work""#), 0).unwrap_err();
        assert!(error.contains("`work/orders`, `play` only"), "{error}");
    }

    #[test]
    fn no_request_but_a_token_is_answered() {
        for request in [
            r#"{"ask":"adopt","record":"cg","entry":"e","tokens":[]}"#,
            r#"{"ask":"forward","host":"x","targets":["play"],"seconds":1}"#,
            r#"{"ask":"lock","passphrase":"cA"}"#,
            r#"{"ask":"role","profile":"play","role":[]}"#,
            r#"{"ask":"sessions"}"#,
            r#"{"ask":"sign_out","profile":"play","issuer":"https://a","client_id":"c"}"#,
            r#"{"ask":"status"}"#,
            r#"{"ask":"stop"}"#,
            r#"{"ask":"unforward","id":"f"}"#,
            r#"{"ask":"unlock","passphrase":"cA"}"#,
        ] {
            let error = said(request, 0).unwrap_err();
            assert!(error.contains("does not answer"), "{request}: {error}");
        }
        // Every request there is has been tried: a new one must be looked at.
        assert_eq!(Request::NAMES.len(), 11);
    }

    #[test]
    fn nothing_is_given_after_the_end() {
        let request = r#"{"ask":"token","profile":"play"}"#;
        assert_eq!(said(request, 99), Ok(()));
        for now in [100, 101, u64::MAX] {
            let error = said(request, now).unwrap_err();
            assert!(error.contains("time that is over"), "{error}");
        }
    }

    #[test]
    fn a_wish_that_changes_nothing_is_none() {
        let configured = Wanted {
            scopes: Scopes::parse("a b").unwrap(),
            ..Wanted::default()
        };
        let permitted = |wish: &str| {
            let request = format!(r#"{{"ask":"token","profile":"play","wish":{wish}}}"#);
            let Request::Token(ask) = Request::parse(request.as_bytes()).unwrap() else {
                panic!()
            };
            let terms = terms();
            terms.permits_wish(&ask, || Ok(configured.clone())).is_ok()
        };

        for wish in [
            "{}",
            r#"{"scopes":"a b"}"#,
            r#"{"scopes":"a b","resources":[],"whole":true}"#,
        ] {
            assert!(permitted(wish), "{wish}");
        }
        for wish in [
            r#"{"scopes":"a"}"#,
            r#"{"scopes":"a b c"}"#,
            r#"{"audience":"x"}"#,
            r#"{"resources":["https://x"]}"#,
            r#"{"whole":true}"#,
            r#"{"demand":{"max_age":5}}"#,
        ] {
            assert!(!permitted(wish), "{wish}");
        }
    }
}
