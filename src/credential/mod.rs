//! Other programs' plug-in protocols: what they send in, what they get back, pure.
//!
//! A shelf: one protocol each, listed in [`ALL`]. A protocol reads a call into what is asked for, and
//! writes an answer or a refusal in the program's own terms. What it reads is foreign: it comes from
//! whatever a repository tells that program. Never decides whether the user allows it.

mod aws;
mod azd;
mod azure;
mod azure_cli;
mod cargo;
mod docker;
mod gcp;
mod git;
mod kubernetes;
mod lines;
mod mcp;
mod misread;
mod pip;
#[cfg(test)]
mod testing;

pub use misread::Misread;

use crate::base::{Exit, Secret, Site, Timestamp, Vars};
use crate::jwt::TokenKind;

/// Every protocol, in the order that help shows them.
pub const ALL: &[&dyn Protocol] = &[
    &kubernetes::Kubernetes,
    &aws::Aws,
    &gcp::Gcp,
    &azure_cli::AzureCli,
    &azd::Azd,
    &git::Git,
    &docker::Docker,
    &cargo::Cargo,
    &pip::Pip,
    &mcp::Mcp,
];

/// What [`Asked::Named`] calls the Azure Resource Manager of the profile's cloud, whose address is
/// another in each.
pub const ARM: &str = "arm";

/// The most that a program may send in one call, in bytes.
pub const MOST_SENT: usize = 256 * 1024;

/// A program's plug-in protocol.
pub trait Protocol: Sync {
    /// Returns the name that people type.
    fn name(&self) -> &'static str;

    /// Returns whom it is for, in a few words without a full stop.
    fn about(&self) -> &'static str;

    /// Returns what help says below the flags: how the program is told to call this.
    fn help(&self) -> &'static str;

    /// Returns the setting that lists where it may answer.
    fn listed_under(&self) -> &'static str {
        self.name()
    }

    /// Returns the name that the program itself starts it by, as the same program under another name.
    fn also_called(&self) -> Option<&'static str> {
        None
    }

    /// Returns what the program itself puts after the command line that it was given.
    fn appends(&self) -> Appends {
        Appends::Nothing
    }

    /// Returns what the program sends on stdin, when it is called so.
    fn sends(&self, _call: &Call<'_>) -> Sends {
        Sends::Nothing
    }

    /// Returns what is said before the program sends anything.
    fn greeting(&self, _call: &Call<'_>) -> Option<String> {
        None
    }

    /// Tells whether the program takes stderr for a part of the answer, so that nothing may be said
    /// there.
    fn merges_stderr(&self) -> bool {
        false
    }

    /// Returns what the answer is made of.
    fn takes(&self) -> Takes {
        Takes::Token
    }

    /// Reads a call.
    ///
    /// # Errors
    ///
    /// [`Misread`] when it is not what the program would send.
    fn read(&self, call: &Call<'_>) -> Result<Step, Misread>;

    /// Writes the answer, whole, with the line feed that ends it.
    fn answer(&self, request: &Request, found: &Found<'_>) -> Secret;

    /// Writes a refusal in the program's own terms; none leaves it to the usual report on stderr and
    /// the usual exit status. `request` is there when the call could be read.
    fn refuse(&self, _request: Option<&Request>, _why: &Why<'_>) -> Option<Reply> {
        None
    }
}

/// What a program puts after the command line that it was given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Appends {
    /// A whole command line of its own, whatever is in it.
    CommandLine,
    /// This flag, without its `--`, to say what it is called for.
    Flag(&'static str),
    /// Nothing.
    Nothing,
    /// One of these words, which are those there are today.
    Operation(&'static [&'static str]),
    /// The address of the server that asks, or nothing.
    Server,
}

/// What a program sends on stdin.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sends {
    /// One text, to its end.
    All,
    /// Requests, a line each; every one is answered before the next is sent.
    Lines,
    /// Nothing: stdin is not read.
    Nothing,
}

/// What an answer is made of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Takes {
    /// The keys of a cloud's role, which the token is traded for.
    Role,
    /// The token.
    Token,
}

/// One call of a program.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// What the program put after the command line that it was given.
    pub words: &'a [String],
    /// What it sent on stdin; not even text, for all that is known.
    pub sent: &'a [u8],
    /// The variables that it set.
    pub vars: &'a Vars,
}

/// What a call comes to.
#[derive(Clone, Debug)]
pub enum Step {
    /// This is the whole answer; may be empty.
    Answer(String),
    /// The program would have this credential kept, or, with none, what is held dropped. Refused, but
    /// where it was handed out here and is still held.
    Change(Request, Option<Secret>),
    /// The program says that this credential did not work.
    Reject(Request, Secret),
    /// A credential is asked for.
    Serve(Request),
}

/// What a program asks a credential for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Where the credential will go.
    pub asked: Asked,
    /// Scopes that the program itself wants, as one text.
    pub scopes: Option<String>,
    /// The tenant that the token must be of, by its GUID or a domain, where providers have some.
    pub tenant: Option<String>,
    /// The subscription that the program works in, where there are some.
    pub subscription: Option<String>,
    /// What an API demands of the token, in base64.
    pub claims: Option<String>,
    /// Whether a person may be asked to sign in.
    pub person: Person,
    /// Which of the protocol's forms the answer has to have, in the protocol's own words.
    pub form: &'static str,
    /// The profile or target that the program's own settings name: narrows who may answer, as what
    /// is typed on the command line does.
    pub within: Option<String>,
    /// What the answer says back to the program, as it was sent.
    pub echo: String,
}

