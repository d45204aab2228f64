//! What a fault can do: bends of what is sent, and switches that the endpoints look at.

use serde_json::{Map, Value};

use crate::issuer::message::{Answer, Body};
use crate::issuer::mint::{Draft, Occasion};
use crate::issuer::realm::Realm;

/// One bend of what is sent. The first act of a row is counted; the others support it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// Changes an answer as a whole.
    Answer(Point, fn(Answer, &Realm) -> Answer),
    /// Changes the parameters of an authorization response.
    Callback(fn(&mut Vec<(&'static str, String)>)),
    /// Changes the `Date` field, by seconds.
    Date(i64),
    /// Turns a switch that the endpoints look at.
    Flag(Flag),
    /// Changes the claims of an ID token at a sign-in.
    IdClaims(fn(&mut Map<String, Value>, &Realm)),
    /// Changes an ID token before it is signed.
    IdToken(Occasion, fn(&mut Draft, &Realm)),
    /// Answers before the endpoint does.
    Instead(Point, fn(&Realm) -> Answer),
    /// Changes a JSON answer.
    Json(Point, fn(&mut Map<String, Value>, &Realm)),
    /// Changes the published keys.
    Keys(fn(&mut Vec<Value>, &Realm)),
    /// Changes one member of the metadata.
    Metadata(&'static str, fn(&Realm) -> String),
    /// Changes the token answer at a sign-in.
    TokenJson(fn(&mut Map<String, Value>)),
}

/// Something sent that acts can change.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::issuer) enum Point {
    /// The answer to a device authorization request.
    Device,
    /// The metadata.
    Metadata,
    /// An answer to a poll of a device that is still waiting, or about to get its tokens.
    Poll,
    /// The answer to a pushed request.
    Pushed,
    /// The answer to a refresh.
    Refresh,
    /// The token answer at a sign-in.
    Token,
    /// Userinfo.
    UserInfo,
}

/// A switch that the endpoints look at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::issuer) enum Flag {
    /// The authorization endpoint insists on its own query.
    AuthorizeQuery,
    /// Client secrets are taken by HTTP Basic only.
    BasicOnly,
    /// Every authorization request is answered with an error.
    DenyAll,
    /// The key set's address is another one in every metadata answer.
    KeysMove,
    /// Authorization requests must have a nonce.
    NonceRequired,
    /// The authorization endpoint has a strange path.
    OddAuthorizePath,
    /// Every endpoint is at an unusual path.
    PathsMove,
    /// Refresh tokens stay as they are, and are not sent again.
    RefreshStays,
    /// The next refresh counts as a second use.
    RefreshReused,
    /// Keys are replaced after every ID token.
    RotateAfter,
    /// Keys are replaced just before every ID token.
    RotateBefore,
}

/// Changes the text of an answer that is sent whole.
pub(super) fn rewrite(mut answer: Answer, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Answer {
    answer.body = match answer.body {
        Body::Whole(body) => Body::Whole(change(body)),
        other @ (Body::Cut | Body::Drip(..) | Body::Endless(_) | Body::Silence) => other,
    };
    answer
}
