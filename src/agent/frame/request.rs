//! What is asked of the agent (PURE). Never a way to get a refresh token out.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Fault, ForwardAsk, Nothing, Reason, RoleAsk, Unforward, encoded, frame, read};
use crate::base::{Audience, ClientId, Issuer, ProfileName, Resource, Scopes, Secret, TargetName};
use crate::oauth::Demand;
use crate::oauth::grant::Wanted;
use crate::session::Kind;

/// What is asked of the agent.
#[derive(Debug)]
pub enum Request {
    /// Keep a session in memory, in place of the one before.
    Adopt(Adopt),
    /// Open a restricted socket for another host.
    Forward(ForwardAsk),
    /// Hold everything under a passphrase.
    Lock(Passphrase),
    /// Hand out the credentials of a role.
    Role(Box<RoleAsk>),
    /// Say whose sessions are kept in memory.
    Sessions,
    /// Revoke and forget a session in memory.
    SignOut(SignOut),
    /// Say how the agent is.
    Status,
    /// End.
    Stop,
    /// Hand out a token.
    Token(Box<TokenAsk>),
    /// Close a restricted socket.
    Unforward(Unforward),
    /// Go on with the passphrase.
    Unlock(Passphrase),
}

impl Request {
    /// Every request by its name.
    pub const NAMES: [&str; 11] = [
        "adopt",
        "forward",
        "lock",
        "role",
        "sessions",
        "sign_out",
        "status",
        "stop",
        "token",
        "unforward",
        "unlock",
    ];

    /// Returns its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Adopt(_) => "adopt",
            Self::Forward(_) => "forward",
            Self::Lock(_) => "lock",
            Self::Role(_) => "role",
            Self::Sessions => "sessions",
            Self::SignOut(_) => "sign_out",
            Self::Status => "status",
            Self::Stop => "stop",
            Self::Token(_) => "token",
            Self::Unforward(_) => "unforward",
            Self::Unlock(_) => "unlock",
        }
    }

    /// Writes the request as a frame; `None` when it would be too long.
    pub fn print(&self) -> Option<Zeroizing<Vec<u8>>> {
        let ask = self.name();
        match self {
            Self::Adopt(body) => frame(&Asked { ask, body }),
            Self::Forward(body) => frame(&Asked { ask, body }),
            Self::Lock(body) | Self::Unlock(body) => frame(&Asked { ask, body }),
            Self::Role(body) => frame(&Asked { ask, body }),
            Self::SignOut(body) => frame(&Asked { ask, body }),
            Self::Token(body) => frame(&Asked { ask, body }),
            Self::Unforward(body) => frame(&Asked { ask, body }),
            Self::Sessions | Self::Status | Self::Stop => frame(&Asked {
                ask,
                body: &Nothing {},
            }),
        }
    }

    /// Reads a request.
    ///
    /// # Errors
    ///
    /// [`Fault`]: [`Reason::UnknownRequest`] for a name that has no meaning here,
    /// [`Reason::BadRequest`] for what is no request at all.
    pub fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let Named { ask } = read(bytes)?;
        Ok(match ask.as_str() {
            "adopt" => Self::Adopt(read(bytes)?),
            "forward" => Self::Forward(read(bytes)?),
            "lock" => Self::Lock(read(bytes)?),
            "role" => Self::Role(Box::new(read(bytes)?)),
            "sessions" => Self::Sessions,
            "sign_out" => Self::SignOut(read(bytes)?),
            "status" => Self::Status,
            "stop" => Self::Stop,
            "token" => Self::Token(Box::new(read(bytes)?)),
            "unforward" => Self::Unforward(read(bytes)?),
            "unlock" => Self::Unlock(read(bytes)?),
            _ => {
                return Err(Fault::new(
                    Reason::UnknownRequest,
                    format!("the agent knows no request `{ask}`"),
                ));
            }
        })
    }
}

/// A request as it is written: its name among its members.
#[derive(Serialize)]
struct Asked<'a, T> {
    ask: &'a str,
    #[serde(flatten)]
    body: &'a T,
}

/// The name of a request, whatever else is in it.
#[derive(Deserialize)]
struct Named {
    ask: String,
}

/// Which token is wanted.
#[derive(Debug, Deserialize, Serialize)]
pub struct TokenAsk {
    /// The profile, as the agent knows it.
    pub profile: ProfileName,
    /// One of its targets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetName>,
    /// The profile must mean this issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Issuer>,
    /// The profile must mean this client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// The profile must mean this store, by the word that the configuration uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<String>,
    /// Access or ID token.
    #[serde(default = "access")]
    pub kind: Kind,
    /// What it shall be good for, if not what the target says.
    #[serde(default)]
    pub wish: Wish,
    /// How many seconds it shall live at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_life: Option<u64>,
    /// Whether a new one is wanted whatever is held.
    #[serde(default)]
    pub renew: bool,
}

fn access() -> Kind {
    Kind::Access
}

/// What a token shall be good for, where it differs from what its target says.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Wish {
    /// These scopes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Scopes>,
    /// This audience.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
    /// These resources (RFC 8707).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Vec<Resource>>,
    /// What an API demands beyond that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand: Option<Demand>,
    /// Whether that is all: what is not named is not wanted, whatever the target says.
    #[serde(default)]
    pub whole: bool,
}

impl Wish {
    /// Wishes for exactly this.
    pub fn exactly(wanted: &Wanted) -> Self {
        Self {
            scopes: Some(wanted.scopes.clone()),
            audience: wanted.audience.clone(),
            resources: Some(wanted.resources.clone()),
            demand: wanted.demand.clone(),
            whole: true,
        }
    }

    /// Returns what is wanted of a target.
    pub fn of(&self, target: Wanted) -> Wanted {
        let target = if self.whole {
            Wanted::default()
        } else {
            target
        };
        Wanted {
            scopes: self.scopes.clone().unwrap_or(target.scopes),
            audience: self.audience.clone().or(target.audience),
            resources: self.resources.clone().unwrap_or(target.resources),
            demand: self.demand.clone().or(target.demand),
        }
    }
}

/// A session, handed over.
#[derive(Debug, Deserialize, Serialize)]
pub struct Adopt {
    /// The refresh token and the verified claims, as keyfob keeps them.
    #[serde(with = "encoded")]
    pub record: Secret,
    /// Whose session it is, as keyfob keeps it.
    pub entry: String,
    /// Its tokens.
    pub tokens: Vec<AdoptedToken>,
}

/// A token, handed over with its session.
#[derive(Debug, Deserialize, Serialize)]
pub struct AdoptedToken {
    /// The name it is cached under.
    pub name: String,
    /// The token, as keyfob keeps it.
    #[serde(with = "encoded")]
    pub held: Secret,
}

/// Which session in memory is to end.
#[derive(Debug, Deserialize, Serialize)]
pub struct SignOut {
    /// Its profile.
    pub profile: ProfileName,
    /// Its issuer.
    pub issuer: Issuer,
    /// Its client.
    pub client_id: ClientId,
    /// Whether the provider shall be asked to revoke its tokens.
    #[serde(default)]
    pub revoke: bool,
}

/// What locks, or unlocks.
#[derive(Debug, Deserialize, Serialize)]
pub struct Passphrase {
    /// The passphrase.
    #[serde(with = "encoded")]
    pub passphrase: Secret,
}
