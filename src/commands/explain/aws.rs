//! `keyfob explain aws`: what an AWS account must trust, by the very token that a target presents.
//!
//! Never shows the token, and asks AWS nothing.

use crate::app::App;
use crate::base::{Diagnostic, Exit, Hint, NameError, RoleArn, RoleArnError};
use crate::commands::Failure;
use crate::config::{Selector, Setting, Unlisted};
use crate::credential::Asked;
use crate::explain::{NoTrust, Presented, Trust};
use crate::jwt::Unverified;
use crate::session::{self, Kind, TokenSource as _};

/// The word that begins it.
const WORD: &str = "aws";

/// Tells whether the words ask for this, and of which target.
///
/// # Errors
///
/// A [`Failure`] when the second word names none.
pub(super) fn meant(words: &[String]) -> Result<Option<Selector>, Failure> {
    match words {
        [word] if word == WORD => Ok(Some(Selector::default())),
        [word, which] if word == WORD => {
            Ok(Some(Selector::parse(which).map_err(Unusable::Selector)?))
        }
        _ => Ok(None),
    }
}

/// Explains it.
///
/// # Errors
///
/// A [`Failure`] when there is no role, no token, or none that AWS could take.
pub(super) fn run(within: &Selector, json: bool, app: &App) -> Result<(), Failure> {
    let found = app
        .config()?
        .serving(Setting::AwsRole, within, &Asked::Told)?;
    let nowhere = || Unlisted {
        setting: Setting::AwsRole,
        within: within.clone(),
        asked: Asked::Told,
    };
    let (profile, target) = found.ok_or_else(nowhere)?;
    let meant = profile.target(target.as_ref())?;
    let wish = meant.serves.aws.as_ref();
    let role = wish.map(|wish| RoleArn::parse(&wish.arn)).transpose();
    let role = role.map_err(Unusable::Role)?.ok_or_else(nowhere)?;
    let ask = session::presented(meant);
    let room = app.open(profile)?;
    let ticket = app.tokens(&room, target.as_ref())?.token(&ask)?;
    let token = Unverified::parse(ticket.token.expose()).map_err(|_| Unusable::Opaque)?;
    let presented = Presented {
        claims: token.claims(),
        // It was verified when it came.
        is_id_token: ask.kind == Kind::Id,
        role: &role,
    };
    let trust = Trust::of(presented).map_err(Unusable::Claims)?;
    let text = if json { trust.json() } else { trust.text() };
    Ok(app.console.answer(&text)?)
}

/// A token or a role that AWS cannot take.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error(transparent)]
    Claims(NoTrust),
    #[error("the access token is no JWT, and AWS takes nothing else")]
    Opaque,
    #[error("`aws_role` cannot be used")]
    Role(#[source] RoleArnError),
    #[error("that is no profile and no target of one")]
    Selector(#[source] NameError),
}

impl Diagnostic for Unusable {
    fn exit(&self) -> Exit {
        match self {
            Self::Claims(_) | Self::Opaque => Exit::Refused,
            Self::Role(_) => Exit::Config,
            Self::Selector(_) => Exit::Usage,
        }
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Claims(_) | Self::Opaque => Some(Hint::Try(
                "present the ID token: write `present = \"id\"` beside `aws_role`".into(),
            )),
            Self::Role(_) => Some(Hint::Try("correct `aws_role` in the profile".into())),
            Self::Selector(_) => Some(Hint::Run("keyfob list".into())),
        }
    }
}
