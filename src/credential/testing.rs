//! What the tests of all protocols share: calls, a token, and what came of them.

use super::{Call, Found, Protocol, Request, Step, TokenIs};
use crate::base::{Secret, Timestamp, Vars};

/// A call, with what it refers to.
pub(super) struct Sample {
    words: Vec<String>,
    sent: Vec<u8>,
    vars: Vars,
}

impl Sample {
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

/// The answer as text.
pub(super) fn answer(protocol: &dyn Protocol, request: &Request, found: &OwnFound) -> String {
    let found = Found {
        token: &found.token,
        expires: Timestamp(1_000_003_600),
        username: found.username,
        kind: TokenIs::Access,
        tenant: None,
        role: None,
        now: Timestamp(1_000_000_000),
    };
    protocol.answer(request, &found).expose().to_owned()
}

/// What [`answer`] answers with.
pub(super) struct OwnFound {
    pub(super) token: Secret,
    pub(super) username: Option<&'static str>,
}

/// A token that ends at 2001-09-09T02:46:40Z, an hour from now.
pub(super) fn found() -> OwnFound {
    OwnFound {
        token: Secret::new("t0ken".to_owned()),
        username: None,
    }
}
