//! Every scripted misbehaviour of the practice provider, by name.
//!
//! A fault is a row of data: its name, what a client must make of it, and the acts that bend what
//! the provider sends. Names follow the OpenID Foundation's conformance suite where it has the test.
//! Acts bend messages only; they never reach into what the provider remembers.
//!
//! Left out, because no public client of the code, device and refresh flows receives it:
//! `disc.webfinger.*` (`WebFinger`), `reg.dynamic` (registration), `jarm.*` (JARM), `none.fapi`,
//! `rs.dpop.*` and `rt.fapi` (`DPoP`), `auth.mtls.alias` (mTLS), `fed.*` (CI federation), `logout.*`,
//! `bcl.*`, `fcl.*`, `session.*` (logout tokens and browser sessions), `id.chash.missing` (hybrid
//! flow; a `c_hash` is never sent unasked), `init.3rdparty` and `req.uri.*` (requests that a client
//! gets or makes), `none`, `rt.ok`, `scope.claims`, `ui.header` and `ui.body` (no fault: the
//! provider as it is; it takes the access token in the header only).

mod active;
mod ar;
mod dev;
mod disc;
mod disc_endpoint;
mod id;
mod jwks;
mod rt;
mod tok;
mod ui;

use std::str::FromStr;

use serde_json::{Map, Value};

use crate::base::printable_line;

use super::message::{Answer, Body};
use super::mint::{Draft, Occasion};
use super::realm::Realm;

pub(super) use active::Faults;

/// One fault: its row and how often it strikes.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    info: &'static FaultInfo,
    times: Option<u32>,
}

/// What there is to know about a fault.
#[derive(Clone, Copy, Debug)]
pub struct FaultInfo {
    /// The name, such as `id.aud.wrong`.
    pub name: &'static str,
    /// What the provider does, in a few words.
    pub summary: &'static str,
    /// Where it shows.
    pub flow: Flow,
    /// What a client must make of it.
    pub verdict: Verdict,
    /// How often it strikes when the name comes without `:N`; `None` for always.
    pub times: Option<u32>,
    acts: &'static [Act],
}

/// Where a fault shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Flow {
    /// At any sign-in, before a browser opens or a code is shown.
    Discovery,
    /// At a sign-in on a device (RFC 8628).
    Device,
    /// At a sign-in with a pushed request (RFC 9126).
    Pushed,
    /// At a refresh, after a sign-in that goes well.
    Refresh,
    /// At a sign-in through the browser.
    SignIn,
    /// When the client asks for userinfo.
    UserInfo,
}

/// What a client must make of a fault.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// Carry on: this is allowed.
    Accept,
    /// Not use this answer, say so by this word, and keep the sign-in.
    Discard {
        /// A word of the warning.
        check: &'static str,
    },
    /// Carry on unharmed, or refuse by this word.
    Either {
        /// A word of the message.
        check: &'static str,
    },
    /// Refuse: exit with an error that has this word in it, and store nothing.
    Refuse {
        /// A word of the message.
        check: &'static str,
    },
    /// Try again within limits; when it lasts, fail with this word and keep what is held.
    Retry {
        /// A word of the message.
        check: &'static str,
    },
    /// End in "a person must sign in", without a loop.
    SignInAgain,
    /// Ignore the answer and wait on, until the time is up.
    Wait,
    /// Carry on, and warn by this word.
    Warn {
        /// A word of the warning.
        check: &'static str,
    },
}

/// Why a text names no fault.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum FaultError {
    /// What follows the colon is no number of times.
    #[error("`{0}` is no number of times: write a fault as `name` or `name:2`")]
    Times(String),
    /// There is no such fault.
    #[error("there is no fault `{0}`")]
    Unknown(String),
}

/// The families, each a file.
const FAMILIES: [&[FaultInfo]; 9] = [
    ar::ROWS,
    dev::ROWS,
    disc::ROWS,
    disc_endpoint::ROWS,
    id::ROWS,
    jwks::ROWS,
    rt::ROWS,
    tok::ROWS,
    ui::ROWS,
];

impl Fault {
    /// Every fault, by family.
    pub const ALL: &'static [FaultInfo] = &{
        const COUNT: usize = {
            let (mut count, mut family) = (0, 0);
            while family < FAMILIES.len() {
                count += FAMILIES[family].len();
                family += 1;
            }
            count
        };
        let mut all = [FAMILIES[0][0]; COUNT];
        let (mut filled, mut family) = (0, 0);
        while family < FAMILIES.len() {
            let mut row = 0;
            while row < FAMILIES[family].len() {
                all[filled] = FAMILIES[family][row];
                filled += 1;
                row += 1;
            }
            family += 1;
        }
        all
    };

    /// Parses a name, with an optional `:N` for "only the first N times". A fault that is a
    /// lasting state of the provider, such as keys that move, stays on whatever N says.
    ///
    /// # Errors
    ///
    /// [`FaultError`] when there is no such fault or N is no number above zero.
    pub fn parse(text: &str) -> Result<Self, FaultError> {
        let (name, times) = match text.split_once(':') {
            None => (text, None),
            Some((name, times)) => {
                let number = times.parse().ok().filter(|number| *number > 0);
                let shown = || printable_line(times).into_owned();
                (
                    name,
                    Some(number.ok_or_else(|| FaultError::Times(shown()))?),
                )
            }
        };
        let info = Self::ALL.iter().find(|info| info.name == name);
        let info = info.ok_or_else(|| FaultError::Unknown(printable_line(name).into_owned()))?;
        Ok(Self {
            info,
            times: times.or(info.times),
        })
    }

    /// Returns the fault's row.
    pub fn info(&self) -> &'static FaultInfo {
        self.info
    }
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        Self::parse(text)
    }
}

impl FaultInfo {
    /// Makes a row that strikes always.
    const fn new(
        name: &'static str,
        summary: &'static str,
        flow: Flow,
        verdict: Verdict,
        acts: &'static [Act],
    ) -> Self {
        Self {
            name,
            summary,
            flow,
            verdict,
            times: None,
            acts,
        }
    }

    /// Makes the row strike only the first few times.
    const fn times(self, times: u32) -> Self {
        Self {
            times: Some(times),
            ..self
        }
    }
}

/// Refuse by this word.
const fn refuse(check: &'static str) -> Verdict {
    Verdict::Refuse { check }
}

/// One bend of what is sent. The first act of a row is counted; the others support it.
#[derive(Clone, Copy, Debug)]
enum Act {
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
pub(super) enum Point {
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
pub(super) enum Flag {
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
fn rewrite(mut answer: Answer, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Answer {
    answer.body = match answer.body {
        Body::Whole(body) => Body::Whole(change(body)),
        other @ (Body::Cut | Body::Drip(..) | Body::Endless(_) | Body::Silence) => other,
    };
    answer
}
