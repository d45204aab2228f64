//! The credentials of an AWS role, asked for and answered (PURE).

use serde::{Deserialize, Serialize};

use super::{TokenAsk, secret};
use crate::base::{Secret, Timestamp};
use crate::flow::assume_role::Seen;

/// Which role's credentials are wanted.
#[derive(Debug, Deserialize, Serialize)]
pub struct RoleAsk {
    /// The token that they are got with.
    #[serde(flatten)]
    pub token: TokenAsk,
    /// What AWS would be asked for where the client is; the agent must mean the same.
    pub role: Vec<String>,
}

/// The credentials of a role.
#[derive(Debug, Deserialize, Serialize)]
pub struct RoleAnswer {
    /// Names the key; no secret.
    pub access_key_id: String,
    /// Signs requests.
    #[serde(with = "secret")]
    pub secret_access_key: Secret,
    /// Goes along with each request.
    #[serde(with = "secret")]
    pub session_token: Secret,
    /// When they end.
    pub expires: Timestamp,
    /// What AWS saw in the token.
    #[serde(default)]
    pub seen: Seen,
    /// Whether they are new.
    #[serde(default)]
    pub renewed: bool,
    /// Why they are not what was hoped for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caveat: Option<String>,
}
