//! What the tests of the shapes share.

use serde_json::Value;

use super::request::{Read, read};
use super::{Answer, Denied, Pass, Reason, Request};
use crate::base::Secret;

/// A pass that is known.
pub(super) fn pass(text: &str) -> Pass {
    Pass(Secret::new(text.to_owned()))
}

/// A request as the wire brings it.
pub(super) fn request(target: &str, fields: &[(&str, &str)]) -> Request {
    let fields = fields
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"));
    let text = format!(
        "GET {target} HTTP/1.1\r\nHost: 127.0.0.1:1\r\n{}\r\n",
        fields.collect::<String>()
    );
    let Read::Complete(request) = read(text.as_bytes(), "127.0.0.1:1") else {
        panic!("it does not come through: {text:?}");
    };
    request
}

/// An answer's status and body.
pub(super) fn body(answer: &Answer) -> (u16, Value) {
    let body = serde_json::from_str(answer.body.expose()).unwrap();
    (answer.status, body)
}

pub(super) fn denied(reason: Reason) -> Denied {
    Denied {
        reason,
        message: "no".to_owned(),
    }
}
