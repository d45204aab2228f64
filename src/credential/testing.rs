//! What the tests of all protocols share: calls, a token, and what came of them.

use jiff::tz::{Offset, TimeZone};

use super::{Call, Found, Protocol, Reason, Reply, Request, Step, TokenKind, Why};
use crate::base::{Exit, Secret, Timestamp, Vars};

/// A call, with what it refers to.
pub(super) struct Sample {
    words: Vec<String>,
    sent: Vec<u8>,
    vars: Vars,
}

impl Sample {
    /// Puts words after the command line.
    pub(super) fn say(&mut self, line: &str) {
        self.words = line.split(' ').map(str::to_owned).collect();
    }

    pub(super) fn call(&self) -> Call<'_> {
        Call {
            words: &self.words,
            sent: &self.sent,
            vars: &self.vars,
        }
    }
}

/// A call with one variable.
pub(super) fn var(name: &str, value: &str) -> Sample {
    Sample {
        words: Vec::new(),
        sent: Vec::new(),
        vars: Vars::new([(name.to_owned(), value.to_owned())]),
    }
}

/// A call with words alone.
pub(super) fn line(line: &str) -> Sample {
    sent(&line.split(' ').collect::<Vec<_>>(), b"")
}

/// A call with several variables.
pub(super) fn vars(vars: &[(&str, &str)]) -> Sample {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Sample {
        words: Vec::new(),
        sent: Vec::new(),
        vars: Vars::new(vars.iter().map(owned)),
    }
}

/// A call with words and a text on stdin.
pub(super) fn sent(words: &[&str], sent: &[u8]) -> Sample {
    Sample {
        words: words.iter().map(ToString::to_string).collect(),
        sent: sent.to_vec(),
        vars: Vars::default(),
    }
}

/// What a call asks for, when it asks for a credential.
pub(super) fn serve(protocol: &dyn Protocol, sample: &Sample) -> Request {
    match protocol.read(&sample.call()) {
        Ok(Step::Serve(request)) => request,
        other => panic!("{other:?}"),
    }
}

/// What is wrong with a call.
pub(super) fn misread(protocol: &dyn Protocol, sample: &Sample) -> String {
    match protocol.read(&sample.call()) {
        Err(misread) => misread.to_string(),
        Ok(step) => panic!("{step:?}"),
    }
}

/// How a protocol refuses.
pub(super) fn refused(protocol: &dyn Protocol, reason: Reason, exit: Exit) -> Reply {
    let why = Why {
        reason,
        message: "no \"more\" of this",
        hint: Some("run `keyfob login work`"),
        exit,
    };
    protocol.refuse(None, &why).unwrap()
}

/// The answer as text.
pub(super) fn answer(protocol: &dyn Protocol, request: &Request, found: &OwnFound) -> String {
    let found = Found {
        token: &found.token,
        expires: Timestamp(1_000_003_600),
        username: found.username,
        kind: found.kind,
        tenant: found.tenant,
        role: None,
        now: Timestamp(1_000_000_000),
        zone: || TimeZone::fixed(Offset::constant(2)),
    };
    protocol.answer(request, &found).expose().to_owned()
}

/// What [`answer`] answers with.
pub(super) struct OwnFound {
    pub(super) token: Secret,
    pub(super) username: Option<&'static str>,
    pub(super) kind: TokenKind,
    pub(super) tenant: Option<&'static str>,
}

/// A token that ends at 2001-09-09T02:46:40Z, an hour from now.
pub(super) fn found() -> OwnFound {
    OwnFound {
        token: Secret::new("t0ken".to_owned()),
        username: None,
        kind: TokenKind::Access,
        tenant: None,
    }
}