/// Where a credential will go, as the program says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Asked {
    /// To this address.
    Site(Site),
    /// To this audience or resource.
    Named(String),
    /// To the target that keyfob was told of on its own command line.
    #[default]
    Told,
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Site(site) => write!(f, "{site}"),
            Self::Named(name) => f.write_str(&crate::base::printable_line(name)),
            Self::Told => Ok(()),
        }
    }
}

/// Whether a person may be asked to sign in.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Person {
    /// As the profile says.
    #[default]
    AsAgreed,
    /// Nobody is there.
    Never,
}

/// What an answer is made of, as it was found.
#[derive(Clone, Copy)]
pub struct Found<'a> {
    /// The token; for a role, its session token.
    pub token: &'a Secret,
    /// When it ends.
    pub expires: Timestamp,
    /// The user name that goes with it, if the user's settings have one.
    pub username: Option<&'a str>,
    /// Which token it is.
    pub kind: TokenKind,
    /// The tenant that it is of, where providers have some.
    pub tenant: Option<&'a str>,
    /// The keys of a role, when the protocol takes those.
    pub role: Option<RoleKeys<'a>>,
    /// The time.
    pub now: Timestamp,
    /// Finds out which time zone people here live in; few protocols ask.
    pub zone: fn() -> jiff::tz::TimeZone,
}

/// The keys of a cloud's role; [`Found::token`] is its session token.
#[derive(Clone, Copy, Debug)]
pub struct RoleKeys<'a> {
    /// Names the secret key; no secret.
    pub access_key_id: &'a str,
    /// Signs requests.
    pub secret_access_key: &'a Secret,
}

/// Why nothing is handed out.
#[derive(Clone, Copy, Debug)]
pub struct Why<'a> {
    /// What kind of reason it is.
    pub reason: Reason,
    /// The reason in words, on one line, made safe to print.
    pub message: &'a str,
    /// The next command to type, or what to change.
    pub hint: Option<&'a str>,
    /// The exit status that keyfob has for it.
    pub exit: Exit,
}

/// What kind of reason there is to hand nothing out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reason {
    /// Something failed: the network, the store, the provider.
    Failed,
    /// The call is not what the program would send.
    Misread,
    /// The program would change what keyfob alone looks after.
    NotChanged,
    /// A person must sign in.
    SignInNeeded,
    /// The user has not listed where it would go.
    Unlisted,
}

/// A refusal as the program wants it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reply {
    /// For stdout, whole.
    pub stdout: String,
    /// For stderr; `None` reports the reason as usual.
    pub stderr: Option<String>,
    /// The exit status.
    pub exit: Exit,
}

impl Reply {
    /// Says nothing at all, and that all is well.
    pub const SILENCE: Self = Self {
        stdout: String::new(),
        stderr: Some(String::new()),
        exit: Exit::Done,
    };
}

/// Finds a protocol by the name that people type.
pub fn by_name(name: &str) -> Option<&'static dyn Protocol> {
    ALL.iter().copied().find(|protocol| protocol.name() == name)
}

/// Finds a protocol by the name that its program starts it by.
pub fn by_other_name(name: &str) -> Option<&'static dyn Protocol> {
    ALL.iter()
        .copied()
        .find(|protocol| protocol.also_called() == Some(name))
}

/// Reads what was sent as text.
fn text<'a>(what: &'static str, sent: &'a [u8]) -> Result<&'a str, Misread> {
    if sent.len() > MOST_SENT {
        return Err(Misread::TooLong {
            what,
            most: MOST_SENT,
        });
    }
    std::str::from_utf8(sent).map_err(|_| Misread::Form {
        what,
        wanted: "UTF-8 text",
    })
}

/// Writes a value that holds no secret as one line of JSON with a line feed at its end.
fn json_text(value: &impl serde::Serialize) -> String {
    let line = serde_json::to_string(value).expect("texts and numbers are written to memory");
    line + "\n"
}

/// What goes into an `Authorization` header (RFC 6750 §2.1).
struct Bearer<'a>(&'a str);

impl serde::Serialize for Bearer<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("Bearer {}", self.0))
    }
}

/// Programs are told of an earlier end, so that they ask again before a server says no; but a token
/// of a few seconds must not be over before it is handed out.
fn early(expires: Timestamp, now: Timestamp) -> Timestamp {
    const EARLY: i64 = 30;
    let left = expires.0.saturating_sub(now.0);
    Timestamp(expires.0.saturating_sub(EARLY.min(left / 5)))
}

/// An instant as RFC 3339 writes it, in UTC and whole seconds.
fn instant(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_second(at.0).unwrap_or(jiff::Timestamp::MAX);
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_seconds_is_not_over_before_it_is_handed_out() {
        assert_eq!(early(Timestamp(1_010), Timestamp(1_000)), Timestamp(1_008));
        assert_eq!(early(Timestamp(5_000), Timestamp(1_000)), Timestamp(4_970));
    }
}
